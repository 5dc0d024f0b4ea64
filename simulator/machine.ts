// The simulated machine: engine, kernel, devices and checks, wired together for one run of a driver.
import { symbolTable } from "./api/index.ts";
import { attachChecks, type Learnt } from "./checks/index.ts";
import { oopsLines, warnLines } from "./checks/oops.ts";
import { dumpStack } from "./checks/wording.ts";
import type { Device } from "./devices/device.ts";
import { withFaults } from "./devices/faults.ts";
import { I2cBus } from "./devices/i2c-bus.ts";
import { chosen, DEFAULT_DEVICES } from "./devices/index.ts";
import type { DeviceModel } from "./devices/model.ts";
import { ModelError, programModel } from "./devices/program-device.ts";
import { parseSvd, SvdError } from "./devices/svd.ts";
import { svdModel } from "./devices/svd-device.ts";
import { Engine, type Pause } from "./engine/engine.ts";
import type { Image, Problem, Program, Site, SymbolTable } from "./engine/interfaces.ts";
import { LinearMemory } from "./engine/memory.ts";
import { SeededPolicy } from "./engine/policy.ts";
import type { Task } from "./engine/task.ts";
import type { Moment } from "./engine/trace.ts";
import type { Preemption } from "./kernel/core.ts";
import { asKernelEvent, type KernelEvent } from "./kernel/events.ts";
import { exercise } from "./kernel/exercise.ts";
import { Kcsan } from "./kernel/kcsan.ts";
import { KERN_ALERT, KERN_DEBUG, KERN_ERR, KERN_WARNING } from "./kernel/kern-levels.ts";
import { Kernel } from "./kernel/kernel.ts";
import { formatLogLine } from "./kernel/printk.ts";

/** All that a run depends on: the same recipe gives the same run, to the byte. */
export interface Recipe {
  /** The module's name: `edu`. */
  readonly name: string;
  readonly driver: Program;
  /** What users do; without one, the driver is loaded, each of its devices is exercised, and it is unloaded. */
  readonly scenario?: Program;
  /** Every choice of the machine follows from it. */
  readonly seed?: number;
  readonly cpus?: number;
  /** Bytes of a kernel stack, THREAD_SIZE: 8 KB by default, 16 KB as on x86-64. */
  readonly threadSize?: 8192 | 16384;
  /** Where a task in the kernel may lose its CPU; `full`, anywhere, without it. */
  readonly preempt?: Preemption;
  /** Whether data races are looked for, as with CONFIG_KCSAN: it makes a run several times as long. */
  readonly kcsan?: boolean;
  /** Whether variables of functions can be looked at; where nobody will, a run without is faster, and otherwise the same. */
  readonly scopes?: boolean;
  /** Statements to which calls are made to jump: see World. Otherwise the run is the same. */
  readonly jumps?: readonly Site[];
  /** Names of devices in the machine, each once; an edu by default. */
  readonly devices?: readonly string[];
  /** Devices besides those that come with the machine. */
  readonly models?: readonly DeviceModel[];
  /** Devices whose models are programs, which can be stepped as the driver can. */
  readonly devicePrograms?: readonly Program[];
  /** Devices made of the registers of CMSIS-SVD files. */
  readonly svd?: readonly SvdChoice[];
  /** Stands between the programs and the kernel's functions: for who counts calls, or does without a function. */
  readonly symbols?: (table: SymbolTable) => SymbolTable;
}

/** How a test case ended. */
export interface TestResult {
  readonly name: string;
  readonly status: "ok" | "not ok" | "skipped";
}

/** A peripheral of a CMSIS-SVD file. */
export interface SvdChoice {
  readonly file: string;
  readonly text: string;
  readonly peripheral: string;
}

/** A line of the kernel log. */
export interface LogLine {
  /** `[    0.000123] edu 0000:00:04.0: ready`. */
  readonly text: string;
  /** 0 (emergency) to 7 (debug). */
  readonly level: number;
  /** The statement that printed it, if a driver's. */
  readonly site: Site | undefined;
  /** Statements run before that one. */
  readonly clock: number;
  /** Who was running: the same object for the lines of one text. */
  readonly moment: Moment;
}

/** A report of a check, or an oops. */
export interface Report {
  /** The check's id, which is the static rule's; `oops` for those. */
  readonly id: string;
  readonly title: string;
  /** The kernel's text. */
  readonly lines: readonly string[];
  readonly site: Site | undefined;
  /** Statements run before the one that made it. */
  readonly clock: number;
}

/** Told of what happens in a run, as it happens. */
export interface Observer {
  /** A program was made ready to run; a module is each time that it is loaded. */
  onImage?(image: Image): void;
  onLog?(line: LogLine): void;
  /** The task is the one that ran, or that was interrupted. */
  onReport?(report: Report, task: Task | undefined): void;
  /** What a device logs for people: accesses that it does not take, transfers that it refuses, injected faults. */
  onDevice?(line: LogLine): void;
}

/** What comes to the log, to reports or to the results of tests. */
const NOTED = ["printk", "device-log", "test", "report", "dump-stack", "warn", "oops"] as const;

export class Machine {
  readonly engine: Engine;
  readonly kernel: Kernel;
  readonly memory = new LinearMemory();
  readonly symbols: SymbolTable;
  /** In the order in which they were asked for. */
  readonly devices: readonly Device[];
  /** The driver and the scenario. */
  readonly programs: readonly Program[];
  private readonly observer: Observer;
  private readonly isBare: boolean;
  private readonly jumps: readonly Site[];
  /** What lockdep knows of lock classes, and why the kernel is tainted: it is written by the checks. */
  readonly learnt: Learnt;
  private readonly lines: LogLine[] = [];
  private readonly made: Report[] = [];
  private readonly tested: TestResult[] = [];

  constructor(recipe: Recipe, observer: Observer) {
    const { driver, scenario, seed = 1, cpus = 2, preempt, threadSize } = recipe;
    this.observer = observer;
    this.isBare = recipe.scopes === false;
    this.jumps = recipe.jumps ?? [];
    this.programs = programsOf(recipe);
    this.engine = new Engine(new SeededPolicy(seed), cpus);
    this.kernel = new Kernel(this.engine, this.memory, seed, preempt, threadSize);
    const kcsan = recipe.kcsan ? new Kcsan(this.kernel.core, this.kernel.slab) : undefined;
    const table = symbolTable(this.kernel);
    this.symbols = (recipe.symbols ?? ((own) => own))(kcsan?.watched(table) ?? table);
    this.learnt = attachChecks(this.engine.trace, this.memory);
    for (const kind of NOTED) {
      this.engine.trace.listen((event, moment) => this.note(asKernelEvent(event), moment), kind);
    }
    this.devices = install(this.kernel, [
      ...chosen(recipe.devices ?? DEFAULT_DEVICES),
      ...(recipe.models ?? []),
      ...(recipe.svd ?? []).map(modelOfSvd),
      ...(recipe.devicePrograms ?? []).map((program, index) => this.modelOf(program, index)),
    ]);
    this.kernel.modules.register(recipe.name, this.watched(driver), this.symbols);
    if (scenario === undefined) this.kernel.processes.start("insmod", exercise(this.kernel, recipe.name));
    else {
      const { processes, selftests } = this.kernel;
      processes.startCall("scenario", this.starterOf(this.watched(scenario)), () => selftests.finish());
    }
  }

  /** The kernel log up to now. */
  get log(): readonly LogLine[] {
    return this.lines;
  }

  get reports(): readonly Report[] {
    return this.made;
  }

  /** Test cases of modules and tests of the scenario, as they ended. */
  get tests(): readonly TestResult[] {
    return this.tested;
  }

  /** Runs until something is worth a look, or so many statements have run in all. */
  run(until = Number.MAX_SAFE_INTEGER): Pause {
    return this.engine.run(until);
  }

  /** File scope of a program as a function of the engine. */
  private starterOf(program: Program): number {
    const image = program.link(this.kernel.world(this.symbols));
    const start: Image = {
      program,
      breakpoints: image.breakpoints,
      call: () => image.start(),
      start: () => image.start(),
      globals: () => image.globals(),
    };
    return this.engine.addFunction(start, "<module>", undefined);
  }

  /** A device that is a program; the next one lies behind it. */
  private modelOf(program: Program, index: number): DeviceModel {
    const place = { start: OWN_START + index * OWN_STRIDE, irq: OWN_IRQ + index * OWN_IRQS };
    return programModel(this.watched(program), (symbols) => this.kernel.world(symbols), place);
  }

  private watched(program: Program): Program {
    return {
      ...program,
      link: (world) => {
        const image = program.link({ ...world, isBare: this.isBare, jumps: this.jumps });
        this.observer.onImage?.(image);
        return image;
      },
    };
  }

  private note(event: KernelEvent, moment: Moment): void {
    if (event.kind === "printk") this.print(event.text, event.level, moment);
    else if (event.kind === "device-log") {
      const text = formatLogLine(moment.nanos, `${event.device}: ${event.message}`);
      this.observer.onDevice?.({ text, level: KERN_DEBUG, site: moment.site, clock: moment.clock, moment });
    } else if (event.kind === "test") this.tested.push({ name: event.name, status: event.status });
    else if (event.kind === "report") {
      this.print(event.lines.join("\n"), KERN_ERR, moment);
      this.tell({ ...event, clock: moment.clock });
    } else if (event.kind === "dump-stack") {
      this.print(dumpStack(moment, event.stack, this.learnt.ledger).join("\n"), KERN_ERR, moment);
    } else if (event.kind === "warn" && event.id === undefined) {
      this.print(
        warnLines(event.text, event.stack, moment, this.learnt.ledger, event.where).join("\n"),
        KERN_WARNING,
        moment,
      );
      this.learnt.ledger.taint("W");
    } else if (event.kind === "oops") {
      const lines = oopsLines(event, moment, this.learnt.ledger);
      this.print(lines.join("\n"), KERN_ALERT, moment);
      this.learnt.ledger.taint("D");
      const site = event.stack.find((entry) => entry.site !== undefined)?.site;
      this.tell({ id: "oops", title: event.message, lines, site, clock: moment.clock });
    }
  }

  private print(text: string, level: number, moment: Moment): void {
    for (const line of formatLogLine(moment.nanos, text).split("\n")) {
      const printed = { text: line.trimEnd(), level, site: moment.site, clock: moment.clock, moment };
      this.lines.push(printed);
      this.observer.onLog?.(printed);
    }
  }

  private tell({ id, title, lines, site, clock }: Report): void {
    const report = { id, title, lines, site, clock };
    this.made.push(report);
    this.observer.onReport?.(report, this.engine.current);
  }
}

/** Where devices that are programs lie, and their interrupts. */
const OWN_START = 0x0a000000;
const OWN_STRIDE = 0x100000;
const OWN_IRQ = 48;
const OWN_IRQS = 4;
/** Peripherals of SVD files lie where those say; only their interrupts are this machine's. */
const SVD_IRQ = 96;
const SVD_IRQS = 16;

function programsOf({ driver, scenario, devicePrograms = [] }: Recipe): readonly Program[] {
  return [driver, ...(scenario === undefined ? [] : [scenario]), ...devicePrograms];
}

/** Puts devices on their buses. Each can be broken by a scenario. */
function install({ hardware, pci, ports }: Kernel, models: readonly DeviceModel[]): readonly Device[] {
  const buses = new Map<string, I2cBus>();
  for (const model of models) {
    if (model.bus === "pci") pci.add((ports) => withFaults((own) => model.create(own), ports));
    else if (model.bus === "mmio") {
      const bus = model.isI2cController ? new I2cBus() : undefined;
      if (bus !== undefined) buses.set(model.name, bus);
      const { device } = hardware.addPlatform((own) => withFaults((inner) => model.create(inner), own), model.at, bus);
      if (model.ports !== undefined) ports.attach(model.ports, device.mmio.bytes, device);
    }
  }
  for (const model of models) {
    if (model.bus !== "i2c") continue;
    const device = withFaults((own) => model.create(own), hardware.ports({ name: () => model.name, irq: () => {} }));
    buses.get(model.behind)?.attach(device.i2c.address, device.target);
    hardware.addI2c(device, model.behind, device.i2c.address);
  }
  return hardware.all;
}

export function createMachine(recipe: Recipe, observer: Observer = {}): Machine {
  return new Machine(recipe, observer);
}

/** What keeps a driver, its scenario or its devices from running, in the order of their files. */
export function problemsOf(recipe: Recipe): readonly Problem[] {
  const found = programsOf(recipe).flatMap(({ problems }) => problems);
  if (found.length > 0) return found;
  const { name, driver, scenario } = recipe;
  // What the kernel does not have shows only where there is a kernel.
  const { kernel, symbols } = new Machine({ name, driver }, {});
  const programs = scenario === undefined ? [driver] : [driver, scenario];
  const linked = programs.flatMap((program) => program.link(kernel.world(symbols)).problems ?? []);
  return linked.length > 0 ? linked : problemsOfDevices(recipe);
}

/** The first thing that a device complains of; where it knows no place for that, it is the driver's first line. */
function problemsOfDevices(recipe: Recipe): readonly Problem[] {
  if (recipe.devices === undefined && recipe.devicePrograms === undefined && recipe.svd === undefined) return [];
  try {
    void new Machine(recipe, {});
    return [];
  } catch (error) {
    if (error instanceof ModelError) return [error.problem];
    const message = error instanceof Error ? error.message : String(error);
    return [{ file: recipe.driver.sites[0]?.file ?? "", line: 1, column: 1, message }];
  }
}

function modelOfSvd({ file, text, peripheral }: SvdChoice, index: number): DeviceModel {
  const problem = (line: number, message: string): ModelError => new ModelError({ file, line, column: 1, message });
  try {
    const chip = parseSvd(text);
    const found = chip.peripheral(peripheral);
    if (found !== undefined) return svdModel(found, SVD_IRQ + index * SVD_IRQS);
    throw problem(1, `no peripheral ${peripheral}; there are ${chip.names.join(", ")}`);
  } catch (error) {
    throw error instanceof SvdError ? problem(error.line, error.message) : error;
  }
}
