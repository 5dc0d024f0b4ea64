// KUnit: sequence locks and counters, static keys.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { READ_ONCE, WRITE_ONCE } from "linux/compiler";
import { udelay } from "linux/delay";
import {
  CLOCK_MONOTONIC,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  hrtimer,
  hrtimer_init,
  type hrtimer_restart_t,
  hrtimer_start,
} from "linux/hrtimer";
import { irqs_disabled } from "linux/irqflags";
import {
  DEFINE_STATIC_KEY_FALSE,
  DEFINE_STATIC_KEY_TRUE,
  static_branch_dec,
  static_branch_disable,
  static_branch_enable,
  static_branch_inc,
  static_branch_likely,
  static_branch_unlikely,
  static_key_count,
  static_key_enabled,
} from "linux/jump_label";
import { ns_to_ktime } from "linux/ktime";
import { MODULE_LICENSE } from "linux/module";
import { preempt_count } from "linux/preempt";
import {
  DEFINE_SEQLOCK,
  read_seqbegin,
  read_seqcount_begin,
  read_seqcount_retry,
  read_seqlock_excl,
  read_seqretry,
  read_sequnlock_excl,
  seqcount_init,
  seqcount_t,
  seqlock_init,
  seqlock_t,
  write_seqcount_begin,
  write_seqcount_end,
  write_seqlock,
  write_seqlock_bh,
  write_seqlock_irq,
  write_seqlock_irqsave,
  write_sequnlock,
  write_sequnlock_bh,
  write_sequnlock_irq,
  write_sequnlock_irqrestore,
} from "linux/seqlock";
import { type Ref, struct, u32 } from "linux/types";
import {
  u64_stats_add,
  u64_stats_fetch_begin,
  u64_stats_fetch_retry,
  u64_stats_inc,
  u64_stats_init,
  u64_stats_read,
  u64_stats_set,
  u64_stats_sub,
  u64_stats_sync,
  u64_stats_t,
  u64_stats_update_begin,
  u64_stats_update_begin_irqsave,
  u64_stats_update_end,
  u64_stats_update_end_irqrestore,
} from "linux/u64_stats_sync";

const lock = DEFINE_SEQLOCK("lock");
const fast = DEFINE_STATIC_KEY_FALSE("fast");
const slow = DEFINE_STATIC_KEY_TRUE("slow");
const data = struct("counted", {
  seq: seqcount_t,
  lock: seqlock_t,
  sync: u64_stats_sync,
  packets: u64_stats_t,
  timer: hrtimer,
  a: u32,
  b: u32,
  came: u32,
});
const d = data({});

function write(): void {
  d.a += 1;
  d.b += 1;
}

function came(timer: Ref<hrtimer>): hrtimer_restart_t {
  d.came += timer ? 1 : 0;
  write_seqlock(lock);
  write();
  write_sequnlock(lock);
  return HRTIMER_NORESTART;
}

/** A writer comes in an interrupt, soon. */
function interrupt(): void {
  hrtimer_init(d.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  d.timer.function = came;
  hrtimer_start(d.timer, ns_to_ktime(1000n), HRTIMER_MODE_REL);
}

function seqlocks_test_count(test: Ref<kunit>): void {
  seqcount_init(d.seq);
  const start = read_seqcount_begin(d.seq);
  KUNIT_EXPECT_EQ(test, read_seqcount_retry(d.seq, start), 0);
  write_seqcount_begin(d.seq);
  KUNIT_EXPECT_EQ(test, d.seq.sequence & 1, 1);
  write_seqcount_end(d.seq);
  KUNIT_EXPECT_EQ(test, read_seqcount_retry(d.seq, start), 1);
  KUNIT_EXPECT_EQ(test, read_seqcount_begin(d.seq), 2);
}

function seqlocks_test_retry(test: Ref<kunit>): void {
  d.came = 0;
  let times = 0;
  let start = 0;
  do {
    start = read_seqbegin(lock);
    if (times === 0) interrupt();
    times += 1;
    while (d.came === 0) udelay(1);
  } while (read_seqretry(lock, start));
  KUNIT_EXPECT_EQ(test, times, 2);
  KUNIT_EXPECT_EQ(test, d.a, d.b);
}

function seqlocks_test_forms(test: Ref<kunit>): void {
  seqlock_init(d.lock);
  const start = read_seqbegin(d.lock);
  write_seqlock_irq(d.lock);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  write_sequnlock_irq(d.lock);
  KUNIT_EXPECT_EQ(test, read_seqretry(d.lock, start), 1);
  write_seqlock_bh(d.lock);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0x200);
  write_sequnlock_bh(d.lock);
  const flags = write_seqlock_irqsave(d.lock);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  write_sequnlock_irqrestore(d.lock, flags);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
  KUNIT_EXPECT_EQ(test, read_seqbegin(d.lock), 6);
  read_seqlock_excl(d.lock);
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  KUNIT_EXPECT_EQ(test, read_seqbegin(d.lock), 6);
  read_sequnlock_excl(d.lock);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  seqlock_init(d.lock);
  KUNIT_EXPECT_EQ(test, read_seqbegin(d.lock), 0);
}

function seqlocks_test_stats(test: Ref<kunit>): void {
  u64_stats_init(d.sync);
  u64_stats_set(d.packets, 0xfffffffen);
  const start = u64_stats_fetch_begin(d.sync);
  KUNIT_EXPECT_FALSE(test, u64_stats_fetch_retry(d.sync, start));
  u64_stats_update_begin(d.sync);
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  u64_stats_inc(d.packets);
  u64_stats_add(d.packets, 5n);
  u64_stats_update_end(d.sync);
  KUNIT_EXPECT_TRUE(test, u64_stats_fetch_retry(d.sync, start));
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  const flags = u64_stats_update_begin_irqsave(d.sync);
  KUNIT_EXPECT_NE(test, irqs_disabled(), 0);
  u64_stats_sub(d.packets, 1n);
  u64_stats_update_end_irqrestore(d.sync, flags);
  KUNIT_EXPECT_EQ(test, irqs_disabled(), 0);
  KUNIT_EXPECT_EQ(test, u64_stats_fetch_begin(d.sync), 4);
  KUNIT_EXPECT_TRUE(test, u64_stats_read(d.packets) === 0x100000003n);
  u64_stats_init(d.sync);
  KUNIT_EXPECT_EQ(test, u64_stats_fetch_begin(d.sync), 0);
}

function seqlocks_test_keys(test: Ref<kunit>): void {
  KUNIT_EXPECT_FALSE(test, static_branch_unlikely(fast));
  KUNIT_EXPECT_TRUE(test, static_branch_likely(slow));
  static_branch_enable(fast);
  KUNIT_EXPECT_TRUE(test, static_branch_unlikely(fast));
  static_branch_disable(slow);
  KUNIT_EXPECT_FALSE(test, static_branch_likely(slow));
  static_branch_inc(fast);
  KUNIT_EXPECT_EQ(test, static_key_count(fast), 2);
  static_branch_dec(fast);
  static_branch_dec(fast);
  KUNIT_EXPECT_FALSE(test, static_key_enabled(fast));
  static_branch_inc(slow);
  KUNIT_EXPECT_TRUE(test, static_key_enabled(slow));
  static_branch_dec(slow);
  static_branch_enable(slow);
}

function seqlocks_test_once(test: Ref<kunit>): void {
  d.a = WRITE_ONCE(7);
  KUNIT_EXPECT_EQ(test, READ_ONCE(d.a), 7);
}

kunit_test_suite(
  kunit_suite({
    name: "seqlocks",
    test_cases: [
      KUNIT_CASE(seqlocks_test_count),
      KUNIT_CASE(seqlocks_test_retry),
      KUNIT_CASE(seqlocks_test_forms),
      KUNIT_CASE(seqlocks_test_stats),
      KUNIT_CASE(seqlocks_test_keys),
      KUNIT_CASE(seqlocks_test_once),
    ],
  }),
);

MODULE_LICENSE("GPL");
