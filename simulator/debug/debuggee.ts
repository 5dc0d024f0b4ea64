// What is debugged: the one run of a driver that an adapter has, how it moves, and what its client is told of it.
import { ExitedEvent, InvalidatedEvent, OutputEvent, StoppedEvent, TerminatedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Session } from "../control/session.ts";
import type { Journey, Stopped } from "../control/stop.ts";
import type { Device } from "../devices/device.ts";
import type { Frame, Site } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import type { Machine, Report } from "../machine.ts";
import type { Changed, ChangedEvent } from "../protocol.ts";
import type { Situation } from "./context.ts";
import { ended, internal, notLaunched, running } from "./errors.ts";
import { Handles } from "./handles.ts";
import { interruptOn } from "./interrupts.ts";
import { basename } from "./place.ts";
import { type RegisterSnapshot, snapshot } from "./registers.ts";
import { type ThreadView, threadOf, threadsOf } from "./threads.ts";

/** What the adapter is given of the machine it runs on. */
export interface Surroundings {
  /** The text of a file; undefined when there is none that may be read. */
  read(path: string): string | undefined;
  /** Runs something after whatever has arrived by then has been looked at. */
  soon(run: () => void): void;
  /** A line for who looks for a mistake of ours. */
  log(text: string): void;
  /** Ends the process. */
  end(): void;
}

export type Send = (event: DebugProtocol.Event) => void;

export type Move = "continue" | "over" | "in" | "out" | "back" | "reverse";

/** Reports and errors of drivers; `include/linux/kern_levels.h`. */
const KERN_ERR = 3;

const changedEvent: ChangedEvent = "driverlab/changed";

export interface Launched {
  readonly session: Session;
  readonly stopOnEntry: boolean;
  readonly noDebug: boolean;
}

export class Debuggee {
  readonly surroundings: Surroundings;
  readonly send: Send;
  readonly handles = new Handles();
  /** Registers as they were at the stop before this one. */
  registersBefore: RegisterSnapshot = new Map();
  private launched: Launched | undefined;
  private at: Stopped | undefined;
  private isRunning = false;
  private isOver = false;
  private linesTold = 0;
  private readonly queue: (() => void)[] = [];

  constructor(surroundings: Surroundings, send: Send) {
    this.surroundings = surroundings;
    this.send = send;
  }

  /** Does something after the request at hand has been answered. */
  afterwards(run: () => void): void {
    this.queue.push(run);
  }

  answered(): void {
    for (const run of this.queue.splice(0)) run();
  }

  launch(launched: Launched): void {
    this.launched = launched;
  }

  get isLaunched(): boolean {
    return this.launched !== undefined;
  }

  /** Breakpoints and reports stop the run; not so when a person only runs a driver. */
  get isStopping(): boolean {
    return this.launched?.noDebug === false;
  }

  get session(): Session {
    if (this.launched === undefined) throw notLaunched();
    return this.launched.session;
  }

  /** The machine, which stands still. */
  get still(): Machine {
    const { machine } = this.session;
    if (this.isRunning) throw running();
    return machine;
  }

  /** Those on the buses of the machine, in the order of their slots. */
  get devices(): readonly Device[] {
    return this.still.kernel.hardware.all;
  }

  get report(): Report | undefined {
    const reason = this.at?.reason;
    return reason?.kind === "report" ? reason.report : undefined;
  }

  threads(): readonly ThreadView[] {
    if (this.launched === undefined) return [];
    const { machine } = this.session;
    return threadsOf(machine.engine, (cpu) => interruptOn(machine, cpu));
  }

  /** The innermost frame of whoever stopped. */
  topFrame(): Frame | undefined {
    const task = this.still && this.at?.task;
    return task && framesOf(task)[0]?.frame;
  }

  situation({ task, context }: ThreadView): Situation {
    const { engine, kernel } = this.still;
    const { core } = kernel;
    return {
      state: core.state(core.contextOf(task)),
      context,
      cpu: task.cpu,
      task: `${task.name} ${task.id}`,
      nanos: engine.clock.nanos,
      clock: engine.clock.statements,
    };
  }

  /** The first movement, when everything is set. */
  begin(): void {
    const { session } = this;
    this.afterwards(() => {
      this.fenced("start", () => {
        const start = session.start();
        this.registersBefore = snapshot(this.devices);
        if (this.launched!.stopOnEntry) this.halt(start);
        else this.drive(session.continue());
      });
    });
  }

  move(move: Move, threadId?: number): void {
    const { session } = this;
    if (this.isRunning) throw running();
    if (this.isOver) throw ended();
    const thread = this.threads().find(({ id }) => id === threadId);
    const task = thread?.task ?? this.at?.task;
    const journey = (): Journey => {
      if (move === "reverse") return session.reverseContinue();
      if (move === "continue" || task === undefined) return session.continue();
      return move === "back" ? session.stepBack(task) : session.step(task, move);
    };
    this.go(journey);
  }

  seek(clock: number): void {
    const { session } = this;
    if (this.isRunning) throw running();
    this.go(() => session.goTo(clock));
  }

  pause(): void {
    if (this.isRunning) this.session.pause();
  }

  /** Whatever is under way comes to nothing. */
  cease(): void {
    this.isOver = true;
  }

  setVariable(task: Task, frame: number, path: string, source: string) {
    const set = this.session.setVariable(task, frame, path, source);
    // What comes is another future, with lines of its own.
    this.linesTold = Math.min(this.linesTold, this.still.log.length);
    return set;
  }

  /** Values are others than the client knows. */
  changed(): void {
    this.afterwards(() => {
      this.send(new InvalidatedEvent(["variables"]));
      this.sendChanged();
    });
  }

  tell(category: string, text: string, site?: Site): void {
    const event: DebugProtocol.OutputEvent = new OutputEvent(`${text}\n`, category);
    if (site !== undefined) {
      event.body.source = { name: basename(site.file), path: site.file };
      event.body.line = site.line;
    }
    this.send(event);
  }

  private go(journey: () => Journey): void {
    this.registersBefore = snapshot(this.devices);
    this.handles.clear();
    this.isRunning = true;
    this.afterwards(() => this.fenced("run", () => this.drive(journey())));
  }

  /** One portion after the other, with an ear for requests in between. */
  private drive(journey: Journey): void {
    this.isRunning = true;
    const portion = () =>
      this.fenced("run", () => {
        if (this.isOver) return;
        const next = journey.next();
        this.tellLog();
        if (next.done === true) this.halt(next.value);
        else this.surroundings.soon(portion);
      });
    portion();
  }

  private halt(stopped: Stopped): void {
    this.isRunning = false;
    this.at = stopped;
    this.handles.clear();
    const { reason } = stopped;
    if (reason.kind === "ended") {
      this.isOver = true;
      this.send(new ExitedEvent(this.session.machine.reports.length > 0 ? 1 : 0));
      this.send(new TerminatedEvent());
      return;
    }
    const threads = this.threads();
    const thread = stopped.task && threadOf(threads, stopped.task);
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(reason.kind, (thread ?? threads[0])?.id);
    Object.assign(event.body, wording(stopped), { allThreadsStopped: true });
    this.send(event);
    this.sendChanged();
  }

  private sendChanged(): void {
    const body: Changed = { clock: this.session.clock };
    this.send({ seq: 0, type: "event", event: changedEvent, body } as DebugProtocol.Event);
  }

  /** Lines that a run makes again on the way back to where it was have been told already. */
  private tellLog(): void {
    const { log } = this.session.machine;
    for (; this.linesTold < log.length; this.linesTold++) {
      const { text, site, level } = log[this.linesTold]!;
      this.tell(level > KERN_ERR ? "stdout" : "stderr", text, site);
    }
  }

  /** A mistake of ours ends the run with a word, and not the adapter. */
  private fenced(what: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.isRunning = false;
      this.isOver = true;
      const stack = error instanceof Error ? error.stack : undefined;
      this.surroundings.log(stack ?? String(error));
      this.tell("important", internal(what, String(error)).message);
      this.send(new TerminatedEvent());
    }
  }
}

function wording({ reason }: Stopped): Partial<DebugProtocol.StoppedEvent["body"]> {
  switch (reason.kind) {
    case "breakpoint":
      return { reason: "breakpoint", hitBreakpointIds: [...reason.ids] };
    case "report":
      return { reason: "exception", description: reason.report.title, text: reason.report.title };
    case "limit":
      return { reason: "pause", description: "Paused: the run has reached its limit of statements" };
    case "entry":
      return { reason: "entry", description: "Paused at the start of the run" };
    default:
      return { reason: reason.kind };
  }
}
