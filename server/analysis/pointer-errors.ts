// Pointers whose failure is looked for in the wrong form: NULL where a function returns errors, errors where it returns NULL.
import type { FunctionFact } from "../knowledge/schema.ts";
import { type Block, type Event, successors } from "../program/cfg.ts";
import { mentions, placeOf, rootOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { visitReaching } from "./reaching.ts";
import { type Summary, stripCasts } from "./summary.ts";
import { keyOf, NEGATIVE, POSITIVE, ZERO } from "./values.ts";

export interface PointerConfusion extends Span {
  /** null-test: never NULL. error-test: never an error. kept-error: an error is left where the next call takes it for valid. */
  readonly kind: "null-test" | "error-test" | "kept-error";
  readonly place: string;
  /** The call that gives the pointer. */
  readonly call: CallExpr;
  readonly callee: string;
  /** PTR_ERR() of the pointer where the test sends its failure. */
  readonly errors: readonly Span[];
  /** For kept-error: where the place is taken for valid when it is not NULL. */
  readonly taken?: Span;
}

/** What a pointer that a function returns may be, of ZERO, NEGATIVE (an error) and POSITIVE; undefined when not known. */
export type PointerSigns = (name: string) => number | undefined;

/** `isWhole` tells of a function of the driver whether all its paths were seen. */
export function pointerSigns(
  program: Program,
  summaries: ReadonlyMap<string, Summary>,
  isWhole: (name: string) => boolean,
): PointerSigns {
  return (name) => {
    const own = program.functions.get(name) ?? program.inlines.get(name);
    if (own !== undefined || summaries.has(name)) {
      const { returns, fails } = summaries.get(name) ?? {};
      if (own === undefined || own.def.returns.pointers === 0 || !isWhole(name) || returns === 7) return undefined;
      // What is not NULL is an error pointer only where some path says so.
      return returns === (NEGATIVE | POSITIVE) && ((fails?.mask ?? 0) & NEGATIVE) === 0 ? undefined : returns;
    }
    return signsOf(program.knowledge.fact(name));
  };
}

function signsOf(fact: FunctionFact | undefined): number | undefined {
  const read = fact?.extracted?.returns?.kind;
  // What a person and the kernel's source see differently has two faces.
  if (fact === undefined || (read !== undefined && read !== fact.returns)) return undefined;
  // Whoever asks for what may be missing may get NULL for it, whatever the document says.
  if (fact.returns === "errptr-on-failure" && !/optional|find|lookup|match/.test(fact.name)) return NEGATIVE | POSITIVE;
  return fact.returns === "null-on-failure" ? ZERO | POSITIVE : undefined;
}

export function pointerConfusions(
  program: Program,
  fn: Func,
  summaries: ReadonlyMap<string, Summary>,
  signs: PointerSigns,
): readonly PointerConfusion[] {
  if (!gives(fn, signs)) return [];
  const found: PointerConfusion[] = [];
  const tests = testsOf(fn);
  const testsOfError = new Set(tests.flatMap((each) => (each.kind === "error" ? [each.place] : [])));
  const testsOfNull = new Set(tests.flatMap((each) => (each.kind === "null" ? [each.place] : [])));
  visitReaching(program, fn, summaries, {
    leave(known, block) {
      const test = testOf(block);
      if (test === undefined || block.exit.kind !== "branch") return;
      const { place, kind } = test;
      const { from, tested } = known.get(keyOf(test.of) ?? "") ?? { from: [] };
      const first = from[0];
      if (first === undefined || tested === true) return;
      const masks = from.map((each) => (each.callee.kind === "name" ? signs(each.callee.name) : undefined));
      const whenFailed =
        kind === "error" ? block.exit.whenTrue : test.failsWhen ? block.exit.whenTrue : block.exit.whenFalse;
      const add = (what: "null-test" | "error-test"): void => {
        found.push({
          kind: what,
          place,
          call: first,
          callee: first.callee.kind === "name" ? first.callee.name : "",
          errors: errorsIn(fn.cfg.blocks[whenFailed], place),
          start: test.at.start,
          end: test.at.end,
        });
      };
      const never = (sign: number): boolean => masks.every((mask) => mask !== undefined && (mask & sign) === 0);
      if (kind === "null" && never(ZERO) && masks.every((mask) => mask! & NEGATIVE) && !testsOfError.has(place))
        add("null-test");
      // IS_ERR_OR_NULL() sees both, so that one half of it is only superfluous.
      if (
        kind === "error" &&
        test.only &&
        never(NEGATIVE) &&
        masks.every((mask) => mask! & ZERO) &&
        !testsOfNull.has(place)
      )
        add("error-test");
    },
  });
  return [...found, ...keptErrors(fn, tests, signs)];
}

/** Whether the function stores or tests what any such call gives: most do not, and need no closer look. */
function gives(fn: Func, signs: PointerSigns): boolean {
  return fn.cfg.blocks.some(({ events }) =>
    events.some((event) => event.kind === "call" && event.name !== undefined && signs(event.name) !== undefined),
  );
}

interface PointerTest {
  readonly kind: "null" | "error";
  readonly place: string;
  /** What is tested. */
  readonly of: Expr;
  /** For a test for NULL: the outcome with which it is. */
  readonly failsWhen: boolean;
  /** It sees this failure and no other. */
  readonly only: boolean;
  readonly at: Span;
}

function testsOf(fn: Func): readonly PointerTest[] {
  return fn.cfg.blocks.flatMap((block) => {
    const test = testOf(block);
    const calls = block.events.flatMap((event) => (event.kind === "call" ? (errorTest(event.expr) ?? []) : []));
    return test === undefined ? calls : [test, ...calls];
  });
}

function testOf({ exit }: Block): PointerTest | undefined {
  return exit.kind === "branch" ? pointerTest(exit.test) : undefined;
}

function pointerTest(test: Expr): PointerTest | undefined {
  if (test.kind === "call") return errorTest(test) ?? nullTest(test, false, test);
  if (test.kind !== "binary") return nullTest(test, false, test);
  if ((test.op !== "==" && test.op !== "!=") || test.right.kind !== "name" || test.right.name !== "NULL")
    return undefined;
  return nullTest(test.left, test.op === "==", test);
}

function nullTest(of: Expr, failsWhen: boolean, at: Span): PointerTest | undefined {
  const place = of.kind === "call" ? calleeText(of) : placeOf(of);
  return place === undefined ? undefined : { kind: "null", place, of: stripCasts(of), failsWhen, only: true, at };
}

const ERROR_TESTS: ReadonlySet<string> = new Set(["IS_ERR", "IS_ERR_OR_NULL", "PTR_ERR_OR_ZERO"]);

function errorTest(call: CallExpr): PointerTest | undefined {
  const of = call.args[0] === undefined ? undefined : stripCasts(call.args[0]);
  if (of === undefined || call.callee.kind !== "name" || !ERROR_TESTS.has(call.callee.name)) return undefined;
  const place = of.kind === "call" ? calleeText(of) : placeOf(of);
  const only = call.callee.name !== "IS_ERR_OR_NULL";
  return place === undefined ? undefined : { kind: "error", place, of, failsWhen: true, only, at: call };
}

function calleeText({ callee }: CallExpr): string | undefined {
  return callee.kind === "name" ? `${callee.name}()` : undefined;
}

/** `PTR_ERR(place)` in a block. */
function errorsIn(block: Block | undefined, place: string): readonly Span[] {
  return (block?.events ?? []).flatMap((event) => {
    const arg = event.kind === "call" && event.name === "PTR_ERR" ? event.expr.args[0] : undefined;
    return arg !== undefined && placeOf(stripCasts(arg)) === place ? [event] : [];
  });
}

/**
 * `if (p->thread) return 0; p->thread = kthread_run(…); if (IS_ERR(p->thread)) return …;`: the next call finds the error
 * and takes it for a thread.
 */
function keptErrors(fn: Func, tests: readonly PointerTest[], signs: PointerSigns): readonly PointerConfusion[] {
  const found: PointerConfusion[] = [];
  for (const block of fn.cfg.blocks) {
    for (const [index, event] of block.events.entries()) {
      if (event.kind !== "assign" || event.value === undefined) continue;
      const place = placeOf(event.target);
      const call = stripCasts(event.value);
      if (place === undefined || !place.includes("->") || call.kind !== "call" || call.callee.kind !== "name") continue;
      if (signs(call.callee.name) !== (NEGATIVE | POSITIVE)) continue;
      const taken = tests.find((each) => each.kind === "null" && each.place === place && each.at.start < event.start);
      const testedFirst = tests.some(
        (each) => each.kind === "error" && each.place === place && each.at.start < event.start,
      );
      if (taken === undefined || testedFirst) continue;
      const failed = failureOf(block, index, place);
      if (failed === undefined || !endsWith(fn, failed, place)) continue;
      const { callee } = call;
      found.push({
        kind: "kept-error",
        place,
        call,
        callee: callee.name,
        errors: [],
        taken: taken.at,
        start: event.start,
        end: event.end,
      });
    }
  }
  return found;
}

/** The block to which the failure of what was just stored leads. */
function failureOf(block: Block, index: number, place: string): number | undefined {
  const rest = block.events.slice(index + 1);
  const { exit } = block;
  if (exit.kind !== "branch") return undefined;
  if (exit.test.kind === "call" && errorTest(exit.test)?.place === place) return exit.whenTrue;
  // `ret = PTR_ERR_OR_ZERO(p->thread); if (ret)`.
  const stored = rest.find(
    (each) => each.kind === "assign" && each.value?.kind === "call" && errorTest(each.value)?.place === place,
  );
  const variable = stored?.kind === "assign" ? placeOf(stored.target) : undefined;
  return variable !== undefined && placeOf(exit.test) === variable ? exit.whenTrue : undefined;
}

/** Whether a path from a block leaves the function with the place as it is. */
function endsWith(fn: Func, from: number, place: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    const block = fn.cfg.blocks[id]!;
    if (block.events.some((event) => mayReset(event, place))) continue;
    if (block.events.some((event) => event.kind === "return")) return true;
    for (const to of successors(block.exit)) seen.add(to);
  }
  return false;
}

function mayReset(event: Event, place: string): boolean {
  if (event.kind === "assign") return mentions(place, placeOf(event.target) ?? " ");
  if (event.kind !== "call" || /^PTR_ERR|^IS_ERR|^(dev|pr|netdev)_/.test(event.name ?? "")) return false;
  return event.expr.args.some((arg) => {
    let found = false;
    walkExpr(arg, (each) => (found ||= each.kind === "name" && each.name === rootOf(place)));
    return found;
  });
}
