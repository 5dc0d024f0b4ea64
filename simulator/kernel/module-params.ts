// Module parameters: variables of a module that insmod sets, and that /sys/module shows.
// Source: kernel/params.c, include/linux/moduleparam.h
import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { offsetOf } from "./layouts.ts";
import { parseNumber } from "./numbers.ts";
import type { Log } from "./printk.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

export const kernel_param_ops = layOut("kernel_param_ops", [
  ["flags", { kind: "scalar", scalar: "u32" }],
  ["set", { kind: "pointer", to: "function" }],
  ["get", { kind: "pointer", to: "function" }],
]);

export const kernel_param = layOut("kernel_param", [
  ["name", { kind: "pointer", to: "s8" }],
  ["perm", { kind: "scalar", scalar: "u16" }],
  ["arg", { kind: "pointer", to: "void" }],
]);

/** Of the types that module_param() knows: bytes, and the least and largest value. */
const INTEGERS: Readonly<Record<string, readonly [bytes: 1 | 2 | 4, least: bigint, most: bigint]>> = {
  byte: [1, 0n, 0xffn],
  u8: [1, 0n, 0xffn],
  short: [2, -0x8000n, 0x7fffn],
  s16: [2, -0x8000n, 0x7fffn],
  ushort: [2, 0n, 0xffffn],
  u16: [2, 0n, 0xffffn],
  int: [4, -0x80000000n, 0x7fffffffn],
  s32: [4, -0x80000000n, 0x7fffffffn],
  uint: [4, 0n, 0xffffffffn],
  u32: [4, 0n, 0xffffffffn],
  long: [4, -0x80000000n, 0x7fffffffn],
  ulong: [4, 0n, 0xffffffffn],
};

export interface Parameter {
  readonly name: string;
  /** `int`, `charp`, `bool`, or the name of an integer type; `cb` when the driver's functions set it. */
  readonly type: string;
  readonly perm: number;
  readonly address: number;
  /** Elements of an array, and where their number is kept. */
  readonly array: { readonly most: number; readonly bytes: number; readonly count: number } | undefined;
  /** Of `cb`: its kernel_param_ops and its kernel_param. */
  readonly ops: number;
  readonly param: number;
  description: string;
}

export class ModuleParams {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  private readonly byModule = new Map<string, Map<string, Parameter>>();

  constructor(core: Core, log: Log, statics: Statics) {
    this.core = core;
    this.log = log;
    this.statics = statics;
  }

  /** Parameters of a module, in the order of their declaration. */
  of(module: string): readonly Parameter[] {
    return [...(this.byModule.get(module)?.values() ?? [])];
  }

  forget(module: string): void {
    this.byModule.delete(module);
  }

  /** module_param(): a variable of the module, which begins as `initial`; its address. */
  scalar(module: string, name: string, type: string, initial: number, perm: number): number {
    const address = this.statics.global(4, 4, name);
    this.core.memory.poke(address, bytesOf(type), initial);
    this.add(module, { name, type, perm, address, array: undefined, ops: 0, param: 0, description: "" });
    return address;
  }

  /** module_param_array(): room for `most` elements; `count` is told how many were given. */
  array(module: string, name: string, type: string, most: number, count: number, perm: number): number {
    const bytes = bytesOf(type);
    const address = this.statics.global(most * bytes, 4, name);
    this.add(module, { name, type, perm, address, array: { most, bytes, count }, ops: 0, param: 0, description: "" });
    return address;
  }

  /** module_param_cb(): the driver's own functions set and show it. */
  callback(module: string, name: string, ops: number, arg: number, perm: number): void {
    const { memory } = this.core;
    const param = this.statics.global(kernel_param.size, kernel_param.align, name);
    memory.poke(param + offsetOf(kernel_param, "name"), 4, this.statics.literal(name));
    memory.poke(param + offsetOf(kernel_param, "perm"), 2, perm);
    memory.poke(param + offsetOf(kernel_param, "arg"), 4, arg);
    this.add(module, { name, type: "cb", perm, address: arg, array: undefined, ops, param, description: "" });
  }

  describe(module: string, name: string, description: string): void {
    const found = this.byModule.get(module)?.get(name);
    if (found !== undefined) found.description = description;
  }

  /** What every module has without saying so: which of its debug messages are wanted. */
  whenDyndbg: (module: string, queries: string) => void = () => {};

  /** parse_args(): what insmod was given, `howmany=3 whom="all of you"`; 0, or a negative errno. */
  *parse(module: string, text: string): Steps<number> {
    for (const [, name, quoted, plain] of text.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|(\S*)))?/g)) {
      if (name === "dyndbg") {
        this.whenDyndbg(module, quoted ?? plain ?? "+p");
        continue;
      }
      const found = this.byModule.get(module)?.get(name!.replaceAll("-", "_"));
      if (found === undefined) {
        this.log.write(`${module}: unknown parameter '${name}' ignored`, 4);
        continue;
      }
      const value = quoted ?? plain;
      const result = yield* this.set(found, value);
      if (result === 0) continue;
      if (result === -errno.ENOSPC)
        this.log.write(`${module}: \`${value ?? ""}' too large for parameter \`${name}'`, 3);
      else this.log.write(`${module}: \`${value ?? ""}' invalid for parameter \`${name}'`, 3);
      return result;
    }
    return 0;
  }

  /** param_set_…(): 0, or a negative errno. */
  *set(parameter: Parameter, value: string | undefined): Steps<number> {
    const { type, address, array, ops, param } = parameter;
    if (type === "cb") {
      const set = this.core.memory.peek(ops + offsetOf(kernel_param_ops, "set"), 4);
      if (set === 0) return -errno.EPERM;
      return yield* this.core.callDriver(set, [this.statics.literal(value ?? ""), param]);
    }
    if (value === undefined && type !== "bool") return -errno.EINVAL;
    if (array === undefined) return this.store(type, address, value);
    const parts = value!.split(",");
    if (parts.length > array.most) {
      this.log.write(`${parameter.name}: can only take ${array.most} arguments`, 3);
      return -errno.EINVAL;
    }
    for (const [index, part] of parts.entries()) {
      const result = this.store(type, address + index * array.bytes, part);
      if (result !== 0) return result;
    }
    if (array.count !== 0) this.core.memory.poke(array.count, 4, parts.length);
    return 0;
  }

  /** As /sys/module/…/parameters shows it, without the newline. */
  *get(parameter: Parameter): Steps<string> {
    const { type, address, array, ops, param } = parameter;
    const { memory } = this.core;
    if (type === "cb") {
      const get = memory.peek(ops + offsetOf(kernel_param_ops, "get"), 4);
      if (get === 0) return "";
      const buffer = this.statics.global(4096, 4, "");
      const bytes = yield* this.core.callDriver(get, [buffer, param]);
      return textAt(memory, buffer, Math.max(0, bytes)).replace(/\n$/, "");
    }
    if (array === undefined) return this.show(type, address);
    const count = array.count === 0 ? array.most : memory.peek(array.count, 4);
    return Array.from({ length: count }, (_, index) => this.show(type, address + index * array.bytes)).join(",");
  }

  /** param_set_int() and its kin, for drivers' own functions. */
  store(type: string, address: number, value: string | undefined): number {
    const { memory } = this.core;
    if (type === "charp") {
      memory.poke(address, 4, this.statics.literal(value ?? ""));
      return 0;
    }
    if (type === "bool" || type === "invbool") {
      const found =
        value === undefined ? true : (BOOLEANS[value.slice(0, 2).toLowerCase()] ?? BOOLEANS[value[0] ?? ""]);
      if (found === undefined) return -errno.EINVAL;
      memory.poke(address, 1, found === (type === "bool") ? 1 : 0);
      return 0;
    }
    const integer = INTEGERS[type];
    if (integer === undefined) return -errno.EINVAL;
    const [bytes, least, most] = integer;
    const parsed = parseNumber(value ?? "", 0, least < 0n, 64);
    if (typeof parsed === "number") return parsed;
    if (parsed < least || parsed > most) return -errno.ERANGE;
    memory.poke(address, bytes, Number(BigInt.asUintN(32, parsed)));
    return 0;
  }

  show(type: string, address: number): string {
    const { memory } = this.core;
    if (type === "charp") {
      const text = memory.peek(address, 4);
      return text === 0 ? "(null)" : textAt(memory, text);
    }
    if (type === "bool" || type === "invbool") return (memory.peek(address, 1) !== 0) === (type === "bool") ? "Y" : "N";
    const [bytes, least] = INTEGERS[type] ?? [4, 0n];
    const value = BigInt(memory.peek(address, bytes));
    return String(least < 0n ? BigInt.asIntN(8 * bytes, value) : value);
  }

  private add(module: string, parameter: Parameter): void {
    const known = this.byModule.get(module) ?? new Map<string, Parameter>();
    known.set(parameter.name, parameter);
    this.byModule.set(module, known);
  }
}

/** kstrtobool(). */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  y: true,
  Y: true,
  t: true,
  T: true,
  "1": true,
  on: true,
  n: false,
  N: false,
  f: false,
  F: false,
  "0": false,
  of: false,
};

function bytesOf(type: string): 1 | 2 | 4 {
  if (type === "bool" || type === "invbool") return 1;
  return INTEGERS[type]?.[0] ?? 4;
}
