// How much memory is left: watermarks, the reserve of atomic allocations, and reclaim, for which an allocation sleeps.
// Source: mm/page_alloc.c (get_page_from_freelist, __alloc_pages_slowpath), Documentation/core-api/memory-allocation.rst
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { FaultInjection } from "./fault-injection.ts";
import { __GFP_DIRECT_RECLAIM, __GFP_HIGH, __GFP_NOFAIL, __GFP_NORETRY, __GFP_NOWARN, gfpText } from "./gfp.ts";
import { KERN_WARNING } from "./kern-levels.ts";
import type { Log } from "./printk.ts";

const TOTAL_BYTES = 0x1000000;
/** Page cache and the like, when the machine starts. */
const RECLAIMABLE_BYTES = 0x400000;
/** What one round of reclaim frees, and how long it takes. */
const BATCH_BYTES = 0x20000;
const RECLAIM_NANOS = 1_000_000;
const MOST_ROUNDS = 16;

export class Zone {
  private readonly core: Core;
  private readonly log: Log;
  private readonly faults: FaultInjection;
  private free = TOTAL_BYTES - RECLAIMABLE_BYTES;
  private reclaimable = RECLAIMABLE_BYTES;

  constructor(core: Core, log: Log, faults: FaultInjection) {
    this.core = core;
    this.log = log;
    this.faults = faults;
  }

  get freeBytes(): number {
    return this.free;
  }

  get totalBytes(): number {
    return TOTAL_BYTES;
  }

  /** What user space leaves, and how much of the rest it would give back. */
  squeeze(free: number, reclaimable: number): void {
    this.free = free;
    this.reclaimable = reclaimable;
  }

  /**
   * Takes memory, as the flags allow: ordinary requests leave the reserve alone, GFP_ATOMIC takes half of it, and who may
   * sleep reclaims. False, with a message, when there is none.
   */
  *take(bytes: number, gfp: number, cause: "failslab" | "fail_page_alloc"): Steps<boolean> {
    if ((gfp & __GFP_NOFAIL) === 0 && this.faults.shouldFail(cause)) return false;
    const floor = (gfp & __GFP_HIGH) !== 0 ? RESERVE / 2 : RESERVE;
    const fits = (): boolean => this.free - bytes >= floor;
    if (!fits() && (gfp & __GFP_DIRECT_RECLAIM) !== 0) yield* this.reclaim(bytes, gfp, fits);
    if (!fits()) {
      this.warn(bytes, gfp);
      return false;
    }
    this.free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.free += bytes;
  }

  private *reclaim(bytes: number, gfp: number, fits: () => boolean): Steps<void> {
    const rounds = (gfp & __GFP_NORETRY) !== 0 ? 1 : MOST_ROUNDS;
    for (let round = 0; !fits() && (round < rounds || (gfp & __GFP_NOFAIL) !== 0); round++) {
      // Who cannot go on without memory waits for it, however long that is.
      if (this.reclaimable === 0 && (gfp & __GFP_NOFAIL) === 0) return;
      yield* this.core.sleep(RECLAIM_NANOS, "direct reclaim");
      const batch = Math.min(this.reclaimable, Math.max(BATCH_BYTES, bytes));
      this.reclaimable -= batch;
      this.free += batch;
    }
  }

  /** warn_alloc(). */
  private warn(bytes: number, gfp: number): void {
    if ((gfp & __GFP_NOWARN) !== 0) return;
    const order = Math.max(0, Math.ceil(Math.log2(bytes / 4096)));
    const what = `page allocation failure: order:${order}, mode:${gfpText(gfp)}, nodemask=(null)`;
    this.log.write(`${this.core.task.name}: ${what}`, KERN_WARNING);
    this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
  }
}

/** The minimum watermark. */
const RESERVE = TOTAL_BYTES / 64;
