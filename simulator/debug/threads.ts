// Threads as a client sees them: one for each task, and one for each interrupt that is running on a CPU.
import type { Engine } from "../engine/engine.ts";
import type { Frame, Site } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import type { Context } from "../engine/trace.ts";
import type { StackEntry } from "../kernel/events.ts";

export interface ThreadView {
  readonly id: number;
  readonly name: string;
  readonly task: Task;
  /** The context that runs on top of it; a task's own thread shows the task alone. */
  readonly context: Context;
}

/** Far from the numbers of tasks. */
const interruptIds = 1_000_000;
const idleId = 999_999;
const levels: readonly Context[] = ["softirq", "hardirq"];

/** What contexts and tasks are called: `11 (edu)`, `insmod 214`. */
export interface Names {
  interrupt(cpu: number, context: Context): string;
  task(task: Task): string;
}

export function threadsOf(engine: Engine, names: Names): readonly ThreadView[] {
  const threads: ThreadView[] = engine.tasks
    .filter((task) => task.state !== "done")
    .map((task) => ({ id: task.id, name: names.task(task), task, context: "task" }));
  for (let cpu = 0; cpu < engine.cpuCount; cpu++) {
    const task = engine.taskOn(cpu);
    for (const context of levels) {
      if (!task.layers.some((layer) => layer.context === context)) continue;
      const id = interruptIds + cpu * levels.length + levels.indexOf(context);
      threads.push({ id, name: `CPU${cpu} ${context} ${names.interrupt(cpu, context)}`.trimEnd(), task, context });
    }
  }
  // At the end of the run, a client wants a thread to go back from.
  const idle = engine.idleOf(0);
  return threads.length > 0 ? threads : [{ id: idleId, name: names.task(idle), task: idle, context: "task" }];
}

/** The thread of what runs on top of a task now. */
export function threadOf(threads: readonly ThreadView[], task: Task): ThreadView | undefined {
  const context = task.layers.at(-1)?.context ?? "task";
  return threads.find((thread) => thread.task === task && thread.context === context);
}

export type StackLine =
  | { readonly kind: "label"; readonly text: string }
  | { readonly kind: "kernel"; readonly fn: string }
  | {
      readonly kind: "driver";
      readonly fn: string;
      readonly site: Site;
      readonly frame: Frame;
      readonly index: number;
    };

const marks: Readonly<Record<Context, string>> = { hardirq: "IRQ", softirq: "SOFTIRQ", task: "TASK" };

/**
 * The stack of a thread, innermost first, with the marks between contexts that the kernel's reports print. The kernel's
 * view ends where user space begins; the frames of a process lie below.
 */
export function stackOf(thread: ThreadView, entries: readonly StackEntry[]): readonly StackLine[] {
  const { task } = thread;
  const visible = levels.indexOf(thread.context);
  const isVisible = (context: Context) => levels.indexOf(context) <= visible;
  const frames = framesOf(task);
  const lines: StackLine[] = [];
  let context: Context | undefined;
  let taken = 0;
  const push = (entry: StackEntry, line: StackLine) => {
    if (!isVisible(entry.context)) return;
    if (entry.context !== context && thread.context !== "task") {
      if (context !== undefined) lines.push({ kind: "label", text: `</${marks[context]}>` });
      lines.push({ kind: "label", text: `<${marks[entry.context]}>` });
    }
    context = entry.context;
    lines.push(line);
  };
  for (const entry of entries) {
    const own = entry.site === undefined ? undefined : frames[taken]?.frame;
    if (own === undefined) push(entry, { kind: "kernel", fn: entry.fn });
    else push(entry, { kind: "driver", fn: own.fn, site: own.site, frame: own, index: taken++ });
  }
  if (context !== undefined && thread.context !== "task") lines.push({ kind: "label", text: `</${marks[context]}>` });
  for (const [index, { frame, context: below }] of [...frames.entries()].slice(taken)) {
    if (isVisible(below)) lines.push({ kind: "driver", fn: frame.fn, site: frame.site, frame, index });
  }
  return lines;
}
