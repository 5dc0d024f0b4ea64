// gfp-flag: allocation flags that do not fit: GFP_ATOMIC without need, or two contexts at once.
import { eachFunction } from "../analysis/each-function.ts";
import type { FunctionFacts } from "../analysis/facts.ts";
import { orderOf, pointsOf } from "../analysis/order.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Finding, Rule } from "./rule.ts";
import { edit, reachSteps, relatedIn, sleepWords } from "./wording.ts";

export const gfpFlag: Rule = {
  id: "gfp-flag",
  severity: "hint",
  summary: "Allocation flags that do not fit their place, such as GFP_ATOMIC where the code may sleep.",
  check(program, facts) {
    return eachFunction(gfpFlag, program, facts, (each, program) => [
      ...needless(program, each),
      ...mixed(program, each),
    ]);
  },
};

/** GFP_ATOMIC in a function that may sleep wherever it is called from, and holds no lock there. */
function needless(program: Program, facts: FunctionFacts): Finding[] {
  if (facts.outcome.atomicAllocations.length === 0) return [];
  const { fn, outcome, reaches, summary } = facts;
  if (outcome.cut || reaches.some((reach) => reach.atomic || reach.irqsOff || reach.bhOff)) return [];
  // Whoever calls it from another module may not be allowed to sleep.
  if (program.file.unit.fileMacros.some((each) => /^EXPORT_SYMBOL/.test(each.name) && exports(each.args[0], fn.name)))
    return [];
  const reach = reaches[0];
  const found = new Map<number, Finding>();
  for (const site of outcome.atomicAllocations) {
    const word = /\bGFP_ATOMIC\b/.exec(site.gfp);
    if (word === null || outcome.atomicAllocations.some((other) => other.start === site.start && other.locksHeld))
      continue;
    // Only where the function itself shows that it may sleep.
    const sleeps = summary.sleeps.filter((each) => each.steps.length === 0 && each.conditions.length === 0);
    const sleep = sleeps.find(
      (each) => reach !== undefined || (each.gfpParam === undefined && isBeside(fn, each, site)),
    );
    if (sleep === undefined) continue;
    const call = sleep.gfp === undefined ? `${sleep.callee}()` : `${sleep.callee}() with ${sleep.gfp}`;
    const why = reach === undefined ? `${fn.name}() sleeps anyway in ${call}` : `${fn.name}() runs in process context`;
    const start = site.gfpSpan.start + word.index;
    const end = start + word[0].length;
    found.set(site.start, {
      rule: "gfp-flag",
      severity: "hint",
      message: `GFP_ATOMIC is not needed: ${why} and no lock is held`,
      file: program.path,
      function: fn.name,
      start,
      end,
      related: reach === undefined ? [relatedIn(program.path, sleep, `${sleepWords(sleep)} here`)] : reachSteps(reach),
      fixes: [{ title: "Use GFP_KERNEL", edits: [edit(program, { start, end }, "GFP_KERNEL")], preferred: true }],
    });
  }
  return [...found.values()];
}

/** Whether one run can come by both: then whoever calls for the one may sleep in the other. */
function isBeside(fn: Func, a: Span, b: Span): boolean {
  const points = pointsOf(fn).filter(({ event }) => event.kind === "call");
  const [first, second] = [a, b].map((each) => points.find(({ event }) => event.start === each.start));
  if (first === undefined || second === undefined) return false;
  return orderOf(fn).canFollow(first, second) || orderOf(fn).canFollow(second, first);
}

function exports(arg: Expr | undefined, name: string): boolean {
  return arg?.kind === "name" && arg.name === name;
}

/** `GFP_KERNEL | GFP_ATOMIC`: each is a whole context, not a modifier; together they may sleep. */
function mixed(program: Program, { fn }: FunctionFacts): Finding[] {
  const findings: Finding[] = [];
  for (const block of fn.cfg.blocks) {
    for (const event of block.events) {
      if (event.kind !== "call" || event.name === undefined) continue;
      const param = program.knowledge.fn(event.name)?.gfpParam;
      const flags = param === undefined ? undefined : event.expr.args[param];
      if (flags?.kind !== "binary") continue;
      const text = program.file.text.slice(flags.start, flags.end);
      const words = alternatives(flags);
      if (!words?.some((word) => /^GFP_(KERNEL|NOIO|NOFS|USER)$/.test(word))) continue;
      if (!words.some((word) => /^GFP_(ATOMIC|NOWAIT)$/.test(word))) continue;
      findings.push({
        rule: "gfp-flag",
        severity: "warning",
        message: `${text} contradicts itself: one says that the caller may sleep, the other that it may not; it may sleep`,
        file: program.path,
        function: fn.name,
        start: flags.start,
        end: flags.end,
        related: [],
        fixes: [],
      });
    }
  }
  return findings;
}

/** The names of `A | B | C`; undefined when anything but names is joined, such as a choice between two. */
function alternatives(expr: Expr): readonly string[] | undefined {
  if (expr.kind === "name") return [expr.name];
  if (expr.kind !== "binary" || expr.op !== "|") return undefined;
  const left = alternatives(expr.left);
  const right = alternatives(expr.right);
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}
