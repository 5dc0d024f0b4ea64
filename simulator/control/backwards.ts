// Where the run was before: searches through what it has gone through, made in other machines than the one at hand.
import type { Site } from "../engine/interfaces.ts";
import type { Layer, Task } from "../engine/task.ts";
import { Footprints } from "./footprints.ts";
import { entriesOf } from "./function-breakpoints.ts";
import type { Portions, Run } from "./run.ts";
import { framesOfStrand, type Position, positionIn, type Strand, strandOf } from "./strand.ts";
import { numberOf } from "./tasks.ts";
import type { Access, Watch } from "./watches.ts";

/** A moment, and whose it is: see tasks.ts. */
export interface Place {
  readonly clock: number;
  readonly task?: number | undefined;
}

/** To look at every statement of a function costs a hundred times what running costs. */
const NEAR = 1024;
const GROWTH = 16;

/** From where to look closely for what happened last before a moment, where it has to be seen in one go. */
function windows(run: Run, goal: number): readonly number[] {
  const found: number[] = [];
  let least = NEAR / GROWTH;
  for (const from of [...run.replicas.clocks].reverse()) {
    if (from >= goal || goal - from < least) continue;
    if (found.length === 0 && goal - from > NEAR * 4) break;
    found.push(from);
    least = (goal - from) * GROWTH;
  }
  if (found.length === 0 && goal > NEAR) found.push(goal - NEAR);
  return found.at(-1) === 0 ? found : [...found, 0];
}

/** The same as pieces, the last first, where each can be looked at by itself. */
function pieces(run: Run, goal: number): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  let to = goal;
  for (const from of windows(run, goal)) {
    found.push([from, to]);
    to = from;
  }
  return found;
}

/** The line before the present one of a task; undefined when there is none. */
export function* lineBefore(run: Run, task: Task, isInto: boolean): Portions<Place | undefined> {
  return yield* back(run, task, (strand, here) => {
    const footprints = new Footprints(here, isInto);
    return {
      plant: () => (isInto ? run.planting.everywhere() : plantStrand(run, strand)),
      add: (clock, base, position) => footprints.add(clock, base, position),
      found: (base, isWhole) => footprints.before(base, isWhole),
    };
  });
}

/**
 * The statement that called a function whose frame is there, 0 being the innermost; where nothing did, the first that
 * runs with it.
 */
export function* callBefore(run: Run, task: Task, frame = 0): Portions<Place | undefined> {
  return yield* back(run, task, (strand, here) => {
    const frames = framesOfStrand(strand);
    const depth = here.depth - frame;
    const { site } = frames[frame + 1] ?? frames[frame] ?? {};
    let last: { clock: number; base: Layer } | undefined;
    let first: { clock: number; base: Layer } | undefined;
    return {
      // Only the statement that has made the call can have done so, and a function begins with its first one.
      plant: () => {
        if (site === undefined) return;
        run.planting.only(frames[frame + 1] === undefined ? (firstOf(run, site) ?? site) : site);
      },
      add: (clock, base, position) => {
        if (first?.base !== base) first = { clock, base };
        if (position.depth === depth - 1) last = { clock, base };
      },
      found: (base, isWhole) => {
        if (last !== undefined && last.base === base) return last.clock;
        return isWhole && first?.base === base ? first?.clock : undefined;
      },
    };
  });
}

function firstOf(run: Run, { file, fn }: Site): Site | undefined {
  return entriesOf(run.machine.programs, fn).find((site) => site.file === file);
}

/** What a search through the statements of a strand notes of them, and makes of it. */
interface Search {
  plant(): void;
  add(clock: number, base: Layer, position: Position): void;
  /** `isWhole`: the strand was looked at from its beginning. */
  found(base: Layer | undefined, isWhole: boolean): number | undefined;
}

function* back(run: Run, task: Task, begin: (strand: Strand, here: Position) => Search): Portions<Place | undefined> {
  const strand = strandOf(task);
  const goal = run.clock;
  if (strand === undefined || goal === 0) return undefined;
  const here = positionIn(strand);
  const [id, { height, context }] = [numberOf(task), strand];
  for (const from of windows(run, goal)) {
    const search = begin(strand, here);
    let early: Layer | undefined;
    let base: Layer | undefined;
    yield* run.scan(from, goal, {
      plant: () => search.plant(),
      begin: () => {
        early = run.taskBy(id)?.layers[height];
      },
      visit: (stopped) => {
        if (numberOf(stopped) !== id || run.clock >= goal) return;
        const now = strandOf(stopped);
        if (now?.height === height && now.context === context) search.add(run.clock, now.base, positionIn(now));
      },
      end: () => {
        base = run.taskBy(id)?.layers[height];
      },
    });
    const found = search.found(base, from === 0 || early !== base);
    if (found !== undefined) return { clock: found, task: id };
  }
  return undefined;
}

function plantStrand(run: Run, strand: Strand): void {
  run.planting.functionsOf(framesOfStrand(strand).map(({ site }) => site));
}

/** The last breakpoints that stopped before now. */
export function* breakpointBefore(run: Run): Portions<(Place & { readonly ids: readonly number[] }) | undefined> {
  let last: (Place & { readonly ids: readonly number[] }) | undefined;
  for (const [from, to] of pieces(run, run.clock)) {
    yield* run.scan(from, to, {
      plant: () => run.planting.onlyBreakpoints(),
      visit: (task, site) => {
        const { clock } = run;
        const { ids } = clock < to ? run.breakpoints.reached(task, site, clock) : { ids: [] };
        if (ids.length > 0) last = { clock, task: numberOf(task), ids };
      },
    });
    if (last !== undefined) return last;
  }
  return undefined;
}

/** When a statement was about to run last. */
export function* visitBefore(run: Run, site: Site): Portions<Place | undefined> {
  let last: Place | undefined;
  for (const [from, to] of pieces(run, run.clock)) {
    yield* run.scan(from, to, {
      plant: () => run.planting.only(site),
      visit: (task, at) => {
        if (at === site && run.clock < to) last = { clock: run.clock, task: numberOf(task) };
      },
    });
    if (last !== undefined) return last;
  }
  return undefined;
}

/**
 * The last accesses to what is watched that count. `counts` says so of each; `isClose`: while the machine stands at the
 * statement after it.
 */
export function* accessBefore(
  run: Run,
  watches: readonly Watch[],
  counts: (access: Access) => boolean = () => true,
  isClose = false,
): Portions<Access | undefined> {
  let last: Access | undefined;
  const goal = run.clock;
  // A variable is seen to be changed only afterwards: what is between two pieces would be missed.
  const isVariable = watches.some(({ target }) => target.kind === "variable");
  const parts = isVariable ? windows(run, goal).map((from) => [from, goal] as const) : pieces(run, goal);
  for (const [from, to] of parts) {
    const take = (): void => {
      for (const access of run.watches.take()) if (access.clock < to && counts(access)) last = access;
    };
    const end = (): void => {
      const { turn } = run.machine.engine;
      if (turn !== undefined) run.watches.visit(turn);
      take();
    };
    yield* run.scan(from, to, {
      plant: () => run.planting.nowhere(),
      begin: () => {
        run.watches.listen(watches, isClose ? () => run.lookClosely() : () => {});
        run.planting.wanted = run.watches.wanted;
      },
      visit: (task) => {
        if (run.watches.visit(task) || isClose) take();
        run.planting.looking = false;
      },
      portion: take,
      end,
    });
    if (last !== undefined) return last;
  }
  return undefined;
}
