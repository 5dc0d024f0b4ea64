// Types as values of driver code: structs that can be made and passed as sizes, scalars that cast.
import { type Layout, layOut, type MemberType, type Scalar, sizeOf } from "../engine/layout.ts";
import { DriverFault } from "./fault.ts";
import { toInteger, toLong } from "./integers.ts";
import { isPointer, type Pointer, type PointerTarget, type References, TARGET } from "./references.ts";

/** More structs than this no run declares but in a loop. */
const MOST_DECLARED = 256;

const TYPE: unique symbol = Symbol("type");

/** A value that stands for a type: `u32`, `ptr(edu_dev)`, `edu_dev`. */
interface Typed {
  readonly [TYPE]: MemberType;
}

function isTyped(value: unknown): value is Typed {
  return (typeof value === "object" || typeof value === "function") && value !== null && TYPE in value;
}

export class Kinds {
  private readonly references: References;
  private readonly structs = new WeakMap<Layout, unknown>();
  /** What the latest run has declared, in its order. */
  private readonly declared: Layout[] = [];

  constructor(references: References) {
    this.references = references;
  }

  /** A struct that a driver declares: the same layout in each run that declares the same, so that its class is known. */
  declare(name: string, members: readonly (readonly [string, MemberType])[]): unknown {
    const at = this.references.around.declarations++;
    const known = this.declared[at];
    if (known !== undefined && isLaidOutOf(known, name, members)) return this.struct(known);
    const layout = layOut(name, members);
    if (at < MOST_DECLARED) this.declared[at] = layout;
    return this.struct(layout);
  }

  /** A struct as drivers see it: called, it makes one that lives as long as the module. */
  struct(layout: Layout): unknown {
    let found = this.structs.get(layout);
    if (!found) {
      const make = (values: object = {}): Pointer => {
        const address = this.references.around.room(layout.size, layout.align, layout.name);
        this.references.store({ kind: "struct", layout }, address, values, layout.name);
        return this.references.struct(layout, address);
      };
      found = typed(make, { kind: "struct", layout });
      this.structs.set(layout, found);
    }
    return found;
  }

  /** The cast to a type, which stands for the type too. */
  scalar(scalar: Scalar, name: string): unknown {
    const cast = (value: unknown): unknown => {
      if (isPointer(value) || value === null) return this.references.address(value, name);
      if (scalar === "u64" || scalar === "s64")
        return toLong(value, scalar === "s64", name, this.references.around.onFloat);
      const number = toInteger(value, scalar, name, this.references.around.onFloat);
      return scalar === "bool" ? number !== 0 : number;
    };
    return typed(cast, { kind: "scalar", scalar });
  }

  /** `ptr(T)`; `ptr(() => T)` where T is declared later or is the struct itself, `ptr()` for `void *`. */
  pointer(to: unknown): unknown {
    // It may be asked for when nothing runs: the run time of its run knows what to do.
    const { runtime } = this.references.around;
    if (typeof to === "function" && !isTyped(to)) {
      const later = {
        kind: "pointer" as const,
        get to() {
          return targetOf(runtime.now((to as () => unknown)()));
        },
      };
      return typed({}, later);
    }
    return typed({}, { kind: "pointer", to: to === undefined ? "void" : targetOf(to) });
  }

  /** 64 bits in memory, a safe integer in code. */
  safe(name: string): unknown {
    const cast = (value: unknown): number => Number(toLong(value, true, name, this.references.around.onFloat));
    return typed(cast, { kind: "scalar", scalar: "s64", safe: true });
  }

  opaque(to: "iomem" | "user"): unknown {
    const cast = (value: unknown): unknown => this.references.opaque(to, this.references.address(value, to));
    return typed(cast, { kind: "pointer", to });
  }

  array(of: unknown, length: number): unknown {
    if (!Number.isInteger(length) || length < 0) throw new DriverFault("array: the length is not a whole number");
    return typed({}, { kind: "array", of: typeOf(of, "array"), length });
  }
}

function isLaidOutOf(known: Layout, name: string, members: readonly (readonly [string, MemberType])[]): boolean {
  if (known.name !== name || known.members.length !== members.length) return false;
  return known.members.every((one, i) => one.name === members[i]![0] && isSame(one.type, members[i]![1]));
}

/** A pointer to what is declared later is of its run. */
function isSame(one: MemberType, other: MemberType): boolean {
  if (one === other) return true;
  if (one.kind === "array" && other.kind === "array") return one.length === other.length && isSame(one.of, other.of);
  return one.kind === "pointer" && other.kind === "pointer" && !isLater(one) && !isLater(other) && one.to === other.to;
}

function isLater(type: MemberType): boolean {
  return Object.getOwnPropertyDescriptor(type, "to")?.get !== undefined;
}

function typed<T extends object>(value: T, type: MemberType): T {
  Object.defineProperty(value, TYPE, { value: type });
  return Object.freeze(value);
}

function targetOf(to: unknown): PointerTarget {
  const type = typeOf(to, "ptr");
  if (type.kind === "struct") return type.layout;
  if (type.kind === "scalar") return type.scalar;
  return "void";
}

export function typeOf(value: unknown, user: string): MemberType {
  if (!isTyped(value)) throw new DriverFault(`${user}: a type is expected`);
  return value[TYPE];
}

/** The struct that a value stands for; undefined when it stands for none. */
export function layoutOf(value: unknown): Layout | undefined {
  if (!isTyped(value)) return undefined;
  const type = value[TYPE];
  return type.kind === "struct" ? type.layout : undefined;
}

export function typeOrNone(value: unknown): MemberType | undefined {
  return isTyped(value) ? value[TYPE] : undefined;
}

export function sizeOfValue(value: unknown): number | undefined {
  if (isTyped(value)) return sizeOf(value[TYPE]);
  if (!isPointer(value)) return undefined;
  const target = value[TARGET];
  if (typeof target === "string") return undefined;
  if (target.kind === "layout") return target.size;
  return target.length === undefined ? undefined : sizeOf(target.of) * target.length;
}
