// Memory that is contiguous in virtual addresses only, with a guard page behind each area.
// Source: mm/vmalloc.c
import type { Steps } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import { KASAN_VMALLOC_INVALID, PAGE_SIZE, VMALLOC_BYTES, VMALLOC_START } from "./addresses.ts";
import type { Core } from "./core.ts";
import { __GFP_NOWARN, __GFP_ZERO } from "./gfp.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Zone } from "./zone.ts";

interface Area {
  readonly address: number;
  readonly bytes: number;
  /** It may be mapped into user space: VM_USERMAP. */
  readonly isForUser?: boolean;
}

/** What kvmalloc() tries kmalloc() for, PAGE_ALLOC_COSTLY_ORDER and beyond left out. */
const KVMALLOC_TRIES = PAGE_SIZE;

export class Vmalloc {
  private readonly core: Core;
  private readonly zone: Zone;
  private readonly slab: Slab;
  private readonly resources: Resources;
  private readonly areas = new Map<number, Area>();
  private readonly free: Area[] = [];
  private next = VMALLOC_START;

  constructor(core: Core, zone: Zone, slab: Slab, resources: Resources) {
    this.core = core;
    this.zone = zone;
    this.slab = slab;
    this.resources = resources;
    core.memory.map(VMALLOC_START, VMALLOC_BYTES);
    core.memory.forbid(VMALLOC_START, VMALLOC_BYTES, KASAN_VMALLOC_INVALID);
  }

  *vmalloc(bytes: number, gfp: number, callee = "vmalloc"): Steps<number> {
    this.core.mightSleep(callee, "mm/vmalloc.c:2030");
    const size = roundUp(bytes, PAGE_SIZE);
    if (bytes === 0 || !(yield* this.zone.take(size, gfp, "fail_page_alloc"))) return 0;
    const at = this.free.findIndex((area) => area.bytes === size);
    const address = at >= 0 ? this.free.splice(at, 1)[0]!.address : this.next;
    if (at < 0) this.next += size + PAGE_SIZE;
    if (this.next > VMALLOC_START + VMALLOC_BYTES) {
      this.next -= size + PAGE_SIZE;
      this.zone.give(size);
      return 0;
    }
    this.core.memory.allow(address, bytes);
    this.core.memory.bytesAt(address, size).fill((gfp & __GFP_ZERO) !== 0 ? 0 : 0xaa);
    this.areas.set(address, { address, bytes: size, isForUser: callee === "vmalloc_user" });
    this.resources.obtain(`vmalloc ${address}`, "vmalloc area", bytes);
    return address;
  }

  vfree(address: number): void {
    // An interrupt leaves the work to a worker: vfree_atomic().
    if (!this.core.inInterrupt) this.core.mightSleep("vfree", "mm/vmalloc.c:3419");
    if (address === 0) return;
    const area = this.areas.get(address);
    if (area === undefined) {
      const text = `Trying to vfree() nonexistent vm area (${address.toString(16).padStart(8, "0")})`;
      this.core.emit({ kind: "warn", text, stack: this.core.stack() });
      return;
    }
    this.areas.delete(address);
    this.core.memory.forbid(address, area.bytes, KASAN_VMALLOC_INVALID);
    this.zone.give(area.bytes);
    this.resources.giveBack(`vmalloc ${address}`);
    this.free.push(area);
  }

  /** kvmalloc(): kmalloc() where that is likely to work, else vmalloc(). */
  *kvmalloc(bytes: number, gfp: number): Steps<number> {
    const small = bytes <= KVMALLOC_TRIES;
    const made = yield* this.slab.kmalloc(bytes, small ? gfp : gfp | __GFP_NOWARN, "kvmalloc");
    return made !== 0 || small ? made : yield* this.vmalloc(bytes, gfp, "kvmalloc");
  }

  kvfree(address: number): void {
    if (this.isVmalloc(address)) this.vfree(address);
    else this.slab.kfree(address);
  }

  /** Bytes of an area that may be mapped into user space; 0 where an address is not that of one. */
  userBytes(address: number): number {
    const area = this.areas.get(address);
    return area?.isForUser === true ? area.bytes : 0;
  }

  /** is_vmalloc_addr(). */
  isVmalloc(address: number): boolean {
    return address >= VMALLOC_START && address < VMALLOC_START + VMALLOC_BYTES;
  }
}
