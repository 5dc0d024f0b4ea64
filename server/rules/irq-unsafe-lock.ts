// irq-unsafe-lock: a lock that an interrupt takes too is taken with that interrupt still enabled.
import type { Facts, FunctionFacts, Reach, SleepSite } from "../analysis/facts.ts";
import { lockClass } from "../analysis/lock-class.ts";
import type { Acquisition } from "../analysis/outcome.ts";
import type { Entry } from "../program/entries.ts";
import { spoken, textOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { FunctionDef } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Edit, Finding, Fix, Related, Rule } from "./rule.ts";
import { contextWords, edit, reachSteps, relatedIn } from "./wording.ts";

export const irqUnsafeLock: Rule = {
  id: "irq-unsafe-lock",
  severity: "warning",
  summary: "A spinlock that an interrupt handler or softirq takes too is taken without keeping it out.",
  check(program, facts) {
    const uses = usesByClass(program, facts);
    const sleepers = sleepersAmong(facts);
    return [...uses.values()].flatMap((list) => unsafe(program, list, sleepers));
  },
};

interface Use {
  readonly fn: string;
  readonly file: string;
  readonly reaches: readonly Reach[];
  readonly at: Acquisition;
  /** Absent for a function of a header or of another file of the module: what is unsafe there is said there. */
  readonly facts?: FunctionFacts;
}

function usesByClass(program: Program, facts: Facts): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const add = (lock: string | undefined, use: Use): void => {
    const { tries, held } = use.at;
    if (lock === undefined || tries || (held.flavour !== "spin" && held.flavour !== "raw-spin")) return;
    const list = uses.get(lock);
    if (list === undefined) uses.set(lock, [use]);
    else list.push(use);
  };
  for (const each of [...facts.functions.values(), ...facts.inlines.values()]) {
    const { fn, reaches } = each;
    const own = fn.file === program.path ? { facts: each } : {};
    for (const at of each.outcome.acquisitions)
      add(lockClass(program, fn, at.held), { fn: fn.name, file: fn.file, reaches, at, ...own });
  }
  for (const { fn, reaches } of facts.elsewhere)
    for (const { lock, at } of fn.locks)
      if (lock.includes(".") || program.types.isShared(lock)) add(lock, { fn: fn.name, file: fn.file, reaches, at });
  return uses;
}

function unsafe(program: Program, uses: readonly Use[], sleepers: Sleepers): Finding[] {
  const inside = interrupting(uses, "hardirq") ?? interrupting(uses, "atomic") ?? interrupting(uses, "softirq");
  if (inside === undefined) return [];
  const { context } = inside.reach.entry;
  const found = new Map<number, Finding>();
  for (const { facts: each, at } of uses) {
    if (each === undefined) continue;
    const keepsOut = context === "hardirq" ? keepsIrqsOut(at) : keepsIrqsOut(at) || at.held.irq === "bh" || at.bhOff;
    if (keepsOut) continue;
    // The handler itself, called with its interrupt off to poll the device.
    if (each.reaches.some((way) => way.entry.context === context && way.steps.length === 0)) continue;
    if (turnsInterruptOff(each)) continue;
    const entered = inside.reach.entry;
    const reach = each.reaches.find(
      (way) =>
        isInterruptible(way, context) &&
        !isBefore(program, way.entry.fn, way.steps[0] ?? { file: program.path, start: at.start }, entered) &&
        !isInstead(program, way.entry, entered),
    );
    const sleeper = each.reaches.length === 0 ? sleepers.get(each.fn.name) : undefined;
    if (reach === undefined && sleeper === undefined) continue;
    const how = context === "softirq" ? "bottom halves disabled" : "interrupts disabled";
    found.set(at.start, {
      rule: "irq-unsafe-lock",
      severity: "warning",
      message: `\`${spoken(at.held.key)}\` is also taken by ${inside.fn}() in ${contextWords(context)}: take it here with ${how}`,
      file: program.path,
      function: each.fn.name,
      start: at.start,
      end: at.end,
      related: [
        ...reachSteps(inside.reach),
        relatedIn(inside.file, inside.at, `\`${spoken(inside.at.held.key)}\` taken here in ${contextWords(context)}`),
        ...(reach === undefined ? sleepStep(sleeper!) : reachSteps(reach)),
      ],
      fixes: fixes(program, each, at, context),
    });
  }
  return [...found.values()];
}

/** By function: the call by which it shows that it runs in process context, with interrupts enabled. */
type Sleepers = ReadonlyMap<string, SleepSite>;

/** Functions of which no caller is seen, but which may sleep themselves, and what they call with interrupts enabled. */
function sleepersAmong(facts: Facts): Sleepers {
  const found = new Map<string, SleepSite>();
  for (const { fn, summary, reaches } of facts.functions.values()) {
    if (reaches.length > 0) continue;
    const site = summary.sleeps.find(
      ({ conditions, gfpParam, isDelay, steps }) =>
        conditions.length === 0 && gfpParam === undefined && isDelay === undefined && steps.length === 0,
    );
    if (site !== undefined) found.set(fn.name, site);
  }
  for (const [name, site] of found)
    for (const { callee, irqsOff, bhOff, atomic } of facts.functions.get(name)?.outcome.callSites ?? [])
      if (!irqsOff && !bhOff && !atomic && facts.functions.get(callee)?.reaches.length === 0 && !found.has(callee))
        found.set(callee, site);
  return found;
}

function sleepStep(site: SleepSite): Related[] {
  return [
    relatedIn(site.file, site, `${site.fn}() may sleep in ${site.callee}(), so that it runs with interrupts enabled`),
  ];
}

/** The driver may keep its interrupt out at the device or at its line instead: disable_irq(), foo_mask_interrupts(). */
function turnsInterruptOff({ fn }: FunctionFacts): boolean {
  return fn.cfg.blocks.some((block) =>
    block.events.some(
      (event) =>
        event.kind === "call" && /(disable|mask|stop).*(irq|intr?)|(irq|intr?).*(disable|mask)/.test(event.name ?? ""),
    ),
  );
}

function keepsIrqsOut(at: Acquisition): boolean {
  return at.irqsOff || at.held.irq === "irq" || at.held.irq === "irqsave";
}

function interrupting(
  uses: readonly Use[],
  context: "hardirq" | "softirq" | "atomic",
): { fn: string; file: string; at: Acquisition; reach: Reach } | undefined {
  for (const { fn, file, reaches, at } of uses) {
    // Whoever takes it with _bh believes to be somewhere else, and may know better.
    if (context === "hardirq" && at.held.irq === "bh") continue;
    const reach = reaches.find(
      ({ entry }) => entry.context === context && (context !== "atomic" || COMPLETES.test(entry.role)),
    );
    if (reach !== undefined) return { fn, file, at, reach };
  }
  return undefined;
}

/** Run in hard interrupt or softirq context, which of the two is for the controller to say. */
const COMPLETES = /^(URB|USB request)\b/;

/** Process context in which the interrupt can strike; setting up and tearing down happen before and after it can. */
function isInterruptible(reach: Reach, context: string): boolean {
  if (context === "hardirq" && reach.entry.context === "softirq") return !reach.irqsOff;
  if (reach.entry.context !== "process" || reach.irqsOff) return false;
  if (context === "softirq" && reach.bhOff) return false;
  return !/\.(probe|remove(_new)?|shutdown|disconnect|ndo_stop|ndo_uninit)$|module_(init|exit)/.test(reach.entry.role);
}

/** `foo_open()` takes it before it requests the interrupt, or behind its labels, when it gives up. */
function isBefore(program: Program, fn: string, at: { file: string; start: number }, registered: Entry): boolean {
  const def = program.functions.get(fn)?.def;
  if (def === undefined || at.file !== registered.file || registered.file !== program.path) return false;
  if (!isWithin(def, registered) || !isWithin(def, { start: at.start, end: at.start })) return false;
  if (at.start < registered.start) return true;
  return /\breturn\b[^;{}]*;\s*\w+:(?!:)/.test(program.file.text.slice(registered.end, at.start));
}

/** `if (irq >= 0) request_irq(…); else timer_setup(…);`: a timer polls the device where it has no interrupt. */
function isInstead(program: Program, some: Entry, other: Entry): boolean {
  if (some.file !== program.path || other.file !== program.path) return false;
  const def = program.file.unit.functions.find((each) => isWithin(each, some) && isWithin(each, other));
  if (def === undefined) return false;
  const others = armsOf(def, other);
  return armsOf(def, some).some(({ test, holds }) => others.some((each) => each.test === test && each.holds !== holds));
}

/** The tests that a place hangs on, and whether they hold there. */
function armsOf(def: FunctionDef, at: Span): readonly { readonly test: string; readonly holds: boolean }[] {
  const arms: { test: string; holds: boolean }[] = [];
  walkStatements(def.body, (stmt) => {
    const test = stmt.kind === "if" ? textOf(stmt.test) : undefined;
    if (stmt.kind !== "if" || test === undefined) return;
    if (isWithin(stmt.consequence, at)) arms.push({ test, holds: true });
    if (isWithin(stmt.otherwise, at)) arms.push({ test, holds: false });
  });
  return arms;
}

function isWithin(span: Span | undefined, { start, end }: Span): boolean {
  return span !== undefined && span.start <= start && end <= span.end;
}

/** The `_irqsave` form, only together with every other lock and unlock of it in the function, which may share the flags. */
function fixes(program: Program, { fn }: FunctionFacts, at: Acquisition, context: string): Fix[] {
  const { text } = program.file;
  const argument = at.held.expr === undefined ? undefined : text.slice(at.held.expr.start, at.held.expr.end);
  const body = text.slice(fn.def.body.start, fn.def.body.end);
  if (argument === undefined || /\bflags\b/.test(body)) return [];
  const edits: Edit[] = [];
  let locks = 0;
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind !== "call" || event.expr.args[0] === undefined) continue;
      const own = text.slice(event.expr.args[0].start, event.expr.args[0].end);
      if (own !== argument) continue;
      const name = { start: event.expr.callee.start, end: event.expr.callee.end };
      if (event.name === "spin_lock") {
        locks++;
        if (context === "softirq") edits.push(edit(program, name, "spin_lock_bh"));
        else edits.push(edit(program, { start: event.start, end: event.end }, `spin_lock_irqsave(${argument}, flags)`));
      } else if (event.name === "spin_unlock") {
        if (context === "softirq") edits.push(edit(program, name, "spin_unlock_bh"));
        else
          edits.push(
            edit(program, { start: event.start, end: event.end }, `spin_unlock_irqrestore(${argument}, flags)`),
          );
      } else return [];
    }
  }
  if (locks === 0 || edits.length === locks) return [];
  if (context === "softirq") return [{ title: "Use spin_lock_bh()", edits, preferred: true }];
  const brace = fn.def.body.start + 1;
  const indent = /\n([ \t]*)\S/.exec(text.slice(brace))?.[1] ?? "\t";
  edits.unshift(edit(program, { start: brace, end: brace }, `\n${indent}unsigned long flags;`));
  return [{ title: "Use spin_lock_irqsave()", edits, preferred: true }];
}
