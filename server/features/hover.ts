// What a hover shows: the card of the function under the cursor, the kernel's or the driver's own.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { FunctionFact, LockEffect, Returns } from "../knowledge/schema.ts";
import type { Span } from "../text/lines.ts";
import type { Checked } from "./check.ts";
import { functionCard } from "./function-card.ts";

export interface Card extends Span {
  readonly markdown: string;
}

const failures: Readonly<Record<Returns, string | undefined>> = {
  void: undefined,
  value: undefined,
  boolean: undefined,
  "null-on-failure": "returns NULL",
  "errptr-on-failure": "returns an error pointer (test with `IS_ERR()`)",
  "null-or-errptr": "returns NULL or an error pointer (test with `IS_ERR_OR_NULL()`)",
  "negative-errno": "returns a negative errno",
  "zero-on-failure": "returns 0",
  "nonzero-on-failure": "returns nonzero",
  "bytes-not-copied": "returns the number of bytes that were not copied",
};

const lockNames: Readonly<Record<LockEffect["flavour"], string>> = {
  spin: "spinlock",
  "raw-spin": "raw spinlock",
  "read-spin": "rwlock for reading",
  "write-spin": "rwlock for writing",
  mutex: "mutex",
  "read-sleep": "rw_semaphore for reading",
  "write-sleep": "rw_semaphore for writing",
  semaphore: "semaphore",
  rcu: "RCU read side",
  srcu: "SRCU read side",
  preempt: "preemption off",
  bh: "softirqs off",
  irq: "interrupts off",
  fpu: "FPU",
  "seq-write": "seqlock for writing",
};

function sleeping(fact: FunctionFact): string {
  switch (fact.maySleep) {
    case "never":
      return "Does not sleep: safe in any context.";
    case "always":
      return "**May sleep**: only in process context, with no spinlock held.";
    case "flags": {
      const which = fact.gfpParam === undefined ? "its gfp flags allow" : `argument ${fact.gfpParam + 1} allows`;
      return `**May sleep** when ${which} it: \`GFP_KERNEL\` does, \`GFP_ATOMIC\` and \`GFP_NOWAIT\` do not.`;
    }
    case "conditional":
      return `**May sleep** ${fact.sleepCondition ?? "under some conditions"}.`;
    case "unknown":
      return "Whether it sleeps is not known.";
  }
}

function lockEffect(verb: string, effect: LockEffect): string {
  const which = effect.param === undefined ? "" : ` (argument ${effect.param + 1})`;
  const interrupts =
    effect.irq === undefined || effect.irq === "none"
      ? ""
      : `, ${{ irq: "interrupts", irqsave: "interrupts, with their state saved", bh: "softirqs" }[effect.irq]}`;
  const when = effect.heldWhen === undefined ? "" : `, when it returns ${effect.heldWhen === "zero" ? "0" : "nonzero"}`;
  return `${verb} ${lockNames[effect.flavour]}${which}${interrupts}${when}.`;
}

function versions(fact: FunctionFact): string | undefined {
  const from = fact.since === undefined ? undefined : fact.since === null ? "6.1 or earlier" : fact.since;
  const until = fact.until ?? undefined;
  if (from === undefined && until === undefined) return undefined;
  return `Kernel: ${from === undefined ? "" : `since ${from}`}${until === undefined ? "" : ` until ${until}`}`.trim();
}

/** The card of a kernel function, as markdown. */
export function factCard(fact: FunctionFact): string {
  const lines = [sleeping(fact)];
  if (fact.contexts !== undefined) lines.push(`Contexts: ${fact.contexts.join(", ")}.`);
  const failure = fact.returns === undefined ? undefined : failures[fact.returns];
  if (failure !== undefined) lines.push(`On failure ${failure}${fact.mustCheck ? "; this must be checked" : ""}.`);
  for (const effect of fact.acquires ?? []) lines.push(lockEffect("Acquires", effect));
  for (const effect of fact.releases ?? []) lines.push(lockEffect("Releases", effect));
  if (fact.obtains !== undefined) {
    const [usual, ...others] = fact.obtains.releasedBy.map((name) => `\`${name}()\``);
    const instead =
      others.length === 0 ? "" : ` (or ${others.slice(0, 3).join(", ")}${others.length > 3 ? ", …" : ""})`;
    lines.push(`Obtains ${fact.obtains.what}${usual === undefined ? "" : `; give it back with ${usual}${instead}`}.`);
  }
  for (const callback of fact.callbacks ?? []) {
    lines.push(`Argument ${callback.param + 1} is a ${callback.role}; it runs in ${callback.context} context.`);
  }
  if (fact.noreturn) lines.push("Does not return.");
  const foot = [versions(fact), `Source: ${fact.source}`].filter((part) => part !== undefined).join(" · ");
  return `**${fact.name}()**\n\n${lines.map((line) => `- ${line}`).join("\n")}\n\n*${foot}*`;
}

function nameAt(text: string, offset: number): Span | undefined {
  const part = /[A-Za-z0-9_]/;
  let start = offset;
  let end = offset;
  while (start > 0 && part.test(text[start - 1]!)) start--;
  while (end < text.length && part.test(text[end]!)) end++;
  return start === end || /[0-9]/.test(text[start]!) ? undefined : { start, end };
}

/** `checked` is what is known of the driver itself: its own functions come before the kernel's. */
export function hover(
  knowledge: Knowledge,
  checked: Checked | undefined,
  text: string,
  offset: number,
): Card | undefined {
  const span = nameAt(text, offset);
  if (span === undefined) return undefined;
  const name = text.slice(span.start, span.end);
  const own = checked?.facts?.functions.get(name);
  if (checked !== undefined && own !== undefined) return { ...span, markdown: functionCard(checked.program, own) };
  const fact = knowledge.fn(name);
  return fact === undefined ? undefined : { ...span, markdown: factCard(fact) };
}
