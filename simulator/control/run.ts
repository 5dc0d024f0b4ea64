// The run that a session goes through: the machine at hand, the ways to others of its moments, and what was done to it.
import type { Pause } from "../engine/engine.ts";
import { hook } from "../engine/hook.ts";
import type { Frame, Site, Variable } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import type { Machine, Recipe, Report } from "../machine.ts";
import { BreakpointTable } from "./breakpoint-table.ts";
import { type Action, apply, Inputs } from "./inputs.ts";
import { Instance } from "./instance.ts";
import { Pace } from "./pace.ts";
import { Planting } from "./planting.ts";
import { Recording } from "./recording.ts";
import { Replicas } from "./replicas.ts";
import { taskBy } from "./tasks.ts";
import { Watches } from "./watches.ts";

/** Something made in portions, between which others may speak. */
export type Portions<T = void> = Generator<undefined, T, undefined>;

/** Runs something for so many milliseconds at most, and ends it then in the midst of what it does; whether it came to its end. */
export type Within = (millis: number, run: () => void) => boolean;

/** Why a journey ended without an end: somebody wanted it. */
export class Cancelled extends Error {}

export class Run {
  readonly planting = new Planting();
  readonly breakpoints = new BreakpointTable(this.planting);
  readonly inputs = new Inputs();
  readonly watches = new Watches();
  readonly pace = new Pace();
  readonly recording = new Recording();
  readonly replicas: Replicas;
  /** The run goes on only to be where it was: nothing is told of it. */
  isQuiet = false;
  wantsPause = false;
  /** Somebody is to look before the machine at hand goes on: it has come to need much more memory than before. */
  wantsLook = false;
  readonly within: Within;
  /** The moment before a statement that was cut short once. */
  suspect: number | undefined;
  /** How much of a journey back is done, from 0 to 1; undefined when none is under way. */
  progress: number | undefined;
  private readonly onReport: (report: Report, task: Task | undefined) => void;
  private present: Instance;
  private readonly make: () => Instance;
  /** Statements to which calls can jump. */
  private jumps: readonly Site[] = [];

  /** `onReport` is told of reports of the machine at hand, unless the run is quiet. */
  constructor(recipe: Recipe, within: Within = endless, onReport: (report: Report, task: Task | undefined) => void) {
    this.within = within;
    this.onReport = onReport;
    this.make = () => {
      const instance = new Instance({ ...recipe, jumps: this.jumps }, this.inputs, {
        onImage: (instance, image) => {
          if (instance === this.present) this.planting.add(image);
          hook(image, "onMuch", () => this.grew(instance));
        },
        onReport: (instance, report, task) => {
          if (instance === this.present && !this.isQuiet) onReport(report, task);
        },
      });
      this.recording.follow(instance.machine.engine);
      return instance;
    };
    this.replicas = new Replicas(this.make, this.pace);
    this.present = this.make();
    this.become(this.present);
  }

  get machine(): Machine {
    return this.present.machine;
  }

  get clock(): number {
    return this.present.clock;
  }

  taskBy(number: number | undefined): Task | undefined {
    return number === undefined ? undefined : taskBy(this.machine.engine, number);
  }

  /** The innermost frame of a task; see tasks.ts. */
  frameOf(task: number | undefined): Frame | undefined {
    const found = task === undefined ? undefined : this.taskBy(task);
    return found && framesOf(found)[0]?.frame;
  }

  runTo(goal: number): Pause {
    return this.present.runTo(goal);
  }

  makeDue(): void {
    this.present.makeDue();
  }

  /** Does something to the machine at hand, now. */
  act(action: Action): Variable | undefined {
    const { present, inputs } = this;
    const result = apply(present.machine, action);
    inputs.add({ clock: this.clock, action }, present.inputsHad);
    present.became(inputs.list.length);
    this.replicas.forget(this.clock);
    this.recording.forget();
    this.breakpoints.forget(this.clock);
    return result;
  }

  /** From here on calls can jump to a statement: the machine at hand becomes one whose programs were compiled for that. */
  *makeJumpable(site: Site): Portions {
    const { present: here, clock, jumps } = this;
    if (jumps.includes(site)) return;
    const sites = this.machine.programs.flatMap((program) => program.sites);
    this.jumps = [...jumps, ...sites.filter(({ file, fn }) => file === site.file && fn === site.fn)];
    this.planting.nowhere();
    this.become(this.make());
    try {
      yield* this.replay(clock, () => {});
      this.replicas.clear();
    } catch (error) {
      this.jumps = jumps;
      this.become(here);
      throw error;
    }
  }

  /** Runs again what has run before, to a moment; `visit` is told of every planted statement on the way. */
  *replay(goal: number, visit: (task: Task, site: Site) => void, portioned?: () => void): Portions {
    const from = this.clock;
    this.isQuiet = true;
    try {
      let portion = this.clock + this.pace.statements;
      for (let stops = 0; ; ) {
        const pause = this.runTo(Math.min(portion, goal));
        if (pause.kind === "idle" || pause.kind === "frozen" || (pause.kind === "clock" && this.clock >= goal)) break;
        if (pause.kind === "breakpoint") {
          visit(pause.task, pause.site);
          if (++stops < this.pace.stops) continue;
        }
        if (pause.kind === "asked") continue;
        stops = 0;
        portioned?.();
        this.progress = (this.clock - from) / Math.max(1, goal - from);
        yield;
        if (this.wantsPause) throw new Cancelled();
        portion = this.clock + this.pace.statements;
      }
    } finally {
      this.isQuiet = false;
      this.progress = undefined;
    }
  }

  /** To a moment, forwards or backwards, by the shortest way. */
  *goTo(clock: number): Portions {
    const { present } = this;
    const direct = clock < present.clock ? Number.POSITIVE_INFINITY : clock - present.clock;
    if (this.replicas.nearest(clock) < direct) yield* this.swap(clock);
    this.planting.nowhere();
    yield* this.replay(clock, () => {});
  }

  /** Something that looks at the run: whoever speaks between two portions sees the machine that stands still. */
  *aside<T>(portions: Portions<T>): Portions<T> {
    const here = this.present;
    for (;;) {
      const next = portions.next();
      if (next.done === true) return next.value;
      const other = this.present;
      const resume = this.planting.interrupt();
      this.become(here);
      this.isQuiet = false;
      yield;
      this.become(other);
      this.isQuiet = true;
      resume();
    }
  }

  /**
   * Looks at a part of the run that has been gone through, in another machine: `plant` says where, from the first
   * moment on, and `visit` is told of each. The machine at hand stays where it is.
   */
  *scan(from: number, to: number, { plant, visit, begin, portion, end }: Look): Portions {
    const here = this.present;
    let other: Instance | undefined;
    try {
      other = this.replicas.take(from);
      this.become(other);
      this.planting.nowhere();
      yield* this.replay(from, () => {});
      plant();
      begin?.();
      yield* this.replay(to, visit, portion);
      end?.();
    } finally {
      this.planting.wanted = undefined;
      this.planting.nowhere();
      this.watches.silence();
      if (other !== undefined) this.replicas.park(other);
      this.become(here);
    }
  }

  /** The machine at hand cannot go on: another one of the same run takes its place, at a moment that it had come to. */
  *replace(clock: number): Portions {
    this.become(this.replicas.take(clock));
    yield* this.replay(clock, () => {});
  }

  /** Those behind so many, which were made when nothing was told. */
  tellReports(behind: number): void {
    const { reports, engine } = this.machine;
    for (const report of reports.slice(behind)) this.onReport(report, engine.turn);
  }

  /** The machine at hand stops at the next statement, whatever is planted there. */
  lookClosely(): void {
    this.planting.looking = true;
    this.machine.engine.ask();
  }

  private grew(instance: Instance): void {
    if (instance !== this.present || this.isQuiet) return;
    this.wantsLook = true;
    this.lookClosely();
  }

  /** Another machine becomes the one at hand, which stands at a moment or runs there; it comes back when that is ended. */
  private *swap(clock: number): Portions {
    const here = this.present;
    this.planting.nowhere();
    this.become(this.replicas.take(clock));
    try {
      yield* this.replay(clock, () => {});
      this.replicas.park(here);
    } catch (error) {
      this.become(here);
      throw error;
    }
  }

  private become(instance: Instance): void {
    this.present = instance;
    this.planting.use(instance.images);
    this.breakpoints.attach(instance.machine.engine);
    this.watches.attach(instance.machine);
  }
}

function endless(_millis: number, run: () => void): boolean {
  run();
  return true;
}

/** How a part of the run is looked at. */
export interface Look {
  plant(): void;
  visit(task: Task, site: Site): void;
  /** At the first moment, at the end of each portion, and at the last moment. */
  begin?(): void;
  portion?(): void;
  end?(): void;
}
