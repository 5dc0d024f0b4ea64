// linux/uaccess: copying between the kernel and user space.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

const STRNCPY_SLEEPS = "lib/strncpy_from_user.c:127";

export function uaccess(kernel: Kernel): Header {
  const { core, user } = kernel;
  const header = new Header(core);

  /** Copies to user space. Task context, may sleep. Bytes that could NOT be copied. */
  header.steps("copy_to_user", ["user", "ptr", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.copyTo(to, from, bytes),
  );
  /** Copies from user space; what could not be copied is cleared. Task context, may sleep. Bytes that could NOT be copied. */
  header.steps("copy_from_user", ["ptr", "user", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.copyFrom(to, from, bytes),
  );
  /** Copies without fetching absent pages. Any context, page faults off. Bytes that could NOT be copied. */
  header.plain("__copy_to_user_inatomic", ["user", "ptr", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.copyToInAtomic(to, from, bytes),
  );
  /** The same from user space. Any context, page faults off. Bytes that could NOT be copied. */
  header.plain("__copy_from_user_inatomic", ["ptr", "user", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.copyFromInAtomic(to, from, bytes),
  );
  /** What copy_to_user is made of: no access_ok, and nothing says that it may sleep. Task context, may sleep. Bytes that could NOT be copied. */
  header.steps("raw_copy_to_user", ["user", "ptr", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.rawTo(to, from, bytes),
  );
  /** What copy_from_user is made of: what could not be copied is not cleared. Task context, may sleep. Bytes that could NOT be copied. */
  header.steps("raw_copy_from_user", ["ptr", "user", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.rawFrom(to, from, bytes),
  );
  /** Clears user memory. Task context, may sleep. Bytes that could NOT be cleared. */
  header.steps("clear_user", ["user", "u32"], "u32", (to: number, bytes: number) => user.clear(to, bytes));
  /** Copies a string, at most so many bytes. Task context, may sleep. Its length without the NUL, or -EFAULT. */
  header.steps(
    "strncpy_from_user",
    ["ptr", "user", "int"],
    "int",
    function* (to: number, from: number, count: number): Steps<number> {
      core.mightSleep("strncpy_from_user", STRNCPY_SLEEPS);
      const can = yield* user.reach(from, count);
      for (let at = 0; at < count; at++) {
        if (at >= can) return -errno.EFAULT;
        const byte = user.take(from + at, 1)[0]!;
        core.memory.store(to + at, 1, byte);
        if (byte === 0) return at;
      }
      return count;
    },
  );
  /** The length of a string with its NUL. Task context, may sleep. 0: it is not all there; more than `count`: too long. */
  header.steps("strnlen_user", ["user", "int"], "int", function* (from: number, count: number): Steps<number> {
    core.mightSleep("strnlen_user", "lib/strnlen_user.c:117");
    const can = yield* user.reach(from, count);
    for (let at = 0; at < count; at++) {
      if (at >= can) return 0;
      if (user.take(from + at, 1)[0] === 0) return at + 1;
    }
    return count + 1;
  });
  /** Whether a range lies in user space at all, mapped or not. Task context. */
  header.plain("access_ok", ["user", "u32"], "bool", (address: number, bytes: number) => user.accessOk(address, bytes));
  /** Absent user pages are not fetched until pagefault_enable. Any context. */
  header.plain("pagefault_disable", [], "void", () => core.preemptDisable());
  /** Undoes one pagefault_disable. Any context. */
  header.plain("pagefault_enable", [], "void", () => core.preemptEnable());
  scalars(header, kernel);
  return header;
}

type Bytes = 1 | 2 | 4 | 8;

/** get_user and put_user, and the forms with underscores, which leave access_ok to the caller. */
function scalars(header: Header, kernel: Kernel): void {
  for (const prefix of ["", "__"]) {
    /** Reads a scalar into `*to`. Task context, may sleep. 0, or -EFAULT with `*to` cleared. */
    header.steps(
      `${prefix}get_user`,
      ["ptr", "user"],
      "int",
      (to: number, from: number, size: number) => get(kernel, to, from, (size || 4) as Bytes),
      { measures: [0] },
    );
    /** Writes a scalar of the given type, or of 32 bits. Task context, may sleep. 0, or -EFAULT. */
    header.steps(
      `${prefix}put_user`,
      ["any", "user", "size"],
      "int",
      (value: number | bigint, to: number, size: number) => put(kernel, value, to, (size || 4) as Bytes),
      { optional: 1 },
    );
  }
}

function* get({ user }: Kernel, to: number, from: number, size: Bytes): Steps<number> {
  const left = yield* user.copyFrom(to, from, size, "__get_user");
  return left === 0 ? 0 : -errno.EFAULT;
}

function* put({ core, user }: Kernel, value: number | bigint, to: number, size: Bytes): Steps<number> {
  const unwritten = core.memory.passedOn(value, size);
  core.mightSleep("__put_user", "include/linux/uaccess.h:195");
  if ((yield* user.reach(to, size, true)) < size) return -errno.EFAULT;
  if (unwritten !== undefined) user.leaked(to, unwritten, size);
  const bits = BigInt.asUintN(64, BigInt(value));
  user.put(
    to,
    Uint8Array.from({ length: size }, (_, byte) => Number((bits >> BigInt(8 * byte)) & 0xffn)),
  );
  return 0;
}
