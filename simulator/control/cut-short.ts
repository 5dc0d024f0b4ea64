// Runs a machine on, where nobody knows yet how long its statements take: one that comes to no end is cut short.
import type { Pause } from "../engine/engine.ts";
import { Cancelled, type Portions, type Run } from "./run.ts";
import { numberOf } from "./tasks.ts";

/** What a portion may take, of which a hundredth is the rule; and what a single statement may. */
const PORTION_MILLIS = 1_000;
const STATEMENT_MILLIS = 2_000;

/**
 * A machine whose statement was cut short is good for nothing: another one of the same run takes its place, where this
 * began, and the statement gets another chance by itself. Its task is ended when it does not come to an end then, and
 * that is an input of the run, so that nobody waits for the statement when the run is gone through again. `onCut`: what
 * the machine told meanwhile will be told again.
 */
export function* runOn(run: Run, goal: number, onCut: () => void): Portions<Pause> {
  const { clock: start, suspect = -1 } = run;
  const isAlone = suspect === start;
  const end = isAlone ? start + 1 : suspect > start ? Math.min(goal, suspect) : goal;
  const told = run.machine.reports.length;
  let pause: Pause = { kind: "clock" };
  const forth = () => {
    pause = run.runTo(end);
  };
  if (run.within(isAlone ? STATEMENT_MILLIS : PORTION_MILLIS, forth)) {
    if (run.clock > suspect) run.suspect = undefined;
    return pause;
  }
  run.suspect = isAlone ? undefined : run.clock;
  run.wantsLook = true;
  run.pace.wasCut();
  run.watches.isPaused = true;
  const resume = run.planting.interrupt();
  try {
    yield* run.replace(start);
    onCut();
    run.tellReports(told);
    if (isAlone) endTask(run);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  } finally {
    run.watches.isPaused = false;
    resume();
  }
  return { kind: "clock" };
}

function endTask(run: Run): void {
  const { turn } = run.machine.engine;
  if (turn === undefined) throw new Error("the machine comes to no end of what it does");
  const message = `BUG: a statement of the driver came to no end, and was cut short after ${STATEMENT_MILLIS / 1000} s`;
  run.act({ kind: "oops", task: numberOf(turn), message });
}
