// Breakpoints on functions by name, `edu_probe`, `probe`, `*_irq`, and on what the kernel does, `irq:11`, `timer:*`.
import type { Program, Site } from "../engine/interfaces.ts";
import { BoundBreakpoint, type Breakpoint, type LineBreakpoint, problemOf } from "./breakpoints.ts";
import { eventNamed } from "./kernel-events.ts";
import { globOf } from "./names.ts";

export interface FunctionBreakpoint extends Pick<LineBreakpoint, "condition" | "hitCondition"> {
  /** A function, a pattern with `*`, the last word of names (`probe`), or an event of the kernel: see kernel-events.ts. */
  readonly name: string;
}

const GROUP = "functions";

/** Where a function begins: at its first statement. */
export function bindFunction(
  programs: readonly Program[],
  { name, ...asked }: FunctionBreakpoint,
  id: number,
  since: number,
): BoundBreakpoint {
  const isEvent = eventNamed(name) !== undefined;
  const sites = isEvent ? [] : entriesOf(programs, name);
  const problem = problemOf(asked) ?? (isEvent || sites.length > 0 ? undefined : noSuch(name));
  const [site] = problem === undefined ? sites : [];
  const breakpoint: Breakpoint = { ...asked, id, file: GROUP, line: site?.line ?? 0, site };
  return new BoundBreakpoint(problem === undefined ? breakpoint : { ...breakpoint, message: problem }, since, [
    ...(problem === undefined ? sites : []),
  ]);
}

/** The first statements of the functions that a name means. */
export function entriesOf(programs: readonly Program[], name: string): readonly Site[] {
  const entries = new Map<string, Site>();
  for (const site of programs.flatMap((program) => program.sites)) {
    const key = `${site.file}\n${site.fn}`;
    const first = entries.get(key);
    if (first === undefined || site.line < first.line || (site.line === first.line && site.column < first.column)) {
      entries.set(key, site);
    }
  }
  const all = [...entries.values()];
  const exact = all.filter(({ fn }) => globOf(name).test(fn));
  // `probe` is what the driver has for it.
  return exact.length > 0 || !/^\w+$/.test(name) ? exact : all.filter(({ fn }) => fn.endsWith(`_${name}`));
}

function noSuch(name: string): string {
  return name.includes(":")
    ? `There is no such event as “${name}”: irq:, softirq:, timer:, hrtimer:, tasklet:, work:, kthread:, syscall:, module:.`
    : `No function of the driver is called “${name}”.`;
}
