// Timeouts of requests: one timer a queue, and the driver's timeout function in a worker of kblockd.
// Source: block/blk-timeout.c and blk-mq.c
import type { Steps } from "../engine/interfaces.ts";
import { MQ_RQ_IN_FLIGHT, RQF_TIMED_OUT } from "./block-layouts.ts";
import type { Core } from "./core.ts";
import { HZ } from "./jiffies.ts";
import { offsetOf } from "./layouts.ts";
import type { Queue, RequestQueues } from "./request-queues.ts";
import type { TagSets } from "./tag-sets.ts";
import { timer_list } from "./time-layouts.ts";
import type { Timers } from "./timers.ts";

/** Expiries are rounded up by so many jiffies, so that many requests share one. */
const ROUNDED = 1024;
const BLK_MAX_TIMEOUT = 5 * HZ;
const EXPIRES = offsetOf(timer_list, "expires");

export class RequestTimeouts {
  private readonly core: Core;
  private readonly timers: Timers;
  private readonly queues: RequestQueues;
  private readonly sets: TagSets;

  constructor(core: Core, timers: Timers, queues: RequestQueues, sets: TagSets) {
    this.core = core;
    this.timers = timers;
    this.queues = queues;
    this.sets = sets;
  }

  /** blk_add_timer(): the timer looks at least every five seconds, and sets itself anew. */
  start(queue: Queue, rq: number): void {
    const { request } = this.sets;
    const { jiffies } = this.timers;
    const timeout = request.get(rq, "timeout") || this.queues.fields.get(queue.address, "rq_timeout");
    request.set(rq, "timeout", timeout);
    this.forget(rq);
    request.set(rq, "deadline", jiffies + timeout);
    // A driver that does not want to know gets its requests timed anew for ever, in Linux.
    if (this.timeoutOf(queue) === 0) return;
    const timer = this.timerOf(queue);
    const next = jiffies + Math.min(timeout, BLK_MAX_TIMEOUT) + ROUNDED;
    const earlier = (this.core.memory.peek(timer + EXPIRES, 4) - next) | 0;
    if (!this.timers.isPending(timer) || earlier >= HZ / 2) this.timers.modify(timer, next);
  }

  /** It was not timed out, as far as anybody knows. */
  forget(rq: number): void {
    const { request } = this.sets;
    request.set(rq, "rq_flags", request.get(rq, "rq_flags") & ~RQF_TIMED_OUT);
  }

  /** blk_mq_timeout_work(): asks the driver about requests whose time is up, and looks again when the next one's is. */
  *expire(queue: Queue): Steps<undefined> {
    const { request } = this.sets;
    const now = this.timers.jiffies;
    let next: number | undefined;
    for (const { requests } of this.sets.tagsOf(queue.set) ?? []) {
      for (const rq of requests) {
        if (request.get(rq, "q") !== queue.address || request.get(rq, "state") !== MQ_RQ_IN_FLIGHT) continue;
        if ((request.get(rq, "rq_flags") & RQF_TIMED_OUT) !== 0) continue;
        const left = (request.get(rq, "deadline") - now) | 0;
        if (left <= 0) yield* this.timedOut(queue, rq);
        else next = Math.min(next ?? left, left);
      }
    }
    if (next !== undefined) this.timers.modify(this.timerOf(queue), now + next);
    return undefined;
  }

  private *timedOut(queue: Queue, rq: number): Steps<void> {
    const { request } = this.sets;
    request.set(rq, "rq_flags", request.get(rq, "rq_flags") | RQF_TIMED_OUT);
    const answer = yield* this.core.callDriver(this.timeoutOf(queue), [rq]);
    if (answer === 0) return;
    if (answer !== 1) this.core.warn("block/blk-mq.c", 1628, "blk_mq_rq_timed_out");
    this.start(queue, rq);
  }

  private timeoutOf(queue: Queue): number {
    return this.sets.op(this.queues.fields.get(queue.address, "mq_ops"), "timeout");
  }

  private timerOf(queue: Queue): number {
    return this.queues.fields.at(queue.address, "timeout");
  }
}
