// linux/interrupt: interrupt handlers.
import type { Steps } from "../engine/interfaces.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import { IRQ_HANDLED, IRQ_NONE, IRQF_SHARED } from "../kernel/irq.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SOFTIRQS } from "../kernel/softirqs.ts";
import { tasklet_struct } from "../kernel/time-layouts.ts";
import { Header } from "./header.ts";

export function interrupt(kernel: Kernel): Header {
  const { core, irqs, slab } = kernel;
  const header = new Header(core);
  header.constants({ IRQ_NONE, IRQ_HANDLED, IRQF_SHARED });

  /** IRQ_HANDLED when true, else IRQ_NONE. Any context. */
  header.plain("IRQ_RETVAL", ["bool"], "int", (handled: number) => handled);
  /** Installs a handler and enables the line. Task context, may sleep. 0, -EBUSY or -EINVAL. */
  header.plain(
    "request_irq",
    ["u32", "callback", "u32", "string", "ptr"],
    "int",
    (irq: number, handler: number, flags: number, name: number, devId: number) => {
      // The struct irqaction is allocated with GFP_KERNEL.
      slab.mightAlloc(GFP_KERNEL, "request_threaded_irq");
      return irqs.request(irq, handler, flags, kernel.textAt(name), devId);
    },
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
  /** Turns the line off without waiting. Any context. */
  header.plain("disable_irq_nosync", ["u32"], "void", (irq: number) => irqs.disable(irq));
  /** Undoes one disable_irq. Any context. */
  header.plain("enable_irq", ["u32"], "void", (irq: number) => irqs.enable(irq));
  tasklets(header, kernel);
  return header;
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
