// linux/fpu and asm/fpu/api: floating point in the kernel.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function fpu({ core, fpu }: Kernel): Header {
  const header = new Header(core);
  /** Lets the task compute with fractions, on its CPU and without sleeping. Task or softirq context. */
  header.plain("kernel_fpu_begin", [], "void", () => fpu.begin());
  /** Undoes kernel_fpu_begin. As that. */
  header.steps("kernel_fpu_end", [], "void", function* (): Steps<void> {
    fpu.end();
    yield* core.letIn();
  });
  /** Whether kernel_fpu_begin may be called here. Any context. */
  header.plain("irq_fpu_usable", [], "bool", () => fpu.isUsable);
  return header;
}
