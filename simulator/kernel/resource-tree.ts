// Who uses which addresses of the bus: I/O memory and ports, /proc/iomem and /proc/ioports.
// Source: kernel/resource.c
import type { Core } from "./core.ts";
import { offsetOf, resource } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Statics } from "./statics.ts";

export const IORESOURCE_IO = 0x100;
export const IORESOURCE_MEM = 0x200;
export const IORESOURCE_IRQ = 0x400;
const IORESOURCE_BUSY = 0x80000000;

interface Claim {
  readonly address: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

export class ResourceTree {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  private readonly resources: Resources;
  private readonly claims = { iomem: [] as Claim[], ioports: [] as Claim[] };

  constructor(core: Core, log: Log, statics: Statics, resources: Resources) {
    this.core = core;
    this.log = log;
    this.statics = statics;
    this.resources = resources;
  }

  /** In order of addresses. */
  of(kind: "iomem" | "ioports"): readonly { readonly start: number; readonly end: number; readonly name: string }[] {
    return [...this.claims[kind]].sort((a, b) => a.start - b.start);
  }

  /** request_region() and request_mem_region(): the address of a `struct resource`, 0 when somebody has it. */
  request(kind: "iomem" | "ioports", start: number, bytes: number, name: string): number {
    this.core.mightSleep(kind === "iomem" ? "request_mem_region" : "request_region", "include/linux/sched/mm.h:321");
    const end = start + bytes - 1;
    const all = this.claims[kind];
    if (all.some((one) => start <= one.end && end >= one.start)) return 0;
    const address = this.statics.global(resource.size, resource.align, name);
    const poke = (member: string, value: number): void =>
      this.core.memory.poke(address + offsetOf(resource, member), 4, value);
    poke("start", start);
    poke("end", end);
    poke("name", this.statics.literal(name));
    poke("flags", (kind === "iomem" ? IORESOURCE_MEM : IORESOURCE_IO) | IORESOURCE_BUSY);
    all.push({ address, start, end, name });
    this.resources.obtain(`${kind} ${start}`, `${kind === "iomem" ? "mem" : "io"} region ${name}`, bytes);
    return address;
  }

  release(kind: "iomem" | "ioports", start: number, bytes: number): void {
    const end = start + bytes - 1;
    const at = this.claims[kind].findIndex((one) => one.start === start && one.end === end);
    if (at < 0) {
      const text = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
      this.log.write(`Trying to free nonexistent resource <${text(start)}-${text(end)}>`, 4);
      return;
    }
    this.claims[kind].splice(at, 1);
    this.resources.giveBack(`${kind} ${start}`);
  }
}
