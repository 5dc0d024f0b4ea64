// C strings in the memory of the machine.
import type { LinearMemory } from "../engine/memory.ts";

/** The text at an address up to its NUL, at most so many bytes. Throws a MemoryFault where there is no memory. */
export function textAt(memory: LinearMemory, address: number, most = 4096): string {
  const bytes: number[] = [];
  for (let at = address; bytes.length < most; at++) {
    const byte = memory.peek(at, 1);
    if (byte === 0) break;
    bytes.push(byte);
  }
  return decode(bytes);
}

/** Writes a text and its NUL; gives its length without it. */
export function putText(memory: LinearMemory, address: number, text: string): number {
  const bytes = encode(text);
  bytes.forEach((byte, index) => {
    memory.poke(address + index, 1, byte);
  });
  memory.poke(address + bytes.length, 1, 0);
  return bytes.length;
}

/** UTF-8, as the simulated world has no TextEncoder. */
export function encode(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    }
  }
  return bytes;
}

/** Bytes that are no UTF-8 become the replacement character. */
export function decode(bytes: readonly number[]): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++]!;
    const more = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : -1;
    let point = more <= 0 ? first : first & (0x3f >> more);
    let valid = more >= 0;
    for (let left = more; left > 0; left--) {
      const next = bytes[at];
      if (next === undefined || (next & 0xc0) !== 0x80) {
        valid = false;
        break;
      }
      point = (point << 6) | (next & 63);
      at++;
    }
    text += valid && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  }
  return text;
}
