// Values for people: what the Variables view and hovers show.
import { hex, type Variable } from "../engine/interfaces.ts";
import { type Layout, type MemberType, sizeOf } from "../engine/layout.ts";
import { layoutOf } from "./kinds.ts";
import { ADDRESS, isPointer, type Pointer, TARGET } from "./references.ts";

const MOST_CHILDREN = 100;

/** `looking` runs something with memory accesses that leave no mark. */
export type Looking = <T>(look: () => T) => T;

export function show(name: string, value: unknown, looking: Looking): Variable {
  if (isPointer(value)) return showPointer(name, value, looking);
  switch (typeof value) {
    case "number":
      return { name, value: String(value), type: Number.isInteger(value) ? "int" : "float" };
    case "bigint":
      return { name, value: String(value), type: "s64" };
    case "string":
      return { name, value: JSON.stringify(value), type: "string" };
    case "boolean":
      return { name, value: String(value), type: "bool" };
    case "undefined":
      return { name, value: "undefined", type: "void" };
    case "function": {
      const layout = layoutOf(value);
      return layout
        ? { name, value: `struct ${layout.name}`, type: "type" }
        : { name, value: `${value.name || "(anonymous)"}()`, type: "function" };
    }
    default:
      return value === null ? { name, value: "NULL", type: "pointer" } : showObject(name, value as object, looking);
  }
}

function showPointer(name: string, pointer: Pointer, looking: Looking): Variable {
  const address = pointer[ADDRESS];
  const target = pointer[TARGET];
  if (target === "error") return { name, value: `ERR_PTR(${address | 0})`, type: "error pointer" };
  if (typeof target === "string")
    return { name, value: `__${target} ${hex(address)}`, type: `void __${target} *`, address };
  if (target.kind === "layout") {
    const children = (): Variable[] => members(pointer, target, looking);
    return {
      name,
      value: `struct ${target.name} @ ${hex(address)}`,
      type: `struct ${target.name} *`,
      address,
      children,
    };
  }
  const type = `${typeName(target.of)} ${target.length === undefined ? "*" : `[${target.length}]`}`;
  const shown = { name, value: `${type} @ ${hex(address)}`, type, address };
  if (target.length === undefined) return shown;
  const { length } = target;
  const children = (start = 0, count = MOST_CHILDREN): Variable[] =>
    Array.from({ length: Math.max(0, Math.min(count, length - start)) }, (_, i) =>
      elementOf(pointer, target.of, start + i, looking),
    );
  return { ...shown, length, children };
}

function members(pointer: Pointer, layout: Layout, looking: Looking): Variable[] {
  return layout.members.map(({ name, type, offset }) => {
    const shown = child(name, () => (pointer as unknown as Record<string, unknown>)[name], looking);
    const own = type.kind === "scalar" || type.kind === "pointer" ? typeName(type) : shown.type;
    const address = pointer[ADDRESS] + offset;
    return { ...shown, type: own, address: shown.address ?? address, place: { address, bytes: sizeOf(type) } };
  });
}

function elementOf(pointer: Pointer, of: MemberType, index: number, looking: Looking): Variable {
  const bytes = sizeOf(of);
  const shown = child(`[${index}]`, () => (pointer as unknown as unknown[])[index], looking);
  return { ...shown, place: { address: pointer[ADDRESS] + index * bytes, bytes } };
}

/** A read that fails is shown as its failure. */
function child(name: string, read: () => unknown, looking: Looking): Variable {
  try {
    return show(name, looking(read), looking);
  } catch (error) {
    return { name, value: `<${(error as Error).message}>`, type: "" };
  }
}

function typeName(type: MemberType): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar;
    case "struct":
      return `struct ${type.layout.name}`;
    case "array":
      return `${typeName(type.of)} [${type.length}]`;
    case "pointer":
      if (typeof type.to === "object") {
        return type.to.kind === "pointer" ? `${typeName(type.to)}*` : `struct ${type.to.name} *`;
      }
      return type.to === "iomem" || type.to === "user" ? `void __${type.to} *` : `${type.to} *`;
  }
}

function showObject(name: string, value: object, looking: Looking): Variable {
  if (value instanceof Map || value instanceof Set) {
    const kind = value instanceof Map ? "Map" : "Set";
    const entries = [...(value as Iterable<unknown>)].slice(0, MOST_CHILDREN);
    return {
      name,
      value: `${kind}(${value.size})`,
      type: kind,
      children: () => entries.map((one, i) => show(`[${i}]`, one, looking)),
    };
  }
  const keys = Object.keys(value);
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const children = (start = 0, count = MOST_CHILDREN): Variable[] =>
    keys
      .slice(start, start + count)
      .map((key) => child(isList ? `[${key}]` : key, () => (value as Record<string, unknown>)[key], looking));
  if (isList) {
    const shown = preview("[", keys.length, children, "]", false);
    return { name, value: shown, type: "array", length: keys.length, children };
  }
  const own = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const kind = own?.constructor?.name ?? "Object";
  return {
    name,
    value: `${kind === "Object" ? "" : `${kind} `}${preview("{", keys.length, children, "}", true)}`,
    type: kind === "Object" ? "object" : kind,
    children,
  };
}

function preview(
  open: string,
  count: number,
  children: () => readonly Variable[],
  close: string,
  named: boolean,
): string {
  const shown = children()
    .slice(0, 5)
    .map((one) => {
      const inner = one.children && one.address === undefined ? "…" : one.value;
      return named ? `${one.name}: ${inner}` : inner;
    });
  return `${open}${shown.join(", ")}${count > 5 ? ", …" : ""}${close}`;
}
