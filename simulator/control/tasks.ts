// Numbers of tasks that mean the same in every run of a recipe: a task's id, or one below 0 for the idle task of a CPU.
import type { Engine } from "../engine/engine.ts";
import type { Task } from "../engine/task.ts";

/** What runs on a CPU that idles is numbered after the CPU: -1 is that of CPU 0. Undefined when the task is over. */
export function taskBy(engine: Engine, number: number): Task | undefined {
  return number < 0 ? engine.taskOn(-number - 1) : engine.taskOf(number);
}

export function numberOf(task: Task): number {
  return task.id === 0 ? -task.cpu - 1 : task.id;
}
