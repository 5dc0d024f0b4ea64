// linux/kthread: threads of the kernel.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { completion } from "../kernel/layouts.ts";
import { task_struct } from "../kernel/task-layouts.ts";
import { Header } from "./header.ts";

export function kthread(kernel: Kernel): Header {
  const { core, kthreads, log, waits } = kernel;
  const header = new Header(core);
  const nameOf = (format: number, values: readonly Raw[]): string => log.format(kernel.textAt(format), values);
  const error = { mayBeErrPtr: true } as const;

  /** Makes a thread that waits for its first wake-up. Task context, may sleep. Its task, or an ERR_PTR. */
  header.plain(
    "kthread_create",
    ["callback", "ptr", "format"],
    task_struct,
    (fn: number, data: number, format: number, ...values: Raw[]) => kthreads.create(fn, data, nameOf(format, values)),
    error,
  );
  /** The same, with a NUMA node. Task context, may sleep. Its task, or an ERR_PTR. */
  header.plain(
    "kthread_create_on_node",
    ["callback", "ptr", "int", "format"],
    task_struct,
    (fn: number, data: number, _node: number, format: number, ...values: Raw[]) =>
      kthreads.create(fn, data, nameOf(format, values)),
    error,
  );
  /** Makes a thread on a CPU; the name gets its number. Task context, may sleep. Its task, or an ERR_PTR. */
  header.plain(
    "kthread_create_on_cpu",
    ["callback", "ptr", "u32", "string"],
    task_struct,
    (fn: number, data: number, cpu: number, format: number) => bound(fn, data, cpu, format),
    error,
  );
  const bound = (fn: number, data: number, cpu: number, format: number): number => {
    const struct = kthreads.create(fn, data, nameOf(format, [cpu]), cpu);
    kthreads.bind(struct, cpu);
    return struct;
  };
  const start = (struct: number): number => {
    const task = kernel.tasks.at(struct);
    if (task !== undefined) core.wakeUp(task);
    return struct;
  };
  /** Makes a thread and wakes it. Task context, may sleep. Its task, or an ERR_PTR. */
  header.plain(
    "kthread_run",
    ["callback", "ptr", "format"],
    task_struct,
    (fn: number, data: number, format: number, ...values: Raw[]) =>
      start(kthreads.create(fn, data, nameOf(format, values))),
    error,
  );
  /** Makes a thread on a CPU and wakes it. Task context, may sleep. Its task, or an ERR_PTR. */
  header.plain(
    "kthread_run_on_cpu",
    ["callback", "ptr", "u32", "string"],
    task_struct,
    (fn: number, data: number, cpu: number, format: number) => start(bound(fn, data, cpu, format)),
    error,
  );
  /** Keeps a thread that was not woken yet to a CPU. Task context. */
  header.plain("kthread_bind", [task_struct, "u32"], "void", (struct: number, cpu: number) =>
    kthreads.bind(struct, cpu),
  );
  /** Asks a thread to stop and waits until it has. Task context, may sleep. What it returned. */
  header.steps("kthread_stop", [task_struct], "int", (struct: number) => kthreads.stop(struct));
  /** Whether the running thread was asked to stop. Task context. */
  header.plain("kthread_should_stop", [], "bool", () => kthreads.shouldStop);
  /** Asks a thread to park and waits until it has. Task context, may sleep. 0, -EBUSY or -ENOSYS. */
  header.steps("kthread_park", [task_struct], "int", (struct: number) => kthreads.park(struct));
  /** Lets a parked thread go on. Task context. */
  header.plain("kthread_unpark", [task_struct], "void", (struct: number) => kthreads.unpark(struct));
  /** Whether the running thread was asked to park. Task context. */
  header.plain("kthread_should_park", [], "bool", () => kthreads.shouldPark);
  /** Whether it was asked to do either. Task context. */
  header.plain("kthread_should_stop_or_park", [], "bool", () => kthreads.shouldStop || kthreads.shouldPark);
  /** Parks, as long as it was asked to. Task context, may sleep. */
  header.steps("kthread_parkme", [], "void", () => kthreads.parkMe());
  /** What kthread_create was given. Task context. */
  header.plain("kthread_data", [task_struct], "ptr", (struct: number) => kthreads.dataOf(struct));
  /** Ends the running thread. Task context. */
  header.steps("kthread_exit", ["int"], "void", (code: number) => kthreads.exit(code));
  /** Completes a completion, if one is given, and ends the running thread. Task context. */
  header.steps(
    "kthread_complete_and_exit",
    [completion, "int"],
    "void",
    function* (it: number, code: number): Steps<void> {
      if (it !== 0) waits.complete(it, false);
      yield* kthreads.exit(code, "kthread_complete_and_exit");
    },
  );
  return header;
}
