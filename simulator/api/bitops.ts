// linux/bits, linux/bitops and linux/bitmap: single bits, in numbers and in arrays of unsigned longs.
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

const BITS_PER_LONG = 32;

export function bits({ core }: Kernel): Header {
  const header = new Header(core);
  numbers(header);
  return header;
}

function numbers(header: Header): void {
  header.constants({ BITS_PER_LONG, BITS_PER_BYTE: 8 });
  /** A number with one bit set. Any context. */
  header.plain("BIT", ["u32"], "u32", (nr: number) => 1 << nr);
  header.plain("BIT_ULL", ["u32"], "u64", (nr: number) => 1n << BigInt(nr));
  /** The bit and the word of a place in a bitmap. Any context. */
  header.plain("BIT_MASK", ["u32"], "u32", (nr: number) => 1 << (nr % BITS_PER_LONG));
  header.plain("BIT_WORD", ["u32"], "u32", (nr: number) => Math.floor(nr / BITS_PER_LONG));
  header.plain("BITS_TO_LONGS", ["u32"], "u32", (nr: number) => Math.ceil(nr / BITS_PER_LONG));
  /** A number with the bits from `l` to `h` set. Any context. */
  header.plain("GENMASK", ["u32", "u32"], "u32", (h: number, l: number) => (0xffffffff >>> (31 - h)) & (-1 << l));
}

export function bitfield({ core }: Kernel): Header {
  const header = new Header(core);
  const shift = (mask: number): number => (mask === 0 ? 0 : 31 - Math.clz32(mask & -mask));
  /** A value moved to its field. Any context. */
  header.plain("FIELD_PREP", ["u32", "u32"], "u32", (mask: number, value: number) => (value << shift(mask)) & mask);
  /** The value of a field. Any context. */
  header.plain("FIELD_GET", ["u32", "u32"], "u32", (mask: number, word: number) => (word & mask) >>> shift(mask));
  /** Whether a value fits into a field. Any context. */
  header.plain("FIELD_FIT", ["u32", "u32"], "bool", (mask: number, value: number) => value <= mask >>> shift(mask));
  return header;
}

export function bitops(kernel: Kernel): Header {
  const { core } = kernel;
  const { memory } = core;
  const header = new Header(core);
  numbers(header);
  const word = (nr: number, at: number): number => at + 4 * Math.floor(nr / BITS_PER_LONG);
  const test = (nr: number, at: number): boolean =>
    ((memory.load(word(nr, at), 4, false) >>> (nr % BITS_PER_LONG)) & 1) === 1;
  const write = (nr: number, at: number, on: boolean): void => {
    const old = memory.load(word(nr, at), 4, false);
    const bit = 1 << (nr % BITS_PER_LONG);
    memory.store(word(nr, at), 4, on ? old | bit : old & ~bit);
  };
  /** Whether a bit is set. Any context. */
  header.plain("test_bit", ["u32", "ptr"], "bool", test);
  for (const prefix of ["", "__"]) {
    for (const [name, to] of [
      ["set", () => true],
      ["clear", () => false],
      ["change", (old: boolean) => !old],
    ] as const) {
      /** Sets, clears or changes a bit, in one step but for the forms with underscores. Any context. */
      header.plain(`${prefix}${name}_bit`, ["u32", "ptr"], "void", (nr: number, at: number) =>
        write(nr, at, to(test(nr, at))),
      );
      /** The same. Any context. What it was before. */
      header.plain(`${prefix}test_and_${name}_bit`, ["u32", "ptr"], "bool", (nr: number, at: number) => {
        const old = test(nr, at);
        write(nr, at, to(old));
        return old;
      });
    }
  }
  /** As test_and_set_bit and clear_bit, ordered as a lock is. Any context. */
  header.plain("test_and_set_bit_lock", ["u32", "ptr"], "bool", (nr: number, at: number) => {
    const old = test(nr, at);
    write(nr, at, true);
    return old;
  });
  header.plain("clear_bit_unlock", ["u32", "ptr"], "void", (nr: number, at: number) => write(nr, at, false));
  searches(header, kernel, test, write);
  words(header);
  return header;
}

function searches(
  header: Header,
  { core, statics }: Kernel,
  test: (nr: number, at: number) => boolean,
  write: (nr: number, at: number, on: boolean) => void,
): void {
  const find = (at: number, size: number, from: number, value: boolean): number => {
    for (let nr = from; nr < size; nr++) if (test(nr, at) === value) return nr;
    return size;
  };
  /** The first bit that is set, or is not. Any context. `size`: there is none. */
  header.plain("find_first_bit", ["ptr", "u32"], "u32", (at: number, size: number) => find(at, size, 0, true));
  header.plain("find_first_zero_bit", ["ptr", "u32"], "u32", (at: number, size: number) => find(at, size, 0, false));
  header.plain("find_next_bit", ["ptr", "u32", "u32"], "u32", (at: number, size: number, from: number) =>
    find(at, size, from, true),
  );
  header.plain("find_next_zero_bit", ["ptr", "u32", "u32"], "u32", (at: number, size: number, from: number) =>
    find(at, size, from, false),
  );
  /** The last bit that is set. Any context. `size`: there is none. */
  header.plain("find_last_bit", ["ptr", "u32"], "u32", (at: number, size: number) => {
    for (let nr = size - 1; nr >= 0; nr--) if (test(nr, at)) return nr;
    return size;
  });
  /** A static bitmap of so many bits, all clear. At file scope. Its address. */
  header.plain("DECLARE_BITMAP", ["string", "u32"], "ptr", (_name: number, count: number) =>
    statics.global(4 * Math.ceil(count / BITS_PER_LONG), 4, "bitmap"),
  );
  /** Clears and sets all bits, or some. Any context. */
  header.plain("bitmap_zero", ["ptr", "u32"], "void", (at: number, count: number) => {
    const bytes = 4 * Math.ceil(count / BITS_PER_LONG);
    core.memory.touch(at, bytes, true);
    core.memory.bytesAt(at, bytes).fill(0);
  });
  header.plain("bitmap_fill", ["ptr", "u32"], "void", (at: number, count: number) => {
    for (let nr = 0; nr < count; nr++) write(nr, at, true);
  });
  header.plain("bitmap_set", ["ptr", "u32", "u32"], "void", (at: number, from: number, count: number) => {
    for (let nr = from; nr < from + count; nr++) write(nr, at, true);
  });
  header.plain("bitmap_clear", ["ptr", "u32", "u32"], "void", (at: number, from: number, count: number) => {
    for (let nr = from; nr < from + count; nr++) write(nr, at, false);
  });
  /** How many bits are set. Any context. */
  header.plain("bitmap_weight", ["ptr", "u32"], "u32", (at: number, count: number) => {
    let set = 0;
    for (let nr = 0; nr < count; nr++) if (test(nr, at)) set++;
    return set;
  });
  header.plain(
    "bitmap_empty",
    ["ptr", "u32"],
    "bool",
    (at: number, count: number) => find(at, count, 0, true) === count,
  );
  header.plain(
    "bitmap_full",
    ["ptr", "u32"],
    "bool",
    (at: number, count: number) => find(at, count, 0, false) === count,
  );
}

function words(header: Header): void {
  /** The place of the first and the last bit, from 1; 0 for none. Any context. */
  header.plain("ffs", ["int"], "int", (x: number) => (x === 0 ? 0 : 32 - Math.clz32(x & -x)));
  header.plain("fls", ["u32"], "int", (x: number) => 32 - Math.clz32(x));
  /** The place of the first and the last bit, from 0, of a number that is not 0. Any context. */
  header.plain("__ffs", ["u32"], "u32", (x: number) => 31 - Math.clz32(x & -x));
  header.plain("__fls", ["u32"], "u32", (x: number) => 31 - Math.clz32(x));
  /** How many bits are set. Any context. */
  for (const bits of [8, 16, 32]) {
    header.plain(`hweight${bits}`, ["u32"], "u32", (x: number) => {
      let set = 0;
      for (let nr = 0; nr < bits; nr++) set += (x >>> nr) & 1;
      return set;
    });
  }
  /** A word turned round. Any context. */
  header.plain(
    "rol32",
    ["u32", "u32"],
    "u32",
    (x: number, by: number) => (x << (by % 32)) | (x >>> ((32 - (by % 32)) % 32)),
  );
  header.plain(
    "ror32",
    ["u32", "u32"],
    "u32",
    (x: number, by: number) => (x >>> (by % 32)) | (x << ((32 - (by % 32)) % 32)),
  );
  /** A number of so many bits with a sign, widened. Any context. */
  header.plain(
    "sign_extend32",
    ["u32", "int"],
    "int",
    (x: number, index: number) => (x << (31 - index)) >> (31 - index),
  );
  /** The logarithm to base 2, rounded down. Any context. */
  header.plain("ilog2", ["u32"], "int", (x: number) => 31 - Math.clz32(x));
  header.plain("is_power_of_2", ["u32"], "bool", (x: number) => x !== 0 && (x & (x - 1)) === 0);
  header.plain("roundup_pow_of_two", ["u32"], "u32", (x: number) => (x <= 1 ? 1 : 2 ** (32 - Math.clz32(x - 1))));
  header.plain("rounddown_pow_of_two", ["u32"], "u32", (x: number) => 2 ** (31 - Math.clz32(x)));
}
