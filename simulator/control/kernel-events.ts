// Events of the kernel as places to stop: `irq:11`, `timer:*`, `work:foo_work`, `syscall:ioctl`.
import type { Engine } from "../engine/engine.ts";
import type { Task } from "../engine/task.ts";
import type { Context, TraceEvent } from "../engine/trace.ts";
import { asKernelEvent, type KernelEvent } from "../kernel/events.ts";
import { globOf } from "./names.ts";

/** The kinds by the word before the colon: names of an event that begins, or undefined; and whether one is over. */
interface Kind {
  begins(event: KernelEvent): readonly string[] | undefined;
  isOver(event: KernelEvent): boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  irq: {
    begins: (event) => (event.kind === "irq-enter" ? [String(event.irq), ...event.name.split(", ")] : undefined),
    isOver: (event) => event.kind === "irq-exit",
  },
  softirq: {
    begins: (event) => (event.kind === "softirq-enter" ? [event.name] : undefined),
    isOver: (event) => event.kind === "softirq-exit",
  },
  timer: {
    begins: (event) => (isTimer(event) && event.phase === "expire" ? [event.function] : undefined),
    isOver: (event) => isTimer(event) && event.phase === "done",
  },
  hrtimer: {
    begins: (event) => (event.kind === "hrtimer" && event.phase === "expire" ? [event.function] : undefined),
    isOver: (event) => event.kind === "hrtimer" && event.phase === "done",
  },
  tasklet: {
    begins: (event) => (event.kind === "tasklet" && event.phase === "start" ? [event.function] : undefined),
    isOver: (event) => event.kind === "tasklet" && event.phase === "done",
  },
  work: {
    begins: (event) => (event.kind === "work" && event.phase === "start" ? [event.function, event.wq] : undefined),
    isOver: (event) => event.kind === "work" && event.phase === "done",
  },
  kthread: {
    begins: (event) => (event.kind === "kthread" && event.phase === "start" ? [event.comm] : undefined),
    isOver: (event) => event.kind === "kthread" && event.phase === "exit",
  },
  syscall: {
    begins: (event) => (event.kind === "syscall" && event.result === undefined ? [event.name] : undefined),
    isOver: (event) => event.kind === "syscall" && event.result !== undefined,
  },
  module: {
    begins: (event) => (event.kind === "module" && event.phase === "loading" ? [event.name] : undefined),
    isOver: (event) => event.kind === "module" && event.phase !== "loading",
  },
};

/** An event that somebody waits for. */
export interface Awaited {
  readonly kind: Kind;
  readonly pattern: RegExp;
}

/** What a name with a colon means; undefined when it means no event. */
export function eventNamed(name: string): Awaited | undefined {
  const [, word = "", rest = ""] = /^(\w+):(.+)$/.exec(name) ?? [];
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  return kind && { kind, pattern: globOf(rest.trim()) };
}

/** Something has begun, and the first statement of a driver that it runs has not come yet. */
interface Begun {
  readonly id: number;
  readonly kind: Kind;
  readonly task: Task;
  readonly context: Context;
}

/** Waits for events, and tells the first statements that follow from them. */
export class KernelEvents {
  /** By the number of the breakpoint. */
  private awaited: ReadonlyMap<number, Awaited> = new Map();
  private begun: readonly Begun[] = [];
  private engine: Engine | undefined;
  private readonly heard = new WeakSet<Engine>();
  private readonly whenBegun: (isWaiting: boolean) => void;

  /** `whenBegun`: from now on every statement is to be looked at, or no longer. */
  constructor(whenBegun: (isWaiting: boolean) => void) {
    this.whenBegun = whenBegun;
  }

  set wanted(awaited: ReadonlyMap<number, Awaited>) {
    this.awaited = awaited;
    this.become(this.begun.filter(({ id }) => awaited.has(id)));
  }

  /** Listens to a machine, and to no other. */
  attach(engine: Engine): void {
    this.become([]);
    this.engine = engine;
    if (this.heard.has(engine)) return;
    this.heard.add(engine);
    engine.trace.listen((event) => {
      if (this.awaited.size > 0 && this.engine === engine) this.note(event, engine);
    });
  }

  /** The breakpoints whose event led to the statement that a task is about to run. */
  reached(task: Task): readonly number[] {
    if (this.begun.length === 0) return [];
    const context = task.layers.at(-1)?.context ?? "task";
    const here = this.begun.filter((one) => one.task === task && one.context === context);
    if (here.length > 0) this.become(this.begun.filter((one) => !here.includes(one)));
    return here.map(({ id }) => id);
  }

  forget(): void {
    this.become([]);
  }

  private note(traced: TraceEvent, { current: task, context }: Engine): void {
    const event = asKernelEvent(traced);
    if (task === undefined) return;
    const left = this.begun.filter((one) => !(one.task === task && one.context === context && one.kind.isOver(event)));
    const new_ = [...this.awaited].filter(([, { kind, pattern }]) =>
      kind.begins(event)?.some((name) => pattern.test(name)),
    );
    if (new_.length === 0 && left.length === this.begun.length) return;
    this.become([...left, ...new_.map(([id, { kind }]) => ({ id, kind, task, context }))]);
  }

  private become(begun: readonly Begun[]): void {
    const was = this.begun.length > 0;
    this.begun = begun;
    if (begun.length > 0 !== was) this.whenBegun(begun.length > 0);
  }
}

function isTimer(event: KernelEvent): event is Extract<KernelEvent, { kind: "timer" | "hrtimer" }> {
  return event.kind === "timer" || event.kind === "hrtimer";
}
