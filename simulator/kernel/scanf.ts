// Values from a text, as the format of sscanf() says.
// Source: lib/vsprintf.c (vsscanf)
import type { LinearMemory } from "../engine/memory.ts";
import { leadingNumber } from "./numbers.ts";
import { encode } from "./text.ts";

const CONVERSION = /^%(\*)?(\d+)?(hh|h|ll|l|z)?([a-zA-Z%])/;

/** How many values were read; each goes where the next pointer leads. */
export function scan(memory: LinearMemory, text: string, format: string, to: readonly number[]): number {
  let rest = text;
  let read = 0;
  for (let at = 0; at < format.length; ) {
    if (/\s/.test(format[at]!)) {
      rest = rest.trimStart();
      at++;
      continue;
    }
    const match = CONVERSION.exec(format.slice(at));
    if (match === null || match[4] === "%") {
      if (rest[0] !== format[at]) return read;
      rest = rest.slice(1);
      at += match === null ? 1 : match[0].length;
      continue;
    }
    at += match[0].length;
    const [, skipped, width, length, conversion] = match;
    const most = width === undefined ? Number.POSITIVE_INFINITY : Number(width);
    if (conversion === "n") {
      memory.store(to[read]!, 4, text.length - rest.length);
      continue;
    }
    const taken = conversion === "c" || conversion === "s" ? characters(rest, conversion, most) : undefined;
    if (taken !== undefined) {
      if (taken.text === "") return read;
      rest = taken.rest;
      if (skipped === undefined) {
        const bytes = [...encode(taken.text), ...(conversion === "s" ? [0] : [])];
        memory.touch(to[read]!, bytes.length, true);
        memory.bytesAt(to[read]!, bytes.length).set(bytes);
        read++;
      }
      continue;
    }
    rest = rest.trimStart();
    const base =
      conversion === "d" || conversion === "u"
        ? 10
        : conversion === "x" || conversion === "X"
          ? 16
          : conversion === "o"
            ? 8
            : 0;
    const { value, length: used } = leadingNumber(rest.slice(0, Math.min(rest.length, most)), base);
    if (used === 0) return read;
    rest = rest.slice(used);
    if (skipped !== undefined) continue;
    if (length === "ll") memory.store64(to[read]!, value);
    else memory.store(to[read]!, length === "hh" ? 1 : length === "h" ? 2 : 4, Number(BigInt.asUintN(32, value)));
    read++;
  }
  return read;
}

function characters(rest: string, conversion: string, most: number): { readonly text: string; readonly rest: string } {
  if (conversion === "c") {
    const count = Number.isFinite(most) ? most : 1;
    return { text: rest.slice(0, count), rest: rest.slice(count) };
  }
  const trimmed = rest.trimStart();
  const text = /^\S*/.exec(trimmed)![0].slice(0, Number.isFinite(most) ? most : undefined);
  return { text, rest: trimmed.slice(text.length) };
}
