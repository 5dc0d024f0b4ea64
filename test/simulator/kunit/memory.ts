// KUnit: slab, pages, vmalloc, caches and pools.
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_GE,
  KUNIT_EXPECT_LT,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  __free_page,
  __free_pages,
  __get_free_page,
  __get_free_pages,
  alloc_page,
  alloc_pages,
  free_page,
  free_pages,
  get_zeroed_page,
} from "linux/gfp";
import { clear_highpage, kmap_atomic, kmap_local_page, kunmap_atomic, kunmap_local } from "linux/highmem";
import {
  mempool_alloc,
  mempool_create,
  mempool_create_kmalloc_pool,
  mempool_create_slab_pool,
  mempool_destroy,
  mempool_free,
  type mempool_t,
} from "linux/mempool";
import {
  __pa,
  __va,
  ClearPageReserved,
  get_page,
  is_vmalloc_addr,
  kmap,
  kunmap,
  offset_in_page,
  PAGE_ALIGN,
  PAGE_SIZE,
  page_address,
  page_count,
  page_to_pfn,
  pfn_to_page,
  phys_to_virt,
  put_page,
  SetPageReserved,
  virt_addr_valid,
  virt_to_page,
  virt_to_phys,
} from "linux/mm";
import { MODULE_LICENSE } from "linux/module";
import { preempt_count } from "linux/preempt";
import {
  __GFP_DMA,
  __GFP_ZERO,
  GFP_ATOMIC,
  GFP_DMA,
  GFP_KERNEL,
  kcalloc,
  kfree,
  kfree_sensitive,
  kmalloc,
  kmalloc_array,
  kmalloc_node,
  kmem_cache_alloc,
  kmem_cache_create,
  kmem_cache_destroy,
  kmem_cache_free,
  kmem_cache_size,
  kmem_cache_zalloc,
  krealloc,
  ksize,
  kvfree,
  kvmalloc,
  kvzalloc,
  kzalloc,
  SLAB_HWCACHE_ALIGN,
} from "linux/slab";
import { array, cast, type Ref, struct, u8, u32 } from "linux/types";
import { vfree, vmalloc, vmalloc_user, vzalloc } from "linux/vmalloc";

const thing = struct("thing", { id: u32, made: u32 });
const bytes = array(u8, 64);

function slab(test: Ref<kunit>): void {
  const a = kzalloc(thing, GFP_KERNEL);
  KUNIT_ASSERT_NOT_NULL(test, a);
  KUNIT_EXPECT_EQ(test, a!.id, 0);
  const raw = kmalloc(100, GFP_KERNEL);
  KUNIT_EXPECT_EQ(test, ksize(raw!), 100);
  const grown = krealloc(raw, 200, GFP_KERNEL);
  KUNIT_EXPECT_EQ(test, ksize(grown!), 200);
  const many = kcalloc(4, thing, GFP_KERNEL);
  KUNIT_EXPECT_EQ(test, many![3].made, 0);
  KUNIT_EXPECT_NULL(test, kmalloc_array(0x10000, 0x10000, GFP_KERNEL));
  const few = kmalloc_array(2, thing, GFP_KERNEL);
  KUNIT_EXPECT_NOT_NULL(test, few);
  const near = kmalloc_node(thing, GFP_KERNEL, 0);
  KUNIT_EXPECT_NOT_NULL(test, near);
  const low = kmalloc(thing, GFP_KERNEL | GFP_DMA);
  KUNIT_EXPECT_LT(test, virt_to_phys(low!), 0x1000000);
  KUNIT_EXPECT_GE(test, virt_to_phys(near!), 0x1000000);
  for (const one of [a, grown, many, few, near, low]) kfree(one);
  kfree_sensitive(kzalloc(thing, GFP_KERNEL));
}

function pages(test: Ref<kunit>): void {
  const one = alloc_page(GFP_KERNEL);
  const four = alloc_pages(GFP_KERNEL | __GFP_ZERO, 2);
  KUNIT_ASSERT_NOT_NULL(test, one);
  KUNIT_ASSERT_NOT_NULL(test, four);
  const at = page_address(four!);
  KUNIT_EXPECT_EQ(test, offset_in_page(at), 0);
  KUNIT_EXPECT_EQ(test, cast(array(u32, 4096), at)[4095], 0);
  KUNIT_EXPECT_PTR_EQ(test, virt_to_page(at), four);
  KUNIT_EXPECT_PTR_EQ(test, pfn_to_page(page_to_pfn(four!)), four);
  KUNIT_EXPECT_EQ(test, page_to_pfn(four!), virt_to_phys(at) / PAGE_SIZE);
  KUNIT_EXPECT_EQ(test, __pa(at), virt_to_phys(at));
  KUNIT_EXPECT_PTR_EQ(test, phys_to_virt(virt_to_phys(at)), __va(__pa(at)));
  KUNIT_EXPECT_TRUE(test, virt_addr_valid(at));
  KUNIT_EXPECT_EQ(test, PAGE_ALIGN(1), PAGE_SIZE);

  KUNIT_EXPECT_EQ(test, page_count(one!), 1);
  get_page(one!);
  put_page(one!);
  SetPageReserved(one!);
  KUNIT_EXPECT_NE(test, one!.flags, 0);
  ClearPageReserved(one!);
  KUNIT_EXPECT_EQ(test, one!.flags, 0);

  const mapped = cast(bytes, kmap_local_page(one!));
  mapped[0] = 7;
  clear_highpage(one!);
  KUNIT_EXPECT_EQ(test, mapped[0], 0);
  kunmap_local(mapped);
  const atomically = kmap_atomic(one!);
  KUNIT_EXPECT_EQ(test, preempt_count(), 1);
  kunmap_atomic(atomically);
  KUNIT_EXPECT_EQ(test, preempt_count(), 0);
  KUNIT_EXPECT_PTR_EQ(test, kmap(one!), mapped);
  kunmap(one!);

  __free_page(one!);
  __free_pages(four!, 2);
  const a = __get_free_page(GFP_KERNEL);
  const b = __get_free_pages(GFP_KERNEL | __GFP_DMA, 1);
  const c = get_zeroed_page(GFP_KERNEL);
  KUNIT_EXPECT_LT(test, b, a);
  KUNIT_EXPECT_EQ(test, c % PAGE_SIZE, 0);
  free_page(a);
  free_pages(b, 1);
  free_page(c);
}

function virtual(test: Ref<kunit>): void {
  const a = vmalloc(10000);
  const b = cast(bytes, vzalloc(64)!);
  const c = cast(bytes, vmalloc_user(64)!);
  KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(a!));
  KUNIT_EXPECT_FALSE(test, virt_addr_valid(a!));
  KUNIT_EXPECT_EQ(test, b[63] + c[63], 0);
  vfree(a);
  vfree(b);
  vfree(c);
  const small = cast(bytes, kvzalloc(64, GFP_KERNEL)!);
  KUNIT_EXPECT_EQ(test, small[0], 0);
  KUNIT_EXPECT_FALSE(test, is_vmalloc_addr(small));
  kvfree(small);
  const large = kvmalloc(5 << 20, GFP_KERNEL);
  KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(large!));
  kvfree(large);
}

let constructed = 0;

function construct(object: Ref<unknown>): void {
  constructed += 1;
  cast(thing, object).made = constructed;
}

function caches(test: Ref<kunit>): void {
  const cache = kmem_cache_create("thing", thing, 0, SLAB_HWCACHE_ALIGN, construct)!;
  KUNIT_EXPECT_EQ(test, kmem_cache_size(cache), 8);
  KUNIT_EXPECT_EQ(test, cache.size, 64);
  const a = kmem_cache_alloc(cache, GFP_KERNEL, thing)!;
  const b = kmem_cache_alloc(cache, GFP_ATOMIC, thing)!;
  KUNIT_EXPECT_EQ(test, a.made, 1);
  KUNIT_EXPECT_EQ(test, b.made, 2);
  kmem_cache_free(cache, a);
  kmem_cache_free(cache, b);
  kmem_cache_destroy(cache);

  const plain = kmem_cache_create("plain", thing, 0, 0, null)!;
  const cleared = kmem_cache_zalloc(plain, GFP_KERNEL, thing)!;
  KUNIT_EXPECT_EQ(test, cleared.made, 0);
  kmem_cache_free(plain, cleared);

  const pool = mempool_create_slab_pool(2, plain)!;
  takes(test, pool);
  const bytes_pool = mempool_create_kmalloc_pool(1, 8)!;
  takes(test, bytes_pool);
  const own = mempool_create(
    1,
    (flags) => kmalloc(thing, flags),
    (object) => kfree(object),
    null,
  )!;
  takes(test, own);
  kmem_cache_destroy(plain);
}

function takes(test: Ref<kunit>, pool: Ref<mempool_t>): void {
  const object = mempool_alloc(pool, GFP_KERNEL, thing)!;
  object.id = 1;
  KUNIT_EXPECT_EQ(test, pool.curr_nr, pool.min_nr);
  mempool_free(object, pool);
  mempool_destroy(pool);
}

kunit_test_suite(
  kunit_suite({
    name: "memory",
    test_cases: [KUNIT_CASE(slab), KUNIT_CASE(pages), KUNIT_CASE(virtual), KUNIT_CASE(caches)],
  }),
);

MODULE_LICENSE("GPL");
