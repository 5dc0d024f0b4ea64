// Disks as files: what processes do with their nodes in /dev.
// Source: block/fops.c, ioctl.c and bdev.c
import { hook } from "../engine/hook.ts";
import type { Steps } from "../engine/interfaces.ts";
import { PAGE_SIZE } from "./addresses.ts";
import type { BioSubmission } from "./bio-submission.ts";
import type { Bios } from "./bios.ts";
import type { Ground } from "./blk-mq.ts";
import type { BlockCache } from "./block-cache.ts";
import { BLK_FEATURES, BLK_OPEN, hd_geometry, REQ_FLAGS, REQ_OPS, SECTOR_SHIFT, SECTOR_SIZE } from "./block-layouts.ts";
import type { Core } from "./core.ts";
import type { Disk, Disks } from "./disks.ts";
import { errno } from "./errno.ts";
import { type Entry, type Files, FMODE_READ, FMODE_WRITE, O_NONBLOCK, SEEK_CUR, SEEK_END, SEEK_SET } from "./files.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { file, inode, offsetOf } from "./layouts.ts";
import type { Modules } from "./modules.ts";
import { ownOperations } from "./own-operations.ts";
import type { Pages } from "./pages.ts";
import type { RequestQueues } from "./request-queues.ts";
import type { UserMemory } from "./user.ts";

/** include/uapi/asm-generic/fcntl.h and arch/arm/include/uapi/asm/fcntl.h */
export const O_EXCL = 0o200;
export const O_DSYNC = 0o10000;
export const O_SYNC = 0o4010000;
export const O_DIRECT = 0o200000;
const S_IFBLK = 0o060000;

/** include/uapi/linux/fs.h and hdreg.h */
export const BLOCK_IOCTLS = {
  BLKROSET: 0x125d,
  BLKROGET: 0x125e,
  BLKGETSIZE: 0x1260,
  BLKFLSBUF: 0x1261,
  BLKSSZGET: 0x1268,
  BLKPBSZGET: 0x127b,
  BLKGETSIZE64: 0x80041272,
  HDIO_GETGEO: 0x0301,
} as const;

/** What the files stand on beside the block layer. */
interface Around {
  readonly pages: Pages;
  readonly user: UserMemory;
  readonly modules: Modules;
  readonly files: Files;
}

export class BlockFiles {
  private readonly core: Core;
  private readonly ground: Ground;
  private readonly around: Around;
  private readonly bios: Bios;
  private readonly queues: RequestQueues;
  private readonly submission: BioSubmission;
  private readonly disks: Disks;
  private readonly cache: BlockCache;
  private readonly open = new Map<number, Disk>();
  private table: number | undefined;

  constructor(
    ground: Ground,
    around: Around,
    parts: {
      readonly bios: Bios;
      readonly queues: RequestQueues;
      readonly submission: BioSubmission;
      readonly disks: Disks;
      readonly cache: BlockCache;
    },
  ) {
    this.core = ground.core;
    this.ground = ground;
    this.around = around;
    this.bios = parts.bios;
    this.queues = parts.queues;
    this.submission = parts.submission;
    this.disks = parts.disks;
    this.cache = parts.cache;
    hook(this.disks, "scan", (disk) => this.scan(disk));
    hook(this.disks, "sync", (disk) => this.syncDead(disk));
    around.files.mount("/dev", (name) => this.lookup(name));
  }

  private lookup(name: string): Entry | number {
    const disk = this.disks.find(name);
    if (disk === undefined) return -errno.ENOENT;
    const owner = this.disks.op(disk, "owner");
    if (!this.around.modules.get(owner)) return -errno.ENXIO;
    return {
      mode: S_IFBLK | 0o660,
      devt: disk.devt,
      fops: this.operations,
      via: "do_dentry_open",
      owners: owner === 0 ? [] : [owner],
    };
  }

  /** blkdev_get_whole(): 0, or what the driver's open said. */
  private *get(disk: Disk, mode: number): Steps<number> {
    const open = this.disks.op(disk, "open");
    const error = open === 0 ? 0 : yield* this.core.callDriver(open, [disk.address, mode]);
    if (error !== 0) return error;
    this.disks.hold(disk);
    this.openers(disk, 1);
    return 0;
  }

  /** bdev_release(): the last one writes back what is cached. */
  private *release(disk: Disk): Steps<void> {
    if (this.openers(disk, -1) === 0) yield* this.cache.drop(disk);
    const release = this.disks.op(disk, "release");
    if (release !== 0) yield* this.core.callDriver(release, [disk.address]);
    yield* this.disks.put(disk.address, false);
  }

  private openers(disk: Disk, by: number): number {
    const { bdev } = this.disks;
    const count = bdev.get(disk.part0, "bd_openers") + by;
    bdev.set(disk.part0, "bd_openers", count);
    return count;
  }

  /** disk_scan_partitions(): reads the first block; partitions are not made. */
  private *scan(disk: Disk): Steps<void> {
    const error = yield* this.get(disk, BLK_OPEN.BLK_OPEN_READ);
    if (error !== 0) return;
    const page = yield* this.core.steps("bdev_disk_changed", this.cache.read(disk, 0));
    if (page < 0 && page > -4096) this.ground.log.write(` ${disk.name}: unable to read partition table`, 6);
    yield* this.release(disk);
  }

  private *syncDead(disk: Disk): Steps<void> {
    yield* this.cache.drop(disk);
  }

  private get operations(): number {
    this.table ??= ownOperations(this.core, this.ground.statics, "def_blk_fops", {
      open: ["blkdev_open", (_, it) => this.opened(it!)],
      release: ["blkdev_release", (_, it) => this.closed(it!)],
      read: ["blkdev_read_iter", (it, to, count, at) => this.read(it!, to!, count!, at!)],
      write: ["blkdev_write_iter", (it, from, count, at) => this.write(it!, from!, count!, at!)],
      llseek: ["blkdev_llseek", (it, offset, whence) => this.seek(it!, offset!, whence!)],
      fsync: ["blkdev_fsync", (it) => this.fsync(this.of(it!))],
      unlocked_ioctl: ["blkdev_ioctl", (it, command, argument) => this.ioctl(it!, command!, argument!)],
    });
    return this.table;
  }

  private *opened(it: number): Steps<number> {
    const devt = this.core.memory.peek(this.member(it, "f_inode") + offsetOf(inode, "i_rdev"), 4);
    const disk = this.disks.ofDevt(devt);
    if (disk === undefined) return -errno.ENXIO;
    const error = yield* this.get(disk, this.modeOf(it));
    if (error === 0) this.open.set(it, disk);
    return error;
  }

  private *closed(it: number): Steps<number> {
    const disk = this.of(it);
    this.open.delete(it);
    yield* this.release(disk);
    return 0;
  }

  private *read(it: number, to: number, count: number, ppos: number): Steps<number> {
    const disk = this.of(it);
    const { memory } = this.core;
    const from = Number(memory.load64(ppos, true));
    const bytes = Math.min(count, Math.max(0, this.sizeOf(disk) - from));
    if (bytes === 0) return 0;
    if ((this.member(it, "f_flags") & O_DIRECT) !== 0) {
      return yield* this.direct(disk, REQ_OPS.REQ_OP_READ, to, bytes, ppos);
    }
    yield* this.cache.readAhead(disk, pageOf(from), pageOf(from + bytes - 1));
    let done = 0;
    let error = 0;
    while (done < bytes && error === 0) {
      const at = from + done;
      const page = yield* this.cache.read(disk, pageOf(at));
      if (isError(page)) error = page;
      else {
        const part = Math.min(bytes - done, PAGE_SIZE - (at % PAGE_SIZE));
        const left = yield* this.around.user.copyTo(to + done, page + (at % PAGE_SIZE), part, "copy_page_to_iter");
        done += part - left;
        if (left > 0) error = -errno.EFAULT;
      }
    }
    memory.store64(ppos, BigInt(from + done));
    return done > 0 ? done : error;
  }

  private *write(it: number, from: number, count: number, ppos: number): Steps<number> {
    const disk = this.of(it);
    const { memory } = this.core;
    if (disk.isReadOnly) return -errno.EPERM;
    if (count === 0) return 0;
    const to = Number(memory.load64(ppos, true));
    const size = this.sizeOf(disk);
    if (to >= size) return -errno.ENOSPC;
    const bytes = Math.min(count, size - to);
    const flags = this.member(it, "f_flags");
    if ((flags & O_DIRECT) !== 0) return yield* this.direct(disk, REQ_OPS.REQ_OP_WRITE, from, bytes, ppos);
    let done = 0;
    let error = 0;
    while (done < bytes && error === 0) {
      const at = to + done;
      const index = pageOf(at);
      const part = Math.min(bytes - done, PAGE_SIZE - (at % PAGE_SIZE));
      const isWhole = at % PAGE_SIZE === 0 && part >= this.cache.bytesOf(disk, index);
      const page = yield* this.cache.prepare(disk, index, isWhole);
      if (isError(page)) error = page;
      else {
        const room = page + (at % PAGE_SIZE);
        const left = yield* this.around.user.copyFrom(room, from + done, part, "copy_page_from_iter_atomic");
        if (left < part) this.cache.dirty(disk, index);
        done += part - left;
        if (left > 0) error = -errno.EFAULT;
      }
    }
    memory.store64(ppos, BigInt(to + done));
    if (done > 0 && (flags & O_DSYNC) !== 0) error = yield* this.fsync(disk);
    else if (done > 0) error = 0;
    return error !== 0 ? error : done;
  }

  /** blkdev_direct_IO(), by pages of the kernel's own instead of the process's. */
  private *direct(disk: Disk, op: number, buffer: number, count: number, ppos: number): Steps<number> {
    const { memory } = this.core;
    const { pages, user } = this.around;
    const block = this.queues.limit(disk.queue, "logical_block_size");
    const from = Number(memory.load64(ppos, true));
    if (from % block !== 0 || count % block !== 0 || buffer % SECTOR_SIZE !== 0) return -errno.EINVAL;
    yield* this.cache.drop(disk);
    let done = 0;
    let error = 0;
    while (done < count && error === 0) {
      const page = yield* pages.allocate(GFP_KERNEL, 0, "bio_iov_iter_get_pages");
      if (page === 0) error = -errno.ENOMEM;
      else {
        const bytes = Math.min(PAGE_SIZE, count - done);
        const isRead = op === REQ_OPS.REQ_OP_READ;
        if (isRead) memory.neverWritten(page, bytes);
        else if ((yield* user.copyFrom(page, buffer + done, bytes)) > 0) error = -errno.EFAULT;
        if (error === 0) error = yield* this.transfer(disk, op, page, bytes, from + done);
        if (error === 0 && isRead && (yield* user.copyTo(buffer + done, page, bytes)) > 0) error = -errno.EFAULT;
        if (error === 0) done += bytes;
        pages.release(page);
      }
    }
    memory.store64(ppos, BigInt(from + done));
    return done > 0 ? done : error;
  }

  private *transfer(disk: Disk, op: number, page: number, bytes: number, at: number): Steps<number> {
    const bio = yield* this.bios.alloc(disk.part0, 1, op | REQ_FLAGS.REQ_SYNC, GFP_KERNEL);
    this.bios.setSector(bio, at >>> SECTOR_SHIFT);
    this.bios.addPage(bio, this.around.pages.pageOf(page), bytes, 0);
    const error = yield* this.submission.submitAndWait(bio);
    this.bios.put(bio);
    return error;
  }

  private *fsync(disk: Disk): Steps<number> {
    const error = yield* this.cache.sync(disk);
    const hasCache = (this.queues.limit(disk.queue, "features") & BLK_FEATURES.BLK_FEAT_WRITE_CACHE) !== 0;
    if (error !== 0 || !hasCache) return error;
    const opf = REQ_OPS.REQ_OP_WRITE | REQ_FLAGS.REQ_PREFLUSH;
    const bio = yield* this.bios.alloc(disk.part0, 0, opf, GFP_KERNEL);
    const flushed = yield* this.submission.submitAndWait(bio);
    this.bios.put(bio);
    return flushed === -errno.EOPNOTSUPP ? 0 : flushed;
  }

  /** fixed_size_llseek(). */
  private *seek(it: number, offset: number, whence: number): Steps<number> {
    this.core.mightSleep("blkdev_llseek", "kernel/locking/rwsem.c:1576");
    const size = this.sizeOf(this.of(it));
    const at = it + offsetOf(file, "f_pos");
    const bases: Readonly<Record<number, number>> = {
      [SEEK_SET]: 0,
      [SEEK_CUR]: Number(this.core.memory.load64(at, true)),
      [SEEK_END]: size,
    };
    const base = bases[whence];
    yield* [];
    if (base === undefined || base + offset < 0 || base + offset > size) return -errno.EINVAL;
    this.core.memory.store64(at, BigInt(base + offset));
    return base + offset;
  }

  private *ioctl(it: number, command: number, argument: number): Steps<number> {
    const disk = this.of(it);
    const sectors = this.disks.capacity(disk);
    switch (command >>> 0) {
      case BLOCK_IOCTLS.BLKGETSIZE:
        return yield* this.putUser(argument, 4, sectors);
      case BLOCK_IOCTLS.BLKGETSIZE64:
        return yield* this.putUser(argument, 8, sectors * SECTOR_SIZE);
      case BLOCK_IOCTLS.BLKSSZGET:
        return yield* this.putUser(argument, 4, this.queues.limit(disk.queue, "logical_block_size"));
      case BLOCK_IOCTLS.BLKPBSZGET:
        return yield* this.putUser(argument, 4, this.queues.limit(disk.queue, "physical_block_size"));
      case BLOCK_IOCTLS.BLKROGET:
        return yield* this.putUser(argument, 4, disk.isReadOnly ? 1 : 0);
      case BLOCK_IOCTLS.BLKROSET:
        return yield* this.setReadOnly(disk, argument);
      case BLOCK_IOCTLS.BLKFLSBUF:
        yield* this.cache.drop(disk);
        return 0;
      case BLOCK_IOCTLS.HDIO_GETGEO:
        return yield* this.geometry(disk, argument);
    }
    const ioctl = this.disks.op(disk, "ioctl");
    if (ioctl === 0) return -errno.ENOTTY;
    return yield* this.core.callDriver(ioctl, [disk.part0, this.modeOf(it), command, argument]);
  }

  private *setReadOnly(disk: Disk, argument: number): Steps<number> {
    const { stack } = this.ground.statics;
    const mark = stack.mark();
    const value = stack.push(4, 4);
    const left = yield* this.around.user.copyFrom(value, argument, 4, "get_user");
    const isReadOnly = this.core.memory.peek(value, 4) !== 0;
    stack.release(mark);
    if (left > 0) return -errno.EFAULT;
    const set = this.disks.op(disk, "set_read_only");
    const error = set === 0 ? 0 : yield* this.core.callDriver(set, [disk.part0, isReadOnly ? 1 : 0]);
    if (error === 0) disk.isReadOnly = isReadOnly;
    return error;
  }

  private *geometry(disk: Disk, argument: number): Steps<number> {
    const getgeo = this.disks.op(disk, "getgeo");
    if (getgeo === 0) return -errno.ENOTTY;
    const { stack } = this.ground.statics;
    const mark = stack.mark();
    const geometry = stack.push(hd_geometry.size, hd_geometry.align);
    this.core.memory.bytesAt(geometry, hd_geometry.size).fill(0);
    let error = yield* this.core.callDriver(getgeo, [disk.part0, geometry]);
    if (error === 0 && (yield* this.around.user.copyTo(argument, geometry, hd_geometry.size)) > 0)
      error = -errno.EFAULT;
    stack.release(mark);
    return error;
  }

  private *putUser(to: number, bytes: 4 | 8, value: number): Steps<number> {
    const { stack } = this.ground.statics;
    const { memory } = this.core;
    const mark = stack.mark();
    const from = stack.push(bytes, bytes);
    if (bytes === 8) memory.store64(from, BigInt(value));
    else memory.store(from, 4, value);
    const left = yield* this.around.user.copyTo(to, from, bytes, "put_user");
    stack.release(mark);
    return left > 0 ? -errno.EFAULT : 0;
  }

  private of(it: number): Disk {
    return this.open.get(it)!;
  }

  private sizeOf(disk: Disk): number {
    return this.disks.capacity(disk) * SECTOR_SIZE;
  }

  /** file_to_blk_mode(). */
  private modeOf(it: number): number {
    const mode = this.member(it, "f_mode");
    const flags = this.member(it, "f_flags");
    return (
      ((mode & FMODE_READ) !== 0 ? BLK_OPEN.BLK_OPEN_READ : 0) |
      ((mode & FMODE_WRITE) !== 0 ? BLK_OPEN.BLK_OPEN_WRITE : 0) |
      ((flags & O_EXCL) !== 0 ? BLK_OPEN.BLK_OPEN_EXCL : 0) |
      ((flags & O_NONBLOCK) !== 0 ? BLK_OPEN.BLK_OPEN_NDELAY : 0)
    );
  }

  private member(it: number, name: string): number {
    return this.core.memory.peek(it + offsetOf(file, name), 4);
  }
}

function pageOf(position: number): number {
  return Math.floor(position / PAGE_SIZE);
}

/** A negative errno; addresses are above. */
function isError(value: number): boolean {
  return value < 0 && value > -4096;
}
