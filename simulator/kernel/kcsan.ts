// Data races: accesses of two threads to the same bytes that nothing orders, one of them a write, and not both marked.
// Source: kernel/kcsan, whose defaults it follows: plain aligned writes up to a word count as one step, and writes that
// change nothing are left out. Where KCSAN waits for a race to happen, this finds those that could have.
import { hook } from "../engine/hook.ts";
import type { Raw, Steps, SymbolTable } from "../engine/interfaces.ts";
import type { LinearMemory } from "../engine/memory.ts";
import { KernelActivation, type Task } from "../engine/task.ts";
import { DATA_BYTES, DATA_START, DMA_ZONE_START, HEAP_BYTES, HEAP_START } from "./addresses.ts";
import { type Core, SOFTIRQ_MASK } from "./core.ts";
import { asKernelEvent, type KernelEvent, type RacingAccess } from "./events.ts";
import {
  BARRIERS,
  MARKINGS,
  type Marking,
  type Ordering,
  orderingsOf,
  rulesOf,
  SEQUENCES,
  type Touching,
  touchingOf,
} from "./kcsan-order.ts";
import type { Slab } from "./slab.ts";
import { join, now, type Thread, VectorClocks } from "./vector-clocks.ts";

interface Runner extends Thread {
  /** The next store is marked: WRITE_ONCE() and its kin come before it. */
  marking: Marking | undefined;
  /** How deep it is in sections of a seqlock. */
  sequences: number;
  /** Since its last barrier for writes: what it had seen there. */
  fence: number[] | undefined;
  /** What its marked loads found released, to be seen from the next barrier for reads on. */
  readonly collected: number[];
}

/** An access that is kept, to be compared with later ones. */
interface Kept extends Omit<RacingAccess, "kind" | "isMarked"> {
  kind: RacingAccess["kind"];
  isMarked: boolean;
  readonly runner: Runner;
  readonly time: number;
  /** On which CPU it kept out what, as names that order. */
  readonly exclusions: readonly string[];
  before: bigint;
  after: bigint;
}

/** The callbacks of a device's runtime PM come one after another. */
const RUNTIME_PM = /(^|_)(rpm|pm_runtime)_/;

/** Ranges longer than this are compared by their beginning. */
const MOST_BYTES = 256;

export class Kcsan {
  private readonly core: Core;
  private readonly clocks = new VectorClocks();
  private readonly tasks = new Map<number, Runner>();
  private readonly interrupts = new Map<string, Runner>();
  /** By word: the accesses that no later one has replaced. */
  private readonly words = new Map<number, Kept[]>();
  /** Pairs of statements that were told. */
  private readonly told = new Set<string>();
  /** The latest access: what the macro around it says of it is not known before the next event. */
  private latest: Kept | undefined;

  constructor(core: Core, slab: Slab) {
    this.core = core;
    const { engine, memory } = core;
    memory.onAccess((address, bytes, kind) => this.touched(address, bytes, kind));
    slab.watch((address, bytes) => this.forget(address, bytes));
    engine.trace.listen((event, { cpu }) => this.heard(asKernelEvent(event), cpu));
    // Only when races are looked for do these stand before the engine's own.
    const { wake, spawn } = engine;
    hook(engine, "wake", (task, value) => {
      this.flush();
      const own = this.running;
      if (own !== undefined) this.clocks.hand(own, this.of(task));
      wake.call(engine, task, value);
    });
    hook(engine, "spawn", (...args) => {
      this.flush();
      const task = spawn.call(engine, ...args);
      this.tasks.set(task.id, this.begin(this.running));
      return task;
    });
  }

  /** The kernel's functions, whose calls order. */
  watched(table: SymbolTable): SymbolTable {
    return {
      names: (header) => table.names(header),
      find: (header, name) => {
        const found = table.find(header, name);
        if (found?.kind !== "function" || !this.concerns(name)) return found;
        const call = (args: readonly Raw[]): Raw | Steps<Raw> => {
          this.calling(name, args);
          const result = found.call(args);
          if (typeof result === "object") return this.following(name, args, result);
          this.returned(name, args);
          return result;
        };
        return { ...found, call };
      },
    };
  }

  private concerns(name: string): boolean {
    return [MARKINGS, BARRIERS, SEQUENCES].some((names) => names.has(name)) || rulesOf(name).length > 0;
  }

  private *following(name: string, args: readonly Raw[], steps: Steps<Raw>): Steps<Raw> {
    const result = yield* steps;
    this.returned(name, args);
    return result;
  }

  private calling(name: string, args: readonly Raw[]): void {
    const marking = MARKINGS.get(name);
    const runner = this.running;
    if (runner === undefined) return;
    if (marking !== undefined) this.mark(runner, marking, Number(args[0] ?? 0));
    this.flush();
    const barrier = BARRIERS.get(name);
    if (barrier === "both" || barrier === "release") runner.fence = this.clocks.snapshot(runner);
    if (barrier === "both" || barrier === "acquire") join(runner.clock, runner.collected);
    if (SEQUENCES.get(name) === "end") runner.sequences = Math.max(0, runner.sequences - 1);
    for (const { before } of rulesOf(name)) this.order(runner, before?.(Number(args[0] ?? 0)) ?? []);
  }

  private returned(name: string, args: readonly Raw[]): void {
    this.flush();
    const runner = this.running;
    if (runner === undefined) return;
    if (SEQUENCES.get(name) === "begin") runner.sequences++;
    for (const { after } of rulesOf(name)) this.order(runner, after?.(Number(args[0] ?? 0)) ?? []);
  }

  private mark(runner: Runner, marking: Marking, value: number): void {
    if (marking.of === "store") {
      runner.marking = marking;
      return;
    }
    const { latest } = this;
    if (latest === undefined || latest.runner !== runner || latest.kind !== "read") return;
    latest.isMarked = true;
    if (marking.ignored) this.latest = undefined;
    // What is read through a pointer comes behind the read of the pointer.
    const isPointer = this.isLookedAt(value, 1);
    this.loaded(runner, latest.address, marking.ordered === true || isPointer);
  }

  private loaded(runner: Runner, address: number, isOrdered: boolean): void {
    if (isOrdered) this.clocks.acquire(runner, `@${address}`);
    else this.clocks.collect(runner.collected, `@${address}`);
  }

  private stored(runner: Runner, address: number, isOrdered: boolean): void {
    if (isOrdered) this.clocks.release(runner, `@${address}`);
    else if (runner.fence !== undefined) this.clocks.deposit(`@${address}`, runner.fence);
  }

  private heard(event: KernelEvent, cpu: number): void {
    this.flush();
    if (event.kind === "data-race") return;
    const runner = this.running;
    if (runner !== undefined) this.order(runner, orderingsOf(event, cpu));
  }

  private order(runner: Runner, orderings: readonly Ordering[]): void {
    for (const { phase, what } of orderings) this.clocks[phase](runner, what);
  }

  /** An access is about to be made. */
  private touched(address: number, bytes: number, kind: Parameters<Parameters<LinearMemory["onAccess"]>[0]>[2]): void {
    const isWrite = kind === "store" || kind === "write";
    if ((!isWrite && kind !== "load" && kind !== "read") || !this.isLookedAt(address, bytes)) return;
    const how = this.how();
    const runner = this.running;
    if (how === undefined || runner === undefined) return;
    // A range is touched for many reasons; only some functions do nothing else.
    if ((kind === "read" || kind === "write") && how !== "plain") return;
    if (isWrite && this.becomesCompound(runner, address, bytes)) return;
    this.flush();
    const exclusions = this.exclusions();
    for (const what of exclusions) this.clocks.acquire(runner, what);
    const { marking } = runner;
    if (isWrite) runner.marking = undefined;
    const isMarked = how !== "plain" || (isWrite && marking !== undefined) || runner.sequences > 0;
    const { task } = this.core;
    const isTask = this.core.engine.context === "task";
    const before = this.valueAt(address, bytes);
    this.latest = {
      kind: isWrite ? "write" : "read",
      isMarked,
      address,
      bytes: Math.min(bytes, MOST_BYTES),
      cpu: this.core.engine.cpu,
      task: isTask ? task.id : undefined,
      comm: task.name,
      pid: task.id,
      stack: this.core.stack(),
      runner,
      time: now(runner),
      exclusions,
      before,
      after: before,
    };
    if (how === "plain" && !(isWrite && marking !== undefined)) return;
    if (isWrite) this.stored(runner, address, marking?.ordered ?? how === "ordered");
    else this.loaded(runner, address, how === "ordered");
  }

  /** `d.count += 1` is one access that reads and writes. */
  private becomesCompound(runner: Runner, address: number, bytes: number): boolean {
    const { latest } = this;
    if (latest === undefined || latest.runner !== runner || latest.kind !== "read" || latest.isMarked) return false;
    if (latest.address !== address || latest.bytes !== bytes || runner.marking !== undefined) return false;
    const site = this.core.stack().find((entry) => entry.site !== undefined)?.site;
    if (latest.stack.find((entry) => entry.site !== undefined)?.site !== site) return false;
    latest.kind = "read-write";
    return true;
  }

  /** The latest access is over: it is compared with those of others before it. */
  private flush(): void {
    const { latest } = this;
    if (latest === undefined) return;
    this.latest = undefined;
    if (latest.kind !== "read") latest.after = this.valueAt(latest.address, latest.bytes);
    let race: Kept | undefined;
    const { runner, address, bytes } = latest;
    for (let word = address >>> 2; word <= (address + bytes - 1) >>> 2; word++) {
      const kept = this.words.get(word) ?? [];
      race ??= kept.find((other) => races(other, latest));
      // What it covers and what comes before it can race with nothing that it does not race with.
      const left = kept.filter((other) => !replaces(latest, other));
      left.push(latest);
      this.words.set(word, left);
    }
    for (const what of latest.exclusions) this.clocks.release(runner, what);
    if (race !== undefined) this.tell(race, latest);
  }

  private tell(first: Kept, second: Kept): void {
    const key = [first, second]
      .map(({ stack }) => stack[0]?.site?.id ?? stack[0]?.fn)
      .sort()
      .join(" ");
    if (this.told.has(key)) return;
    this.told.add(key);
    const { before, after } = second.kind === "read" ? first : second;
    this.core.emit({ kind: "data-race", first, second, before, after });
  }

  /** Who runs; nobody while a device or an alarm does. */
  private get running(): Runner | undefined {
    const { current, context, cpu } = this.core.engine;
    if (current === undefined) return undefined;
    if (context === "task") return this.of(current);
    const key = `${context} ${cpu}`;
    let runner = this.interrupts.get(key);
    if (runner === undefined) {
      runner = this.begin(undefined);
      this.interrupts.set(key, runner);
    }
    return runner;
  }

  private of(task: Task): Runner {
    let runner = this.tasks.get(task.id);
    if (runner === undefined) {
      runner = this.begin(undefined);
      this.tasks.set(task.id, runner);
    }
    return runner;
  }

  private begin(parent: Runner | undefined): Runner {
    const fresh = { marking: undefined, sequences: 0, fence: undefined, collected: [] };
    return Object.assign(this.clocks.fork(parent), fresh);
  }

  /** Whose code makes the access that is made now; undefined for what is not looked at. */
  private how(): Touching | undefined {
    const { core } = this;
    const layers = core.engine.current?.layers;
    if (layers === undefined) return undefined;
    // The function that the driver called says how, whatever others it is made of.
    const { calls } = core.context;
    let first = calls.length;
    while (first > 0 && calls[first - 1]!.depth === layers.length) first--;
    if (first < calls.length) return touchingOf(calls[first]!.fn);
    const top = layers.at(-1)?.activation;
    return top === undefined || top instanceof KernelActivation ? undefined : "plain";
  }

  /** Objects and static variables; what lies elsewhere belongs to one task, or to nobody. */
  private isLookedAt(address: number, bytes: number): boolean {
    const end = address + bytes;
    return (
      (address >= DMA_ZONE_START && end <= HEAP_START + HEAP_BYTES) ||
      (address >= DATA_START && end <= DATA_START + DATA_BYTES)
    );
  }

  /** Who has interrupts off is not interrupted on its CPU, nor who is an interrupt; so with bottom halves and preemption. */
  private exclusions(): readonly string[] {
    const { engine, context } = this.core;
    const own = engine.context;
    const { preemptCount, irqsDisabled } = context;
    const names: string[] = [];
    if (irqsDisabled || own === "hardirq") names.push(`irqs off ${engine.cpu}`);
    if (own === "hardirq") return names;
    if (irqsDisabled || (preemptCount & SOFTIRQ_MASK) !== 0) names.push(`bottom halves off ${engine.cpu}`);
    if (own === "task" && (irqsDisabled || preemptCount !== 0)) names.push(`preemption off ${engine.cpu}`);
    if (context.calls.some(({ fn }) => RUNTIME_PM.test(fn))) names.push("runtime PM");
    return names;
  }

  private valueAt(address: number, bytes: number): bigint {
    const { memory } = this.core;
    if (!memory.isMapped(address, bytes)) return 0n;
    let value = 0n;
    for (let at = Math.min(bytes, 8) - 1; at >= 0; at--) value = (value << 8n) | BigInt(memory.peek(address + at, 1));
    return value;
  }

  /** Freed memory begins anew. */
  private forget(address: number, bytes: number): void {
    this.flush();
    for (let word = address >>> 2; word <= (address + bytes - 1) >>> 2; word++) this.words.delete(word);
  }
}

function overlap(a: Kept, b: Kept): boolean {
  return a.address < b.address + b.bytes && b.address < a.address + a.bytes;
}

function races(first: Kept, second: Kept): boolean {
  if (first.runner === second.runner || (first.kind === "read" && second.kind === "read")) return false;
  if (isOneStep(first) && isOneStep(second)) return false;
  if (first.time <= (second.runner.clock[first.runner.index] ?? 0)) return false;
  return overlap(first, second) && (changes(first) || changes(second));
}

function changes({ kind, before, after, bytes }: Kept): boolean {
  return kind !== "read" && (before !== after || bytes > 8);
}

/** CONFIG_KCSAN_ASSUME_PLAIN_WRITES_ATOMIC. */
function isOneStep({ isMarked, kind, bytes, address }: Kept): boolean {
  return isMarked || (kind === "write" && bytes <= 4 && address % bytes === 0);
}

/** The same thread's access of the same kind, or one that all later accesses come behind if they come behind this. */
function replaces(latest: Kept, other: Kept): boolean {
  if (other.address < latest.address || other.address + other.bytes > latest.address + latest.bytes) return false;
  if (other.runner === latest.runner) return other.kind === latest.kind && other.isMarked === latest.isMarked;
  const isBefore = other.time <= (latest.runner.clock[other.runner.index] ?? 0);
  return isBefore && latest.kind !== "read" && !latest.isMarked;
}
