// `driverlab/memory`: what is allocated by which statement, what modules have to give back, what was freed lately.

import type { HeapObject, StackEntry } from "../../kernel/events.ts";
import { gfpText } from "../../kernel/gfp.ts";
import type { Machine } from "../../machine.ts";
import type { AllocationSite, HeapObjectState, Holding, MemoryState, ModuleHoldings } from "../../protocol.ts";
import { cacheTotals } from "../console/lx.ts";
import type { Debuggee } from "../debuggee.ts";
import { nameOfTask } from "../interrupts.ts";
import { placeOnStack } from "../place.ts";
import { referenceTo } from "../references.ts";
import { shadowAround } from "../shadow.ts";

/** So many objects are described one by one; of the others only the sum is told. */
const OBJECTS_A_SITE = 20;
const QUARANTINED = 50;

export function memory(debuggee: Debuggee): MemoryState {
  const machine = debuggee.still;
  const { slab } = machine.kernel;
  // What kfree_rcu() has is as good as freed.
  const live = slab.live.filter(({ cache, address }) => !slab.isOwn(cache) && !slab.isDoomed(address));
  return {
    sites: sitesOf(machine, live),
    caches: cacheTotals(machine).map((total) => ({ ...total, isKernels: slab.isOwn(total.name) })),
    modules: holdingsOf(machine, live),
    quarantine: slab.waiting.slice(0, QUARANTINED).map((object) => describe(machine, object)),
    quarantined: slab.waiting.length,
  };
}

function sitesOf(machine: Machine, live: readonly HeapObject[]): readonly AllocationSite[] {
  return [...bySite(live).values()]
    .map((objects) => {
      const { cache, gfp, allocated } = objects[0]!;
      const place = placeOnStack(allocated.stack);
      return {
        fn: calledOn(allocated.stack),
        ...(place === undefined ? {} : { place }),
        cache,
        flags: gfp === undefined ? "" : gfpText(gfp),
        bytes: bytesOf(objects),
        count: objects.length,
        objects: objects
          .toSorted((a, b) => b.allocated.nanos - a.allocated.nanos)
          .slice(0, OBJECTS_A_SITE)
          .map((object) => describe(machine, object)),
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

/** Objects of one statement, cache and kind, in order of their addresses. */
function bySite(live: readonly HeapObject[]): ReadonlyMap<string, readonly HeapObject[]> {
  const sites = new Map<string, HeapObject[]>();
  for (const object of live) {
    const { stack } = object.allocated;
    const site = stack.find((entry) => entry.site !== undefined)?.site;
    const key = `${site?.file}:${site?.line}:${site?.column} ${calledOn(stack)} ${object.cache} ${object.gfp}`;
    const known = sites.get(key) ?? [];
    sites.set(key, known);
    known.push(object);
  }
  return sites;
}

/** The kernel's function that a driver called; the innermost one where no driver is on the stack. */
function calledOn(stack: readonly StackEntry[]): string {
  const own = stack.findIndex(({ site }) => site !== undefined);
  return (own > 0 ? stack[own - 1] : stack[0])?.fn ?? "";
}

function holdingsOf({ kernel }: Machine, live: readonly HeapObject[]): readonly ModuleHoldings[] {
  const { modules, resources } = kernel;
  return modules.names
    .map((module) => {
      const own = live.filter(({ allocated }) => resources.moduleOf(allocated.stack) === module);
      const memory = [...bySite(own).values()].map((objects) =>
        holding(objects[0]!.cache, objects.length, bytesOf(objects), objects[0]!.allocated.stack),
      );
      const others = resources.heldBy(module).map(({ what, bytes, stack }) => holding(what, 1, bytes, stack));
      return { module, isLoaded: modules.find(module) !== undefined, holdings: [...memory, ...others] };
    })
    .filter(({ holdings }) => holdings.length > 0);
}

function holding(what: string, count: number, bytes: number, stack: readonly StackEntry[]): Holding {
  const place = placeOnStack(stack);
  return { what, count, bytes, ...(place === undefined ? {} : { place }) };
}

function describe(machine: Machine, { address, bytes, cache, allocated, freed }: HeapObject): HeapObjectState {
  const { engine, memory: heap } = machine;
  const { task, nanos } = freed ?? allocated;
  const living = engine.taskOf(task);
  const allocatedAt = placeOnStack(allocated.stack);
  const freedAt = freed && placeOnStack(freed.stack);
  return {
    address: referenceTo(address),
    bytes,
    cache,
    task: living === undefined ? (task === 0 ? "swapper 0" : String(task)) : nameOfTask(machine, living),
    ageNanos: engine.clock.nanos - nanos,
    ...(allocatedAt === undefined ? {} : { allocatedAt }),
    ...(freedAt === undefined ? {} : { freedAt }),
    shadow: shadowAround(heap, address, bytes),
  };
}

function bytesOf(objects: readonly HeapObject[]): number {
  return objects.reduce((sum, { bytes }) => sum + bytes, 0);
}
