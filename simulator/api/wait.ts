// linux/wait: sleeping until a condition holds, and waking who sleeps.
import type { Steps } from "../engine/interfaces.ts";
import {
  type Core,
  TASK_IDLE,
  TASK_INTERRUPTIBLE,
  TASK_KILLABLE,
  TASK_NORMAL,
  TASK_UNINTERRUPTIBLE,
} from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { wait_queue_entry, wait_queue_head_t } from "../kernel/layouts.ts";
import type { WaitOptions } from "../kernel/wait.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

/** What the condition of a wait asks a driver's function. */
type Asking = (condition: number) => () => Steps<boolean>;

export function wait(kernel: Kernel): Header {
  const { core, waits, statics } = kernel;
  const header = new Header(core);
  header.layout("wait_queue_head_t", wait_queue_head_t);
  header.layout("wait_queue_entry", wait_queue_entry);
  const asking: Asking = (condition) => () => answer(core, condition);
  const named = (place: () => number) => (name: number) => {
    const address = place();
    waits.init(address, kernel.textAt(name));
    return address;
  };
  const { size, align } = wait_queue_head_t;

  /** A static wait queue of this name, ready for use. At file scope. Its address. */
  header.plain("DECLARE_WAIT_QUEUE_HEAD", ["string"], wait_queue_head_t, (name: number) =>
    named(() => statics.global(size, align, kernel.textAt(name)))(name),
  );
  /** One that is a local variable. Task context. Its address. */
  header.plain(
    "DECLARE_WAIT_QUEUE_HEAD_ONSTACK",
    ["string"],
    wait_queue_head_t,
    named(() => statics.stack.push(size, align)),
  );
  /** Makes a wait queue ready for use, named by the expression. Any context. */
  header.plain(
    "init_waitqueue_head",
    [wait_queue_head_t],
    "void",
    (queue: number, text?: number) => waits.init(queue, lockName(kernel, queue, text)),
    { stringizes: [0] },
  );
  waiting(header, kernel, asking);
  waitingWithLock(header, kernel, asking);
  entries(header, kernel);
  /** wake_up and its kin wake all that wait together, and one of the exclusive ones. Any context. */
  for (const [suffix, mode] of [
    ["", TASK_NORMAL],
    ["_interruptible", TASK_INTERRUPTIBLE],
  ] as const) {
    header.plain(`wake_up${suffix}`, [wait_queue_head_t], "void", (queue: number) => waits.wakeUp(queue, mode));
    /** The same, and so many of the exclusive ones. Any context. */
    header.plain(`wake_up${suffix}_nr`, [wait_queue_head_t, "int"], "void", (queue: number, nr: number) =>
      waits.wakeUp(queue, mode, nr),
    );
    /** Wakes everybody. Any context. */
    header.plain(`wake_up${suffix}_all`, [wait_queue_head_t], "void", (queue: number) => waits.wakeUp(queue, mode, 0));
    /** The same as without, where the caller is about to sleep itself. Any context. */
    header.plain(`wake_up${suffix}_sync`, [wait_queue_head_t], "void", (queue: number) => waits.wakeUp(queue, mode));
  }
  /** Whether anybody waits. Any context. */
  header.plain("waitqueue_active", [wait_queue_head_t], "int", (queue: number) => waits.isActive(queue));
  /** The same, with a barrier before. Any context. */
  header.plain("wq_has_sleeper", [wait_queue_head_t], "bool", (queue: number) => {
    core.emit({ kind: "barrier", name: "smp_mb" });
    return waits.isActive(queue);
  });
  return header;
}

const STATES = [
  ["", TASK_UNINTERRUPTIBLE],
  ["_interruptible", TASK_INTERRUPTIBLE],
  ["_killable", TASK_KILLABLE],
  ["_idle", TASK_IDLE],
] as const;

function waiting(header: Header, { waits, core }: Kernel, asking: Asking): void {
  const wait = (queue: number, condition: number, options: WaitOptions): Steps<number> =>
    waits.waitEvent(queue, asking(condition), options);
  for (const [suffix, state] of STATES) {
    const isSignalled = suffix === "_interruptible" || suffix === "_killable";
    const callee = `wait_event${suffix}`;
    /** Sleeps until the condition holds, or a signal comes that such a sleep ends with. Task context, may sleep. 0, or -ERESTARTSYS. */
    header.steps(callee, [wait_queue_head_t, "callback"], isSignalled ? "int" : "void", (queue: number, c: number) =>
      wait(queue, c, { callee, state }),
    );
    const timed = `${callee}_timeout`;
    /** The same for at most so many jiffies. Task context, may sleep. Jiffies left, 0: time is up; or -ERESTARTSYS. */
    header.steps(timed, [wait_queue_head_t, "callback", "int"], "int", (queue: number, c: number, timeout: number) =>
      wait(queue, c, { callee: timed, state, timeout }),
    );
    if (suffix === "") continue;
    const alone = `${callee}_exclusive`;
    /** The same, woken alone and behind those that are woken together. Task context, may sleep. 0, or -ERESTARTSYS. */
    header.steps(alone, [wait_queue_head_t, "callback"], isSignalled ? "int" : "void", (queue: number, c: number) =>
      wait(queue, c, { callee: alone, state, isExclusive: true }),
    );
  }
  for (const [suffix, state] of STATES.slice(0, 2)) {
    const callee = `wait_event${suffix}_hrtimeout`;
    /** The same for at most so many nanoseconds. Task context, may sleep. 0, -ETIME when time is up, or -ERESTARTSYS. */
    header.steps(callee, [wait_queue_head_t, "callback", "s64"], "int", (queue: number, c: number, nanos: bigint) =>
      wait(queue, c, { callee, state, nanos: Number(nanos) }),
    );
  }
  for (const [callee, isExclusive] of [
    ["wait_event_cmd", false],
    ["wait_event_exclusive_cmd", true],
  ] as const) {
    /** Sleeps until the condition holds, with a command before and one after each sleep. Task context, may sleep. */
    header.steps(
      callee,
      [wait_queue_head_t, "callback", "callback", "callback"],
      "void",
      (queue: number, c: number, before: number, after: number) =>
        wait(queue, c, {
          callee,
          isExclusive,
          before: () => core.callDriver(before, []),
          after: () => core.callDriver(after, []),
        }),
    );
  }
}

function waitingWithLock(header: Header, { waits, locks, core }: Kernel, asking: Asking): void {
  for (const [suffix, state] of STATES.slice(0, 2)) {
    const returns = suffix === "" ? "void" : "int";
    const callee = `wait_event${suffix}_lock_irq`;
    const around = (lock: number, command?: number): WaitOptions => ({
      callee,
      state,
      *before() {
        yield* locks.spinUnlock(lock, "_irq");
        if (command !== undefined) yield* core.callDriver(command, []);
      },
      after: () => locks.spinLock(lock, "_irq"),
    });
    /** Sleeps until the condition, which is asked under the lock, holds; the lock is given back while it sleeps. Task context, may sleep. */
    header.steps(
      callee,
      [wait_queue_head_t, "callback", "ptr"],
      returns,
      (queue: number, condition: number, lock: number) => waits.waitEvent(queue, asking(condition), around(lock)),
    );
    /** The same with a command before each sleep. Task context, may sleep. */
    header.steps(
      `${callee}_cmd`,
      [wait_queue_head_t, "callback", "ptr", "callback"],
      returns,
      (queue: number, condition: number, lock: number, command: number) =>
        waits.waitEvent(queue, asking(condition), around(lock, command)),
    );
    /** The same for at most so many jiffies. Task context, may sleep. Jiffies left, 0: time is up. */
    header.steps(
      `${callee}_timeout`,
      [wait_queue_head_t, "callback", "ptr", "int"],
      "int",
      (queue: number, condition: number, lock: number, timeout: number) =>
        waits.waitEvent(queue, asking(condition), { ...around(lock), timeout }),
    );
  }
}

/** Waiting by hand: an entry in the queue, a state, schedule(). */
function entries(header: Header, { core, waits, statics, tasks }: Kernel): void {
  const place = (): number => statics.stack.push(wait_queue_entry.size, wait_queue_entry.align);
  /** An entry for the running task, which leaves the queue when it is woken. Task context. Its address. */
  header.plain("DEFINE_WAIT", ["string"], wait_queue_entry, () => {
    const entry = place();
    waits.initEntry(entry, core.task, tasks.current, true);
    return entry;
  });
  const own = (entry: number, task: number): number => {
    waits.initEntry(entry, tasks.at(task) ?? core.task, task, false);
    return entry;
  };
  /** An entry for a task, which stays until it is removed. Task context. Its address. */
  header.plain("DECLARE_WAITQUEUE", ["string", "ptr"], wait_queue_entry, (_: number, task: number) =>
    own(place(), task),
  );
  /** Makes such an entry of a struct's member. Any context. */
  header.plain("init_waitqueue_entry", [wait_queue_entry, "ptr"], "void", own);
  /** Makes an entry of a struct's member one for the running task, as DEFINE_WAIT. Task context. */
  header.plain("init_wait", [wait_queue_entry], "void", (entry: number) =>
    waits.initEntry(entry, core.task, tasks.current, true),
  );
  /** Puts an entry among those that are woken together. Any context. */
  header.plain("add_wait_queue", [wait_queue_head_t, wait_queue_entry], "void", (queue: number, entry: number) =>
    waits.add(queue, entry, false),
  );
  /** Puts an entry behind those that are woken together. Any context. */
  header.plain(
    "add_wait_queue_exclusive",
    [wait_queue_head_t, wait_queue_entry],
    "void",
    (queue: number, entry: number) => waits.add(queue, entry, true),
  );
  /** Takes an entry out. Any context. */
  header.plain("remove_wait_queue", [wait_queue_head_t, wait_queue_entry], "void", (queue: number, entry: number) =>
    waits.remove(queue, entry),
  );
  /** Puts the entry in the queue, once, and says as what the task will sleep. Task context. */
  header.plain(
    "prepare_to_wait",
    [wait_queue_head_t, wait_queue_entry, "int"],
    "void",
    (queue: number, entry: number, state: number) => void waits.prepare(queue, entry, state, false),
  );
  /** The same, to be woken alone. Task context. Whether it is the first. */
  header.plain(
    "prepare_to_wait_exclusive",
    [wait_queue_head_t, wait_queue_entry, "int"],
    "bool",
    (queue: number, entry: number, state: number) => waits.prepare(queue, entry, state, true),
  );
  /** The same, unless a signal is there. Task context. 0, or -ERESTARTSYS. */
  header.plain(
    "prepare_to_wait_event",
    [wait_queue_head_t, wait_queue_entry, "int"],
    "int",
    (queue: number, entry: number, state: number) => waits.prepareEvent(queue, entry, state),
  );
  /** The task runs, and its entry is in no queue. Task context. */
  header.plain("finish_wait", [wait_queue_head_t, wait_queue_entry], "void", (queue: number, entry: number) =>
    waits.finish(queue, entry),
  );
}

function* answer(core: Core, condition: number): Steps<boolean> {
  return (yield* core.callDriver(condition, [])) !== 0;
}
