// `driverlab/timeline`: what ran on which CPU and what tasks did, as far as the run has ever been.
import { type Lane, type Mark, mergeMarks, mergeSpans, type Point, type Span } from "../../control/recording.ts";
import type { Portions } from "../../control/run.ts";
import type { Timeline, TimelineArguments, TimelineLane } from "../../timeline/protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { Later } from "../looks.ts";
import { placeOfSite } from "../place.ts";

/** Spans and marks of an answer at most, and lanes of tasks: more than that nobody sees. */
const MOST = 4_000;
const MOST_TASKS = 64;

export function timeline(debuggee: Debuggee, args: TimelineArguments = {}): Later {
  const { by = "statements", resolution = 1000, from = 0, to = from } = args;
  if (by !== "statements" && by !== "nanos") throw badArgument("by", "statements or nanos");
  if (!Number.isSafeInteger(resolution) || resolution < 1) throw badArgument("resolution", "a count of parts");
  if (!Number.isFinite(from) || !Number.isFinite(to) || from > to) throw badArgument("from", "not later than to");
  debuggee.still;
  return new Later("Recording what ran", partOf(debuggee, args));
}

function* partOf({ session }: Debuggee, args: TimelineArguments): Portions<Timeline> {
  const { by = "statements", resolution = 1000 } = args;
  const { lanes: all, end } = yield* session.recording();
  const measure = (point: Point): number => (by === "nanos" ? point.nanos : point.clock);
  const { from = 0, to = Math.max(from, measure(end)) } = args;
  const cpus = all.filter(isCpu).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const tasks = all.filter((lane) => !isCpu(lane) && lane.spans.length > 0);
  const shown = [...cpus, ...mostActive(tasks)];
  const inSight = shown.map(({ id, name, spans, marks }) => ({
    id,
    name,
    spans: spans.filter((span) => measure(span.from) <= to && measure(span.to ?? end) >= from),
    marks: marks.filter(({ at }) => measure(at) >= from && measure(at) <= to),
  }));
  for (let part = (to - from) / resolution; ; part = Math.max(1, 2 * part)) {
    const isShort = (first: Point, last: Point) => measure(last) - measure(first) < part;
    const lanes = inSight.map((lane) => ({
      ...lane,
      spans: mergeSpans(lane.spans, isShort),
      marks: mergeMarks(lane.marks, isShort),
    }));
    const count = lanes.reduce((sum, { spans, marks }) => sum + spans.length + marks.length, 0);
    if (count > MOST && part <= to - from) continue;
    const { statements: clock, nanos } = session.machine.engine.clock;
    return {
      now: { clock, nanos },
      end,
      lanes: lanes.map(told),
      leftOut: tasks.length - (shown.length - cpus.length),
      isMerged: lanes.some(({ spans, marks }) => [...spans, ...marks].some((one) => one.count !== undefined)),
    };
  }
}

function isCpu({ id }: Lane): boolean {
  return id.startsWith("cpu");
}

/** In the order in which they ran first. */
function mostActive(tasks: readonly Lane[]): readonly Lane[] {
  if (tasks.length <= MOST_TASKS) return tasks;
  const weight = ({ spans, marks }: Lane): number => spans.length + marks.length;
  const chosen = new Set(tasks.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_TASKS));
  return tasks.filter((lane) => chosen.has(lane));
}

function told({ id, name, spans, marks }: Lane): TimelineLane {
  return { id, name, spans: spans.map(withPlace), marks: marks.map(withPlace) };
}

function withPlace<T extends Span | Mark>({ site, ...rest }: T) {
  return { ...rest, ...(site === undefined ? {} : { place: placeOfSite(site) }) };
}
