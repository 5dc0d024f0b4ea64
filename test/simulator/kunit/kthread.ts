// KUnit: linux/kthread, linux/sched, linux/sched/signal and linux/pid.
import {
  KUNIT_ASSERT_FALSE,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_PTR_NE,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { completion, init_completion, wait_for_completion } from "linux/completion";
import { cpumask_of, for_each_online_cpu, num_online_cpus } from "linux/cpumask";
import { msleep } from "linux/delay";
import { IS_ERR } from "linux/err";
import { EINTR } from "linux/errno";
import { HRTIMER_MODE_REL } from "linux/hrtimer";
import { jiffies } from "linux/jiffies";
import {
  kthread_bind,
  kthread_complete_and_exit,
  kthread_create,
  kthread_create_on_cpu,
  kthread_create_on_node,
  kthread_data,
  kthread_exit,
  kthread_park,
  kthread_parkme,
  kthread_run,
  kthread_run_on_cpu,
  kthread_should_park,
  kthread_should_stop,
  kthread_should_stop_or_park,
  kthread_stop,
  kthread_unpark,
} from "linux/kthread";
import { ktime_get, ms_to_ktime } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import {
  find_get_pid,
  find_vpid,
  get_pid_task,
  PIDTYPE_PID,
  pid_nr,
  pid_task,
  pid_vnr,
  put_pid,
  task_pid,
} from "linux/pid";
import {
  __set_current_state,
  cond_resched,
  current,
  get_current,
  get_current_state,
  get_task_comm,
  get_task_struct,
  io_schedule,
  io_schedule_timeout,
  MAX_SCHEDULE_TIMEOUT,
  need_resched,
  put_task_struct,
  SCHED_FIFO,
  sched_param,
  sched_set_fifo,
  sched_set_fifo_low,
  sched_set_normal,
  sched_setscheduler,
  sched_setscheduler_nocheck,
  schedule,
  schedule_hrtimeout,
  schedule_timeout,
  schedule_timeout_idle,
  schedule_timeout_interruptible,
  schedule_timeout_killable,
  schedule_timeout_uninterruptible,
  set_cpus_allowed_ptr,
  set_current_state,
  set_user_nice,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  task_cpu,
  task_nice,
  task_pid_nr,
  task_pid_vnr,
  type task_struct,
  task_tgid_nr,
  task_tgid_vnr,
  wake_up_process,
  wake_up_state,
  yield_,
} from "linux/sched";
import {
  allow_signal,
  disallow_signal,
  fatal_signal_pending,
  flush_signals,
  for_each_process,
  force_sig,
  init_task,
  kernel_dequeue_signal,
  kill_pid,
  next_task,
  SEND_SIG_PRIV,
  SIGINT,
  SIGKILL,
  SIGTERM,
  SIGUSR1,
  send_sig,
  send_sig_info,
  signal_pending,
  signal_pending_state,
} from "linux/sched/signal";
import { array, cast, char, type int, on_stack, type Ref, s64, struct, u32 } from "linux/types";

const job = struct("job", { loops: u32, seen: u32, ended: u32, done: completion });
const j = job({});

function started(thread: Ref<task_struct> | unknown): Ref<task_struct> {
  return thread as Ref<task_struct>;
}

function sleeper(d: Ref<typeof job>): int {
  while (!kthread_should_stop()) {
    d.loops += 1;
    if (kthread_should_park()) kthread_parkme();
    set_current_state(TASK_INTERRUPTIBLE);
    if (!kthread_should_stop_or_park()) schedule();
    __set_current_state(TASK_RUNNING);
  }
  d.ended = 1;
  return 42;
}

function kthread_test_run(test: Ref<kunit>): void {
  j.loops = 0;
  j.ended = 0;
  const thread = started(kthread_run(sleeper, j, "worker/%d", 7));
  KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
  KUNIT_EXPECT_STREQ(test, thread.comm, "worker/7");
  KUNIT_EXPECT_PTR_EQ(test, kthread_data(thread), j);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.loops, 1);
  KUNIT_EXPECT_EQ(test, thread.__state, TASK_INTERRUPTIBLE);
  KUNIT_EXPECT_EQ(test, wake_up_process(thread), 1);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.loops, 2);
  KUNIT_EXPECT_EQ(test, wake_up_state(thread, TASK_UNINTERRUPTIBLE), 0);
  KUNIT_EXPECT_EQ(test, kthread_stop(thread), 42);
  KUNIT_EXPECT_EQ(test, j.ended, 1);
}

function kthread_test_create(test: Ref<kunit>): void {
  j.loops = 0;
  const never = started(kthread_create(sleeper, j, "never"));
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.loops, 0);
  KUNIT_EXPECT_EQ(test, kthread_stop(never), -EINTR);
  const last = num_online_cpus() - 1;
  const bound = started(kthread_create_on_node(sleeper, j, -1, "bound"));
  kthread_bind(bound, last);
  wake_up_process(bound);
  msleep(1);
  KUNIT_EXPECT_EQ(test, task_cpu(bound), last);
  kthread_stop(bound);
  const on = started(kthread_create_on_cpu(sleeper, j, last, "on/%u"));
  KUNIT_EXPECT_EQ(test, task_cpu(on), last);
  wake_up_process(on);
  kthread_stop(on);
  const run = started(kthread_run_on_cpu(sleeper, j, 0, "run/%u"));
  KUNIT_EXPECT_STREQ(test, run.comm, "run/0");
  kthread_stop(run);
}

function kthread_test_park(test: Ref<kunit>): void {
  j.loops = 0;
  const thread = started(kthread_run(sleeper, j, "parked"));
  msleep(1);
  KUNIT_EXPECT_EQ(test, kthread_park(thread), 0);
  const loops = j.loops;
  wake_up_process(thread);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.loops, loops);
  kthread_unpark(thread);
  msleep(1);
  wake_up_process(thread);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.loops, loops + 1);
  kthread_stop(thread);
}

function kthread_test_exit(test: Ref<kunit>): void {
  init_completion(j.done);
  const leaver = started(
    kthread_create(
      (d: Ref<typeof job>) => {
        kthread_complete_and_exit(d.done, 5);
      },
      j,
      "leaver",
    ),
  );
  get_task_struct(leaver);
  wake_up_process(leaver);
  wait_for_completion(j.done);
  msleep(1);
  KUNIT_EXPECT_EQ(test, leaver.__state, 0x80);
  // It was the last reference.
  put_task_struct(leaver);
  KUNIT_EXPECT_NE(test, leaver.pid, 0); // reports: use-after-free
  j.seen = 0;
  const quitter = started(
    kthread_run(
      (d: Ref<typeof job>) => {
        while (!kthread_should_stop()) msleep(1);
        d.seen = 1;
        kthread_exit(6);
      },
      j,
      "quitter",
    ),
  );
  msleep(1);
  KUNIT_EXPECT_EQ(test, kthread_stop(quitter), 6);
  KUNIT_EXPECT_EQ(test, j.seen, 1);
}

function sched_test_timeouts(test: Ref<kunit>): void {
  const start = jiffies();
  set_current_state(TASK_UNINTERRUPTIBLE);
  KUNIT_EXPECT_EQ(test, get_current_state(), TASK_UNINTERRUPTIBLE);
  KUNIT_EXPECT_EQ(test, schedule_timeout(5), 0);
  KUNIT_EXPECT_EQ(test, jiffies() - start, 5);
  // Without a state it comes back at once.
  KUNIT_EXPECT_TRUE(test, schedule_timeout(50) > 45);
  KUNIT_EXPECT_EQ(test, schedule_timeout_interruptible(1), 0);
  KUNIT_EXPECT_EQ(test, schedule_timeout_uninterruptible(1), 0);
  KUNIT_EXPECT_EQ(test, schedule_timeout_killable(1), 0);
  KUNIT_EXPECT_EQ(test, schedule_timeout_idle(1), 0);
  set_current_state(TASK_UNINTERRUPTIBLE);
  KUNIT_EXPECT_EQ(test, io_schedule_timeout(1), 0);
  KUNIT_EXPECT_EQ(test, jiffies() - start, 10);
  KUNIT_EXPECT_EQ(test, schedule_timeout(MAX_SCHEDULE_TIMEOUT), MAX_SCHEDULE_TIMEOUT);
  const time = on_stack(s64);
  time.value = ms_to_ktime(2n);
  const before = ktime_get();
  set_current_state(TASK_INTERRUPTIBLE);
  KUNIT_EXPECT_EQ(test, schedule_hrtimeout(time, HRTIMER_MODE_REL), 0);
  KUNIT_EXPECT_TRUE(test, ktime_get() - before >= 2_000_000n);
}

function sched_test_wake(test: Ref<kunit>): void {
  // A wake-up between set_current_state() and schedule() is not lost.
  set_current_state(TASK_INTERRUPTIBLE);
  KUNIT_EXPECT_EQ(test, wake_up_process(current()), 1);
  schedule();
  KUNIT_EXPECT_EQ(test, get_current_state(), TASK_RUNNING);
  j.seen = 0;
  const waker = started(
    kthread_run(
      (p: Ref<task_struct>) => {
        while (!kthread_should_stop()) {
          msleep(2);
          j.seen += wake_up_process(p);
        }
        return 0;
      },
      current(),
      "waker",
    ),
  );
  set_current_state(TASK_UNINTERRUPTIBLE);
  io_schedule();
  KUNIT_EXPECT_TRUE(test, j.seen > 0);
  kthread_stop(waker);
}

function sched_test_current(test: Ref<kunit>): void {
  const p = current();
  const text = on_stack(array(char, 16));
  KUNIT_EXPECT_PTR_EQ(test, get_current(), p);
  KUNIT_EXPECT_STREQ(test, p.comm, "kunit_try_catch");
  KUNIT_EXPECT_PTR_EQ(test, get_task_comm(text, p), text);
  KUNIT_EXPECT_STREQ(test, text, "kunit_try_catch");
  KUNIT_EXPECT_EQ(test, task_pid_nr(p), p.pid);
  KUNIT_EXPECT_EQ(test, task_pid_vnr(p), p.pid);
  KUNIT_EXPECT_EQ(test, task_tgid_nr(p), p.pid);
  KUNIT_EXPECT_EQ(test, task_tgid_vnr(p), p.pid);
  set_user_nice(p, 5);
  KUNIT_EXPECT_EQ(test, task_nice(p), 5);
  KUNIT_EXPECT_EQ(test, need_resched(), false);
  cond_resched();
  const pid = find_vpid(p.pid);
  KUNIT_EXPECT_PTR_EQ(test, task_pid(p), pid);
  KUNIT_EXPECT_PTR_EQ(test, find_get_pid(p.pid), pid);
  KUNIT_EXPECT_EQ(test, pid_nr(pid), p.pid);
  KUNIT_EXPECT_EQ(test, pid_vnr(pid), p.pid);
  KUNIT_EXPECT_PTR_EQ(test, pid_task(pid, PIDTYPE_PID), p);
  KUNIT_EXPECT_PTR_EQ(test, get_pid_task(pid, PIDTYPE_PID), p);
  put_task_struct(p);
  put_pid(pid);
  KUNIT_EXPECT_PTR_EQ(test, find_vpid(4711), null);
  let found = 0;
  let all = 0;
  for (const one of for_each_process()) {
    all += 1;
    if (one === p) found += 1;
  }
  KUNIT_EXPECT_EQ(test, found, 1);
  let counted = 0;
  for (let one = next_task(init_task()); one !== init_task(); one = next_task(one)) counted += 1;
  KUNIT_EXPECT_EQ(test, counted, all);
  KUNIT_EXPECT_EQ(test, init_task().pid, 0);
}

let log = 0;

function urgent(digit: number): Ref<task_struct> {
  return started(
    kthread_create(
      (d: Ref<unknown> | null) => {
        log = log * 10 + digit;
        while (!kthread_should_stop()) schedule_timeout_interruptible(1);
        return d === null ? 0 : 1;
      },
      null,
      "urgent",
    ),
  );
}

function sched_test_priority(test: Ref<kunit>): void {
  log = 0;
  const threads = [urgent(1), urgent(2), urgent(3), urgent(4)];
  const param = on_stack(sched_param);
  for (const thread of threads) KUNIT_EXPECT_EQ(test, set_cpus_allowed_ptr(thread, cpumask_of(0)), 0);
  param.sched_priority = 7;
  sched_set_fifo(threads[1]);
  sched_set_fifo_low(threads[2]);
  KUNIT_EXPECT_EQ(test, sched_setscheduler(threads[3], SCHED_FIFO, param), 0);
  set_cpus_allowed_ptr(current(), cpumask_of(0));
  yield_();
  sched_set_fifo(current());
  for (const thread of threads) wake_up_process(thread);
  msleep(1);
  KUNIT_EXPECT_EQ(test, log, 2431);
  param.sched_priority = 100;
  KUNIT_EXPECT_NE(test, sched_setscheduler_nocheck(threads[3], SCHED_FIFO, param), 0);
  sched_set_normal(threads[1], 3);
  KUNIT_EXPECT_EQ(test, task_nice(threads[1]), 3);
  for (const thread of threads) kthread_stop(thread);
}

function sched_test_signals(test: Ref<kunit>): void {
  const p = current();
  KUNIT_EXPECT_EQ(test, signal_pending(p), 0);
  allow_signal(SIGUSR1);
  KUNIT_EXPECT_EQ(test, send_sig(SIGUSR1, p, 1), 0);
  KUNIT_EXPECT_EQ(test, signal_pending(p), 1);
  KUNIT_EXPECT_EQ(test, fatal_signal_pending(p), 0);
  KUNIT_EXPECT_EQ(test, signal_pending_state(TASK_INTERRUPTIBLE, p), 1);
  KUNIT_EXPECT_EQ(test, signal_pending_state(TASK_UNINTERRUPTIBLE, p), 0);
  KUNIT_EXPECT_TRUE(test, schedule_timeout_interruptible(10) > 8);
  flush_signals(p);
  KUNIT_EXPECT_EQ(test, signal_pending(p), 0);
  force_sig(SIGKILL);
  KUNIT_EXPECT_EQ(test, fatal_signal_pending(p), 1);
  flush_signals(p);

  j.seen = 0;
  const thread = started(
    kthread_run(
      (d: Ref<typeof job>) => {
        allow_signal(SIGINT);
        allow_signal(SIGTERM);
        disallow_signal(SIGTERM);
        while (!kthread_should_stop()) {
          const left = schedule_timeout_interruptible(100);
          if (signal_pending(current()) && left > 0) d.seen = d.seen * 100 + kernel_dequeue_signal();
        }
        return 0;
      },
      j,
      "listener",
    ),
  );
  msleep(1);
  send_sig(SIGTERM, thread, 0);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.seen, 0);
  KUNIT_EXPECT_EQ(test, send_sig_info(SIGINT, SEND_SIG_PRIV, thread), 0);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.seen, SIGINT);
  KUNIT_EXPECT_EQ(test, kill_pid(find_vpid(thread.pid), SIGINT, 1), 0);
  msleep(1);
  KUNIT_EXPECT_EQ(test, j.seen, SIGINT * 101);
  KUNIT_EXPECT_NE(test, kill_pid(null, SIGINT, 1), 0);
  kthread_stop(thread);
}

function sched_test_many(test: Ref<kunit>): void {
  j.seen = 0;
  const threads: Ref<task_struct>[] = [];
  for (let i = 0; i < 40; i++) {
    threads.push(
      started(
        kthread_run(
          (d: Ref<typeof job>) => {
            for (let n = 0; n < 5; n++) {
              d.seen += 1;
              msleep(1);
            }
            while (!kthread_should_stop()) msleep(1);
            return 1;
          },
          j,
          "many/%d",
          i,
        ),
      ),
    );
  }
  msleep(20);
  let sum = 0;
  for (const thread of threads) sum += kthread_stop(thread);
  KUNIT_EXPECT_EQ(test, sum, 40);
  KUNIT_EXPECT_TRUE(test, j.seen > 100);
  for (const cpu of for_each_online_cpu()) KUNIT_EXPECT_TRUE(test, cpu < num_online_cpus());
  KUNIT_EXPECT_PTR_NE(test, cast(job, j), null);
  KUNIT_EXPECT_FALSE(test, kthread_should_stop());
}

kunit_test_suite(
  kunit_suite({
    name: "kthread",
    test_cases: [
      KUNIT_CASE(kthread_test_run),
      KUNIT_CASE(kthread_test_create),
      KUNIT_CASE(kthread_test_park),
      KUNIT_CASE(kthread_test_exit),
      KUNIT_CASE(sched_test_timeouts),
      KUNIT_CASE(sched_test_wake),
      KUNIT_CASE(sched_test_current),
      KUNIT_CASE(sched_test_priority),
      KUNIT_CASE(sched_test_signals),
      KUNIT_CASE(sched_test_many),
    ],
  }),
);

MODULE_LICENSE("GPL");
