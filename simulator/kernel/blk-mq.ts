// blk-mq: tag sets with their requests, hardware queues, and the way of a request to the driver and back.
// Source: block/blk-mq.c and blk-core.c
import type { Steps } from "../engine/interfaces.ts";
import type { Bios } from "./bios.ts";
import {
  BLK_MQ_FLAGS,
  BLK_STS_DEV_RESOURCE,
  BLK_STS_OK,
  BLK_STS_RESOURCE,
  blk_mq_hw_ctx,
  blk_mq_queue_data,
  gendisk,
  MQ_RQ_COMPLETE,
  MQ_RQ_IDLE,
  MQ_RQ_IN_FLIGHT,
  opName,
  REQ_FAILFAST_MASK,
  REQ_FLAGS,
  REQ_OP_MASK,
  REQ_OPS,
  SECTOR_SHIFT,
  statusWords,
} from "./block-layouts.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { HZ } from "./jiffies.ts";
import { kernelFunction, plainFunction } from "./kernel-functions.ts";
import { offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Rcu } from "./rcu.ts";
import type { Queue, RequestQueues } from "./request-queues.ts";
import { RequestTimeouts } from "./request-timeouts.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import type { Statics } from "./statics.ts";
import { Struct } from "./struct.ts";
import { TagSets, type Tags } from "./tag-sets.ts";
import { textAt } from "./text.ts";
import type { Timers } from "./timers.ts";
import type { Workqueues } from "./workqueues.ts";

/** In jiffies of 1 ms. */
const BLK_MQ_RESOURCE_DELAY = 3;
const DISK_NAME = offsetOf(gendisk, "disk_name");

interface HwQueue {
  readonly address: number;
  readonly queue: Queue;
  readonly tags: Tags;
  /** Requests that the driver could not take yet. */
  readonly dispatch: number[];
  /** It is run again when a request of it ends. */
  needsRestart: boolean;
}

/** The parts of the kernel that the block layer stands on. */
export interface Ground {
  readonly core: Core;
  readonly log: Log;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly rcu: Rcu;
  readonly softirqs: Softirqs;
  readonly timers: Timers;
  readonly workqueues: Workqueues;
  readonly resources: Resources;
}

export class BlkMq {
  readonly request: Struct;
  readonly sets: TagSets;
  private readonly timeouts: RequestTimeouts;
  private readonly ground: Ground;
  private readonly core: Core;
  private readonly queues: RequestQueues;
  private readonly bios: Bios;
  private readonly hctx: Struct;
  private readonly hardware = new Map<Queue, HwQueue[]>();
  private readonly byHctx = new Map<number, HwQueue>();
  /** The CPU that submitted a request. */
  private readonly cpus = new Map<number, number>();
  /** Requests whose complete function a CPU's softirq has yet to call. */
  private readonly done: number[][];
  private readonly requeued = new Map<Queue, number[]>();
  private readonly timer: number;
  private readonly timeoutWork: number;
  private readonly requeueWork: number;
  private readonly runWork: number;

  constructor(ground: Ground, queues: RequestQueues, bios: Bios) {
    const { core } = ground;
    const { memory, engine } = core;
    this.ground = ground;
    this.core = core;
    this.queues = queues;
    this.bios = bios;
    this.sets = new TagSets(core, ground.log, ground.slab, ground.resources);
    this.request = this.sets.request;
    this.timeouts = new RequestTimeouts(core, ground.timers, queues, this.sets);
    this.hctx = new Struct(memory, blk_mq_hw_ctx);
    this.done = Array.from({ length: engine.cpuCount }, () => []);
    const within = (address: number, member: string): Queue => queues.at(address - queues.fields.at(0, member));
    this.timer = plainFunction(engine, "blk_rq_timed_out_timer", (timer) => {
      const queue = within(timer!, "timeout");
      ground.workqueues.queue(this.kblockd, queues.fields.at(queue.address, "timeout_work"));
      return undefined;
    });
    this.timeoutWork = kernelFunction(engine, "blk_mq_timeout_work", (work) =>
      core.steps("blk_mq_timeout_work", this.timeouts.expire(within(work!, "timeout_work"))),
    );
    this.requeueWork = kernelFunction(engine, "blk_mq_requeue_work", (work) =>
      core.steps("blk_mq_requeue_work", this.reinsert(within(work!, "requeue_work"))),
    );
    this.runWork = kernelFunction(engine, "blk_mq_run_work_fn", (work) =>
      core.steps("blk_mq_run_work_fn", this.run(this.byHctx.get(work! - this.hctx.at(0, "run_work")))),
    );
    ground.softirqs.open(SOFTIRQS.BLOCK_SOFTIRQ, (cpu) => this.completeAll(cpu), "blk_done_softirq");
  }

  /** blk_mq_init_allocated_queue(): 0, or a negative errno. */
  *attach(queue: Queue): Steps<number> {
    const { address } = queue;
    const { fields } = this.queues;
    const tagsOfSet = this.sets.tagsOf(queue.set);
    if (tagsOfSet === undefined) return -errno.EINVAL;
    const get = (member: string): number => this.sets.fields.get(queue.set, member);
    fields.set(address, "tag_set", queue.set);
    fields.set(address, "mq_ops", get("ops"));
    fields.set(address, "rq_timeout", get("timeout") || 30 * HZ);
    fields.set(address, "nr_hw_queues", tagsOfSet.length);
    this.ground.timers.setup(fields.at(address, "timeout"), this.timer, 0);
    this.ground.workqueues.init(fields.at(address, "timeout_work"), this.timeoutWork);
    this.ground.workqueues.initDelayed(fields.at(address, "requeue_work"), this.requeueWork);
    const made: HwQueue[] = [];
    this.hardware.set(queue, made);
    for (const [index, tags] of tagsOfSet.entries()) {
      const hctx = this.ground.slab.reserve(this.hctx.size, "blk_mq_hw_ctx");
      this.hctx.set(hctx, "queue", address);
      this.hctx.set(hctx, "queue_num", index);
      this.hctx.set(hctx, "flags", get("flags"));
      this.ground.workqueues.initDelayed(this.hctx.at(hctx, "run_work"), this.runWork);
      const one: HwQueue = { address: hctx, queue, tags, dispatch: [], needsRestart: false };
      this.byHctx.set(hctx, one);
      made.push(one);
      const init = this.sets.op(get("ops"), "init_hctx");
      const error = init === 0 ? 0 : yield* this.core.callDriver(init, [hctx, get("driver_data"), index]);
      if (error === 0) continue;
      this.drop(made.pop()!);
      yield* this.detach(queue);
      return -errno.ENOMEM;
    }
    return 0;
  }

  /** blk_mq_exit_queue(), once nothing is under way. */
  *detach(queue: Queue): Steps<void> {
    const { timers, workqueues } = this.ground;
    const { fields } = this.queues;
    const hctxs = this.hardware.get(queue);
    if (hctxs === undefined) return;
    timers.delete(fields.at(queue.address, "timeout"));
    yield* workqueues.cancelSync(fields.at(queue.address, "timeout_work"), "blk_sync_queue");
    yield* workqueues.cancelSync(fields.at(queue.address, "requeue_work"), "blk_mq_cancel_work_sync");
    this.hardware.delete(queue);
    this.requeued.delete(queue);
    const ops = fields.get(queue.address, "mq_ops");
    for (const [index, hctx] of hctxs.entries()) {
      yield* workqueues.cancelSync(this.hctx.at(hctx.address, "run_work"), "blk_mq_cancel_work_sync");
      const exit = this.sets.op(ops, "exit_hctx");
      if (exit !== 0) yield* this.core.callDriver(exit, [hctx.address, index]);
      this.drop(hctx);
    }
  }

  /** blk_mq_submit_bio() of bios under one plug: those that follow each other become one request. */
  *submit(queue: Queue, bios: readonly number[]): Steps<void> {
    const plugged: number[] = [];
    for (const bio of bios) {
      for (const part of this.parts(queue, bio)) {
        if (this.merge(queue, plugged.at(-1), part)) continue;
        if (!(yield* this.queues.enter(queue))) {
          yield* this.bios.fail(part);
          continue;
        }
        const hctx = this.hctxFor(queue);
        // Whoever sleeps for a tag sends off what is plugged first.
        if (hctx.tags.free.length === 0) yield* this.issueAll(plugged.splice(0));
        plugged.push(yield* this.allocate(hctx, part));
      }
    }
    yield* this.issueAll(plugged);
  }

  /** blk_mq_start_request(). */
  start(rq: number): void {
    this.request.use(rq);
    if (this.request.get(rq, "state") !== MQ_RQ_IDLE) {
      this.core.warn("block/blk-mq.c", 1342, "blk_mq_start_request");
    }
    this.timeouts.start(this.queues.at(this.request.get(rq, "q")), rq);
    this.request.set(rq, "state", MQ_RQ_IN_FLIGHT);
  }

  /** blk_update_request(): so many bytes are done; whether more are left. */
  *update(rq: number, status: number, bytes: number): Steps<boolean> {
    this.request.use(rq);
    const get = (member: string): number => this.request.get(rq, member);
    if (get("bio") === 0) return false;
    if (status !== BLK_STS_OK) this.tellError(rq, status);
    let left = bytes;
    let total = 0;
    for (let bio = get("bio"); bio !== 0; bio = get("bio")) {
      const size = this.bios.sizeOf(bio);
      const part = Math.min(size, left);
      if (status !== BLK_STS_OK) this.bios.bio.set(bio, "bi_status", status);
      if (part === size) this.request.set(rq, "bio", this.bios.bio.get(bio, "bi_next"));
      this.bios.advance(bio, part);
      if (part === size) yield* this.bios.end(bio);
      total += part;
      left -= part;
      if (left === 0) break;
    }
    if (get("bio") === 0) {
      this.request.set(rq, "__data_len", 0);
      return false;
    }
    this.request.set(rq, "__data_len", get("__data_len") - total);
    this.request.set(rq, "__sector", get("__sector") + (total >>> SECTOR_SHIFT));
    return true;
  }

  /** blk_mq_end_request(). */
  *end(rq: number, status: number): Steps<void> {
    this.request.use(rq);
    if (yield* this.update(rq, status, this.request.get(rq, "__data_len"))) {
      yield { kind: "fault", fault: { message: "kernel BUG at block/blk-mq.c:1139!" } };
    }
    this.finish(rq);
  }

  /** __blk_mq_end_request(): the tag is free again. */
  finish(rq: number): void {
    this.request.use(rq);
    const get = (member: string): number => this.request.get(rq, member);
    if (get("ref") === 0) {
      this.core.warn("block/blk.h", 684, "req_ref_put_and_test");
      return;
    }
    const hctx = this.byHctx.get(get("mq_hctx"))!;
    const { tags, queue } = hctx;
    this.request.set(rq, "ref", 0);
    this.request.set(rq, "state", MQ_RQ_IDLE);
    this.sets.give(tags, get("tag"));
    this.queues.exit(queue);
    if (!hctx.needsRestart) return;
    hctx.needsRestart = false;
    this.runLater(hctx, 0);
  }

  /** blk_mq_complete_request(): a queue that all CPUs share completes in a softirq. */
  *complete(rq: number): Steps<void> {
    this.request.use(rq);
    this.request.set(rq, "state", MQ_RQ_COMPLETE);
    const { engine } = this.core;
    const queue = this.queues.at(this.request.get(rq, "q"));
    const hctxs = this.hardware.get(queue)?.length ?? 1;
    const ownsCpu = hctxs === engine.cpuCount && this.cpus.get(rq) === engine.cpu;
    if (ownsCpu || hctxs > 1) {
      yield* this.callComplete(rq);
      return;
    }
    const done = this.done[engine.cpu]!;
    done.push(rq);
    if (done.length === 1) this.ground.softirqs.raise(SOFTIRQS.BLOCK_SOFTIRQ);
  }

  /** blk_mq_requeue_request(). */
  requeue(rq: number, isKicked: boolean): void {
    this.request.use(rq);
    this.unstart(rq);
    const queue = this.queues.at(this.request.get(rq, "q"));
    const list = this.requeued.get(queue) ?? [];
    list.push(rq);
    this.requeued.set(queue, list);
    if (isKicked) this.kick(queue.address);
  }

  /** blk_mq_kick_requeue_list(). */
  kick(address: number): void {
    this.queues.at(address);
    this.ground.workqueues.modifyDelayed(this.kblockd, this.queues.fields.at(address, "requeue_work"), 0);
  }

  quiesce(address: number): void {
    this.core.mightSleep("blk_mq_quiesce_queue", "kernel/rcu/tree_exp.h:978");
    this.queues.at(address).quiesced++;
  }

  unquiesce(address: number): void {
    const queue = this.queues.at(address);
    queue.quiesced = Math.max(0, queue.quiesced - 1);
    for (const hctx of this.hardware.get(queue) ?? []) this.runLater(hctx, 0);
  }

  /** blk_mq_run_hw_queues(), by kblockd. */
  runAll(address: number): void {
    for (const hctx of this.hardware.get(this.queues.at(address)) ?? []) this.runLater(hctx, 0);
  }

  private get kblockd(): number {
    return this.ground.workqueues.systemQueue("kblockd");
  }

  private hctxFor(queue: Queue): HwQueue {
    const hctxs = this.hardware.get(queue)!;
    return hctxs[this.core.engine.cpu % hctxs.length]!;
  }

  private drop({ address }: HwQueue): void {
    this.byHctx.delete(address);
    this.ground.slab.kfree(address);
  }

  /** A bio in parts that the limits of the queue allow, first to last. */
  private *parts(queue: Queue, bio: number): Generator<number, void> {
    const most = this.queues.limit(queue, "max_sectors") << SECTOR_SHIFT;
    const block = this.queues.limit(queue, "logical_block_size");
    const segments = this.queues.limit(queue, "max_segments");
    const longest = this.queues.limit(queue, "max_segment_size");
    for (;;) {
      let bytes = 0;
      let count = 0;
      for (const piece of this.bios.piecesOf(bio)) {
        const fits = Math.min(piece.bytes, (segments - count) * longest, most - bytes);
        bytes += fits;
        count += Math.ceil(fits / longest);
        if (fits < piece.bytes) break;
      }
      bytes -= bytes % block;
      if (bytes === 0 || bytes >= this.bios.sizeOf(bio)) break;
      yield this.bios.split(bio, bytes);
    }
    yield bio;
  }

  private segmentsOf(queue: Queue, bio: number): number {
    const longest = this.queues.limit(queue, "max_segment_size");
    let count = 0;
    for (const { bytes } of this.bios.piecesOf(bio)) count += Math.ceil(bytes / longest);
    return count;
  }

  /** bio_attempt_back_merge(). */
  private merge(queue: Queue, rq: number | undefined, bio: number): boolean {
    if (rq === undefined || this.request.get(rq, "q") !== queue.address) return false;
    const bytes = this.request.get(rq, "__data_len");
    const size = this.bios.sizeOf(bio);
    if (size === 0 || this.request.get(rq, "cmd_flags") !== this.bios.bio.get(bio, "bi_opf")) return false;
    if (this.request.get(rq, "__sector") + (bytes >>> SECTOR_SHIFT) !== this.bios.sectorOf(bio)) return false;
    if (bytes + size > this.queues.limit(queue, "max_sectors") << SECTOR_SHIFT) return false;
    const segments = this.request.get(rq, "nr_phys_segments") + this.segmentsOf(queue, bio);
    if (segments > this.queues.limit(queue, "max_segments")) return false;
    this.request.set(rq, "nr_phys_segments", segments);
    this.request.set(rq, "__data_len", bytes + size);
    this.bios.bio.set(this.request.get(rq, "biotail"), "bi_next", bio);
    this.bios.bio.set(bio, "bi_next", 0);
    this.request.set(rq, "biotail", bio);
    return true;
  }

  /** A request for a bio; sleeps until there is a tag for it. */
  private *allocate(hctx: HwQueue, bio: number): Steps<number> {
    const { tags, queue } = hctx;
    const rq = yield* this.sets.take(tags);
    const op = this.bios.bio.get(bio, "bi_opf");
    const set = (member: string, value: number): void => this.request.set(rq, member, value);
    set("q", queue.address);
    set("mq_hctx", hctx.address);
    set("cmd_flags", (op & REQ_FLAGS.REQ_RAHEAD) === 0 ? op : op | REQ_FAILFAST_MASK);
    set("rq_flags", 0);
    set("timeout", 0);
    set("__data_len", this.bios.sizeOf(bio));
    set("__sector", (op & REQ_OP_MASK) === REQ_OPS.REQ_OP_FLUSH ? 0 : this.bios.sectorOf(bio));
    set("bio", bio);
    set("biotail", bio);
    set("nr_phys_segments", this.segmentsOf(queue, bio));
    set("state", MQ_RQ_IDLE);
    set("ref", 1);
    this.bios.bio.set(bio, "bi_next", 0);
    this.cpus.set(rq, this.core.engine.cpu);
    return rq;
  }

  private *issueAll(requests: readonly number[]): Steps<void> {
    for (const [index, rq] of requests.entries()) yield* this.issue(rq, index === requests.length - 1);
  }

  /** blk_mq_try_issue_directly(). */
  private *issue(rq: number, isLast: boolean): Steps<void> {
    const hctx = this.byHctx.get(this.request.get(rq, "mq_hctx"))!;
    if (hctx.queue.quiesced > 0) {
      hctx.dispatch.push(rq);
      return;
    }
    const status = yield* this.queueRq(hctx, rq, isLast);
    if (status === BLK_STS_OK) return;
    if (status === BLK_STS_RESOURCE || status === BLK_STS_DEV_RESOURCE) {
      hctx.dispatch.push(rq);
      yield* this.run(hctx);
    } else yield* this.end(rq, status);
  }

  /** blk_mq_dispatch_rq_list(). */
  private *run(hctx: HwQueue | undefined): Steps<undefined> {
    if (hctx === undefined || hctx.queue.quiesced > 0 || hctx.dispatch.length === 0) return undefined;
    hctx.needsRestart = true;
    const list = hctx.dispatch.splice(0);
    while (list.length > 0) {
      const rq = list[0]!;
      const status = yield* this.queueRq(hctx, rq, list.length === 1);
      if (status === BLK_STS_RESOURCE || status === BLK_STS_DEV_RESOURCE) {
        hctx.dispatch.unshift(...list);
        if (status === BLK_STS_RESOURCE) this.runLater(hctx, BLK_MQ_RESOURCE_DELAY);
        return undefined;
      }
      list.shift();
      if (status !== BLK_STS_OK) yield* this.end(rq, status);
    }
    return undefined;
  }

  /** Calls queue_rq: within rcu_read_lock(), unless the driver says that it sleeps. */
  private *queueRq(hctx: HwQueue, rq: number, isLast: boolean): Steps<number> {
    const { rcu, statics } = this.ground;
    const { memory } = this.core;
    const isBlocking = (this.hctx.get(hctx.address, "flags") & BLK_MQ_FLAGS.BLK_MQ_F_BLOCKING) !== 0;
    if (isBlocking) this.core.mightSleep("blk_mq_submit_bio", "block/blk-mq.c:2326");
    const queueRq = this.sets.op(this.queues.fields.get(hctx.queue.address, "mq_ops"), "queue_rq");
    const mark = statics.stack.mark();
    const data = statics.stack.push(blk_mq_queue_data.size, blk_mq_queue_data.align);
    memory.poke(data, 4, rq);
    memory.poke(data + 4, 4, isLast ? 1 : 0);
    if (!isBlocking) rcu.readLock();
    const status = (yield* this.core.callDriver(queueRq, [hctx.address, data])) & 0xff;
    if (!isBlocking) rcu.readUnlock();
    statics.stack.release(mark);
    if (status === BLK_STS_RESOURCE || status === BLK_STS_DEV_RESOURCE) this.unstart(rq);
    return status;
  }

  /** __blk_mq_requeue_request(). */
  private unstart(rq: number): void {
    this.request.set(rq, "state", MQ_RQ_IDLE);
    this.timeouts.forget(rq);
  }

  /** By kblockd, after so many jiffies. */
  private runLater({ address }: HwQueue, delay: number): void {
    this.ground.workqueues.modifyDelayed(this.kblockd, this.hctx.at(address, "run_work"), delay);
  }

  private *reinsert(queue: Queue): Steps<undefined> {
    const list = this.requeued.get(queue) ?? [];
    for (const rq of list.splice(0)) this.byHctx.get(this.request.get(rq, "mq_hctx"))!.dispatch.push(rq);
    for (const hctx of this.hardware.get(queue) ?? []) yield* this.run(hctx);
    return undefined;
  }

  private *completeAll(cpu: number): Steps<void> {
    for (const rq of this.done[cpu]!.splice(0)) yield* this.callComplete(rq);
  }

  private *callComplete(rq: number): Steps<void> {
    const ops = this.queues.fields.get(this.request.get(rq, "q"), "mq_ops");
    yield* this.core.callDriver(this.sets.op(ops, "complete"), [rq]);
  }

  private tellError(rq: number, status: number): void {
    const queue = this.queues.at(this.request.get(rq, "q"));
    const op = this.request.get(rq, "cmd_flags");
    const kind = op & REQ_OP_MASK;
    if (queue.isDead || kind >= REQ_OPS.REQ_OP_DRV_IN) return;
    const name = textAt(this.core.memory, queue.disk + DISK_NAME);
    const what = `${statusWords(status)} error, dev ${name}, sector ${this.request.get(rq, "__sector")}`;
    const how = `op 0x${kind.toString(16)}:(${opName(op)}) flags 0x${(op & ~REQ_OP_MASK).toString(16)}`;
    this.ground.log.write(`${what} ${how} phys_seg ${this.request.get(rq, "nr_phys_segments")} prio class 0`, 3);
  }
}
