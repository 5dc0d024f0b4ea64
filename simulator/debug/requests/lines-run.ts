// `driverlab/linesRun`: the contexts and CPUs in which the lines of a file ran, as far as the run was seen.
import { RunsOfSites, type SiteRuns } from "../../control/lines-run.ts";
import type { Session } from "../../control/session.ts";
import type { Site } from "../../engine/interfaces.ts";
import type { LineRun, LinesRun, LinesRunOf } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { wholly } from "./log-past.ts";
import { fileOf } from "./set-breakpoints.ts";

/** They take a second to count. */
const MOST_STATEMENTS = 1_000_000;

const counts = new WeakMap<Session, RunsOfSites>();

export function linesRun(debuggee: Debuggee, { path }: LinesRunOf): LinesRun {
  if (typeof path !== "string") throw badArgument("path", "the path of a file");
  const { session } = debuggee;
  debuggee.still;
  const runs = counts.get(session) ?? new RunsOfSites();
  counts.set(session, runs);
  let seen = 0;
  wholly(
    session.look((run, to) => {
      seen = to;
      return runs.count(run, to, MOST_STATEMENTS);
    }),
  );
  const lines = byLine(runs.of(fileOf(debuggee, { path })));
  return { lines, counted: runs.counted, isWhole: runs.counted >= seen };
}

/** A line has run as often as the statement on it that ran most often. */
function byLine(sites: readonly (readonly [Site, readonly SiteRuns[]])[]): LineRun[] {
  const lines = new Map<number, { readonly fn: string; readonly runs: SiteRuns[] }>();
  for (const [{ line, fn }, runs] of sites) {
    const known = lines.get(line) ?? { fn, runs: [] };
    lines.set(line, known);
    for (const one of runs) {
      const same = known.runs.find(({ context, cpu }) => context === one.context && cpu === one.cpu);
      if (same === undefined) known.runs.push({ ...one });
      else same.times = Math.max(same.times, one.times);
    }
  }
  return [...lines].sort(([a], [b]) => a - b).map(([line, found]) => ({ line, ...found }));
}
