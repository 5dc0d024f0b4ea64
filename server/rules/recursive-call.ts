// recursive-call: a function calls itself, at once or through others, on a stack that does not grow.
import type { FunctionFacts } from "../analysis/facts.ts";
import type { Span } from "../text/lines.ts";
import type { Related, Rule } from "./rule.ts";
import { related } from "./wording.ts";

interface Call extends Span {
  readonly from: string;
  readonly to: string;
}

export const recursiveCall: Rule = {
  id: "recursive-call",
  severity: "information",
  audience: "learner",
  summary: "A function calls itself, at once or through others, on the small kernel stack.",
  check(program, { functions }) {
    const calls = new Map([...functions].map(([name, each]) => [name, callsOf(name, each, functions)]));
    const said = new Set<string>();
    return [...functions.keys()].flatMap((name) => {
      const ring = said.has(name) ? undefined : shortestRing(name, calls);
      if (ring === undefined) return [];
      for (const { from } of ring) said.add(from);
      const [first, ...rest] = ring as [Call, ...Call[]];
      const through = rest.map(({ from }) => `${from}()`).join(", ");
      const steps = rest.map((each): Related => related(program, each, `${each.to}() called here`));
      return [
        {
          rule: "recursive-call",
          severity: "information" as const,
          message: `${name}() calls itself${through === "" ? "" : ` through ${through}`}: each turn takes kernel stack, which does not grow`,
          file: program.path,
          function: name,
          start: first.start,
          end: first.end,
          related: steps,
          fixes: [],
        },
      ];
    });
  },
};

function callsOf(from: string, { fn }: FunctionFacts, functions: ReadonlyMap<string, FunctionFacts>): readonly Call[] {
  return fn.cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind !== "call" || event.name === undefined || !functions.has(event.name)) return [];
      return [{ from, to: event.name, start: event.start, end: event.end }];
    }),
  );
}

/** The shortest way from a function back to itself. */
function shortestRing(name: string, calls: ReadonlyMap<string, readonly Call[]>): readonly Call[] | undefined {
  const seen = new Set<string>();
  let ways: (readonly Call[])[] = [[]];
  while (ways.length > 0) {
    const longer: (readonly Call[])[] = [];
    for (const way of ways) {
      for (const call of calls.get(way.at(-1)?.to ?? name) ?? []) {
        if (call.to === name) return [...way, call];
        if (seen.has(call.to)) continue;
        seen.add(call.to);
        longer.push([...way, call]);
      }
    }
    ways = longer;
  }
  return undefined;
}
