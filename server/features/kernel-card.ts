// The card of something the kernel defines: signature, sleeping, failure, locks, what it takes and gives, where it stands.
import type { ExtractedFunction, ExtractedScope } from "../knowledge/extracted.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { FunctionFact, GovernFact, GuardFact, LockEffect, OpsFact, Returns } from "../knowledge/schema.ts";

const failures: Readonly<Record<Returns, string | undefined>> = {
  void: undefined,
  value: undefined,
  boolean: undefined,
  "null-on-failure": "NULL",
  "errptr-on-failure": "an error pointer (test with `IS_ERR()`)",
  "null-or-errptr": "NULL or an error pointer (test with `IS_ERR_OR_NULL()`)",
  "negative-errno": "a negative errno",
  "zero-on-failure": "0",
  "nonzero-on-failure": "nonzero",
  "bytes-not-copied": "the number of bytes that were not copied",
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

/** More of one kind than this is a list that nobody reads. */
const mostNames = 3;

/** What is known of a function or macro; of one that governs a statement at least where it stands. */
export function kernelFact(knowledge: Knowledge, name: string): FunctionFact | undefined {
  const fact = knowledge.fact(name);
  const govern = fact === undefined ? knowledge.govern(name) : undefined;
  return govern === undefined ? fact : { name, kind: "macro", maySleep: "unknown", source: govern.source };
}

/** The card of a function or macro, as markdown. */
export function kernelCard(knowledge: Knowledge, fact: FunctionFact): string {
  return card(signature(knowledge, fact), factLines(knowledge, fact), foot(knowledge, fact));
}

/** The same for a terminal: without markup, its lines indented below the signature. */
export function kernelCardText(knowledge: Knowledge, fact: FunctionFact): string {
  const plain = (line: string) => line.replaceAll(/[`*]/g, "");
  const lines = [...factLines(knowledge, fact), ...foot(knowledge, fact)].map((line) => `    ${plain(line)}`);
  return [signature(knowledge, fact), ...lines].join("\n");
}

/** The card of `guard(name)`, `CLASS(name, …)` or `__free(name)`. */
export function scopeCard(name: string, scope: ExtractedScope | undefined, guard: GuardFact | undefined): string {
  const lines: string[] = [];
  const calls = (names: readonly string[]) => names.map(code).join(", ");
  if (scope !== undefined && scope.enters.length > 0) lines.push(`Begins with ${calls(scope.enters)}.`);
  if (scope !== undefined && scope.leaves.length > 0) lines.push(`Ends, with its scope, by ${calls(scope.leaves)}.`);
  if (guard !== undefined) lines.push(lockEffect("Holds", { flavour: guard.flavour, ...irqOf(guard) }, () => ""));
  if (scope?.conditional ?? guard?.conditional) lines.push("May fail to take the lock; the scope then does not run.");
  const form = scope?.kind === "free" ? "__free" : scope?.kind === "class" ? "CLASS" : "guard";
  const of = scope === undefined || scope.type === "" ? "" : ` // ${scope.type}`;
  const source = scope === undefined ? guard?.source : `${scope.path}:${scope.line}`;
  return card(`${form}(${name})${of}`, lines, [`\`${source}\``]);
}

/** The card of a member of a struct of callbacks, `.probe = …`. */
export function memberCard(knowledge: Knowledge, struct: string, member: string, ops: OpsFact): string | undefined {
  const context = ops.members[member];
  const found = knowledge.members(struct).find((each) => each.member === member);
  if (context === undefined && found === undefined) return undefined;
  const lines: string[] = [];
  const unless = ops.unless?.[member];
  if (context !== undefined)
    lines.push(`Runs in **${context}** context${unless === undefined ? "" : `, unless \`${unless}\` is set`}.`);
  if (context !== undefined) lines.push(context === "process" ? "It may sleep." : "It may not sleep.");
  const declared = found === undefined ? `.${member}` : declaration(found.type, member);
  const source = found === undefined ? ops.source : `${found.path}:${found.line}`;
  return card(`${struct}: ${declared}`, lines, [`\`${source}\``]);
}

function card(head: string, lines: readonly string[], feet: readonly string[]): string {
  const body = lines.map((line) => `- ${line}`).join("\n");
  return [`\`\`\`c\n${head}\n\`\`\``, body, feet.join(" · ")].filter((part) => part !== "").join("\n\n");
}

function factLines(knowledge: Knowledge, fact: FunctionFact): string[] {
  const argument = (index: number): string => {
    const name = prototypeOf(knowledge, fact)?.parameters[index]?.name;
    return name === undefined || name === "" || name === "..." ? `argument ${index + 1}` : `\`${name}\``;
  };
  const govern = knowledge.govern(fact.name);
  const lines = govern === undefined ? [sleeping(fact, argument)] : loopLines(govern);
  const { extracted } = fact;
  if (fact.contexts !== undefined && fact.contexts.length > 0) lines.push(`Contexts: ${fact.contexts.join(", ")}.`);
  const failure = fact.returns === undefined ? undefined : failures[fact.returns];
  const checked = fact.mustCheck ? "the result must be checked" : "";
  if (failure !== undefined) lines.push(`On failure returns ${failure}${checked && `; ${checked}`}.`);
  else if (checked) lines.push("The result must be checked.");
  for (const effect of fact.acquires ?? []) lines.push(lockEffect("Acquires", effect, argument));
  for (const effect of fact.releases ?? []) lines.push(lockEffect("Releases", effect, argument));
  if (fact.acquires === undefined) lines.push(...locks("Acquires", extracted?.acquires, extracted));
  if (fact.releases === undefined) lines.push(...locks("Releases", extracted?.releases, extracted));
  lines.push(...locks("To be called with", extracted?.mustHold, extracted, " held"));
  lines.push(...ownership(knowledge, fact, argument));
  for (const callback of fact.callbacks ?? [])
    lines.push(`Calls ${argument(callback.param)}, ${article(callback.role)}, in ${callback.context} context.`);
  if (fact.noreturn) lines.push("Does not return.");
  if (extracted?.deprecated) lines.push("Deprecated, says its documentation.");
  return lines;
}

function sleeping(fact: FunctionFact, argument: (index: number) => string): string {
  const why = reason(fact);
  switch (fact.maySleep) {
    case "never":
      return `Does not sleep${why}${isForAll(fact) ? ": safe in any context" : ""}.`;
    case "always":
      return `**May sleep**${why}: only in process context, with no spinlock held.`;
    case "flags": {
      const flags = fact.gfpParam === undefined ? "its flags let" : `${argument(fact.gfpParam)} lets`;
      return `**May sleep** if ${flags} it: with \`GFP_KERNEL\`, not with \`GFP_ATOMIC\` or \`GFP_NOWAIT\`.`;
    }
    case "conditional":
      return `**May sleep**${condition(fact.sleepCondition ?? "in some cases")}${why}.`;
    case "unknown":
      return "Whether it sleeps is not known.";
  }
}

/** What makes it sleep, as the facts have it, in words that go on after "May sleep". */
function condition(words: string): string {
  const rest = /^(?:may sleep|sleeps)(?=[ ,])(.*)/.exec(words)?.[1];
  if (rest !== undefined) return rest;
  return /^(as|for|in|on|unless|when) /.test(words) ? ` ${words}` : `: it ${words}`;
}

/** How it is known, where nobody looked at the function itself. */
function reason({ maySleepBy, via }: FunctionFact): string {
  if (maySleepBy === "documented") return " (as its documentation says)";
  if (maySleepBy === "annotated") return " (as an annotation says)";
  if (maySleepBy !== "derived") return "";
  const [first, ...others] = via ?? [];
  const last = others.at(-1);
  if (first === undefined) return " (as what it calls shows)";
  if (last === undefined) return ` (calls ${code(first)})`;
  return ` (calls ${code(first)}, which ${others.length === 1 ? "calls" : "leads to"} ${code(last)})`;
}

/** Nothing speaks against calling it anywhere; what was derived alone is not enough to say so. */
export function isForAll({ maySleep, maySleepBy, contexts }: FunctionFact): boolean {
  return maySleep === "never" && maySleepBy !== "derived" && contexts === undefined;
}

function loopLines(govern: GovernFact): string[] {
  const lines = [govern.kind === "iterator" ? "Heads a loop." : "Heads a scope."];
  if (govern.deleteSafe) lines.push("The element at hand may be removed.");
  if (govern.elementReleasedBy !== undefined)
    lines.push(
      `Holds a reference to the element: who leaves early gives it back with ${code(govern.elementReleasedBy)}.`,
    );
  return lines;
}

function lockEffect(verb: string, effect: LockEffect, argument: (index: number) => string): string {
  const name = effect.param === undefined ? "" : argument(effect.param);
  const which = effect.global !== undefined ? ` \`${effect.global}\`` : name === "" ? "" : ` ${name}`;
  const when = effect.heldWhen === undefined ? "" : `, when it returns ${effect.heldWhen === "zero" ? "0" : "nonzero"}`;
  const off = { none: "", irq: "interrupts", irqsave: "interrupts", bh: "softirqs" }[effect.irq ?? "none"];
  const also = verb === "Releases" ? `, ${off} back on` : `, with ${off} off`;
  return `${verb} ${lockNames[effect.flavour]}${which}${off && also}${when}.`;
}

/** Locks as a tree's annotations name them: `$0->lock` becomes `dev->lock`. */
function locks(
  verb: string,
  named: readonly string[] | undefined,
  extracted: ExtractedFunction | undefined,
  suffix = "",
): string[] {
  return (named ?? []).map((lock) => {
    const text = lock.replace(/\$(\d+)/g, (all, index) => extracted?.parameters[Number(index)]?.name || all);
    return `${verb} \`${text}\`${suffix}.`;
  });
}

function ownership(knowledge: Knowledge, fact: FunctionFact, argument: (index: number) => string): string[] {
  const lines: string[] = [];
  const { obtains, handleParam } = fact;
  const [back] = obtains?.releasedBy ?? [];
  if (obtains !== undefined) lines.push(`Obtains ${obtains.what}; give it back with ${names(obtains.releasedBy)}.`);
  const givers = giversOf(knowledge, fact.name);
  if (handleParam !== undefined && givers.length > 0)
    lines.push(`Gives back ${argument(handleParam)}, which ${names(givers)} gave.`);
  for (const index of fact.takes ?? []) lines.push(`Takes over ${argument(index)}: it is not the caller's afterwards.`);
  for (const index of fact.keeps ?? [])
    lines.push(`Keeps a pointer to ${argument(index)}${back === undefined ? "" : ` until ${code(back)}`}.`);
  const unmanaged = /^(?:devm|dmam|pcim)_(.+)$/.exec(fact.name)?.[1];
  const twin = unmanaged === undefined ? `devm_${fact.name}` : unmanaged;
  const counterpart = knowledge.fact(twin) === undefined ? undefined : code(twin);
  if (unmanaged === undefined && counterpart !== undefined) lines.push(`Managed counterpart: ${counterpart}.`);
  if (unmanaged !== undefined && (fact.extracted?.managed || counterpart !== undefined))
    lines.push(
      `Managed: undone when the device is unbound${counterpart === undefined ? "" : `; by hand: ${counterpart}`}.`,
    );
  return lines;
}

/** Those that have no better way to give back first, the most used of them before the others. */
function giversOf(knowledge: Knowledge, release: string): string[] {
  const rank = (name: string): readonly [number, number] => {
    const fact = knowledge.fact(name);
    return [fact?.obtains?.releasedBy[0] === release ? 0 : 1, -(fact?.extracted?.uses ?? 0)];
  };
  const ranked = knowledge.acquirersOf(release).map((name) => ({ name, rank: rank(name) }));
  return ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]).map(({ name }) => name);
}

function foot(knowledge: Knowledge, fact: FunctionFact): string[] {
  const { extracted } = fact;
  const users = extracted === undefined || extracted.uses === 0 ? undefined : `used in ${extracted.uses} driver files`;
  const exported = extracted?.exported === "gpl" ? "exported (GPL)" : extracted?.exported && "exported";
  const parts = [`\`${fact.source}\``, exported, users, ...versions(knowledge, fact)];
  return parts.filter((part) => part !== undefined && part !== "") as string[];
}

function versions(knowledge: Knowledge, { since, until }: FunctionFact): string[] {
  const { releases } = knowledge;
  const said: string[] = [];
  // A release that was read is the first one with it; it may have come with any since the one before.
  const before = releases[releases.indexOf(since ?? "") - 1];
  if (typeof since === "string") said.push(before === undefined ? `since ${since}` : `added after ${before}`);
  if (typeof until === "string") said.push(releases.includes(until) ? `removed after ${until}` : `until ${until}`);
  return said;
}

/** As C declares it, named as the driver writes it even where it only hands on to another (`kmalloc_noprof`). */
function signature(knowledge: Knowledge, fact: FunctionFact): string {
  const prototype = prototypeOf(knowledge, fact);
  if (prototype === undefined) return `${fact.name}()`;
  const parameters = prototype.parameters.map(({ type, name }) => declaration(type, name));
  if (prototype.variadic) parameters.push("...");
  const isMacro = prototype.returnType === "";
  const list = parameters.length === 0 && !isMacro ? "void" : parameters.join(", ");
  const head = isMacro
    ? "#define "
    : /[*\s]$/.test(prototype.returnType)
      ? prototype.returnType
      : `${prototype.returnType} `;
  const line = `${head}${fact.name}(${list})`;
  if (line.length <= 80) return line;
  const indent = " ".repeat(head.length + fact.name.length + 1);
  return `${head}${fact.name}(${parameters.join(isMacro ? `, \\\n${indent}` : `,\n${indent}`)})`;
}

function prototypeOf(knowledge: Knowledge, fact: FunctionFact): ExtractedFunction | undefined {
  const { extracted } = fact;
  if (extracted?.kind !== "macro" || extracted.aliasOf === undefined) return extracted;
  const alias = knowledge.fact(extracted.aliasOf)?.extracted;
  if (alias !== undefined && alias.returnType !== "") return alias;
  // The same name was a function once: kmalloc() of 6.1.
  const others = knowledge.releases.map((release) => knowledge.at(release).fact(fact.name)?.extracted);
  return others.find((other) => other !== undefined && other.returnType !== "") ?? extracted;
}

/** `void *` and `p` as `void *p`; the name of a pointer to a function goes into its brackets. */
function declaration(type: string, name: string): string {
  if (type === "") return name;
  const pointer = type.indexOf("(*)");
  if (pointer >= 0) return `${type.slice(0, pointer)}(*${name})${type.slice(pointer + 3)}`;
  return name === "" || type.endsWith("*") ? type + name : `${type} ${name}`;
}

function irqOf(guard: GuardFact): Pick<LockEffect, "irq"> {
  return guard.irq === undefined ? {} : { irq: guard.irq };
}

function code(name: string): string {
  return `\`${name}()\``;
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, mostNames).map(code);
  if (all.length > mostNames) return `${shown.join(", ")}, …`;
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}

function article(noun: string): string {
  return /^(an? |the )/.test(noun) ? noun : `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
