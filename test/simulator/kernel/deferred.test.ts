// Timers, works and threads that are used wrongly: what is told, and that the machine goes on.
import { expect, test } from "vitest";
import { asKernelEvent, type KernelEvent } from "../../../simulator/kernel/events.ts";
import { createMachine, type Machine } from "../../../simulator/machine.ts";
import { compile } from "../../../simulator/typescript/compile.ts";

interface Ran {
  readonly machine: Machine;
  readonly log: string;
  of<K extends KernelEvent["kind"]>(kind: K): Extract<KernelEvent, { kind: K }>[];
}

function run(body: string, init: string, exit = ""): Ran {
  const text = `
    import { local_bh_enable, local_bh_disable } from "linux/bottom_half";
    import { msleep } from "linux/delay";
    import { DECLARE_TASKLET, tasklet_schedule } from "linux/interrupt";
    import { jiffies } from "linux/jiffies";
    import { kthread_run, kthread_should_stop, kthread_stop } from "linux/kthread";
    import { MODULE_LICENSE, module_init, module_exit } from "linux/module";
    import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "linux/mutex";
    import { set_current_state, TASK_INTERRUPTIBLE, TASK_RUNNING } from "linux/sched";
    import { preempt_disable, preempt_enable } from "linux/preempt";
    import { pr_info } from "linux/printk";
    import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
    import { smp_processor_id } from "linux/smp";
    import { add_timer, DEFINE_TIMER, mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
    import { cast, struct, u32 } from "linux/types";
    import { DECLARE_WORK, INIT_DELAYED_WORK, INIT_WORK, delayed_work, flush_work, schedule_delayed_work, schedule_work, work_struct } from "linux/workqueue";
    const dev = struct("dev", { count: u32, timer: timer_list, work: work_struct, dwork: delayed_work });
    ${body}
    module_init(() => { ${init}; return 0; });
    module_exit(() => { ${exit} });
    MODULE_LICENSE("GPL");`;
  const driver = compile([{ path: "foo.ts", text }]);
  expect(driver.problems).toEqual([]);
  const machine = createMachine({ name: "foo", driver });
  const events: KernelEvent[] = [];
  machine.engine.trace.listen((event) => events.push(asKernelEvent(event)));
  expect(machine.run(200_000).kind).toBe("idle");
  return {
    machine,
    log: machine.log.map(({ text }) => text).join("\n"),
    of: (kind) => events.filter((event) => event.kind === kind) as never,
  };
}

const wrong = ({ of }: Ran): string[] =>
  of("debug-object")
    .filter(({ stack }) => stack.length > 0)
    .map(({ action, type, hint }) => `${action} ${type} ${hint}`);

test("memory that is freed with a timer or a work in it is told, and neither fires", () => {
  const ran = run(
    `function tick(t) { pr_info("fired\\n"); } function work(w) { pr_info("fired\\n"); }`,
    `const d = kzalloc(dev, GFP_KERNEL);
     timer_setup(d.timer, tick, 0);
     INIT_DELAYED_WORK(d.dwork, work);
     mod_timer(d.timer, jiffies() + 5);
     schedule_delayed_work(d.dwork, 5);
     kfree(d);
     msleep(20)`,
  );
  expect(wrong(ran)).toEqual(["free timer_list tick", "free timer_list delayed_work_timer_fn"]);
  expect(ran.log).not.toContain("fired");
  expect(ran.log).not.toContain("Oops");
});

test("a module that goes with timers, works and threads is told what it left", () => {
  const ran = run(
    `const timer = DEFINE_TIMER("timer", tick); function tick() { pr_info("fired\\n"); }
     function thread() { while (!kthread_should_stop()) msleep(1000); return 0; }
     const d = dev({});`,
    `INIT_DELAYED_WORK(d.dwork, () => {}); kthread_run(thread, null, "left")`,
    `mod_timer(timer, jiffies() + 100); schedule_delayed_work(d.dwork, 100)`,
  );
  expect(wrong(ran)).toEqual(["free timer_list tick", "free timer_list delayed_work_timer_fn"]);
  expect(ran.of("module-leak").map(({ what }) => what)).toEqual(["kthread left"]);
  expect(ran.log).not.toContain("fired");
  // The thread wakes where its code was.
  expect(ran.of("oops").map(({ message }) => message)).toEqual([
    expect.stringMatching(/^BUG: unable to handle page fault for address: 7f/),
  ]);
});

test("what was never initialised, or is so twice, is told", () => {
  const ran = run(
    "const d = dev({}); function tick() {}",
    "mod_timer(d.timer, jiffies() + 1); timer_setup(d.timer, tick, 0); mod_timer(d.timer, jiffies() + 100); timer_setup(d.timer, tick, 0)",
  );
  expect(wrong(ran)).toEqual(["assert_init timer_list 00000000", "init timer_list tick"]);
});

test("a task that says it will sleep and then calls what may sleep is warned of", () => {
  const ran = run(
    "function careless() { set_current_state(TASK_INTERRUPTIBLE); msleep(1); }",
    "careless(); set_current_state(TASK_RUNNING); msleep(1)",
  );
  expect(ran.of("warn").map(({ text }) => text)).toEqual([]);
  const mutex = run(
    'const m = DEFINE_MUTEX("m"); function careless() { set_current_state(TASK_INTERRUPTIBLE); mutex_lock(m); mutex_unlock(m); }',
    "careless()",
  );
  expect(mutex.of("warn").map(({ text }) => text)).toEqual([
    "do not call blocking ops when !TASK_RUNNING; state=1 set at careless",
  ]);
});

test("a timer that is added twice is warned of", () => {
  const ran = run(
    "const d = dev({}); function tick() {}",
    "timer_setup(d.timer, tick, 0); d.timer.expires = jiffies() + 5; add_timer(d.timer); add_timer(d.timer); timer_delete_sync(d.timer)",
  );
  expect(ran.of("warn").map(({ where }) => where)).toEqual(["kernel/time/timer.c:1294"]);
  expect(ran.log).toMatch(/WARNING: CPU: \d PID: \d at kernel\/time\/timer\.c:1294 add_timer/);
});

test("a function that leaves preemption off is told, and the next one finds it on", () => {
  const ran = run(
    `const d = dev({}); function tick() { preempt_disable(); }
     const later = DECLARE_WORK("later", () => { preempt_disable(); });
     const bottom = DECLARE_TASKLET("bottom", () => { preempt_disable(); });`,
    `timer_setup(d.timer, tick, 0); mod_timer(d.timer, jiffies() + 1); msleep(3);
     schedule_work(later); flush_work(later); tasklet_schedule(bottom); msleep(1)`,
  );
  expect(ran.log).toContain("timer: tick preempt leak: 00000100 -> 00000101");
  expect(ran.log).toMatch(/BUG: workqueue leaked atomic, lock or RCU: kworker\/\d:\d\[\d+\]\n.*preempt=0x00000001/);
  expect(ran.log).toMatch(
    /huh, entered softirq 6 TASKLET tasklet_action with preempt_count 00000100, exited with 00000101\?/,
  );
});

test("an oops in a work or a timer ends only the task that it ran on", () => {
  const ran = run(
    `const d = dev({}); let count = 0;
     function tick() { count += 1; if (count === 1) cast(dev, null).count = 1; }
     const bad = DECLARE_WORK("bad", () => { cast(dev, null).count = 1; });
     const good = DECLARE_WORK("good", () => { pr_info("still here\\n"); });`,
    `schedule_work(bad); msleep(1); schedule_work(good); msleep(1);
     timer_setup(d.timer, tick, 0); mod_timer(d.timer, jiffies() + 1); msleep(3);
     mod_timer(d.timer, jiffies() + 1); msleep(3); pr_info("count %d\\n", count)`,
  );
  expect(ran.of("oops").length).toBe(2);
  expect(ran.log).toContain("still here");
  expect(ran.log).toContain("count 2");
});

test("smp_processor_id() is told where the task may be moved, and only there", () => {
  const ran = run(
    'const bottom = DECLARE_TASKLET("bottom", () => { smp_processor_id(); });',
    "smp_processor_id(); preempt_disable(); smp_processor_id(); preempt_enable(); tasklet_schedule(bottom); msleep(1)",
  );
  expect(ran.of("processor-id").map(({ what }) => what)).toEqual(["smp_processor_id()"]);
});

test("softirqs run on the way out of an interrupt, or in ksoftirqd when a task raised them", () => {
  const ran = run(
    'const bottom = DECLARE_TASKLET("bottom", () => {}); const d = dev({}); function tick() { tasklet_schedule(bottom); }',
    "tasklet_schedule(bottom); msleep(1); timer_setup(d.timer, tick, 0); mod_timer(d.timer, jiffies() + 1); msleep(3)",
  );
  const events: string[] = ran.of("softirq-enter").map(({ name }) => name);
  expect(events).toEqual(["TASKLET", "TIMER", "TASKLET"]);
  expect(ran.machine.engine.tasks.filter(({ name }) => name.startsWith("ksoftirqd")).length).toBe(1);
});
