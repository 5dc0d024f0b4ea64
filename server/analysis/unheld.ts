// A goto that skips the taking of a lock and leads to a label that releases it.
import type { CallEvent } from "../program/cfg.ts";
import { pointeeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { GotoStmt, Stmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Acquisition, Outcome } from "./outcome.ts";

export interface Unheld extends Span {
  readonly label: string;
  readonly key: string;
  /** Where the other paths take it. */
  readonly taken: Acquisition;
  /** Where it is released. */
  readonly released: Span;
}

/**
 * Only where the lock is taken once, by a statement of the body itself, and the label's release is one too: nothing but
 * the goto decides then whether it is held. The paths have to agree: one ends with a lock released that was not taken.
 */
export function unheldReleases(program: Program, fn: Func, outcome: Outcome): readonly Unheld[] {
  if (outcome.cut) return [];
  const { body } = fn.def;
  const { gotos, labels } = jumpsOf(body);
  if (gotos.length === 0) return [];
  const found: Unheld[] = [];
  for (const taken of outcome.acquisitions) {
    const { key } = taken.held;
    if (taken.tries || key[0] === "@" || outcome.acquisitions.some((each) => each !== taken && each.held.key === key))
      continue;
    if (!isStatementOf(body.body, taken)) continue;
    if (!outcome.exits.some((exit) => exit.dropped.has(key) && !exit.done.has(key) && !exit.uncertain)) continue;
    const releases = releasesOf(program, fn, key);
    // Released before it is taken: it is the caller's.
    if (releases.some((each) => each.start < taken.start)) continue;
    for (const each of gotos) {
      const label = labels.get(each.label ?? "");
      if (label === undefined || each.start > taken.start || label.start < taken.start) continue;
      const released = releases.find((release) => release.start >= label.start && isStatementOf(body.body, release));
      if (released === undefined || leavesBetween(body.body, label, released)) continue;
      found.push({ key, label: each.label!, taken, released, start: each.start, end: each.end });
    }
  }
  return found;
}

function releasesOf(program: Program, fn: Func, key: string): readonly CallEvent[] {
  return fn.cfg.blocks.flatMap(({ events }) =>
    events.filter((event): event is CallEvent => {
      if (event.kind !== "call" || event.name === undefined) return false;
      return (program.knowledge.fn(event.name)?.releases ?? []).some(({ param, global }) => {
        const arg = param === undefined ? undefined : event.expr.args[param];
        return (global ?? (arg === undefined ? undefined : pointeeOf(arg))) === key;
      });
    }),
  );
}

/** A statement of the body itself, labelled or not, whatever else it does with the result. */
function isStatementOf(body: readonly Stmt[], at: Span): boolean {
  return body.some((stmt) => {
    const inner = stmt.kind === "label" ? stmt.body : stmt;
    if (inner === undefined || inner.start > at.start || inner.end < at.end) return false;
    return inner.kind === "expression" && inner.expr.start === at.start && inner.expr.end === at.end;
  });
}

/** The way from the label to the release may be left. */
function leavesBetween(body: readonly Stmt[], label: Span, release: Span): boolean {
  return body.some(
    (stmt) =>
      stmt.start >= label.start && stmt.start < release.start && /\b(return|goto|break|continue)\b/.test(kindsIn(stmt)),
  );
}

function kindsIn(stmt: Stmt): string {
  const kinds: string[] = [];
  visit(stmt, (each) => kinds.push(each.kind));
  return kinds.join(" ");
}

function jumpsOf(body: Stmt): { gotos: readonly GotoStmt[]; labels: ReadonlyMap<string, Span> } {
  const gotos: GotoStmt[] = [];
  const labels = new Map<string, Span>();
  visit(body, (stmt) => {
    if (stmt.kind === "goto") gotos.push(stmt);
    if (stmt.kind === "label") labels.set(stmt.name, stmt);
  });
  return { gotos, labels };
}

function visit(stmt: Stmt | undefined, see: (stmt: Stmt) => void): void {
  if (stmt === undefined) return;
  see(stmt);
  switch (stmt.kind) {
    case "compound":
    case "case":
      for (const each of stmt.body) visit(each, see);
      return;
    case "if":
      visit(stmt.consequence, see);
      visit(stmt.otherwise, see);
      return;
    case "for":
    case "while":
    case "do":
    case "switch":
    case "macro":
    case "label":
      visit(stmt.body, see);
      return;
    default:
  }
}
