// What is cached of disks: pages that are read when they are wanted, and written back when somebody asks or time is up.
// Source: block/fops.c, mm/filemap.c, fs/mpage.c and fs/buffer.c
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { PAGE_SIZE } from "./addresses.ts";
import type { BioSubmission } from "./bio-submission.ts";
import type { Bios } from "./bios.ts";
import type { Ground } from "./blk-mq.ts";
import { BIO_MAX_VECS, REQ_FLAGS, REQ_OPS, SECTOR_SIZE } from "./block-layouts.ts";
import type { Core } from "./core.ts";
import type { Disk, Disks } from "./disks.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { HZ } from "./jiffies.ts";
import { kernelFunction, plainFunction } from "./kernel-functions.ts";
import type { Pages } from "./pages.ts";
import { delayed_work } from "./task-layouts.ts";

/** vm.dirty_expire_centisecs */
const DIRTY_EXPIRE = 30 * HZ;

const AHEAD = REQ_OPS.REQ_OP_READ | REQ_FLAGS.REQ_RAHEAD;

interface CachedPage {
  readonly index: number;
  readonly address: number;
  isUptodate: boolean;
  isDirty: boolean;
  /** It is being read or written. */
  isBusy: boolean;
}

interface Cache {
  readonly disk: Disk;
  readonly pages: Map<number, CachedPage>;
  readonly waiters: Task[];
  /** The delayed work that writes it back. */
  readonly work: number;
  /** A page could not be written. */
  hasFailed: boolean;
}

export class BlockCache {
  private readonly core: Core;
  private readonly ground: Ground;
  private readonly pages: Pages;
  private readonly bios: Bios;
  private readonly submission: BioSubmission;
  private readonly disks: Disks;
  private readonly caches = new Map<Disk, Cache>();
  /** What a bio is about. */
  private readonly underway = new Map<number, { readonly cache: Cache; readonly pages: readonly CachedPage[] }>();
  private readonly readEnd: number;
  private readonly writeEnd: number;
  private readonly flush: number;

  constructor(ground: Ground, pages: Pages, bios: Bios, submission: BioSubmission, disks: Disks) {
    const { core } = ground;
    this.core = core;
    this.ground = ground;
    this.pages = pages;
    this.bios = bios;
    this.submission = submission;
    this.disks = disks;
    this.readEnd = plainFunction(core.engine, "mpage_read_end_io", (bio) => this.ended(bio!, false));
    this.writeEnd = plainFunction(core.engine, "end_bio_bh_io_sync", (bio) => this.ended(bio!, true));
    this.flush = kernelFunction(core.engine, "wb_workfn", (work) =>
      core.steps("wb_workfn", this.flushLate([...this.caches.values()].find((cache) => cache.work === work))),
    );
  }

  /** The page of a disk that is up to date; a negative errno when it cannot be read. */
  *read(disk: Disk, index: number): Steps<number> {
    const cache = this.cacheOf(disk);
    const page = yield* this.page(cache, index);
    if (page === undefined) return -errno.ENOMEM;
    yield* this.waitFor(cache, () => !page.isBusy);
    if (!page.isUptodate) {
      // Reading ahead has failed: once more, and this time it is told.
      yield* this.fetch(cache, [page], REQ_OPS.REQ_OP_READ);
      yield* this.waitFor(cache, () => !page.isBusy);
    }
    if (page.isUptodate) return page.address;
    this.tell(cache, page, ", async page read");
    return -errno.EIO;
  }

  /** Begins to read pages that are not cached, those that follow each other together. */
  *readAhead(disk: Disk, first: number, last: number): Steps<void> {
    const cache = this.cacheOf(disk);
    let run: CachedPage[] = [];
    for (let index = first; index <= last; index++) {
      const isNew = !cache.pages.has(index);
      const page = yield* this.page(cache, index);
      if (isNew && page !== undefined && !page.isBusy && !page.isUptodate) run.push(page);
      else run = yield* this.fetch(cache, run);
      if (run.length === BIO_MAX_VECS) run = yield* this.fetch(cache, run);
    }
    yield* this.fetch(cache, run);
  }

  /** A page to write to, read first when not all of it will be written; a negative errno. */
  *prepare(disk: Disk, index: number, isWhole: boolean): Steps<number> {
    if (!isWhole) return yield* this.read(disk, index);
    const cache = this.cacheOf(disk);
    const page = yield* this.page(cache, index);
    if (page === undefined) return -errno.ENOMEM;
    yield* this.waitFor(cache, () => !page.isBusy);
    return page.address;
  }

  /** It was written to, and goes to the disk later. */
  dirty(disk: Disk, index: number): void {
    const cache = this.cacheOf(disk);
    const page = cache.pages.get(index);
    if (page === undefined) return;
    page.isUptodate = true;
    page.isDirty = true;
    const { workqueues } = this.ground;
    workqueues.queueDelayed(workqueues.systemQueue("writeback"), cache.work, DIRTY_EXPIRE);
  }

  /** sync_blockdev(): 0, or -EIO when a page could not be written since that was last asked. */
  *sync(disk: Disk): Steps<number> {
    const cache = this.caches.get(disk);
    if (cache === undefined) return 0;
    yield* this.writeBack(cache, REQ_FLAGS.REQ_SYNC);
    yield* this.waitFor(cache, () => ![...cache.pages.values()].some(({ isBusy }) => isBusy));
    const { hasFailed } = cache;
    cache.hasFailed = false;
    return hasFailed ? -errno.EIO : 0;
  }

  /** Forgets what is cached, once it is written back. */
  *drop(disk: Disk): Steps<void> {
    const cache = this.caches.get(disk);
    if (cache === undefined) return;
    yield* this.ground.workqueues.cancelSync(cache.work, "sync_blockdev");
    yield* this.sync(disk);
    for (const { address } of cache.pages.values()) this.pages.release(address);
    cache.pages.clear();
    this.caches.delete(disk);
    this.ground.slab.kfree(cache.work);
  }

  /** The bytes of a page that lie on the disk. */
  bytesOf(disk: Disk, index: number): number {
    return Math.max(0, Math.min(PAGE_SIZE, this.disks.capacity(disk) * SECTOR_SIZE - index * PAGE_SIZE));
  }

  private cacheOf(disk: Disk): Cache {
    let cache = this.caches.get(disk);
    if (cache === undefined) {
      const work = this.ground.slab.reserve(delayed_work.size, "backing_dev_info");
      this.ground.workqueues.initDelayed(work, this.flush);
      cache = { disk, pages: new Map(), waiters: [], work, hasFailed: false };
      this.caches.set(disk, cache);
    }
    return cache;
  }

  private *page(cache: Cache, index: number): Steps<CachedPage | undefined> {
    const known = cache.pages.get(index);
    if (known !== undefined) return known;
    const address = yield* this.pages.allocate(GFP_KERNEL, 0, "filemap_add_folio");
    if (address === 0) return undefined;
    const meanwhile = cache.pages.get(index);
    if (meanwhile !== undefined) {
      this.pages.release(address);
      return meanwhile;
    }
    const page: CachedPage = { index, address, isUptodate: false, isDirty: false, isBusy: false };
    cache.pages.set(index, page);
    return page;
  }

  /** Reads pages that follow each other; none are left to be read. */
  private *fetch(cache: Cache, pages: readonly CachedPage[], op = AHEAD): Steps<CachedPage[]> {
    const [first] = pages;
    if (first === undefined) return [];
    const bio = yield* this.bioOf(cache, pages, op, this.readEnd);
    for (const page of pages) {
      // What the driver does not fill in, nobody did.
      const bytes = this.bytesOf(cache.disk, page.index);
      this.core.memory.bytesAt(page.address, PAGE_SIZE).fill(0);
      this.core.memory.neverWritten(page.address, bytes);
    }
    yield* this.submission.submit([bio]);
    return [];
  }

  private *bioOf(cache: Cache, pages: readonly CachedPage[], op: number, end: number): Steps<number> {
    const { disk } = cache;
    const bio = yield* this.bios.alloc(disk.part0, pages.length, op, GFP_KERNEL);
    this.bios.bio.set(bio, "bi_end_io", end);
    this.bios.setSector(bio, pages[0]!.index * (PAGE_SIZE / SECTOR_SIZE));
    for (const page of pages) {
      page.isBusy = true;
      this.bios.addPage(bio, this.pages.pageOf(page.address), this.bytesOf(disk, page.index), 0);
    }
    this.underway.set(bio, { cache, pages });
    return bio;
  }

  /** A bio for each page, under one plug. */
  private *writeBack(cache: Cache, flags: number): Steps<void> {
    const dirty = [...cache.pages.values()].filter(({ isDirty }) => isDirty).sort((a, b) => a.index - b.index);
    const bios: number[] = [];
    for (const page of dirty) {
      yield* this.waitFor(cache, () => !page.isBusy);
      if (!page.isDirty) continue;
      page.isDirty = false;
      bios.push(yield* this.bioOf(cache, [page], REQ_OPS.REQ_OP_WRITE | flags, this.writeEnd));
    }
    if (bios.length > 0) yield* this.submission.submit(bios);
  }

  private *flushLate(cache: Cache | undefined): Steps<undefined> {
    if (cache !== undefined) yield* this.writeBack(cache, REQ_FLAGS.REQ_BACKGROUND);
    return undefined;
  }

  private ended(bio: number, isWrite: boolean): undefined {
    const { cache, pages } = this.underway.get(bio)!;
    this.underway.delete(bio);
    const isGood = this.bios.bio.get(bio, "bi_status") === 0;
    for (const page of pages) {
      page.isBusy = false;
      if (!isWrite) page.isUptodate = isGood;
      else if (!isGood) {
        cache.hasFailed = true;
        this.tell(cache, page, ", lost async page write");
      }
    }
    this.bios.put(bio);
    for (const waiter of cache.waiters.splice(0)) this.core.engine.wake(waiter);
    return undefined;
  }

  private *waitFor(cache: Cache, isSo: () => boolean): Steps<void> {
    while (!isSo()) {
      cache.waiters.push(this.core.task);
      yield* this.core.schedule({ words: `a page of ${cache.disk.name}` });
    }
  }

  /** buffer_io_error(): a buffer is as long as fits the disk's size evenly. */
  private tell({ disk }: Cache, { index }: CachedPage, how: string): void {
    const bytes = this.disks.capacity(disk) * SECTOR_SIZE;
    let block = SECTOR_SIZE;
    while (block < PAGE_SIZE && bytes % (2 * block) === 0) block *= 2;
    this.ground.log.write(
      `Buffer I/O error on dev ${disk.name}, logical block ${(index * PAGE_SIZE) / block}${how}`,
      3,
    );
  }
}
