// linux/interrupt: interrupt handlers.

import { GFP_KERNEL } from "../kernel/gfp.ts";
import { IRQ_HANDLED, IRQ_NONE, IRQF_SHARED } from "../kernel/irq.ts";
import type { Kernel } from "../kernel/kernel.ts";
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
  return header;
}
