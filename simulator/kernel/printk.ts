// printk: C formats over raw values and memory, levels, and the shape of a line of the log.
import type { Raw } from "../engine/interfaces.ts";
import type { LinearMemory } from "../engine/memory.ts";
import type { Core } from "./core.ts";
import { errorName, isErrPtr } from "./errno.ts";
import { KERN_WARNING } from "./kern-levels.ts";
import { textAt } from "./text.ts";

/** KERN_SOH: a format that begins with it and a digit says its level, include/linux/kern_levels.h. */
const SOH = "\u0001";
/** CONFIG_MESSAGE_LOGLEVEL_DEFAULT. */
const DEFAULT_LEVEL = KERN_WARNING;

export class Log {
  private readonly core: Core;
  private readonly seed: number;

  constructor(core: Core, seed: number) {
    this.core = core;
    this.seed = seed;
  }

  /** Writes a message at a level, or at the one that its format begins with; gives the characters written. */
  printk(format: number, values: readonly Raw[], level = DEFAULT_LEVEL, prefix = ""): number {
    return this.write(this.format(textAt(this.core.memory, format), values), level, prefix);
  }

  /** The same with a text that is there already. */
  write(message: string, level = DEFAULT_LEVEL, prefix = ""): number {
    const marked = message.startsWith(SOH);
    const own = marked ? message.charCodeAt(1) - 0x30 : level;
    const text = prefix + (marked ? message.slice(2) : message).replace(/\n$/, "");
    this.core.emit({ kind: "printk", level: own >= 0 && own <= 7 ? own : level, text });
    return text.length;
  }

  /** Evaluates a format as vsnprintf() does. */
  format(format: string, values: readonly Raw[]): string {
    return formatText(format, values, this.core.memory, this.seed, (address) => this.core.engine.functionAt(address));
  }
}

/** `[    1.234567] text`, the line that `dmesg` shows; each line of a message has the time. */
export function formatLogLine(nanos: number, text: string): string {
  const micros = Math.floor(nanos / 1000);
  const seconds = String(Math.floor(micros / 1e6)).padStart(5);
  const rest = String(micros % 1e6).padStart(6, "0");
  return text
    .split("\n")
    .map((line) => `[${seconds}.${rest}] ${line}`)
    .join("\n");
}

const CONVERSION = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|L|z|t|j)?(p[a-zA-Z]*|[a-zA-Z%])/g;

function formatText(
  format: string,
  values: readonly Raw[],
  memory: LinearMemory,
  seed: number,
  symbol: (address: number) => string | undefined = () => undefined,
): string {
  let next = 0;
  const take = (): Raw => values[next++];
  return format.replace(CONVERSION, (whole, flags: string, width, precision, length, conversion: string) => {
    if (conversion === "%") return "%";
    const places = width === "*" ? Number(take()) | 0 : Number(width ?? 0);
    const digits = precision === "*" ? Number(take()) | 0 : precision === undefined ? undefined : Number(precision);
    const left = flags.includes("-") || places < 0;
    const pad = (text: string, zeros = false): string => {
      const to = Math.abs(places);
      if (left) return text.padEnd(to);
      if (!zeros || !flags.includes("0") || digits !== undefined) return text.padStart(to);
      const head = /^([-+ ]?(?:0x|0X)?)(.*)$/s.exec(text)!;
      return head[1]! + head[2]!.padStart(to - head[1]!.length, "0");
    };
    switch (conversion[0]) {
      case "d":
      case "i":
      case "u":
      case "x":
      case "X":
      case "o":
        return pad(integer(take(), conversion, length ?? "", flags, digits), true);
      case "c":
        return pad(String.fromCharCode(Number(take()) & 0xff));
      case "s":
        return pad(string(memory, take(), digits));
      case "p":
        return pad(pointer(memory, Number(take() ?? 0) >>> 0, conversion.slice(1), seed, symbol), true);
      default:
        // vsnprintf() stops at what it does not know; %n and floats are among that.
        return whole;
    }
  });
}

function integer(value: Raw, conversion: string, length: string, flags: string, digits: number | undefined): string {
  const bits = length === "ll" || length === "L" ? 64 : length === "hh" ? 8 : length === "h" ? 16 : 32;
  const signed = conversion === "d" || conversion === "i";
  const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(Number(value ?? 0)));
  const wrapped = signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole);
  const radix = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  const magnitude = wrapped < 0n ? -wrapped : wrapped;
  let text = magnitude.toString(radix).padStart(digits ?? 1, "0");
  // The kernel prints 0x before a zero too, unlike the C library.
  if (flags.includes("#")) text = radix === 16 ? `0x${text}` : radix === 8 && !text.startsWith("0") ? `0${text}` : text;
  if (conversion === "X") text = text.toUpperCase();
  if (!signed) return text;
  if (wrapped < 0n) return `-${text}`;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

function string(memory: LinearMemory, value: Raw, digits: number | undefined): string {
  const address = Number(value ?? 0) >>> 0;
  if (address < 4096) return "(null)".slice(0, digits);
  if (isErrPtr(address)) return "(efault)".slice(0, digits);
  if (!memory.isMapped(address)) return "(efault)".slice(0, digits);
  return textAt(memory, address, digits ?? 4096);
}

/** Documentation/core-api/printk-formats.rst. */
function pointer(
  memory: LinearMemory,
  address: number,
  kind: string,
  seed: number,
  symbol: (address: number) => string | undefined,
): string {
  const plain = address.toString(16).padStart(8, "0");
  switch (kind[0]) {
    case "x":
      return plain;
    case "K":
      return hashed(address, seed);
    case "e":
      return isErrPtr(address) ? errorName(address | 0) : hashed(address, seed);
    case "S":
    case "s":
    case "B": {
      const name = symbol(address);
      if (name === undefined) return `0x${plain}`;
      return kind[0] === "S" ? `${name}+0x0/0x10` : name;
    }
    case "a":
      return memory.isMapped(address, 4) ? `0x${memory.peek(address, 4).toString(16).padStart(8, "0")}` : "(efault)";
    default:
      return hashed(address, seed);
  }
}

/** Addresses are secrets: `%p` prints a number that stands for one, the same within a run. NULL stays NULL. */
function hashed(address: number, seed: number): string {
  if (address === 0) return "00000000";
  if (isErrPtr(address)) return address.toString(16).padStart(8, "0");
  let mixed = (address ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;
  for (const factor of [0x85ebca6b, 0xc2b2ae35]) mixed = Math.imul(mixed ^ (mixed >>> 15), factor) >>> 0;
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, "0");
}
