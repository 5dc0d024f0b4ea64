// Per-CPU variables: one pointer, a copy for each CPU.
// Source: mm/percpu.c, include/linux/percpu-defs.h
import { roundUp } from "../engine/layout.ts";
import {
  KASAN_GLOBAL_REDZONE,
  KASAN_PAGE_FREE,
  PERCPU_START,
  PERCPU_UNIT_BYTES,
  PERCPU_UNITS_START,
} from "./addresses.ts";
import type { Core } from "./core.ts";
import type { Resources } from "./resources.ts";

const REDZONE = 16;

export class PerCpu {
  private readonly core: Core;
  private readonly resources: Resources;
  private readonly sizes = new Map<number, number>();
  private next = PERCPU_START + REDZONE;

  constructor(core: Core, resources: Resources) {
    this.core = core;
    this.resources = resources;
    const bytes = core.engine.cpuCount * PERCPU_UNIT_BYTES;
    core.memory.map(PERCPU_UNITS_START, bytes);
    core.memory.forbid(PERCPU_UNITS_START, bytes, KASAN_GLOBAL_REDZONE);
  }

  /** DEFINE_PER_CPU(): a pointer to a cleared variable that every CPU has; 0 when there is no room. */
  define(bytes: number): number {
    const address = this.next;
    const end = roundUp(address + bytes, 8) + REDZONE;
    if (end > PERCPU_START + PERCPU_UNIT_BYTES) return 0;
    this.next = end;
    for (let cpu = 0; cpu < this.core.engine.cpuCount; cpu++) this.core.memory.allow(this.of(address, cpu), bytes);
    this.sizes.set(address, bytes);
    return address;
  }

  /** alloc_percpu(). */
  allocate(bytes: number): number {
    const address = this.define(bytes);
    if (address !== 0) this.resources.obtain(`percpu ${address}`, "percpu memory", bytes * this.core.engine.cpuCount);
    return address;
  }

  free(address: number): void {
    const bytes = this.sizes.get(address);
    if (bytes === undefined) return;
    this.sizes.delete(address);
    this.resources.giveBack(`percpu ${address}`);
    for (let cpu = 0; cpu < this.core.engine.cpuCount; cpu++) {
      this.core.memory.forbid(this.of(address, cpu), bytes, KASAN_PAGE_FREE);
    }
  }

  /** per_cpu_ptr(): the copy of a CPU. */
  of(address: number, cpu: number): number {
    return address - PERCPU_START + PERCPU_UNITS_START + cpu * PERCPU_UNIT_BYTES;
  }

  /** this_cpu_ptr(), raw_cpu_ptr(). */
  own(address: number): number {
    return this.of(address, this.core.engine.cpu);
  }
}
