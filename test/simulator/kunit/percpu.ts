// KUnit: linux/percpu, linux/smp and linux/cpumask.
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { for_each_online_cpu, for_each_possible_cpu, for_each_present_cpu } from "linux/cpumask";
import { MODULE_LICENSE } from "linux/module";
import {
  alloc_percpu,
  DEFINE_PER_CPU,
  free_percpu,
  get_cpu_ptr,
  get_cpu_var,
  per_cpu,
  per_cpu_ptr,
  put_cpu_ptr,
  put_cpu_var,
  raw_cpu_ptr,
  this_cpu_add,
  this_cpu_add_return,
  this_cpu_and,
  this_cpu_dec,
  this_cpu_inc,
  this_cpu_or,
  this_cpu_ptr,
  this_cpu_read,
  this_cpu_sub,
  this_cpu_write,
} from "linux/percpu";
import { in_atomic, in_hardirq, preempt_disable, preempt_enable } from "linux/preempt";
import {
  cpu_online,
  cpu_possible,
  cpu_present,
  get_cpu,
  nr_cpu_ids,
  num_online_cpus,
  num_possible_cpus,
  num_present_cpus,
  on_each_cpu,
  put_cpu,
  raw_smp_processor_id,
  smp_call_function,
  smp_call_function_single,
  smp_processor_id,
} from "linux/smp";
import { type Ref, struct, u32, u64 } from "linux/types";

const stats = struct("stats", { packets: u64, errors: u32 });
const hits = DEFINE_PER_CPU(u32, "hits");
const shared = struct("shared", { calls: u32, irqs: u32 });
const s = shared({});

function percpu_test_variables(test: Ref<kunit>): void {
  for (const cpu of for_each_possible_cpu()) per_cpu_ptr(hits, cpu).value = 0;
  preempt_disable();
  const cpu = smp_processor_id();
  this_cpu_write(hits, 5);
  this_cpu_inc(hits);
  this_cpu_add(hits, 10);
  this_cpu_sub(hits, 2);
  this_cpu_dec(hits);
  KUNIT_EXPECT_EQ(test, this_cpu_read(hits), 13);
  KUNIT_EXPECT_EQ(test, this_cpu_add_return(hits, 2), 15);
  this_cpu_or(hits, 16);
  this_cpu_and(hits, 30);
  KUNIT_EXPECT_EQ(test, this_cpu_ptr(hits).value, 30);
  KUNIT_EXPECT_EQ(test, raw_cpu_ptr(hits).value, 30);
  preempt_enable();
  KUNIT_EXPECT_EQ(test, per_cpu(hits, cpu).value, 30);
  let sum = 0;
  for (const each of for_each_online_cpu()) sum += per_cpu(hits, each).value;
  KUNIT_EXPECT_EQ(test, sum, 30);
}

function percpu_test_alloc(test: Ref<kunit>): void {
  const p = alloc_percpu(stats);
  KUNIT_ASSERT_NOT_NULL(test, p);
  if (!p) return;
  for (const cpu of for_each_present_cpu()) {
    KUNIT_EXPECT_EQ(test, per_cpu_ptr(p, cpu).packets, 0n);
    per_cpu_ptr(p, cpu).errors = 100 + cpu;
  }
  const own = get_cpu_ptr(p);
  KUNIT_EXPECT_NE(test, in_atomic(), 0);
  own.packets += 1n;
  KUNIT_EXPECT_EQ(test, own.errors, 100 + smp_processor_id());
  put_cpu_ptr(p);
  KUNIT_EXPECT_EQ(test, in_atomic(), 0);
  get_cpu_var(p).errors = 7;
  KUNIT_EXPECT_NE(test, in_atomic(), 0);
  put_cpu_var(p);
  KUNIT_EXPECT_EQ(test, in_atomic(), 0);
  free_percpu(p);
}

function count(d: Ref<typeof shared>): void {
  d.calls += 1;
  if (in_hardirq()) d.irqs += 1;
  this_cpu_write(hits, 1000 + raw_smp_processor_id());
}

function percpu_test_calls(test: Ref<kunit>): void {
  const cpus = num_online_cpus();
  s.calls = 0;
  s.irqs = 0;
  on_each_cpu(count, s, 1);
  KUNIT_EXPECT_EQ(test, s.calls, cpus);
  KUNIT_EXPECT_EQ(test, s.irqs, cpus - 1);
  for (const cpu of for_each_online_cpu()) KUNIT_EXPECT_EQ(test, per_cpu_ptr(hits, cpu).value, 1000 + cpu);
  s.calls = 0;
  smp_call_function(count, s, 1);
  KUNIT_EXPECT_EQ(test, s.calls, cpus - 1);
  s.calls = 0;
  KUNIT_EXPECT_EQ(test, smp_call_function_single(cpus - 1, count, s, 1), 0);
  KUNIT_EXPECT_EQ(test, s.calls, 1);
  KUNIT_EXPECT_NE(test, smp_call_function_single(99, count, s, 1), 0);
}

function percpu_test_cpus(test: Ref<kunit>): void {
  const cpus = num_online_cpus();
  KUNIT_EXPECT_TRUE(test, cpus >= 1);
  KUNIT_EXPECT_EQ(test, num_possible_cpus(), cpus);
  KUNIT_EXPECT_EQ(test, num_present_cpus(), cpus);
  KUNIT_EXPECT_EQ(test, nr_cpu_ids(), cpus);
  KUNIT_EXPECT_EQ(test, cpu_online(cpus - 1), true);
  KUNIT_EXPECT_EQ(test, cpu_possible(cpus), false);
  KUNIT_EXPECT_EQ(test, cpu_present(0), true);
  KUNIT_EXPECT_EQ(test, cpu_possible(0), true);
  const cpu = get_cpu();
  KUNIT_EXPECT_NE(test, in_atomic(), 0);
  KUNIT_EXPECT_EQ(test, raw_smp_processor_id(), cpu);
  put_cpu();
  KUNIT_EXPECT_EQ(test, in_atomic(), 0);
}

kunit_test_suite(
  kunit_suite({
    name: "percpu",
    test_cases: [
      KUNIT_CASE(percpu_test_variables),
      KUNIT_CASE(percpu_test_alloc),
      KUNIT_CASE(percpu_test_calls),
      KUNIT_CASE(percpu_test_cpus),
    ],
  }),
);

MODULE_LICENSE("GPL");
