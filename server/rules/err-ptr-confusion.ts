// err-ptr-confusion: a failure that shows as NULL is looked for as an error pointer, or the other way round.
import { eachFunction } from "../analysis/each-function.ts";
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import { type PointerConfusion, pointerConfusions, pointerSigns } from "../analysis/pointer-errors.ts";
import { rootOf, spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Edit, Finding, Fix, Related, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const errPtrConfusion: Rule = {
  id: "err-ptr-confusion",
  severity: "warning",
  summary: "A failure that shows as NULL is looked for as an error pointer, or the other way round.",
  check(program, facts) {
    return eachFunction(errPtrConfusion, program, facts, (own, program, facts) => {
      const { fn } = own;
      const signs = pointerSigns(program, facts.summaries, (name) => isWhole(facts, name));
      return pointerConfusions(program, fn, facts.summaries, signs)
        .filter(({ kind, place }) => kind !== "kept-error" || !isCalledOnce(own, place))
        .map((each) => finding(program, fn.name, each));
    });
  },
};

/** Only .probe comes here, with an object that it has just made: nobody finds the error that is kept there. */
function isCalledOnce({ fn, reaches }: FunctionFacts, place: string): boolean {
  const isGiven = fn.def.params.some(({ name }) => name === rootOf(place));
  return (
    isGiven &&
    reaches.length > 0 &&
    reaches.every(({ entry, steps }) => steps.length > 0 && /\.probe$/.test(entry.role))
  );
}

function isWhole(facts: Facts, name: string): boolean {
  return (facts.functions.get(name) ?? facts.inlines.get(name))?.outcome.cut === false;
}

function finding(program: Program, fn: string, confusion: PointerConfusion): Finding {
  return {
    rule: "err-ptr-confusion",
    severity: "warning",
    message: message(confusion),
    file: program.path,
    function: fn,
    start: confusion.start,
    end: confusion.end,
    related: chain(program, confusion),
    fixes: fixes(program, confusion),
  };
}

function message({ kind, place, callee }: PointerConfusion): string {
  if (kind === "null-test")
    return `${callee}() returns an error pointer when it fails, never NULL: test it with IS_ERR()`;
  if (kind === "error-test")
    return `${callee}() returns NULL when it fails, never an error pointer: IS_ERR() does not see it`;
  return `\`${spoken(place)}\` keeps the error pointer of ${callee}(): the next call takes it for valid`;
}

function chain(program: Program, { kind, place, call, callee, taken }: PointerConfusion): readonly Related[] {
  if (kind !== "kept-error") return [related(program, call, `${callee}() called here`)];
  return taken === undefined
    ? []
    : [related(program, taken, `\`${spoken(place)}\` is taken for valid here unless it is NULL`)];
}

function fixes(program: Program, confusion: PointerConfusion): readonly Fix[] {
  const edits = confusion.kind === "null-test" ? forError(program, confusion) : forNull(program, confusion);
  if (edits === undefined) return [];
  const title = confusion.kind === "null-test" ? "Test with IS_ERR()" : "Test for NULL";
  return [{ title, edits, preferred: true }];
}

/** `!p` becomes `IS_ERR(p)`, `p` becomes `!IS_ERR(p)`. */
function forError(program: Program, { place, start, end }: PointerConfusion): readonly Edit[] | undefined {
  const { text } = program.file;
  const tested = text.slice(start, end);
  const [, compared, operator] = /^(.+?)\s*(==|!=)\s*NULL$/s.exec(tested) ?? [];
  if (compared !== undefined)
    return [edit(program, { start, end }, `${operator === "!=" ? "!" : ""}IS_ERR(${compared})`)];
  // What is stored and tested at once stays as it is written: `if (!(p = f()))`.
  if (tested.replace(/\s/g, "") !== place) return undefined;
  const isNot = text[start - 1] === "!" && text[start - 2] !== "!";
  return isNot
    ? [edit(program, { start: start - 1, end }, `IS_ERR(${tested})`)]
    : [edit(program, { start, end }, `!IS_ERR(${tested})`)];
}

/** `IS_ERR(p)` becomes `!p`; the error that PTR_ERR() then cannot give is -ENOMEM for an allocation, else not known. */
function forNull(
  program: Program,
  { kind, callee, errors, start, end }: PointerConfusion,
): readonly Edit[] | undefined {
  const { text } = program.file;
  const tested = /^IS_ERR\(\s*([\w>.-]+)\s*\)$/.exec(text.slice(start, end))?.[1];
  const allocates = program.knowledge.fact(callee)?.gfpParam !== undefined;
  if (kind !== "error-test" || tested === undefined || (errors.length > 0 && !allocates)) return undefined;
  const isNot = text[start - 1] === "!";
  const test = isNot ? edit(program, { start: start - 1, end }, tested) : edit(program, { start, end }, `!${tested}`);
  return [test, ...errors.map((each) => edit(program, each, "-ENOMEM"))];
}
