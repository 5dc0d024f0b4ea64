// Caches and pools (kmem_cache, mempool): objects of one kind, and objects set aside.
// Source: mm/slab_common.c, mm/slub.c, mm/mempool.c
import type { Steps } from "../engine/interfaces.ts";
import { layOut, roundUp } from "../engine/layout.ts";
import type { Core } from "./core.ts";
import { __GFP_DIRECT_RECLAIM, __GFP_ZERO } from "./gfp.ts";
import { offsetOf } from "./layouts.ts";
import type { Resources } from "./resources.ts";
import type { CacheSettings, Slab } from "./slab.ts";

export const kmem_cache = layOut("kmem_cache", [
  ["object_size", { kind: "scalar", scalar: "u32" }],
  ["size", { kind: "scalar", scalar: "u32" }],
  ["align", { kind: "scalar", scalar: "u32" }],
  ["flags", { kind: "scalar", scalar: "u32" }],
]);

export const mempool_t = layOut("mempool", [
  ["min_nr", { kind: "scalar", scalar: "s32" }],
  ["curr_nr", { kind: "scalar", scalar: "s32" }],
]);

/** Flags of kmem_cache_create(), include/linux/slab.h. */
export const SLAB_HWCACHE_ALIGN = 1 << 4;
export const SLAB_CACHE_DMA = 1 << 5;
export const SLAB_PANIC = 1 << 9;
export const SLAB_ACCOUNT = 1 << 21;
export const SLAB_RECLAIM_ACCOUNT = 1 << 13;
const CACHE_LINE = 64;
const MEMPOOL_SLEEPS = "mm/mempool.c:412";

interface Cache extends CacheSettings {
  readonly objectSize: number;
  /** Makes each object once, when its memory is cut. */
  readonly ctor: number;
  readonly made: Set<number>;
}

interface Pool {
  readonly take: (gfp: number) => Steps<number>;
  readonly give: (object: number) => Steps<void>;
  readonly least: number;
  readonly kept: number[];
}

export class Caches {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly resources: Resources;
  private readonly caches = new Map<number, Cache>();
  private readonly pools = new Map<number, Pool>();

  constructor(core: Core, slab: Slab, resources: Resources) {
    this.core = core;
    this.slab = slab;
    this.resources = resources;
  }

  /** Caches that drivers made, in the order of their making: /proc/slabinfo. */
  get all(): readonly { readonly name: string; readonly objectSize: number; readonly active: number }[] {
    return [...this.caches.values()].map(({ name, objectSize }) => ({
      name,
      objectSize,
      active: this.slab.liveOf(name).length,
    }));
  }

  /** kmem_cache_create(): its address. */
  create(name: string, objectSize: number, align: number, flags: number, ctor: number): number {
    this.core.mightSleep("kmem_cache_create", "kernel/locking/mutex.c:586");
    const line = (flags & SLAB_HWCACHE_ALIGN) !== 0 ? CACHE_LINE : 8;
    const aligned = Math.max(align, line, 8);
    const address = this.slab.reserve(kmem_cache.size, "kmem_cache");
    const cache = {
      name,
      objectSize,
      size: roundUp(objectSize, aligned),
      align: aligned,
      isDma: (flags & SLAB_CACHE_DMA) !== 0,
      keepsContent: ctor !== 0,
      ctor,
      made: new Set<number>(),
    };
    this.caches.set(address, cache);
    for (const [member, value] of Object.entries({
      object_size: objectSize,
      size: cache.size,
      align: aligned,
      flags,
    })) {
      this.core.memory.poke(address + offsetOf(kmem_cache, member), 4, value);
    }
    this.resources.obtain(`kmem_cache ${address}`, `kmem_cache ${name}`);
    return address;
  }

  *alloc(address: number, gfp: number, callee = "kmem_cache_alloc"): Steps<number> {
    const cache = this.at(address);
    this.slab.mightAlloc(gfp, callee);
    const object = yield* this.slab.allocate(cache, cache.objectSize, cache.ctor === 0 ? gfp : gfp & ~__GFP_ZERO);
    if (object !== 0 && cache.ctor !== 0 && !cache.made.has(object)) {
      cache.made.add(object);
      yield* this.core.callDriver(cache.ctor, [object]);
    }
    return object;
  }

  free(address: number, object: number): void {
    const cache = this.at(address);
    const actual = this.slab.cacheOf(object);
    if (object !== 0 && actual !== undefined && actual !== cache.name) {
      // With CONFIG_SLAB_FREELIST_HARDENED: cache_from_obj().
      const text = `cache_from_obj: Wrong slab cache. ${cache.name} but object is from ${actual}`;
      this.core.emit({ kind: "warn", text, stack: this.core.stack() });
    }
    this.slab.kfree(object);
  }

  /** kmem_cache_destroy(): with objects left, the cache stays, as in Linux. */
  destroy(address: number): void {
    if (address === 0) return;
    this.core.mightSleep("kmem_cache_destroy", "kernel/locking/mutex.c:586");
    const { name } = this.at(address);
    this.resources.giveBack(`kmem_cache ${address}`);
    const objects = this.slab.liveOf(name);
    if (objects.length > 0) {
      this.core.emit({ kind: "objects-remain", cache: name, objects, stack: this.core.stack() });
      return;
    }
    this.caches.delete(address);
    this.slab.kfree(address);
  }

  objectSize(address: number): number {
    return this.at(address).objectSize;
  }

  /** mempool_create() with functions of the driver or of the kernel; 0 when the first objects cannot be had. */
  *createPool(least: number, take: Pool["take"], give: Pool["give"]): Steps<number> {
    this.slab.mightAlloc(__GFP_DIRECT_RECLAIM, "mempool_create");
    const pool: Pool = { take, give, least, kept: [] };
    while (pool.kept.length < least) {
      const object = yield* take(__GFP_DIRECT_RECLAIM);
      if (object === 0) {
        for (const one of pool.kept) yield* give(one);
        return 0;
      }
      pool.kept.push(object);
    }
    const address = this.slab.reserve(mempool_t.size, "mempool_t");
    this.pools.set(address, pool);
    this.showPool(address, pool);
    this.resources.obtain(`mempool ${address}`, "mempool");
    return address;
  }

  /** An object, from those set aside when memory is short; who may sleep waits for one to come back. */
  *poolAlloc(address: number, gfp: number): Steps<number> {
    const pool = this.poolAt(address);
    const maySleep = (gfp & __GFP_DIRECT_RECLAIM) !== 0;
    if (maySleep) this.core.mightSleep("mempool_alloc", MEMPOOL_SLEEPS);
    for (;;) {
      const object = yield* pool.take(gfp & ~__GFP_DIRECT_RECLAIM);
      if (object !== 0) return object;
      const kept = pool.kept.pop();
      this.showPool(address, pool);
      if (kept !== undefined) return kept;
      if (!maySleep) return 0;
      yield* this.core.sleep(5_000_000, "mempool");
    }
  }

  *poolFree(address: number, object: number): Steps<void> {
    if (object === 0) return;
    const pool = this.poolAt(address);
    if (pool.kept.length < pool.least) pool.kept.push(object);
    else yield* pool.give(object);
    this.showPool(address, pool);
  }

  *destroyPool(address: number): Steps<void> {
    if (address === 0) return;
    const pool = this.poolAt(address);
    for (const object of pool.kept) yield* pool.give(object);
    this.pools.delete(address);
    this.resources.giveBack(`mempool ${address}`);
    this.slab.kfree(address);
  }

  private showPool(address: number, { least, kept }: Pool): void {
    this.core.memory.poke(address, 4, least);
    this.core.memory.poke(address + 4, 4, kept.length);
  }

  private at(address: number): Cache {
    this.core.memory.touch(address, 4, false);
    const cache = this.caches.get(address);
    if (cache === undefined) throw new Error(`no kmem_cache at ${address.toString(16)}`);
    return cache;
  }

  private poolAt(address: number): Pool {
    this.core.memory.touch(address, 4, false);
    const pool = this.pools.get(address);
    if (pool === undefined) throw new Error(`no mempool at ${address.toString(16)}`);
    return pool;
  }
}
