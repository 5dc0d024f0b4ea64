// Drivers for the kernel's tests: generators that call kernel functions with raw values, as C will, a statement a call.

import { headerNames as headers, symbolTable } from "../../../simulator/api/index.ts";
import { Engine, type Pause } from "../../../simulator/engine/engine.ts";
import {
  type Activation,
  type Frame,
  type Image,
  type KernelFunction,
  MemoryFault,
  type Program,
  type Raw,
  type Site,
  type Steps,
  type Stop,
  type SymbolTable,
  type World,
} from "../../../simulator/engine/interfaces.ts";
import { LinearMemory } from "../../../simulator/engine/memory.ts";
import { SeededPolicy } from "../../../simulator/engine/policy.ts";
import type { Task } from "../../../simulator/engine/task.ts";
import type { Moment } from "../../../simulator/engine/trace.ts";
import type { KernelEvent } from "../../../simulator/kernel/events.ts";
import { Kernel } from "../../../simulator/kernel/kernel.ts";

interface Statement {
  readonly kind: "statement";
  readonly site: Site;
}

export type Body = Generator<Stop | Statement, Raw, Raw>;

/** Kernel functions by name: `yield* k.call("kmalloc", 64, GFP_KERNEL)` is a statement. */
export interface Calls {
  call(name: string, ...args: readonly Raw[]): Generator<Stop | Statement, number, Raw>;
  /** A statement that calls nothing. */
  statement(): Generator<Stop | Statement, void, Raw>;
  /** The address of a string constant. */
  text(text: string): number;
  /** The address of a function of the same driver. */
  fn(name: string): number;
  /** Memory as drivers reach it. */
  readonly memory: LinearMemory;
  constant(name: string): number;
  /** A variable of the driver, cleared. */
  global(bytes: number): number;
  /** THIS_MODULE. */
  readonly module: number;
  /** What the driver's functions tell each other. */
  set(name: string, value: number): void;
  get(name: string): number;
}

export type Functions = Readonly<Record<string, (k: Calls, ...args: number[]) => Body>>;

/** Names of functions that were called in any test of a file. */
export const called = new Set<string>();

/** A machine without checks and devices of its own; its driver is a set of functions. */
export class Bench {
  readonly engine: Engine;
  readonly memory = new LinearMemory();
  readonly kernel: Kernel;
  readonly symbols: SymbolTable;
  readonly events: (KernelEvent & { readonly moment: Moment })[] = [];

  constructor(seed = 1, cpus = 2) {
    this.engine = new Engine(new SeededPolicy(seed), cpus);
    this.kernel = new Kernel(this.engine, this.memory, seed);
    this.symbols = symbolTable(this.kernel);
    this.engine.trace.listen((event, moment) => {
      this.events.push({ ...(event as KernelEvent), moment });
    });
  }

  program(name: string, functions: Functions): Program {
    return new FakeProgram(name, functions, this);
  }

  /** Starts a task that runs one function of a driver which is no module. */
  start(comm: string, body: (k: Calls) => Body, done?: (value: Raw) => void): Task {
    const image = this.program(`${comm}.ts`, { main: (k) => body(k) }).link(this.kernel.world(this.symbols));
    return this.engine.spawn(comm, image.call("main", []), done);
  }

  /** Runs until nothing is left to do, or so many statements have run. */
  run(statements = 100_000): Pause {
    return this.engine.run(statements);
  }

  /** Runs one body to its end and gives its result. */
  do(body: (k: Calls) => Body): Raw {
    let result: Raw;
    this.start("test", body, (value) => {
      result = value;
    });
    this.run();
    return result;
  }

  of<K extends KernelEvent["kind"]>(kind: K): Extract<KernelEvent, { kind: K }>[] {
    return this.events.filter((event) => event.kind === kind) as unknown as Extract<KernelEvent, { kind: K }>[];
  }

  /** The log's lines, without their times. */
  get log(): string[] {
    return this.of("printk").map(({ text }) => text);
  }

  symbol(name: string): { readonly header: string; readonly fn: KernelFunction } {
    for (const header of headers) {
      const found = this.symbols.find(header, name);
      if (found?.kind === "function") return { header, fn: found };
    }
    throw new Error(`no kernel function ${name}`);
  }

  constant(name: string): number {
    for (const header of headers) {
      const found = this.symbols.find(header, name);
      if (found?.kind === "constant" && typeof found.value === "number") return found.value;
    }
    throw new Error(`no constant ${name}`);
  }
}

class FakeProgram implements Program {
  readonly language = "c";
  readonly sites: Site[] = [];
  readonly problems = [];
  readonly functions: Functions;
  readonly bench: Bench;

  constructor(file: string, functions: Functions, bench: Bench) {
    this.functions = functions;
    this.bench = bench;
    // Every file has a statement, so that the kernel knows whose it is.
    this.site(file, "<module>");
  }

  site(file: string, fn: string): Site {
    const line = this.sites.length + 1;
    const site = { id: line - 1, file, line, column: 1, endLine: line, endColumn: 2, fn };
    this.sites.push(site);
    return site;
  }

  link(world: World): Image {
    return new FakeImage(this, world);
  }
}

class FakeImage implements Image {
  readonly program: FakeProgram;
  readonly breakpoints = new Uint8Array(0);
  readonly problems = [];
  private readonly world: World;
  private readonly addresses = new Map<string, number>();
  private readonly variables = new Map<string, number>();

  constructor(program: FakeProgram, world: World) {
    this.program = program;
    this.world = world;
    for (const name of Object.keys(program.functions)) this.addresses.set(name, world.addFunction(this, name, name));
  }

  call(entry: unknown, args: readonly Raw[]): Activation {
    const name = entry as string;
    const calls = this.calls(name);
    return new FakeActivation(name, this.program.functions[name]!(calls, ...(args as number[])));
  }

  start(): Activation {
    return this.call("file_scope", []);
  }

  globals(): [] {
    return [];
  }

  private calls(fn: string): Calls {
    const { program, world } = this;
    const { bench } = program;
    const sites = new Map<string, Site>();
    const siteOf = (name: string): Site => {
      let site = sites.get(name);
      if (site === undefined) {
        site = program.site(program.sites[0]!.file, fn);
        sites.set(name, site);
      }
      return site;
    };
    return {
      memory: bench.memory,
      text: (text) => world.literal(text),
      fn: (name) => this.addresses.get(name)!,
      constant: (name) => bench.constant(name),
      global: (bytes) => world.global(bytes, 8, "global"),
      module: (world.symbols.find("linux/module", "THIS_MODULE") as { value: number }).value,
      set: (name, value) => {
        this.variables.set(name, value);
      },
      get: (name) => this.variables.get(name)!,
      *statement() {
        yield { kind: "statement", site: siteOf("") };
      },
      *call(name, ...args) {
        yield { kind: "statement", site: siteOf(name) };
        called.add(name);
        const result = bench.symbol(name).fn.call(args);
        return (typeof result === "object" ? yield* result as Steps<Raw> : result) as number;
      },
    };
  }
}

class FakeActivation implements Activation {
  used = 0;
  private readonly fn: string;
  private readonly body: Body;
  site: Site | undefined;

  constructor(fn: string, body: Body) {
    this.fn = fn;
    this.body = body;
  }

  run(budget: number, value?: Raw): Stop {
    this.used = 0;
    let sent = value;
    try {
      for (;;) {
        const next = this.body.next(sent);
        sent = undefined;
        if (next.done === true) return { kind: "done", value: next.value };
        if (next.value.kind !== "statement") return next.value;
        this.site = next.value.site;
        this.used++;
        if (this.used >= budget) return { kind: "budget" };
      }
    } catch (error) {
      if (error instanceof MemoryFault) return { kind: "fault", fault: { message: error.message } };
      throw error;
    }
  }

  sites(): readonly Site[] {
    return this.site === undefined ? [] : [this.site];
  }

  frames(): readonly Frame[] {
    const { site, fn } = this;
    if (site === undefined) return [];
    const variable = { name: "", value: "", type: "" };
    return [
      { fn, site, scopes: () => [], parameters: new Set<string>(), evaluate: () => variable, set: () => variable },
    ];
  }
}
