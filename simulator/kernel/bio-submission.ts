// The way of bios to a disk: what is refused at once, drivers that take bios, and those that take requests.
// Source: block/blk-core.c and bio.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Bios } from "./bios.ts";
import type { BlkMq } from "./blk-mq.ts";
import {
  BLK_FEATURES,
  BLK_STS_IOERR,
  BLK_STS_NOTSUPP,
  BLK_STS_OK,
  errnoOf,
  REQ_FLAGS,
  REQ_OP_MASK,
  REQ_OPS,
  SECTOR_SHIFT,
} from "./block-layouts.ts";
import type { Core } from "./core.ts";
import type { Disk, Disks } from "./disks.ts";
import { plainFunction } from "./kernel-functions.ts";
import type { Log } from "./printk.ts";
import type { RequestQueues } from "./request-queues.ts";

export class BioSubmission {
  private readonly core: Core;
  private readonly log: Log;
  private readonly bios: Bios;
  private readonly queues: RequestQueues;
  private readonly mq: BlkMq;
  private readonly disks: Disks;
  /** Bios that a task submitted while it submits one: they come after it, so that stacks do not grow. */
  private readonly nested = new Map<Task, number[]>();
  /** Who waits in submit_bio_wait(), by the bio; it is gone once the bio is done. */
  private readonly waiting = new Map<number, Task>();
  private readonly waitEnd: number;

  constructor(core: Core, log: Log, bios: Bios, queues: RequestQueues, mq: BlkMq, disks: Disks) {
    this.core = core;
    this.log = log;
    this.bios = bios;
    this.queues = queues;
    this.mq = mq;
    this.disks = disks;
    this.waitEnd = plainFunction(core.engine, "submit_bio_wait_endio", (bio) => {
      const waiter = this.waiting.get(bio!);
      this.waiting.delete(bio!);
      if (waiter !== undefined) core.engine.wake(waiter);
      return undefined;
    });
  }

  /** submit_bio() of some bios under one plug. */
  *submit(all: readonly number[]): Steps<void> {
    this.core.mightSleep("submit_bio", "block/blk-core.c:777");
    const good: number[] = [];
    for (const bio of all) {
      const status = this.check(bio);
      if (status === undefined) good.push(bio);
      else yield* this.bios.fail(bio, status);
    }
    const { task } = this.core;
    const outer = this.nested.get(task);
    if (outer !== undefined) {
      outer.push(...good);
      return;
    }
    const list = good;
    const inner: number[] = [];
    this.nested.set(task, inner);
    while (list.length > 0) {
      const disk = this.diskOf(list[0]!);
      let same = 1;
      while (same < list.length && this.diskOf(list[same]!) === disk) same++;
      yield* this.pass(disk, list.splice(0, same));
      list.unshift(...inner.splice(0));
    }
    this.nested.delete(task);
  }

  /** submit_bio_wait(): 0, or a negative errno. The bio stays the caller's. */
  *submitAndWait(bio: number): Steps<number> {
    const { bio: fields } = this.bios;
    fields.use(bio);
    fields.set(bio, "bi_end_io", this.waitEnd);
    fields.set(bio, "bi_opf", fields.get(bio, "bi_opf") | REQ_FLAGS.REQ_SYNC);
    this.waiting.set(bio, this.core.task);
    yield* this.submit([bio]);
    while (this.waiting.has(bio)) yield* this.core.schedule({ words: "a bio" });
    return -errnoOf(fields.get(bio, "bi_status"));
  }

  private diskOf(bio: number): Disk {
    return this.disks.ofBdev(this.bios.bio.get(bio, "bi_bdev"));
  }

  private *pass(disk: Disk, bios: readonly number[]): Steps<void> {
    const { queue } = disk;
    if (queue.set !== 0) {
      yield* this.core.steps("blk_mq_submit_bio", this.mq.submit(queue, bios));
      return;
    }
    for (const bio of bios) {
      if (!(yield* this.queues.enter(queue))) {
        yield* this.bios.fail(bio);
        continue;
      }
      const submit = this.disks.op(disk, "submit_bio");
      yield* this.core.steps("__submit_bio", this.core.callDriver(submit, [bio]));
      this.queues.exit(queue);
    }
  }

  /** What ends a bio at once: a status, or undefined for one that goes on. */
  private check(bio: number): number | undefined {
    const { bio: fields } = this.bios;
    fields.use(bio);
    const disk = this.diskOf(bio);
    const opf = fields.get(bio, "bi_opf");
    const op = opf & REQ_OP_MASK;
    const sectors = this.bios.sizeOf(bio) >>> SECTOR_SHIFT;
    if (disk.isReadOnly && (op & 1) !== 0 && !disk.isWarned) {
      disk.isWarned = true;
      this.log.write(`Trying to write to read-only block-device ${disk.name}`, 4);
    }
    const end = this.disks.capacity(disk);
    const first = this.bios.sectorOf(bio);
    if (sectors > 0 && first + sectors > end && !disk.queue.isDead) {
      this.log.write(`${this.core.task.name}: attempt to access beyond end of device`, 6);
      this.log.write(`${disk.name}: rw=${opf}, sector=${first}, nr_sectors = ${sectors} limit=${end}`, 6);
      return BLK_STS_IOERR;
    }
    // Commands of drivers come as requests of their own.
    if (op >= REQ_OPS.REQ_OP_DRV_IN) return BLK_STS_NOTSUPP;
    if ((opf & REQ_FLAGS.REQ_PREFLUSH) !== 0) return this.checkFlush(disk, bio, opf, sectors);
    const limits = {
      [REQ_OPS.REQ_OP_DISCARD]: "max_discard_sectors",
      [REQ_OPS.REQ_OP_WRITE_ZEROES]: "max_write_zeroes_sectors",
    };
    const limit = limits[op as 3 | 9];
    if (limit !== undefined && this.queues.limit(disk.queue, limit) === 0) return BLK_STS_NOTSUPP;
    return undefined;
  }

  /** A disk without a write cache has nothing to flush. */
  private checkFlush(disk: Disk, bio: number, opf: number, sectors: number): number | undefined {
    const { bio: fields } = this.bios;
    const hasCache = (this.queues.limit(disk.queue, "features") & BLK_FEATURES.BLK_FEAT_WRITE_CACHE) !== 0;
    if (!hasCache) {
      fields.set(bio, "bi_opf", opf & ~(REQ_FLAGS.REQ_PREFLUSH | REQ_FLAGS.REQ_FUA));
      return sectors === 0 ? BLK_STS_OK : undefined;
    }
    if (sectors === 0 && disk.queue.set !== 0) {
      fields.set(bio, "bi_opf", (opf & ~REQ_OP_MASK) | REQ_OPS.REQ_OP_FLUSH);
    }
    return undefined;
  }
}
