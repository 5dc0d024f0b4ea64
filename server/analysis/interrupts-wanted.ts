// Which kernel functions may not be called with interrupts off although they never sleep.
import type { FunctionFact } from "../knowledge/schema.ts";

/** A function that never sleeps, and still may not be called with interrupts off. */
export function wantsInterrupts(fact: FunctionFact): boolean {
  if (fact.releases?.some(({ flavour, irq }) => irq === "bh" && flavour === "bh")) return true;
  const { contexts, maySleep } = fact;
  return (
    maySleep === "never" && contexts !== undefined && contexts.includes("softirq") && !contexts.includes("hardirq")
  );
}
