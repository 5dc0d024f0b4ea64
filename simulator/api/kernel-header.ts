// linux/kernel and the headers that it stands for: numbers from texts, texts from numbers, arithmetic, the end of everything.
import type { Raw, Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { parseNumber } from "../kernel/numbers.ts";
import { scan } from "../kernel/scanf.ts";
import { encode } from "../kernel/text.ts";
import { Header } from "./header.ts";
import { put } from "./string.ts";

/** Name, bits and sign of the kstrto… functions. */
const PARSERS = [
  ["u8", 8, false],
  ["s8", 8, true],
  ["u16", 16, false],
  ["s16", 16, true],
  ["uint", 32, false],
  ["int", 32, true],
  ["u32", 32, false],
  ["s32", 32, true],
  ["ul", 32, false],
  ["l", 32, true],
  ["ull", 64, false],
  ["ll", 64, true],
] as const;

export function kernelHeader(kernel: Kernel): Header {
  const { core } = kernel;
  const header = new Header(core);
  header.constants({ READ: 0, WRITE: 1 });
  parsers(header, kernel);
  printers(header, kernel);
  arithmetic(header);
  endings(header, kernel);
  return header;
}

function parsers(header: Header, kernel: Kernel): void {
  const { core } = kernel;
  const store = (to: number, bits: number, value: bigint): void => {
    if (bits === 64) core.memory.store64(to, value);
    else core.memory.store(to, (bits / 8) as 1 | 2 | 4, Number(BigInt.asUintN(bits, value)));
  };
  for (const [suffix, bits, signed] of PARSERS) {
    const parse = (text: string, base: number, to: number): number => {
      const value = parseNumber(text, base, signed, bits);
      if (typeof value === "number") return value;
      store(to, bits, value);
      return 0;
    };
    // The plain names end as C's types do: kstrtoul, kstrtoll.
    const name = `kstrto${suffix}`;
    /** Reads a number from a text into `*res`. Any context. 0, -EINVAL, or -ERANGE. */
    header.plain(name, ["string", "u32", "ptr"], "int", (it: number, base: number, to: number) =>
      parse(kernel.textAt(it), base, to),
    );
    /** The same from user space. Task context, may sleep. As above, or -EFAULT. */
    header.steps(
      `${name}_from_user`,
      ["user", "u32", "u32", "ptr"],
      "int",
      (from: number, count: number, base: number, to: number) =>
        // More than the longest number is cut off, lib/kstrtox.c.
        fromUser(kernel, from, Math.min(count, bits + 1), (text) => parse(text, base, to)),
    );
  }
  /** `y`, `1`, `on` and their opposites. Any context. 0, or -EINVAL. */
  header.plain("kstrtobool", ["string", "ptr"], "int", (it: number, to: number) =>
    kernel.params.store("bool", to, kernel.textAt(it)),
  );
  /** Reads values from a text as a format says. Any context. How many were read. */
  header.plain("sscanf", ["string", "format"], "int", (it: number, format: number, ...to: Raw[]) =>
    scan(core.memory, kernel.textAt(it), kernel.textAt(format), to.map(Number)),
  );
}

function* fromUser(kernel: Kernel, from: number, bytes: number, parse: (text: string) => number): Steps<number> {
  const { core, user } = kernel;
  core.mightSleep("_copy_from_user", "include/linux/uaccess.h:195");
  if ((yield* user.reach(from, bytes)) < bytes) return -errno.EFAULT;
  return parse(kernel.textAt(from, bytes));
}

function printers(header: Header, kernel: Kernel): void {
  const { log } = kernel;
  /** Prints into a buffer, always with a NUL. Any context. Bytes that there would have been. */
  header.plain("snprintf", ["ptr", "u32", "format"], "int", (to: number, size: number, format: number, ...v: Raw[]) => {
    const bytes = encode(log.format(kernel.textAt(format), v));
    if (size > 0) put(kernel, to, bytes, size);
    return bytes.length;
  });
  /** Prints into a buffer that is large enough. Any context. Bytes written. */
  header.plain("sprintf", ["ptr", "format"], "int", (to: number, format: number, ...v: Raw[]) => {
    const text = log.format(kernel.textAt(format), v);
    kernel.putText(to, text);
    return encode(text).length;
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
  /** Prints into memory that it allocates. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "kasprintf",
    ["u32", "format"],
    "ptr",
    (gfp: number, format: number, ...v: Raw[]) =>
      kernel.slab.dupText(log.format(kernel.textAt(format), v), gfp, "kasprintf"),
    { mayBeNull: true },
  );
}

function arithmetic(header: Header): void {
  /** The smaller and the larger of two numbers. Any context. */
  header.plain("min", ["int", "int"], "int", (a: number, b: number) => Math.min(a, b));
  header.plain("max", ["int", "int"], "int", (a: number, b: number) => Math.max(a, b));
  /** A number, but no less and no more than two others. Any context. */
  header.plain("clamp", ["int", "int", "int"], "int", (value: number, low: number, high: number) =>
    Math.min(Math.max(value, low), high),
  );
  /** A quotient rounded up, and to the nearest. Any context. */
  header.plain("DIV_ROUND_UP", ["u32", "u32"], "u32", (a: number, b: number) => Math.ceil(a / b));
  header.plain("DIV_ROUND_CLOSEST", ["u32", "u32"], "u32", (a: number, b: number) => Math.floor((a + b / 2) / b));
  /** The next multiple, and of a power of two. Any context. */
  header.plain("roundup", ["u32", "u32"], "u32", (a: number, b: number) => Math.ceil(a / b) * b);
  header.plain("rounddown", ["u32", "u32"], "u32", (a: number, b: number) => a - (a % b));
  header.plain("ALIGN", ["u32", "u32"], "u32", (a: number, b: number) => Math.ceil(a / b) * b);
  header.plain("IS_ALIGNED", ["u32", "u32"], "bool", (a: number, b: number) => a % b === 0);
  /** The magnitude. Any context. */
  header.plain("abs", ["int"], "int", (a: number) => Math.abs(a));
  header.plain("swab32", ["u32"], "u32", (a: number) => {
    const bytes = [a & 0xff, (a >>> 8) & 0xff, (a >>> 16) & 0xff, a >>> 24];
    return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  });
  /** The halves of 64 bits. Any context. */
  header.plain("upper_32_bits", ["u64"], "u32", (a: bigint) => Number(a >> 32n));
  header.plain("lower_32_bits", ["u64"], "u32", (a: bigint) => Number(a & 0xffffffffn));
}

/** linux/bug, linux/panic: what a kernel says when it cannot go on, or should not. */
function endings(header: Header, kernel: Kernel): void {
  const { core, log, kthreads, processes } = kernel;
  /** Ends the running task; the kernel exports it no longer, since 5.17. Task context. */
  header.steps("do_exit", ["int"], "void", function* (code: number): Steps<void> {
    if (core.context.isUser) {
      core.mightSleep("do_exit", "include/linux/percpu-rwsem.h:49");
      yield* processes.exit();
    } else yield* kthreads.exit(code, "do_exit");
  });
  /** Says where code that may sleep stands; a report in atomic context. Task context. */
  header.plain("might_sleep", [], "void", () => core.mightSleep("might_sleep", core.here));
  /** Writes the call stack to the log. Any context. */
  header.plain("dump_stack", [], "void", () => core.emit({ kind: "dump-stack", stack: core.stack() }));
  /** Ends the machine: nothing runs any more. Any context. */
  header.steps("panic", ["format"], "void", (format: number, ...values: Raw[]) =>
    kernel.panic(log.format(kernel.textAt(format), values)),
  );
}

export function bug(kernel: Kernel): Header {
  const { core, log } = kernel;
  const header = new Header(core);
  const die = function* (): Steps<void> {
    yield { kind: "fault", fault: { message: `kernel BUG at ${core.here}!` } };
  };
  /** Ends the task, as a processor's trap does. Any context. */
  header.steps("BUG", [], "void", die);
  /** The same when the condition holds. Any context. */
  header.steps("BUG_ON", ["any"], "void", function* (condition: Raw): Steps<void> {
    if (Number(condition) !== 0) yield* die();
  });
  const told = new Set<string>();
  const warn = (condition: Raw, text: string, once: boolean): boolean => {
    if (Number(condition) === 0) return false;
    if (once && told.has(core.here)) return true;
    told.add(core.here);
    kernel.warn(text);
    return true;
  };
  /** Writes a warning with the call stack when the condition holds. Any context. Whether it does. */
  header.plain("WARN_ON", ["any"], "bool", (condition: Raw) => warn(condition, "", false));
  header.plain("WARN_ON_ONCE", ["any"], "bool", (condition: Raw) => warn(condition, "", true));
  /** The same with a message. Any context. Whether the condition holds. */
  header.plain("WARN", ["any", "format"], "bool", (condition: Raw, format: number, ...values: Raw[]) =>
    warn(condition, log.format(kernel.textAt(format), values).replace(/\n$/, ""), false),
  );
  header.plain("WARN_ONCE", ["any", "format"], "bool", (condition: Raw, format: number, ...values: Raw[]) =>
    warn(condition, log.format(kernel.textAt(format), values).replace(/\n$/, ""), true),
  );
  return header;
}
