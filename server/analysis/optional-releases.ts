// `if (p->enabled) foo_disable(p);`: a path that passes a release by says that there is nothing to release.
import type { Block, CallEvent, Cfg } from "../program/cfg.ts";
import { spoken } from "../program/places.ts";
import { walkStatements } from "../program/statements.ts";
import type { CallExpr, Expr, IfStmt } from "../syntax/ast.ts";
import type { Frame } from "./frame.ts";
import { handleKey, lastWord, placeOfOwned } from "./resources.ts";
import { type Owned, type PathState, without } from "./state.ts";

/** For a test: what its sides call that the other side passes by, before both go on together. */
export interface Optional {
  readonly whenTrue: readonly CallEvent[];
  readonly whenFalse: readonly CallEvent[];
}

const known = new WeakMap<Cfg, ReadonlyMap<Expr, Optional>>();

function optionalsOf(cfg: Cfg): ReadonlyMap<Expr, Optional> {
  const before = known.get(cfg);
  if (before !== undefined) return before;
  const found = new Map<Expr, Optional>();
  const ifs: IfStmt[] = [];
  walkStatements(cfg.def.body, (stmt) => {
    if (stmt.kind === "if") ifs.push(stmt);
  });
  for (const { exit } of cfg.blocks) {
    if (exit.kind !== "branch") continue;
    const own = ifs.find(({ test }) => test.start <= exit.test.start && exit.test.end <= test.end);
    if (own === undefined) continue;
    // What stands after `if (!p->on) continue;` is passed by, too, but for another reason.
    const callsIn = ({ events }: Block): readonly CallEvent[] =>
      events.filter((event): event is CallEvent => event.kind === "call" && event.end <= own.end);
    const [yes, no] = [cfg.blocks[exit.whenTrue]!, cfg.blocks[exit.whenFalse]!];
    const next = (block: Block): number | undefined => (block.exit.kind === "jump" ? block.exit.to : undefined);
    const meet = next(yes) !== undefined && next(yes) === next(no);
    const whenTrue = meet || next(yes) === no.id ? callsIn(yes) : [];
    const whenFalse = meet || next(no) === yes.id ? callsIn(no) : [];
    if (whenTrue.length + whenFalse.length > 0) found.set(exit.test, { whenTrue, whenFalse });
  }
  known.set(cfg, found);
  return found;
}

/** The state on one side of a test, without what the other side gives back on the way to where they meet. */
export function passedBy(frame: Frame, state: PathState, test: Expr, outcome: boolean): PathState {
  if (state.owned.size === 0) return state;
  let after = test.kind === "call" && !outcome ? notHeld(state, test) : state;
  const optional = optionalsOf(frame.fn.cfg).get(test);
  if (optional === undefined) return after;
  for (const event of outcome ? optional.whenFalse : optional.whenTrue)
    for (const [key, owned] of after.owned)
      if (releases(frame, event, owned)) after = { ...after, owned: without(after.owned, key) };
  return after;
}

/** `if (!pm_runtime_enabled(dev))` after pm_runtime_enable(dev): there is nothing to disable. */
function notHeld(state: PathState, { callee, args }: CallExpr): PathState {
  const name = callee.kind === "name" ? callee.name : undefined;
  const handle = args[0] === undefined ? undefined : handleKey(args[0]);
  let after = state;
  for (const [key, owned] of state.owned)
    if (name !== undefined && owned.heldTest === name && placeOfOwned(owned) === handle)
      after = { ...after, owned: without(after.owned, key) };
  return after;
}

function releases({ program }: Frame, { name, expr }: CallEvent, owned: Owned): boolean {
  if (name === undefined || !owned.releasedBy.includes(name)) return false;
  if (owned.byName === true && !owned.isPointer) return true;
  const arg = expr.args[program.knowledge.fn(name)?.handleParam ?? 0];
  const handle = arg === undefined ? undefined : handleKey(arg);
  return handle === undefined || lastWord(spoken(handle)) === lastWord(spoken(placeOfOwned(owned)));
}
