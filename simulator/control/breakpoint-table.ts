// Every breakpoint of a session: on lines, functions, events of the kernel and statements.
import type { Engine } from "../engine/engine.ts";
import type { Program, Site } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import {
  BoundBreakpoint,
  type Breakpoint,
  bind,
  Counted,
  type Group,
  type LineBreakpoint,
  problemOf,
} from "./breakpoints.ts";
import { bindFunction, type FunctionBreakpoint } from "./function-breakpoints.ts";
import { type Awaited, eventNamed, KernelEvents } from "./kernel-events.ts";
import type { Planting } from "./planting.ts";

/** A breakpoint on one statement. */
export interface StatementBreakpoint extends Pick<LineBreakpoint, "condition" | "hitCondition" | "context"> {
  /** Undefined: there is none, and `message` says so. */
  readonly site: Site | undefined;
}

/** What the breakpoints do that a statement reaches. */
export interface Reached {
  /** Those that stop. */
  readonly ids: readonly number[];
  /** What others write. */
  readonly texts: readonly string[];
}

const NOTHING: Reached = { ids: [], texts: [] };

export class BreakpointTable {
  private readonly planting: Planting;
  private readonly events: KernelEvents;
  private bound: readonly BoundBreakpoint[] = [];
  private nextId = 1;
  private seen = 0;
  private readonly counted = new Counted();

  constructor(planting: Planting) {
    this.planting = planting;
    this.events = new KernelEvents((isWaiting) => {
      planting.closely = isWaiting;
    });
  }

  /** A number that no other breakpoint has. */
  newId(): number {
    return this.nextId++;
  }

  /** Numbers below this one are taken, by whom this session does not know. */
  reserve(next: number): void {
    this.nextId = Math.max(this.nextId, next);
  }

  /** Replaces the breakpoints of a file; hits are counted from `since`. */
  setLines(programs: readonly Program[], file: string, wanted: readonly LineBreakpoint[], since: number) {
    return this.replace(
      file,
      since,
      wanted.map((one) => bind(programs, file, one, this.newId(), since)),
    );
  }

  setFunctions(programs: readonly Program[], wanted: readonly FunctionBreakpoint[], since: number) {
    const bound = wanted.map((one) => bindFunction(programs, one, this.newId(), since));
    const awaited = new Map<number, Awaited>();
    bound.forEach(({ breakpoint: { id, message } }, index) => {
      const event = message === undefined ? eventNamed(wanted[index]!.name) : undefined;
      if (event !== undefined) awaited.set(id, event);
    });
    this.events.wanted = awaited;
    return this.replace("functions", since, bound);
  }

  setStatements(wanted: readonly StatementBreakpoint[], since: number) {
    const bound = wanted.map(({ site, ...asked }) => {
      const message = site === undefined ? "No statement of the driver is at this address." : problemOf(asked);
      const at = message === undefined ? site : undefined;
      const shown = message === undefined ? {} : { message };
      const breakpoint = { ...asked, ...shown, id: this.newId(), file: "statements", line: site?.line ?? 0, site: at };
      return new BoundBreakpoint(breakpoint, since, at === undefined ? [] : [at]);
    });
    return this.replace("statements", since, bound);
  }

  /** None is left. */
  clear(): void {
    this.bound = [];
    this.events.wanted = new Map();
    this.planting.breakpoints = [];
  }

  /** Of what kind a breakpoint is; undefined for those on lines. */
  groupOf(id: number): Group | undefined {
    const file = this.bound.find(({ breakpoint }) => breakpoint.id === id)?.breakpoint.file;
    return file === "functions" || file === "statements" ? file : undefined;
  }

  /** From where on hits have not been counted yet. */
  get uncountedFrom(): number {
    return this.counted.from(this.bound);
  }

  /** All hits up to a moment are counted. */
  countedTo(clock: number): void {
    this.counted.reach(clock);
  }

  /** How far the run was gone through. */
  get seenUpTo(): number {
    return this.seen;
  }

  /** The run has gone through all up to a moment. */
  sawUpTo(clock: number): void {
    this.seen = Math.max(this.seen, clock);
  }

  /** What comes after a moment will be another future. */
  forget(clock: number): void {
    this.seen = Math.min(this.seen, clock);
    this.counted.forget(clock);
    for (const bound of this.bound) bound.forget(clock);
  }

  /** Listens to the events of a machine. */
  attach(engine: Engine): void {
    this.events.attach(engine);
  }

  /** The run stands still: what has begun is no news when it goes on. */
  arrive(): void {
    this.events.forget();
  }

  /** A task is about to run a statement: counts hits, and says what follows from them. */
  reached(task: Task, site: Site, clock: number): Reached {
    const begun = this.events.reached(task);
    const here = this.bound.filter(({ sites, breakpoint: { id } }) => sites.includes(site) || begun.includes(id));
    if (here.length === 0) return NOTHING;
    const ids: number[] = [];
    const texts: string[] = [];
    const frame = framesOf(task)[0]?.frame;
    const context = task.layers.at(-1)?.context;
    for (const bound of here) {
      if ((bound.breakpoint.context ?? context) !== context) continue;
      const hit = bound.reach(frame, clock);
      if (hit.kind === "stop") ids.push(bound.breakpoint.id);
      else if (hit.kind !== "pass") texts.push(hit.text);
    }
    return { ids, texts };
  }

  private replace(file: string, since: number, bound: readonly BoundBreakpoint[]): readonly Breakpoint[] {
    if (bound.some(({ breakpoint }) => breakpoint.hitCondition !== undefined)) {
      this.counted.forget(since);
    }
    this.bound = [...this.bound.filter(({ breakpoint }) => breakpoint.file !== file), ...bound];
    this.planting.breakpoints = this.bound.flatMap(({ sites }) => sites);
    return bound.map(({ breakpoint }) => breakpoint);
  }
}
