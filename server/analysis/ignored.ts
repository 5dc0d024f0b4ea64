// Calls whose result has to be looked at, made as a statement of their own.
import type { FunctionFact } from "../knowledge/schema.ts";
import type { Returns } from "../knowledge/words.ts";
import type { Func, Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { CallExpr, Stmt } from "../syntax/ast.ts";
import type { Outcome } from "./outcome.ts";
import { TEARS_DOWN } from "./resources.ts";
import { NEGATIVE } from "./values.ts";

export interface IgnoredResult {
  readonly call: CallExpr;
  readonly name: string;
  readonly returns: Returns;
  /** must-check: the declaration says so. registration: of what the driver is there for. wait: a timeout is success. poll: it only waits. */
  readonly why: "must-check" | "registration" | "wait" | "poll";
}

export function ignoredResults(program: Program, fn: Func, outcome: Outcome): readonly IgnoredResult[] {
  const errors = outcome.exits.some((exit) => exit.value.mask === NEGATIVE);
  return statementCalls(fn.def.body).flatMap((call): readonly IgnoredResult[] => {
    const name = call.callee.kind === "name" ? call.callee.name : "";
    if (program.macros.has(name)) return [];
    const own = program.functions.get(name) ?? program.inlines.get(name);
    if (own !== undefined) {
      const isMarked = own.def.annotations.some((each) => each.name === "__must_check");
      const returns = own.def.returns.pointers > 0 ? "null-on-failure" : "negative-errno";
      if (isMarked) return [{ call, name, returns, why: "must-check" }];
      return errors && asksWhetherDone(program, own) && !TEARS_DOWN.test(fn.name)
        ? [{ call, name, returns, why: "poll" }]
        : [];
    }
    if (WAITS.has(name) && errors && succeedsAfter(fn, call))
      return [{ call, name, returns: "zero-on-failure", why: "wait" }];
    const fact = program.knowledge.fact(name);
    if (fact?.returns === undefined || !FAILURES.has(fact.returns)) return [];
    if (fact.mustCheck !== true && !isRegistration(fact)) return [];
    return [
      { call, name, returns: fact.returns, why: fact.mustCheck === true ? "must-check" : "registration" } as const,
    ];
  });
}

const FAILURES: ReadonlySet<Returns> = new Set([
  "negative-errno",
  "nonzero-on-failure",
  "null-on-failure",
  "errptr-on-failure",
  "null-or-errptr",
  "bytes-not-copied",
]);

/** It registers the device itself, and nothing is left of it when that fails: the driver has then nothing to do. */
function isRegistration({ name, returns, extracted }: FunctionFact): boolean {
  const isDevice = /(register_(device|controller|component|card)|_device_register)$/.test(name);
  return extracted?.managed === true && returns === "negative-errno" && isDevice;
}

/** Waits of include/linux/completion.h whose result alone tells that nothing came. */
const WAITS: ReadonlySet<string> = new Set([
  "wait_for_completion_timeout",
  "wait_for_completion_io_timeout",
  "wait_for_completion_interruptible_timeout",
  "wait_for_completion_killable_timeout",
]);

/**
 * The function does nothing but wait for the device, and says whether it came: `return !readl_poll_timeout(…)`. Elsewhere
 * the driver looks at what such a function says.
 */
function asksWhetherDone(program: Program, own: Func): boolean {
  if (!waitsOnly(own)) return false;
  return [...program.functions.values()].some(({ cfg }) =>
    cfg.blocks.some(
      ({ exit }) =>
        exit.kind === "branch" &&
        exit.test.kind === "call" &&
        exit.test.callee.kind === "name" &&
        waitsOnly(program.functions.get(exit.test.callee.name)),
    ),
  );
}

function waitsOnly(fn: Func | undefined): boolean {
  const calls = fn?.cfg.blocks.flatMap(({ events }) => events.filter((event) => event.kind === "call")) ?? [];
  return (
    calls.length === 1 &&
    /_poll_timeout(_atomic)?$/.test(calls[0]!.name ?? "") &&
    fn!.cfg.blocks.some(
      ({ events, exit }) =>
        events.some(
          (event) => event.kind === "return" && event.value !== undefined && within(calls[0]!.expr, event.value),
        ) ||
        (exit.kind === "branch" && within(calls[0]!.expr, exit.test)),
    )
  );
}

function within(inner: CallExpr, outer: { readonly start: number; readonly end: number }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** After the call the function returns 0 without having looked at anything. */
function succeedsAfter({ cfg }: Func, call: CallExpr): boolean {
  const start = cfg.blocks.find(({ events }) => events.some((each) => each.kind === "call" && each.expr === call));
  const seen = new Set<number>();
  for (let at = start; at !== undefined && !seen.has(at.id); ) {
    seen.add(at.id);
    const last = at.events.at(-1);
    if (last?.kind === "return") return last.value?.kind === "number" && last.value.text === "0";
    at = at.exit.kind === "jump" ? cfg.blocks[at.exit.to] : undefined;
  }
  return false;
}

/** Calls that are statements; a cast to void, which says that it is meant, is none. */
function statementCalls(body: Stmt): readonly CallExpr[] {
  const found: CallExpr[] = [];
  walkStatements(body, (stmt) => {
    if (stmt.kind === "expression" && stmt.expr.kind === "call") found.push(stmt.expr);
  });
  return found;
}
