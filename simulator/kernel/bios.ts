// bios: pieces of I/O with their pages; splitting them, and telling who made them that they are done.
// Source: block/bio.c
import type { Steps } from "../engine/interfaces.ts";
import { MEM_MAP_START, PAGE_SIZE } from "./addresses.ts";
import {
  BIO_CHAIN,
  BIO_CLONED,
  BIO_MAX_VECS,
  BLK_STS_IOERR,
  bio,
  bio_vec,
  bvec_iter,
  SECTOR_SHIFT,
} from "./block-layouts.ts";
import type { Core } from "./core.ts";
import type { FaultInjection } from "./fault-injection.ts";
import { __GFP_DIRECT_RECLAIM } from "./gfp.ts";
import { plainFunction } from "./kernel-functions.ts";
import { page } from "./pages.ts";
import type { Slab } from "./slab.ts";
import { Struct } from "./struct.ts";

/** Contiguous bytes of a bio. */
export interface Piece {
  readonly page: number;
  readonly offset: number;
  readonly bytes: number;
}

export class Bios {
  readonly bio: Struct;
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly faults: FaultInjection;
  private readonly vec: Struct;
  private readonly iter: Struct;
  /** The bi_end_io of pieces that were split off. */
  private readonly chainEnd: number;

  constructor(core: Core, slab: Slab, faults: FaultInjection) {
    this.core = core;
    this.slab = slab;
    this.faults = faults;
    this.bio = new Struct(core.memory, bio);
    this.vec = new Struct(core.memory, bio_vec);
    this.iter = new Struct(core.memory, bvec_iter);
    this.chainEnd = plainFunction(core.engine, "bio_chain_endio", () => 0);
  }

  /** bio_alloc(): from a pool, so that only allocations which must not wait fail. */
  *alloc(bdev: number, vecs: number, opf: number, gfp: number): Steps<number> {
    this.slab.mightAlloc(gfp, "bio_alloc");
    if (vecs > BIO_MAX_VECS) yield { kind: "fault", fault: { message: "kernel BUG at block/bio.c:61!" } };
    if ((gfp & __GFP_DIRECT_RECLAIM) === 0 && this.faults.shouldFail("failslab")) return 0;
    return this.make(bdev, vecs, opf);
  }

  private make(bdev: number, vecs: number, opf: number): number {
    const bytes = this.bio.size + vecs * this.vec.size;
    const address = this.slab.reserve(bytes, `bio-${bytes}`);
    this.bio.set(address, "bi_bdev", bdev);
    this.bio.set(address, "bi_opf", opf);
    this.bio.set(address, "bi_max_vecs", vecs);
    this.bio.set(address, "bi_io_vec", address + this.bio.size);
    this.bio.set(address, "__bi_remaining", 1);
    this.bio.set(address, "__bi_cnt", 1);
    return address;
  }

  hold(address: number): void {
    this.bio.use(address);
    this.bio.set(address, "__bi_cnt", this.bio.get(address, "__bi_cnt") + 1);
  }

  /** bio_put(): true when it is gone. */
  put(address: number): boolean {
    this.bio.use(address);
    const left = this.bio.get(address, "__bi_cnt") - 1;
    this.bio.set(address, "__bi_cnt", left);
    if (left > 0) return false;
    this.slab.kfree(address);
    return true;
  }

  /** bio_add_page(): the bytes that were added, all or none. */
  addPage(address: number, map: number, bytes: number, offset: number): number {
    this.bio.use(address);
    if ((this.bio.get(address, "bi_flags") & BIO_CLONED) !== 0) {
      this.core.warn("block/bio.c", 1153, "bio_add_page");
      return 0;
    }
    const count = this.bio.get(address, "bi_vcnt");
    const last = this.vecAt(address, count - 1);
    if (count > 0 && this.endOf(last) === this.byteOf(map, offset)) {
      this.vec.set(last, "bv_len", this.vec.get(last, "bv_len") + bytes);
    } else {
      if (count >= this.bio.get(address, "bi_max_vecs")) return 0;
      const vec = this.vecAt(address, count);
      this.vec.set(vec, "bv_page", map);
      this.vec.set(vec, "bv_len", bytes);
      this.vec.set(vec, "bv_offset", offset);
      this.bio.set(address, "bi_vcnt", count + 1);
    }
    this.setSize(address, this.sizeOf(address) + bytes);
    return bytes;
  }

  sizeOf(address: number): number {
    return this.iter.get(this.bio.at(address, "bi_iter"), "bi_size");
  }

  sectorOf(address: number): number {
    return this.iter.get(this.bio.at(address, "bi_iter"), "bi_sector");
  }

  setSector(address: number, sector: number): void {
    this.iter.set(this.bio.at(address, "bi_iter"), "bi_sector", sector);
  }

  /** What is left of a bio, in contiguous pieces as its pages were added. */
  *piecesOf(address: number): Generator<Piece, void> {
    const iter = this.bio.at(address, "bi_iter");
    let left = this.iter.get(iter, "bi_size");
    let done = this.iter.get(iter, "bi_bvec_done");
    for (let index = this.iter.get(iter, "bi_idx"); left > 0; index++) {
      const vec = this.vecAt(address, index);
      const bytes = Math.min(left, this.vec.get(vec, "bv_len") - done);
      if (bytes <= 0) return;
      yield { page: this.vec.get(vec, "bv_page"), offset: this.vec.get(vec, "bv_offset") + done, bytes };
      left -= bytes;
      done = 0;
    }
  }

  /** The first segment, which is at most a page: bytes of it. */
  currentBytes(address: number): number {
    for (const { offset, bytes } of this.piecesOf(address)) return Math.min(bytes, PAGE_SIZE - (offset % PAGE_SIZE));
    return 0;
  }

  /** bio_advance(): so many bytes are done. */
  advance(address: number, bytes: number): void {
    const iter = this.bio.at(address, "bi_iter");
    this.iter.set(iter, "bi_sector", this.iter.get(iter, "bi_sector") + (bytes >>> SECTOR_SHIFT));
    this.iter.set(iter, "bi_size", this.iter.get(iter, "bi_size") - bytes);
    let index = this.iter.get(iter, "bi_idx");
    let done = this.iter.get(iter, "bi_bvec_done") + bytes;
    while (index < this.bio.get(address, "bi_vcnt") && done >= this.vec.get(this.vecAt(address, index), "bv_len")) {
      done -= this.vec.get(this.vecAt(address, index), "bv_len");
      index++;
    }
    this.iter.set(iter, "bi_idx", index);
    this.iter.set(iter, "bi_bvec_done", done);
  }

  /** bio_split() and bio_chain(): the first bytes as a bio of its own, whose end the rest waits for. */
  split(address: number, bytes: number): number {
    const { bio: fields, core } = this;
    const front = this.make(fields.get(address, "bi_bdev"), 0, fields.get(address, "bi_opf"));
    const from = fields.at(address, "bi_iter");
    core.memory.bytesAt(fields.at(front, "bi_iter"), this.iter.size).set(core.memory.bytesAt(from, this.iter.size));
    fields.set(front, "bi_flags", BIO_CLONED);
    fields.set(front, "bi_io_vec", fields.get(address, "bi_io_vec"));
    fields.set(front, "bi_vcnt", fields.get(address, "bi_vcnt"));
    fields.set(front, "bi_private", address);
    fields.set(front, "bi_end_io", this.chainEnd);
    this.setSize(front, bytes);
    this.advance(address, bytes);
    fields.set(address, "bi_flags", fields.get(address, "bi_flags") | BIO_CHAIN);
    fields.set(address, "__bi_remaining", fields.get(address, "__bi_remaining") + 1);
    return front;
  }

  /** bio_endio(): the last part of it that ends calls its bi_end_io. */
  *end(address: number): Steps<void> {
    const { bio: fields } = this;
    let at = address;
    for (;;) {
      fields.use(at);
      if ((fields.get(at, "bi_flags") & BIO_CHAIN) !== 0) {
        const left = fields.get(at, "__bi_remaining") - 1;
        fields.set(at, "__bi_remaining", left);
        if (left > 0) return;
        fields.set(at, "bi_flags", fields.get(at, "bi_flags") & ~BIO_CHAIN);
      }
      const fn = fields.get(at, "bi_end_io");
      if (fn !== this.chainEnd) {
        if (fn !== 0) yield* this.core.callDriver(fn, [at]);
        return;
      }
      const whole = fields.get(at, "bi_private");
      const status = fields.get(at, "bi_status");
      if (status !== 0 && fields.get(whole, "bi_status") === 0) fields.set(whole, "bi_status", status);
      this.put(at);
      at = whole;
    }
  }

  /** bio_io_error(). */
  *fail(address: number, status = BLK_STS_IOERR): Steps<void> {
    this.bio.set(address, "bi_status", status);
    yield* this.end(address);
  }

  private vecAt(address: number, index: number): number {
    return this.bio.get(address, "bi_io_vec") + index * this.vec.size;
  }

  private setSize(address: number, bytes: number): void {
    this.iter.set(this.bio.at(address, "bi_iter"), "bi_size", bytes);
  }

  /** Where bytes lie, counted through all pages of the machine: what follows there can be one piece with them. */
  private byteOf(map: number, offset: number): number {
    return ((map - MEM_MAP_START) / page.size) * PAGE_SIZE + offset;
  }

  private endOf(vec: number): number {
    return this.byteOf(this.vec.get(vec, "bv_page"), this.vec.get(vec, "bv_offset") + this.vec.get(vec, "bv_len"));
  }
}
