// Formats of printk() and its like against the arguments that are given for them.
import type { Func, Program } from "../program/program.ts";
import type { Expr, TypeRef } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { callsOf } from "./calls-of.ts";

export interface WrongFormat extends Span {
  readonly kind: "count" | "class" | "size";
  readonly callee: string;
  /** For `count`: arguments that the format wants, and that are given. */
  readonly wants: number;
  readonly given: number;
  /** For the others: the conversion and what it should be, with where it stands; the argument as written, and its type. */
  readonly conversion?: string;
  readonly instead?: string;
  readonly at?: Span;
  readonly argument?: string;
  readonly type?: string;
}

/** Which argument is the format. */
function formatIndex(name: string): number | undefined {
  const levels = /^(pr|dev|netdev)_(emerg|alert|crit|err|warn|notice|info|dbg|debug|cont)(_once|_ratelimited)?$/.exec(
    name,
  );
  if (levels !== null) return levels[1] === "pr" ? 0 : 1;
  return Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined;
}

const OTHERS: Readonly<Record<string, number>> = {
  printk: 0,
  panic: 0,
  sprintf: 1,
  snprintf: 2,
  scnprintf: 2,
  kasprintf: 1,
  devm_kasprintf: 2,
  seq_printf: 1,
  sysfs_emit: 1,
  sysfs_emit_at: 2,
  dev_err_probe: 2,
};

export function wrongFormats(program: Program, fn: Func): readonly WrongFormat[] {
  const { text } = program.file;
  return callsOf(fn).flatMap(({ name, expr }): readonly WrongFormat[] => {
    const index = name === undefined ? undefined : formatIndex(name);
    const format = index === undefined ? undefined : expr.args[index];
    if (name === undefined || format === undefined || program.macros.has(name) || program.functions.has(name))
      return [];
    const written = text.slice(format.start, format.end);
    // What a macro puts into the format is not seen, but for the level.
    if (!/^(KERN_[A-Z]+\s*)?("(\\.|[^"\\])*"\s*)+$/s.test(written)) return [];
    const wanted = conversionsOf(written, format.start);
    const given = expr.args.slice(index! + 1);
    // `MAC2STR(addr)` stands for several arguments.
    if (wanted === undefined || given.some((each) => mayBeSeveral(program, each))) return [];
    const base = { callee: name, wants: wanted.length, given: given.length };
    if (wanted.length !== given.length) return [{ ...base, kind: "count", start: format.start, end: format.end }];
    return wanted
      .flatMap((each, at) => mismatch(program, fn, each, given[at]!) ?? [])
      .map((each) => ({ ...base, ...each }));
  });
}

function mayBeSeveral(program: Program, arg: Expr): boolean {
  const name = arg.kind === "call" ? arg.callee : arg;
  if (name.kind !== "name") return false;
  if (/^[A-Z][A-Z0-9_]*$/.test(name.name) || program.macros.has(name.name)) return true;
  // `cpumask_pr_args(mask)`: of what is not known to be a function nobody can say that it is one value.
  const { functions, inlines, knowledge, types } = program;
  if (arg.kind !== "call" || functions.has(name.name) || inlines.has(name.name)) return false;
  if (types.global(name.name) !== undefined) return false;
  const fact = knowledge.fact(name.name);
  return fact?.kind !== "function" || fact.extracted?.kind === "macro";
}

interface Conversion extends Span {
  /** `%5lu`; `*` for a width that is an argument. */
  readonly text: string;
  readonly length: string;
  readonly letter: string;
}

/** One for each argument that a format wants; undefined where it is not understood. */
function conversionsOf(written: string, offset: number): readonly Conversion[] | undefined {
  const found: Conversion[] = [];
  for (let at = written.indexOf("%"); at !== -1; at = written.indexOf("%", at)) {
    const match = /^%([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(hh|h|ll|l|L|z|t|j)?([%a-zA-Z])/.exec(written.slice(at));
    if (match === null) return undefined;
    const [all, , width, precision, length = "", letter] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const span = { start: offset + at, end: offset + at + all.length };
    at += all.length;
    if (letter === "%") continue;
    for (const each of [width, precision])
      if (each === "*") found.push({ ...span, text: "*", length: "", letter: "d" });
    if (!/[diouxXcsp]/.test(letter)) return undefined;
    found.push({ ...span, text: all, length, letter });
  }
  return found;
}

type Mismatch = Omit<WrongFormat, "callee" | "wants" | "given">;

function mismatch(program: Program, fn: Func, wanted: Conversion, arg: Expr): Mismatch | undefined {
  const type = arg.kind === "name" || arg.kind === "member" ? program.types.typeOf(arg, fn.def) : undefined;
  // A bit-field is promoted by its width, not by its type.
  if (type === undefined || type.callable || type.isBitField === true) return undefined;
  const { start, end } = arg;
  const base = {
    ...{ conversion: wanted.text, argument: program.file.text.slice(start, end), start, end },
    ...{ at: { start: wanted.start, end: wanted.end }, type: nameOf(type) },
  };
  const isAddress = type.pointers > 0 || type.dimensions.length > 0;
  const size = isAddress ? undefined : SIZES.get(type.base);
  if (wanted.letter === "s") return size === undefined ? undefined : { kind: "class", ...base };
  if (wanted.letter === "p") return size === undefined ? undefined : { kind: "class", ...base };
  if (isAddress) return { kind: "class", ...base };
  if (size === undefined || wanted.text === "*" || wanted.letter === "c") return undefined;
  const is = wanted.length === "L" ? "ll" : wanted.length.replace(/^hh?$/, "");
  // ptrdiff_t is as wide as size_t, and gcc says nothing of the sign.
  if (is === size || (is === "t" && size === "z")) return undefined;
  return { kind: "size", instead: wanted.text.replace(/(hh|h|ll|l|L|z|t|j)?([a-zA-Z])$/, `${size}$2`), ...base };
}

function nameOf(type: TypeRef): string {
  return `${type.base}${type.pointers > 0 ? ` ${"*".repeat(type.pointers)}` : ""}${type.dimensions.length > 0 ? "[]" : ""}`;
}

/** The length that integers of a type need, where every architecture agrees (Documentation/core-api/printk-formats.rst). */
const SIZES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "": [
      "int",
      "unsigned int",
      "unsigned",
      "u8",
      "u16",
      "u32",
      "s8",
      "s16",
      "s32",
      "__u8",
      "__u16",
      "__u32",
      "bool",
      "char",
      "unsigned char",
      "short",
      "unsigned short",
    ],
    l: ["long", "unsigned long", "long int", "unsigned long int"],
    ll: ["u64", "s64", "__u64", "__s64", "long long", "unsigned long long"],
    z: ["size_t", "ssize_t"],
  }).flatMap(([length, names]) => names.map((name) => [name, length] as const)),
);
