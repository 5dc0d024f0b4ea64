// linux/string, linux/kernel and linux/ioctl: bytes, texts and numbers.
import type { Raw, Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { encode } from "../kernel/text.ts";
import { Header } from "./header.ts";

export function string(kernel: Kernel): Header {
  const { core, slab } = kernel;
  const { memory } = core;
  const header = new Header(core);
  const text = (address: number): string => {
    memory.touch(address, 1, false);
    return kernel.textAt(address);
  };
  const sign = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

  /** Sets bytes. Any context. The address. */
  header.plain("memset", ["ptr", "u8", "u32"], "ptr", (to: number, byte: number, count: number) => {
    memory.touch(to, count, true);
    memory.bytesAt(to, count).fill(byte);
    return to;
  });
  /** Copies bytes; memmove allows that the regions overlap. Any context. The address. */
  for (const name of ["memcpy", "memmove"]) {
    header.plain(name, ["ptr", "ptr", "u32"], "ptr", (to: number, from: number, count: number) => {
      memory.touch(from, count, false);
      memory.touch(to, count, true);
      memory.bytesAt(to, count).set(memory.bytesAt(from, count).slice());
      return to;
    });
  }
  /** Compares bytes. Any context. 0 when equal, else the sign of the first difference. */
  header.plain("memcmp", ["ptr", "ptr", "u32"], "int", (a: number, b: number, count: number) => {
    memory.touch(a, count, false);
    memory.touch(b, count, false);
    for (let at = 0; at < count; at++) {
      const difference = memory.peek(a + at, 1) - memory.peek(b + at, 1);
      if (difference !== 0) return Math.sign(difference);
    }
    return 0;
  });
  /** The length of a text in bytes. Any context. */
  header.plain("strlen", ["string"], "u32", (it: number) => encode(text(it)).length);
  /** Compares texts. Any context. 0 when equal, else the sign of the first difference. */
  header.plain("strcmp", ["string", "string"], "int", (a: number, b: number) => sign(text(a), text(b)));
  /** Compares at most so many bytes of texts. Any context. As strcmp. */
  header.plain("strncmp", ["string", "string", "u32"], "int", (a: number, b: number, count: number) =>
    sign(text(a).slice(0, count), text(b).slice(0, count)),
  );
  /** Copies a text, always with a NUL. Any context. Bytes copied, or -E2BIG when cut. */
  header.plain("strscpy", ["ptr", "string", "u32"], "int", (to: number, from: number, size: number) => {
    const bytes = encode(text(from));
    if (size === 0) return -errno.E2BIG;
    put(kernel, to, bytes, size);
    return bytes.length < size ? bytes.length : -errno.E2BIG;
  });
  /** A copy of a text in memory of its own. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "kstrdup",
    ["string", "u32"],
    "ptr",
    (it: number, gfp: number) => slab.dupText(text(it), gfp, "kstrdup"),
    {
      mayBeNull: true,
    },
  );
  /** A copy of bytes in memory of its own. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "kmemdup",
    ["ptr", "u32", "u32"],
    "ptr",
    (from: number, bytes: number, gfp: number) => slab.kmemdup(from, bytes, gfp),
    { mayBeNull: true },
  );
  return header;
}

export function kernelHeader(kernel: Kernel): Header {
  const { core, log, user } = kernel;
  const header = new Header(core);
  for (const [name, signed] of [
    ["kstrtouint", false],
    ["kstrtoint", true],
  ] as const) {
    const parse = (text: string, base: number, to: number): number => {
      const value = parseNumber(text, base, signed);
      if (typeof value === "number") return value;
      core.memory.store(to, 4, Number(BigInt.asUintN(32, value)));
      return 0;
    };
    /** Reads a number from a text into `*res`. Any context. 0, -EINVAL, or -ERANGE. */
    header.plain(name, ["string", "u32", "ptr"], "int", (it: number, base: number, to: number) =>
      parse(kernel.textAt(it), base, to),
    );
    /** The same from user space. Task context, may sleep. As above, or -EFAULT. */
    header.steps(
      `${name}_from_user`,
      ["user", "u32", "u32", "ptr"],
      "int",
      function* (from: number, count: number, base: number, to: number): Steps<number> {
        core.mightSleep("_copy_from_user", "include/linux/uaccess.h:195");
        // More than the longest number is cut off, lib/kstrtox.c.
        const bytes = Math.min(count, 33);
        if ((yield* user.reach(from, bytes)) < bytes) return -errno.EFAULT;
        return parse(kernel.textAt(from, bytes), base, to);
      },
    );
  }
  /** Prints into a buffer, always with a NUL. Any context. Bytes that there would have been. */
  header.plain("snprintf", ["ptr", "u32", "format"], "int", (to: number, size: number, format: number, ...v: Raw[]) => {
    const bytes = encode(log.format(kernel.textAt(format), v));
    if (size > 0) put(kernel, to, bytes, size);
    return bytes.length;
  });
  /** Prints into a buffer, always with a NUL. Any context. Bytes written. */
  header.plain(
    "scnprintf",
    ["ptr", "u32", "format"],
    "int",
    (to: number, size: number, format: number, ...v: Raw[]) => {
      const bytes = encode(log.format(kernel.textAt(format), v));
      if (size > 0) put(kernel, to, bytes, size);
      return Math.max(0, Math.min(bytes.length, size - 1));
    },
  );
  /** The smaller and the larger of two numbers. Any context. */
  header.plain("min", ["int", "int"], "int", (a: number, b: number) => Math.min(a, b));
  header.plain("max", ["int", "int"], "int", (a: number, b: number) => Math.max(a, b));
  return header;
}

/** How commands of an ioctl are numbered, include/uapi/asm-generic/ioctl.h. */
export function ioctl({ core }: Kernel): Header {
  const header = new Header(core);
  const command =
    (direction: number) =>
    (type: number, nr: number, size = 0): number =>
      ((direction << 30) | ((size & 0x3fff) << 16) | ((type & 0xff) << 8) | (nr & 0xff)) >>> 0;
  /** _IO … _IOWR number a command by its direction, as user space sees it. Any context. */
  header.plain("_IO", ["u32", "u32"], "u32", command(0));
  header.plain("_IOW", ["u32", "u32", "size"], "u32", command(1));
  header.plain("_IOR", ["u32", "u32", "size"], "u32", command(2));
  header.plain("_IOWR", ["u32", "u32", "size"], "u32", command(3));
  return header;
}

/** As much as fits before a NUL. */
function put({ core: { memory } }: Kernel, to: number, bytes: readonly number[], size: number): void {
  const fits = bytes.slice(0, size - 1);
  memory.touch(to, fits.length + 1, true);
  memory.bytesAt(to, fits.length + 1).set([...fits, 0]);
}

/** A bigint, or a negative errno. One newline may follow. */
function parseNumber(text: string, base: number, signed: boolean): bigint | number {
  const match = /^([-+]?)(0[xX])?([0-9a-zA-Z]+)\n?$/.exec(text);
  if (match === null || (match[1] === "-" && !signed)) return -errno.EINVAL;
  const digits = match[3]!;
  const radix = base !== 0 ? base : match[2] !== undefined ? 16 : digits.startsWith("0") ? 8 : 10;
  if (match[2] !== undefined && radix !== 16) return -errno.EINVAL;
  let value = 0n;
  for (const digit of digits) {
    const one = Number.parseInt(digit, 36);
    if (one >= radix) return -errno.EINVAL;
    value = value * BigInt(radix) + BigInt(one);
  }
  if (match[1] === "-") value = -value;
  const fits = signed ? BigInt.asIntN(32, value) === value : BigInt.asUintN(32, value) === value;
  return fits ? value : -errno.ERANGE;
}
