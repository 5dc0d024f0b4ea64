// The engine: runs tasks on CPUs in slices of statements, lets time pass, and asks its guest kernel for interrupts.
import { Clock, STATEMENT_NANOS } from "./clock.ts";
import { Cpu } from "./cpu.ts";
import type { Birth, Guest, Pause } from "./guest.ts";
import {
  type Activation,
  type Image,
  pageFault,
  type Raw,
  type Steps,
  type Stop,
  type WaitToken,
} from "./interfaces.ts";
import type { Policy } from "./policy.ts";
import { Progress } from "./progress.ts";
import { KernelActivation, siteOf, type Task } from "./task.ts";
import { type Context, type Moment, Trace } from "./trace.ts";
import { type Slice, Turns } from "./turns.ts";

export type { Birth, Guest, Pause } from "./guest.ts";

/** How long a task runs before others of its CPU have more right to it. */
const TURN_NANOS = 3e6;

export class Engine {
  readonly clock = new Clock(() => this.ahead);
  readonly trace: Trace;
  /** Told when a CPU is given to a task, or to nobody. */
  onSwitch: ((cpu: number, task: Task | undefined) => void) | undefined;
  private readonly living = new Map<number, Task>();
  private readonly cpus: Cpu[];
  private readonly policy: Policy;
  private readonly turns: Turns;
  private readonly functions = new Map<number, { image: Image; name: string; entry: unknown; gone: boolean }>();
  private guest: Guest | undefined;
  private running: Slice | undefined;
  private open: Slice | undefined;
  private dead: { readonly cpu: Cpu; readonly task: Task } | undefined;
  /** What runs this very moment. */
  private active: Activation | undefined;
  private nextId = 1;
  private asked = false;
  private halted = false;
  private only: Task | undefined;
  private readonly progress = new Progress();

  constructor(policy: Policy, cpus: number) {
    this.policy = policy;
    this.turns = new Turns(policy);
    const switched = ({ id, current }: Cpu) => this.onSwitch?.(id, current);
    this.cpus = Array.from({ length: cpus }, (_, id) => new Cpu(id, switched));
    this.trace = new Trace(() => this.moment());
  }

  attach(guest: Guest): void {
    this.guest = guest;
  }

  get cpuCount(): number {
    return this.cpus.length;
  }

  /** Tasks that are not over, in the order in which they began. */
  get tasks(): readonly Task[] {
    return [...this.living.values()];
  }

  /** A task that is not over, by its id. */
  taskOf(id: number): Task | undefined {
    return this.living.get(id);
  }

  /** The task that runs now, if any: the idle task of its CPU during an interrupt without one. */
  get current(): Task | undefined {
    return this.running?.task;
  }

  get cpu(): number {
    return this.running?.cpu.id ?? 0;
  }

  /** Who has a CPU, or was interrupted on it: its idle task when nobody has it. */
  taskOn(cpu: number): Task {
    const { current, idle } = this.cpus[cpu]!;
    return current ?? idle;
  }

  /** The task that a CPU has when nobody wants it. */
  idleOf(cpu: number): Task {
    return this.cpus[cpu]!.idle;
  }

  /** The context of what runs now. */
  get context(): Context {
    return this.running?.task.layers.at(-1)?.context ?? "task";
  }

  moment(): Moment {
    const task = this.running?.task;
    return {
      clock: this.clock.statements,
      nanos: this.clock.nanos,
      cpu: this.cpu,
      task: task?.id ?? 0,
      comm: task?.name ?? "swapper/0",
      context: this.context,
      site: task === undefined ? undefined : siteOf(task),
    };
  }

  addFunction(image: Image, name: string, entry: unknown): number {
    const address = 0x7f000000 + 16 * (this.functions.size + 1);
    this.functions.set(address, { image, name, entry, gone: false });
    return address;
  }

  /** The name of a function by its address, for reports and views; it outlives the image. */
  functionAt(address: number): string | undefined {
    return this.functions.get(address >>> 0)?.name;
  }

  /** Whose function lies at an address. */
  imageOf(address: number): Image | undefined {
    return this.functions.get(address >>> 0)?.image;
  }

  /** The code of an unloaded module is no longer there: to call it is a page fault. */
  removeFunctions(image: Image): void {
    for (const target of this.functions.values()) if (target.image === image) target.gone = true;
  }

  /** Starts a task; `done` is told its result, or undefined after a fault. */
  spawn(name: string, work: Steps<Raw> | Activation, done?: (value: Raw) => void, birth: Birth = {}): Task {
    const cpu = this.cpus[birth.cpu ?? this.nextId % this.cpus.length]!;
    const activation = "run" in work ? work : new KernelActivation(work);
    const { asleep, isDaemon = false } = birth;
    const task: Task = {
      id: this.nextId++,
      name,
      cpu: cpu.id,
      priority: 0,
      isDaemon,
      state: asleep === undefined ? "ready" : "blocked",
      waitingOn: asleep,
      waiter: undefined,
      layers: [{ activation, context: "task", resume: undefined, ...(done === undefined ? {} : { onDone: done }) }],
    };
    this.living.set(task.id, task);
    if (asleep === undefined) cpu.queue.push(task);
    return task;
  }

  /** Gives a task another CPU; one that has a CPU now changes it when it next waits or yields. */
  move(task: Task, cpu: number): void {
    if (task.cpu === cpu) return;
    if (task.state === "ready") {
      this.cpus[task.cpu]!.queue.remove(task);
      this.cpus[cpu]!.queue.push(task);
    }
    task.cpu = cpu;
  }

  /** Gives a task another priority. */
  setPriority(task: Task, priority: number): void {
    const { queue } = this.cpus[task.cpu]!;
    if (task.state === "ready") queue.remove(task);
    task.priority = priority;
    if (task.state === "ready") queue.push(task);
  }

  /** Whether somebody waits for the CPU of the running task and has more right to it: it ran long, or is less urgent. */
  needsTurn(cpu: number): boolean {
    const { current, queue, since } = this.cpus[cpu]!;
    if (current === undefined || queue.first === undefined) return false;
    if (queue.first.priority !== current.priority) return queue.first.priority > current.priority;
    return current.priority === 0 && this.clock.nanos - since >= TURN_NANOS;
  }

  /** Ends the wait of a blocked or spinning task; its wait gives `value`. Waking a task that does not wait is nothing. */
  wake(task: Task, value?: Raw): void {
    if (task.state === "spinning" || (task.state === "blocked" && this.isIdle(task))) task.state = "running";
    else if (task.state === "blocked") {
      task.state = "ready";
      this.cpus[task.cpu]!.queue.push(task);
    } else return;
    task.waitingOn = undefined;
    if (task.waiter !== undefined) task.waiter.resume = value;
    task.waiter = undefined;
  }

  /** Lets virtual time pass within a statement (udelay). */
  delay(nanos: number): void {
    this.clock.advance(nanos);
  }

  /** The machine stands still from here on: a panic. */
  halt(): void {
    this.halted = true;
  }

  /**
   * Nobody but this task gets a turn from here on, and no interrupt comes: until nobody is named, or the task is over.
   * While it cannot run, `run` comes back at once.
   */
  freezeAllBut(task: Task | undefined): void {
    this.only = task;
    if (this.open === undefined || task === undefined || this.open.task === task) return;
    this.clock.settle(this.open.ran);
    this.open = undefined;
  }

  /** Makes `run` come back when the activation that runs now does: at the next breakpoint, or at the end of its slice. */
  ask(): void {
    this.asked = true;
    this.entered();
  }

  /** What runs now enters the kernel: from here on others may have to run when its turn is over. */
  entered(): void {
    const { open, active } = this;
    if (open !== undefined && active !== undefined) this.endTurn(open, open.ran + active.used);
  }

  /**
   * Runs until something is worth a look, or `until` statements have run in all and the next one is about to: kernel
   * code that comes before it has run too, so that a count of statements names one state of the machine.
   */
  run(until: number): Pause {
    for (;;) {
      const pause = this.slice(until);
      if (pause !== undefined) return pause;
    }
  }

  /** The task whose turn it is, between two calls of `run`. */
  get turn(): Task | undefined {
    return this.open?.task;
  }

  /** A task faulted just now, and its stack is still there. */
  get hasFaulted(): boolean {
    return this.dead !== undefined;
  }

  private slice(until: number): Pause | undefined {
    this.bury();
    if (this.clock.isStorming && !this.halted) this.storm();
    if (this.halted) return { kind: "idle" };
    this.open ??= this.begin();
    const slice = this.open;
    if (slice === undefined) return this.only === undefined ? this.idle() : { kind: "frozen", task: this.only };
    const { cpu, task } = slice;
    const top = task.layers.at(-1)!;
    const { resume } = top;
    top.resume = undefined;
    const budget = Math.max(0, Math.min(slice.left, until - this.clock.statements));
    this.running = slice;
    this.active = top.activation;
    const stop = this.unlessLost(task, top.activation.run(budget, resume));
    this.active = undefined;
    const { used } = top.activation;
    slice.ran += used;
    slice.left -= used;
    const isDriver = !(top.activation instanceof KernelActivation);
    // At a hook the next statement is about to run, otherwise the last one has not ended.
    if (stop.kind !== "budget") this.endTurn(slice, stop.kind === "breakpoint" ? slice.ran : slice.ran - 1);
    else if (slice.left > 0) this.endTurn(slice, slice.ran);
    else this.turns.ended();
    const isOver = slice.left <= 0 || !isDriver || (stop.kind !== "budget" && stop.kind !== "breakpoint");
    const isReached = !isOver && stop.kind === "budget" && this.clock.statements >= until;
    const pause = isReached ? ({ kind: "clock" } as const) : this.handle(cpu, task, stop);
    this.running = undefined;
    if (isOver) {
      this.open = undefined;
      this.clock.settle(slice.ran);
    }
    if (this.asked) {
      this.asked = false;
      return pause ?? { kind: "asked", task };
    }
    return pause;
  }

  private storm(): void {
    this.guest?.fault(this.cpus[0]!.idle, { message: "BUG: alarms set each other off without end" });
    this.halt();
  }

  /** A task that makes the kernel go round and round is ended, so that whoever looks at the machine is not lost with it. */
  private unlessLost(task: Task, stop: Stop): Stop {
    if (stop.kind === "budget" || stop.kind === "breakpoint") return stop;
    const isLost = this.progress.isLost(this.clock.statements, this.clock.nanos);
    if (this.progress.isOver) this.halt();
    return isLost ? { kind: "fault", fault: { message: `BUG: the kernel makes no progress in ${task.name}` } } : stop;
  }

  /** Whose turn it is, and for how long; undefined when nobody can run. */
  private begin(): Slice | undefined {
    if (this.only !== undefined) return this.beginAlone(this.only);
    for (const cpu of this.cpus) this.interrupt(cpu);
    const cpu = this.choose();
    if (cpu === undefined) return undefined;
    const left = Math.max(1, Math.min(this.policy.slice(), this.untilAlarm()));
    const slice = { cpu, task: this.take(cpu), left, ran: 0 };
    this.turns.begin(left);
    if (this.turns.isWorthIt && this.isAlone(slice)) slice.left = this.turns.lengthen(this.untilAlarm() - 1);
    return slice;
  }

  /** A driver runs, nobody else can, and only what it does itself, or an alarm, changes that. */
  private isAlone({ cpu, task }: Slice): boolean {
    if (task.layers.at(-1)!.activation instanceof KernelActivation) return false;
    if (cpu.queue.first !== undefined || this.guest?.isStill === undefined) return false;
    for (const other of this.cpus) {
      if (!this.guest.isStill(other.id) || (other !== cpu && other.next !== undefined)) return false;
    }
    return true;
  }

  /** The turn in which a statement runs, counted from 0, is the last of those that were drawn. */
  private endTurn(slice: Slice, statement: number): void {
    const less = this.turns.giveBack(statement);
    if (less === 0) return;
    slice.left -= less;
    this.active?.shorten?.(slice.left);
  }

  /** One of the CPUs that have somebody to run: no list is made of them, as this is asked between all turns. */
  private choose(): Cpu | undefined {
    let found: Cpu | undefined;
    let count = 0;
    for (const cpu of this.cpus) {
      if (cpu.next === undefined) continue;
      found ??= cpu;
      count++;
    }
    if (count < 2) return found;
    let left = this.policy.pick(count);
    return this.cpus.find((cpu) => cpu.next !== undefined && left-- === 0);
  }

  /** The only task that may run, if it can: others give its CPU up where they could lose it. */
  private beginAlone(task: Task): Slice | undefined {
    const cpu = this.cpus[task.cpu]!;
    if (task.state === "ready" && (cpu.current === undefined || this.guest?.preemptible(cpu.id) === true)) {
      if (cpu.current !== undefined) this.release(cpu);
      cpu.queue.remove(task);
      cpu.current = task;
      task.state = "running";
      cpu.since = this.clock.nanos;
    }
    if (cpu.next !== task) return undefined;
    return { cpu, task, left: Math.max(1, Math.min(this.policy.slice(), this.untilAlarm())), ran: 0 };
  }

  /** Statements of the open slice. */
  private get ahead(): number {
    if (this.open === undefined) return 0;
    return this.open.ran + (this.active?.used ?? 0);
  }

  private untilAlarm(): number {
    const next = this.clock.nextAlarm;
    return next === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil((next - this.clock.nanos) / STATEMENT_NANOS);
  }

  /** Nobody can run: time jumps to the next alarm. */
  private idle(): Pause | undefined {
    const next = this.clock.nextAlarm;
    if (next === undefined) return { kind: "idle" };
    this.clock.advance(next - this.clock.nanos);
    return undefined;
  }

  private interrupt(cpu: Cpu): void {
    const due = this.guest?.interrupt(cpu.id);
    if (due === undefined) return;
    const task = cpu.current ?? cpu.idle;
    task.layers.push({ activation: new KernelActivation(due.steps), context: due.context, resume: undefined });
  }

  private take(cpu: Cpu): Task {
    if (cpu.current === undefined && cpu.isIdleBusy) return cpu.idle;
    const { first } = cpu.queue;
    if (cpu.current?.state === "running" && first !== undefined && this.guest?.preemptible(cpu.id) === true) {
      // Real-time tasks yield to more urgent ones, and to nobody else.
      const { priority } = cpu.current;
      const gives = first.priority === 0 && priority === 0 ? this.policy.pick(4) === 0 : first.priority > priority;
      if (gives) this.release(cpu);
    }
    if (cpu.current === undefined) {
      cpu.current = cpu.queue.shift()!;
      cpu.current.state = "running";
      cpu.since = this.clock.nanos;
    }
    return cpu.current;
  }

  /** The task of a CPU goes to the end of the queue, which may be another CPU's by now. */
  private release(cpu: Cpu): void {
    const task = cpu.current!;
    task.state = "ready";
    cpu.current = undefined;
    this.cpus[task.cpu]!.queue.push(task);
  }

  private handle(cpu: Cpu, task: Task, stop: Stop): Pause | undefined {
    switch (stop.kind) {
      case "budget":
        return undefined;
      case "breakpoint":
        return { kind: "breakpoint", task, site: stop.site };
      case "block":
        this.block(cpu, task, stop.on);
        return undefined;
      case "yield":
        if (stop.gives === true && cpu.current === task && (cpu.queue.length > 0 || task.cpu !== cpu.id)) {
          this.release(cpu);
        }
        return undefined;
      case "call":
        this.call(task, stop.address, stop.args);
        return undefined;
      case "exit":
        for (const layer of task.layers.splice(0).reverse()) layer.onDone?.(stop.value);
        this.finish(cpu, task);
        return undefined;
      case "fault":
        this.guest?.fault(task, stop.fault);
        this.dead = { cpu, task };
        return undefined;
      case "done": {
        const layer = task.layers.pop()!;
        const below = task.layers.at(-1);
        // An interrupt's result concerns nobody; a call's goes to who made it.
        if (below !== undefined && below.context === layer.context) below.resume = stop.value;
        layer.onDone?.(stop.value);
        if (below === undefined) this.finish(cpu, task);
        return undefined;
      }
    }
  }

  private block(cpu: Cpu, task: Task, on: WaitToken): void {
    task.waitingOn = on;
    task.waiter = task.layers.at(-1);
    if (on.spins === true) {
      task.state = "spinning";
      this.guest?.spinning?.(task);
      return;
    }
    task.state = "blocked";
    if (cpu.current === task) cpu.current = undefined;
  }

  private call(task: Task, address: number, args: readonly Raw[]): void {
    const target = this.functions.get(address >>> 0);
    const context = task.layers.at(-1)!.context;
    if (target === undefined || target.gone) {
      const access = { address: address >>> 0, bytes: 1, isWrite: false, isFetch: true } as const;
      const fault = { message: pageFault(address), access };
      const steps = (function* (): Steps<Raw> {
        yield { kind: "fault", fault };
        return undefined;
      })();
      task.layers.push({ activation: new KernelActivation(steps), context, resume: undefined });
      return;
    }
    task.layers.push({ activation: target.image.call(target.entry, args), context, resume: undefined });
  }

  private isIdle(task: Task): boolean {
    return this.cpus[task.cpu]!.idle === task;
  }

  /** A task that faulted stays to be looked at until somebody goes on. */
  private bury(): void {
    if (this.dead === undefined) return;
    const { cpu, task } = this.dead;
    this.dead = undefined;
    for (const layer of task.layers.splice(0).reverse()) layer.onDone?.(undefined);
    this.finish(cpu, task);
  }

  private finish(cpu: Cpu, task: Task): void {
    if (this.only === task) this.only = undefined;
    if (task === cpu.idle) {
      task.state = "running";
      return;
    }
    task.state = "done";
    this.living.delete(task.id);
    if (cpu.current === task) cpu.current = undefined;
    this.guest?.exited?.(task);
  }
}
