// Pointers as driver code sees them: objects without data of their own, one for each type and address of a run.
import type { Memory, StackAllocator } from "../engine/interfaces.ts";
import { type Layout, type Member, type MemberType, type Scalar, sizeOf } from "../engine/layout.ts";
import { DriverFault } from "./fault.ts";
import { BYTES, isSigned, type OnFloat, toInteger, toLong } from "./integers.ts";

/** Drivers have no symbols, so what these name is out of their reach. */
export const ADDRESS: unique symbol = Symbol("address");
export const TARGET: unique symbol = Symbol("target");

export interface Pointer {
  readonly [ADDRESS]: number;
  /** A struct, the type of the elements pointed to, or the kind of opaque pointer. */
  readonly [TARGET]: Layout | Elements | "iomem" | "user" | "error";
}

export interface Elements {
  readonly kind: "elements";
  readonly of: MemberType;
  /** Of an array member; a bare pointer has none. */
  readonly length: number | undefined;
}

/** What references need of the run in which they are used. */
export interface Surroundings {
  readonly memory: Memory;
  readonly stack: StackAllocator;
  readonly pointers: Pointers;
  /** Structs that it has declared. */
  declarations: number;
  readonly onFloat: OnFloat;
  /** Looking: no access is checked or noted. */
  peeking: boolean;
  functionAt(address: number): unknown;
  /** Gives the value of a call of a driver's function, which must not wait. */
  readonly runtime: { now(result: unknown): unknown };
  /** The address of a function or a string; undefined for other values. */
  addressOfOther(value: unknown): number | undefined;
  /** Room for a table of structs that is written in place. */
  room(bytes: number, align: number, name: string): number;
}

export function isPointer(value: unknown): value is Pointer {
  return typeof value === "object" && value !== null && ADDRESS in value;
}

const MAX_ERRNO = 4095;

/** The last 4095 addresses are errors. */
export function isError(address: number): boolean {
  return address > 0xffffffff - MAX_ERRNO;
}

/** Pointers by the number of elements, -1 for those without, and by address. */
type ByLength = Map<number, Map<number, Pointer>>;

/** The pointers of a run: two to the same place are the same. */
export class Pointers {
  readonly structs = new Map<Layout, Map<number, Pointer>>();
  readonly opaques = { iomem: new Map<number, Pointer>(), user: new Map(), error: new Map() };
  private readonly elements = new WeakMap<MemberType, ByLength>();
  private readonly kinds = new Map<unknown, ByLength>();

  /** By address; types that say the same share them. */
  buffers(of: MemberType, length = -1): Map<number, Pointer> {
    let lengths = this.elements.get(of);
    if (!lengths) {
      const key = of.kind === "scalar" ? `${of.scalar} ${of.safe}` : of.kind === "struct" ? of.layout : of;
      lengths = this.kinds.get(key) ?? (new Map() as ByLength);
      this.kinds.set(key, lengths);
      this.elements.set(of, lengths);
    }
    let places = lengths.get(length);
    if (!places) {
      places = new Map();
      lengths.set(length, places);
    }
    return places;
  }
}

/** The pointers of a program: in all its runs they lead here, and from here to the run that it is in. */
export class References {
  /** Of the run whose code runs or is looked at. */
  around!: Surroundings;

  struct(layout: Layout, address: number): Pointer {
    const { structs } = this.around.pointers;
    let known = structs.get(layout);
    if (!known) {
      known = new Map();
      structs.set(layout, known);
    }
    let found = known.get(address);
    if (!found) {
      found = new (structClass(layout))(this, address) as unknown as Pointer;
      known.set(address, found);
    }
    return found;
  }

  buffer(of: MemberType, address: number, length?: number): Pointer {
    const places = this.around.pointers.buffers(of, length);
    let found = places.get(address);
    if (!found) {
      found = new Run(this, address, { kind: "elements", of, length }) as Pointer;
      places.set(address, found);
    }
    return found;
  }

  /** A pointer to a value of this type. */
  to(type: MemberType, address: number): Pointer {
    if (type.kind === "struct") return this.struct(type.layout, address);
    return type.kind === "array" ? this.buffer(type.of, address, type.length) : this.buffer(type, address);
  }

  /** A pointer to anything: its bytes can be had, and it can be cast. */
  anything(address: number): Pointer {
    return this.buffer(BYTE, address);
  }

  opaque(kind: "iomem" | "user" | "error", address: number): Pointer {
    const known = this.around.pointers.opaques[kind];
    let found = known.get(address);
    if (!found) {
      found = new OPAQUE[kind](this, address) as unknown as Pointer;
      known.set(address, found);
    }
    return found;
  }

  /** A number of bytes or elements to go on by. */
  distance(value: unknown): number {
    return toInteger(value, "s32", "add", this.around.onFloat);
  }

  /** An address in memory as a value of driver code; NULL is null, the last 4095 addresses are errors. */
  pointer(to: PointerTarget, raw: number): unknown {
    const address = raw >>> 0;
    if (address === 0) return null;
    if (isError(address)) return this.opaque("error", address);
    if (to === "function") return this.around.functionAt(address);
    if (to === "iomem" || to === "user") return this.opaque(to, address);
    if (to === "void") return this.anything(address);
    if (typeof to === "string") return this.buffer(scalarType(to), address);
    return to.kind === "pointer" ? this.buffer(to, address) : this.struct(to, address);
  }

  load(type: MemberType, address: number): unknown {
    switch (type.kind) {
      case "scalar":
        return this.loadScalar(type.scalar, address, type.safe);
      case "pointer":
        return this.pointer(type.to, this.word(address, 4, false));
      case "struct":
        return this.struct(type.layout, address);
      case "array":
        return this.buffer(type.of, address, type.length);
    }
  }

  store(type: MemberType, address: number, value: unknown, target: string): void {
    if (type.kind === "scalar") this.storeScalar(type.scalar, address, value, target);
    else if (type.kind === "pointer") this.setWord(address, 4, this.pointerValue(type.to, value, target));
    else if (type.kind === "struct") this.storeStruct(type.layout, address, value, target);
    else this.storeArray(type.of, type.length, address, value, target);
  }

  /** The address that a value is, as a pointer. */
  address(value: unknown, target: string): number {
    if (value === null) return 0;
    if (isPointer(value)) return value[ADDRESS];
    if (typeof value === "number") return toInteger(value, "u32", target, this.around.onFloat);
    const other = this.around.addressOfOther(value);
    if (other === undefined) throw new DriverFault(`${target}: a pointer is expected, not a ${typeof value}`);
    return other;
  }

  private loadScalar(scalar: Scalar, address: number, safe?: true): unknown {
    if (scalar === "u64" || scalar === "s64") {
      const long = this.longWord(address, scalar === "s64");
      return safe ? Number(long) : long;
    }
    const word = this.word(address, BYTES[scalar] as 1 | 2 | 4, isSigned(scalar));
    return scalar === "bool" ? word !== 0 : word;
  }

  private storeScalar(scalar: Scalar, address: number, value: unknown, target: string): void {
    const { onFloat } = this.around;
    if (scalar === "ptr") this.setWord(address, 4, this.address(value, target));
    else if (scalar === "u64" || scalar === "s64")
      this.setLong(address, toLong(value, scalar === "s64", target, onFloat));
    else this.setWord(address, BYTES[scalar] as 1 | 2 | 4, toInteger(value, scalar, target, onFloat));
  }

  private setLong(address: number, long: bigint): void {
    const { memory, peeking } = this.around;
    if (!peeking) {
      memory.store64(address, long);
      return;
    }
    memory.poke(address, 4, Number(BigInt.asUintN(32, long)));
    memory.poke(address + 4, 4, Number(BigInt.asUintN(32, long >> 32n)));
  }

  private word(address: number, bytes: 1 | 2 | 4, signed: boolean): number {
    if (!this.around.peeking) return this.around.memory.load(address, bytes, signed);
    const word = this.around.memory.peek(address, bytes);
    const unused = 32 - 8 * bytes;
    return signed ? (word << unused) >> unused : (word << unused) >>> unused;
  }

  private longWord(address: number, signed: boolean): bigint {
    if (!this.around.peeking) return this.around.memory.load64(address, signed);
    const long = (BigInt(this.word(address + 4, 4, false)) << 32n) | BigInt(this.word(address, 4, false));
    return signed ? BigInt.asIntN(64, long) : long;
  }

  private setWord(address: number, bytes: 1 | 2 | 4, value: number): void {
    if (this.around.peeking) this.around.memory.poke(address, bytes, value);
    else this.around.memory.store(address, bytes, value);
  }

  /** Several structs may be written in place where a pointer to them is wanted; an empty one ends them. */
  private pointerValue(to: PointerTarget, value: unknown, target: string): number {
    if (typeof to === "string" || to.kind === "pointer" || !Array.isArray(value)) return this.address(value, target);
    const start = this.around.room(to.size * (value.length + 1), to.align, to.name);
    value.forEach((one, i) => {
      this.storeStruct(to, start + i * to.size, one, target);
    });
    return start;
  }

  private storeStruct(layout: Layout, address: number, value: unknown, target: string): void {
    if (isPointer(value)) {
      if (value[TARGET] !== layout) throw new DriverFault(`${target}: a struct ${layout.name} is expected`);
      for (const one of layout.members) this.copy(one.type, address + one.offset, value[ADDRESS] + one.offset, target);
      return;
    }
    if (typeof value !== "object" || value === null) throw new DriverFault(`${target}: a struct is no number`);
    for (const [name, each] of Object.entries(value)) {
      const one = memberOf(layout, name);
      this.store(one.type, address + one.offset, each, `${layout.name}.${name}`);
    }
  }

  private copy(type: MemberType, to: number, from: number, target: string): void {
    if (type.kind === "pointer") this.setWord(to, 4, this.word(from, 4, false));
    else if (type.kind !== "array") this.store(type, to, this.load(type, from), target);
    else
      for (let i = 0; i < type.length; i++)
        this.copy(type.of, to + i * sizeOf(type.of), from + i * sizeOf(type.of), target);
  }

  private storeArray(of: MemberType, length: number, address: number, value: unknown, target: string): void {
    const items = typeof value === "string" ? [...textBytes(value), 0] : value;
    if (!Array.isArray(items)) throw new DriverFault(`${target}: an array cannot be assigned; assign its elements`);
    if (items.length > length) throw new DriverFault(`${target}: ${items.length} elements do not fit in ${length}`);
    items.forEach((one, i) => {
      this.store(of, address + i * sizeOf(of), one, target);
    });
  }
}

/** A pointer to a struct or an opaque one. Drivers see only what its class has; where it points is out of their reach. */
class Place {
  readonly #references: References;
  readonly #address: number;

  constructor(references: References, address: number) {
    this.#references = references;
    this.#address = address;
  }

  /** Pointers of a kind, whatever run they are of; a name that is none of `members` ends at the guard behind them. */
  static kind(owner: string, target: Pointer[typeof TARGET], members: PropertyDescriptorMap): typeof Place {
    const of = class extends Place {};
    Reflect.deleteProperty(of.prototype, "constructor");
    Object.defineProperties(of.prototype, {
      [ADDRESS]: {
        get(this: Place): number {
          return this.#address;
        },
      },
      [TARGET]: { value: target },
      ...members,
    });
    Object.setPrototypeOf(of.prototype, guard(owner));
    return of;
  }

  static member(layout: Layout, { name, type, offset }: Member): PropertyDescriptor {
    const target = `${layout.name}.${name}`;
    return {
      enumerable: true,
      get(this: Place): unknown {
        return this.#references.load(type, this.#address + offset);
      },
      set(this: Place, value: unknown): void {
        this.#references.store(type, this.#address + offset, value, target);
      },
    };
  }

  static add(kind: "iomem" | "user"): PropertyDescriptor {
    return {
      value(this: Place, bytes: number): Pointer {
        return this.#references.opaque(kind, (this.#address + this.#references.distance(bytes)) >>> 0);
      },
    };
  }
}

const STRUCTS = new WeakMap<Layout, typeof Place>();

/** The same in all runs, so that code which is run again finds members where they were. */
function structClass(layout: Layout): typeof Place {
  let found = STRUCTS.get(layout);
  if (!found) {
    const members = Object.fromEntries(layout.members.map((one) => [one.name, Place.member(layout, one)]));
    found = Place.kind(`struct ${layout.name}`, layout, members);
    STRUCTS.set(layout, found);
  }
  return found;
}

/** Of elements: reads and writes one of them by its number. */
export const READ: unique symbol = Symbol("read");
export const WRITE: unique symbol = Symbol("write");

/** Elements one after the other, by their numbers; `value` is the first. */
export class Run {
  readonly #references: References;
  readonly #address: number;
  readonly #elements: Elements;
  readonly #size: number;

  constructor(references: References, address: number, elements: Elements) {
    this.#references = references;
    this.#address = address;
    this.#elements = elements;
    this.#size = sizeOf(elements.of);
  }

  static {
    Reflect.deleteProperty(Run.prototype, "constructor");
    // What is no number that compiled code knows as one comes by here.
    const end = new Proxy(Object.create(null) as object, {
      get: (_, key, run: Run) => (typeof key === "symbol" ? undefined : run[READ](indexOf(key))),
      set: (_, key, value, run: Run) => {
        run[WRITE](indexOf(key), value);
        return true;
      },
    });
    Object.setPrototypeOf(Run.prototype, end);
  }

  [READ](index: number): unknown {
    return this.#references.load(this.#elements.of, this.#placeOf(index));
  }

  [WRITE](index: number, value: unknown): void {
    this.#references.store(this.#elements.of, this.#placeOf(index), value, `element ${index}`);
  }

  get [ADDRESS](): number {
    return this.#address;
  }

  get [TARGET](): Elements {
    return this.#elements;
  }

  get value(): unknown {
    return this[READ](0);
  }

  set value(value: unknown) {
    this.#references.store(this.#elements.of, this.#address, value, "element value");
  }

  get length(): number | undefined {
    return this.#elements.length;
  }

  set length(_: number | undefined) {
    throw noMember("length");
  }

  get add(): (count: number) => Pointer {
    return (count) => this.#references.buffer(this.#elements.of, this.#placeOf(count));
  }

  set add(_: unknown) {
    throw noMember("add");
  }

  [Symbol.iterator](): Iterator<unknown> {
    const { length } = this.#elements;
    if (length === undefined) throw new DriverFault("a pointer does not say how many elements it points to");
    let i = 0;
    const next = (): IteratorResult<unknown> =>
      i < length ? { done: false, value: this[READ](i++) } : { done: true, value: undefined };
    return { next };
  }

  #placeOf(index: number): number {
    if (!Number.isInteger(index)) throw noMember(index);
    return (this.#address + index * this.#size) >>> 0;
  }
}

function noMember(key: string | symbol | number): DriverFault {
  return new DriverFault(`a pointer has no member '${String(key)}'`);
}

function indexOf(key: string | symbol): number {
  const index = typeof key === "string" ? Number(key) : Number.NaN;
  if (Number.isInteger(index)) return index;
  if (typeof key !== "string" || !/^[a-z_]\w*$/i.test(key)) throw noMember(key);
  if (isConversion(key)) throw usedAsNumber("a pointer");
  const how = "a parameter's type (Ref<typeof foo>), kzalloc(foo, …) or cast(foo, …) says what a pointer points to";
  throw new DriverFault(`request for member '${key}' in something not a structure: ${how}`);
}

export type PointerTarget = Extract<MemberType, { kind: "pointer" }>["to"];

const SCALARS = new Map<Scalar, MemberType>();

/** The same object each time, so that pointers to it are found again. */
function scalarType(scalar: Scalar): MemberType {
  let found = SCALARS.get(scalar);
  if (!found) {
    found = { kind: "scalar", scalar };
    SCALARS.set(scalar, found);
  }
  return found;
}

const BYTE = scalarType("u8");
const OPAQUE = {
  iomem: Place.kind("an __iomem pointer", "iomem", { add: Place.add("iomem") }),
  user: Place.kind("a __user pointer", "user", { add: Place.add("user") }),
  error: Place.kind("an error pointer", "error", {}),
};

export function memberOf(layout: Layout, name: string): Member {
  const found = layout.members.find((one) => one.name === name);
  if (!found) throw new DriverFault(`struct ${layout.name} has no member named '${name}'`);
  return found;
}

/** JavaScript asks for it where a number or a text is wanted: what is meant is nearly always C's pointer arithmetic. */
function isConversion(key: string | symbol): boolean {
  return key === "valueOf" || key === "toString";
}

function usedAsNumber(owner: string): DriverFault {
  return new DriverFault(`${owner} is used as a number or a text: p + n of C is written p.add(n)`);
}

/** The end of a prototype chain: reading a name that does not exist says so. */
function guard(owner: string): object {
  const refuse = (key: string | symbol): never => {
    if (isConversion(key)) throw usedAsNumber(owner);
    throw new DriverFault(`${owner} has no member named '${String(key)}'`);
  };
  return new Proxy(Object.create(null) as object, {
    get: (_, key) => (typeof key === "symbol" ? undefined : refuse(key)),
    set: (_, key) => refuse(key),
  });
}

function textBytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}
