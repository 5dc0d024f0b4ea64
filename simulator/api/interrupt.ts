// linux/interrupt: interrupt handlers.
import type { Steps } from "../engine/interfaces.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import { IRQ_FLAGS, IRQ_HANDLED, IRQ_NONE, IRQ_WAKE_THREAD } from "../kernel/irq.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SOFTIRQS } from "../kernel/softirqs.ts";
import { tasklet_struct } from "../kernel/time-layouts.ts";
import { managedInterrupts } from "./devres.ts";
import { Header } from "./header.ts";

export function interrupt(kernel: Kernel): Header {
  const { core, irqs, slab } = kernel;
  const header = new Header(core);
  header.constants({ IRQ_NONE, IRQ_HANDLED, IRQ_WAKE_THREAD, ...IRQ_FLAGS, IRQC_IS_HARDIRQ: 0, IRQC_IS_NESTED: 1 });

  /** IRQ_HANDLED when true, else IRQ_NONE. Any context. */
  header.plain("IRQ_RETVAL", ["bool"], "int", (handled: number) => handled);
  const install = (
    callee: string,
    irq: number,
    handler: number,
    thread: number,
    flags: number,
    name: number,
    devId: number,
  ): number => {
    // The struct irqaction is allocated with GFP_KERNEL.
    slab.mightAlloc(GFP_KERNEL, callee);
    return irqs.request(irq, { handler, thread, flags, name: kernel.textAt(name), devId });
  };
  for (const name of ["request_irq", "request_any_context_irq"]) {
    /** Installs a handler and enables the line. Task context, may sleep. 0, -EBUSY or -EINVAL. */
    header.plain(
      name,
      ["u32", "callback", "u32", "string", "ptr"],
      "int",
      (irq: number, handler: number, flags: number, title: number, devId: number) =>
        install("request_threaded_irq", irq, handler, 0, flags, title, devId),
    );
  }
  /** Installs a handler with a thread that it may wake; without a handler every interrupt does. Task context, may sleep. 0, -EBUSY or -EINVAL. */
  header.plain(
    "request_threaded_irq",
    ["u32", "callback", "callback", "u32", "string", "ptr"],
    "int",
    (irq: number, handler: number, thread: number, flags: number, name: number, devId: number) =>
      install("request_threaded_irq", irq, handler, thread, flags, name, devId),
  );
  /** Takes a handler away and waits until it has finished. Task context, may sleep. */
  header.steps("free_irq", ["u32", "ptr"], "void", (irq: number, devId: number) => irqs.free(irq, devId));
  /** Waits until no handler of the line runs. Task context, may sleep. */
  header.steps("synchronize_irq", ["u32"], "void", (irq: number) => irqs.synchronize(irq));
  /** Turns the line off and waits until no handler runs; calls nest. Task context, may sleep. */
  header.steps("disable_irq", ["u32"], "void", (irq: number) => {
    irqs.disable(irq);
    return irqs.synchronize(irq, "disable_irq");
  });
  /** Turns the line off and spins while a handler runs; threads may go on. Any context. Whether none does. */
  header.steps("disable_hardirq", ["u32"], "bool", (irq: number) => {
    irqs.disable(irq);
    return irqs.synchronizeHardirq(irq);
  });
  /** Spins while a handler of the line runs. Any context. Whether no thread of it does. */
  header.steps("synchronize_hardirq", ["u32"], "bool", (irq: number) => irqs.synchronizeHardirq(irq));
  /** Turns the line off without waiting. Any context. */
  header.plain("disable_irq_nosync", ["u32"], "void", (irq: number) => irqs.disable(irq));
  /** Undoes one disable_irq. Any context. */
  header.steps("enable_irq", ["u32"], "void", (irq: number) => enable(kernel, irq));
  settings(header, kernel);
  tasklets(header, kernel);
  managedInterrupts(header, kernel);
  return header;
}

function settings(header: Header, { core, irqs }: Kernel): void {
  for (const name of ["irq_set_affinity", "irq_set_affinity_hint", "irq_set_affinity_and_hint"]) {
    /** Says which CPUs take the line's interrupts. Task context. 0, or -EINVAL. */
    header.plain(name, ["u32", "ptr"], "int", (irq: number, mask: number) =>
      mask === 0 ? 0 : irqs.setAffinity(irq, core.memory.load(mask, 4, false)),
    );
  }
  /** Lets the line wake the machine from suspend, or not; calls nest. Task context. 0. */
  header.plain("irq_set_irq_wake", ["u32", "u32"], "int", (irq: number, on: number) => irqs.setWake(irq, on !== 0));
  /** Lets the line wake the machine from suspend. Task context. 0. */
  header.plain("enable_irq_wake", ["u32"], "int", (irq: number) => irqs.setWake(irq, true));
  /** Undoes one enable_irq_wake. Task context. 0. */
  header.plain("disable_irq_wake", ["u32"], "int", (irq: number) => irqs.setWake(irq, false));
  /** Says whether the line is an edge or a level. Task context. 0. */
  header.plain("irq_set_irq_type", ["u32", "u32"], "int", (irq: number, type: number) => irqs.setType(irq, type));
  /** Begins to look for the line of a device. Task context, may sleep. For probe_irq_off. */
  header.steps("probe_irq_on", [], "u32", () => irqs.probeOn());
  /** Ends it. Task context. The line, 0 for none, negative when there were several. */
  header.plain("probe_irq_off", ["u32"], "int", () => irqs.probeOff());
}

function tasklets(header: Header, kernel: Kernel): void {
  const { core, softirqs, statics, tasklets } = kernel;
  header.layout("tasklet_struct", tasklet_struct);
  header.constants(SOFTIRQS);
  const define = (name: string, count: number, old: boolean): void => {
    /** A static tasklet of this name with a function, ready for use. At file scope. Its address. */
    header.plain(name, ["string", "callback"], tasklet_struct, (text: number, fn: number) => {
      const address = statics.global(tasklet_struct.size, tasklet_struct.align, kernel.textAt(text));
      tasklets.setup(address, fn, old ? 0 : undefined, count);
      return address;
    });
  };
  define("DECLARE_TASKLET", 0, false);
  define("DECLARE_TASKLET_DISABLED", 1, false);
  define("DECLARE_TASKLET_OLD", 0, true);
  define("DECLARE_TASKLET_DISABLED_OLD", 1, true);
  /** Makes a tasklet ready for use; its function gets the tasklet. Any context. */
  header.plain("tasklet_setup", [tasklet_struct, "callback"], "void", (t: number, fn: number) => tasklets.setup(t, fn));
  /** Makes a tasklet ready for use; its function gets `data`. Any context. */
  header.plain("tasklet_init", [tasklet_struct, "callback", "ptr"], "void", (t: number, fn: number, data: number) =>
    tasklets.setup(t, fn, data),
  );
  /** Lets a tasklet run soon, on this CPU. Any context. */
  header.plain("tasklet_schedule", [tasklet_struct], "void", (t: number) => tasklets.schedule(t, "TASKLET_SOFTIRQ"));
  /** The same, before all other softirqs. Any context. */
  header.plain("tasklet_hi_schedule", [tasklet_struct], "void", (t: number) => tasklets.schedule(t, "HI_SOFTIRQ"));
  /** Keeps a tasklet from running, without waiting. Any context. */
  header.plain("tasklet_disable_nosync", [tasklet_struct], "void", (t: number) => tasklets.disable(t));
  /** Keeps a tasklet from running, and spins while it runs. Any context. */
  header.steps("tasklet_disable_in_atomic", [tasklet_struct], "void", (t: number) => {
    tasklets.disable(t);
    return tasklets.unlockSpinWait(t);
  });
  /** Keeps a tasklet from running, and waits while it runs; calls nest. Task context, may sleep. */
  header.steps("tasklet_disable", [tasklet_struct], "void", (t: number) => {
    tasklets.disable(t);
    return tasklets.unlockWait(t, "tasklet_disable");
  });
  /** Undoes one tasklet_disable. Any context. */
  header.steps("tasklet_enable", [tasklet_struct], "void", function* (t: number): Steps<void> {
    tasklets.enable(t);
    yield* core.letIn();
  });
  /** Waits until a tasklet has run, if it is scheduled. Task context, may sleep. */
  header.steps("tasklet_kill", [tasklet_struct], "void", (t: number) => tasklets.kill(t));
  /** Says what a softirq does; drivers have none of their own. Any context. */
  header.plain("open_softirq", ["u32", "callback"], "void", (vector: number, fn: number) =>
    softirqs.open(vector, () => core.callDriver(fn, []), core.nameOf(fn)),
  );
  /** Lets a softirq run soon, on this CPU. Any context. */
  header.plain("raise_softirq", ["u32"], "void", (vector: number) => softirqs.raise(vector));
  /** The same with interrupts off already. Any context. */
  header.plain("raise_softirq_irqoff", ["u32"], "void", (vector: number) => softirqs.raise(vector));
}

function* enable({ core, irqs }: Kernel, irq: number): Steps<void> {
  irqs.enable(irq);
  yield* core.letIn();
}
