// KUnit: linux/workqueue.
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { msleep } from "linux/delay";
import { MODULE_LICENSE } from "linux/module";
import { in_task, preempt_count } from "linux/preempt";
import { num_online_cpus, raw_smp_processor_id } from "linux/smp";
import { container_of, on_stack, type Ref, struct, u32 } from "linux/types";
import {
  __flush_workqueue,
  alloc_ordered_workqueue,
  alloc_workqueue,
  cancel_delayed_work,
  cancel_delayed_work_sync,
  cancel_work,
  cancel_work_sync,
  create_freezable_workqueue,
  create_singlethread_workqueue,
  create_workqueue,
  current_work,
  DECLARE_DELAYED_WORK,
  DECLARE_WORK,
  delayed_work,
  delayed_work_pending,
  destroy_workqueue,
  drain_workqueue,
  flush_delayed_work,
  flush_scheduled_work,
  flush_work,
  flush_workqueue,
  INIT_DEFERRABLE_WORK,
  INIT_DELAYED_WORK,
  INIT_WORK,
  INIT_WORK_ONSTACK,
  mod_delayed_work,
  mod_delayed_work_on,
  queue_delayed_work,
  queue_delayed_work_on,
  queue_work,
  queue_work_on,
  schedule_delayed_work,
  schedule_delayed_work_on,
  schedule_work,
  schedule_work_on,
  system_freezable_wq,
  system_highpri_wq,
  system_long_wq,
  system_power_efficient_wq,
  system_unbound_wq,
  system_wq,
  to_delayed_work,
  WQ_HIGHPRI,
  WQ_MEM_RECLAIM,
  WQ_UNBOUND,
  work_busy,
  work_pending,
  work_struct,
} from "linux/workqueue";

const job = struct("job", { count: u32, sleep: u32, again: u32, context: u32, cpu: u32, work: work_struct });
const tick = struct("tick", { count: u32, dwork: delayed_work });
const a = job({});
const b = job({});
const t = tick({});
let running = 0;
let most = 0;
let order = 0;

function run(work: Ref<work_struct>): void {
  const d = container_of(work, job, "work");
  running += 1;
  if (running > most) most = running;
  d.context = (in_task() ? 1 : 0) | (preempt_count() ? 2 : 0) | (current_work() === work ? 4 : 0);
  d.cpu = raw_smp_processor_id();
  order = order * 10 + (d === a ? 1 : 2);
  if (d.sleep) msleep(d.sleep);
  d.count += 1;
  running -= 1;
  if (d.again) {
    d.again -= 1;
    schedule_work(d.work);
  }
}

function beat(work: Ref<work_struct>): void {
  const d = container_of(to_delayed_work(work), tick, "dwork");
  d.count += 1;
}

let fired = 0;
const static_work = DECLARE_WORK("static_work", () => {
  fired += 1;
});
const static_delayed = DECLARE_DELAYED_WORK("static_delayed", () => {
  fired += 10;
});

function prepare(sleep: number): void {
  for (const d of [a, b]) {
    d.count = 0;
    d.sleep = sleep;
    d.again = 0;
    INIT_WORK(d.work, run);
  }
  running = 0;
  most = 0;
  order = 0;
}

function workqueue_test_schedule(test: Ref<kunit>): void {
  prepare(0);
  a.sleep = 2;
  KUNIT_EXPECT_EQ(test, work_pending(a.work), false);
  KUNIT_EXPECT_EQ(test, schedule_work(a.work), true);
  KUNIT_EXPECT_EQ(test, flush_work(a.work), true);
  KUNIT_EXPECT_EQ(test, a.count, 1);
  KUNIT_EXPECT_EQ(test, a.context, 5);
  KUNIT_EXPECT_EQ(test, flush_work(a.work), false);
  KUNIT_EXPECT_PTR_EQ(test, current_work(), null);
  a.again = 3;
  schedule_work(a.work);
  msleep(1);
  KUNIT_EXPECT_EQ(test, work_busy(a.work), 2);
  KUNIT_EXPECT_EQ(test, schedule_work(a.work), true);
  KUNIT_EXPECT_EQ(test, schedule_work(a.work), false);
  KUNIT_EXPECT_EQ(test, work_busy(a.work), 3);
  KUNIT_EXPECT_EQ(test, work_pending(a.work), true);
  msleep(30);
  KUNIT_EXPECT_EQ(test, a.again, 0);
  // It never runs twice at a time.
  KUNIT_EXPECT_EQ(test, most, 1);
  const cpu = num_online_cpus() - 1;
  schedule_work_on(cpu, a.work);
  flush_scheduled_work();
  KUNIT_EXPECT_EQ(test, a.cpu, cpu);
  schedule_work(static_work);
  flush_work(static_work);
  KUNIT_EXPECT_EQ(test, fired % 10, 1);
}

function workqueue_test_concurrency(test: Ref<kunit>): void {
  // A work that sleeps keeps no other from running.
  prepare(5);
  schedule_work_on(0, a.work);
  schedule_work_on(0, b.work);
  flush_work(a.work);
  flush_work(b.work);
  KUNIT_EXPECT_EQ(test, most, 2);
  prepare(5);
  const wq = alloc_ordered_workqueue("ordered/%d", WQ_MEM_RECLAIM, 1);
  KUNIT_ASSERT_NOT_NULL(test, wq);
  if (!wq) return;
  queue_work(wq, b.work);
  queue_work(wq, a.work);
  __flush_workqueue(wq);
  KUNIT_EXPECT_EQ(test, most, 1);
  KUNIT_EXPECT_EQ(test, order, 21);
  destroy_workqueue(wq);
}

function workqueue_test_own(test: Ref<kunit>): void {
  for (const wq of [
    alloc_workqueue("own", WQ_HIGHPRI, 1),
    alloc_workqueue("own%d", WQ_UNBOUND, 0, 2),
    create_workqueue("legacy"),
    create_singlethread_workqueue("single"),
    create_freezable_workqueue("freezable"),
  ]) {
    KUNIT_ASSERT_NOT_NULL(test, wq);
    if (!wq) return;
    prepare(1);
    KUNIT_EXPECT_EQ(test, queue_work(wq, a.work), true);
    flush_workqueue(wq);
    KUNIT_EXPECT_EQ(test, a.count, 1);
    KUNIT_EXPECT_EQ(test, queue_work_on(0, wq, b.work), true);
    drain_workqueue(wq);
    KUNIT_EXPECT_EQ(test, b.count, 1);
    queue_work(wq, a.work);
    destroy_workqueue(wq);
    KUNIT_EXPECT_EQ(test, a.count, 2);
  }
  prepare(0);
  let count = 0;
  for (const wq of [
    system_wq(),
    system_highpri_wq(),
    system_long_wq(),
    system_unbound_wq(),
    system_freezable_wq(),
    system_power_efficient_wq(),
  ]) {
    queue_work(wq, a.work);
    flush_work(a.work);
    KUNIT_EXPECT_EQ(test, a.count, ++count);
  }
}

function workqueue_test_delayed(test: Ref<kunit>): void {
  t.count = 0;
  INIT_DELAYED_WORK(t.dwork, beat);
  KUNIT_EXPECT_EQ(test, schedule_delayed_work(t.dwork, 5), true);
  KUNIT_EXPECT_EQ(test, schedule_delayed_work(t.dwork, 5), false);
  KUNIT_EXPECT_EQ(test, delayed_work_pending(t.dwork), true);
  msleep(3);
  KUNIT_EXPECT_EQ(test, t.count, 0);
  KUNIT_EXPECT_EQ(test, mod_delayed_work(system_wq(), t.dwork, 10), true);
  msleep(5);
  KUNIT_EXPECT_EQ(test, t.count, 0);
  msleep(8);
  KUNIT_EXPECT_EQ(test, t.count, 1);
  KUNIT_EXPECT_EQ(test, mod_delayed_work_on(0, system_wq(), t.dwork, 1), false);
  msleep(3);
  KUNIT_EXPECT_EQ(test, t.count, 2);
  queue_delayed_work(system_wq(), t.dwork, 1000);
  KUNIT_EXPECT_EQ(test, flush_delayed_work(t.dwork), true);
  KUNIT_EXPECT_EQ(test, t.count, 3);
  INIT_DEFERRABLE_WORK(t.dwork, beat);
  queue_delayed_work_on(0, system_wq(), t.dwork, 1);
  msleep(3);
  KUNIT_EXPECT_EQ(test, t.count, 4);
  schedule_delayed_work_on(0, t.dwork, 0);
  flush_delayed_work(t.dwork);
  KUNIT_EXPECT_EQ(test, t.count, 5);
  schedule_delayed_work(static_delayed, 1);
  msleep(3);
  KUNIT_EXPECT_EQ(test, fired, 11);
}

function workqueue_test_cancel(test: Ref<kunit>): void {
  t.count = 0;
  INIT_DELAYED_WORK(t.dwork, beat);
  schedule_delayed_work(t.dwork, 5);
  KUNIT_EXPECT_EQ(test, cancel_delayed_work(t.dwork), true);
  KUNIT_EXPECT_EQ(test, cancel_delayed_work(t.dwork), false);
  schedule_delayed_work(t.dwork, 5);
  KUNIT_EXPECT_EQ(test, cancel_delayed_work_sync(t.dwork), true);
  msleep(10);
  KUNIT_EXPECT_EQ(test, t.count, 0);
  prepare(5);
  a.again = 100;
  schedule_work(a.work);
  msleep(1);
  KUNIT_EXPECT_EQ(test, cancel_work(a.work), false);
  // It cannot queue itself again while it is waited for.
  KUNIT_EXPECT_EQ(test, cancel_work_sync(a.work), false);
  KUNIT_EXPECT_EQ(test, a.count, 1);
  msleep(10);
  KUNIT_EXPECT_EQ(test, a.count, 1);
}

function workqueue_test_stack(test: Ref<kunit>): void {
  const d = on_stack(job);
  d.count = 0;
  d.sleep = 0;
  d.again = 0;
  INIT_WORK_ONSTACK(d.work, run);
  schedule_work(d.work);
  flush_work(d.work);
  KUNIT_EXPECT_TRUE(test, d.count === 1);
}

kunit_test_suite(
  kunit_suite({
    name: "workqueue",
    test_cases: [
      KUNIT_CASE(workqueue_test_schedule),
      KUNIT_CASE(workqueue_test_concurrency),
      KUNIT_CASE(workqueue_test_own),
      KUNIT_CASE(workqueue_test_delayed),
      KUNIT_CASE(workqueue_test_cancel),
      KUNIT_CASE(workqueue_test_stack),
    ],
  }),
);

MODULE_LICENSE("GPL");
