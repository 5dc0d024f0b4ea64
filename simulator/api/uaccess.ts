// linux/uaccess: copying between the kernel and user space.
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function uaccess(kernel: Kernel): Header {
  const { core, user } = kernel;
  const header = new Header(core);

  /** Copies to user space. Task context, may sleep. Bytes that could NOT be copied. */
  header.plain("copy_to_user", ["user", "ptr", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.copyTo(to, from, bytes),
  );
  /** Copies from user space; what could not be copied is cleared. Task context, may sleep. Bytes that could NOT be copied. */
  header.plain("copy_from_user", ["ptr", "user", "u32"], "u32", (to: number, from: number, bytes: number) =>
    user.copyFrom(to, from, bytes),
  );
  /** Clears user memory. Task context, may sleep. Bytes that could NOT be cleared. */
  header.plain("clear_user", ["user", "u32"], "u32", (to: number, bytes: number) => user.clear(to, bytes));
  /** Copies a string, at most so many bytes. Task context, may sleep. Its length without the NUL, or -EFAULT. */
  header.plain("strncpy_from_user", ["ptr", "user", "int"], "int", (to: number, from: number, count: number) => {
    core.mightSleep("strncpy_from_user", "lib/strncpy_from_user.c:127");
    const can = user.reach(from, count);
    for (let at = 0; at < count; at++) {
      if (at >= can) return -errno.EFAULT;
      const byte = core.memory.peek(from + at, 1);
      core.memory.store(to + at, 1, byte);
      if (byte === 0) return at;
    }
    return count;
  });
  /** Whether a range lies in user space at all, mapped or not. Task context. */
  header.plain("access_ok", ["user", "u32"], "bool", (address: number, bytes: number) => user.accessOk(address, bytes));
  return header;
}
