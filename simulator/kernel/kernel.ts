// The simulated kernel: its parts, and what the engine asks of it.
import type { Engine, Guest } from "../engine/engine.ts";
import { hook } from "../engine/hook.ts";
import type { Fault, Image, Raw, Steps, SymbolTable, World } from "../engine/interfaces.ts";
import type { LinearMemory } from "../engine/memory.ts";
import type { Task } from "../engine/task.ts";
import type { Context } from "../engine/trace.ts";
import { THREAD_SIZE } from "./addresses.ts";
import { Binding } from "./binding.ts";
import { Block } from "./block.ts";
import { Buses } from "./bus.ts";
import { Caches } from "./caches.ts";
import { CharDevices } from "./char-devices.ts";
import { Clocks } from "./clk.ts";
import { ClockKinds } from "./clk-kinds.ts";
import { Contracts } from "./contracts.ts";
import { Core, type Preemption } from "./core.ts";
import { Credentials } from "./credentials.ts";
import { DebugObjects } from "./debug-objects.ts";
import { Debugfs } from "./debugfs.ts";
import { DeviceTree } from "./device-tree.ts";
import { Devices } from "./devices.ts";
import { addDiskFiles } from "./disk-files.ts";
import { Dma } from "./dma.ts";
import { DynamicDebug } from "./dynamic-debug.ts";
import type { ContextState, StackEntry } from "./events.ts";
import { ExportedSymbols } from "./exported-symbols.ts";
import { FaultInjection } from "./fault-injection.ts";
import { FileEvents } from "./file-events.ts";
import { Files } from "./files.ts";
import { Fpu } from "./fpu.ts";
import { Gpio } from "./gpio.ts";
import { GpioLookups } from "./gpio-lookups.ts";
import { Hardware } from "./hardware.ts";
import { HrTimers } from "./hrtimers.ts";
import { I2c } from "./i2c.ts";
import { Input } from "./input.ts";
import { addInputFiles } from "./input-files.ts";
import { IovIters } from "./iov-iter.ts";
import { Interrupts } from "./irq.ts";
import { KERN_INFO } from "./kern-levels.ts";
import { watchUninitialised } from "./kmsan.ts";
import { Kobjects } from "./kobjects.ts";
import { KThreads } from "./kthreads.ts";
import { KUnit } from "./kunit.ts";
import { tellBound } from "./lifecycle.ts";
import { Locks } from "./locks.ts";
import { Mappings } from "./mappings.ts";
import { DeviceMemory } from "./mmio.ts";
import { ModelFiles } from "./model-files.ts";
import { ModuleParams } from "./module-params.ts";
import { Modules } from "./modules.ts";
import { Net } from "./net.ts";
import { Pages } from "./pages.ts";
import { PciBus } from "./pci.ts";
import { PerCpu } from "./percpu.ts";
import { Platform } from "./platform.ts";
import { SystemSleep } from "./pm.ts";
import { PortIo } from "./port-io.ts";
import { addPowerFiles } from "./power-files.ts";
import { Log } from "./printk.ts";
import { addProcEntries } from "./proc-entries.ts";
import { Processes } from "./processes.ts";
import { Procfs } from "./procfs.ts";
import { RateLimits } from "./ratelimit.ts";
import { Rcu } from "./rcu.ts";
import { ReferenceCounts } from "./reference-counts.ts";
import { Regmaps } from "./regmap.ts";
import { ResourceTree } from "./resource-tree.ts";
import { Resources } from "./resources.ts";
import { RuntimePm } from "./runtime-pm.ts";
import { Selftests } from "./selftests.ts";
import { Semaphores } from "./semaphores.ts";
import { SeqFiles } from "./seq-files.ts";
import { Seqlocks } from "./seqlocks.ts";
import { SIGNALS, Signals } from "./signals.ts";
import { Slab } from "./slab.ts";
import { Smp } from "./smp.ts";
import { Softirqs } from "./softirqs.ts";
import { Srcu } from "./srcu.ts";
import { StaticKeys } from "./static-keys.ts";
import { Statics } from "./statics.ts";
import { Sysfs } from "./sysfs.ts";
import { Tasklets } from "./tasklets.ts";
import { Tasks } from "./tasks.ts";
import { encode, textAt } from "./text.ts";
import { Tick } from "./tick.ts";
import { Timers } from "./timers.ts";
import { UserMemory } from "./user.ts";
import { Vmalloc } from "./vmalloc.ts";
import { WaitQueues } from "./wait.ts";
import { Watchdog } from "./watchdog.ts";
import { Workqueues } from "./workqueues.ts";
import { Zone } from "./zone.ts";

/** kernel.oops_limit, which is 10,000 there: a driver that faults at every interrupt is to come to an end here. */
const OOPS_LIMIT = 1_000;

export class Kernel implements Guest {
  private oopses = 0;
  readonly core: Core;
  readonly statics: Statics;
  readonly fpu: Fpu;
  readonly log: Log;
  readonly contracts: Contracts;
  readonly limits: RateLimits;
  readonly faults: FaultInjection;
  readonly zone: Zone;
  readonly slab: Slab;
  readonly caches: Caches;
  readonly pages: Pages;
  readonly vmalloc: Vmalloc;
  readonly locks: Locks;
  readonly semaphores: Semaphores;
  readonly seqlocks: Seqlocks;
  readonly staticKeys: StaticKeys;
  readonly waits: WaitQueues;
  readonly rcu: Rcu;
  readonly srcu: Srcu;
  private readonly watchdog: Watchdog;
  readonly references: ReferenceCounts;
  readonly resources: Resources;
  readonly objects: DebugObjects;
  readonly softirqs: Softirqs;
  readonly tick: Tick;
  readonly timers: Timers;
  readonly hrtimers: HrTimers;
  readonly tasklets: Tasklets;
  readonly smp: Smp;
  readonly tasks: Tasks;
  readonly credentials: Credentials;
  readonly signals: Signals;
  readonly kthreads: KThreads;
  readonly workqueues: Workqueues;
  readonly percpu: PerCpu;
  readonly irqs: Interrupts;
  readonly mmio: DeviceMemory;
  readonly hardware: Hardware;
  readonly regions: ResourceTree;
  readonly ports: PortIo;
  readonly devices: Devices;
  readonly dma: Dma;
  readonly pci: PciBus;
  readonly runtime: RuntimePm;
  readonly model: ModelFiles;
  readonly binding: Binding;
  readonly buses: Buses;
  readonly tree: DeviceTree;
  readonly platform: Platform;
  readonly power: SystemSleep;
  readonly clocks: Clocks;
  readonly clockKinds: ClockKinds;
  readonly i2c: I2c;
  readonly regmaps: Regmaps;
  readonly gpio: Gpio;
  readonly gpioLookups: GpioLookups;
  readonly chardevs: CharDevices;
  readonly user: UserMemory;
  readonly net: Net;
  readonly iters: IovIters;
  readonly params: ModuleParams;
  readonly dynamicDebug: DynamicDebug;
  /** Symbols that modules exported. */
  readonly symbols = new ExportedSymbols();
  readonly modules: Modules;
  readonly files: Files;
  readonly mappings: Mappings;
  readonly events: FileEvents;
  readonly block: Block;
  readonly input: Input;
  readonly seq: SeqFiles;
  readonly proc: Procfs;
  readonly sysfs: Sysfs;
  readonly kobjects: Kobjects;
  readonly debugfs: Debugfs;
  readonly processes: Processes;
  readonly kunit: KUnit;
  readonly selftests: Selftests;

  /** `seed` is that of the run: the kernel makes no choices, but hashes pointers with it. */
  constructor(
    engine: Engine,
    memory: LinearMemory,
    seed = 0,
    preemption: Preemption = "full",
    threadSize = THREAD_SIZE,
  ) {
    this.core = new Core(engine, memory, preemption);
    this.watchdog = new Watchdog(this.core);
    this.statics = new Statics(this.core, threadSize);
    this.fpu = new Fpu(this.core);
    this.log = new Log(this.core, seed);
    this.contracts = new Contracts(this.core, this.log, this.statics);
    this.limits = new RateLimits(this.core, this.log);
    this.faults = new FaultInjection(this.core, this.log);
    this.zone = new Zone(this.core, this.log, this.faults);
    this.slab = new Slab(this.core, this.zone);
    this.locks = new Locks(this.core, (address) => this.statics.isStatic(address));
    this.semaphores = new Semaphores(this.core);
    this.seqlocks = new Seqlocks(this.core);
    this.staticKeys = new StaticKeys(this.core);
    this.waits = new WaitQueues(this.core);
    this.slab.watch((address, bytes) => {
      this.locks.forget(address, bytes);
      this.waits.forget(address, bytes);
      this.objects.freed(address, bytes);
    });
    this.objects = new DebugObjects(this.core);
    this.softirqs = new Softirqs(this.core, this.log);
    this.tick = new Tick(this.core);
    this.timers = new Timers(this.core, this.log, this.softirqs, this.tick, this.objects);
    this.hrtimers = new HrTimers(this.core, this.softirqs, this.tick, this.objects);
    this.tasklets = new Tasklets(this.core, this.log, this.softirqs, this.objects);
    this.rcu = new Rcu(this.core, this.softirqs, this.tick, this.statics);
    this.references = new ReferenceCounts(this.core);
    this.resources = new Resources(this.core);
    this.srcu = new Srcu(this.core, this.resources);
    this.smp = new Smp(this.core);
    this.tasks = new Tasks(this.core, this.log, this.slab);
    this.credentials = new Credentials(this.core);
    this.signals = new Signals(this.core);
    this.kthreads = new KThreads(this.core, this.tasks, this.resources);
    this.workqueues = new Workqueues(this.core, this.log, this.slab, this.timers, this.objects, this.resources);
    this.percpu = new PerCpu(this.core, this.resources);
    this.caches = new Caches(this.core, this.slab, this.resources);
    this.pages = new Pages(this.core, this.zone, this.slab, this.resources);
    this.vmalloc = new Vmalloc(this.core, this.zone, this.slab, this.resources);
    this.irqs = new Interrupts(this.core, this.log, this.resources);
    this.mmio = new DeviceMemory(this.core, this.resources);
    this.hardware = new Hardware(this.core, this.irqs, this.mmio);
    this.devices = new Devices(this.core, this.log, this.statics);
    this.dma = new Dma(this.core, this.devices, this.pages, this.statics, this.vmalloc);
    this.devices.whenReleased((device) => this.dma.released(device));
    this.ports = new PortIo(this.core);
    this.regions = new ResourceTree(this.core, this.log, this.statics, this.resources);
    this.runtime = new RuntimePm(this.core, this.devices);
    this.chardevs = new CharDevices(this.core, this.slab, this.log, this.devices, this.resources);
    this.user = new UserMemory(this.core, this.faults);
    this.net = new Net(this);
    this.iters = new IovIters(this.core, this.user, this.statics.stack);
    this.params = new ModuleParams(this.core, this.log, this.statics);
    this.dynamicDebug = new DynamicDebug(this.core, this.resources);
    hook(this.params, "whenDyndbg", (module, queries) => void this.dynamicDebug.set(module, queries));
    this.modules = new Modules(this.core, this.statics, this.log, this.slab, this.resources, this.params, (symbols) =>
      this.world(symbols),
    );
    this.files = new Files(this.core, this.slab, this.chardevs, this.modules, this.statics.stack, this.iters);
    this.mappings = new Mappings(
      this.core,
      this.slab,
      this.statics,
      this.user,
      this.files,
      this.pages,
      this.mmio,
      this.tasks,
    );
    this.events = new FileEvents(this.core, this.files, this.waits, this.slab, this.signals, this.statics.stack);
    this.block = new Block(this);
    this.seq = new SeqFiles(this.core, this.log, this.slab, this.vmalloc, this.user);
    this.proc = new Procfs(this.core, this.slab, this.files, this.resources, this.statics, this.seq);
    addProcEntries(this);
    const { core, log, slab, statics } = this;
    this.sysfs = new Sysfs(this);
    this.kobjects = new Kobjects(core, log, slab, statics, this.resources, this.sysfs);
    this.input = new Input(this);
    const { devices, hardware, resources, runtime } = this;
    this.model = new ModelFiles(core, this.sysfs, this.kobjects, devices);
    hook(this.chardevs, "whenLeaving", (dev) => this.model.removeDevice(dev));
    addPowerFiles(this.model, runtime);
    addInputFiles(this);
    addDiskFiles(this);
    this.binding = new Binding(core, log, devices, this.model, runtime);
    this.buses = new Buses(core, log, statics, devices, resources, this.model, this.binding);
    const { buses, irqs, mmio } = this;
    this.pci = new PciBus(core, statics, log, irqs, mmio, devices, resources, hardware, buses, runtime, this.model);
    this.power = new SystemSleep(log, devices, runtime, buses, this.pci, hardware);
    this.tree = new DeviceTree(core, statics);
    this.clocks = new Clocks(core, statics, slab, this.locks, resources);
    this.clockKinds = new ClockKinds(core, statics, slab, devices, this.tree, mmio, this.locks, this.clocks);
    this.i2c = new I2c(this);
    this.regmaps = new Regmaps(core, slab, this.locks, mmio, this.i2c);
    this.gpio = new Gpio(core, log, statics, resources);
    this.gpioLookups = new GpioLookups(core, devices, this.gpio, this.tree);
    this.platform = new Platform(
      core,
      log,
      slab,
      statics,
      devices,
      buses,
      this.tree,
      hardware,
      this.model,
      this.clockKinds,
    );
    this.debugfs = new Debugfs(this);
    this.processes = new Processes(this.core, this.files, this.locks);
    this.kunit = new KUnit(this.core, this.log, this.statics, this.modules);
    this.selftests = new Selftests(this.core, this.log, this.processes);
    hook(this.core, "isDue", (cpu) => this.isDue(cpu));
    hook(this.core, "whenLeft", (cpu) => this.softirqs.leave(cpu));
    watchUninitialised(core, memory);
    this.modules.whenGone((image, name) => {
      tellBound(this, name);
      this.dynamicDebug.forget(name);
      this.objects.unloaded(image);
      this.workqueues.unloaded(image);
      this.kthreads.unloaded(image);
      this.net.stack.unloaded(image);
    });
    engine.attach(this);
  }

  /** What a program is linked with. */
  world(symbols: SymbolTable): World {
    const { engine, memory } = this.core;
    return {
      symbols,
      memory,
      addFunction: (image: Image, name: string, entry: unknown) => engine.addFunction(image, name, entry),
      literal: (text) => this.statics.literal(text),
      textAt: (address) => textAt(memory, address),
      stack: this.statics.stack,
      global: (bytes, align, name) => this.statics.global(bytes, align, name),
      entering: () => engine.entered(),
      onFloat: (value, target) => this.fpu.used(value, target, this.resources),
    };
  }

  interrupt(cpu: number): { readonly steps: Steps<Raw>; readonly context: Context } | undefined {
    this.watchdog.look(cpu);
    const hard = this.smp.next(cpu) ?? this.tick.next(cpu) ?? this.irqs.next(cpu);
    if (hard !== undefined) return { steps: hard, context: "hardirq" };
    const soft = this.softirqs.next(cpu);
    return soft === undefined ? undefined : { steps: soft, context: "softirq" };
  }

  isStill(cpu: number): boolean {
    return this.watchdog.isFree(cpu);
  }

  preemptible(cpu: number): boolean {
    const { core } = this;
    const { preemptCount, irqsDisabled, isUser, isResched, calls } = core.contextOf(core.engine.taskOn(cpu));
    if (preemptCount !== 0 || irqsDisabled) return false;
    return core.preemption === "full" || isResched || (isUser && calls.length === 0);
  }

  exited(task: Task): void {
    this.locks.leaving(task, "exit");
    this.workqueues.lost(task);
    this.tasks.exited(task);
    this.credentials.exited(task);
    this.core.forget(task);
  }

  spinning(task: Task): void {
    this.core.spinning(task);
  }

  private isDue(cpu: number): boolean {
    return this.smp.isDue(cpu) || this.tick.isDue(cpu) || this.irqs.isDue(cpu) || this.softirqs.isDue(cpu);
  }

  fault(task: Task, fault: Fault): void {
    const { message, access, isOverflow } = fault;
    const stack = this.core.stackOf(task);
    if (isOverflow === true) this.core.emit({ kind: "stack-overflow", message, stack });
    else this.core.emit({ kind: "oops", message, access, stack });
    this.noteDeath(task);
    this.core.reset(task);
    // After an oops lockdep is off: what the task held is not told again.
    this.core.contextOf(task).held.length = 0;
    for (const part of [this.irqs, this.softirqs, this.timers, this.hrtimers, this.tasklets]) part.abandon(task.cpu);
    this.processes.oopsed(task);
    this.oopses += 1;
    if (this.oopses === OOPS_LIMIT) this.stop(`Oopsed too often (kernel.oops_limit is ${OOPS_LIMIT})`);
  }

  /** make_task_dead(): kernel/exit.c; Linux panics where it happens in an interrupt, with softirqs off, or in the idle task. */
  private noteDeath(task: Task): void {
    const { preemptCount, irqsDisabled } = this.core.contextOf(task);
    if (this.core.inInterrupt || task.id === 0) return;
    const note = (how: string): void =>
      void this.log.write(`note: ${task.name}[${task.id}] exited with ${how}`, KERN_INFO);
    if (irqsDisabled) note("irqs disabled");
    if (preemptCount !== 0) note(`preempt_count ${preemptCount}`);
  }

  /** Sends a signal, as ^C does: interruptible waits of the task end. */
  signal(task: Task, signal: number = SIGNALS.SIGINT): void {
    this.signals.send(signal, task);
  }

  /** The text of a C string in memory. */
  textAt(address: number, most?: number): string {
    return textAt(this.core.memory, address, most);
  }

  /** Writes a text and a NUL, as a driver's own code would. */
  putText(address: number, text: string): void {
    const bytes = encode(text);
    this.core.memory.touch(address, bytes.length + 1, true);
    this.core.memory.bytesAt(address, bytes.length + 1).set([...bytes, 0]);
  }

  /** panic(): says why, and nothing runs any more. */
  *panic(text: string): Steps<void> {
    this.stop(text);
    yield { kind: "exit", value: undefined };
  }

  private stop(text: string): void {
    this.log.write(`Kernel panic - not syncing: ${text}`, 0);
    this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
    this.log.write(`---[ end Kernel panic - not syncing: ${text} ]---`, 0);
    this.core.engine.halt();
  }

  /** WARN(): says where the driver is, and goes on. */
  warn(text: string): void {
    this.core.emit({ kind: "warn", text, stack: this.core.stack() });
  }

  /** preempt_count, interrupts and locks of what a CPU runs. */
  contextState(cpu: number): ContextState {
    return this.core.state(this.core.contextOf(this.core.engine.taskOn(cpu)));
  }

  stackOf(task: Task): readonly StackEntry[] {
    return this.core.stackOf(task);
  }
}
