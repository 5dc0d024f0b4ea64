// Tag sets: the requests of a driver, made once, one for each tag of each hardware queue.
// Source: block/blk-mq.c and blk-mq-tag.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { blk_mq_ops, blk_mq_tag_set, request } from "./block-layouts.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import { Struct } from "./struct.ts";

export const BLK_MQ_MAX_DEPTH = 10240;
const MUTEX = "kernel/locking/mutex.c:586";

/** Requests of a hardware queue, one a tag. */
export interface Tags {
  readonly requests: number[];
  /** Tags that are free, the lowest first. */
  readonly free: number[];
  readonly waiters: Task[];
}

interface TagSet {
  readonly address: number;
  readonly tags: Tags[];
}

export class TagSets {
  readonly request: Struct;
  readonly fields: Struct;
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly resources: Resources;
  private readonly ops: Struct;
  private readonly sets = new Map<number, TagSet>();

  constructor(core: Core, log: Log, slab: Slab, resources: Resources) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.resources = resources;
    this.request = new Struct(core.memory, request);
    this.fields = new Struct(core.memory, blk_mq_tag_set);
    this.ops = new Struct(core.memory, blk_mq_ops);
  }

  /** blk_mq_alloc_tag_set(): 0, or a negative errno. */
  *allocate(set: number): Steps<number> {
    this.fields.use(set);
    const get = (member: string): number => this.fields.get(set, member);
    const ops = get("ops");
    if (get("nr_hw_queues") === 0 || get("queue_depth") < get("reserved_tags") + 1) return -errno.EINVAL;
    if (this.op(ops, "queue_rq") === 0) return -errno.EINVAL;
    if ((this.op(ops, "get_budget") === 0) !== (this.op(ops, "put_budget") === 0)) return -errno.EINVAL;
    if (get("queue_depth") > BLK_MQ_MAX_DEPTH) {
      this.log.write(`blk-mq: reduced tag depth to ${BLK_MQ_MAX_DEPTH}`, 6);
      this.fields.set(set, "queue_depth", BLK_MQ_MAX_DEPTH);
    }
    if (get("nr_maps") === 0) this.fields.set(set, "nr_maps", 1);
    const { cpuCount } = this.core.engine;
    if (get("nr_maps") === 1 && get("nr_hw_queues") > cpuCount) this.fields.set(set, "nr_hw_queues", cpuCount);
    const made: TagSet = { address: set, tags: [] };
    for (let index = 0; index < get("nr_hw_queues"); index++) {
      if (yield* this.fill(made, index)) continue;
      yield* this.empty(made);
      return -errno.ENOMEM;
    }
    this.sets.set(set, made);
    this.resources.obtain(`tag set ${set}`, "tag set of requests");
    return 0;
  }

  *free(address: number): Steps<void> {
    this.core.mightSleep("blk_mq_free_tag_set", MUTEX);
    this.fields.use(address);
    const set = this.sets.get(address);
    if (set === undefined) return;
    yield* this.empty(set);
    this.sets.delete(address);
    this.resources.giveBack(`tag set ${address}`);
  }

  /** The tags of each hardware queue; undefined for what is no tag set. */
  tagsOf(address: number): readonly Tags[] | undefined {
    return this.sets.get(address)?.tags;
  }

  /** A request with a free tag; the task sleeps until there is one. */
  *take(tags: Tags): Steps<number> {
    while (tags.free.length === 0) {
      tags.waiters.push(this.core.task);
      yield* this.core.schedule({ words: "a tag" });
    }
    return tags.requests[tags.free.shift()!]!;
  }

  give(tags: Tags, tag: number): void {
    const after = tags.free.findIndex((one) => one > tag);
    tags.free.splice(after < 0 ? tags.free.length : after, 0, tag);
    const waiter = tags.waiters.shift();
    if (waiter !== undefined) this.core.engine.wake(waiter);
  }

  /** An operation of a driver, 0 when it has none. */
  op(ops: number, name: string): number {
    this.core.memory.touch(this.ops.at(ops, name), 4, false);
    return this.ops.get(ops, name);
  }

  private *fill(set: TagSet, index: number): Steps<boolean> {
    const get = (member: string): number => this.fields.get(set.address, member);
    const tags: Tags = { requests: [], free: [], waiters: [] };
    set.tags.push(tags);
    const init = this.op(get("ops"), "init_request");
    for (let tag = 0; tag < get("queue_depth"); tag++) {
      const bytes = this.request.size + get("cmd_size");
      const rq = yield* this.slab.reserveFor(bytes, `request-${bytes}`, "blk_mq_alloc_tag_set");
      if (rq === 0) return false;
      const error = init === 0 ? 0 : yield* this.core.callDriver(init, [set.address, rq, index, get("numa_node")]);
      if (error !== 0) {
        this.slab.kfree(rq);
        return false;
      }
      this.request.set(rq, "tag", tag);
      tags.requests.push(rq);
      tags.free.push(tag);
    }
    return true;
  }

  private *empty({ address, tags }: TagSet): Steps<void> {
    const exit = this.op(this.fields.get(address, "ops"), "exit_request");
    for (const [index, { requests }] of tags.entries()) {
      for (const rq of requests) {
        if (exit !== 0) yield* this.core.callDriver(exit, [address, rq, index]);
        this.slab.kfree(rq);
      }
    }
  }
}
