// Numbers that a driver gives names to: the bits of a mask, the parts of an ioctl number.
import type { Program } from "../program/program.ts";
import type { MacroDef, TypeRef } from "../syntax/ast.ts";
import { constantOf, evaluate as lengthOf } from "./stack.ts";

/** `_IOW('e', 1, struct foo)`, as include/uapi/asm-generic/ioctl.h lays it out. */
export interface IoctlNumber {
  /** The replacement text, without comments. */
  readonly body: string;
  /** As the macro says it, from the view of user space: `W` hands over, `R` gets back. */
  readonly direction: "" | "R" | "W" | "WR";
  readonly argument: string | undefined;
  /** Undefined where the size is not the same on every architecture, or not known. */
  readonly bytes: number | undefined;
  readonly type: bigint | undefined;
  readonly number: bigint | undefined;
  /** All of it together. */
  readonly whole: bigint | undefined;
}

export interface Mask {
  readonly body: string;
  readonly value: bigint;
  /** Highest and lowest bit of each run of bits, the highest first. */
  readonly runs: readonly (readonly [number, number])[];
}

export function ioctlNumber(program: Program, name: string): IoctlNumber | undefined {
  const macros = macrosOf(program);
  const def = macros.get(name);
  const body = def === undefined || def.params !== undefined ? "" : bodyOf(def);
  const match = /^\(?\s*_IO(R|W|WR)?\s*\(([^,()]+),([^,()]+)(?:,\s*(.+?)\s*)?\)\s*\)?$/s.exec(body);
  if (match === null) return undefined;
  const direction = (match[1] ?? "") as IoctlNumber["direction"];
  const argument = match[4];
  const type = evaluate(macros, match[2]!);
  const number = evaluate(macros, match[3]!);
  const bytes = argument === undefined ? 0 : bytesOf(program, argument);
  const isKnown = type !== undefined && number !== undefined && bytes !== undefined && bytes < 1 << 14;
  const whole = isKnown ? (DIRECTIONS[direction] << 30n) | (BigInt(bytes) << 16n) | (type << 8n) | number : undefined;
  return { body, direction, argument, bytes, type, number, whole };
}

const DIRECTIONS = { "": 0n, W: 1n, R: 2n, WR: 3n };

/** `BIT(7) | GENMASK(3, 0)`. */
export function maskOf(program: Program, name: string): Mask | undefined {
  const macros = macrosOf(program);
  const def = macros.get(name);
  const body = def === undefined || def.params !== undefined ? "" : bodyOf(def);
  if (!/\b(BIT|GENMASK)(_ULL)?\b|<<|\||^\(?\s*0[xX]/.test(body)) return undefined;
  const value = evaluate(macros, body);
  if (value === undefined || value < 0n || value >> 64n !== 0n) return undefined;
  const runs: (readonly [number, number])[] = [];
  for (let bit = 63; bit >= 0; bit--) {
    if (!isSet(value, bit)) continue;
    const high = bit;
    while (bit > 0 && isSet(value, bit - 1)) bit--;
    runs.push([high, bit]);
  }
  return { body, value, runs };
}

function isSet(value: bigint, bit: number): boolean {
  return ((value >> BigInt(bit)) & 1n) === 1n;
}

function macrosOf(program: Program): ReadonlyMap<string, MacroDef> {
  return new Map([...program.macros.values()].map((each) => [each.name, each]));
}

/** The size of what is copied, where it is the same on every architecture. */
function bytesOf(program: Program, text: string): number | undefined {
  const base = text.trim().replace(/\s+/g, " ");
  return layoutOf(program, { ...NO_TYPE, base }, 0)?.bytes;
}

/** The size of a type, where it is the same on every architecture. */
export function exactBytes(program: Program, type: TypeRef): number | undefined {
  return layoutOf(program, type, 0)?.bytes;
}

const NO_TYPE: TypeRef = { base: "", pointers: 0, dimensions: [], callable: false, annotations: [], start: 0, end: 0 };

interface Layout {
  readonly bytes: number;
  readonly align: number;
}

function layoutOf(program: Program, type: TypeRef, depth: number): Layout | undefined {
  if (type.pointers > 0 || type.callable || depth > 4) return undefined;
  const element = FIXED.get(type.base) ?? recordLayout(program, type, depth);
  if (element === undefined) return undefined;
  let count = 1;
  for (const each of type.dimensions) {
    const length = each === null ? undefined : lengthOf(each, constantOf(program), program, 0);
    if (length === undefined) return undefined;
    count *= length;
  }
  return { bytes: element.bytes * count, align: element.align };
}

function recordLayout(program: Program, type: TypeRef, depth: number): Layout | undefined {
  const record = program.types.recordOf(type);
  if (record === undefined || !record.complete || record.members.length === 0) return undefined;
  const { text } = program.types.fileOf(record.members[0]!);
  // Packed or aligned by hand, chosen by #if, or with bit fields.
  if (/packed|aligned|#\s*if|\w\s*:\s*\d/.test(text.slice(record.start, record.end + 40))) return undefined;
  let bytes = 0;
  let align = 1;
  for (const member of record.members) {
    const each = layoutOf(program, member.type, depth + 1);
    if (each === undefined) return undefined;
    align = Math.max(align, each.align);
    const at = Math.ceil(bytes / each.align) * each.align;
    bytes = record.name.startsWith("union") ? Math.max(bytes, each.bytes) : at + each.bytes;
  }
  return { bytes: Math.ceil(bytes / align) * align, align };
}

/** What has the same size on every architecture; 64-bit numbers are aligned to 8 bytes on all but 32-bit x86. */
const FIXED: ReadonlyMap<string, Layout> = new Map(
  Object.entries({
    1: ["char", "unsigned char", "signed char", "bool", "u8", "s8", "__u8", "__s8"],
    2: ["short", "unsigned short", "u16", "s16", "__u16", "__s16", "__le16", "__be16"],
    4: ["int", "unsigned int", "unsigned", "u32", "s32", "__u32", "__s32", "__le32", "__be32"],
    8: ["u64", "s64", "__u64", "__s64", "__le64", "__be64", "long long", "unsigned long long"],
  }).flatMap(([bytes, names]) => names.map((name) => [name, { bytes: Number(bytes), align: Number(bytes) }] as const)),
);

function bodyOf({ body }: MacroDef): string {
  return body
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\/\/.*$/s, "")
    .trim();
}

const OPERATORS: Readonly<Record<string, readonly [number, (a: bigint, b: bigint) => bigint]>> = {
  "|": [1, (a, b) => a | b],
  "^": [2, (a, b) => a ^ b],
  "&": [3, (a, b) => a & b],
  "<<": [4, (a, b) => a << b],
  ">>": [4, (a, b) => a >> b],
  "+": [5, (a, b) => a + b],
  "-": [5, (a, b) => a - b],
  "*": [6, (a, b) => a * b],
};

/** The number that a text stands for; undefined where anything but numbers, bits and macros of the driver is in it. */
function evaluate(macros: ReadonlyMap<string, MacroDef>, text: string, depth = 0): bigint | undefined {
  const tokens = text.match(/0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*|'(?:[^'\\])'|\w+|<<|>>|\S/g) ?? [];
  let at = 0;
  const primary = (): bigint | undefined => {
    const token = tokens[at++] ?? "";
    if (token === "~") {
      const inner = primary();
      return inner === undefined ? undefined : BigInt.asUintN(32, ~inner);
    }
    if (token === "(") {
      const inner = binary(0);
      return tokens[at++] === ")" ? inner : undefined;
    }
    if (/^\d/.test(token)) return BigInt(token.replace(/[uUlL]+$/, "").replace(/^0(?=\d)/, "0o"));
    if (token.startsWith("'")) return BigInt(token.charCodeAt(1));
    const bits = /^(BIT|GENMASK)(_ULL)?$/.exec(token);
    if (bits !== null) return tokens[at++] === "(" ? bitsOf(bits[1]!) : undefined;
    const def = depth < 8 ? macros.get(token) : undefined;
    return def === undefined || def.params !== undefined ? undefined : evaluate(macros, bodyOf(def), depth + 1);
  };
  const bitsOf = (macro: string): bigint | undefined => {
    const high = binary(0);
    const low = macro === "GENMASK" && tokens[at++] === "," ? binary(0) : high;
    if (tokens[at++] !== ")" || high === undefined || low === undefined || high > 63n || low > high || low < 0n)
      return undefined;
    return ((1n << (high - low + 1n)) - 1n) << low;
  };
  const binary = (least: number): bigint | undefined => {
    let left = primary();
    for (
      let next = OPERATORS[tokens[at] ?? ""];
      left !== undefined && next !== undefined && next[0] > least;
      next = OPERATORS[tokens[at] ?? ""]
    ) {
      at++;
      const right = binary(next[0]);
      left = right === undefined || (next[0] === 4 && (right < 0n || right > 63n)) ? undefined : next[1](left, right);
    }
    return left;
  };
  const value = binary(0);
  return at === tokens.length ? value : undefined;
}
