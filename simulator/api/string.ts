// linux/string and linux/ctype: bytes and texts.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
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
  /** The same for who reads up to the NUL, wherever it stands. */
  const whole = (address: number): string => {
    memory.touch(address, 1, false);
    let end = address;
    while (isAllowed(memory.shadowAt(end), end) && memory.peek(end, 1) !== 0) end++;
    memory.touch(end, 1, false);
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
      memory.copy(to, from, count);
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
  header.plain("strlen", ["string"], "u32", (it: number) => encode(whole(it)).length);
  /** Compares texts. Any context. 0 when equal, else the sign of the first difference. */
  header.plain("strcmp", ["string", "string"], "int", (a: number, b: number) => sign(whole(a), whole(b)));
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
  more(header, kernel);
  return header;
}

/** What drivers use less often. */
function more(header: Header, kernel: Kernel): void {
  const { core, slab, user } = kernel;
  const { memory } = core;
  const text = (address: number): string => {
    memory.touch(address, 1, false);
    return kernel.textAt(address);
  };
  const bytes = (address: number): readonly number[] => encode(text(address));
  const found = (at: number, index: number): number => (index < 0 ? 0 : at + index);
  const mayBeNull = { mayBeNull: true } as const;

  /** The length of a text, at most so many bytes. Any context. */
  header.plain("strnlen", ["string", "u32"], "u32", (it: number, most: number) =>
    Math.min(encode(kernel.textAt(it, most)).length, most),
  );
  /** Copies a text, and fills up with zeroes. Any context. The address. */
  header.plain("strncpy", ["ptr", "string", "u32"], "ptr", (to: number, from: number, count: number) => {
    memory.touch(to, count, true);
    const target = memory.bytesAt(to, count);
    target.fill(0);
    target.set(bytes(from).slice(0, count));
    return to;
  });
  /** Copies a text and its NUL. Any context. The address. */
  header.plain("strcpy", ["ptr", "string"], "ptr", (to: number, from: number) => {
    kernel.putText(to, text(from));
    return to;
  });
  /** Appends a text. Any context. The address. */
  header.plain("strcat", ["ptr", "string"], "ptr", (to: number, from: number) => {
    kernel.putText(to + bytes(to).length, text(from));
    return to;
  });
  /** The first and the last place of a character. Any context. NULL: nowhere. */
  header.plain(
    "strchr",
    ["string", "u8"],
    "ptr",
    (it: number, c: number) => found(it, [...bytes(it), 0].indexOf(c)),
    mayBeNull,
  );
  header.plain(
    "strrchr",
    ["string", "u8"],
    "ptr",
    (it: number, c: number) => found(it, [...bytes(it), 0].lastIndexOf(c)),
    mayBeNull,
  );
  /** The first place of a text within another. Any context. NULL: nowhere. */
  header.plain(
    "strstr",
    ["string", "string"],
    "ptr",
    (it: number, part: number) => found(it, text(it).indexOf(text(part))),
    mayBeNull,
  );
  /** Whether texts are equal but for a newline at the end. Any context. */
  header.plain(
    "sysfs_streq",
    ["string", "string"],
    "bool",
    (a: number, b: number) => text(a).replace(/\n$/, "") === text(b).replace(/\n$/, ""),
  );
  /** Compares texts without regard to case. Any context. As strcmp. */
  header.plain("strcasecmp", ["string", "string"], "int", (a: number, b: number) => {
    const [one, other] = [text(a).toLowerCase(), text(b).toLowerCase()];
    return one === other ? 0 : one < other ? -1 : 1;
  });
  /** Cuts white space at both ends. Any context. Where the text begins now. */
  header.plain("strim", ["string"], "ptr", (it: number) => {
    const all = text(it);
    const kept = all.trimEnd();
    kernel.putText(it, kept);
    return it + (kept.length - kept.trimStart().length);
  });
  /** Cuts the next part of a text off at one of the separators, and moves `*s` behind it. Any context. NULL: no more. */
  header.plain(
    "strsep",
    ["ptr", "string"],
    "ptr",
    (at: number, separators: number) => {
      const start = memory.load(at, 4, false);
      if (start === 0) return 0;
      const all = text(start);
      const end = [...all].findIndex((character) => text(separators).includes(character));
      if (end >= 0) memory.store(start + end, 1, 0);
      memory.store(at, 4, end < 0 ? 0 : start + end + 1);
      return start;
    },
    mayBeNull,
  );
  /** The first place of a byte. Any context. NULL: nowhere. */
  header.plain(
    "memchr",
    ["ptr", "u8", "u32"],
    "ptr",
    (it: number, c: number, count: number) => {
      memory.touch(it, count, false);
      return found(it, memory.bytesAt(it, count).indexOf(c));
    },
    mayBeNull,
  );
  /** A copy of at most so many bytes of a text. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "kstrndup",
    ["string", "u32", "u32"],
    "ptr",
    (it: number, most: number, gfp: number) => slab.dupText(text(it).slice(0, most), gfp, "kstrndup"),
    mayBeNull,
  );
  /** A copy of user memory. Task context, may sleep. Its address, or an ERR_PTR. */
  for (const [name, ends] of [
    ["memdup_user", 0],
    ["memdup_user_nul", 1],
  ] as const) {
    header.steps(
      name,
      ["user", "u32"],
      "ptr",
      function* (from: number, count: number): Steps<number> {
        const made = yield* slab.kzalloc(count + ends, GFP_KERNEL, name);
        if (made === 0) return -errno.ENOMEM;
        if ((yield* user.copyFrom(made, from, count)) === 0) return made;
        slab.kfree(made);
        return -errno.EFAULT;
      },
      { mayBeErrPtr: true },
    );
  }
}

/** linux/ctype: kinds of characters, of ISO 8859-1's first half. */
export function ctype({ core }: Kernel): Header {
  const header = new Header(core);
  for (const [name, pattern] of [
    ["isalpha", /[A-Za-z]/],
    ["isdigit", /\d/],
    ["isalnum", /[A-Za-z\d]/],
    ["isspace", /[\t\n\v\f\r ]/],
    ["isupper", /[A-Z]/],
    ["islower", /[a-z]/],
    ["isxdigit", /[\dA-Fa-f]/],
    ["isprint", /[ -~]/],
    ["ispunct", /[!-/:-@[-`{-~]/],
  ] as const) {
    /** Whether a character is of a kind. Any context. */
    header.plain(name, ["u8"], "int", (c: number) => pattern.test(String.fromCharCode(c)));
  }
  /** The other case. Any context. */
  header.plain("toupper", ["u8"], "u8", (c: number) => String.fromCharCode(c).toUpperCase().charCodeAt(0));
  header.plain("tolower", ["u8"], "u8", (c: number) => String.fromCharCode(c).toLowerCase().charCodeAt(0));
  return header;
}

/** As much as fits before a NUL. */
export function put({ core: { memory } }: Kernel, to: number, bytes: readonly number[], size: number): void {
  const fits = bytes.slice(0, size - 1);
  memory.touch(to, fits.length + 1, true);
  memory.bytesAt(to, fits.length + 1).set([...fits, 0]);
}

/** Whether a shadow byte lets the byte at an address be touched. */
function isAllowed(code: number, address: number): boolean {
  return code === 0 || (code < 8 && (address & 7) < code);
}
