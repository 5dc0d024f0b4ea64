// KUnit: linux/atomic, linux/refcount and linux/kref.

import {
  barrier as barrier_of_asm,
  mb as mb_of_asm,
  rmb as rmb_of_asm,
  smp_mb__after_atomic as smp_mb__after_atomic_of_asm,
  smp_mb__before_atomic as smp_mb__before_atomic_of_asm,
  smp_mb as smp_mb_of_asm,
  smp_rmb as smp_rmb_of_asm,
  smp_wmb as smp_wmb_of_asm,
  wmb as wmb_of_asm,
} from "asm/barrier";
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  ATOMIC_INIT,
  atomic_add,
  atomic_add_negative,
  atomic_add_return,
  atomic_add_unless,
  atomic_and,
  atomic_cmpxchg,
  atomic_dec,
  atomic_dec_and_test,
  atomic_dec_if_positive,
  atomic_dec_return,
  atomic_fetch_add,
  atomic_fetch_and,
  atomic_fetch_or,
  atomic_fetch_sub,
  atomic_fetch_xor,
  atomic_inc,
  atomic_inc_and_test,
  atomic_inc_not_zero,
  atomic_inc_return,
  atomic_long_add,
  atomic_long_add_negative,
  atomic_long_add_return,
  atomic_long_add_unless,
  atomic_long_and,
  atomic_long_cmpxchg,
  atomic_long_dec,
  atomic_long_dec_and_test,
  atomic_long_dec_if_positive,
  atomic_long_dec_return,
  atomic_long_fetch_add,
  atomic_long_fetch_and,
  atomic_long_fetch_or,
  atomic_long_fetch_sub,
  atomic_long_fetch_xor,
  atomic_long_inc,
  atomic_long_inc_and_test,
  atomic_long_inc_not_zero,
  atomic_long_inc_return,
  atomic_long_or,
  atomic_long_read,
  atomic_long_set,
  atomic_long_sub,
  atomic_long_sub_and_test,
  atomic_long_sub_return,
  atomic_long_t,
  atomic_long_xchg,
  atomic_long_xor,
  atomic_or,
  atomic_read,
  atomic_set,
  atomic_sub,
  atomic_sub_and_test,
  atomic_sub_return,
  atomic_t,
  atomic_xchg,
  atomic_xor,
  atomic64_add,
  atomic64_add_negative,
  atomic64_add_return,
  atomic64_add_unless,
  atomic64_and,
  atomic64_cmpxchg,
  atomic64_dec,
  atomic64_dec_and_test,
  atomic64_dec_if_positive,
  atomic64_dec_return,
  atomic64_fetch_add,
  atomic64_fetch_and,
  atomic64_fetch_or,
  atomic64_fetch_sub,
  atomic64_fetch_xor,
  atomic64_inc,
  atomic64_inc_and_test,
  atomic64_inc_not_zero,
  atomic64_inc_return,
  atomic64_or,
  atomic64_read,
  atomic64_set,
  atomic64_sub,
  atomic64_sub_and_test,
  atomic64_sub_return,
  atomic64_t,
  atomic64_xchg,
  atomic64_xor,
  barrier,
  mb,
  rmb,
  smp_mb,
  smp_mb__after_atomic,
  smp_mb__before_atomic,
  smp_rmb,
  smp_wmb,
  wmb,
} from "linux/atomic";
import { kref, kref_get, kref_get_unless_zero, kref_init, kref_put, kref_put_mutex, kref_read } from "linux/kref";
import { MODULE_LICENSE } from "linux/module";
import { DEFINE_MUTEX, mutex_is_locked, mutex_unlock } from "linux/mutex";
import {
  REFCOUNT_SATURATED,
  refcount_add,
  refcount_dec,
  refcount_dec_and_test,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  refcount_set,
  refcount_sub_and_test,
  refcount_t,
} from "linux/refcount";
import { container_of, on_stack, type Ref, struct, u32 } from "linux/types";

function atomics(test: Ref<kunit>): void {
  const v = on_stack(atomic_t);
  atomic_set(v, 5);
  atomic_add(3, v);
  KUNIT_EXPECT_EQ(test, atomic_read(v), 8);
  atomic_sub(1, v);
  KUNIT_EXPECT_EQ(test, atomic_read(v), 7);
  atomic_or(8, v);
  KUNIT_EXPECT_EQ(test, atomic_read(v), 15);
  atomic_and(12, v);
  KUNIT_EXPECT_EQ(test, atomic_read(v), 12);
  atomic_xor(1, v);
  KUNIT_EXPECT_EQ(test, atomic_read(v), 13);
  KUNIT_EXPECT_EQ(test, atomic_fetch_add(2, v), 13);
  KUNIT_EXPECT_EQ(test, atomic_fetch_sub(5, v), 15);
  KUNIT_EXPECT_EQ(test, atomic_fetch_or(1, v), 10);
  KUNIT_EXPECT_EQ(test, atomic_fetch_and(3, v), 11);
  KUNIT_EXPECT_EQ(test, atomic_fetch_xor(1, v), 3);
  KUNIT_EXPECT_EQ(test, atomic_add_return(4, v), 6);
  KUNIT_EXPECT_EQ(test, atomic_sub_return(3, v), 3);
  atomic_inc(v);
  atomic_inc(v);
  atomic_dec(v);
  KUNIT_EXPECT_EQ(test, atomic_inc_return(v), 5);
  KUNIT_EXPECT_EQ(test, atomic_dec_return(v), 4);
  KUNIT_EXPECT_FALSE(test, atomic_dec_and_test(v));
  KUNIT_EXPECT_FALSE(test, atomic_inc_and_test(v));
  KUNIT_EXPECT_TRUE(test, atomic_sub_and_test(4, v));
  KUNIT_EXPECT_FALSE(test, atomic_inc_not_zero(v));
  KUNIT_EXPECT_TRUE(test, atomic_add_unless(v, 2, 9));
  KUNIT_EXPECT_EQ(test, atomic_dec_if_positive(v), 1);
  KUNIT_EXPECT_TRUE(test, atomic_add_negative(-5, v));
  KUNIT_EXPECT_EQ(test, atomic_xchg(v, 1), -4);
  KUNIT_EXPECT_TRUE(test, atomic_dec_and_test(v));
  KUNIT_EXPECT_EQ(test, atomic_cmpxchg(v, 0, 9), 0);
  KUNIT_EXPECT_EQ(test, atomic_cmpxchg(v, 0, 7), 9);
  KUNIT_EXPECT_EQ(test, atomic_read(v), 9);
}

function atomic_longs(test: Ref<kunit>): void {
  const v = on_stack(atomic_long_t);
  atomic_long_set(v, 5);
  atomic_long_add(3, v);
  KUNIT_EXPECT_EQ(test, atomic_long_read(v), 8);
  atomic_long_sub(1, v);
  KUNIT_EXPECT_EQ(test, atomic_long_read(v), 7);
  atomic_long_or(8, v);
  KUNIT_EXPECT_EQ(test, atomic_long_read(v), 15);
  atomic_long_and(12, v);
  KUNIT_EXPECT_EQ(test, atomic_long_read(v), 12);
  atomic_long_xor(1, v);
  KUNIT_EXPECT_EQ(test, atomic_long_read(v), 13);
  KUNIT_EXPECT_EQ(test, atomic_long_fetch_add(2, v), 13);
  KUNIT_EXPECT_EQ(test, atomic_long_fetch_sub(5, v), 15);
  KUNIT_EXPECT_EQ(test, atomic_long_fetch_or(1, v), 10);
  KUNIT_EXPECT_EQ(test, atomic_long_fetch_and(3, v), 11);
  KUNIT_EXPECT_EQ(test, atomic_long_fetch_xor(1, v), 3);
  KUNIT_EXPECT_EQ(test, atomic_long_add_return(4, v), 6);
  KUNIT_EXPECT_EQ(test, atomic_long_sub_return(3, v), 3);
  atomic_long_inc(v);
  atomic_long_inc(v);
  atomic_long_dec(v);
  KUNIT_EXPECT_EQ(test, atomic_long_inc_return(v), 5);
  KUNIT_EXPECT_EQ(test, atomic_long_dec_return(v), 4);
  KUNIT_EXPECT_FALSE(test, atomic_long_dec_and_test(v));
  KUNIT_EXPECT_FALSE(test, atomic_long_inc_and_test(v));
  KUNIT_EXPECT_TRUE(test, atomic_long_sub_and_test(4, v));
  KUNIT_EXPECT_FALSE(test, atomic_long_inc_not_zero(v));
  KUNIT_EXPECT_TRUE(test, atomic_long_add_unless(v, 2, 9));
  KUNIT_EXPECT_EQ(test, atomic_long_dec_if_positive(v), 1);
  KUNIT_EXPECT_TRUE(test, atomic_long_add_negative(-5, v));
  KUNIT_EXPECT_EQ(test, atomic_long_xchg(v, 1), -4);
  KUNIT_EXPECT_TRUE(test, atomic_long_dec_and_test(v));
  KUNIT_EXPECT_EQ(test, atomic_long_cmpxchg(v, 0, 9), 0);
  KUNIT_EXPECT_EQ(test, atomic_long_cmpxchg(v, 0, 7), 9);
  KUNIT_EXPECT_EQ(test, atomic_long_read(v), 9);
}

function atomic64s(test: Ref<kunit>): void {
  const v = on_stack(atomic64_t);
  atomic64_set(v, 5n);
  atomic64_add(3n, v);
  KUNIT_EXPECT_EQ(test, atomic64_read(v), 8);
  atomic64_sub(1n, v);
  KUNIT_EXPECT_EQ(test, atomic64_read(v), 7);
  atomic64_or(8n, v);
  KUNIT_EXPECT_EQ(test, atomic64_read(v), 15);
  atomic64_and(12n, v);
  KUNIT_EXPECT_EQ(test, atomic64_read(v), 12);
  atomic64_xor(1n, v);
  KUNIT_EXPECT_EQ(test, atomic64_read(v), 13);
  KUNIT_EXPECT_EQ(test, atomic64_fetch_add(2n, v), 13);
  KUNIT_EXPECT_EQ(test, atomic64_fetch_sub(5n, v), 15);
  KUNIT_EXPECT_EQ(test, atomic64_fetch_or(1n, v), 10);
  KUNIT_EXPECT_EQ(test, atomic64_fetch_and(3n, v), 11);
  KUNIT_EXPECT_EQ(test, atomic64_fetch_xor(1n, v), 3);
  KUNIT_EXPECT_EQ(test, atomic64_add_return(4n, v), 6);
  KUNIT_EXPECT_EQ(test, atomic64_sub_return(3n, v), 3);
  atomic64_inc(v);
  atomic64_inc(v);
  atomic64_dec(v);
  KUNIT_EXPECT_EQ(test, atomic64_inc_return(v), 5);
  KUNIT_EXPECT_EQ(test, atomic64_dec_return(v), 4);
  KUNIT_EXPECT_FALSE(test, atomic64_dec_and_test(v));
  KUNIT_EXPECT_FALSE(test, atomic64_inc_and_test(v));
  KUNIT_EXPECT_TRUE(test, atomic64_sub_and_test(4n, v));
  KUNIT_EXPECT_FALSE(test, atomic64_inc_not_zero(v));
  KUNIT_EXPECT_TRUE(test, atomic64_add_unless(v, 2n, 9n));
  KUNIT_EXPECT_EQ(test, atomic64_dec_if_positive(v), 1);
  KUNIT_EXPECT_TRUE(test, atomic64_add_negative(-5n, v));
  KUNIT_EXPECT_EQ(test, atomic64_xchg(v, 1n), -4);
  KUNIT_EXPECT_TRUE(test, atomic64_dec_and_test(v));
  KUNIT_EXPECT_EQ(test, atomic64_cmpxchg(v, 0n, 9n), 0);
  KUNIT_EXPECT_EQ(test, atomic64_cmpxchg(v, 0n, 7n), 9);
  KUNIT_EXPECT_EQ(test, atomic64_read(v), 9);
}

const holder = struct("holder", { users: atomic_t, ref: kref, released: u32 });
const one = holder({ users: ATOMIC_INIT(3) });

function initialised(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, atomic_read(one.users), 3);
}

function barriers(): void {
  mb();
  mb_of_asm();
  rmb();
  rmb_of_asm();
  wmb();
  wmb_of_asm();
  smp_mb();
  smp_mb_of_asm();
  smp_rmb();
  smp_rmb_of_asm();
  smp_wmb();
  smp_wmb_of_asm();
  barrier();
  barrier_of_asm();
  smp_mb__before_atomic();
  smp_mb__before_atomic_of_asm();
  smp_mb__after_atomic();
  smp_mb__after_atomic_of_asm();
}

function counts(test: Ref<kunit>): void {
  const r = on_stack(refcount_t);
  refcount_set(r, 1);
  refcount_inc(r);
  refcount_add(2, r);
  refcount_dec(r);
  KUNIT_EXPECT_EQ(test, refcount_read(r), 3);
  KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(r));
  KUNIT_EXPECT_TRUE(test, refcount_inc_not_zero(r));
  KUNIT_EXPECT_TRUE(test, refcount_sub_and_test(3, r));
  KUNIT_EXPECT_FALSE(test, refcount_inc_not_zero(r));

  // From here on each mistake is told once.
  refcount_inc(r); // reports: refcount-underflow
  KUNIT_EXPECT_EQ(test, refcount_read(r) | 0, REFCOUNT_SATURATED);
  refcount_set(r, 0);
  KUNIT_EXPECT_FALSE(test, refcount_dec_and_test(r)); // reports: refcount-underflow
  refcount_set(r, 1);
  refcount_dec(r); // reports: refcount-leak
  refcount_set(r, 0x7fffffff);
  refcount_inc(r); // reports: refcount-leak
  KUNIT_EXPECT_EQ(test, refcount_read(r) | 0, REFCOUNT_SATURATED);
}

function release(ref: Ref<kref>): void {
  container_of(ref, holder, "ref").released += 1;
}

const guard = DEFINE_MUTEX("guard");

function release_locked(ref: Ref<kref>): void {
  release(ref);
  mutex_unlock(guard);
}

function references(test: Ref<kunit>): void {
  kref_init(one.ref);
  kref_get(one.ref);
  KUNIT_EXPECT_EQ(test, kref_read(one.ref), 2);
  KUNIT_EXPECT_EQ(test, kref_put(one.ref, release), 0);
  KUNIT_EXPECT_TRUE(test, kref_get_unless_zero(one.ref));
  KUNIT_EXPECT_EQ(test, kref_put_mutex(one.ref, release_locked, guard), 0);
  KUNIT_EXPECT_EQ(test, kref_put_mutex(one.ref, release_locked, guard), 1);
  KUNIT_EXPECT_FALSE(test, mutex_is_locked(guard));
  KUNIT_EXPECT_FALSE(test, kref_get_unless_zero(one.ref));
  kref_init(one.ref);
  KUNIT_EXPECT_EQ(test, kref_put(one.ref, release), 1);
  KUNIT_EXPECT_EQ(test, one.released, 2);
}

kunit_test_suite(
  kunit_suite({
    name: "atomic",
    test_cases: [
      KUNIT_CASE(atomics),
      KUNIT_CASE(atomic_longs),
      KUNIT_CASE(atomic64s),
      KUNIT_CASE(initialised),
      KUNIT_CASE(barriers),
      KUNIT_CASE(counts),
      KUNIT_CASE(references),
    ],
  }),
);

MODULE_LICENSE("GPL");
