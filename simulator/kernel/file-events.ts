// Waiting for files and being told by them: poll, and SIGIO.
// Source: fs/select.c, fs/fcntl.c
import type { StackAllocator, Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_INTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { FASYNC, type Files } from "./files.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { file, offsetOf } from "./layouts.ts";
import type { Signals } from "./signals.ts";
import type { Slab } from "./slab.ts";
import type { Enrolment, WaitQueues } from "./wait.ts";

const word = { kind: "scalar", scalar: "u32" } as const;
const anything = { kind: "pointer", to: "void" } as const;

export const poll_table = layOut("poll_table_struct", [
  ["_qproc", anything],
  ["_key", word],
]);

export const fasync_struct = layOut("fasync_struct", [
  ["magic", word],
  ["fa_fd", { kind: "scalar", scalar: "s32" }],
  ["fa_next", anything],
  ["fa_file", { kind: "pointer", to: file }],
]);

/** Bits of include/uapi/linux/eventpoll.h. */
export const EVENTS = {
  EPOLLIN: 0x1,
  EPOLLPRI: 0x2,
  EPOLLOUT: 0x4,
  EPOLLERR: 0x8,
  EPOLLHUP: 0x10,
  EPOLLNVAL: 0x20,
  EPOLLRDNORM: 0x40,
  EPOLLRDBAND: 0x80,
  EPOLLWRNORM: 0x100,
  EPOLLWRBAND: 0x200,
  EPOLLMSG: 0x400,
  EPOLLRDHUP: 0x2000,
} as const;
/** A file without poll can always be read and written. */
export const DEFAULT_POLLMASK = EVENTS.EPOLLIN | EVENTS.EPOLLOUT | EVENTS.EPOLLRDNORM | EVENTS.EPOLLWRNORM;
const ALWAYS = EVENTS.EPOLLERR | EVENTS.EPOLLHUP;
const FASYNC_MAGIC = 0x4601;
const QPROC = offsetOf(poll_table, "_qproc");
const KEY = offsetOf(poll_table, "_key");

export class FileEvents {
  private readonly core: Core;
  private readonly files: Files;
  private readonly waits: WaitQueues;
  private readonly slab: Slab;
  private readonly signals: Signals;
  private readonly stack: StackAllocator;
  /** What poll() of a task waits on, by its poll_table. */
  private readonly polls = new Map<number, { readonly task: Task; readonly on: Enrolment[] }>();
  /** Who is told of a file, and how often a task was. */
  private readonly owners = new Map<number, Task>();
  private readonly told = new Map<Task, number>();

  constructor(core: Core, files: Files, waits: WaitQueues, slab: Slab, signals: Signals, stack: StackAllocator) {
    this.core = core;
    this.files = files;
    this.waits = waits;
    this.slab = slab;
    this.signals = signals;
    this.stack = stack;
  }

  /** poll() of one file: the events that hold, 0 when the time is up, or a negative errno. Milliseconds; -1 waits for ever. */
  *poll(fd: number, events: number, timeout: number): Steps<number> {
    const { core } = this;
    const { task } = core;
    const { clock } = core.engine;
    const opened = this.files.opened(fd);
    if (opened === undefined) return EVENTS.EPOLLNVAL;
    const mark = this.stack.mark();
    const table = this.stack.push(poll_table.size, poll_table.align);
    // Whoever calls __pollwait() through it is poll_wait() itself.
    core.memory.poke(table + QPROC, 4, 1);
    core.memory.poke(table + KEY, 4, events | ALWAYS);
    const on: Enrolment[] = [];
    this.polls.set(table, { task, on });
    const until = timeout < 0 ? undefined : clock.nanos + timeout * 1e6;
    const alarm = until === undefined ? undefined : clock.after(timeout * 1e6, () => core.wakeUp(task));
    let result: number | undefined;
    while (result === undefined) {
      for (const { waiter } of on) waiter.woken = false;
      const mask = yield* this.files.operate("vfs_poll", opened, "poll", [opened.address, table]);
      const got = (mask ?? DEFAULT_POLLMASK) & (events | ALWAYS);
      core.memory.poke(table + QPROC, 4, 0);
      if (got !== 0) result = got;
      else if (core.context.signalPending) result = -errno.EINTR;
      else if (until !== undefined && clock.nanos >= until) result = 0;
      else if (!on.some(({ waiter }) => waiter.woken))
        yield* core.schedule({ words: `poll of file ${fd}` }, TASK_INTERRUPTIBLE);
    }
    alarm?.cancel();
    for (const one of on) this.waits.leave(one);
    this.polls.delete(table);
    this.stack.release(mark);
    return result;
  }

  /** poll_wait(): the caller of poll() is woken with the queue. */
  pollWait(queue: number, table: number): void {
    const poll = this.polls.get(table);
    if (table === 0 || queue === 0 || poll === undefined) return;
    if (this.core.memory.load(table + QPROC, 4, false) !== 0) poll.on.push(this.waits.enrol(queue, poll.task));
  }

  /** Whether poll() only looks. */
  doesNotWait(table: number): boolean {
    return table === 0 || this.core.memory.load(table + QPROC, 4, false) === 0;
  }

  /** What poll() asks for. */
  requested(table: number): number {
    return table === 0 ? 0xffffffff : this.core.memory.load(table + KEY, 4, false);
  }

  /** fcntl(fd, F_SETFL, O_ASYNC), the caller being the owner: 0, or a negative errno. */
  *setAsync(fd: number, on: boolean): Steps<number> {
    const opened = this.files.opened(fd);
    if (opened === undefined) return -errno.EBADF;
    this.owners.set(opened.address, this.core.task);
    const result = yield* this.files.operate("setfl", opened, "fasync", [fd, opened.address, on ? 1 : 0]);
    // A driver without fasync ignores the flag.
    if (result === undefined) return 0;
    if (result < 0) return result;
    const { memory } = this.core;
    const flags = opened.address + offsetOf(file, "f_flags");
    memory.poke(flags, 4, on ? memory.peek(flags, 4) | FASYNC : memory.peek(flags, 4) & ~FASYNC);
    return 0;
  }

  /** fasync_helper(): 1 when the list at `*to` has changed, 0 when not, or a negative errno. */
  helper(fd: number, of: number, on: boolean, to: number): number {
    const { memory } = this.core;
    if (on) this.slab.mightAlloc(GFP_KERNEL, "fasync_helper");
    let at = to;
    for (let it = memory.load(at, 4, false); it !== 0; it = memory.load(at, 4, false)) {
      const next = it + offsetOf(fasync_struct, "fa_next");
      if (memory.load(it + offsetOf(fasync_struct, "fa_file"), 4, false) === of) {
        if (on) {
          memory.store(it + offsetOf(fasync_struct, "fa_fd"), 4, fd);
          return 0;
        }
        memory.store(at, 4, memory.load(next, 4, false));
        this.slab.kfree(it);
        this.owners.delete(of);
        return 1;
      }
      at = next;
    }
    if (!on) return 0;
    const made = this.slab.reserve(fasync_struct.size, "fasync_cache");
    memory.poke(made, 4, FASYNC_MAGIC);
    memory.poke(made + offsetOf(fasync_struct, "fa_fd"), 4, fd);
    memory.poke(made + offsetOf(fasync_struct, "fa_next"), 4, memory.load(to, 4, false));
    memory.poke(made + offsetOf(fasync_struct, "fa_file"), 4, of);
    memory.store(to, 4, made);
    return 1;
  }

  /** kill_fasync(): a signal to the owner of each file in the list. */
  kill(from: number, signal: number): void {
    const { memory } = this.core;
    for (let it = memory.load(from, 4, false); it !== 0; ) {
      const owner = this.owners.get(memory.load(it + offsetOf(fasync_struct, "fa_file"), 4, false));
      if (owner !== undefined && owner.state !== "done") {
        this.told.set(owner, (this.told.get(owner) ?? 0) + 1);
        this.signals.send(signal, owner);
      }
      it = memory.load(it + offsetOf(fasync_struct, "fa_next"), 4, false);
    }
  }

  /** How often the running task was told. */
  get tellings(): number {
    return this.told.get(this.core.task) ?? 0;
  }
}
