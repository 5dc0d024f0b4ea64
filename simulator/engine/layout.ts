// How structs lie in memory: ILP32, little endian, natural alignment, as a 32-bit ARM kernel has them.

export type Scalar = "u8" | "s8" | "u16" | "s16" | "u32" | "s32" | "u64" | "s64" | "ptr" | "bool";

/** The type of a member. `void` behind a pointer is a pointer to anything. */
export type MemberType =
  /** `safe`: 64 bits that TypeScript holds in a number, as those of a loff_t. */
  | { readonly kind: "scalar"; readonly scalar: Scalar; readonly safe?: true }
  | PointerType
  | { readonly kind: "struct"; readonly layout: Layout }
  | { readonly kind: "array"; readonly of: MemberType; readonly length: number };

/** `struct nlattr **` is a pointer to a pointer. */
export interface PointerType {
  readonly kind: "pointer";
  readonly to: Layout | PointerType | Scalar | "void" | "function" | "iomem" | "user";
}

export interface Member {
  readonly name: string;
  readonly type: MemberType;
  /** Bytes from the start of the struct. */
  readonly offset: number;
}

/** A struct: its members at their offsets. */
export interface Layout {
  readonly kind: "layout";
  /** Without `struct`: `edu_dev`. */
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly members: readonly Member[];
}

const SCALAR_BYTES: Readonly<Record<Scalar, number>> = {
  u8: 1,
  s8: 1,
  bool: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  ptr: 4,
  u64: 8,
  s64: 8,
};

export function sizeOf(type: MemberType): number {
  switch (type.kind) {
    case "scalar":
      return SCALAR_BYTES[type.scalar];
    case "pointer":
      return 4;
    case "struct":
      return type.layout.size;
    case "array":
      return sizeOf(type.of) * type.length;
  }
}

export function alignOf(type: MemberType): number {
  switch (type.kind) {
    case "scalar":
      return SCALAR_BYTES[type.scalar];
    case "pointer":
      return 4;
    case "struct":
      return type.layout.align;
    case "array":
      return alignOf(type.of);
  }
}

/** Lays members out in order; a struct is as aligned as its strictest member and a multiple of that long. */
export function layOut(name: string, members: readonly (readonly [string, MemberType])[]): Layout {
  const placed: Member[] = [];
  let at = 0;
  let align = 1;
  for (const [member, type] of members) {
    const own = alignOf(type);
    at = roundUp(at, own);
    placed.push({ name: member, type, offset: at });
    at += sizeOf(type);
    align = Math.max(align, own);
  }
  return { kind: "layout", name, size: roundUp(at, align), align, members: placed };
}

export function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
