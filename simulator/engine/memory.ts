// The one heap: regions of 32-bit addresses, each with a shadow that says which bytes may be touched.
import { type Memory, MemoryFault } from "./interfaces.ts";

/** An access to bytes that the shadow forbids. The access itself is made all the same, as the machine would. */
export interface BadAccess {
  readonly address: number;
  readonly bytes: number;
  readonly isWrite: boolean;
  /** The shadow's code at the first bad byte. */
  readonly code: number;
}

/**
 * How memory is about to be touched. `load` and `store`: one value, by a driver or by a kernel function that it called.
 * `read` and `write`: a range, by the kernel on a driver's behalf, as memcpy() does. `poke`: by the kernel in its own
 * books, which lie within drivers' structs too. `bytes`: a range handed out, as to a device, to be read or written.
 */
export type AccessKind = "load" | "store" | "read" | "write" | "poke" | "bytes";

/** Told before the access is made, so that the old value is still there. */
export type AccessListener = (address: number, bytes: number, kind: AccessKind) => void;

/** A load of bytes that nobody wrote since they were allocated. */
export interface UnwrittenLoad {
  readonly address: number;
  readonly bytes: number;
  readonly value: number | bigint;
}

/** Told of such a load, and that its value was used for something other than being stored elsewhere. */
export interface UnwrittenListener {
  loaded(load: UnwrittenLoad): void;
  used(load: UnwrittenLoad): void;
}

interface Region {
  readonly start: number;
  readonly bytes: number;
  /** So many of its bytes, from this address, are there already; the others are when something reaches them. */
  base: number;
  backed: number;
  view: DataView;
  /** The same bytes, for filling. */
  all: Uint8Array;
  /** One byte for eight: 0 all may be touched, 1–7 only the first so many, 0x80 and above none, and why. */
  shadow: Uint8Array;
  /** The shadow of what is not there yet. */
  code: number;
  /** Memory of user space: the processor refuses the kernel's direct accesses (SMAP, PAN). */
  readonly user: boolean;
  /** For each byte whether it was never written since it was allocated; made when first wanted. */
  unwritten: Uint8Array | undefined;
}

/** Accessors that tell while somebody listens. */
const TOLD = ["load", "store", "load64", "store64", "poke", "bytesAt", "touch"] as const;

/** Addresses by their top byte find their region at once. */
const SLOTS = 256;
/** Of a region so much is there once something reaches it: most runs never need more, and to make it takes time. */
const FIRST_BYTES = 0x4000;
const PAGE_BYTES = 0x1000;
const NO_BYTES = new ArrayBuffer(0);
const NOTHING = { view: new DataView(NO_BYTES), all: new Uint8Array(NO_BYTES), shadow: new Uint8Array(NO_BYTES) };

export class LinearMemory implements Memory {
  private readonly regions: (Region | undefined)[] = new Array(SLOTS).fill(undefined);
  private readonly listeners: ((access: BadAccess) => void)[] = [];
  private readonly accessListeners: AccessListener[] = [];
  private unwrittenListener: UnwrittenListener | undefined;
  /** The latest load of what nobody wrote: the next access shows whether it is only a copy. */
  private doubtful: UnwrittenLoad | undefined;

  /** Backs a range with memory, all of it forbidden until `allow`; `start` is a multiple of 16 MB. */
  map(start: number, bytes: number, options: { readonly user?: boolean } = {}): void {
    if ((start & 0xffffff) !== 0) throw new Error("regions begin at multiples of 16 MB");
    const region: Region = {
      start: start >>> 0,
      bytes,
      base: start >>> 0,
      backed: 0,
      ...NOTHING,
      code: 0xff,
      user: options.user === true,
      unwritten: undefined,
    };
    const slots = Math.ceil(bytes / 0x1000000);
    for (let slot = 0; slot < slots; slot++) this.regions[(start >>> 24) + slot] = region;
  }

  onBadAccess(listener: (access: BadAccess) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Tells of every access but peeking, until what it returns is called. While nobody listens this costs nothing: only
   * then do accessors that tell stand before the plain ones.
   */
  onAccess(listener: AccessListener): () => void {
    if (this.accessListeners.length === 0) this.beginTelling();
    this.accessListeners.push(listener);
    return () => {
      const at = this.accessListeners.indexOf(listener);
      if (at >= 0) this.accessListeners.splice(at, 1);
      if (this.accessListeners.length === 0) for (const name of TOLD) delete (this as Partial<LinearMemory>)[name];
    };
  }

  private beginTelling(): void {
    const tell: AccessListener = (address, bytes, kind) => {
      for (const listener of this.accessListeners) listener(address >>> 0, bytes, kind);
    };
    const { load, store, load64, store64, poke, bytesAt, touch } = LinearMemory.prototype;
    this.load = (address, bytes, signed) => {
      tell(address, bytes, "load");
      return load.call(this, address, bytes, signed);
    };
    this.store = (address, bytes, value) => {
      tell(address, bytes, "store");
      store.call(this, address, bytes, value);
    };
    this.load64 = (address, signed) => {
      tell(address, 8, "load");
      return load64.call(this, address, signed);
    };
    this.store64 = (address, value) => {
      tell(address, 8, "store");
      store64.call(this, address, value);
    };
    this.poke = (address, bytes, value) => {
      tell(address, bytes, "poke");
      poke.call(this, address, bytes, value);
    };
    this.bytesAt = (address, bytes) => {
      tell(address, bytes, "bytes");
      return bytesAt.call(this, address, bytes);
    };
    this.touch = (address, bytes, isWrite) => {
      tell(address, bytes, isWrite ? "write" : "read");
      touch.call(this, address, bytes, isWrite);
    };
  }

  /** Lets drivers touch `bytes` bytes from an address that is a multiple of 8. */
  allow(address: number, bytes: number): void {
    if (this.isWhole(address, bytes, 0)) return;
    const region = this.regionOf(address, bytes, false);
    const from = (address - region.base) >>> 3;
    const whole = bytes >>> 3;
    region.shadow.fill(0, from, from + whole);
    if ((bytes & 7) !== 0) region.shadow[from + whole] = bytes & 7;
  }

  /** Forbids whole granules of eight bytes; `code` is at least 0x80 and says why. */
  forbid(address: number, bytes: number, code: number): void {
    if (this.isWhole(address, bytes, code) || this.isSaid(address, code)) return;
    const region = this.regionOf(address, bytes, false);
    const from = (address - region.base) >>> 3;
    region.shadow.fill(code, from, from + ((bytes + 7) >>> 3));
  }

  /** Says the same of a whole region, if this is one: nothing of it need be there for that. */
  private isWhole(address: number, bytes: number, code: number): boolean {
    const region = this.regions[address >>> 24];
    if (region?.start !== address >>> 0 || region.bytes !== bytes) return false;
    region.shadow.fill(code);
    region.code = code;
    return true;
  }

  /** Nothing is there yet from here on, and this is what its shadow will be. */
  private isSaid(address: number, code: number): boolean {
    const region = this.regions[address >>> 24];
    return region?.code === code && address >>> 0 >= region.base + region.backed;
  }

  /** The shadow's byte for an address; 0xff where there is no memory. */
  shadowAt(address: number): number {
    const region = this.regions[address >>> 24];
    if (region === undefined) return 0xff;
    const code = region.shadow[((address >>> 0) - region.base) >>> 3];
    return code ?? ((address >>> 0) - region.start < region.bytes ? region.code : 0xff);
  }

  isMapped(address: number, bytes = 1): boolean {
    const region = this.regions[address >>> 24];
    const at = (address >>> 0) - (region?.start ?? 0);
    return region !== undefined && at >= 0 && at + bytes <= region.bytes;
  }

  load(address: number, bytes: 1 | 2 | 4, signed: boolean): number {
    const region = this.regionOf(address, bytes, false);
    const at = (address >>> 0) - region.base;
    this.check(region, at, bytes, false);
    const value = read(region.view, at, bytes, signed);
    if (region.unwritten !== undefined || this.doubtful !== undefined) this.doubt(region, at, bytes, value);
    return value;
  }

  store(address: number, bytes: 1 | 2 | 4, value: number): void {
    const region = this.regionOf(address, bytes, true);
    const at = (address >>> 0) - region.base;
    this.check(region, at, bytes, true);
    const isCopy = this.doubtful !== undefined && this.passedOn(value, bytes) !== undefined;
    region.unwritten?.fill(0, at, at + bytes);
    write(region.view, at, bytes, value);
    if (isCopy) this.neverWritten(address, bytes);
  }

  load64(address: number, signed: boolean): bigint {
    const region = this.regionOf(address, 8, false);
    const at = (address >>> 0) - region.base;
    this.check(region, at, 8, false);
    const value = signed ? region.view.getBigInt64(at, true) : region.view.getBigUint64(at, true);
    if (region.unwritten !== undefined || this.doubtful !== undefined) this.doubt(region, at, 8, value);
    return value;
  }

  store64(address: number, value: bigint): void {
    const region = this.regionOf(address, 8, true);
    const at = (address >>> 0) - region.base;
    this.check(region, at, 8, true);
    const isCopy = this.doubtful !== undefined && this.passedOn(value, 8) !== undefined;
    region.unwritten?.fill(0, at, at + 8);
    region.view.setBigInt64(at, BigInt.asIntN(64, value), true);
    if (isCopy) this.neverWritten(address, 8);
  }

  peek(address: number, bytes: 1 | 2 | 4): number {
    const region = this.regionOf(address, bytes, false);
    const at = (address >>> 0) - region.base;
    if (bytes === 4) return region.view.getUint32(at, true);
    return bytes === 2 ? region.view.getUint16(at, true) : region.view.getUint8(at);
  }

  poke(address: number, bytes: 1 | 2 | 4, value: number): void {
    const region = this.regionOf(address, bytes, true);
    const at = (address >>> 0) - region.base;
    region.unwritten?.fill(0, at, at + bytes);
    write(region.view, at, bytes, value);
  }

  /** A range as bytes, unchecked; throws a MemoryFault when it is not all memory. */
  bytesAt(address: number, bytes: number): Uint8Array {
    const region = this.regionOf(address, bytes, false);
    const at = (address >>> 0) - region.base;
    // Whoever has them may write them all.
    region.unwritten?.fill(0, at, at + bytes);
    return new Uint8Array(region.view.buffer, at, bytes);
  }

  /** Fills a range, unchecked. */
  fill(address: number, bytes: number, value: number): void {
    if (this.accessListeners.length > 0) {
      this.bytesAt(address, bytes).fill(value);
      return;
    }
    const { all, base, unwritten } = this.regionOf(address, bytes, false);
    const at = (address >>> 0) - base;
    unwritten?.fill(0, at, at + bytes);
    all.fill(value, at, at + bytes);
  }

  /** Copies a range as memmove() does, unchecked. */
  copy(to: number, from: number, bytes: number): void {
    // What is handed out must not move when the other end comes to be there.
    for (const end of [to, from]) this.regionOf(end, bytes, false);
    this.bytesAt(to, bytes).set(this.bytesAt(from, bytes));
  }

  /** Nobody has written these bytes since they were allocated. */
  neverWritten(address: number, bytes: number): void {
    const region = this.regionOf(address, bytes, false);
    const at = (address >>> 0) - region.base;
    region.unwritten ??= new Uint8Array(region.backed);
    region.unwritten.fill(1, at, at + bytes);
  }

  /** Who is told of loads of what nobody wrote. */
  onUnwritten(listener: UnwrittenListener): void {
    this.unwrittenListener = listener;
  }

  /** The latest load was used, if it was of what nobody wrote: something else has happened since. */
  settle(): void {
    const { doubtful } = this;
    if (doubtful === undefined) return;
    this.doubtful = undefined;
    this.unwrittenListener?.used(doubtful);
  }

  /** A value goes elsewhere: from where, when it is what the latest load of unwritten bytes gave; else that one is settled. */
  passedOn(value: number | bigint, bytes: number): number | undefined {
    const { doubtful } = this;
    if (doubtful?.bytes !== bytes || BigInt.asUintN(8 * bytes, BigInt(value) ^ BigInt(doubtful.value)) !== 0n) {
      this.settle();
      return undefined;
    }
    this.doubtful = undefined;
    return doubtful.address;
  }

  private doubt(region: Region, at: number, bytes: number, value: number | bigint): void {
    this.settle();
    if (region.unwritten?.subarray(at, at + bytes).includes(1) !== true) return;
    this.doubtful = { address: region.base + at, bytes, value };
    this.unwrittenListener?.loaded(this.doubtful);
  }

  /** The first run of bytes in a range that nobody wrote: offsets of its first and last. */
  unwrittenIn(address: number, bytes: number): { readonly first: number; readonly last: number } | undefined {
    if (bytes === 0) return undefined;
    const region = this.regionOf(address, bytes, false);
    const at = (address >>> 0) - region.base;
    const first = region.unwritten?.subarray(at, at + bytes).indexOf(1) ?? -1;
    if (first < 0) return undefined;
    let last = first;
    while (last + 1 < bytes && region.unwritten![at + last + 1] === 1) last++;
    return { first, last };
  }

  /** Checks a range as an access by the kernel on a driver's behalf (memcpy, copy_to_user). */
  touch(address: number, bytes: number, isWrite: boolean): void {
    if (bytes === 0) return;
    const region = this.regionOf(address, bytes, isWrite);
    this.check(region, (address >>> 0) - region.base, bytes, isWrite);
  }

  private regionOf(address: number, bytes: number, isWrite: boolean): Region {
    const region = this.regions[address >>> 24];
    if (region === undefined) throw new MemoryFault(address >>> 0, isWrite, bytes);
    const at = (address >>> 0) - region.base;
    if (at < 0 || at + bytes > region.backed) {
      const isBeyond = (address >>> 0) + bytes > region.start + region.bytes;
      if (isBeyond) throw new MemoryFault(address >>> 0, isWrite, bytes);
      back(region, address >>> 0, bytes);
    }
    return region;
  }

  private check(region: Region, at: number, bytes: number, isWrite: boolean): void {
    const { shadow } = region;
    if (region.user) throw new MemoryFault(region.base + at, isWrite, bytes);
    const last = at + bytes - 1;
    for (let granule = at >>> 3; granule <= last >>> 3; granule++) {
      const code = shadow[granule]!;
      if (code === 0) continue;
      const lastHere = Math.min(last, granule * 8 + 7) & 7;
      if (code < 8 && lastHere < code) continue;
      const firstBad = code < 8 ? Math.max(at, granule * 8 + code) : Math.max(at, granule * 8);
      const why = code < 8 ? (shadow[granule + 1] ?? region.code) : code;
      this.report({ address: region.base + at, bytes, isWrite, code: firstBad >= 0 ? why : code });
      return;
    }
  }

  private report(access: BadAccess): void {
    for (const listener of this.listeners) listener(access);
  }
}

/** Makes a range of a region there, and what lies between. What was handed out of it before is not part of it any more. */
function back(region: Region, address: number, bytes: number): void {
  const page = pageOf(address);
  const old = region.backed === 0 ? { from: page, to: page } : { from: region.base, to: region.base + region.backed };
  let from = Math.min(old.from, page);
  let to = Math.max(old.to, address + bytes);
  const most = 2 ** Math.ceil(Math.log2(Math.max(FIRST_BYTES, to - from)));
  // Who comes from above goes on downwards.
  if (from < old.from) from = Math.max(region.start, pageOf(to - most));
  else to = Math.min(region.start + region.bytes, from + most);
  const backed = to - from;
  const shift = old.from - from;
  const grown = new ArrayBuffer(backed + ((backed + 7) >>> 3));
  if (region.backed > 0) new Uint8Array(grown).set(new Uint8Array(region.view.buffer, 0, region.backed), shift);
  const shadow = new Uint8Array(grown, backed).fill(region.code);
  shadow.set(region.shadow.subarray(0, (region.backed + 7) >>> 3), shift >>> 3);
  if (region.unwritten !== undefined) {
    const unwritten = new Uint8Array(backed);
    unwritten.set(region.unwritten, shift);
    region.unwritten = unwritten;
  }
  region.base = from;
  region.backed = backed;
  region.view = new DataView(grown, 0, backed);
  region.all = new Uint8Array(grown, 0, backed);
  region.shadow = shadow;
}

function pageOf(address: number): number {
  return address - (address % PAGE_BYTES);
}

function read(view: DataView, at: number, bytes: 1 | 2 | 4, signed: boolean): number {
  if (bytes === 4) return signed ? view.getInt32(at, true) : view.getUint32(at, true);
  if (bytes === 2) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
  return signed ? view.getInt8(at) : view.getUint8(at);
}

function write(view: DataView, at: number, bytes: 1 | 2 | 4, value: number): void {
  if (bytes === 4) view.setUint32(at, value, true);
  else if (bytes === 2) view.setUint16(at, value, true);
  else view.setUint8(at, value);
}
