// What runs on a CPU or a task, in words: `11 (edu)` of an interrupt, `TIMER` of a softirq, `[events]` of a worker.
import type { Task } from "../engine/task.ts";
import type { Context } from "../engine/trace.ts";
import type { Machine } from "../machine.ts";

/** The interrupt that runs on a CPU, by its number and who asked for it; the vector of the softirq. */
export function interruptOn({ kernel }: Machine, cpu: number, context: Context): string {
  if (context === "softirq") return kernel.softirqs.runningOn(cpu) ?? "";
  const line = kernel.irqs.all.find(({ runningOn }) => runningOn === cpu);
  return line === undefined ? "" : `${line.irq} (${line.names.join(", ")})`;
}

/** `insmod 214`, `kworker/0:1 [events]`. */
export function nameOfTask({ kernel }: Machine, task: Task): string {
  const work = kernel.workqueues.workOf(task);
  return work === undefined ? `${task.name} ${task.id}` : `${task.name} [${work.wq}]`;
}
