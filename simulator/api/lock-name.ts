// How reports name a lock, a mutex or a wait queue: by the expression of its initialisation.
import type { Kernel } from "../kernel/kernel.ts";

/** `d.lock` of TypeScript is the address of a member, `&d->lock` in C; a static one goes by its own name. */
export function lockName(kernel: Kernel, address: number, text: number | undefined): string {
  if (text === undefined || text === 0) return kernel.statics.nameAt(address) ?? "";
  const expression = kernel.textAt(text);
  return /^[\w.$[\]]+$/.test(expression) && expression.includes(".")
    ? `&${expression.replaceAll(".", "->")}`
    : expression;
}
