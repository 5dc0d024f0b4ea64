// The contexts in which the driver's own functions were seen to run, as a word before each definition.
import type { Reach } from "../analysis/facts.ts";
import type { Checked } from "./check.ts";
import { functionCard } from "./function-card.ts";

export interface ContextHint {
  /** Where the definition begins, in the text. */
  readonly offset: number;
  /** `hardirq`, `process, softirq`. */
  readonly label: string;
  /** What a hover over the function's name says. */
  readonly markdown: string;
}

/** A function that was seen in plain process context alone has none: that is what everyone expects. */
export function contextHints({ program, facts, inText }: Checked): readonly ContextHint[] {
  if (facts === undefined) return [];
  return [...facts.functions.values()].flatMap((each) => {
    const { def } = each.fn;
    const contexts = [...new Set(each.reaches.filter(({ certain }) => certain).map(contextOf))].sort();
    if (contexts.every((context) => context === "process")) return [];
    const { start } = inText?.(def) ?? def;
    return [{ offset: start, label: contexts.join(", "), markdown: functionCard(program, each) }];
  });
}

/** Process context in which a caller holds a spinlock, or the like, is atomic. */
function contextOf({ entry, atomic, irqsOff }: Reach): string {
  if (entry.context !== "process" || !atomic) return entry.context;
  return irqsOff ? "atomic (interrupts off)" : "atomic";
}
