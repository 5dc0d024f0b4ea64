// Of linux/fs: what drivers ask of inodes and of the names that lead to them.
import { BOOT_SECONDS } from "../kernel/jiffies.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { dentry, file, inode, offsetOf, qstr } from "../kernel/layouts.ts";
import { timespec64 } from "../kernel/time-layouts.ts";
import type { Header } from "./header.ts";

export function inodes(header: Header, { core, files, statics }: Kernel): void {
  header.layout("dentry", dentry);
  header.layout("qstr", qstr);
  /** The name under which a file was opened. Any context. */
  header.plain("file_dentry", [file], dentry, (it: number) => files.dentryOf(it));
  /** A number for a new inode, another each time, never 0. Any context. */
  header.plain("get_next_ino", [], "u32", () => files.nextIno());
  /** The time of day at the last tick, as inodes keep it; it lies on the caller's stack. Any context. */
  header.plain("current_time", [inode], timespec64, () => {
    const nanos = Math.floor(core.engine.clock.nanos);
    const at = statics.stack.push(timespec64.size, timespec64.align);
    const coarse = nanos - (nanos % 1_000_000);
    core.memory.store64(at + offsetOf(timespec64, "tv_sec"), BOOT_SECONDS + BigInt(Math.floor(coarse / 1e9)));
    core.memory.store(at + offsetOf(timespec64, "tv_nsec"), 4, coarse % 1e9);
    return at;
  });
}
