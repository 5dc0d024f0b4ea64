// gfp-flag: allocation flags that do not fit: GFP_ATOMIC without need, or two contexts at once.
import type { FunctionFacts } from "../analysis/facts.ts";
import type { Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Finding, Rule } from "./rule.ts";
import { edit, reachSteps } from "./wording.ts";

export const gfpFlag: Rule = {
  id: "gfp-flag",
  severity: "hint",
  summary: "Allocation flags that do not fit their place, such as GFP_ATOMIC where the code may sleep.",
  check(program, facts) {
    const findings: Finding[] = [];
    for (const each of facts.functions.values()) {
      findings.push(...needless(program, each), ...mixed(program, each));
    }
    return findings;
  },
};

/** GFP_ATOMIC in a function that is reached in process context only and holds no lock there. */
function needless(program: Program, { fn, outcome, reaches, summary }: FunctionFacts): Finding[] {
  if (reaches.length === 0 || outcome.cut || reaches.some((reach) => reach.atomic || reach.irqsOff || reach.bhOff))
    return [];
  // Whoever calls it from another module may not be allowed to sleep.
  if (program.file.unit.fileMacros.some((each) => /^EXPORT_SYMBOL/.test(each.name) && exports(each.args[0], fn.name)))
    return [];
  const reach = reaches[0]!;
  const found = new Map<number, Finding>();
  for (const site of outcome.atomicAllocations) {
    const word = /\bGFP_ATOMIC\b/.exec(site.gfp);
    if (word === null || outcome.atomicAllocations.some((other) => other.start === site.start && other.locksHeld))
      continue;
    // Only where the function itself shows that it may sleep.
    if (!summary.sleeps.some((sleep) => sleep.steps.length === 0 && sleep.conditions.length === 0)) continue;
    const start = site.gfpSpan.start + word.index;
    const end = start + word[0].length;
    found.set(site.start, {
      rule: "gfp-flag",
      severity: "hint",
      message: `GFP_ATOMIC is not needed: ${fn.name}() runs in process context and no lock is held`,
      file: program.path,
      function: fn.name,
      start,
      end,
      related: reachSteps(reach),
      fixes: [{ title: "Use GFP_KERNEL", edits: [edit(program, { start, end }, "GFP_KERNEL")], preferred: true }],
    });
  }
  return [...found.values()];
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
