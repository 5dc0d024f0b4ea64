// Registers from CMSIS-SVD files, after the CMSIS-SVD schema 1.3.9: the peripherals of a chip with their registers as data.
import type { Access, AccessWords, Field, ReadAction, Register, WriteEffect } from "./device.ts";
import { WORDS } from "./registers.ts";
import { readTree, type SvdNode } from "./svd-tree.ts";

export { SvdError } from "./svd-tree.ts";

export interface SvdPeripheral {
  readonly name: string;
  readonly description: string;
  readonly baseAddress: number;
  readonly bytes: number;
  readonly interrupts: readonly { readonly name: string; readonly number: number }[];
  /** By ascending offset. */
  readonly registers: readonly Register[];
  /** What of the file was not taken as it stands, in words. */
  readonly notes: readonly string[];
}

export interface SvdDevice {
  readonly name: string;
  /** Names of its peripherals, in the order of the file. */
  readonly names: readonly string[];
  /** Reads a peripheral. Throws an SvdError for what is wrong with it; undefined when there is none of this name. */
  peripheral(name: string): SvdPeripheral | undefined;
}

/** Reads the text of an SVD file. Throws an SvdError with the line and what to do. */
export function parseSvd(text: string): SvdDevice {
  const root = readTree(text);
  const peripherals = root.child("peripherals")?.all("peripheral") ?? [];
  if (peripherals.length === 0) throw root.error("a <device> needs <peripherals> with at least one <peripheral>");
  const defaults = propertiesOf(root, { size: 32, access: "read-write", resetValue: 0n });
  const found = new Map<string, () => SvdPeripheral>();
  for (const node of peripherals) {
    for (const { name, offset } of repeated(node)) {
      found.set(name, () => readPeripheral(node, name, offset, defaults));
    }
  }
  return {
    name: root.text("name") ?? "",
    names: [...found.keys()],
    peripheral: (name) => found.get(name)?.(),
  };
}

/** What registers have from whatever they stand in. */
interface Properties {
  readonly size: number;
  readonly access: Access;
  readonly resetValue: bigint;
}

/** What some vendors write instead. */
const OTHER_WORDS: Readonly<Record<string, string>> = { read: "read-only", write: "write-only" };
/** Files repeat a register up to so many times; more is taken for a mistake. */
const MOST_REPEATS = 65_536;
const MOST_REGISTERS = 100_000;

function propertiesOf(node: SvdNode, inherited: Properties): Properties {
  const access = wordOf(node, "access", WORDS.access) as Access | undefined;
  return {
    size: Number(numberOf(node, "size") ?? inherited.size),
    access: access ?? inherited.access,
    resetValue: numberOf(node, "resetValue") ?? inherited.resetValue,
  };
}

function readPeripheral(node: SvdNode, name: string, offset: number, inherited: Properties): SvdPeripheral {
  const properties = propertiesOf(node, inherited);
  const notes: string[] = [];
  const reader = new RegisterReader(notes);
  reader.readAll(node.listed("registers", "register", "cluster"), { prefix: "", offset: 0, properties });
  const registers = reader.registers.sort((a, b) => a.offset - b.offset);
  const blocks = node.all("addressBlock").map((block) => required(block, "offset") + required(block, "size"));
  const end = registers.reduce((most, one) => Math.max(most, one.offset + one.bits / 8), 0);
  return {
    name,
    description: node.text("description") ?? "",
    baseAddress: required(node, "baseAddress") + offset,
    bytes: Math.max(end, ...blocks, 4),
    interrupts: node.all("interrupt").map((one) => ({ name: nameOf(one), number: required(one, "value") })),
    registers: withAlternates(registers, notes),
    notes,
  };
}

/** Where a register or cluster stands. */
interface Place {
  readonly prefix: string;
  readonly offset: number;
  readonly properties: Properties;
}

class RegisterReader {
  readonly registers: Register[] = [];
  private readonly notes: string[];
  private readonly names = new Set<string>();

  constructor(notes: string[]) {
    this.notes = notes;
  }

  readAll(list: readonly SvdNode[], place: Place): void {
    for (const node of list) {
      for (const { name, offset, index } of repeated(node)) {
        const at = place.offset + required(node, "addressOffset") + offset;
        const properties = propertiesOf(node, place.properties);
        const full = place.prefix + name;
        if (node.tag === "cluster")
          this.readAll(node.all("register", "cluster"), { prefix: `${full}.`, offset: at, properties });
        else this.read(node, full, at, properties, index);
      }
    }
  }

  private read(node: SvdNode, given: string, offset: number, properties: Properties, index?: string): void {
    const { size, access, resetValue } = properties;
    if (this.registers.length >= MOST_REGISTERS)
      throw node.error(`more than ${MOST_REGISTERS} registers: correct <dim>`);
    const name = this.unique(given);
    const bits = ([8, 16, 32, 64] as const).find((width) => size <= width);
    if (bits === undefined || size < 1)
      throw node.error(`${name} has ${size} bits: give it a <size> of 8, 16, 32 or 64`);
    if (bits !== size) this.notes.push(`${name} has ${size} bits and is taken for one of ${bits}`);
    if (offset % (bits / 8) !== 0) {
      this.notes.push(`${name} at ${hex(offset)} is not aligned to its ${bits} bits and is left out`);
      return;
    }
    this.registers.push({
      name,
      offset,
      bits,
      reset: BigInt.asUintN(bits, resetValue),
      ...wordsOf(node),
      access,
      fields: this.fields(node, name, bits),
      ...described(node, index),
      ...(node.text("alternateRegister") === undefined && node.text("alternateGroup") === undefined
        ? {}
        : { alternate: true }),
    });
  }

  /** Some files have a name for two views of one register. */
  private unique(given: string): string {
    let name = given;
    for (let count = 2; this.names.has(name); count++) name = `${given}_${count}`;
    if (name !== given) this.notes.push(`there is another ${given}, which is called ${name} here`);
    this.names.add(name);
    return name;
  }

  private fields(register: SvdNode, name: string, bits: number): readonly Field[] {
    const fields: Field[] = [];
    for (const node of register.listed("fields", "field")) {
      for (const { name: fieldName, offset, index } of repeated(node)) {
        const [low, high] = rangeOf(node);
        if (high + offset >= bits) {
          this.notes.push(`${name}.${fieldName} reaches bit ${high + offset} of ${bits} and is left out`);
          continue;
        }
        const values = valuesOf(node);
        fields.push({
          name: fieldName,
          high: high + offset,
          low: low + offset,
          ...wordsOf(node),
          ...(values === undefined ? {} : { values }),
          ...described(node, index),
        });
      }
    }
    return fields;
  }
}

/** Vendors let registers lie on top of each other without saying so; the later ones are other views of the first. */
function withAlternates(registers: readonly Register[], notes: string[]): readonly Register[] {
  const taken: Register[] = [];
  return registers.map((register) => {
    const end = register.offset + register.bits / 8;
    const under = taken.find((one) => one.offset < end && register.offset < one.offset + one.bits / 8);
    taken.push(register);
    if (under === undefined || register.alternate || isSplit(under, register)) return register;
    notes.push(`${register.name} lies on ${under.name} and is taken for another view of it`);
    return { ...register, alternate: true };
  });
}

/** One of them is read and the other written, so that neither is a view of the other. */
export function isSplit(one: Register, other: Register): boolean {
  const pair = [one.access, other.access];
  return pair.includes("read-only") && (pair.includes("write-only") || pair.includes("writeOnce"));
}

interface Repeated {
  readonly name: string;
  readonly offset: number;
  /** What stands for `%s`; undefined for what is there once. */
  readonly index?: string;
}

/** The names and offsets of an element and of those that its <dim> makes of it. */
function repeated(node: SvdNode): readonly Repeated[] {
  const name = nameOf(node);
  const count = numberOf(node, "dim");
  if (count === undefined) {
    if (name.includes("%s")) throw node.error(`${name} needs a <dim> that says how often it is there`);
    return [{ name, offset: 0 }];
  }
  if (count < 1n || count > BigInt(MOST_REPEATS)) throw node.error(`<dim> of ${name} is ${count}`);
  const step = required(node, "dimIncrement");
  const indexes = indexesOf(node, name, Number(count));
  const pattern = name.includes("%s") ? name : `${name}%s`;
  return indexes.map((index, at) => ({ name: pattern.replace("%s", index), offset: at * step, index }));
}

/** The description, that of one of several with its own index. */
function described(node: SvdNode, index: string | undefined): { readonly description?: string } {
  const text = node.text("description") ?? "";
  if (text === "") return {};
  return { description: index === undefined ? text : text.replaceAll("%s", index) };
}

/** `0-3`, `A-D` or `A,B,C`; numbers from 0 where it does not say. */
function indexesOf(node: SvdNode, name: string, count: number): readonly string[] {
  const text = node.text("dimIndex");
  // An array counts from 0 whatever its index says.
  if (text === undefined || name.includes("[%s]")) return Array.from({ length: count }, (_, index) => String(index));
  const numbers = /^(\d+)-(\d+)$/.exec(text);
  const letters = /^([A-Za-z])-([A-Za-z])$/.exec(text);
  const from = (first: number, last: number, show: (value: number) => string): string[] =>
    Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => show(first + index));
  const indexes = numbers
    ? from(Number(numbers[1]), Number(numbers[2]), String)
    : letters
      ? from(letters[1]!.charCodeAt(0), letters[2]!.charCodeAt(0), (code) => String.fromCharCode(code))
      : text.split(",").map((one) => one.trim());
  if (indexes.length < count) {
    throw node.error(`<dimIndex> of ${name} has ${indexes.length} values, but <dim> is ${count}: make them equal`);
  }
  return indexes.slice(0, count);
}

function wordsOf(node: SvdNode): AccessWords {
  const access = wordOf(node, "access", WORDS.access) as Access | undefined;
  const modifiedWriteValues = wordOf(node, "modifiedWriteValues", WORDS.modifiedWriteValues) as WriteEffect | undefined;
  const readAction = wordOf(node, "readAction", WORDS.readAction) as ReadAction | undefined;
  return {
    ...(access === undefined ? {} : { access }),
    ...(modifiedWriteValues === undefined ? {} : { modifiedWriteValues }),
    ...(readAction === undefined ? {} : { readAction }),
  };
}

/** `[high:low]`, lsb and msb, or bitOffset and bitWidth. */
function rangeOf(field: SvdNode): readonly [low: number, high: number] {
  // A derived field says where it lies in a way of its own.
  const node = field.definerOf("bitRange", "lsb", "bitOffset");
  if (node === undefined) {
    throw field.error(`field ${nameOf(field)} needs a <bitRange>, <lsb> and <msb>, or a <bitOffset>`);
  }
  const [low, high] = node.has("bitRange")
    ? bitRange(node)
    : node.has("lsb")
      ? [required(node, "lsb"), required(node, "msb")]
      : [required(node, "bitOffset"), required(node, "bitOffset") + Number(numberOf(node, "bitWidth") ?? 1n) - 1];
  if (high < low) throw field.error(`field ${nameOf(field)} ends before it begins: [${high}:${low}]`);
  return [low, high];
}

function bitRange(node: SvdNode): readonly [low: number, high: number] {
  const text = node.text("bitRange")!;
  const [, high, low] = /^\[(\d+):(\d+)\]$/.exec(text) ?? [];
  if (high === undefined) throw node.error(`<bitRange> is [high:low], not ${text}`);
  return [Number(low), Number(high)];
}

/** Names of values; those for reading where there are others for writing. */
function valuesOf(field: SvdNode): Readonly<Record<number, string>> | undefined {
  const lists = field.all("enumeratedValues");
  const list = lists.findLast((one) => one.text("usage") !== "write") ?? lists[0];
  if (list === undefined) return undefined;
  const values: Record<number, string> = {};
  for (const one of list.all("enumeratedValue")) {
    const text = one.text("value");
    // The name for all other values has no number.
    if (text === undefined) continue;
    for (const value of expanded(one, text)) values[value] = one.text("name") ?? one.text("description") ?? "";
  }
  return Object.keys(values).length === 0 ? undefined : values;
}

/** A number, or all that `#01x` stands for. */
function expanded(node: SvdNode, text: string): readonly number[] {
  const binary = /^(?:#|0b)([01xX]+)$/i.exec(text)?.[1]?.toLowerCase();
  if (binary === undefined || !binary.includes("x")) return [Number(parsed(node, "value", text))];
  let values = [""];
  for (const digit of binary) {
    values = values.flatMap((value) => (digit === "x" ? [`${value}0`, `${value}1`] : [value + digit]));
  }
  return values.map((value) => Number.parseInt(value, 2));
}

function nameOf(node: SvdNode): string {
  const { name } = node;
  if (name === undefined || name === "") throw node.error(`a <${node.tag}> needs a <name>`);
  return name;
}

function wordOf(node: SvdNode, tag: string, words: readonly string[]): string | undefined {
  const text = node.text(tag);
  if (text === undefined) return undefined;
  const word = OTHER_WORDS[text] ?? text;
  const found = words.find((one) => one.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return found;
  throw (node.child(tag) ?? node).error(`<${tag}> is one of ${words.join(", ")}, not ${text}`);
}

function required(node: SvdNode, tag: string): number {
  const value = numberOf(node, tag);
  if (value === undefined) throw node.error(`<${node.tag}> ${node.name ?? ""} needs <${tag}>`.replace("  ", " "));
  return Number(value);
}

function numberOf(node: SvdNode, tag: string): bigint | undefined {
  const text = node.text(tag);
  return text === undefined ? undefined : parsed(node.child(tag)!, tag, text);
}

const SCALES: Readonly<Record<string, bigint>> = { k: 1n << 10n, m: 1n << 20n, g: 1n << 30n, t: 1n << 40n };

/** Decimal, 0x, binary with # or 0b, and the suffixes k, M, G and T. */
function parsed(node: SvdNode, tag: string, text: string): bigint {
  const [, digits, scale] = /^\+?(0x[\da-f]+|0b[01]+|#[01x]+|\d+)([kmgt])?$/i.exec(text) ?? [];
  if (digits === undefined) throw node.error(`<${tag}> is a number such as 12, 0x1F or #0110, not ${text}`);
  const value = BigInt(digits.startsWith("#") ? `0b${digits.slice(1).replaceAll(/x/gi, "0")}` : digits);
  return value * (scale === undefined ? 1n : SCALES[scale.toLowerCase()]!);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
