// What ran on which CPU, and what tasks did, over a run: spans and marks, in bounded memory.
import type { Engine } from "../engine/engine.ts";
import { hook } from "../engine/hook.ts";
import type { Site } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Moment } from "../engine/trace.ts";
import { asKernelEvent, type KernelEvent, type LockName } from "../kernel/events.ts";

/** A moment in both measures of a run. */
export interface Point {
  /** Statements run before it. */
  readonly clock: number;
  /** Virtual time. */
  readonly nanos: number;
}

/**
 * `run`: a task has a CPU; `softirq`, `hardirq`: what ran on top of it; `sleep`: until it is woken; `ready`: until it has
 * a CPU again; `wait` and `hold`: of a lock.
 */
export type SpanKind = "run" | "softirq" | "hardirq" | "sleep" | "ready" | "wait" | "hold" | "syscall";
export type MarkKind = "mmio" | "log" | "report";

export interface Span {
  readonly kind: SpanKind;
  readonly name: string;
  readonly from: Point;
  /** Undefined while it lasts. */
  to?: Point;
  /** So many short ones, of which the name is the first's. */
  readonly count?: number;
  readonly site: Site | undefined;
}

export interface Mark {
  readonly kind: MarkKind;
  readonly name: string;
  readonly at: Point;
  readonly count?: number;
  readonly site: Site | undefined;
}

export interface Lane {
  /** `cpu0`, `task5`. */
  readonly id: string;
  readonly name: string;
  spans: Span[];
  marks: Mark[];
}

/** Spans and marks that are kept; when there are more, those are merged that are shortest for the whole run. */
const LIMIT = 40_000;
const PARTS = 4096;

export class Recording {
  /** Somebody looks: before that, nothing is kept. */
  isWanted = false;
  private readonly limit: number;
  private readonly byId = new Map<string, Lane>();
  /** What has begun and is not over, by lane and by what it is. */
  private readonly open = new Map<string, { lane: Lane; span: Span }>();
  /** Who has which CPU. */
  private readonly holders = new Map<number, { readonly lane: Lane; readonly task: Task }>();
  private kept = 0;
  /** So many things have happened in the run; each machine of it makes the same, in the same order. */
  private recorded = 0;
  private readonly happened = new WeakMap<Engine, number>();
  private last: Point = { clock: 0, nanos: 0 };

  constructor(limit = LIMIT) {
    this.limit = limit;
  }

  get lanes(): readonly Lane[] {
    return [...this.byId.values()];
  }

  /** How far the run has ever been. */
  get end(): Point {
    return this.last;
  }

  /** Listens to a machine that has not run yet. What another one of the same run has told is not recorded twice. */
  follow(engine: Engine): void {
    this.happened.set(engine, 0);
    engine.trace.listen((event, moment) => {
      if (this.isNew(engine)) this.note(asKernelEvent(event), moment);
    });
    hook(engine, "onSwitch", (cpu, task) => {
      if (this.isNew(engine)) this.switch(cpu, task, pointOf(engine));
    });
  }

  /** All that led to where a machine stands is recorded. */
  covers(engine: Engine): boolean {
    return this.isWanted && this.happened.get(engine)! <= this.recorded;
  }

  /** A machine stands still: the run has come this far. */
  standsAt(engine: Engine): void {
    const { cpuCount } = engine;
    for (let cpu = 0; cpu < cpuCount; cpu++) this.cpu(cpu);
    this.reach(pointOf(engine));
  }

  /** The run becomes another one: what was recorded holds no longer. */
  forget(): void {
    this.byId.clear();
    this.open.clear();
    this.holders.clear();
    this.kept = 0;
    this.recorded = 0;
    this.last = { clock: 0, nanos: 0 };
  }

  private isNew(engine: Engine): boolean {
    const index = this.happened.get(engine)!;
    this.happened.set(engine, index + 1);
    if (!this.isWanted || index !== this.recorded) return false;
    this.recorded++;
    return true;
  }

  private switch(cpu: number, task: Task | undefined, at: Point): void {
    this.reach(at);
    const lane = this.cpu(cpu);
    this.finish(lane, "run", at);
    const before = this.holders.get(cpu);
    this.holders.delete(cpu);
    if (before !== undefined) {
      this.finish(before.lane, "run", at);
      if (before.task.state === "ready") this.becomeReady(before.lane, at);
    }
    if (task === undefined) return;
    const own = this.task(task.id, task.name);
    this.finish(own, "ready", at);
    this.begin(lane, "run", { kind: "run", name: own.name, from: at, site: undefined });
    this.begin(own, "run", { kind: "run", name: `CPU ${cpu}`, from: at, site: undefined });
    this.holders.set(cpu, { lane: own, task });
  }

  /** It could run, and others have the CPU. */
  private becomeReady(lane: Lane, at: Point): void {
    this.finish(lane, "ready", at);
    this.begin(lane, "ready", { kind: "ready", name: "", from: at, site: undefined });
  }

  private note(event: KernelEvent, moment: Moment): void {
    const at = { clock: moment.clock, nanos: moment.nanos };
    const { site } = moment;
    this.reach(at);
    switch (event.kind) {
      case "irq-enter":
        this.begin(this.cpu(moment.cpu), "irq", {
          kind: "hardirq",
          name: `irq ${event.irq} (${event.name})`,
          from: at,
          site: undefined,
        });
        return;
      case "irq-exit":
        this.finish(this.cpu(moment.cpu), "irq", at);
        return;
      case "hrtimer":
        if (moment.context !== "hardirq" || event.phase === "start") return;
        if (event.phase === "done") this.finish(this.cpu(moment.cpu), "hrtimer", at);
        else {
          const name = `hrtimer ${event.function}`;
          this.begin(this.cpu(moment.cpu), "hrtimer", { kind: "hardirq", name, from: at, site: undefined });
        }
        return;
      case "softirq-enter":
        this.begin(this.cpu(moment.cpu), "softirq", {
          kind: "softirq",
          name: `${event.name} softirq`,
          from: at,
          site: undefined,
        });
        return;
      case "softirq-exit":
        this.finish(this.cpu(moment.cpu), "softirq", at);
        return;
      case "task": {
        const lane = this.task(event.id, event.comm);
        if (event.phase === "block") {
          this.begin(lane, "sleep", { kind: "sleep", name: event.why ?? "", from: at, site });
          return;
        }
        this.finish(lane, "sleep", at);
        const isThere = [...this.holders.values()].some((holder) => holder.lane === lane);
        if (event.phase !== "exit" && !isThere) this.becomeReady(lane, at);
        return;
      }
      case "syscall": {
        const lane = this.laneOf(moment);
        if (event.result === undefined) {
          this.begin(lane, "syscall", { kind: "syscall", name: event.name, from: at, site });
        } else this.finish(lane, "syscall", at);
        return;
      }
      case "lock-acquire":
      case "lock-recursion":
        if (event.kind === "lock-recursion" || event.isTry !== true) {
          this.begin(this.laneOf(moment), `wait ${event.lock.address}`, {
            kind: "wait",
            name: lockName(event.lock),
            from: at,
            site,
          });
        }
        return;
      case "lock-acquired":
        this.finish(this.laneOf(moment), `wait ${event.lock.address}`, at);
        this.begin(this.laneOf(moment), `hold ${event.lock.address}`, {
          kind: "hold",
          name: lockName(event.lock),
          from: at,
          site,
        });
        return;
      case "lock-release":
        this.finish(this.laneOf(moment), `hold ${event.lock.address}`, at);
        return;
      case "mmio": {
        const { device, register, offset, isWrite, value } = event;
        const where = `${device} ${register ?? `+0x${offset.toString(16)}`}`;
        const name = `${isWrite ? "write" : "read"} ${where}: 0x${value.toString(16)}`;
        this.mark(moment, { kind: "mmio", name, at, site });
        return;
      }
      case "printk":
        this.mark(moment, { kind: "log", name: event.text.trimEnd(), at, site });
        return;
      case "report":
        this.mark(moment, { kind: "report", name: event.title, at, site: event.site });
        return;
      case "oops":
        this.mark(moment, { kind: "report", name: event.message, at, site });
        return;
      case "warn":
        if (event.id === undefined) this.mark(moment, { kind: "report", name: `WARNING: ${event.text}`, at, site });
    }
  }

  private cpu(cpu: number): Lane {
    return this.lane(`cpu${cpu}`, `CPU ${cpu}`);
  }

  private task(id: number, comm: string): Lane {
    return this.lane(`task${id}`, `${comm} ${id}`);
  }

  /** What an interrupt does belongs to its CPU. */
  private laneOf({ context, task, comm, cpu }: Moment): Lane {
    return context === "task" && task !== 0 ? this.task(task, comm) : this.cpu(cpu);
  }

  private lane(id: string, name: string): Lane {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    const lane: Lane = { id, name, spans: [], marks: [] };
    this.byId.set(id, lane);
    return lane;
  }

  private begin(lane: Lane, key: string, span: Span): void {
    this.open.set(`${lane.id} ${key}`, { lane, span });
    lane.spans.push(span);
    this.grew();
  }

  private finish(lane: Lane, key: string, at: Point): void {
    const found = this.open.get(`${lane.id} ${key}`);
    if (found === undefined) return;
    this.open.delete(`${lane.id} ${key}`);
    const { span } = found;
    span.to = at;
    const isNothing = span.from.clock === at.clock && span.from.nanos === at.nanos && !isInterrupt(span);
    if (!isNothing) return;
    const place = lane.spans.lastIndexOf(span);
    if (place >= 0) {
      lane.spans.splice(place, 1);
      this.kept--;
    }
  }

  private mark(moment: Moment, mark: Mark): void {
    this.laneOf(moment).marks.push(mark);
    this.grew();
  }

  private reach(at: Point): void {
    if (at.clock > this.last.clock || at.nanos > this.last.nanos) this.last = at;
  }

  private grew(): void {
    if (++this.kept <= this.limit) return;
    for (let parts = PARTS; this.kept > this.limit / 2 && parts >= 1; parts /= 2) {
      const [clocks, nanos] = [this.last.clock / parts, this.last.nanos / parts];
      const isShort = (from: Point, to: Point) => to.clock - from.clock < clocks && to.nanos - from.nanos < nanos;
      this.kept = 0;
      for (const lane of this.byId.values()) {
        lane.spans = mergeSpans(lane.spans, isShort);
        lane.marks = mergeMarks(lane.marks, isShort);
        this.kept += lane.spans.length + lane.marks.length;
      }
    }
  }
}

function isInterrupt({ kind }: Span): boolean {
  return kind === "hardirq" || kind === "softirq";
}

/** Short spans of a kind become one, as long as that is short, too. */
export function mergeSpans(spans: readonly Span[], isShort: (from: Point, to: Point) => boolean): Span[] {
  const merged: Span[] = [];
  const places = new Map<SpanKind, number>();
  for (const span of spans) {
    const place = places.get(span.kind);
    const before = place === undefined ? undefined : merged[place];
    const { to } = span;
    if (to !== undefined && before !== undefined && isShort(before.from, to)) {
      const end = before.to!.clock > to.clock || before.to!.nanos > to.nanos ? before.to! : to;
      merged[place!] = { ...before, to: end, count: (before.count ?? 1) + (span.count ?? 1) };
      continue;
    }
    if (to !== undefined && isShort(span.from, to)) places.set(span.kind, merged.length);
    merged.push(span);
  }
  return merged;
}

/** The same of marks. */
export function mergeMarks(marks: readonly Mark[], isShort: (from: Point, to: Point) => boolean): Mark[] {
  const merged: Mark[] = [];
  const places = new Map<MarkKind, number>();
  for (const mark of marks) {
    const place = places.get(mark.kind);
    const before = place === undefined ? undefined : merged[place];
    if (before !== undefined && isShort(before.at, mark.at)) {
      merged[place!] = { ...before, count: (before.count ?? 1) + (mark.count ?? 1) };
      continue;
    }
    places.set(mark.kind, merged.length);
    merged.push(mark);
  }
  return merged;
}

function pointOf({ clock: { statements: clock, nanos } }: Engine): Point {
  return { clock, nanos };
}

function lockName({ flavour, name }: LockName): string {
  return flavour === "rcu" ? name : `${flavour} ${name}`;
}
