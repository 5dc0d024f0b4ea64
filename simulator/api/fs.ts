// linux/fs and linux/cdev: files as a character device sees them, and the numbers they are found by.

import type { Steps } from "../engine/interfaces.ts";
import * as chardevs from "../kernel/char-devices.ts";
import { errno } from "../kernel/errno.ts";
import { fasync_struct } from "../kernel/file-events.ts";
import {
  FASYNC,
  FMODE_LSEEK,
  FMODE_PREAD,
  FMODE_PWRITE,
  FMODE_READ,
  FMODE_WRITE,
  O_ACCMODE,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../kernel/files.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { cdev as cdev_layout, file, file_operations, inode, offsetOf } from "../kernel/layouts.ts";
import { Header } from "./header.ts";
import { inodes } from "./inode.ts";
import { asynchronousIo } from "./uio.ts";

const MINORS = 256;

export function fs(kernel: Kernel): Header {
  const { core, files } = kernel;
  const header = new Header(core);
  header.layout("inode", inode);
  header.layout("file", file);
  header.layout("file_operations", file_operations);
  header.layout("cdev", cdev_layout);
  header.constants({ O_RDONLY, O_WRONLY, O_RDWR, O_ACCMODE, O_TRUNC, O_NONBLOCK });
  header.constants({ FMODE_READ, FMODE_WRITE, SEEK_SET, SEEK_CUR, SEEK_END });
  numbers(header, kernel);
  buffers(header, kernel);

  const rdev = (it: number): number => core.memory.load(it + offsetOf(inode, "i_rdev"), 4, false);
  /** Minor and major number of a device node. Any context. */
  header.plain("iminor", [inode], "u32", (it: number) => chardevs.minorOf(rdev(it)));
  header.plain("imajor", [inode], "u32", (it: number) => chardevs.majorOf(rdev(it)));
  /** The inode of an open file. Any context. */
  header.plain("file_inode", [file], inode, (it: number) => core.memory.load(it + offsetOf(file, "f_inode"), 4, false));
  const clearMode = (it: number, bits: number): void => {
    const at = it + offsetOf(file, "f_mode");
    core.memory.store(at, 4, core.memory.load(at, 4, false) & ~bits);
  };
  /** Says in open that the file has no position. Task context. 0. */
  header.plain("nonseekable_open", [inode, file], "int", (_: number, it: number) => {
    clearMode(it, FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
    return 0;
  });
  /** The same for a file that is read and written at once. Task context. 0. */
  header.plain("stream_open", [inode, file], "int", (_: number, it: number) => {
    clearMode(it, FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
    return 0;
  });
  /** An open that makes the inode's data the file's. Task context. 0. */
  header.plain("simple_open", [inode, file], "int", (node: number, it: number) => {
    const data = core.memory.load(node + offsetOf(inode, "i_private"), 4, false);
    if (data !== 0) core.memory.store(it + offsetOf(file, "private_data"), 4, data);
    return 0;
  });
  inodes(header, kernel);
  asynchronousIo(header, kernel);
  seeks(header, kernel);
  fasync(header, kernel);
  /** An llseek that changes nothing. Task context. The position. */
  header.plain("noop_llseek", [file, "s64", "int"], "s64", (it: number) =>
    core.memory.load64(it + offsetOf(file, "f_pos"), true),
  );
  /** The usual llseek. Task context, may sleep. The new position, or -EINVAL. */
  header.plain("default_llseek", [file, "s64", "int"], "s64", (it: number, offset: bigint, whence: number) => {
    // It takes the inode's rwsem.
    core.mightSleep("default_llseek", "kernel/locking/rwsem.c:1576");
    return BigInt(files.seek(it, Number(offset), whence));
  });
  return header;
}

/** llseek of files with an end. */
function seeks(header: Header, { core }: Kernel): void {
  const { memory } = core;
  const seek = (it: number, offset: bigint, whence: number, end: bigint | undefined, most: bigint): bigint => {
    const at = it + offsetOf(file, "f_pos");
    let to = offset;
    if (whence === SEEK_CUR) to = memory.load64(at, true) + offset;
    else if (whence === SEEK_END && end !== undefined) to = end + offset;
    else if (whence !== SEEK_SET) return BigInt(-errno.EINVAL);
    if (to < 0n || to > most) return BigInt(-errno.EINVAL);
    memory.store64(at, to);
    return to;
  };
  const MAX = (1n << 63n) - 1n;
  /** The llseek of a file whose inode has a size. Task context. The new position, or -EINVAL. */
  header.plain("generic_file_llseek", [file, "s64", "int"], "s64", (it: number, offset: bigint, whence: number) => {
    const node = memory.load(it + offsetOf(file, "f_inode"), 4, false);
    return seek(it, offset, whence, memory.load64(node + offsetOf(inode, "i_size"), true), MAX);
  });
  /** The llseek of a file of a given size, which ends there. Task context. The new position, or -EINVAL. */
  header.plain(
    "fixed_size_llseek",
    [file, "s64", "int", "s64"],
    "s64",
    (it: number, offset: bigint, whence: number, size: bigint) => seek(it, offset, whence, size, size),
  );
  /** The llseek of a file without an end. Task context. The new position, or -EINVAL. */
  header.plain("no_seek_end_llseek", [file, "s64", "int"], "s64", (it: number, offset: bigint, whence: number) =>
    seek(it, offset, whence, undefined, MAX),
  );
}

function fasync(header: Header, { events }: Kernel): void {
  header.layout("fasync_struct", fasync_struct);
  header.constants({ POLL_IN: 1, POLL_OUT: 2, POLL_MSG: 3, POLL_ERR: 4, POLL_PRI: 5, POLL_HUP: 6, FASYNC });
  /** Puts a file into the list of those that are told, or takes it out. Task context, may sleep. 1 when that changed it, 0, or a negative errno. */
  header.plain("fasync_helper", ["int", file, "int", "ptr"], "int", (fd: number, it: number, on: number, to: number) =>
    events.helper(fd, it, on !== 0, to),
  );
  /** Tells them. Any context. */
  header.plain("kill_fasync", ["ptr", "int", "int"], "void", (from: number, signal: number) =>
    events.kill(from, signal),
  );
}

function numbers(header: Header, kernel: Kernel): void {
  const { chardevs: devices, slab } = kernel;
  /** A device number, and its parts. Any context. */
  header.plain("MKDEV", ["u32", "u32"], "u32", chardevs.mkdev);
  header.plain("MAJOR", ["u32"], "u32", chardevs.majorOf);
  header.plain("MINOR", ["u32"], "u32", chardevs.minorOf);
  const words = (devt: number): string => `${chardevs.majorOf(devt)}:${chardevs.minorOf(devt)}`;
  /** Writes a number as `major:minor` and a newline. Any context. Characters written. */
  header.plain("print_dev_t", ["ptr", "u32"], "int", (to: number, devt: number) => {
    kernel.putText(to, `${words(devt)}\n`);
    return words(devt).length + 1;
  });
  /** The same without the newline. Any context. The buffer. */
  header.plain("format_dev_t", ["ptr", "u32"], "string", (to: number, devt: number) => {
    kernel.putText(to, words(devt));
    return to;
  });
  /** Reserves numbers with a major of the kernel's choice; the first goes to `*dev`. Task context, may sleep. 0, or a negative errno. */
  header.plain(
    "alloc_chrdev_region",
    ["ptr", "u32", "u32", "string"],
    "int",
    (to: number, base: number, count: number, name: number) =>
      devices.allocRegion(to, base, count, kernel.textAt(name)),
  );
  /** Reserves given numbers. Task context, may sleep. 0, or -EBUSY. */
  header.plain(
    "register_chrdev_region",
    ["u32", "u32", "string"],
    "int",
    (first: number, count: number, name: number) => devices.registerRegion(first, count, kernel.textAt(name)),
  );
  /** Gives numbers back. Task context, may sleep. */
  header.plain("unregister_chrdev_region", ["u32", "u32"], "void", (first: number) => devices.unregisterRegion(first));
  /** Reserves 256 minors and attaches operations; major 0 means any. Task context, may sleep. The major chosen, 0, or a negative errno. */
  header.plain(
    "register_chrdev",
    ["u32", "string", file_operations],
    "int",
    (major: number, name: number, fops: number) => {
      const first = chardevs.mkdev(major === 0 ? devices.freeMajor() : major, 0);
      const result = devices.registerRegion(first, MINORS, kernel.textAt(name));
      if (result < 0) return result;
      const address = slab.reserve(cdev_layout.size, "cdev");
      devices.cdevInit(address, fops);
      devices.cdevAdd(address, first, MINORS);
      return major === 0 ? chardevs.majorOf(first) : 0;
    },
  );
  /** Undoes register_chrdev. Task context, may sleep. */
  header.plain("unregister_chrdev", ["u32", "string"], "void", (major: number) => {
    const driver = devices.driverOf(chardevs.mkdev(major, 0));
    if (driver?.kind === "cdev") {
      devices.cdevDel(driver.cdev);
      slab.kfree(driver.cdev);
    }
    devices.unregisterRegion(chardevs.mkdev(major, 0));
  });
}

function buffers(header: Header, { core, user }: Kernel): void {
  const { memory } = core;
  /** What a copy at `*ppos` comes to: the position, or a negative errno, and how much there is. */
  const window = (ppos: number, count: number, available: number): number => {
    const at = memory.load64(ppos, true);
    if (at < 0n) return -errno.EINVAL;
    return at >= BigInt(available) || count === 0 ? 0 : Math.min(count, available - Number(at));
  };
  const finish = (ppos: number, bytes: number, left: number): number => {
    if (left === bytes) return -errno.EFAULT;
    memory.store64(ppos, memory.load64(ppos, true) + BigInt(bytes - left));
    return bytes - left;
  };
  /** Copies to user space what lies at `*ppos`, and moves it on. Task context, may sleep. Bytes, 0 at the end, or a negative errno. */
  header.steps(
    "simple_read_from_buffer",
    ["user", "u32", "ptr", "ptr", "u32"],
    "int",
    (to: number, count: number, ppos: number, from: number, available: number) =>
      moved(
        () => window(ppos, count, available),
        (bytes) => user.copyTo(to, from + Number(memory.load64(ppos, true)), bytes),
        (bytes, left) => finish(ppos, bytes, left),
      ),
  );
  /** Copies from user space to `*ppos`, and moves it on. Task context, may sleep. As simple_read_from_buffer. */
  header.steps(
    "simple_write_to_buffer",
    ["ptr", "u32", "ptr", "user", "u32"],
    "int",
    (to: number, available: number, ppos: number, from: number, count: number) =>
      moved(
        () => window(ppos, count, available),
        (bytes) => user.copyFrom(to + Number(memory.load64(ppos, true)), from, bytes),
        (bytes, left) => finish(ppos, bytes, left),
      ),
  );
}

function* moved(
  count: () => number,
  copy: (bytes: number) => Steps<number>,
  finish: (bytes: number, left: number) => number,
): Steps<number> {
  const bytes = count();
  return bytes <= 0 ? bytes : finish(bytes, yield* copy(bytes));
}

export function cdev({ chardevs: devices, core }: Kernel): Header {
  const header = new Header(core);
  header.layout("cdev", cdev_layout);
  /** Makes a cdev ready. Any context. */
  header.plain("cdev_init", [cdev_layout, file_operations], "void", (it: number, fops: number) =>
    devices.cdevInit(it, fops),
  );
  /** Makes the device live. Task context, may sleep. 0, or a negative errno. */
  header.plain("cdev_add", [cdev_layout, "u32", "u32"], "int", (it: number, first: number, count: number) =>
    devices.cdevAdd(it, first, count),
  );
  /** Removes the device; open files stay open. Task context, may sleep. */
  header.plain("cdev_del", [cdev_layout], "void", (it: number) => devices.cdevDel(it));
  return header;
}
