// registered-before-ready: a device is registered before what its operations use is set up.
import { type Late, type Unready, unready } from "../analysis/readiness.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { callSteps, relatedIn } from "./wording.ts";

export const registeredBeforeReady: Rule = {
  id: "registered-before-ready",
  severity: "warning",
  summary: "A device is registered before what its operations use is set up.",
  check(program) {
    return unready(program)
      .filter((each) => each.kind === "registration")
      .map((each) => unreadyFinding(program, each, this));
  },
};

export function unreadyFinding(program: Program, found: Unready, { id, severity }: Rule): Finding {
  const { late, registers, fn, steps } = found;
  if (found.unseen !== undefined) return unseenFinding(program, found, found.unseen, id);
  const [handler, ...more] = new Set(late.map((each) => each.handler));
  const use =
    more.length === 0 ? `${handler}() uses` : `${handler}() and ${more.length === 1 ? `${more[0]}()` : "others"} use`;
  const several = new Set(late.map((each) => each.place)).size > 1;
  const [are, them] = several ? ["are", "them"] : ["is", "it"];
  return {
    rule: id,
    severity,
    message: `${listed(late)} ${are} set up only after ${registers}(), but ${use} ${them} and may run at once: set ${them} up first`,
    file: program.path,
    function: fn.name,
    start: found.start,
    end: found.end,
    related: [
      ...callSteps(steps),
      ...late.flatMap((each) => [
        ...callSteps(each.use.steps),
        relatedIn(each.use.file, each.use, useWords(each)),
        relatedIn(each.setUp.file, each.setUp, `${words(each)} is set up here`),
      ]),
    ],
    fixes: [],
  };
}

/** Nobody has seen the use: said as information, which the author can judge. */
function unseenFinding(
  program: Program,
  { registers, fn, steps, start, end }: Unready,
  { handler, things }: NonNullable<Unready["unseen"]>,
  rule: string,
): Finding {
  const [are, them] = things.length > 1 ? ["are", "them"] : ["is", "it"];
  return {
    rule,
    severity: "information",
    message: `${listed(things)} ${are} set up only after ${registers}(), but ${handler}(), in another file, gets the object at once and may use ${them}: set ${them} up first`,
    file: program.path,
    function: fn.name,
    start,
    end,
    related: [
      ...callSteps(steps),
      ...things.map((each) => relatedIn(each.file, each, `${words(each)} is set up here`)),
    ],
    fixes: [],
  };
}

function listed(late: readonly Pick<Late, "what" | "place">[]): string {
  const all = [...new Set(late.map(words))];
  if (all.length > 3) return `${all.slice(0, 2).join(", ")} and ${all.length - 2} more`;
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

function words({ what, place }: Pick<Late, "what" | "place">): string {
  if (what === "driver data") return "the driver data";
  return what === "pointer" ? `\`${place}\`` : `\`${place}\` (${what})`;
}

function useWords({ use, what, place }: Late): string {
  if (what === "driver data") return `${use.fn}() reads the driver data here`;
  const how = use.kind === "pointer" && use.callee === undefined ? "follows" : "uses";
  return `${use.fn}() ${how} \`${use.place === "" ? place : use.place}\` here`;
}
