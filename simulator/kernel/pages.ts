// Whole pages: blocks of 2^order, a struct page for each page of the linear map, reference counts.
// Source: mm/page_alloc.c, include/linux/mm.h, arch/arm/include/asm/memory.h
import type { Steps } from "../engine/interfaces.ts";
import { layOut, roundUp } from "../engine/layout.ts";
import {
  DMA_ZONE_END,
  DMA_ZONE_START,
  KASAN_PAGE_FREE,
  MEM_MAP_START,
  PAGE_OFFSET,
  PAGE_SIZE,
  PAGES_BYTES,
  PAGES_START,
  VMALLOC_BYTES,
  VMALLOC_START,
} from "./addresses.ts";
import type { Core } from "./core.ts";
import { __GFP_DMA, __GFP_ZERO } from "./gfp.ts";
import { list_head, offsetOf } from "./layouts.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Zone } from "./zone.ts";

const u32 = { kind: "scalar", scalar: "u32" } as const;

export const page = layOut("page", [
  ["flags", u32],
  ["_refcount", { kind: "scalar", scalar: "s32" }],
  ["mapping", { kind: "pointer", to: "void" }],
  ["index", u32],
  ["private", u32],
  ["virtual", { kind: "pointer", to: "void" }],
  ["lru", { kind: "struct", layout: list_head }],
]);

/** MAX_PAGE_ORDER. */
const MOST_ORDER = 10;
/** ZONE_DMA's second half is for pages; its first is for slab objects. */
const DMA_PAGES_START = (DMA_ZONE_START + DMA_ZONE_END) / 2;
const POISON = 0xaa;
export const PG_RESERVED = 1 << 14;

/** Frames behind the linear map are those that vmalloc() has. */
const VMALLOC_FRAME = (PAGES_START + PAGES_BYTES - PAGE_OFFSET) / PAGE_SIZE;
const FRAMES = VMALLOC_FRAME + VMALLOC_BYTES / PAGE_SIZE;

interface Block {
  readonly address: number;
  readonly order: number;
}

export class Pages {
  private readonly core: Core;
  private readonly zone: Zone;
  private readonly slab: Slab;
  private readonly resources: Resources;
  private readonly used = new Map<number, Block>();
  private readonly free = new Map<string, number[]>();
  private next = PAGES_START;
  private nextDma = DMA_PAGES_START;

  constructor(core: Core, zone: Zone, slab: Slab, resources: Resources) {
    this.core = core;
    this.zone = zone;
    this.slab = slab;
    this.resources = resources;
    core.memory.map(PAGES_START, PAGES_BYTES);
    core.memory.forbid(PAGES_START, PAGES_BYTES, KASAN_PAGE_FREE);
    core.memory.forbid(DMA_PAGES_START, DMA_ZONE_END - DMA_PAGES_START, KASAN_PAGE_FREE);
    const bytes = FRAMES * page.size;
    core.memory.map(MEM_MAP_START, bytes);
    core.memory.allow(MEM_MAP_START, bytes);
  }

  /** __get_free_pages(): the address of the first page; 0 when there is no memory. */
  *allocate(gfp: number, order: number, callee: string): Steps<number> {
    this.slab.mightAlloc(gfp, callee);
    if (order > MOST_ORDER) {
      this.core.emit({ kind: "warn", text: "", stack: this.core.stack() });
      return 0;
    }
    const bytes = PAGE_SIZE << order;
    if (!(yield* this.zone.take(bytes, gfp, "fail_page_alloc"))) return 0;
    const address = this.find((gfp & __GFP_DMA) !== 0, order);
    if (address === 0) {
      this.zone.give(bytes);
      return 0;
    }
    this.core.memory.allow(address, bytes);
    this.core.memory.bytesAt(address, bytes).fill((gfp & __GFP_ZERO) !== 0 ? 0 : POISON);
    this.used.set(address, { address, order });
    for (let at = address; at < address + bytes; at += PAGE_SIZE) {
      const map = this.pageOf(at);
      this.core.memory.bytesAt(map, page.size).fill(0);
      this.core.memory.poke(map + offsetOf(page, "virtual"), 4, at);
    }
    this.setCount(this.pageOf(address), 1);
    this.resources.obtain(`page ${address}`, order === 0 ? "page" : `page of order ${order}`, bytes);
    return address;
  }

  /** free_pages() and __free_pages(): gives up one reference; the last one frees the block. */
  release(address: number, order?: number): void {
    if (address === 0) return;
    const block = this.used.get(address);
    if (block === undefined) {
      const text = `BUG: Bad page state in process ${this.core.task.name}  pfn:${this.pfnOf(address).toString(16).padStart(5, "0")}`;
      this.core.emit({ kind: "warn", text, stack: this.core.stack() });
      return;
    }
    const map = this.pageOf(address);
    const count = this.count(map) - 1;
    this.setCount(map, count);
    if (count > 0) return;
    const bytes = PAGE_SIZE << (order ?? block.order);
    this.core.memory.bytesAt(address, bytes).fill(POISON);
    this.core.memory.forbid(address, bytes, KASAN_PAGE_FREE);
    this.used.delete(address);
    this.zone.give(PAGE_SIZE << block.order);
    this.resources.giveBack(`page ${address}`);
    const key = keyOf(this.isDma(address), block.order);
    this.free.set(key, [...(this.free.get(key) ?? []), address]);
  }

  /** get_page(). */
  hold(map: number): void {
    this.setCount(map, this.count(map) + 1);
  }

  count(map: number): number {
    return this.core.memory.load(map + offsetOf(page, "_refcount"), 4, true);
  }

  /** virt_to_page() of an address in the linear map. */
  pageOf(address: number): number {
    return MEM_MAP_START + this.pfnOf(address) * page.size;
  }

  /** page_address(). */
  addressOf(map: number): number {
    return this.addressOfPfn(this.pfnOfPage(map));
  }

  /** Frame number of an address in the linear map. */
  pfnOf(address: number): number {
    return this.physical(address) >>> 12;
  }

  addressOfPfn(pfn: number): number {
    if (pfn >= VMALLOC_FRAME && pfn < FRAMES) return VMALLOC_START + (pfn - VMALLOC_FRAME) * PAGE_SIZE;
    return (PAGE_OFFSET + pfn * PAGE_SIZE) >>> 0;
  }

  /** page_to_pfn(). */
  pfnOfPage(map: number): number {
    return (map - MEM_MAP_START) / page.size;
  }

  /** pfn_to_page(). */
  pageOfPfn(pfn: number): number {
    return MEM_MAP_START + pfn * page.size;
  }

  /** pfn_valid(): whether there is a struct page. */
  pfnValid(pfn: number): boolean {
    return pfn < FRAMES;
  }

  /** vmalloc_to_page() of an address that vmalloc() gave. */
  pageOfVmalloc(address: number): number {
    const map = this.pageOfPfn(VMALLOC_FRAME + ((address - VMALLOC_START) >>> 12));
    if (this.count(map) === 0) {
      this.setCount(map, 1);
      this.core.memory.poke(map + offsetOf(page, "virtual"), 4, address - (address % PAGE_SIZE));
    }
    return map;
  }

  /** put_page(). */
  put(map: number): void {
    if (this.pfnOfPage(map) < VMALLOC_FRAME) this.release(this.addressOf(map));
    else this.setCount(map, Math.max(1, this.count(map) - 1));
  }

  /** virt_to_phys(). */
  physical(address: number): number {
    return (address - PAGE_OFFSET) >>> 0;
  }

  /** phys_to_virt(). */
  virtual(physical: number): number {
    return (physical + PAGE_OFFSET) >>> 0;
  }

  /** Whether an address lies in the linear map, where physical addresses are a matter of subtraction. */
  virtAddrValid(address: number): boolean {
    return address >= PAGE_OFFSET && address < PAGES_START + PAGES_BYTES;
  }

  setFlag(map: number, flag: number, on: boolean): void {
    const flags = this.core.memory.load(map, 4, false);
    this.core.memory.store(map, 4, on ? flags | flag : flags & ~flag);
  }

  private setCount(map: number, count: number): void {
    this.core.memory.poke(map + offsetOf(page, "_refcount"), 4, count);
  }

  private isDma(address: number): boolean {
    return address < DMA_ZONE_END;
  }

  /** A block of its size, from those given back or cut anew at a multiple of it. */
  private find(isDma: boolean, order: number): number {
    const known = this.free.get(keyOf(isDma, order))?.shift();
    if (known !== undefined) return known;
    const bytes = PAGE_SIZE << order;
    const address = roundUp(isDma ? this.nextDma : this.next, bytes);
    const end = isDma ? DMA_ZONE_END : PAGES_START + PAGES_BYTES;
    if (address + bytes > end) return 0;
    // A page between two blocks stays free, so that running over the end of one is seen.
    if (isDma) this.nextDma = address + bytes + PAGE_SIZE;
    else this.next = address + bytes + PAGE_SIZE;
    return address;
  }
}

function keyOf(isDma: boolean, order: number): string {
  return `${isDma ? "dma" : "normal"} ${order}`;
}
