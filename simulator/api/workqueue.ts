// linux/workqueue: functions that are called later, in task context.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { delayed_work, work_struct, workqueue_struct } from "../kernel/task-layouts.ts";
import { __WQ_LEGACY, __WQ_ORDERED, WORK_CPU_UNBOUND, WQ_FLAGS } from "../kernel/workqueues.ts";
import { Header } from "./header.ts";

const { WQ_MEM_RECLAIM, WQ_UNBOUND } = WQ_FLAGS;

export function workqueue(kernel: Kernel): Header {
  const { core, statics, workqueues } = kernel;
  const header = new Header(core);
  header.layout("work_struct", work_struct);
  header.layout("delayed_work", delayed_work);
  header.layout("workqueue_struct", workqueue_struct);
  header.constants({ ...WQ_FLAGS, WORK_CPU_UNBOUND, WQ_MAX_ACTIVE: 512, WQ_DFL_ACTIVE: 256 });

  /** A static work of this name with its function. At file scope. Its address. */
  header.plain("DECLARE_WORK", ["string", "callback"], work_struct, (name: number, fn: number) => {
    const address = statics.global(work_struct.size, work_struct.align, kernel.textAt(name));
    workqueues.init(address, fn);
    return address;
  });
  /** A static delayed work of this name with its function. At file scope. Its address. */
  header.plain("DECLARE_DELAYED_WORK", ["string", "callback"], delayed_work, (name: number, fn: number) => {
    const address = statics.global(delayed_work.size, delayed_work.align, kernel.textAt(name));
    workqueues.initDelayed(address, fn);
    return address;
  });
  for (const name of ["INIT_WORK", "INIT_WORK_ONSTACK"]) {
    /** Makes a work ready to be queued. Any context. */
    header.plain(name, [work_struct, "callback"], "void", (work: number, fn: number) => workqueues.init(work, fn));
  }
  for (const name of ["INIT_DELAYED_WORK", "INIT_DEFERRABLE_WORK"]) {
    /** Makes a delayed work ready to be queued. Any context. */
    header.plain(name, [delayed_work, "callback"], "void", (work: number, fn: number) =>
      workqueues.initDelayed(work, fn),
    );
  }
  /** The delayed work of a work. Any context. */
  header.plain("to_delayed_work", [work_struct], delayed_work, (work: number) => work);
  queues(header, kernel);
  queueing(header, kernel);
  waiting(header, kernel);
  return header;
}

function queues(header: Header, kernel: Kernel): void {
  const { log, slab, workqueues } = kernel;
  const nullable = { mayBeNull: true } as const;
  const create = (name: string, flags: number, active: number): number => {
    slab.mightAlloc(0xcc0, "alloc_workqueue");
    return workqueues.create(name, flags, active);
  };
  for (const name of [
    "system_wq",
    "system_highpri_wq",
    "system_long_wq",
    "system_unbound_wq",
    "system_freezable_wq",
    "system_power_efficient_wq",
  ]) {
    /** A queue of the kernel's own: a variable in C. Any context. */
    header.plain(name, [], workqueue_struct, () => workqueues.systemQueue(name));
  }
  /** Makes a workqueue; so many of its works run at a time on a CPU, 0: as many as usual. Task context, may sleep. NULL: no memory. */
  header.plain(
    "alloc_workqueue",
    ["format", "u32", "int"],
    workqueue_struct,
    (format: number, flags: number, active: number, ...values: Raw[]) =>
      create(log.format(kernel.textAt(format), values), flags, active),
    nullable,
  );
  /** Makes a workqueue whose works run one after the other. Task context, may sleep. NULL: no memory. */
  header.plain(
    "alloc_ordered_workqueue",
    ["format", "u32"],
    workqueue_struct,
    (format: number, flags: number, ...values: Raw[]) =>
      create(log.format(kernel.textAt(format), values), flags | WQ_UNBOUND | __WQ_ORDERED, 1),
    nullable,
  );
  /** Makes a workqueue with a work at a time on a CPU. Task context, may sleep. NULL: no memory. */
  header.plain(
    "create_workqueue",
    ["string"],
    workqueue_struct,
    (name: number) => create(kernel.textAt(name), __WQ_LEGACY | WQ_MEM_RECLAIM, 1),
    nullable,
  );
  for (const name of ["create_singlethread_workqueue", "create_freezable_workqueue"]) {
    /** Makes a workqueue whose works run one after the other. Task context, may sleep. NULL: no memory. */
    header.plain(
      name,
      ["string"],
      workqueue_struct,
      (text: number) => create(kernel.textAt(text), __WQ_LEGACY | WQ_MEM_RECLAIM | WQ_UNBOUND | __WQ_ORDERED, 1),
      nullable,
    );
  }
  /** Waits until all works are done, and frees a workqueue. Task context, may sleep. */
  header.steps("destroy_workqueue", [workqueue_struct], "void", (wq: number) => workqueues.destroy(wq));
}

function queueing(header: Header, { workqueues }: Kernel): void {
  const system = (): number => workqueues.systemQueue("system_wq");
  /** Queues a work on the kernel's own queue. Any context. False when it is queued already. */
  header.plain("schedule_work", [work_struct], "bool", (work: number) => workqueues.queue(system(), work));
  /** The same on a CPU. Any context. False when it is queued already. */
  header.plain("schedule_work_on", ["int", work_struct], "bool", (cpu: number, work: number) =>
    workqueues.queue(system(), work, cpu),
  );
  /** Queues a work on the kernel's own queue after so many jiffies. Any context. False when it is queued already. */
  header.plain("schedule_delayed_work", [delayed_work, "u32"], "bool", (work: number, delay: number) =>
    workqueues.queueDelayed(system(), work, delay),
  );
  /** The same on a CPU. Any context. False when it is queued already. */
  header.plain(
    "schedule_delayed_work_on",
    ["int", delayed_work, "u32"],
    "bool",
    (cpu: number, work: number, delay: number) => workqueues.queueDelayed(system(), work, delay, cpu),
  );
  /** Queues a work. Any context. False when it is queued already. */
  header.plain("queue_work", [workqueue_struct, work_struct], "bool", (wq: number, work: number) =>
    workqueues.queue(wq, work),
  );
  /** The same on a CPU. Any context. False when it is queued already. */
  header.plain(
    "queue_work_on",
    ["int", workqueue_struct, work_struct],
    "bool",
    (cpu: number, wq: number, work: number) => workqueues.queue(wq, work, cpu),
  );
  /** Queues a work after so many jiffies. Any context. False when it is queued already. */
  header.plain(
    "queue_delayed_work",
    [workqueue_struct, delayed_work, "u32"],
    "bool",
    (wq: number, work: number, delay: number) => workqueues.queueDelayed(wq, work, delay),
  );
  /** The same on a CPU. Any context. False when it is queued already. */
  header.plain(
    "queue_delayed_work_on",
    ["int", workqueue_struct, delayed_work, "u32"],
    "bool",
    (cpu: number, wq: number, work: number, delay: number) => workqueues.queueDelayed(wq, work, delay, cpu),
  );
  /** Queues a work after so many jiffies from now, whether it is queued or not. Any context. True when it was. */
  header.plain(
    "mod_delayed_work",
    [workqueue_struct, delayed_work, "u32"],
    "bool",
    (wq: number, work: number, delay: number) => workqueues.modifyDelayed(wq, work, delay),
  );
  /** The same on a CPU. Any context. True when it was. */
  header.plain(
    "mod_delayed_work_on",
    ["int", workqueue_struct, delayed_work, "u32"],
    "bool",
    (cpu: number, wq: number, work: number, delay: number) => workqueues.modifyDelayed(wq, work, delay, cpu),
  );
  /** Whether a work is queued. Any context. */
  header.plain("work_pending", [work_struct], "bool", (work: number) => workqueues.isPending(work));
  /** Whether a delayed work is queued or its timer runs. Any context. */
  header.plain("delayed_work_pending", [delayed_work], "bool", (work: number) => workqueues.isPending(work));
  /** 1: queued, 2: running, 3: both. Any context. */
  header.plain("work_busy", [work_struct], "u32", (work: number) => workqueues.busy(work));
  /** The work that the running worker is at. Any context. NULL: it is no worker. */
  header.plain("current_work", [], work_struct, () => workqueues.current, { mayBeNull: true });
}

function waiting(header: Header, { workqueues }: Kernel): void {
  /** Waits until a work that is queued or runs now is done. Task context, may sleep. False when there was none. */
  header.steps("flush_work", [work_struct], "bool", (work: number) => workqueues.flush(work));
  /** The same, and what waits for its timer is queued at once. Task context, may sleep. False when there was none. */
  header.steps("flush_delayed_work", [delayed_work], "bool", (work: number) => workqueues.flushDelayed(work));
  for (const name of ["flush_workqueue", "__flush_workqueue"]) {
    /** Waits until all works are done that are queued now. Task context, may sleep. */
    header.steps(name, [workqueue_struct], "void", (wq: number) => workqueues.flushQueue(wq, name));
  }
  /** Waits until a workqueue is empty. Task context, may sleep. */
  header.steps("drain_workqueue", [workqueue_struct], "void", (wq: number) => workqueues.drain(wq));
  /** flush_workqueue on the kernel's own queue. Task context, may sleep. */
  header.steps("flush_scheduled_work", [], "void", () =>
    workqueues.flushQueue(workqueues.systemQueue("system_wq"), "flush_scheduled_work"),
  );
  /** Takes a work back that is queued; it may still run. Any context. True when it was queued. */
  header.plain("cancel_work", [work_struct], "bool", (work: number) => workqueues.cancel(work));
  /** Takes a delayed work back that is queued; it may still run. Any context. True when it was queued. */
  header.plain("cancel_delayed_work", [delayed_work], "bool", (work: number) => workqueues.cancel(work));
  for (const [name, layout] of [
    ["cancel_work_sync", work_struct],
    ["cancel_delayed_work_sync", delayed_work],
  ] as const) {
    /** Takes a work back and waits until it does not run. Task context, may sleep. True when it was queued. */
    header.steps(name, [layout], "bool", (work: number): Steps<boolean> => workqueues.cancelSync(work, name));
  }
}
