// Reports tasks that wait for too long, in the words of khungtaskd, and CPUs that are stuck, in those of the watchdog and RCU.
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { rcuStall } from "./rcu-stall.ts";
import { dumpStack, siteOf } from "./wording.ts";

export const hungTask: Check = {
  id: "hung-task",
  summary: "A task waits for what does not come, or does not let go of its CPU",
  start({ ledger, report }) {
    return {
      "hung-task": (event, moment) => {
        const title = `INFO: task ${event.comm}:${event.id} blocked for more than ${event.seconds} seconds.`;
        report({ title, lines: hung(title, event, moment, ledger), site: siteOf(event.stack) });
      },
      "soft-lockup": (event, moment) => {
        const { cpu, seconds, comm, id, stack } = event;
        // `watchdog_timer_fn()`: kernel/watchdog.c.
        const title = `watchdog: BUG: soft lockup - CPU#${cpu} stuck for ${seconds}s! [${comm}:${id}]`;
        const who = { ...moment, cpu, task: id, comm };
        report({ title, lines: [title, modules(ledger), ...dumpStack(who, stack, ledger)], site: siteOf(stack) });
      },
      "hard-lockup": (event, moment) => {
        const { cpu, comm, id, stack } = event;
        // `watchdog_hardlockup_check()`: kernel/watchdog.c.
        const title = `watchdog: Watchdog detected hard LOCKUP on cpu ${cpu}`;
        const who = { ...moment, cpu, task: id, comm };
        report({ title, lines: [title, modules(ledger), ...dumpStack(who, stack, ledger)], site: siteOf(stack) });
      },
      "rcu-stall": (event, moment) => report(rcuStall(event, moment, ledger)),
    };
  },
};

function modules(ledger: Ledger): string {
  return `Modules linked in:${ledger.modules.map((name) => ` ${name}`).join("")}`;
}

/** `check_hung_task()`: kernel/hung_task.c, and `sched_show_task()`: kernel/sched/core.c. */
function hung(
  title: string,
  { id, comm, stack }: Extract<KernelEvent, { kind: "hung-task" }>,
  moment: Moment,
  ledger: Ledger,
): string[] {
  const trace = dumpStack(moment, stack, ledger);
  return [
    title,
    `      ${ledger.tainted} 6.12.0 #1`,
    '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.',
    `task:${comm.slice(0, 15).padEnd(15)} state:D stack:0     pid:${pad(id)} tgid:${pad(id)} ppid:0      flags:0x00000000`,
    ...trace.slice(trace.indexOf("Call Trace:")),
  ];
}

function pad(id: number): string {
  return String(id).padEnd(5);
}
