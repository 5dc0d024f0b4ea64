// A running call of a driver: a chain of generators, resumed for a number of statements.
import type { Activation, Fault, Frame, Program, Raw, Site, Stop } from "../engine/interfaces.ts";
import { faultOf } from "./fault.ts";
import { type FrameRecord, ROOT, type Runtime } from "./runtime.ts";

/** What activations need of their image. */
export interface Home {
  readonly program: Program;
  readonly runtime: Runtime;
  readonly breakpoints: Uint8Array;
  /** Its code is to run from here on; gives what `leave` wants. */
  enter(): unknown;
  leave(before: unknown): void;
  stopAt(site: number): Stop;
  frame(record: FrameRecord): Frame;
}

export class DriverActivation implements Activation {
  private ran = 0;
  private budget = 0;
  private readonly home: Home;
  private readonly steps: Generator<unknown, Raw, Raw>;
  private top: FrameRecord = ROOT;
  /** The site of the hook at which it was suspended. */
  private hook: number | undefined;
  /** The breakpoint there has been told of. */
  private isTold = false;
  private running = false;
  private end: Stop | undefined;

  constructor(home: Home, steps: Generator<unknown, Raw, Raw>) {
    this.home = home;
    this.steps = steps;
  }

  get used(): number {
    return this.running ? Math.max(0, this.budget - this.home.runtime.left - 1) : this.ran;
  }

  run(budget: number, value?: Raw): Stop {
    this.ran = 0;
    if (this.end) return this.end;
    const { hook } = this;
    if (hook !== undefined) {
      // The statement at the hook is run, or nothing is.
      if (budget <= 0) {
        this.isTold = false;
        return { kind: "budget" };
      }
      if (!this.isTold && this.home.breakpoints[hook] !== 0) return this.tell(hook);
    }
    const { runtime } = this.home;
    runtime.n = hook === undefined ? budget : budget - 1;
    runtime.top = this.top;
    runtime.restart();
    this.budget = budget;
    this.hook = undefined;
    this.running = true;
    const before = this.home.enter();
    try {
      const step = this.steps.next(value);
      if (step.done) return this.finish({ kind: "done", value: step.value });
      if (typeof step.value === "number") return this.hooked(step.value);
      const stop = step.value as Stop;
      return stop.kind === "fault" ? this.finish(stop) : stop;
    } catch (error) {
      return this.fail(faultOf(error));
    } finally {
      this.home.leave(before);
      this.running = false;
      this.top = runtime.top;
      // A hook has counted its statement, which has not run.
      this.ran = this.budget - runtime.n - (this.hook === undefined ? 0 : 1);
    }
  }

  shorten(budget: number): void {
    if (budget >= this.budget) return;
    this.home.runtime.shorten(this.budget - budget);
    this.budget = budget;
  }

  get isAtStatement(): boolean {
    return this.hook !== undefined && this.end === undefined;
  }

  jump(to: Site): void {
    if (!this.isAtStatement) throw new Error("the call stands before no statement");
    const { runtime } = this.home;
    runtime.n = 0;
    runtime.top = this.top;
    runtime.restart();
    runtime.to = to.id;
    const before = this.home.enter();
    try {
      const { value } = this.steps.next();
      if (value !== to.id) throw new Error(`statement ${to.id} was not reached`);
      this.hooked(value);
    } finally {
      this.home.leave(before);
      runtime.to = undefined;
      this.top = runtime.top;
    }
  }

  frames(): readonly Frame[] {
    const frames: Frame[] = [];
    for (let at: FrameRecord | undefined = this.innermost; at; at = at.c) {
      if (at.s >= 0) frames.push(this.home.frame(at));
    }
    return frames;
  }

  sites(): readonly Site[] {
    const sites: Site[] = [];
    for (let at: FrameRecord | undefined = this.innermost; at; at = at.c) {
      if (at.s >= 0) sites.push(this.home.program.sites[at.s]!);
    }
    return sites;
  }

  get site(): Site | undefined {
    let at: FrameRecord | undefined = this.innermost;
    while (at !== undefined && at.s < 0) at = at.c;
    return at && this.home.program.sites[at.s];
  }

  private get innermost(): FrameRecord {
    return this.running ? this.home.runtime.top : this.top;
  }

  /** A spent budget comes before a breakpoint, which is told when the statement's turn has come. */
  private hooked(site: number): Stop {
    this.hook = site;
    this.isTold = false;
    return this.home.runtime.n < 0 ? { kind: "budget" } : this.tell(site);
  }

  private tell(site: number): Stop {
    this.isTold = true;
    return this.home.stopAt(site);
  }

  private finish(stop: Stop): Stop {
    this.end = stop;
    // What ends by a fault keeps its frames, to be looked at.
    if (stop.kind === "done") this.home.runtime.top = ROOT;
    return stop;
  }

  private fail(fault: Fault): Stop {
    return this.finish({ kind: "fault", fault });
  }
}
