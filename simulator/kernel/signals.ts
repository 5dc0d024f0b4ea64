// Signals: sent to tasks, they end interruptible waits; kernel threads have only those that they allow.
// Source: kernel/signal.c
import type { Task } from "../engine/task.ts";
import { type Core, SIGKILL, TASK_INTERRUPTIBLE, TASK_WAKEKILL } from "./core.ts";
import { errno } from "./errno.ts";

/** Numbers of include/uapi/asm-generic/signal.h. */
export const SIGNALS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

const _NSIG = 64;

export class Signals {
  private readonly core: Core;

  constructor(core: Core) {
    this.core = core;
  }

  /** send_sig(): 0, or -EINVAL. A kernel thread does not see what it does not allow. */
  send(signal: number, task: Task): number {
    if (signal < 0 || signal > _NSIG) return -errno.EINVAL;
    const context = this.core.contextOf(task);
    if (signal === 0 || (context.ignoresSignals && !context.allowed.has(signal))) return 0;
    context.signals.add(signal);
    context.signalPending = true;
    this.core.emit({ kind: "signal", signal, id: task.id, comm: task.name });
    this.core.wakeUp(task, signal === SIGKILL ? TASK_INTERRUPTIBLE | TASK_WAKEKILL : TASK_INTERRUPTIBLE);
    return 0;
  }

  /** allow_signal(), for the running kernel thread. */
  allow(signal: number): void {
    this.core.context.allowed.add(signal);
  }

  disallow(signal: number): void {
    this.core.context.allowed.delete(signal);
  }

  /** kernel_dequeue_signal(): the pending signal with the lowest number, or 0. */
  dequeue(): number {
    const { context } = this.core;
    const signal = Math.min(...context.signals);
    if (!Number.isFinite(signal)) return 0;
    context.signals.delete(signal);
    context.signalPending = context.signals.size > 0;
    return signal;
  }

  flush(task: Task): void {
    const context = this.core.contextOf(task);
    context.signals.clear();
    context.signalPending = false;
  }

  isPending(task: Task): boolean {
    return this.core.contextOf(task).signalPending;
  }

  isFatalPending(task: Task): boolean {
    return this.core.contextOf(task).signals.has(SIGKILL);
  }
}
