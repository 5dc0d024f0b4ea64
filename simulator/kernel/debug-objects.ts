// The life of timers, works and the like in memory, so that one which is freed while it is active is found out.
// Source: lib/debugobjects.c
import type { Image } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";

export type ObjectType = "timer_list" | "hrtimer" | "work_struct" | "tasklet_struct";

/** What is known of the objects of a type. */
interface Kind {
  /** Addresses of those that wait or run. */
  active(): ReadonlyMap<number, unknown>;
  /** The function that an object is for. */
  hint(address: number): number;
  /** Makes an object inactive, as the kernel does so that it can go on. */
  release(address: number): void;
}

const PAGE_BITS = 12;

export class DebugObjects {
  private readonly core: Core;
  private readonly kinds = new Map<ObjectType, Kind>();
  /** Objects that were initialised, by the page that they begin in. */
  private readonly pages = new Map<number, Map<number, ObjectType>>();

  constructor(core: Core) {
    this.core = core;
  }

  add(type: ObjectType, kind: Kind): void {
    this.kinds.set(type, kind);
  }

  init(type: ObjectType, address: number, isActive: boolean): void {
    this.tell("init", type, address, isActive);
    if (isActive) this.kinds.get(type)!.release(address);
    const page = address >>> PAGE_BITS;
    const objects = this.pages.get(page) ?? new Map<number, ObjectType>();
    objects.set(address, type);
    this.pages.set(page, objects);
  }

  activate(type: ObjectType, address: number): void {
    this.tell("activate", type, address, true);
  }

  deactivate(type: ObjectType, address: number): void {
    this.tell("deactivate", type, address, false);
  }

  /** An object is used that was never initialised. */
  assertInit(type: ObjectType, address: number): void {
    if (this.pages.get(address >>> PAGE_BITS)?.get(address) !== type) this.tell("assert_init", type, address, false);
  }

  isKnown(type: ObjectType, address: number): boolean {
    return this.pages.get(address >>> PAGE_BITS)?.get(address) === type;
  }

  /** Memory is freed: what is active in it is told, and made inactive. */
  freed(address: number, bytes: number): void {
    for (let page = address >>> PAGE_BITS; page <= (address + bytes - 1) >>> PAGE_BITS; page++) {
      const objects = this.pages.get(page);
      if (objects === undefined) continue;
      for (const [at, type] of objects) {
        if (at < address || at >= address + bytes) continue;
        if (this.kinds.get(type)!.active().has(at)) this.free(type, at);
        objects.delete(at);
      }
    }
  }

  /** A module goes: its functions are not there any more for what is still active. */
  unloaded(image: Image): void {
    for (const [type, kind] of this.kinds) {
      for (const address of [...kind.active().keys()]) {
        if (this.core.engine.imageOf(this.hintOf(type, address)) === image) this.free(type, address);
      }
    }
  }

  private hintOf(type: ObjectType, address: number): number {
    return this.core.memory.isMapped(address, 4) ? this.kinds.get(type)!.hint(address) : 0;
  }

  /** Its memory or its function goes while it is active. */
  free(type: ObjectType, address: number): void {
    this.tell("free", type, address, true);
    this.kinds.get(type)!.release(address);
  }

  private tell(
    action: "init" | "activate" | "deactivate" | "free" | "assert_init",
    type: ObjectType,
    address: number,
    isActive: boolean,
  ): void {
    const isWrong = action === "assert_init" || action === "free" || (action === "init" && isActive);
    this.core.emit({
      kind: "debug-object",
      action,
      type,
      address,
      isActive,
      hint: this.core.nameOf(this.hintOf(type, address)),
      stack: isWrong ? this.core.stack() : [],
    });
  }
}
