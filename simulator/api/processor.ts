// asm/processor and asm/special_insns: what is left to the processor.
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

/** What a round of a loop that waits costs more than one that does not, in nanoseconds. */
const RELAXED_NANOS = 100;
/** Protection, monitoring, extension type, numeric errors, write protection, alignment mask, paging: as x86 runs. */
const CR0 = 0x80050033;

export function processor({ core }: Kernel): Header {
  const header = new Header(core);
  /** Tells the processor that a loop waits: it takes its time, and interrupts come in. Any context. */
  header.steps("cpu_relax", [], "void", function* () {
    core.engine.delay(RELAXED_NANOS);
    yield* core.letIn();
  });
  return header;
}

export function specialInsns({ core }: Kernel): Header {
  const header = new Header(core);
  header.constants({ X86_CR0_PE: 0x1, X86_CR0_WP: 0x10000, X86_CR0_PG: 0x80000000 });
  /** The control register CR0, as an x86 in protected mode has it. Any context. */
  header.plain("read_cr0", [], "u32", () => CR0);
  return header;
}
