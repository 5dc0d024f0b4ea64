// What is debugged: the one run of a driver that an adapter has, how it moves, and what its client is told of it.
import {
  BreakpointEvent,
  ContinuedEvent,
  ExitedEvent,
  InvalidatedEvent,
  MemoryEvent,
  OutputEvent,
  StoppedEvent,
  TerminatedEvent,
} from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Action } from "../control/inputs.ts";
import type { Session } from "../control/session.ts";
import type { Journey, Stopped } from "../control/stop.ts";
import { numberOf } from "../control/tasks.ts";
import type { StepOptions } from "../control/way.ts";
import type { Device } from "../devices/device.ts";
import type { Frame, Site, Variable } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import { KERN_ERR } from "../kernel/kern-levels.ts";
import type { LogLine, Machine, Report } from "../machine.ts";
import type { Changed, ChangedEvent, LaunchSettings } from "../protocol.ts";
import { coloured } from "./colours.ts";
import type { Situation } from "./context.ts";
import { ended, internal, notEvaluated, notLaunched, running } from "./errors.ts";
import { Handles, type ShownFrame } from "./handles.ts";
import { interruptOn, nameOfTask } from "./interrupts.ts";
import { Looks } from "./looks.ts";
import type { BreaksOn } from "./own-breakpoints.ts";
import { Progress } from "./progress.ts";
import { referenceTo } from "./references.ts";
import { type RegisterSnapshot, snapshot } from "./registers.ts";
import { Sources } from "./sources.ts";
import { Statements } from "./statements.ts";
import { aloneWords, wordsOf } from "./stops.ts";
import type { Send, Surroundings } from "./surroundings.ts";
import { type ThreadView, threadOf, threadsOf } from "./threads.ts";
import { Wishes } from "./wishes.ts";

export type Move = "continue" | "over" | "in" | "out" | "back" | "reverse";

const changedEvent: ChangedEvent = "driverlab/changed";

export interface MoveOptions extends StepOptions {
  /** Nobody else runs, and no interrupt comes, until the run stands still again. */
  readonly singleThread?: boolean;
}

const titles = { back: "Going a step back", reverse: "Going back to the breakpoint before" } as const;

export interface Launched {
  readonly settings: Partial<LaunchSettings>;
  readonly session: Session;
  readonly stopOnEntry: boolean;
  readonly noDebug: boolean;
}

/** Parts of what the process may hold: beyond the first a task is ended, beyond the second going back is not prepared. */
const FULL = 0.35;
const FULL_FOR_REPLICAS = 0.2;

export class Debuggee {
  readonly surroundings: Surroundings;
  readonly send: Send;
  readonly handles = new Handles();
  readonly wishes = new Wishes();
  readonly looks = new Looks(this);
  /** Data breakpoints that the client did not set by the protocol. */
  ownBreakpoints: BreaksOn = [];
  readonly sources: Sources;
  /** What the client said of itself. */
  client: DebugProtocol.InitializeRequestArguments = { adapterID: "driverlab" };
  /** Registers as they were at the stop before this one. */
  registersBefore: RegisterSnapshot = new Map();
  private launched: Launched | undefined;
  private at: Stopped | undefined;
  private isRunning = false;
  private isOver = false;
  /** Lines of the log as far as the run was seen: a person who has gone back knows what comes. */
  private told: LogLine[] = [];
  /** Who runs with the others frozen. */
  private alone: Task | undefined;
  /** What a journey is that may take its time. */
  private title: string | undefined;
  private readonly queue: (() => void)[] = [];

  constructor(surroundings: Surroundings, send: Send) {
    this.surroundings = surroundings;
    this.sources = new Sources(surroundings);
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
    this.listing = new Statements(launched.session.machine.programs);
  }

  /** The run begins anew, of programs that were read again; the client keeps its breakpoints, under the same numbers. */
  relaunch(launched: Launched): void {
    const before = this.launched;
    this.launch(launched);
    if (before !== undefined) launched.session.breakpoints.reserve(before.session.breakpoints.newId());
    for (const breakpoint of this.wishes.repeat()) {
      if (breakpoint.id !== undefined) this.send(new BreakpointEvent("changed", breakpoint));
    }
    if (!this.isRunning) this.tellContinued();
    this.journeys++;
    this.looks.abandon();
    this.isOver = false;
    this.isRunning = false;
    this.told = [];
    this.alone = undefined;
    this.handles.clear();
    this.begin();
  }

  /** Journeys of a session that is no more are not gone on with. */
  private journeys = 0;

  /** The number under which the client knows a breakpoint. */
  idForClient(id: number): number {
    return this.wishes.idForClient(id);
  }

  get settings(): Partial<LaunchSettings> {
    if (this.launched === undefined) throw notLaunched();
    return this.launched.settings;
  }

  private listing = new Statements([]);

  get statements(): Statements {
    return this.listing;
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

  /** Lines of the kernel log that are to come, as the run was seen before somebody went back. */
  get laterLines(): readonly LogLine[] {
    return this.told.slice(this.still.log.length);
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
    return threadsOf(machine.engine, {
      interrupt: (cpu, context) => interruptOn(machine, cpu, context),
      task: (task) => nameOfTask(machine, task),
    });
  }

  /** Who stopped, if the task is still there. */
  stoppedThread(): ThreadView | undefined {
    const task = this.still && this.at?.task;
    const threads = this.threads();
    return (task && threadOf(threads, task)) ?? threads[0];
  }

  /** The innermost frame of whoever stopped. */
  topShown(): ShownFrame | undefined {
    const task = this.still && this.at?.task;
    const thread = task && threadOf(this.threads(), task);
    return thread && { thread, frame: framesOf(thread.task)[0]?.frame, index: 0 };
  }

  topFrame(): Frame | undefined {
    return this.topShown()?.frame;
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

  move(move: Move, threadId?: number, { singleThread = false, ...how }: MoveOptions = {}): void {
    const { session } = this;
    if (this.isRunning) throw running();
    if (this.isOver) throw ended();
    const thread = this.threads().find(({ id }) => id === threadId);
    const task = thread?.task ?? this.at?.task;
    const isBack = move === "reverse" || move === "back";
    // What has run is run again as it was, with whoever ran.
    if (singleThread && !isBack && task !== undefined) {
      this.act({ kind: "freeze", task: numberOf(task) });
      this.alone = task;
    }
    const journey = (): Journey => {
      if (move === "reverse") return session.reverseContinue();
      if (move === "continue" || task === undefined) return session.continue();
      return move === "back" ? session.stepBack(task) : session.step(task, move, how);
    };
    this.go(journey, isBack ? titles[move] : undefined);
  }

  seek(clock: number): void {
    this.travel("Going to another moment", ({ session }) => session.goTo(clock));
  }

  /** Any other journey; `task` is whom it concerns. */
  travel(
    title: string,
    journey: (on: { session: Session; task: Task | undefined }) => Journey,
    threadId?: number,
  ): void {
    const { session } = this;
    if (this.isRunning) throw running();
    if (this.isOver) throw ended();
    const task = this.threads().find(({ id }) => id === threadId)?.task ?? this.at?.task;
    this.tellContinued();
    this.go(() => journey({ session, task }), title);
  }

  /** Nobody looks any more: the run goes on to its end, and the process with it. */
  letGo(): void {
    const { launched } = this;
    if (launched === undefined || this.isOver) {
      this.afterwards(() => this.surroundings.end());
      return;
    }
    this.launched = { ...launched, noDebug: true };
    this.session.breakpoints.clear();
    this.isLetGo = true;
    if (!this.isRunning) this.go(() => this.session.continue());
  }

  private isLetGo = false;

  pause(): void {
    if (this.isRunning) this.session.pause();
  }

  /** Whatever is under way comes to nothing. */
  cease(): void {
    this.isOver = true;
  }

  setVariable(task: Task, frame: number, path: string, source: string) {
    if (this.isOver) throw ended();
    const set = this.session.setVariable(task, frame, path, source);
    this.forgetLater();
    return set;
  }

  /** Does something to the run, which becomes a part of its log; in words for people when it cannot be done. */
  act(action: Action): Variable | undefined {
    if (this.still && this.isOver) throw ended();
    try {
      return this.session.act(action);
    } catch (error) {
      throw notEvaluated(error instanceof Error ? error.message : String(error));
    } finally {
      this.forgetLater();
    }
  }

  /** What comes is another future, with lines of its own. */
  forgetLater(): void {
    this.looks.abandon();
    this.told = this.told.slice(0, this.session.machine.log.length);
  }

  /** Bytes are others than the client knows. */
  wrote(address: number, count: number): void {
    this.afterwards(() => {
      this.send(new MemoryEvent(referenceTo(address), 0, count));
    });
    this.changed();
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
      event.body.source = this.sources.shown(site.file);
      event.body.line = site.line;
    }
    this.send(event);
  }

  /** A client does not know by itself what a request that is not the protocol's own sets in motion. */
  private tellContinued(): void {
    const threadId = this.threads()[0]?.id ?? 0;
    this.afterwards(() => this.send(new ContinuedEvent(threadId, true)));
  }

  private go(journey: () => Journey, title?: string): void {
    this.looks.abandon();
    this.title = title;
    this.registersBefore = snapshot(this.devices);
    this.handles.clear();
    this.isRunning = true;
    this.afterwards(() => this.fenced("run", () => this.drive(journey())));
  }

  /** One portion after the other, with an ear for requests in between. */
  private drive(journey: Journey): void {
    this.isRunning = true;
    this.progress = this.title === undefined ? undefined : new Progress(this.send, this.client, this.title);
    const { journeys } = this;
    const portion = () =>
      this.fenced("run", () => {
        if (this.isOver || journeys !== this.journeys) return;
        this.watchHeap();
        const began = this.surroundings.now();
        const next = journey.next();
        this.tellLog();
        this.session.took(this.surroundings.now() - began);
        if (next.done !== true) {
          this.progress?.went(this.session.progress);
          this.surroundings.soon(portion);
          return;
        }
        this.progress?.end();
        this.progress = undefined;
        this.halt(next.value);
      });
    portion();
  }

  private progress: Progress | undefined;

  /** Ends a journey or a look of which progress was told, where it is. */
  cancel(progressId: string): void {
    this.looks.abandon((id) => id === progressId);
    if (this.isRunning && this.progress?.id === progressId) this.session.pause();
  }

  private halt(stopped: Stopped): void {
    this.isRunning = false;
    this.at = stopped;
    this.handles.clear();
    const { reason, task } = stopped;
    const { alone: frozen, launched } = this;
    this.alone = undefined;
    // One that is over has let the others go by itself.
    if (frozen !== undefined && !this.session.machine.engine.hasFaulted) this.session.act({ kind: "freeze" });
    if (reason.kind === "ended" && (launched?.noDebug !== false || launched.settings.exitAtEnd === true)) {
      this.isOver = true;
      this.send(new ExitedEvent(this.session.machine.reports.length > 0 ? 1 : 0));
      this.send(new TerminatedEvent());
      if (this.isLetGo) this.surroundings.end();
      return;
    }
    const threads = this.threads();
    const thread = task && threadOf(threads, task);
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(reason.kind, (thread ?? threads[0])?.id);
    const waiting = reason.kind === "alone" ? aloneWords(frozen) : {};
    Object.assign(event.body, wordsOf(reason, this), waiting, { allThreadsStopped: true });
    this.send(event);
    this.sendChanged();
    this.prepare();
  }

  /** While the client looks, going back is made quick. */
  private prepare(): void {
    const { session, journeys } = this;
    const preparing = session.prepare();
    const { clock } = session;
    const portion = () =>
      this.fenced("prepare", () => {
        const isIdle = !this.isRunning && !this.isOver && journeys === this.journeys && session.clock === clock;
        if (!isIdle) return;
        // Other machines of the same run hold as much again.
        if (this.fullness > FULL_FOR_REPLICAS) {
          session.spareMemory();
          return;
        }
        const began = this.surroundings.now();
        const { done } = preparing.next();
        session.took(this.surroundings.now() - began);
        if (done !== true) this.surroundings.soon(portion);
      });
    this.surroundings.soon(portion);
  }

  private get fullness(): number {
    const { used, limit } = this.surroundings.heap();
    return used / limit;
  }

  /** Ends the task that runs when a driver's objects leave no room; between two statements, so that a replay can do the same. */
  private watchHeap(): void {
    const { session, alreadyFull } = this;
    const { engine } = session.machine;
    if (this.fullness < FULL || engine.turn === undefined || alreadyFull.has(engine.turn) || engine.hasFaulted) return;
    alreadyFull.add(engine.turn);
    const megabytes = Math.round(this.surroundings.heap().used / 2 ** 20);
    const message = `Out of memory: the driver holds ${megabytes} MB of JavaScript objects`;
    session.act({ kind: "oops", task: numberOf(engine.turn), message });
  }

  private readonly alreadyFull = new WeakSet<Task>();

  private sendChanged(): void {
    const body: Changed = { clock: this.session.clock };
    this.send({ seq: 0, type: "event", event: changedEvent, body } as DebugProtocol.Event);
  }

  /** Lines that a run makes again on the way back to where it was have been told already. */
  private tellLog(): void {
    const { log } = this.session.machine;
    while (this.told.length < log.length) {
      const line = log[this.told.length]!;
      this.told.push(line);
      const { text, site, level } = line;
      const shown = this.client.supportsANSIStyling === true ? coloured(text, level) : text;
      this.tell(level > KERN_ERR ? "stdout" : "stderr", shown, site);
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
