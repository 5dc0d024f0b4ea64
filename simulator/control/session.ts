// A debugging session: one run of a driver that is gone through forwards and, by running it again, backwards.
import type { Pause } from "../engine/engine.ts";
import type { Site, Variable } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import type { Machine, Recipe, Report } from "../machine.ts";
import { accessBefore, breakpointBefore, callBefore, lineBefore, type Place, visitBefore } from "./backwards.ts";
import type { BreakpointTable, StatementBreakpoint } from "./breakpoint-table.ts";
import { type Breakpoint, type LineBreakpoint, siteFor } from "./breakpoints.ts";
import { runOn } from "./cut-short.ts";
import { type DataBreakpoint, DataBreakpoints, type SetDataBreakpoint } from "./data-breakpoints.ts";
import type { FunctionBreakpoint } from "./function-breakpoints.ts";
import { logOf, momentsOf, type PastLog, type ReportMoments, recordingOf } from "./history.ts";
import type { Action, Input } from "./inputs.ts";
import { countMissed } from "./missed-hits.ts";
import type { Recording } from "./recording.ts";
import { Cancelled, type Portions, Run, type Within } from "./run.ts";
import type { Journey, Reason, Stopped } from "./stop.ts";
import { framesOfStrand, isCovered, isGone, isSameLine, positionIn, strandOf } from "./strand.ts";
import { numberOf } from "./tasks.ts";
import type { Access, Watch } from "./watches.ts";
import type { Caught, StepKind, StepOptions, Way } from "./way.ts";

export interface SessionOptions {
  /** Which reports stop the run, by id; `oops` for those. All of them without it. */
  readonly stopsAt?: (report: Report, task: Task | undefined) => boolean;
  /** What log points write, and what is wrong with conditions. */
  readonly onLog?: (text: string, site: Site | undefined) => void;
  /** The run stops after so many statements. */
  readonly limit?: number;
  /** Cuts short what comes to no end; without it nothing does. */
  readonly within?: Within;
}

export class Session {
  private readonly limit: number;
  private readonly onLog: (text: string, site: Site | undefined) => void;
  private stopsAt: (report: Report, task: Task | undefined) => boolean;
  private readonly run: Run;
  private readonly data = new DataBreakpoints();
  /** Reports at which the run is to stop, one after the other. */
  private caught: Caught[] = [];
  private reportedAt = 0;
  /** It stands before a statement: where it has been, a breakpoint is not reached anew. */
  private isAtStatement = false;
  /** The journey under way counts the hits that it passes. */
  private isCounting = false;
  private last: Stopped;

  constructor(recipe: Recipe, options: SessionOptions = {}) {
    this.limit = options.limit ?? Number.MAX_SAFE_INTEGER;
    this.onLog = options.onLog ?? (() => {});
    this.stopsAt = options.stopsAt ?? (() => true);
    this.run = new Run(recipe, options.within, (report, task) => this.catch(report, task));
    this.last = this.stopped({ kind: "entry" }, undefined);
  }

  get machine(): Machine {
    return this.run.machine;
  }

  get clock(): number {
    return this.run.clock;
  }

  /** Where the run stands, and why. */
  get at(): Stopped {
    return this.last;
  }

  get breakpoints(): BreakpointTable {
    return this.run.breakpoints;
  }

  /** How much of the part of a journey back that is under way is done, from 0 to 1. */
  get progress(): number | undefined {
    return this.run.progress;
  }

  /** A portion of a journey took so long, for whoever waits to be listened to. */
  took(millis: number): void {
    this.run.pace.took(millis);
  }

  /** Goes to the first statement of all; the machine is switched on, and nothing has run. */
  start(): Stopped {
    this.run.runTo(0);
    return this.arrive({ kind: "entry" });
  }

  setStopsAt(stopsAt: (report: Report, task: Task | undefined) => boolean): void {
    this.stopsAt = stopsAt;
  }

  /** Replaces the breakpoints of a file. */
  setBreakpoints(file: string, wanted: readonly LineBreakpoint[]): readonly Breakpoint[] {
    return this.breakpoints.setLines(this.machine.programs, file, wanted, this.clock);
  }

  /** Replaces those on functions and on events of the kernel. */
  setFunctionBreakpoints(wanted: readonly FunctionBreakpoint[]): readonly Breakpoint[] {
    return this.breakpoints.setFunctions(this.machine.programs, wanted, this.clock);
  }

  /** Replaces those on single statements. */
  setStatementBreakpoints(wanted: readonly StatementBreakpoint[]): readonly Breakpoint[] {
    return this.breakpoints.setStatements(wanted, this.clock);
  }

  /** Replaces those on data. */
  setDataBreakpoints(wanted: readonly DataBreakpoint[]): readonly SetDataBreakpoint[] {
    return this.data.set(wanted, () => this.breakpoints.newId(), this.clock);
  }

  /** Gives a variable another value, now; what was to come is forgotten. */
  setVariable(task: Task, frame: number, name: string, source: string): Variable {
    return this.act({ kind: "set", task: numberOf(task), frame, name, source })!;
  }

  /** What was done to the run. */
  get inputs(): readonly Input[] {
    return this.run.inputs.list;
  }

  /**
   * Does something to the run, now; what was to come is forgotten, and a replay does it again. Throws an Error that says
   * why it cannot be done.
   */
  act(action: Action): Variable | undefined {
    // A task that faulted is still to be seen at a moment that is no moment of the replay.
    if (this.machine.engine.hasFaulted) {
      if (action.kind === "set") throw new Error("the task has ended in an oops: go back to set a variable of it");
      this.machine.run(this.clock);
    }
    const result = this.run.act(action);
    this.data.forget(this.clock);
    return result;
  }

  /** Ends the journey that is under way: forwards at the next statement, backwards where it began. */
  pause(): void {
    this.run.wantsPause = true;
  }

  /** Gives back the memory that going back quickly takes. */
  spareMemory(): void {
    this.run.replicas.clear();
  }

  /** Makes going back quick, in portions, while the run stands still. */
  prepare(): Portions {
    return this.run.replicas.prepare(this.clock);
  }

  *continue(): Journey {
    this.run.planting.onlyBreakpoints();
    return yield* this.forward({});
  }

  /** To the next report that stops the run, or to the end. */
  *nextReport(): Journey {
    this.run.planting.nowhere();
    return yield* this.forward({ isBlind: true });
  }

  /** One line further in a task: into what it calls, over it, or out to who called. */
  *step(task: Task, kind: StepKind, { isByStatement = false, into }: StepOptions = {}): Journey {
    const strand = strandOf(task);
    if (strand === undefined) return yield* this.continue();
    const start = positionIn(strand);
    if (this.isPast(start.site)) return this.arrive({ kind: "step" }, task);
    const { planting } = this.run;
    // Out of an interrupt a step leads anywhere.
    if (kind === "in" || strand.context !== "task") planting.everywhere();
    else planting.functionsOf(framesOfStrand(strand).map(({ site }) => site));
    const decide = (stopped: Task): Reason | undefined => {
      if (isGone(strand)) return strand.context === "task" ? undefined : { kind: "step" };
      if (stopped !== task || isCovered(strand)) return undefined;
      const { depth, site } = positionIn(strand);
      const isNext = kind !== "out" && (isByStatement || !isSameLine(site, start.site));
      const isElsewhere = depth < start.depth || isNext;
      if (into !== undefined && depth > start.depth) {
        return depth === start.depth + 1 && site?.fn === into ? { kind: "step" } : undefined;
      }
      const isShallow = kind === "in" || depth <= start.depth;
      return (isElsewhere && isShallow) || (kind === "in" && depth !== start.depth) ? { kind: "step" } : undefined;
    };
    return yield* this.forward({ decide });
  }

  /** Back to where the task was a line before; calls that were made in between are not gone into. */
  stepBack(task: Task | undefined): Journey {
    return this.backStep(task, (of) => lineBefore(this.run, of, false));
  }

  /** Back to the line that ran before, also within what was called. */
  stepIntoBack(task: Task | undefined): Journey {
    return this.backStep(task, (of) => lineBefore(this.run, of, true));
  }

  /** Back to the call of the function at hand. */
  stepOutBack(task: Task | undefined): Journey {
    return this.backStep(task, (of) => callBefore(this.run, of));
  }

  /** Back to the first statement of a call whose frame is there, counted from the innermost of the task. */
  *restartFrame(task: Task, index: number): Journey {
    const frame = framesOf(task)[index]?.frame;
    const strand = strandOf(task);
    const depth = strand === undefined ? 0 : framesOfStrand(strand).length - index;
    if (frame === undefined || depth < 1) throw new Error("only calls of what runs can be begun anew");
    const place = yield* this.search(callBefore(this.run, task, index));
    const at = yield* this.goBack(place ?? { clock: 0 }, { kind: "goto" });
    const [now, site] = [at.task && strandOf(at.task), at.task && framesOf(at.task)[0]?.frame.site];
    if (at.reason.kind === "cancelled" || now === undefined || (site?.fn === frame.fn && depth === 1)) return at;
    this.run.planting.functionsOf([frame.site]);
    const decide = (stopped: Task): Reason | undefined => {
      if (stopped !== at.task || isCovered(now)) return undefined;
      const { depth: here, site: reached } = positionIn(now);
      return here === depth && reached?.fn === frame.fn ? { kind: "goto" } : undefined;
    };
    return yield* this.forward({ isBlind: true, decide });
  }

  /** The reports up to now, with the moments that they speak of. */
  moments(): Portions<readonly ReportMoments[]> {
    return momentsOf(this.run);
  }

  /** What ran and what it did, as far as the run has ever been. */
  recording(): Portions<Recording> {
    return recordingOf(this.run);
  }

  /** What a log point would have written over the run so far; undefined when no statement stands there. */
  logPast(file: string, line: number, message: string): Portions<readonly PastLog[] | undefined> {
    return logOf(this.run, file, line, message);
  }

  /** Makes something between whose portions others see the run where it stands, as long as it does not move. */
  aside<T>(portions: Portions<T>): Portions<T> {
    return this.run.aside(portions);
  }

  /** Looks for something in the run, as far as it was gone through. */
  look<T>(search: (run: Run, to: number) => Portions<T>): Portions<T> {
    return search(this.run, Math.max(this.clock, this.breakpoints.seenUpTo));
  }

  /** Back to when a line was about to run last, or to the beginning. */
  *runBackTo(file: string, line: number, column?: number): Journey {
    const site = siteFor(this.machine.programs, file, line, column);
    const place = site && (yield* this.search(visitBefore(this.run, site)));
    return yield* this.goBack(place, { kind: "goto" });
  }

  /** Back to the last write of something, to before the statement that makes it; or to the beginning. */
  *lastWrite(target: Watch["target"]): Journey {
    const watch: Watch = { id: 0, target, access: "readWrite" };
    const access = yield* this.search(accessBefore(this.run, [watch], ({ isWrite }) => isWrite));
    return yield* this.goBack(access, {
      kind: "data",
      ids: [],
      accesses: access === undefined ? [] : [access],
    });
  }

  /** Back to the report before the present moment, or to the beginning. */
  *previousReport(): Journey {
    return yield* this.goBackToReport(this.reportBefore());
  }

  /** Back to the breakpoint, data breakpoint or report that came last, or to the beginning. */
  *reverseContinue(): Journey {
    const { run, data } = this;
    yield* this.search(countMissed(run, data));
    if (this.wasCancelled) return this.cancelled();
    const report = this.reportBefore();
    const reached = yield* this.search(breakpointBefore(run));
    const accessed = data.watches.length === 0 ? undefined : yield* this.search(this.dataBefore());
    const latest = Math.max(report?.clock ?? -1, reached?.clock ?? -1, accessed?.clock ?? -1);
    // A report is made by the statement that a breakpoint of the same moment stands before.
    if (report !== undefined && report.clock === latest) return yield* this.goBackToReport(report);
    if (accessed !== undefined && accessed.clock === latest) {
      return yield* this.goBack(accessed, { kind: "data", ids: [accessed.watch.id], accesses: [accessed] });
    }
    return yield* this.goBack(reached, { kind: "breakpoint", ids: reached?.ids ?? [] });
  }

  /** To a moment of the run, by its count of statements. */
  *goTo(clock: number, reason: Reason = { kind: "goto" }, task?: number): Journey {
    try {
      yield* this.run.goTo(clock);
    } catch (error) {
      if (error instanceof Cancelled) return this.cancelled();
      throw error;
    }
    // Reports that are still to come would stop it where they are not made yet.
    this.caught = this.caught.filter((one) => one.clock < clock);
    return this.arrive(reason, this.run.taskBy(task));
  }

  private *dataBefore(): Portions<Access | undefined> {
    const counts = (access: Access): boolean => this.data.reach(access, this.run.frameOf(access.task)).stops;
    return yield* accessBefore(this.run, this.data.watches, counts, this.data.isConditional);
  }

  /** A search that somebody may end: what it finds is nothing then, and `goBack` knows. */
  private *search<T>(search: Portions<T>): Portions<T | undefined> {
    this.wasCancelled = false;
    try {
      return yield* search;
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      this.wasCancelled = true;
      return undefined;
    }
  }

  private wasCancelled = false;

  private *goBack(place: Place | undefined, reason: Reason): Journey {
    if (this.wasCancelled) return this.cancelled();
    if (place === undefined) return yield* this.goTo(0, { kind: "entry" });
    return yield* this.goTo(place.clock, reason, place.task);
  }

  private *backStep(task: Task | undefined, search: (task: Task) => Portions<Place | undefined>): Journey {
    this.wasCancelled = false;
    const { clock } = this;
    // A report is shown at the statement that made it, though that has run: back is before it.
    if (this.last.reason.kind === "report" && this.reportedAt < clock) {
      return yield* this.goTo(this.reportedAt, { kind: "step" });
    }
    if (clock === 0) return yield* this.goTo(0, { kind: "entry" });
    const found = task && (yield* this.search(search(task)));
    return yield* this.goBack(found ?? { clock: clock - 1 }, { kind: "step" });
  }

  /** The last report that is wanted before now. */
  private reportBefore(): Report | undefined {
    const { reason } = this.last;
    const before = reason.kind === "report" ? this.machine.reports.indexOf(reason.report) : this.machine.reports.length;
    return this.machine.reports.slice(0, before).findLast((report) => this.stopsAt(report, undefined));
  }

  /** It is shown as it is on the way forwards: when the statement that made it has run. */
  private *goBackToReport(report: Report | undefined): Journey {
    const { clock } = report ?? { clock: 0 };
    const before = yield* this.goTo(clock, { kind: report === undefined ? "entry" : "goto" });
    if (report === undefined || before.reason.kind === "cancelled") return before;
    this.run.planting.nowhere();
    return yield* this.forward({ isBlind: true });
  }

  private cancelled(): Stopped {
    this.wasCancelled = false;
    this.run.wantsPause = false;
    this.run.planting.nowhere();
    return { ...this.last, reason: { kind: "cancelled" } };
  }

  /** Runs on, until a breakpoint, a report, the end, or until `decide` says that this is it. */
  private *forward(way: Way): Journey {
    const { run } = this;
    const waiting = this.arriveAtReport();
    if (waiting !== undefined) return waiting;
    if (way.isBlind !== true) {
      yield* this.search(countMissed(run, this.data));
      if (this.wasCancelled) return this.cancelled();
      this.isCounting = true;
    }
    const start = this.isAtStatement ? this.clock : -1;
    let [stops, isTouched] = [0, false];
    if (way.isBlind !== true) {
      run.watches.listen(this.data.watches, () => {
        isTouched = true;
        run.lookClosely();
      });
      run.planting.wanted = run.watches.wanted;
    }
    for (let portion = this.clock + run.pace.statements; ; ) {
      const pause = yield* runOn(run, Math.min(portion, this.limit), () => this.caught.splice(0));
      if (pause.kind === "breakpoint" && run.watches.visit(pause.task)) isTouched = true;
      if (isTouched) {
        isTouched = false;
        run.planting.looking = this.caught.length > 0;
        const accessed = this.arriveAtAccess(start);
        if (accessed !== undefined) return accessed;
      }
      const ended = this.outcome(pause);
      if (ended !== undefined) return ended;
      if (pause.kind === "breakpoint") {
        if (this.clock === start) {
          if (!way.isBlind) this.breakpoints.reached(pause.task, pause.site, start);
          continue;
        }
        const reason = this.reasonAt(pause.task, pause.site, way);
        if (reason !== undefined) return this.arrive(reason, pause.task);
        if (++stops < run.pace.stops && !run.wantsLook) continue;
      } else if (pause.kind !== "clock" && !run.wantsLook) continue;
      run.planting.looking = this.caught.length > 0;
      run.wantsLook = false;
      yield;
      stops = 0;
      portion = this.clock + run.pace.statements;
      if (run.wantsPause) return this.arrive({ kind: "pause" });
    }
  }

  private reasonAt(task: Task, site: Site, way: Way): Reason | undefined {
    const { ids, texts } = way.isBlind ? { ids: [], texts: [] } : this.breakpoints.reached(task, site, this.clock);
    for (const text of texts) this.onLog(text, site);
    return ids.length > 0 ? { kind: "breakpoint", ids } : way.decide?.(task, site);
  }

  /** What ends every journey forwards. */
  private outcome(pause: Pause): Stopped | undefined {
    const reported = this.arriveAtReport();
    if (reported !== undefined) return reported;
    if (pause.kind === "idle") return this.arrive({ kind: "ended" });
    if (pause.kind === "frozen") return this.arrive({ kind: "alone" }, pause.task);
    return this.clock >= this.limit ? this.arrive({ kind: "limit" }) : undefined;
  }

  /** The accesses that stop here. Where the run stands because of one, that one is not told again. */
  private arriveAtAccess(start: number): Stopped | undefined {
    const { reason } = this.last;
    const stopping: Access[] = [];
    for (const access of this.run.watches.take()) {
      if (reason.kind === "data" && access.clock === start && reason.accesses.some(isOf(access))) continue;
      const { stops, text } = this.data.reach(access, this.run.frameOf(access.task));
      if (text !== undefined) this.onLog(text, access.site);
      if (stops) stopping.push(access);
    }
    if (stopping.length === 0) return undefined;
    const ids = [...new Set(stopping.map(({ watch }) => watch.id))];
    return this.arrive({ kind: "data", ids, accesses: stopping }, this.run.taskBy(stopping[0]?.task));
  }

  private arriveAtReport(): Stopped | undefined {
    const caught = this.caught.shift();
    if (caught === undefined) return undefined;
    this.reportedAt = caught.clock;
    return this.arrive({ kind: "report", report: caught.report }, caught.task);
  }

  /** A report is shown at the statement that made it, though that has run: a step leads to the next one. */
  private isPast(site: Site | undefined): boolean {
    const { reason } = this.last;
    return reason.kind === "report" && reason.report.id !== "oops" && !isSameLine(reason.report.site, site);
  }

  private arrive(reason: Reason, by?: Task): Stopped {
    const { run } = this;
    const { engine } = run.machine;
    run.wantsPause = false;
    run.watches.silence();
    run.planting.looking = false;
    run.planting.wanted = undefined;
    run.planting.nowhere();
    this.breakpoints.arrive();
    this.breakpoints.sawUpTo(this.clock);
    if (this.isCounting) for (const one of [this.breakpoints, this.data]) one.countedTo(this.clock);
    this.isCounting = false;
    // Up to the next statement, where variables are set and the same moment is found again; a fault has none.
    const isBefore = !engine.hasFaulted && run.machine.run(this.clock).kind === "clock";
    run.makeDue();
    run.replicas.prune(this.clock);
    this.isAtStatement = isBefore && reason.kind !== "report";
    this.last = this.stopped(reason, by ?? engine.turn);
    return this.last;
  }

  private stopped(reason: Reason, task: Task | undefined): Stopped {
    return { reason, task, clock: this.clock };
  }

  /** A report was made, in the middle of a statement: the run stops at the next one. */
  private catch(report: Report, task: Task | undefined): void {
    if (!this.stopsAt(report, task)) return;
    this.caught.push({ report, task, clock: this.clock });
    this.run.lookClosely();
  }
}

function isOf({ watch, clock }: Access): (other: Access) => boolean {
  return (other) => other.watch === watch && other.clock === clock;
}
