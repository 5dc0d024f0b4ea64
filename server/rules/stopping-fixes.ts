// The fix that stops what may still run - a work, a timer - right before what it uses is freed.
import type { LeftRunning } from "../analysis/deferred.ts";
import type { Facts } from "../analysis/facts.ts";
import { statesBefore } from "../analysis/states-before.ts";
import { stripCasts } from "../analysis/summary.ts";
import { placeOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { ExprStmt } from "../syntax/ast.ts";
import { statementsOf } from "./cleanup-labels.ts";
import type { Fix } from "./rule.ts";
import { parentsOf, putBefore } from "./statement-edits.ts";
import { mustNotSleep } from "./undoing.ts";

/**
 * Only where the driver frees the data itself: in a function after which the driver core frees it, it is for its author to
 * say when nothing can start the work again.
 */
export function stoppingFixes(program: Program, facts: Facts, left: LeftRunning): readonly Fix[] {
  const { stop, place, owner, freedBy } = left;
  const own = facts.functions.get(left.fn);
  const stmt =
    own === undefined
      ? undefined
      : statementsOf<ExprStmt>(
          own.fn.def.body,
          (each) => each.kind === "expression" && each.expr.kind === "call" && each.expr.start === left.start,
        )[0];
  if (freedBy === undefined || own === undefined || stmt?.expr.kind !== "call" || own.outcome.cut) return [];
  const arg = stmt.expr.args[program.knowledge.fn(freedBy)?.handleParam ?? 0];
  const freed = arg === undefined ? undefined : placeOf(stripCasts(arg));
  const type = arg === undefined ? undefined : program.types.typeOf(stripCasts(arg), own.fn.def);
  // What it is the private part of is freed: how it is called here is not known.
  if (freed === undefined || type?.base !== owner || type.pointers !== 1) return [];
  const states = statesBefore(program, own.fn, facts.summaries)?.get(stmt) ?? [];
  const mayRest = own.reaches.every(({ atomic, irqsOff, bhOff }) => !atomic && !irqsOff && !bhOff);
  if (states.length === 0 || states.some(mustNotSleep) || !mayRest) return [];
  const member = place.slice(place.lastIndexOf("->") + 2);
  const edits = putBefore(program, parentsOf(own.fn.def.body), stmt, [`${stop}(&${freed}->${member});`]);
  return edits === undefined ? [] : [{ title: `Add ${stop}() before ${freedBy}()`, edits, preferred: true }];
}
