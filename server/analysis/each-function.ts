// What a rule finds in each function of a file; of one that a person types in, anew only where it may find something else.
import type { Program } from "../program/program.ts";
import { type Asked, inWriting } from "./asked.ts";
import type { Facts, FunctionFacts } from "./facts.ts";
import { askedOf, keep } from "./reuse.ts";

/**
 * What `look` finds in each function of the file. Of a file that a person types in, functions of which everything that it
 * asked for is as it was are not looked at again; so it may ask only what it is handed, and `given` is all it brings along.
 * `owner` stands for `look`, the same object for each check.
 */
export function eachFunction<R>(
  owner: object,
  program: Program,
  facts: Facts,
  look: (each: FunctionFacts, program: Program, facts: Facts) => readonly R[],
  given?: unknown,
): R[] {
  const asked = askedOf(program);
  if (asked === undefined) return [...facts.functions.values()].flatMap((each) => look(each, program, facts));
  const brought = given === undefined ? "" : inWriting(given);
  return [...facts.functions].flatMap(([name, each]) =>
    keep(asked, program, each.fn, owner, brought, () =>
      look(asked.viewOne(name, each), asked.viewProgram(program.file), viewOf(facts, asked)),
    ),
  );
}

/** The facts as one piece of work sees them: whatever is no fact of a function counts as everything. */
function viewOf(facts: Facts, asked: Asked): Facts {
  const all = <K extends keyof Facts>(key: K): Facts[K] => {
    asked.all = true;
    return facts[key];
  };
  return {
    summaries: asked.viewSummaries(),
    functions: asked.viewFacts(facts.functions),
    inlines: asked.viewFacts(facts.inlines),
    get elsewhere() {
      return all("elsewhere");
    },
    get sleepsInContext() {
      return all("sleepsInContext");
    },
    get untested() {
      return all("untested");
    },
    get leftRunning() {
      return all("leftRunning");
    },
    get unlocked() {
      return all("unlocked");
    },
  };
}
