// Open files: system calls, as the virtual file system makes them of a driver's operations.

import type { Raw, StackAllocator, Steps } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import type { CharDevices } from "./char-devices.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { IovIters, Segment } from "./iov-iter.ts";
import { dentry, file, file_operations, inode, offsetOf, qstr } from "./layouts.ts";
import type { Modules } from "./modules.ts";
import type { Slab } from "./slab.ts";
import { putText } from "./text.ts";

export const O_RDONLY = 0o0;
export const O_WRONLY = 0o1;
export const O_RDWR = 0o2;
export const O_ACCMODE = 0o3;
export const O_TRUNC = 0o1000;
export const O_NONBLOCK = 0o4000;
/** O_ASYNC, once a driver has agreed to it. */
export const FASYNC = 0o20000;
export const FMODE_READ = 0x1;
export const FMODE_WRITE = 0x2;
export const FMODE_LSEEK = 0x4;
export const FMODE_PREAD = 0x8;
export const FMODE_PWRITE = 0x10;
export const SEEK_SET = 0;
export const SEEK_CUR = 1;
export const SEEK_END = 2;
const S_IFCHR = 0o020000;
export const S_IFREG = 0o100000;
/** At most this much is read or written at once, include/linux/fs.h. */
const MAX_RW_COUNT = 0x7ffff000;

/** A table of operations: its struct, and where an operation of struct file_operations stands in it. */
export interface OperationTable {
  readonly layout: Layout;
  member(operation: string): string;
}

const FILE_OPERATIONS: OperationTable = { layout: file_operations, member: (operation) => operation };

/** What a path leads to. */
export interface Entry {
  readonly mode: number;
  readonly devt?: number;
  readonly cdev?: number;
  readonly ino?: number;
  readonly size?: number;
  /** Begins as the inode's i_private, and as the file's private_data. */
  readonly inodeData?: number;
  readonly fileData?: number;
  /** The address of its operations, 0 for none; in struct file_operations where no table is named. */
  readonly fops: number;
  readonly table?: OperationTable;
  /** The function of the kernel that opens it. */
  readonly via: string;
  /** Modules that stay loaded while it is open. */
  readonly owners: readonly number[];
  /** Stands before each operation, and after it; a file whose driver is gone answers with an errno instead. */
  enter?(): number;
  leave?(): void;
  /** Told when it is open, and when it is closed. */
  opened?(file: OpenFile): void;
  closed?(file: OpenFile): void;
}

/** Cleared files and inodes come from the slab, so that a driver that keeps one too long is found out. */
export interface OpenFile {
  readonly address: number;
  readonly inode: number;
  readonly entry: Entry;
  /** The last part of its path. */
  readonly name: string;
  /** Made when somebody asks for it. */
  dentry: number;
  /** Its descriptor, and each area that it is mapped in. */
  references: number;
  /** Its release function was called already. */
  isReleased: boolean;
}

/** Finds what a path within a file system leads to, for a file opened with these flags; a negative errno. */
type Lookup = (path: string, flags: number) => Entry | number;

export class Files {
  /** A process is about to close its files: what it has mapped is unmapped before. */
  whenExiting: (task: Task) => Steps<void> = function* () {};
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly devices: CharDevices;
  private readonly modules: Modules;
  private readonly stack: StackAllocator;
  private readonly iters: IovIters;
  private readonly mounts: [at: string, lookup: Lookup][] = [];
  private lastIno = 0;
  /** Files in whose open function a task is. */
  private readonly opening = new Map<Task, OpenFile>();
  private readonly tables = new Map<Task, Map<number, OpenFile>>();

  constructor(core: Core, slab: Slab, devices: CharDevices, modules: Modules, stack: StackAllocator, iters: IovIters) {
    this.core = core;
    this.slab = slab;
    this.devices = devices;
    this.modules = modules;
    this.stack = stack;
    this.iters = iters;
    this.mount("/dev", (name) => this.device(name));
  }

  /** A file system becomes reachable below a path. */
  mount(at: string, lookup: Lookup): void {
    this.mounts.push([`${at}/`, lookup]);
    // Of those that lie in each other the inner one is asked first.
    this.mounts.sort(([a], [b]) => b.length - a.length);
  }

  /** A file descriptor, or a negative errno. */
  *open(path: string, flags: number): Steps<number> {
    const entry = this.find(path, flags);
    if (typeof entry === "number") return entry;
    const opened = this.create(entry, flags, path.slice(path.lastIndexOf("/") + 1));
    this.opening.set(this.core.task, opened);
    const result = yield* this.operate(entry.via, opened, "open", [opened.inode, opened.address]);
    this.opening.delete(this.core.task);
    if (result !== undefined && result !== 0) {
      this.drop(opened);
      return result;
    }
    // The driver's open saw it; fcntl() does not, as in do_dentry_open().
    const f_flags = opened.address + offsetOf(file, "f_flags");
    this.core.memory.poke(f_flags, 4, this.core.memory.peek(f_flags, 4) & ~O_TRUNC);
    entry.opened?.(opened);
    const table = this.table();
    // 0, 1 and 2 are what every process begins with.
    let fd = 3;
    while (table.has(fd)) fd++;
    table.set(fd, opened);
    return fd;
  }

  *close(fd: number): Steps<number> {
    const opened = this.table().get(fd);
    if (opened === undefined) return -errno.EBADF;
    this.table().delete(fd);
    yield* this.put(opened);
    return 0;
  }

  /** A process that ends closes its files; after an oops another task does that for it. */
  *closeAll(task: Task): Steps<void> {
    yield* this.whenExiting(task);
    for (const opened of [...this.tableOf(task).values()]) yield* this.put(opened);
    this.tables.delete(task);
  }

  /** An open file of the running process. */
  opened(fd: number): OpenFile | undefined {
    return this.table().get(fd);
  }

  /** Whether a process has files open. */
  hasOpen(task: Task): boolean {
    return this.tableOf(task).size > 0;
  }

  /** read(), and pread() where a position is given. */
  *read(fd: number, buffer: number, count: number, from?: number): Steps<number> {
    return yield* this.transfer("vfs_read", fd, "read", FMODE_READ, [[buffer, count]], from);
  }

  /** write(), and pwrite() where a position is given. */
  *write(fd: number, buffer: number, count: number, to?: number): Steps<number> {
    return yield* this.transfer("vfs_write", fd, "write", FMODE_WRITE, [[buffer, count]], to);
  }

  *readv(fd: number, segments: readonly Segment[]): Steps<number> {
    return yield* this.transfer("vfs_readv", fd, "read", FMODE_READ, segments);
  }

  *writev(fd: number, segments: readonly Segment[]): Steps<number> {
    return yield* this.transfer("vfs_writev", fd, "write", FMODE_WRITE, segments);
  }

  *fsync(fd: number): Steps<number> {
    const opened = this.table().get(fd);
    if (opened === undefined) return -errno.EBADF;
    const args = [opened.address, 0n, (1n << 63n) - 1n, 0];
    return (yield* this.operate("vfs_fsync_range", opened, "fsync", args)) ?? -errno.EINVAL;
  }

  *ioctl(fd: number, command: number, argument: number): Steps<number> {
    const opened = this.table().get(fd);
    if (opened === undefined) return -errno.EBADF;
    const args = [opened.address, command, argument];
    const result = yield* this.operate("vfs_ioctl", opened, "unlocked_ioctl", args);
    return result === undefined || result === -errno.ENOIOCTLCMD ? -errno.ENOTTY : result;
  }

  *lseek(fd: number, offset: number, whence: number): Steps<number> {
    const opened = this.table().get(fd);
    if (opened === undefined) return -errno.EBADF;
    const mode = this.core.memory.peek(opened.address + offsetOf(file, "f_mode"), 4);
    if ((mode & FMODE_LSEEK) === 0) return -errno.ESPIPE;
    const args = [opened.address, BigInt(offset), whence];
    // A driver without llseek cannot be positioned, since Linux 6.0.
    return (yield* this.operate("vfs_llseek", opened, "llseek", args)) ?? -errno.ESPIPE;
  }

  /** default_llseek() for a file without an end. */
  seek(address: number, offset: number, whence: number): number {
    const { memory } = this.core;
    const at = address + offsetOf(file, "f_pos");
    const to = whence === SEEK_SET ? offset : whence === SEEK_CUR ? Number(memory.load64(at, true)) + offset : -1;
    if (to < 0) return -errno.EINVAL;
    memory.store64(at, BigInt(to));
    return to;
  }

  /** Calls release, once. */
  *release(opened: OpenFile): Steps<void> {
    if (opened.isReleased) return;
    opened.isReleased = true;
    const flags = this.core.memory.peek(opened.address + offsetOf(file, "f_flags"), 4);
    if ((flags & FASYNC) !== 0) yield* this.call("__fput", opened, "fasync", [-1, opened.address, 0]);
    yield* this.call("__fput", opened, "release", [opened.inode, opened.address]);
  }

  /** get_file(). */
  get(opened: OpenFile): void {
    opened.references += 1;
  }

  /** fput(): who has the last reference releases the file. */
  *put(opened: OpenFile): Steps<void> {
    opened.references -= 1;
    if (opened.references > 0) return;
    yield* this.release(opened);
    opened.entry.closed?.(opened);
    this.drop(opened);
  }

  private *transfer(
    via: string,
    fd: number,
    operation: "read" | "write",
    mode: number,
    segments: readonly Segment[],
    fixed?: number,
  ): Steps<number> {
    const opened = this.table().get(fd);
    const { memory } = this.core;
    const has = opened === undefined ? 0 : memory.peek(opened.address + offsetOf(file, "f_mode"), 4);
    if (opened === undefined || (has & mode) === 0) return -errno.EBADF;
    if (segments.some(([, bytes]) => bytes < 0) || (fixed !== undefined && fixed < 0)) return -errno.EINVAL;
    if (fixed !== undefined && (has & (mode === FMODE_READ ? FMODE_PREAD : FMODE_PWRITE)) === 0) return -errno.ESPIPE;
    // The driver is given a copy of the position, on the stack of ksys_read().
    const mark = this.stack.mark();
    const position = this.stack.push(8, 8);
    const at = opened.address + offsetOf(file, "f_pos");
    memory.store64(position, fixed === undefined ? memory.load64(at, true) : BigInt(fixed));
    const result = yield* this.move(via, opened, operation, segments, position);
    if (result !== undefined && result >= 0 && fixed === undefined) memory.store64(at, memory.load64(position, true));
    this.stack.release(mark);
    return result ?? -errno.EINVAL;
  }

  /** read or write, for one piece after the other; read_iter or write_iter for several, or where there is nothing else. */
  private *move(
    via: string,
    opened: OpenFile,
    operation: "read" | "write",
    segments: readonly Segment[],
    position: number,
  ): Steps<number | undefined> {
    const iter = `${operation}_iter` as const;
    if (this.has(opened, iter) && (!this.has(opened, operation) || segments.length > 1)) {
      return yield* this.iters.call(opened.address, operation === "write", segments, position, (args) =>
        this.operate(via, opened, iter, args),
      );
    }
    let done = 0;
    for (const [base, bytes] of segments) {
      const args = [opened.address, base, Math.min(bytes, MAX_RW_COUNT), position];
      const result = yield* this.operate(via, opened, operation, args);
      if (result === undefined || result < 0) return done > 0 ? done : result;
      done += result;
      if (result < bytes) break;
    }
    return done;
  }

  /** Calls an operation; undefined when the driver has none. */
  *operate(via: string, opened: OpenFile, operation: string, args: readonly Raw[]): Steps<number | undefined> {
    const { entry } = opened;
    const refused = entry.enter?.() ?? 0;
    if (refused !== 0) return refused;
    const result = yield* this.call(via, opened, operation, args);
    entry.leave?.();
    return result;
  }

  /** Whether the driver has an operation. */
  has(opened: OpenFile, operation: string): boolean {
    return this.functionOf(opened, operation) !== 0;
  }

  private *call(via: string, opened: OpenFile, operation: string, args: readonly Raw[]): Steps<number | undefined> {
    const address = this.functionOf(opened, operation);
    if (address === 0) return undefined;
    return yield* this.core.steps(via, this.core.callDriver(address, args));
  }

  /** The driver's function for an operation; 0 when it has none, or when its table has no place for one. */
  private functionOf({ entry: { fops, table = FILE_OPERATIONS } }: OpenFile, operation: string): number {
    const member = table.layout.members.find(({ name }) => name === table.member(operation));
    return fops === 0 || member === undefined ? 0 : this.core.memory.load(fops + member.offset, 4, false);
  }

  /** Of those that are mounted at one path, such as the kinds of nodes in /dev, the first that has it. */
  private find(path: string, flags: number): Entry | number {
    for (const [at, lookup] of this.mounts) {
      const entry = path.startsWith(at) ? lookup(path.slice(at.length), flags) : -errno.ENOENT;
      if (entry !== -errno.ENOENT) return entry;
    }
    return -errno.ENOENT;
  }

  /** chrdev_open() of a node in /dev. */
  private device(name: string): Entry | number {
    const node = this.devices.node(name);
    if (node === undefined) return -errno.ENOENT;
    const driver = this.devices.driverOf(node.devt);
    if (driver === undefined) return -errno.ENXIO;
    const owners = this.pin(driver.fops, driver.kind === "cdev" ? driver.owner : 0);
    if (owners === undefined) return -errno.ENXIO;
    const common = { mode: S_IFCHR | 0o600, devt: node.devt, fops: driver.fops, owners, via: "chrdev_open" };
    return driver.kind === "cdev" ? { ...common, cdev: driver.cdev } : { ...common, fileData: driver.misc };
  }

  /** fops_get() and cdev_get(): undefined when a module is going. */
  private pin(fops: number, owner: number): readonly number[] | undefined {
    const owners = [this.core.memory.load(fops + offsetOf(file_operations, "owner"), 4, false), owner];
    const got: number[] = [];
    for (const module of owners.filter((address) => address !== 0)) {
      if (this.modules.get(module)) got.push(module);
      else {
        for (const earlier of got) this.modules.put(earlier);
        return undefined;
      }
    }
    return got;
  }

  /** get_next_ino(). */
  nextIno(): number {
    this.lastIno = (this.lastIno + 1) >>> 0 || 1;
    return this.lastIno;
  }

  /** file_dentry(): 0 for what is no open file. */
  dentryOf(address: number): number {
    const all = [...this.opening.values(), ...[...this.tables.values()].flatMap((table) => [...table.values()])];
    const opened = all.find((one) => one.address === address);
    if (opened === undefined) return 0;
    if (opened.dentry === 0) {
      const { memory } = this.core;
      opened.dentry = this.slab.reserve(dentry.size + opened.name.length + 1, "dentry");
      const name = opened.dentry + dentry.size;
      putText(memory, name, opened.name);
      memory.poke(opened.dentry + offsetOf(dentry, "d_inode"), 4, opened.inode);
      const at = opened.dentry + offsetOf(dentry, "d_name");
      memory.poke(at + offsetOf(qstr, "len"), 4, opened.name.length);
      memory.poke(at + offsetOf(qstr, "name"), 4, name);
    }
    return opened.dentry;
  }

  private create(entry: Entry, flags: number, name: string): OpenFile {
    const { memory } = this.core;
    const node = this.slab.reserve(inode.size, "inode_cache");
    memory.poke(node + offsetOf(inode, "i_mode"), 2, entry.mode);
    memory.poke(node + offsetOf(inode, "i_ino"), 4, entry.ino ?? 0);
    memory.poke(node + offsetOf(inode, "i_rdev"), 4, entry.devt ?? 0);
    memory.poke(node + offsetOf(inode, "i_cdev"), 4, entry.cdev ?? 0);
    memory.poke(node + offsetOf(inode, "i_private"), 4, entry.inodeData ?? 0);
    memory.store64(node + offsetOf(inode, "i_size"), BigInt(entry.size ?? 0));
    const address = this.slab.reserve(file.size, "filp");
    const access = flags & 3;
    const mode = (access === O_WRONLY ? 0 : FMODE_READ) | (access === O_RDONLY ? 0 : FMODE_WRITE);
    this.poke(address, "f_op", entry.table === undefined ? entry.fops : 0);
    this.poke(address, "f_inode", node);
    this.poke(address, "f_flags", flags);
    this.poke(address, "f_mode", mode | FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
    this.poke(address, "private_data", entry.fileData ?? 0);
    return { address, inode: node, entry, name, dentry: 0, references: 1, isReleased: false };
  }

  private drop({ address, inode: node, entry, dentry: own }: OpenFile): void {
    if (own !== 0) this.slab.kfree(own);
    this.slab.kfree(address);
    this.slab.kfree(node);
    for (const owner of entry.owners) this.modules.put(owner);
  }

  private poke(address: number, member: string, value: number): void {
    this.core.memory.poke(address + offsetOf(file, member), 4, value);
  }

  private table(): Map<number, OpenFile> {
    return this.tableOf(this.core.task);
  }

  private tableOf(task: Task): Map<number, OpenFile> {
    let table = this.tables.get(task);
    if (table === undefined) {
      table = new Map();
      this.tables.set(task, table);
    }
    return table;
  }
}
