// linux/sched and its kin: tasks, their states, sleeping and waking, signals, process ids.
import type { Steps } from "../engine/interfaces.ts";
import {
  TASK_IDLE,
  TASK_INTERRUPTIBLE,
  TASK_KILLABLE,
  TASK_NORMAL,
  TASK_PARKED,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from "../kernel/core.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { SIGNALS } from "../kernel/signals.ts";
import { pid as pid_layout, sched_param, task_struct } from "../kernel/task-layouts.ts";
import { MAX_SCHEDULE_TIMEOUT, SCHED_FIFO, SCHED_NORMAL } from "../kernel/tasks.ts";
import { putText } from "../kernel/text.ts";
import { Header } from "./header.ts";

const SCHED_RR = 2;

export function sched(kernel: Kernel): Header {
  const { core, tasks } = kernel;
  const header = new Header(core);
  header.layout("task_struct", task_struct);
  header.layout("sched_param", sched_param);
  header.constants({
    TASK_RUNNING,
    TASK_INTERRUPTIBLE,
    TASK_UNINTERRUPTIBLE,
    TASK_KILLABLE,
    TASK_IDLE,
    TASK_NORMAL,
    TASK_PARKED,
    TASK_COMM_LEN: 16,
    MAX_SCHEDULE_TIMEOUT,
    SCHED_NORMAL,
    SCHED_FIFO,
    SCHED_RR,
  });
  for (const name of ["current", "get_current"]) {
    /** The task that runs, or that was interrupted. Any context. */
    header.plain(name, [], task_struct, () => tasks.current);
  }
  for (const name of ["set_current_state", "__set_current_state"]) {
    /** Says as what the task will sleep in schedule(). Task context. */
    header.plain(name, ["u32"], "void", (state: number) => {
      core.setState(core.task, state);
      core.context.stateSetBy = core.stack().find(({ site }) => site !== undefined)?.fn ?? name;
    });
  }
  /** What was said. Task context. */
  header.plain("get_current_state", [], "u32", () => core.context.state);
  /** Wakes a task, or keeps one that is about to sleep from it. Any context. 1 when it did, else 0. */
  header.plain("wake_up_process", [task_struct], "int", (struct: number) => wake(kernel, struct, TASK_NORMAL));
  /** The same, if it sleeps in one of these states. Any context. 1 when it did, else 0. */
  header.plain("wake_up_state", [task_struct, "u32"], "int", (struct: number, states: number) =>
    wake(kernel, struct, states),
  );
  sleeping(header, kernel);
  about(header, kernel);
  return header;
}

function wake({ core, tasks }: Kernel, struct: number, states: number): boolean {
  const task = tasks.at(struct);
  return task !== undefined && core.wakeUp(task, states);
}

function sleeping(header: Header, { core, tasks }: Kernel): void {
  /** Sleeps as the state says until something wakes the task. Task context, may sleep. */
  header.steps("schedule", [], "void", () => tasks.schedule());
  /** Sleeps as the state says, at most so many jiffies. Task context, may sleep. Jiffies left. */
  header.steps("schedule_timeout", ["int"], "int", (timeout: number) => tasks.scheduleTimeout(timeout));
  const states = {
    interruptible: TASK_INTERRUPTIBLE,
    uninterruptible: TASK_UNINTERRUPTIBLE,
    killable: TASK_KILLABLE,
    idle: TASK_IDLE,
  };
  for (const [name, state] of Object.entries(states)) {
    /** The same, with the state set. Task context, may sleep. Jiffies left. */
    header.steps(`schedule_timeout_${name}`, ["int"], "int", (timeout: number) =>
      tasks.scheduleTimeout(timeout, state),
    );
  }
  /** Sleeps as the state says until a time in nanoseconds. Task context, may sleep. 0, or -EINTR when woken before. */
  header.steps("schedule_hrtimeout", ["ptr", "u32"], "int", (expires: number, mode: number) => {
    const time = Number(core.memory.load64(expires, true));
    return tasks.scheduleHrTimeout((mode & 1) === 0 ? time - core.engine.clock.nanos : time);
  });
  /** Sleeps as a wait for a device. Task context, may sleep. */
  header.steps("io_schedule", [], "void", () => tasks.schedule());
  /** The same for at most so many jiffies. Task context, may sleep. Jiffies left. */
  header.steps("io_schedule_timeout", ["int"], "int", (timeout: number) => tasks.scheduleTimeout(timeout));
  /** Lets others run that have more right to the CPU. Task context, may sleep. 1 when it did, else 0. */
  header.steps("cond_resched", [], "int", function* (): Steps<boolean> {
    core.mightSleep("cond_resched", core.here);
    return yield* core.condResched();
  });
  /** yield(): lets others run. Task context, may sleep. */
  header.steps("yield_", [], "void", function* (): Steps<void> {
    core.setState(core.task, TASK_RUNNING);
    yield* tasks.schedule();
  });
  /** Whether others have more right to the CPU. Any context. */
  header.plain("need_resched", [], "bool", () => core.engine.needsTurn(core.engine.cpu));
}

function about(header: Header, { core, tasks }: Kernel): void {
  const idOf = (struct: number): number => core.memory.load(struct + offsetOf(task_struct, "pid"), 4, true);
  for (const name of ["task_pid_nr", "task_tgid_nr", "task_pid_vnr", "task_tgid_vnr"]) {
    /** The number of a task. Any context. */
    header.plain(name, [task_struct], "int", idOf);
  }
  /** The CPU of a task. Any context. */
  header.plain("task_cpu", [task_struct], "u32", (struct: number) => tasks.at(struct)?.cpu ?? 0);
  /** Copies the name of a task. Any context. Where to. */
  header.plain("get_task_comm", ["ptr", task_struct], "ptr", (buffer: number, struct: number) => {
    const task = tasks.at(struct);
    core.memory.touch(buffer, 16, true);
    putText(core.memory, buffer, (task?.name ?? "").slice(0, 15));
    return buffer;
  });
  /** Makes a task nicer to others. Task context. */
  header.plain("set_user_nice", [task_struct, "int"], "void", (struct: number, nice: number) =>
    tasks.setNice(struct, nice),
  );
  /** The niceness of a task. Any context. */
  header.plain(
    "task_nice",
    [task_struct],
    "int",
    (struct: number) => core.memory.load(struct + offsetOf(task_struct, "static_prio"), 4, true) - 120,
  );
  for (const name of ["sched_setscheduler", "sched_setscheduler_nocheck"]) {
    /** Gives a task a policy and a priority. Task context. 0, or -EINVAL. */
    header.plain(name, [task_struct, "int", sched_param], "int", (struct: number, policy: number, param: number) =>
      tasks.setScheduler(struct, policy, core.memory.load(param, 4, true)),
    );
  }
  /** Makes a task a real-time one of middle priority. Task context. */
  header.plain("sched_set_fifo", [task_struct], "void", (p: number) => void tasks.setScheduler(p, SCHED_FIFO, 50));
  /** Makes a task a real-time one of the lowest priority. Task context. */
  header.plain("sched_set_fifo_low", [task_struct], "void", (p: number) => void tasks.setScheduler(p, SCHED_FIFO, 1));
  /** Makes a task an ordinary one of a niceness. Task context. */
  header.plain("sched_set_normal", [task_struct, "int"], "void", (struct: number, nice: number) => {
    tasks.setScheduler(struct, SCHED_NORMAL, 0);
    tasks.setNice(struct, nice);
  });
  /** Keeps a task to the CPUs of a mask. Task context, may sleep. 0, or -EINVAL. */
  header.plain("set_cpus_allowed_ptr", [task_struct, "ptr"], "int", (struct: number, mask: number) => {
    core.mightSleep("set_cpus_allowed_ptr", "kernel/sched/completion.c:111");
    const bits = core.memory.load(mask, 4, false) & ((1 << core.engine.cpuCount) - 1);
    if (bits === 0) return -errno.EINVAL;
    const task = tasks.at(struct);
    if (task === undefined || (bits & (1 << task.cpu)) !== 0) return 0;
    core.engine.move(task, 31 - Math.clz32(bits & -bits));
    return 0;
  });
  /** A reference to a struct. Any context. It. */
  header.plain("get_task_struct", [task_struct], task_struct, (struct: number) => tasks.get(struct));
  /** Gives a reference back. Any context. */
  header.plain("put_task_struct", [task_struct], "void", (struct: number) => tasks.put(struct));
}

export function signal(kernel: Kernel): Header {
  const { core, tasks, signals } = kernel;
  const header = new Header(core);
  header.constants({ ...SIGNALS, SEND_SIG_NOINFO: 0, SEND_SIG_PRIV: 1 });
  const send = (number: number, struct: number): number => {
    const task = tasks.at(struct);
    return task === undefined ? -errno.ESRCH : signals.send(number, task);
  };
  /** Lets the running kernel thread have a signal. Task context. */
  header.plain("allow_signal", ["int"], "void", (number: number) => signals.allow(number));
  /** The contrary. Task context. */
  header.plain("disallow_signal", ["int"], "void", (number: number) => signals.disallow(number));
  /** Sends a signal to a task. Any context. 0, or a negative errno. */
  header.plain("send_sig", ["int", task_struct, "int"], "int", (number: number, struct: number) =>
    send(number, struct),
  );
  /** The same. Any context. 0, or a negative errno. */
  header.plain("send_sig_info", ["int", "ptr", task_struct], "int", (number: number, _info: number, struct: number) =>
    send(number, struct),
  );
  /** Sends a signal to the running task that it cannot ignore. Task context. */
  header.plain("force_sig", ["int"], "void", (number: number) => {
    signals.allow(number);
    signals.send(number, core.task);
  });
  /** Sends a signal by process id. Any context. 0, or a negative errno. */
  header.plain("kill_pid", [pid_layout, "int", "int"], "int", (pid: number, number: number) => {
    const task = tasks.ofPid(pid);
    return task === undefined ? -errno.ESRCH : signals.send(number, task);
  });
  /** Whether a task has a signal to see to. Any context. */
  header.plain("signal_pending", [task_struct], "int", (struct: number) =>
    has(tasks.at(struct), (task) => signals.isPending(task)),
  );
  /** Whether it is SIGKILL. Any context. */
  header.plain("fatal_signal_pending", [task_struct], "int", (struct: number) =>
    has(tasks.at(struct), (task) => signals.isFatalPending(task)),
  );
  /** Whether a signal would keep a task from sleeping in a state. Any context. */
  header.plain("signal_pending_state", ["u32", task_struct], "int", (state: number, struct: number) =>
    has(tasks.at(struct), (task) => core.signalPendingState(state, core.contextOf(task))),
  );
  /** Forgets the signals of a task. Task context. */
  header.plain("flush_signals", [task_struct], "void", (struct: number) => {
    const task = tasks.at(struct);
    if (task !== undefined) signals.flush(task);
  });
  /** Takes the running kernel thread's next signal. Task context. Its number, or 0. */
  header.plain("kernel_dequeue_signal", [], "int", () => signals.dequeue());
  /** The next task, and after the last one the first. Any context. */
  header.plain("next_task", [task_struct], task_struct, (struct: number) => tasks.after(struct));
  /** The first task: a variable in C. Any context. */
  header.plain("init_task", [], task_struct, () => tasks.structOf(core.engine.idleOf(0)));
  return header;
}

function has<T>(task: T | undefined, is: (task: T) => boolean): boolean {
  return task !== undefined && is(task);
}

export function pid({ core, tasks }: Kernel): Header {
  const header = new Header(core);
  header.layout("pid", pid_layout);
  header.constants({ PIDTYPE_PID: 0, PIDTYPE_TGID: 1, PIDTYPE_PGID: 2, PIDTYPE_SID: 3 });
  for (const name of ["find_vpid", "find_get_pid"]) {
    /** The struct pid of a number. Any context. NULL when there is no such task. */
    header.plain(name, ["int"], pid_layout, (nr: number) => tasks.pidOf(nr), { mayBeNull: true });
  }
  /** Gives a reference of find_get_pid back. Any context. */
  header.plain("put_pid", [pid_layout], "void", (address: number) => {
    if (address !== 0) core.memory.touch(address, 4, true);
  });
  /** The task of a struct pid. Any context. NULL when it is over. */
  header.plain("pid_task", [pid_layout, "u32"], task_struct, (address: number) => structOrNull(tasks, address), {
    mayBeNull: true,
  });
  /** The same with a reference. Any context. NULL when it is over. */
  header.plain(
    "get_pid_task",
    [pid_layout, "u32"],
    task_struct,
    (address: number) => {
      const struct = structOrNull(tasks, address);
      return struct === 0 ? 0 : tasks.get(struct);
    },
    { mayBeNull: true },
  );
  for (const name of ["pid_nr", "pid_vnr"]) {
    /** The number of a struct pid. Any context. */
    header.plain(name, [pid_layout], "int", (address: number) =>
      address === 0 ? 0 : core.memory.load(address + offsetOf(pid_layout, "nr"), 4, true),
    );
  }
  /** The struct pid of a task. Any context. */
  header.plain("task_pid", [task_struct], pid_layout, (struct: number) => tasks.pidOf(tasks.at(struct)?.id ?? -1), {
    mayBeNull: true,
  });
  return header;
}

function structOrNull(tasks: Kernel["tasks"], address: number): number {
  const task = tasks.ofPid(address);
  return task === undefined ? 0 : tasks.structOf(task);
}
