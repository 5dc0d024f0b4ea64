// What the run so far was, gone through once more from its beginning: moments that reports speak of, and late log points.

import { framesOf } from "../engine/task.ts";
import { asKernelEvent, type KernelEvent } from "../kernel/events.ts";
import type { Report } from "../machine.ts";
import { interpolate, siteFor } from "./breakpoints.ts";
import type { Recording } from "./recording.ts";
import type { Portions, Run } from "./run.ts";

/** A moment that has to do with a report. */
export interface RelatedMoment {
  /** `allocated`, `freed`, `&foo->lock first taken`. */
  readonly what: string;
  readonly clock: number;
}

export interface ReportMoments {
  readonly report: Report;
  readonly related: readonly RelatedMoment[];
}

/** The reports up to now, each with the moments that it speaks of. */
export function* momentsOf(run: Run): Portions<readonly ReportMoments[]> {
  const { reports } = run.machine;
  const related: (readonly RelatedMoment[])[] = [];
  const past = new Past();
  let leave = (): void => {};
  yield* run.scan(0, run.clock, {
    plant: () => run.planting.nowhere(),
    begin: () => {
      leave = run.machine.engine.trace.listen((traced, { clock }) => {
        const event = asKernelEvent(traced);
        // Checks hear of an event first: what they report of it comes before it.
        if (event.kind === "report" || event.kind === "oops") related.push([]);
        else if (event.kind !== "printk" && event.kind !== "dump-stack") {
          const of = past.related(event);
          for (let i = related.length - 1; i >= 0 && related[i]!.length === 0; i--) {
            if (reports[i]?.clock !== clock) break;
            related[i] = of;
          }
          past.note(event, clock);
        }
      });
    },
    visit: () => {},
    end: () => leave(),
  });
  return reports.map((report, index) => ({ report, related: related[index] ?? [] }));
}

/** What has happened to objects and locks. */
class Past {
  private readonly allocated = new Map<number, number>();
  private readonly freed = new Map<number, number>();
  private readonly taken = new Map<number, number>();
  /** When a lock was first wanted with another one held. */
  private readonly pairs = new Map<string, number>();

  note(event: KernelEvent, clock: number): void {
    if (event.kind === "alloc") {
      this.allocated.set(event.address, clock);
      this.freed.delete(event.address);
    } else if (event.kind === "free") this.freed.set(event.address, clock);
    else if (event.kind === "lock-acquire") {
      for (const { address } of event.held) first(this.pairs, `${address} ${event.lock.address}`, clock);
    } else if (event.kind === "lock-acquired") first(this.taken, event.lock.address, clock);
  }

  /** What a report about an event speaks of. */
  related(event: KernelEvent): readonly RelatedMoment[] {
    if ((event.kind === "bad-access" || event.kind === "bad-free") && event.object !== undefined) {
      const { address } = event.object;
      return [...at("allocated", this.allocated.get(address)), ...at("freed", this.freed.get(address))];
    }
    if (event.kind !== "lock-acquire" && event.kind !== "lock-recursion") return [];
    const { lock, held } = event;
    return [
      ...[lock, ...held].flatMap(({ name, address }) => at(`${name} first taken`, this.taken.get(address))),
      ...held.flatMap(({ name, address }) =>
        at(`${name} first wanted with ${lock.name} held`, this.pairs.get(`${lock.address} ${address}`)),
      ),
    ];
  }
}

function first<K>(times: Map<K, number>, key: K, clock: number): void {
  if (!times.has(key)) times.set(key, clock);
}

function at(what: string, clock: number | undefined): RelatedMoment[] {
  return clock === undefined ? [] : [{ what, clock }];
}

/** What ran and what it did, as far as the run has ever been. From the first look on it is recorded on the way. */
export function* recordingOf(run: Run): Portions<Recording> {
  const { recording } = run;
  const { engine } = run.machine;
  if (!recording.covers(engine)) {
    recording.forget();
    recording.isWanted = true;
    // In a machine that has not run at all: one that stands at the first statement has something behind it.
    yield* run.scan(-1, Math.max(run.clock, run.breakpoints.seenUpTo), {
      plant: () => run.planting.nowhere(),
      visit: () => {},
      end: () => recording.standsAt(run.machine.engine),
    });
  }
  recording.standsAt(engine);
  return recording;
}

/** What a log point has to say of a moment. */
export interface PastLog {
  readonly clock: number;
  readonly text: string;
}

/** What a log point would have written over the run so far; undefined when no statement stands there. */
export function* logOf(
  run: Run,
  file: string,
  line: number,
  message: string,
): Portions<readonly PastLog[] | undefined> {
  const site = siteFor(run.machine.programs, file, line);
  if (site === undefined) return undefined;
  const logs: PastLog[] = [];
  yield* run.scan(0, run.clock, {
    plant: () => run.planting.only(site),
    visit: (task, reached) => {
      if (reached === site) logs.push({ clock: run.clock, text: interpolate(message, framesOf(task)[0]?.frame) });
    },
  });
  return logs;
}
