// A debugging session: one run of a driver that is gone through forwards and, by running it again, backwards.
import type { Pause } from "../engine/engine.ts";
import type { Site, Variable } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import { createMachine, type Machine, type Recipe, type Report } from "../machine.ts";
import { BreakpointTable, type StatementBreakpoint } from "./breakpoint-table.ts";
import type { Breakpoint, LineBreakpoint } from "./breakpoints.ts";
import { Footprints } from "./footprints.ts";
import type { FunctionBreakpoint } from "./function-breakpoints.ts";
import { type Action, type Input, Inputs } from "./inputs.ts";
import { Planting } from "./planting.ts";
import type { Journey, Reason, Stopped } from "./stop.ts";
import { framesOfStrand, isCovered, isGone, isSameLine, positionIn, strandOf } from "./strand.ts";
import { numberOf, taskBy } from "./tasks.ts";

/** Statements that run before a journey lets others speak. */
const PORTION = 100_000;
/** Stops at breakpoints cost more than statements. */
const PORTION_STOPS = 2_000;

/** Running with a look at every statement of a function is a hundred times slower than running. */
const WINDOWS = [1 << 12, 1 << 18, 1 << 24];

export interface SessionOptions {
  /** Which reports stop the run, by id; `oops` for those. All of them without it. */
  readonly stopsAt?: (report: Report, task: Task | undefined) => boolean;
  /** What log points write, and what is wrong with conditions. */
  readonly onLog?: (text: string, site: Site) => void;
  /** The run stops after so many statements. */
  readonly limit?: number;
}

/** A report in the middle of a statement. */
interface Caught {
  readonly report: Report;
  readonly task: Task | undefined;
  /** Statements run before that one. */
  readonly clock: number;
}

export type StepKind = "in" | "over" | "out";

export interface StepOptions {
  /** To the next statement, not to the next line. */
  readonly isByStatement?: boolean;
  /** Into this function, of those that the line calls. */
  readonly into?: string;
}

export class Session {
  private readonly recipe: Recipe;
  private readonly limit: number;
  private readonly onLog: (text: string, site: Site) => void;
  private stopsAt: (report: Report, task: Task | undefined) => boolean;
  private readonly planting = new Planting();
  readonly breakpoints = new BreakpointTable(this.planting);
  private readonly actions = new Inputs();
  private current: Machine;
  /** Reports at which the run is to stop, one after the other. */
  private caught: Caught[] = [];
  /** The run goes on only to be where it was: nothing is told of it. */
  private isQuiet = false;
  private reportedAt = 0;
  private wantsPause = false;
  /** It stands before a statement: where it has been, a breakpoint is not reached anew. */
  private isAtStatement = false;
  private last: Stopped;

  constructor(recipe: Recipe, options: SessionOptions = {}) {
    this.recipe = recipe;
    this.limit = options.limit ?? Number.MAX_SAFE_INTEGER;
    this.onLog = options.onLog ?? (() => {});
    this.stopsAt = options.stopsAt ?? (() => true);
    this.current = this.begin();
    this.last = this.stopped({ kind: "entry" }, undefined);
  }

  get machine(): Machine {
    return this.current;
  }

  get clock(): number {
    return this.current.engine.clock.statements;
  }

  /** Where the run stands, and why. */
  get at(): Stopped {
    return this.last;
  }

  /** Goes to the first statement of all; the machine is switched on, and nothing has run. */
  start(): Stopped {
    this.current.run(0);
    return this.arrive({ kind: "entry" });
  }

  setStopsAt(stopsAt: (report: Report, task: Task | undefined) => boolean): void {
    this.stopsAt = stopsAt;
  }

  /** Replaces the breakpoints of a file. */
  setBreakpoints(file: string, wanted: readonly LineBreakpoint[]): readonly Breakpoint[] {
    return this.breakpoints.setLines(this.current.programs, file, wanted, this.clock);
  }

  /** Replaces those on functions and on events of the kernel. */
  setFunctionBreakpoints(wanted: readonly FunctionBreakpoint[]): readonly Breakpoint[] {
    return this.breakpoints.setFunctions(this.current.programs, wanted, this.clock);
  }

  /** Replaces those on single statements. */
  setStatementBreakpoints(wanted: readonly StatementBreakpoint[]): readonly Breakpoint[] {
    return this.breakpoints.setStatements(wanted, this.clock);
  }

  /** Gives a variable another value, now; what was to come is forgotten. */
  setVariable(task: Task, frame: number, name: string, source: string): Variable {
    return this.act({ kind: "set", task: numberOf(task), frame, name, source })!;
  }

  /** What was done to the run. */
  get inputs(): readonly Input[] {
    return this.actions.list;
  }

  /**
   * Does something to the run, now; what was to come is forgotten, and a replay does it again. Throws an Error that says
   * why it cannot be done.
   */
  act(action: Action): Variable | undefined {
    const { engine } = this.current;
    // A task that faulted is still to be seen at a moment that is no moment of the replay.
    if (engine.hasFaulted) {
      if (action.kind === "set") throw new Error("the task has ended in an oops: go back to set a variable of it");
      engine.run(this.clock);
    }
    return this.actions.add(this.current, action);
  }

  /** Ends the journey that is under way, at the next statement. */
  pause(): void {
    this.wantsPause = true;
  }

  *continue(): Journey {
    this.planting.onlyBreakpoints();
    return yield* this.forward(() => undefined);
  }

  /** One line further in a task: into what it calls, over it, or out to who called. */
  *step(task: Task, kind: StepKind, { isByStatement = false, into }: StepOptions = {}): Journey {
    const strand = strandOf(task);
    if (strand === undefined) return yield* this.continue();
    const start = positionIn(strand);
    if (this.isPast(start.site)) return this.arrive({ kind: "step" }, task);
    // Out of an interrupt a step leads anywhere.
    if (kind === "in" || strand.context !== "task") this.planting.everywhere();
    else this.planting.functionsOf(framesOfStrand(strand).map(({ site }) => site));
    return yield* this.forward((stopped) => {
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
    });
  }

  /** Back to where the task was a line before; calls that were made in between are not gone into. */
  *stepBack(task: Task | undefined): Journey {
    const strand = task && strandOf(task);
    const goal = this.clock;
    // A report is shown at the statement that made it, though that has run: back is before it.
    if (this.last.reason.kind === "report" && this.reportedAt < goal) return yield* this.goTo(this.reportedAt, "step");
    if (task === undefined || strand === undefined || goal === 0) {
      return yield* this.goTo(Math.max(0, goal - 1), "step");
    }
    const here = positionIn(strand);
    const [id, { height, context }] = [numberOf(task), strand];
    let found: number | undefined;
    for (const from of this.windowsBefore(goal)) {
      const footprints = new Footprints(here);
      yield* this.rerunTo(from);
      const early = this.taskBy(id)?.layers[height];
      this.planting.functionsOf(framesOfStrand(strand).map(({ site }) => site));
      yield* this.replay(goal, (stopped) => {
        if (numberOf(stopped) !== id || this.clock >= goal) return;
        const now = strandOf(stopped);
        if (now?.height === height && now.context === context) footprints.add(this.clock, now.base, positionIn(now));
      });
      const base = this.taskBy(id)?.layers[height];
      found = footprints.before(base, from === 0 || early !== base);
      if (found !== undefined) break;
    }
    return yield* this.goTo(found ?? goal - 1, "step", found === undefined ? undefined : id);
  }

  /** Back to the breakpoint that was reached last, or to the beginning. */
  *reverseContinue(): Journey {
    const goal = this.clock;
    let last: { clock: number; task: number; ids: readonly number[] } | undefined;
    for (const from of this.breakpoints.isCounting ? [0] : this.windowsBefore(goal)) {
      yield* this.rerunTo(from);
      this.planting.onlyBreakpoints();
      yield* this.replay(goal, (task, site) => {
        const ids = this.clock < goal ? this.reached(task, site) : [];
        if (ids.length > 0) last = { clock: this.clock, task: numberOf(task), ids };
      });
      if (last !== undefined) break;
    }
    if (last === undefined) return yield* this.goTo(0, "entry");
    yield* this.goTo(last.clock, "goto", last.task);
    return this.arrive({ kind: "breakpoint", ids: last.ids }, this.taskBy(last.task));
  }

  /** To a moment of the run, by its count of statements. */
  *goTo(clock: number, kind: "goto" | "step" | "entry" = "goto", task?: number): Journey {
    if (clock < this.clock) this.rewind();
    // Breakpoints on the way matter only to those that are counted.
    if (this.breakpoints.isCounting) this.planting.onlyBreakpoints();
    else this.planting.nowhere();
    yield* this.replay(clock, (stopped, site) => {
      if (this.clock < clock) this.reached(stopped, site);
    });
    const stopped = this.arrive({ kind }, task === undefined ? undefined : this.taskBy(task));
    this.isQuiet = true;
    const site = stopped.task && framesOf(stopped.task)[0]?.frame.site;
    if (stopped.task !== undefined && site !== undefined) this.reached(stopped.task, site);
    this.isQuiet = false;
    return stopped;
  }

  private taskBy(number: number): Task | undefined {
    return taskBy(this.current.engine, number);
  }

  /** From where to look at a run closely for what happened last before a moment: first nearby, then further away. */
  private windowsBefore(goal: number): readonly number[] {
    return [...WINDOWS.map((window) => goal - window).filter((from) => from > 0), 0];
  }

  /** A new run of the same, up to a moment. */
  private *rerunTo(clock: number): Generator<undefined, void, undefined> {
    this.rewind();
    this.planting.nowhere();
    yield* this.replay(clock, () => {});
  }

  /** Runs on, until a breakpoint, a report, the end, or until `decide` says that this is it. */
  private *forward(decide: (task: Task, site: Site) => Reason | undefined): Journey {
    const waiting = this.arriveAtReport();
    if (waiting !== undefined) return waiting;
    const start = this.isAtStatement ? this.clock : -1;
    let stops = 0;
    for (let portion = this.clock + PORTION; ; ) {
      const pause = this.runTo(Math.min(portion, this.limit));
      const ended = this.outcome(pause);
      if (ended !== undefined) return ended;
      if (pause.kind === "breakpoint") {
        if (this.clock === start) continue;
        const ids = this.reached(pause.task, pause.site);
        if (ids.length > 0) return this.arrive({ kind: "breakpoint", ids }, pause.task);
        const reason = decide(pause.task, pause.site);
        if (reason !== undefined) return this.arrive(reason, pause.task);
        if (++stops % PORTION_STOPS !== 0) continue;
      } else if (pause.kind !== "clock") continue;
      yield;
      portion = this.clock + PORTION;
      if (this.wantsPause) return this.arrive({ kind: "pause" });
    }
  }

  /** What ends every journey forwards. */
  private outcome(pause: Pause): Stopped | undefined {
    const reported = this.arriveAtReport();
    if (reported !== undefined) return reported;
    if (pause.kind === "idle") return this.arrive({ kind: "ended" });
    return this.clock >= this.limit ? this.arrive({ kind: "limit" }) : undefined;
  }

  /** Runs again what has run before, to a moment; `visit` is told of every planted statement on the way. */
  private *replay(goal: number, visit: (task: Task, site: Site) => void): Generator<undefined, void, undefined> {
    this.isQuiet = true;
    try {
      let portion = this.clock + PORTION;
      for (let stops = 0; ; ) {
        const pause = this.runTo(Math.min(portion, goal));
        if (pause.kind === "idle" || (pause.kind === "clock" && this.clock >= goal)) break;
        if (pause.kind === "breakpoint") {
          visit(pause.task, pause.site);
          if (++stops % PORTION_STOPS !== 0) continue;
        }
        if (pause.kind === "asked") continue;
        yield;
        portion = this.clock + PORTION;
      }
    } finally {
      this.isQuiet = false;
      this.planting.onlyBreakpoints();
    }
  }

  /** Runs at most to a moment, making the inputs that fall on the way. */
  private runTo(goal: number): Pause {
    for (;;) {
      const { next } = this.actions;
      if (next === undefined || next > goal) return this.current.run(goal);
      const pause = this.current.run(next);
      // Where nothing is left to run, an input may begin something.
      const isThere = pause.kind === "clock" || pause.kind === "idle";
      if (!isThere || !this.actions.makeDue(this.current)) return pause;
    }
  }

  /** The breakpoints that stop here; others of the place do what else they do. */
  private reached(task: Task, site: Site): readonly number[] {
    const { ids, texts } = this.breakpoints.reached(task, site, this.clock);
    if (!this.isQuiet) for (const text of texts) this.onLog(text, site);
    return ids;
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
    this.wantsPause = false;
    this.breakpoints.arrive();
    this.planting.nowhere();
    // Up to the next statement, where variables are set and the same moment is found again; a fault has none.
    const isBefore = !this.current.engine.hasFaulted && this.current.run(this.clock).kind === "clock";
    this.actions.makeDue(this.current);
    this.isAtStatement = isBefore && reason.kind !== "report";
    this.last = this.stopped(reason, by ?? this.current.engine.turn);
    return this.last;
  }

  private stopped(reason: Reason, task: Task | undefined): Stopped {
    return { reason, task, clock: this.clock };
  }

  private rewind(): void {
    this.current = this.begin();
    this.breakpoints.rewind();
  }

  private begin(): Machine {
    this.planting.clear();
    this.actions.rewind();
    this.caught = [];
    const machine = createMachine(this.recipe, {
      onImage: (image) => this.planting.add(image),
      onReport: (report, task) => this.catch(report, task),
    });
    this.breakpoints.attach(machine.engine);
    return machine;
  }

  /** A report was made, in the middle of a statement: the run stops at the next one. */
  private catch(report: Report, task: Task | undefined): void {
    if (this.isQuiet || !this.stopsAt(report, task)) return;
    this.caught.push({ report, task, clock: this.clock });
    this.planting.everywhere();
    this.current.engine.ask();
  }
}
