// Reports interrupt lines that are used against the rules, in the words of kernel/irq.
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { warnLines } from "./oops.ts";
import { dumpStack, siteOf } from "./wording.ts";

export const irqMisuse: Check = {
  id: "irq-misuse",
  summary:
    "A handler answers for no interrupt, or leaves interrupts enabled; a line is freed or enabled once too often",
  start({ ledger, report }) {
    return {
      warn: (event, moment) => {
        if (event.id !== "irq-misuse") return;
        const { text, stack, where } = event;
        // Of a handler that misbehaved nothing is on the stack any more.
        const site = event.site ?? siteOf(stack);
        report({ title: text, lines: warnLines(text, stack, moment, ledger, where), site });
        ledger.taint("W");
      },
      "bad-irq": (event, moment) =>
        report({ title: event.text, lines: badIrq(event, moment, ledger), site: event.site }),
    };
  },
};

/** `__report_bad_irq()`: kernel/irq/spurious.c. */
function badIrq(
  { text, handlers, stack }: Extract<KernelEvent, { kind: "bad-irq" }>,
  moment: Moment,
  ledger: Ledger,
): string[] {
  return [text, ...dumpStack(moment, stack, ledger), "handlers:", ...handlers];
}
