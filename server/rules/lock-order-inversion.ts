// lock-order-inversion: two locks are taken in both orders, so that two tasks can wait for each other for ever.
import { type Inversion, inversions, type Nesting } from "../analysis/lock-inversions.ts";
import { spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Related, Rule } from "./rule.ts";
import { callSteps, reachSteps, related } from "./wording.ts";

export const lockOrderInversion: Rule = {
  id: "lock-order-inversion",
  severity: "warning",
  summary: "Two locks are taken in one order here and in the other elsewhere, which can deadlock.",
  check(program, facts) {
    return inversions(program, facts.functions).map(({ here, other }: Inversion) => ({
      rule: "lock-order-inversion",
      severity: "warning" as const,
      message: `${words(here)}, and ${other.fn.name}() takes them the other way round: two tasks can wait for each other for ever`,
      file: program.path,
      function: here.fn.name,
      start: here.order.start,
      end: here.order.end,
      related: [...steps(program, here), ...steps(program, other)],
      fixes: [],
    }));
  },
};

function words({ outer, order }: Nesting): string {
  const where = order.inside === undefined ? "" : ` in ${order.inside.fn}()`;
  return `\`${spoken(order.taken.key)}\` is taken${where} while \`${spoken(outer.key)}\` is held`;
}

function steps(program: Program, { reach, outer, order, fn }: Nesting): Related[] {
  const inside = order.inside;
  return [
    ...reachSteps(reach),
    related(program, outer.at, `\`${spoken(outer.key)}\` taken here, in ${fn.name}()`),
    ...(inside === undefined
      ? []
      : callSteps([{ callee: inside.fn, file: program.path, start: order.start, end: order.end }])),
    related(program, inside ?? order, `\`${spoken(order.taken.key)}\` taken here under it`),
  ];
}
