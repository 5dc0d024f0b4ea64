// KUnit: contexts, softirqs and tasklets.
import { KUNIT_CASE, KUNIT_EXPECT_EQ, KUNIT_EXPECT_NE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { local_bh_disable, local_bh_enable } from "linux/bottom_half";
import { msleep, udelay, usleep_range } from "linux/delay";
import {
  CLOCK_MONOTONIC,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  hrtimer,
  hrtimer_init,
  type hrtimer_restart_t,
  hrtimer_start,
} from "linux/hrtimer";
import {
  BLOCK_SOFTIRQ,
  DECLARE_TASKLET,
  DECLARE_TASKLET_DISABLED,
  DECLARE_TASKLET_DISABLED_OLD,
  DECLARE_TASKLET_OLD,
  from_tasklet,
  open_softirq,
  raise_softirq,
  raise_softirq_irqoff,
  tasklet_disable,
  tasklet_disable_in_atomic,
  tasklet_disable_nosync,
  tasklet_enable,
  tasklet_hi_schedule,
  tasklet_init,
  tasklet_kill,
  tasklet_schedule,
  tasklet_setup,
  tasklet_struct,
} from "linux/interrupt";
import { irqs_disabled, local_irq_disable, local_irq_enable, local_irq_restore, local_irq_save } from "linux/irqflags";
import { ns_to_ktime } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import {
  in_atomic,
  in_hardirq,
  in_interrupt,
  in_irq,
  in_nmi,
  in_serving_softirq,
  in_softirq,
  in_task,
  preempt_count,
  preempt_disable,
  preempt_enable,
} from "linux/preempt";
import {
  DEFINE_SPINLOCK,
  spin_lock_bh,
  spin_lock_irqsave,
  spin_unlock_bh,
  spin_unlock_irqrestore,
} from "linux/spinlock";
import { on_stack, type Ref, struct, u32 } from "linux/types";

const counter = struct("counter", { count: u32, seen: u32, tasklet: tasklet_struct });
const c = counter({});
let order = 0;
let data = 0;
let seen = 0;

function bottom(t: Ref<tasklet_struct>): void {
  const d = from_tasklet(counter, t, "tasklet");
  d.count += 1;
  d.seen = preempt_count();
  order = order * 10 + 1;
}

const first = DECLARE_TASKLET("first", () => {
  order = order * 10 + 2;
});
const later = DECLARE_TASKLET_DISABLED("later", () => {
  order = order * 10 + 3;
});
const old = DECLARE_TASKLET_OLD("old", (value: number) => {
  order = order * 10 + 4 + value;
});
const old_later = DECLARE_TASKLET_DISABLED_OLD("old_later", () => {
  order = order * 10 + 5;
});
const lock = DEFINE_SPINLOCK("lock");

function contexts_test_task(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  KUNIT_EXPECT_NE(test, in_task(), 0);
  KUNIT_EXPECT_EQ(test, in_interrupt(), 0);
  preempt_disable();
  preempt_disable();
  KUNIT_EXPECT_EQ(test, preempt_count(), 2);
  KUNIT_EXPECT_NE(test, in_atomic(), 0);
  preempt_enable();
  preempt_enable();
  KUNIT_EXPECT_EQ(test, in_atomic(), 0);
  local_bh_disable();
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  KUNIT_EXPECT_NE(test, in_softirq(), 0);
  KUNIT_EXPECT_EQ(test, in_serving_softirq(), 0);
  KUNIT_EXPECT_NE(test, in_task(), 0);
  local_bh_enable();
  KUNIT_EXPECT_EQ(test, in_nmi(), 0);
}

function contexts_test_tasklet(test: Ref<kunit>): void {
  c.count = 0;
  tasklet_setup(c.tasklet, bottom);
  tasklet_schedule(c.tasklet);
  tasklet_schedule(c.tasklet);
  msleep(1);
  KUNIT_EXPECT_EQ(test, c.count, 1);
  KUNIT_EXPECT_EQ(test, c.seen, 0x100);
  tasklet_init(
    c.tasklet,
    (value: number) => {
      data = value;
    },
    7,
  );
  tasklet_schedule(c.tasklet);
  tasklet_kill(c.tasklet);
  KUNIT_EXPECT_EQ(test, data, 7);
}

function contexts_test_order(test: Ref<kunit>): void {
  order = 0;
  tasklet_setup(c.tasklet, bottom);
  local_bh_disable();
  tasklet_schedule(c.tasklet);
  tasklet_hi_schedule(first);
  tasklet_schedule(later);
  tasklet_schedule(old);
  KUNIT_EXPECT_EQ(test, order, 0);
  local_bh_enable();
  // Softirqs that waited ran at once, the urgent ones first, the disabled ones not.
  KUNIT_EXPECT_EQ(test, order, 214);
  tasklet_enable(later);
  msleep(1);
  KUNIT_EXPECT_EQ(test, order, 2143);
  tasklet_enable(old_later);
  tasklet_schedule(old_later);
  msleep(1);
  KUNIT_EXPECT_EQ(test, order, 21435);
}

function contexts_test_disable(test: Ref<kunit>): void {
  order = 0;
  tasklet_setup(c.tasklet, bottom);
  tasklet_disable(c.tasklet);
  tasklet_disable_nosync(c.tasklet);
  tasklet_disable_in_atomic(c.tasklet);
  tasklet_schedule(c.tasklet);
  for (let i = 0; i < 3; i++) {
    msleep(1);
    KUNIT_EXPECT_EQ(test, order, 0);
    tasklet_enable(c.tasklet);
  }
  msleep(1);
  KUNIT_EXPECT_EQ(test, order, 1);
}

function contexts_test_softirq(test: Ref<kunit>): void {
  order = 0;
  open_softirq(BLOCK_SOFTIRQ, () => {
    order += 1;
    seen = in_serving_softirq() ? 1 : 0;
  });
  raise_softirq(BLOCK_SOFTIRQ);
  msleep(1);
  KUNIT_EXPECT_EQ(test, order, 1);
  KUNIT_EXPECT_EQ(test, seen, 1);
  spin_lock_bh(lock);
  local_irq_disable();
  raise_softirq_irqoff(BLOCK_SOFTIRQ);
  local_irq_enable();
  KUNIT_EXPECT_EQ(test, order, 1);
  spin_unlock_bh(lock);
  KUNIT_EXPECT_EQ(test, order, 2);
}

const timer = struct("irq_timer", { timer: hrtimer, came: u32 });
const t = timer({});

function came(it: Ref<hrtimer>): hrtimer_restart_t {
  t.came = (in_hardirq() ? 1 : 0) | (in_irq() ? 2 : 0) | (in_interrupt() ? 4 : 0) | (in_task() ? 8 : 0) | (it ? 16 : 0);
  return HRTIMER_NORESTART;
}

function arm(): void {
  t.came = 0;
  hrtimer_init(t.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  t.timer.function = came;
  hrtimer_start(t.timer, ns_to_ktime(1000n), HRTIMER_MODE_REL);
}

function contexts_test_irqs(test: Ref<kunit>): void {
  local_irq_disable();
  arm();
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  udelay(50);
  // It waits until interrupts are on, and comes then before anything else.
  KUNIT_EXPECT_EQ(test, t.came, 0);
  local_irq_enable();
  KUNIT_EXPECT_EQ(test, t.came, 23);

  const flags = local_irq_save();
  arm();
  udelay(50);
  const nested = local_irq_save();
  local_irq_restore(nested);
  KUNIT_EXPECT_EQ(test, t.came, 0);
  local_irq_restore(flags);
  KUNIT_EXPECT_EQ(test, t.came, 23);

  const spun = spin_lock_irqsave(lock);
  arm();
  udelay(50);
  KUNIT_EXPECT_EQ(test, t.came, 0);
  spin_unlock_irqrestore(lock, spun);
  KUNIT_EXPECT_EQ(test, t.came, 23);
  usleep_range(10, 10);
}

function contexts_test_nesting(test: Ref<kunit>): void {
  // A hardirq on top of a softirq on top of a task.
  const nested = on_stack(counter);
  nested.count = 0;
  tasklet_setup(nested.tasklet, (it) => {
    const d = from_tasklet(counter, it, "tasklet");
    arm();
    udelay(50);
    for (let i = 0; i < 100; i++) d.seen = i;
    d.count = t.came;
  });
  tasklet_schedule(nested.tasklet);
  tasklet_kill(nested.tasklet);
  KUNIT_EXPECT_EQ(test, nested.count, 23);
}

kunit_test_suite(
  kunit_suite({
    name: "contexts",
    test_cases: [
      KUNIT_CASE(contexts_test_task),
      KUNIT_CASE(contexts_test_tasklet),
      KUNIT_CASE(contexts_test_order),
      KUNIT_CASE(contexts_test_disable),
      KUNIT_CASE(contexts_test_softirq),
      KUNIT_CASE(contexts_test_irqs),
      KUNIT_CASE(contexts_test_nesting),
    ],
  }),
);

MODULE_LICENSE("GPL");
