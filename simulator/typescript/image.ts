// A compiled driver in a run: its globals, its references, its functions with addresses.
import type {
  Activation,
  Exported,
  Frame,
  Image,
  Problem,
  Program,
  Raw,
  Site,
  Steps,
  Stop,
  Variable,
  World,
} from "../engine/interfaces.ts";
import { DriverActivation, type Home } from "./activation.ts";
import { AMBIENT_VALUES } from "./ambient.ts";
import type { Output, Writers } from "./emission.ts";
import { plainCopy } from "./exported.ts";
import { DriverFault } from "./fault.ts";
import { HeadLooks } from "./head-looks.ts";
import { DriverFrame, moduleVariables } from "./inspect.ts";
import type { JumpPlan } from "./jump-plan.ts";
import {
  type Callee,
  type Crossing,
  calleeOf,
  callThrough,
  driverArguments,
  driverResult,
  type Face,
  scalarPointer,
  structPointer,
} from "./kernel-calls.ts";
import { layoutOf, typeOrNone } from "./kinds.ts";
import { isLanguageName } from "./language-names.ts";
import type { LinkChecks } from "./link-checks.ts";
import type { Module } from "./modules.ts";
import { Pointers, type References, Run, type Surroundings } from "./references.ts";
import { type FrameRecord, isRunningCall, type Look, NEXT, RunningCall, Runtime } from "./runtime.ts";
import type { Looking } from "./show.ts";
import type { Actor, Stage } from "./stage.ts";

/** The result of compiling, shared by all images. */
export interface Compiled {
  readonly output: Output;
  readonly modules: readonly Module[];
  readonly checks: LinkChecks;
  readonly stage: Stage;
  readonly order: readonly number[];
  readonly writers: Writers;
  /** Makes the functions of the files; undefined when there are problems. */
  readonly factory: ((...args: unknown[]) => (() => Generator<unknown, unknown, Raw>)[]) | undefined;
  /** The same without what lets anybody look at variables of functions. */
  readonly bare: Compiled["factory"];
  /** The same with functions, by their place, of which calls can leave one statement for another. */
  jumping(functions: ReadonlySet<number>): Jumpable;
}

export interface Jumpable {
  readonly factory: Compiled["factory"];
  readonly plans: ReadonlyMap<number, JumpPlan>;
}

type AnyFunction = (...args: unknown[]) => unknown;

export class DriverImage implements Image, Home, Actor {
  readonly program: Program;
  readonly breakpoints: Uint8Array;
  readonly problems: readonly Problem[];
  readonly runtime: Runtime;
  onMuch: (() => void) | undefined;
  readonly surroundings: Surroundings;
  readonly callees: Callee[] = [];
  private readonly compiled: Compiled;
  private readonly world: World;
  private readonly references: References;
  private readonly looks: HeadLooks;
  private readonly addresses = new Map<unknown, number>();
  private readonly functions = new Map<number, unknown>();
  private readonly faces = new Map<string, Face>();
  private readonly crossings = new Map<number, Crossing>();
  private readonly modules: readonly (() => Generator<unknown, unknown, Raw>)[];
  /** What each file exports, once it has run. */
  private readonly exports: Record<string, unknown>[] = [];

  constructor(program: Program, compiled: Compiled, world: World) {
    this.program = program;
    this.compiled = compiled;
    this.world = world;
    this.breakpoints = new Uint8Array(program.sites.length);
    this.problems = compiled.checks.problems(world.symbols);
    this.references = compiled.stage.references;
    this.runtime = new Runtime(compiled.stage);
    this.surroundings = this.around();
    this.looks = new HeadLooks(this.runtime);
    const jumped = new Set((world.jumps ?? []).filter((site) => this.owns(site)).map(({ id }) => this.functionOf(id)));
    const usual = world.isBare === true ? compiled.bare : compiled.factory;
    const factory = jumped.size > 0 ? compiled.jumping(jumped).factory : usual;
    this.modules =
      factory?.(this.runtime, this.breakpoints, RunningCall, NEXT, Run, this.exports, ...AMBIENT_VALUES) ?? [];
  }

  start(): Activation {
    return new DriverActivation(this, this.startSteps());
  }

  call(entry: unknown, args: readonly Raw[]): Activation {
    return new DriverActivation(this, this.callSteps(entry as AnyFunction, args));
  }

  globals(): readonly Variable[] {
    return this.compiled.modules.flatMap(({ index, names }) =>
      moduleVariables([...names], this.runtime.modules[index], this.looking),
    );
  }

  exported(name: string): Exported | undefined {
    const exports = this.exports[0];
    if (exports === undefined || !(name in exports)) return undefined;
    const value = exports[name];
    if (typeof value === "function") return { kind: "function", address: this.addressOfFunction(value as AnyFunction) };
    return { kind: "data", value: plainCopy(value) };
  }

  stopAt(site: number): Stop {
    return { kind: "breakpoint", site: this.program.sites[site]! };
  }

  frame(record: FrameRecord): Frame {
    const { runtime, looking, looks } = this;
    const { scope } = this.compiled.output.siteScopes[record.s]!;
    return new DriverFrame(
      { runtime, looking, looks, writers: this.compiled.writers, planOf: (site) => this.planOf(site) },
      this.program.sites[record.s]!,
      scope,
      record,
    );
  }

  enter(): Actor | undefined {
    return this.compiled.stage.enter(this);
  }

  leave(before: Actor | undefined): void {
    this.compiled.stage.enter(before);
  }

  private owns(site: Site): boolean {
    return this.program.sites[site.id] === site;
  }

  private functionOf(site: number): number {
    return this.compiled.output.siteScopes[site]!.fn;
  }

  /** How calls of the function of a statement can jump; undefined outside of functions, and in other programs. */
  private planOf(site: Site): JumpPlan | undefined {
    const fn = this.owns(site) ? this.functionOf(site.id) : -1;
    return fn < 0 ? undefined : this.compiled.jumping(new Set([fn])).plans.get(fn);
  }

  /** Looking makes unchecked accesses, and leaves the run as it was. */
  private readonly looking: Looking = (look) => {
    const { runtime, surroundings } = this;
    const { n, top, live, ticks } = runtime;
    const { peeking } = surroundings;
    surroundings.peeking = true;
    const before = this.enter();
    try {
      return look();
    } finally {
      this.leave(before);
      surroundings.peeking = peeking;
      Object.assign(runtime, { n, top, live, ticks });
    }
  };

  private *startSteps(): Steps<Raw> {
    const problem = [...this.program.problems, ...this.problems][0];
    if (problem) throw new DriverFault(`${problem.file}:${problem.line}:${problem.column}: ${problem.message}`);
    for (const index of this.compiled.order) yield* this.modules[index]!() as Steps<unknown>;
    return undefined;
  }

  private *callSteps(entry: AnyFunction, args: readonly Raw[]): Steps<Raw> {
    const id = this.runtime.numberOf(entry);
    const info = id === undefined ? undefined : this.compiled.output.functions[id];
    const crossing = this.crossing(info?.module ?? 0);
    const result = entry(...(info ? driverArguments(crossing, info.params, args) : args));
    return driverResult(crossing, isRunningCall(result) ? yield* result as Steps<unknown> : result);
  }

  private around(): Surroundings {
    const { world } = this;
    return {
      memory: world.memory,
      stack: world.stack,
      pointers: new Pointers(),
      declarations: 0,
      onFloat: (value, target) => world.onFloat?.(value, target),
      peeking: false,
      functionAt: (address) => this.functionAt(address),
      runtime: this.runtime,
      addressOfOther: (value) => {
        if (typeof value === "string") return world.literal(value);
        return typeof value === "function" ? this.addressOfFunction(value as AnyFunction) : undefined;
      },
      room: (bytes, align, name) => world.global(bytes, align, name),
    };
  }

  private functionAt(address: number): unknown {
    let found = this.functions.get(address);
    if (!found) {
      found = callThrough(this.references, address);
      this.functions.set(address, found);
      this.addresses.set(found, address);
    }
    return found;
  }

  private addressOfFunction(fn: AnyFunction): number {
    let address = this.addresses.get(fn);
    if (address === undefined) {
      const id = this.runtime.numberOf(fn);
      const name = id === undefined ? fn.name : this.compiled.output.functions[id]!.name;
      address = this.world.addFunction(this, name, fn);
      this.addresses.set(fn, address);
      this.functions.set(address, fn);
    }
    return address;
  }

  imported(header: string, name: string): unknown {
    const { stage } = this.compiled;
    if (isLanguageName(header, name)) return stage.language(name);
    const found = this.world.symbols.find(header, name);
    if (found === undefined) return undefined;
    if (found.kind === "constant") return found.value;
    if (found.kind === "layout") return stage.kinds.struct(found);
    const key = `${header} ${name}`;
    let face = this.faces.get(key);
    if (face === undefined) {
      face = stage.faceAt(this.callees.length, found);
      this.callees.push(calleeOf(this.crossing(0), found));
      this.faces.set(key, face);
    }
    return face;
  }

  /** One a file: names in annotations mean what they mean there. */
  private crossing(module: number): Crossing {
    let found = this.crossings.get(module);
    if (!found) {
      const { world, references, surroundings } = this;
      found = {
        references,
        onFloat: surroundings.onFloat,
        entering: () => world.entering?.(),
        textAt: (address) => world.textAt(address),
        literal: (text) => world.literal(text),
        argumentText: (name, index) => this.argumentText(name, index),
        referenced: (name, isArray) => this.referenced(module, name, isArray),
      };
      this.crossings.set(module, found);
    }
    return found;
  }

  private referenced(module: number, name: string, isArray = false): { pointer(raw: number): unknown } | undefined {
    const { references } = this;
    const value =
      this.named(module, name) ??
      (isLanguageName("linux/types", name) ? this.compiled.stage.language(name) : undefined);
    const layout = layoutOf(value);
    const type = layout ? ({ kind: "struct", layout } as const) : typeOrNone(value);
    if (isArray && type) return { pointer: (raw) => (raw === 0 ? null : references.buffer(type, raw >>> 0)) };
    if (layout) return structPointer(references, layout);
    return type?.kind === "scalar" ? scalarPointer(references, type) : undefined;
  }

  private argumentText(name: string, index: number): string {
    const site = this.runtime.top.s;
    const call = this.compiled.output.kernelCalls.find((one) => one.site === site && one.imported.name === name);
    return call?.texts[index] ?? "";
  }

  /** A type may be imported as one only; then the kernel is asked. */
  private named(module: number, name: string): unknown {
    const file = this.compiled.modules[module];
    const imported = file?.imports.get(name);
    if (imported?.header !== undefined) return this.imported(imported.header, imported.name);
    const look: Look | undefined = this.runtime.modules[module];
    try {
      if (imported?.file !== undefined) return this.named(imported.file, imported.name);
      return file?.names.has(name) ? look?.(name) : undefined;
    } catch {
      return undefined;
    }
  }
}
