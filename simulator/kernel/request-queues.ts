// Request queues: their limits, who uses them, and how they are frozen.
// Source: block/blk-core.c, blk-settings.c and blk-mq.c
import { MemoryFault, type Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { PAGE_SIZE } from "./addresses.ts";
import { queue_limits, request_queue, SECTOR_SHIFT, SECTOR_SIZE } from "./block-layouts.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { Log } from "./printk.ts";
import type { Slab } from "./slab.ts";
import { Struct } from "./struct.ts";

const BLK_SAFE_MAX_SECTORS = 255;
const BLK_MAX_SEGMENTS = 128;
const BLK_MAX_SEGMENT_SIZE = 65536;
const BLK_DEF_MAX_SECTORS_CAP = 2560;
const SETTINGS = "block/blk-settings.c";
/** wait_event() of blk_mq_freeze_queue_wait(); rcu_barrier's kin are no matter here. */
const MUTEX = "kernel/locking/mutex.c:586";

export interface Queue {
  readonly address: number;
  /** Its gendisk. */
  disk: number;
  /** Of its tag set; 0 for a driver that takes bios. */
  readonly set: number;
  /** Requests and submissions that are under way. */
  usage: number;
  /** How often it was frozen. */
  frozen: number;
  /** How often it was quiesced. */
  quiesced: number;
  isDead: boolean;
  references: number;
  readonly waiters: Task[];
}

export class RequestQueues {
  readonly fields: Struct;
  readonly limits: Struct;
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly queues = new Map<number, Queue>();

  constructor(core: Core, log: Log, slab: Slab) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.fields = new Struct(core.memory, request_queue);
    this.limits = new Struct(core.memory, queue_limits);
  }

  /** A queue with the limits at an address, 0 for the usual ones; or a negative errno. */
  create(limits: number, set: number): Queue | number {
    const address = this.slab.reserve(this.fields.size, "request_queue");
    const own = this.fields.at(address, "limits");
    if (limits !== 0) {
      this.core.memory.touch(limits, this.limits.size, false);
      const { memory } = this.core;
      memory.bytesAt(own, this.limits.size).set(memory.bytesAt(limits, this.limits.size));
    }
    if (!this.validate(own)) {
      this.slab.kfree(address);
      return -errno.EINVAL;
    }
    const shared = { usage: 0, frozen: 0, quiesced: 0, isDead: false, references: 1, waiters: [] };
    const queue: Queue = { address, disk: 0, set, ...shared };
    this.queues.set(address, queue);
    return queue;
  }

  /** The queue at an address, whose memory is used. */
  at(address: number): Queue {
    this.fields.use(address);
    const queue = this.queues.get(address);
    if (queue === undefined) throw new MemoryFault(address, false);
    return queue;
  }

  /** blk_get_queue(): false while it goes. */
  hold(address: number): boolean {
    const queue = this.at(address);
    if (queue.isDead) return false;
    queue.references++;
    return true;
  }

  /** blk_put_queue(). */
  put(address: number): void {
    const queue = this.at(address);
    if (--queue.references > 0) return;
    this.queues.delete(address);
    this.slab.kfree(address);
  }

  limit(queue: Queue, name: string): number {
    return this.limits.get(this.fields.at(queue.address, "limits"), name);
  }

  /** bio_queue_enter(): waits while it is frozen; false when its disk is dead. */
  *enter(queue: Queue): Steps<boolean> {
    yield* this.waitUntil(queue, () => queue.frozen === 0 || queue.isDead);
    if (queue.isDead) return false;
    queue.usage++;
    return true;
  }

  /** blk_queue_exit(). */
  exit(queue: Queue): void {
    if (--queue.usage === 0) this.wake(queue);
  }

  /** blk_mq_freeze_queue(): nobody comes in, and those who are there have left. */
  *freeze(address: number): Steps<void> {
    this.core.mightSleep("blk_mq_freeze_queue", MUTEX);
    const queue = this.at(address);
    queue.frozen++;
    yield* this.drain(queue);
  }

  /** blk_mq_freeze_queue_wait(). */
  *drain(queue: Queue): Steps<void> {
    yield* this.waitUntil(queue, () => queue.usage === 0);
  }

  unfreeze(address: number): void {
    this.core.mightSleep("blk_mq_unfreeze_queue", MUTEX);
    const queue = this.at(address);
    queue.frozen = Math.max(0, queue.frozen - 1);
    this.wake(queue);
  }

  /** No new I/O from now on: those who wait to come in fail. */
  kill(queue: Queue): void {
    queue.isDead = true;
    this.wake(queue);
  }

  private *waitUntil(queue: Queue, isSo: () => boolean): Steps<void> {
    while (!isSo()) {
      queue.waiters.push(this.core.task);
      yield* this.core.schedule({ words: "request queue" });
    }
  }

  private wake({ waiters }: Queue): void {
    for (const waiter of waiters.splice(0)) this.core.engine.wake(waiter);
  }

  /** blk_validate_limits(): false for what no driver may ask; what was left out gets its default. */
  private validate(at: number): boolean {
    const get = (name: string): number => this.limits.get(at, name);
    const set = (name: string, value: number): void => this.limits.set(at, name, value);
    const block = get("logical_block_size");
    if (block === 0) set("logical_block_size", SECTOR_SIZE);
    else if (block < SECTOR_SIZE || block > PAGE_SIZE || (block & (block - 1)) !== 0) {
      this.log.write(`Invalid logical block size (${block})`, 4);
      return false;
    }
    const logical = get("logical_block_size");
    const unit = logical >>> SECTOR_SHIFT;
    set("physical_block_size", Math.max(get("physical_block_size"), logical));
    set("io_min", Math.max(get("io_min"), get("physical_block_size")));
    if (get("max_hw_sectors") === 0) set("max_hw_sectors", BLK_SAFE_MAX_SECTORS);
    if (get("max_hw_sectors") < PAGE_SIZE >>> SECTOR_SHIFT) return this.refuse(281);
    set("max_hw_sectors", down(get("max_hw_sectors"), unit));
    const most = Math.min(...["max_hw_sectors", "max_dev_sectors", "max_user_sectors"].map(get).filter((n) => n > 0));
    set("max_sectors", down(Math.min(most, BLK_DEF_MAX_SECTORS_CAP), unit));
    if (get("max_segments") === 0) set("max_segments", BLK_MAX_SEGMENTS);
    if (get("max_segment_size") === 0) set("max_segment_size", BLK_MAX_SEGMENT_SIZE);
    if (get("max_segment_size") < PAGE_SIZE) return this.refuse(364);
    set("max_discard_sectors", get("max_hw_discard_sectors"));
    if (get("max_discard_sectors") === 0) set("discard_granularity", 0);
    return true;
  }

  private refuse(line: number): false {
    this.core.warn(SETTINGS, line, "blk_validate_limits");
    return false;
  }
}

function down(value: number, to: number): number {
  return value - (value % to);
}
