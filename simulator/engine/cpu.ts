// A CPU of the machine: who has it, since when, and who waits for it.
import { RunQueue } from "./run-queue.ts";
import type { Task } from "./task.ts";

export class Cpu {
  readonly id: number;
  /** Runs interrupts when nothing else is there. */
  readonly idle: Task;
  readonly queue = new RunQueue();
  /** Virtual time at which its task got it. */
  since = 0;
  private holder: Task | undefined;
  private readonly switched: (cpu: Cpu) => void;

  /** `switched`: somebody else has it, or nobody. */
  constructor(id: number, switched: (cpu: Cpu) => void) {
    this.id = id;
    this.switched = switched;
    this.idle = {
      id: 0,
      name: `swapper/${id}`,
      cpu: id,
      priority: 0,
      isDaemon: true,
      state: "running",
      waitingOn: undefined,
      waiter: undefined,
      layers: [],
    };
  }

  get current(): Task | undefined {
    return this.holder;
  }

  set current(task: Task | undefined) {
    this.holder = task;
    this.switched(this);
  }

  /** Who would run on it; nobody while its task spins or it idles. */
  get next(): Task | undefined {
    const holder = this.holder ?? (this.isIdleBusy ? this.idle : undefined);
    if (holder === undefined) return this.queue.first;
    // A spinning task still takes interrupts, on top of what spins.
    const spins = holder.state === "spinning" && holder.layers.at(-1) === holder.waiter;
    return spins ? undefined : holder;
  }

  /** Its idle task has interrupts to run, and none of them sleeps, as none should. */
  get isIdleBusy(): boolean {
    return this.idle.layers.length > 0 && this.idle.state !== "blocked";
  }
}
