// linux/slab and linux/mempool: kernel memory by the byte, by the struct and by the cache.
import type { Steps } from "../engine/interfaces.ts";
import {
  kmem_cache,
  mempool_t,
  SLAB_ACCOUNT,
  SLAB_CACHE_DMA,
  SLAB_HWCACHE_ALIGN,
  SLAB_PANIC,
  SLAB_RECLAIM_ACCOUNT,
} from "../kernel/caches.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { gfpFlags } from "./gfp.ts";
import { Header } from "./header.ts";

const mayBeNull = { mayBeNull: true } as const;

export function slab(kernel: Kernel): Header {
  const { core, slab, vmalloc } = kernel;
  const header = new Header(core);
  header.constants(gfpFlags);
  header.constants({ SLAB_ACCOUNT, SLAB_CACHE_DMA, SLAB_HWCACHE_ALIGN, SLAB_PANIC, SLAB_RECLAIM_ACCOUNT });

  /** Allocates memory of undefined content. Any context without __GFP_DIRECT_RECLAIM, else task. NULL: no memory. */
  header.steps("kmalloc", ["size", "u32"], "arg0", (size: number, gfp: number) => slab.kmalloc(size, gfp), mayBeNull);
  /** Allocates cleared memory. Contexts and result as kmalloc. */
  header.steps("kzalloc", ["size", "u32"], "arg0", (size: number, gfp: number) => slab.kzalloc(size, gfp), mayBeNull);
  /** Allocates on a node of memory, of which there is one. Contexts and result as kmalloc. */
  header.steps(
    "kmalloc_node",
    ["size", "u32", "int"],
    "arg0",
    (size: number, gfp: number) => slab.kmalloc(size, gfp, "kmalloc_node"),
    mayBeNull,
  );
  /** Allocates a cleared array. Contexts as kmalloc. NULL: no memory, or the product overflows. */
  header.steps(
    "kcalloc",
    ["u32", "size", "u32"],
    "arg0",
    (count: number, size: number, gfp: number) => slab.array(count, size, gfp | gfpFlags.__GFP_ZERO, "kcalloc"),
    mayBeNull,
  );
  /** Allocates an array of undefined content. Contexts and result as kcalloc. */
  header.steps(
    "kmalloc_array",
    ["u32", "size", "u32"],
    "arg0",
    (count: number, size: number, gfp: number) => slab.array(count, size, gfp, "kmalloc_array"),
    mayBeNull,
  );
  /** Makes memory larger or smaller, moving it. Contexts as kmalloc. NULL: no memory, and the old is untouched. */
  header.steps(
    "krealloc",
    ["ptr", "size", "u32"],
    "ptr",
    (object: number, size: number, gfp: number) => slab.krealloc(object, size, gfp),
    mayBeNull,
  );
  /** Gives memory back; NULL is ignored. Any context. */
  header.plain("kfree", ["ptr"], "void", (object: number) => slab.kfree(object));
  /** The same for what must not be found in memory afterwards. Any context. */
  header.plain("kfree_sensitive", ["ptr"], "void", (object: number) => slab.kfree(object));
  /** The bytes that were asked for. Any context. */
  header.plain("ksize", ["ptr"], "size", (object: number) => slab.ksize(object));
  /** kmalloc where that is likely to work, else vmalloc. Task context, may sleep. NULL: no memory. */
  header.steps(
    "kvmalloc",
    ["size", "u32"],
    "arg0",
    (size: number, gfp: number) => vmalloc.kvmalloc(size, gfp),
    mayBeNull,
  );
  /** The same, cleared. Task context, may sleep. NULL: no memory. */
  header.steps(
    "kvzalloc",
    ["size", "u32"],
    "arg0",
    (size: number, gfp: number) => vmalloc.kvmalloc(size, gfp | gfpFlags.__GFP_ZERO),
    mayBeNull,
  );
  /** Frees what kvmalloc allocated. Task context, may sleep. */
  header.plain("kvfree", ["ptr"], "void", (address: number) => vmalloc.kvfree(address));
  caches(header, kernel);
  return header;
}

function caches(header: Header, kernel: Kernel): void {
  const { caches } = kernel;
  header.layout("kmem_cache", kmem_cache);
  /** Makes a cache of objects of one kind. Task context, may sleep. NULL: no memory. */
  header.plain(
    "kmem_cache_create",
    ["string", "size", "u32", "u32", "callback"],
    kmem_cache,
    (name: number, size: number, align: number, flags: number, ctor: number) =>
      caches.create(kernel.textAt(name), size, align, flags, ctor),
    mayBeNull,
  );
  /** An object of a cache. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "kmem_cache_alloc",
    [kmem_cache, "u32", "like"],
    "like",
    (cache: number, gfp: number) => caches.alloc(cache, gfp),
    mayBeNull,
  );
  /** The same, cleared. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "kmem_cache_zalloc",
    [kmem_cache, "u32", "like"],
    "like",
    (cache: number, gfp: number) => caches.alloc(cache, gfp | gfpFlags.__GFP_ZERO, "kmem_cache_zalloc"),
    mayBeNull,
  );
  /** Gives an object back to its cache. Any context. */
  header.plain("kmem_cache_free", [kmem_cache, "ptr"], "void", (cache: number, object: number) =>
    caches.free(cache, object),
  );
  /** Removes a cache whose objects are all free. Task context, may sleep. */
  header.plain("kmem_cache_destroy", [kmem_cache], "void", (cache: number) => caches.destroy(cache));
  /** Bytes of an object. Any context. */
  header.plain("kmem_cache_size", [kmem_cache], "u32", (cache: number) => caches.objectSize(cache));
}

export function mempool(kernel: Kernel): Header {
  const { core, caches, slab } = kernel;
  const header = new Header(core);
  header.layout("mempool_t", mempool_t);
  const create = (least: number, take: (gfp: number) => Steps<number>, give: (object: number) => Steps<void>) =>
    caches.createPool(least, take, give);
  const free = function* (give: () => void): Steps<void> {
    yield* [];
    give();
  };
  /** Sets objects aside, made and freed by the driver's functions. Task context, may sleep. NULL: no memory. */
  header.steps(
    "mempool_create",
    ["int", "callback", "callback", "ptr"],
    mempool_t,
    (least: number, alloc: number, release: number, data: number) =>
      create(
        least,
        (gfp) => core.callDriver(alloc, [gfp, data]),
        function* (object) {
          yield* core.callDriver(release, [object, data]);
        },
      ),
    mayBeNull,
  );
  /** Sets objects of a cache aside. Task context, may sleep. NULL: no memory. */
  header.steps(
    "mempool_create_slab_pool",
    ["int", kmem_cache],
    mempool_t,
    (least: number, cache: number) =>
      create(
        least,
        (gfp) => caches.alloc(cache, gfp),
        (object) => free(() => caches.free(cache, object)),
      ),
    mayBeNull,
  );
  /** Sets memory of one size aside. Task context, may sleep. NULL: no memory. */
  header.steps(
    "mempool_create_kmalloc_pool",
    ["int", "u32"],
    mempool_t,
    (least: number, size: number) =>
      create(
        least,
        (gfp) => slab.kmalloc(size, gfp),
        (object) => free(() => slab.kfree(object)),
      ),
    mayBeNull,
  );
  /** An object, from those set aside when memory is short. Task context with __GFP_DIRECT_RECLAIM, which never fails; any without. */
  header.steps(
    "mempool_alloc",
    [mempool_t, "u32", "like"],
    "like",
    (pool: number, gfp: number) => caches.poolAlloc(pool, gfp),
    mayBeNull,
  );
  /** Gives an object back. Any context. */
  header.steps("mempool_free", ["ptr", mempool_t], "void", (object: number, pool: number) =>
    caches.poolFree(pool, object),
  );
  /** Removes a pool whose objects are all back. Task context, may sleep. */
  header.steps("mempool_destroy", [mempool_t], "void", (pool: number) => caches.destroyPool(pool));
  return header;
}
