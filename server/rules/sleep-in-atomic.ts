// sleep-in-atomic: something that may sleep is called where sleeping is forbidden.
import type { CallStep, SleepSite } from "../analysis/facts.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import type { Finding, Fix, Related, Rule } from "./rule.ts";
import { callSteps, contextWords, edit, heldStep, heldWords, reachSteps, relatedIn, sleepWords } from "./wording.ts";

export const sleepInAtomic: Rule = {
  id: "sleep-in-atomic",
  severity: "error",
  summary:
    "A function that may sleep is called in atomic context: under a spinlock, in an interrupt handler, in a timer.",
  check(program, facts) {
    const findings = new Map<number, Finding>();
    const add = (finding: Finding): void => {
      if (!findings.has(finding.start)) findings.set(finding.start, finding);
    };
    for (const { fn, outcome } of facts.functions.values()) {
      for (const { held, site } of outcome.sleepsUnderLock) {
        // Whoever sleeps whatever its arguments is misplaced where it is called; an allocation can be told not to sleep.
        const at = site.gfp === undefined || site.file !== program.path ? (site.steps[0] ?? site) : site;
        const name = at === site ? site.fn : fn.name;
        add(
          finding(program, at, name, `${subject(site, at)}, but ${heldWords(held)}`, site, [
            heldStep(program, held),
            ...stepsTo(site),
          ]),
        );
      }
    }
    for (const { reach, site } of facts.sleepsInContext) {
      const { entry } = reach;
      const reason = `but ${entry.fn}() runs in ${contextWords(entry.context)} (${entry.role})`;
      const [at, name] = nearest(program, entry.fn, site);
      if (at === undefined) continue;
      add(
        finding(program, at, name, `${subject(site, at)}, ${reason}`, site, [...reachSteps(reach), ...stepsTo(site)]),
      );
    }
    return [...findings.values()];
  },
};

/** The site, or where it stands in another file, the last call on the way to it that stands in this one. */
function nearest(program: Program, entry: string, site: SleepSite): [SleepSite | CallStep | undefined, string] {
  if (site.file === program.path) return [site, site.fn];
  const last = site.steps.findLastIndex((step) => step.file === program.path);
  return [site.steps[last], site.steps[last - 1]?.callee ?? entry];
}

function subject(site: SleepSite, at: SleepSite | CallStep): string {
  const call = site.gfp === undefined ? `${site.callee}()` : `${site.callee}() with ${site.gfp}`;
  return at === site ? `${call} may sleep` : `${at.callee}() may sleep in ${call}`;
}

function stepsTo(site: SleepSite): Related[] {
  return [...callSteps(site.steps), relatedIn(site.file, site, sleepWords(site))];
}

function finding(
  program: Program,
  at: Span,
  name: string,
  message: string,
  site: SleepSite,
  chain: Related[],
): Finding {
  const fix = atomicFix(program, site);
  return {
    rule: "sleep-in-atomic",
    severity: "error",
    message,
    file: program.path,
    function: name,
    start: at.start,
    end: at.end,
    related: chain,
    fixes: fix === undefined ? [] : [fix],
  };
}

/** GFP_ATOMIC for GFP_KERNEL, unless the allocator maps pages and so sleeps in any case (vmalloc, kvmalloc). */
function atomicFix(program: Program, site: SleepSite): Fix | undefined {
  if (site.gfp === undefined || site.file !== program.path || /^k?v|vmalloc/.test(site.callee)) return undefined;
  const written = program.file.text.slice(site.start, site.end);
  const matches = [...written.matchAll(/\bGFP_KERNEL\b/g)];
  if (matches.length !== 1) return undefined;
  const start = site.start + matches[0]!.index;
  return {
    title: "Use GFP_ATOMIC",
    edits: [edit(program, { start, end: start + "GFP_KERNEL".length }, "GFP_ATOMIC")],
    preferred: true,
  };
}
