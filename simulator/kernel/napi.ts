// NAPI: a driver's poll function is called in NET_RX_SOFTIRQ with a budget, while its interrupts are off.
// Source: net/core/dev.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { NetDevices } from "./net-devices.ts";
import { napi_struct } from "./net-layouts.ts";
import type { Log } from "./printk.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import { CheckedStruct } from "./struct.ts";

/** Bits of `state`, include/linux/netdevice.h. */
export const NAPI_STATE_SCHED = 1;
const NAPI_STATE_MISSED = 2;
const NAPI_STATE_DISABLE = 4;
const NAPI_STATE_NPSVC = 8;
const NAPI_STATE_LISTED = 16;
export const NAPI_POLL_WEIGHT = 64;
/** net.core.netdev_budget and netdev_budget_usecs. */
const BUDGET = 300;
const BUDGET_NANOS = 2e6;
/** dev_weight of the queue of netif_rx(), which has no struct. */
const BACKLOG = 0;

export class Napis {
  private readonly core: Core;
  private readonly log: Log;
  private readonly softirqs: Softirqs;
  private readonly devices: NetDevices;
  private readonly fields: CheckedStruct;
  private readonly lists: number[][];
  private readonly told = new Set<string>();
  private backlog: (cpu: number, budget: number) => Steps<number>;
  private nextId = 1;

  constructor(core: Core, log: Log, softirqs: Softirqs, devices: NetDevices) {
    this.core = core;
    this.log = log;
    this.softirqs = softirqs;
    this.devices = devices;
    this.fields = new CheckedStruct(core.memory, napi_struct);
    this.lists = Array.from({ length: core.engine.cpuCount }, () => []);
    this.backlog = nothing;
    softirqs.open(SOFTIRQS.NET_RX_SOFTIRQ, (cpu) => this.action(cpu), "net_rx_action");
  }

  /** What is done for the buffers that netif_rx() took. */
  setBacklog(run: (cpu: number, budget: number) => Steps<number>): void {
    this.backlog = run;
  }

  /** netif_napi_add_weight(): it cannot be scheduled until it is enabled. */
  add(dev: number, napi: number, poll: number, weight: number): void {
    const { fields } = this;
    const known = this.devices.find(dev);
    if ((fields.get(napi, "state") & NAPI_STATE_LISTED) !== 0) {
      this.core.warn("net/core/dev.c", 6824, "netif_napi_add_weight");
      return;
    }
    const list = napi + fields.offset("poll_list");
    this.core.memory.store(list, 4, list);
    this.core.memory.store(list + 4, 4, list);
    fields.set(napi, "poll", poll);
    fields.set(napi, "dev", dev);
    fields.set(napi, "weight", weight);
    fields.set(napi, "napi_id", this.nextId++);
    fields.set(napi, "state", NAPI_STATE_LISTED | NAPI_STATE_SCHED | NAPI_STATE_NPSVC);
    if (weight > NAPI_POLL_WEIGHT) {
      this.log.write(`${this.devices.label(dev)}: netif_napi_add_weight() called with weight ${weight}`, 3);
    }
    known?.napis.push(napi);
  }

  /** netif_napi_del(): it must be disabled. */
  delete(napi: number): void {
    const { fields } = this;
    if ((fields.get(napi, "state") & NAPI_STATE_LISTED) === 0) return;
    this.core.mightSleep("netif_napi_del", "net/core/dev.c:11516");
    const dev = this.devices.find(fields.get(napi, "dev"));
    dev?.napis.splice(dev.napis.indexOf(napi), 1);
    this.forget(napi);
  }

  /** Its interface goes, or it is deleted: its memory may go too. */
  forget(napi: number): void {
    for (const list of this.lists) if (list.includes(napi)) list.splice(list.indexOf(napi), 1);
    if (!this.core.memory.isMapped(napi, napi_struct.size)) return;
    this.fields.set(napi, "state", this.fields.get(napi, "state") & ~NAPI_STATE_LISTED);
  }

  /** napi_enable(): enabling what is enabled is a bug. */
  *enable(napi: number): Steps<void> {
    const state = this.fields.get(napi, "state");
    if ((state & NAPI_STATE_SCHED) === 0) {
      yield { kind: "fault", fault: { message: "kernel BUG at net/core/dev.c:6896!" } };
    }
    this.fields.set(napi, "state", state & ~(NAPI_STATE_SCHED | NAPI_STATE_NPSVC));
  }

  /** napi_disable(): waits until it is not scheduled any more. */
  *disable(napi: number): Steps<void> {
    this.core.mightSleep("napi_disable", "net/core/dev.c:6864");
    this.change(napi, NAPI_STATE_DISABLE, 0);
    while ((this.fields.get(napi, "state") & (NAPI_STATE_SCHED | NAPI_STATE_NPSVC)) !== 0) {
      yield* this.core.sleep(20_000, "napi_disable");
    }
    this.change(napi, NAPI_STATE_SCHED | NAPI_STATE_NPSVC, NAPI_STATE_DISABLE);
  }

  /** napi_schedule_prep(): whether the caller is to schedule it. */
  prepare(napi: number): boolean {
    const state = this.fields.get(napi, "state");
    if ((state & NAPI_STATE_DISABLE) !== 0) return false;
    const isScheduled = (state & NAPI_STATE_SCHED) !== 0;
    this.fields.set(napi, "state", state | NAPI_STATE_SCHED | (isScheduled ? NAPI_STATE_MISSED : 0));
    return !isScheduled;
  }

  /** __napi_schedule(): its poll function will be called on this CPU. */
  schedule(napi: number): void {
    this.lists[this.core.engine.cpu]!.push(napi);
    this.softirqs.raise(SOFTIRQS.NET_RX_SOFTIRQ);
  }

  scheduleBacklog(): void {
    const list = this.lists[this.core.engine.cpu]!;
    if (!list.includes(BACKLOG)) list.push(BACKLOG);
    this.softirqs.raise(SOFTIRQS.NET_RX_SOFTIRQ);
  }

  /** napi_complete_done(): false when it was scheduled meanwhile, and stays so. */
  complete(napi: number): boolean {
    const state = this.fields.get(napi, "state");
    if ((state & NAPI_STATE_NPSVC) !== 0) return false;
    if ((state & NAPI_STATE_SCHED) === 0) this.core.warn("net/core/dev.c", 6452, "napi_complete_done");
    const isMissed = (state & NAPI_STATE_MISSED) !== 0;
    this.fields.set(napi, "state", state & ~(NAPI_STATE_MISSED | (isMissed ? 0 : NAPI_STATE_SCHED)));
    if (isMissed) this.schedule(napi);
    return !isMissed;
  }

  stateOf(napi: number): number {
    return this.fields.get(napi, "state");
  }

  deviceOf(napi: number): number {
    return this.fields.get(napi, "dev");
  }

  private change(napi: number, set: number, clear: number): void {
    this.fields.set(napi, "state", (this.fields.get(napi, "state") | set) & ~clear);
  }

  private *action(cpu: number): Steps<void> {
    const { core } = this;
    const end = core.engine.clock.nanos + BUDGET_NANOS;
    const own = this.lists[cpu]!;
    const list = own.splice(0);
    const again: number[] = [];
    for (let budget = BUDGET; list.length > 0 && budget > 0 && core.engine.clock.nanos < end; ) {
      const napi = list.shift()!;
      const work = napi === BACKLOG ? yield* this.pollBacklog(cpu, again) : yield* this.poll(napi, own, again);
      budget -= work;
    }
    own.unshift(...list, ...own.splice(0), ...again);
    if (own.length > 0) this.softirqs.raise(SOFTIRQS.NET_RX_SOFTIRQ, cpu);
  }

  private *pollBacklog(cpu: number, again: number[]): Steps<number> {
    const work = yield* this.core.steps("process_backlog", this.backlog(cpu, NAPI_POLL_WEIGHT));
    if (work >= NAPI_POLL_WEIGHT) again.push(BACKLOG);
    return work;
  }

  private *poll(napi: number, own: readonly number[], again: number[]): Steps<number> {
    const { core, fields } = this;
    const weight = fields.get(napi, "weight");
    const fn = fields.get(napi, "poll");
    if ((fields.get(napi, "state") & NAPI_STATE_SCHED) === 0) return 0;
    const work = yield* core.steps("__napi_poll", core.callDriver(fn, [napi, weight]));
    if (work > weight) {
      this.once(
        3,
        `${this.devices.label(fields.get(napi, "dev"))}: NAPI poll function ${core.nameOf(fn)} returned ${work}, exceeding its budget of ${weight}.`,
      );
    }
    if (work < weight) return work;
    if ((fields.get(napi, "state") & NAPI_STATE_DISABLE) !== 0) this.complete(napi);
    else if (own.includes(napi)) {
      this.once(4, `${this.devices.nameOf(fields.get(napi, "dev"))}: Budget exhausted after napi rescheduled`);
    } else again.push(napi);
    return work;
  }

  private once(level: number, text: string): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    this.log.write(text, level);
  }
}

function* nothing(): Steps<number> {
  yield* [];
  return 0;
}
