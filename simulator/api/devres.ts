// Functions that begin with devm_: what they give goes with the driver.
import type { Raw, Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import { __GFP_ZERO, GFP_KERNEL } from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device, offsetOf, resource } from "../kernel/layouts.ts";
import { IORESOURCE_MEM } from "../kernel/resource-tree.ts";
import type { Header } from "./header.ts";

const mayBeNull = { mayBeNull: true } as const;

/** Of linux/device: memory, actions, and regions with their mapping. */
export function managed(header: Header, kernel: Kernel): void {
  const { core, devices, slab } = kernel;
  const keep = function* (dev: number, made: Steps<number>): Steps<number> {
    const address = yield* made;
    if (address === 0) return 0;
    devices.managed.add(dev, "memory", `${address}`, function* () {
      slab.kfree(address);
      yield* [];
    });
    return address;
  };
  for (const [name, flags] of [
    ["devm_kzalloc", __GFP_ZERO],
    ["devm_kmalloc", 0],
  ] as const) {
    /** Allocates memory that goes with the driver; devm_kzalloc clears it. Contexts as kmalloc. NULL: no memory. */
    header.steps(
      name,
      [device, "size", "u32"],
      "arg0",
      (dev: number, size: number, gfp: number) => keep(dev, slab.kmalloc(size, gfp | flags, "devm_kmalloc")),
      mayBeNull,
    );
  }
  for (const [name, flags] of [
    ["devm_kcalloc", __GFP_ZERO],
    ["devm_kmalloc_array", 0],
  ] as const) {
    /** The same for an array. Contexts as kmalloc. NULL: no memory, or the product overflows. */
    header.steps(
      name,
      [device, "u32", "size", "u32"],
      "arg0",
      (dev: number, count: number, size: number, gfp: number) =>
        keep(dev, slab.array(count, size, gfp | flags, "devm_kmalloc")),
      mayBeNull,
    );
  }
  /** Copies a text. Contexts as kmalloc. NULL: no memory, or no text. */
  header.steps(
    "devm_kstrdup",
    [device, "string", "u32"],
    "ptr",
    function* (dev: number, text: number, gfp: number) {
      return text === 0 ? 0 : yield* keep(dev, slab.dupText(kernel.textAt(text), gfp, "devm_kmalloc"));
    },
    mayBeNull,
  );
  /** Writes a text into memory of its own. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "devm_kasprintf",
    [device, "u32", "format"],
    "ptr",
    (dev: number, gfp: number, format: number, ...values: Raw[]) =>
      keep(dev, slab.dupText(kernel.log.format(kernel.textAt(format), values), gfp, "devm_kmalloc")),
    mayBeNull,
  );
  /** Copies memory. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "devm_kmemdup",
    [device, "ptr", "size", "u32"],
    "ptr",
    (dev: number, from: number, size: number, gfp: number) => keep(dev, slab.kmemdup(from, size, gfp, "devm_kmalloc")),
    mayBeNull,
  );
  /** Frees such memory now; NULL is ignored. Any context. */
  header.steps("devm_kfree", [device, "ptr"], "void", function* (dev: number, object: number): Steps<void> {
    if (object !== 0) yield* devices.managed.release(dev, "memory", `${object}`, 1077);
  });

  const action =
    (fn: number, data: number): (() => Steps<unknown>) =>
    () =>
      core.steps("devm_action_release", core.callDriver(fn, [data]));
  const add = (dev: number, fn: number, data: number): number => {
    slab.mightAlloc(GFP_KERNEL, "__devm_add_action");
    devices.managed.add(dev, "action", `${fn} ${data}`, action(fn, data));
    return 0;
  };
  /** Has a function called when the driver leaves. Task context, may sleep. 0, or -ENOMEM. */
  header.plain("devm_add_action", [device, "callback", "ptr"], "int", add);
  /** The same; where that fails, the function is called at once. Task context, may sleep. 0, or -ENOMEM. */
  header.plain("devm_add_action_or_reset", [device, "callback", "ptr"], "int", add);
  /** The function is not called after all. Any context. */
  header.plain("devm_remove_action", [device, "callback", "ptr"], "void", (dev: number, fn: number, data: number) => {
    if (devices.managed.take(dev, "action", `${fn} ${data}`) === undefined) {
      devices.managed.warn("drivers/base/devres.c:775");
    }
  });
  /** The function is called now instead. Task context. */
  header.steps("devm_release_action", [device, "callback", "ptr"], "void", (dev: number, fn: number, data: number) =>
    devices.managed.release(dev, "action", `${fn} ${data}`, 797),
  );
  /** Claims and maps a memory resource. Task context, may sleep. Its address, or an ERR_PTR. */
  header.plain(
    "devm_ioremap_resource",
    [device, resource],
    "iomem",
    (dev: number, res: number) => claimAndMap(kernel, dev, res),
    { mayBeErrPtr: true },
  );
}

/** devm_ioremap_resource(): the address, or a negative errno. Source: lib/devres.c */
export function claimAndMap(kernel: Kernel, dev: number, res: number): number {
  const { core, devices, log, mmio, regions } = kernel;
  const error = (text: string): void => void log.write(`${devices.label(dev)}: ${text}`, 3);
  const read = (member: string): number => core.memory.load(res + offsetOf(resource, member), 4, false);
  if (res === 0 || (read("flags") & IORESOURCE_MEM) === 0) {
    error(
      `error -EINVAL: invalid resource ${res === 0 ? "(null)" : rangeText(read("start"), read("end"), read("flags"))}`,
    );
    return -errno.EINVAL;
  }
  const [start, end] = [read("start"), read("end")];
  const bytes = end - start + 1;
  const range = rangeText(start, end, IORESOURCE_MEM);
  if (regions.request("iomem", start, bytes, devices.nameOf(dev)) === 0) {
    error(`error -EBUSY: can't request region for resource ${range}`);
    return -errno.EBUSY;
  }
  const address = mmio.map(start, bytes);
  if (address === 0) {
    error(`error -ENOMEM: ioremap failed for resource ${range}`);
    regions.release("iomem", start, bytes);
    return -errno.ENOMEM;
  }
  devices.managed.add(dev, "region", `${start}`, function* () {
    regions.release("iomem", start, bytes);
    yield* [];
  });
  manageMapping(kernel, dev, address);
  return address;
}

/** A mapping that goes with the driver. */
export function manageMapping({ devices, mmio }: Kernel, dev: number, address: number): void {
  devices.managed.add(dev, "iomap", `${address}`, function* () {
    mmio.unmap(address);
    yield* [];
  });
}

/** %pR */
function rangeText(start: number, end: number, flags: number): string {
  const word = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
  if ((flags & IORESOURCE_MEM) !== 0) return `[mem ${word(start)}-${word(end)}]`;
  return `[??? ${word(start)}-${word(end)} flags 0x${flags.toString(16)}]`;
}

/** Of linux/io. */
export function managedMappings(header: Header, kernel: Kernel): void {
  const { devices, mmio } = kernel;
  /** Maps addresses of the bus. Task context, may sleep. NULL: nobody answers there. */
  header.plain(
    "devm_ioremap",
    [device, "u32", "u32"],
    "iomem",
    (dev: number, start: number, bytes: number) => {
      kernel.slab.mightAlloc(GFP_KERNEL, "devm_ioremap");
      const address = mmio.map(start, bytes);
      if (address !== 0) manageMapping(kernel, dev, address);
      return address;
    },
    mayBeNull,
  );
  /** Unmaps them now. Task context, may sleep. */
  header.plain("devm_iounmap", [device, "iomem"], "void", (dev: number, address: number) => {
    kernel.core.mightSleep("iounmap", "mm/vmalloc.c:3381");
    if (devices.managed.take(dev, "iomap", `${address}`) === undefined) devices.managed.warn("lib/devres.c:118");
    mmio.unmap(address);
  });
}

/** Of linux/interrupt. */
export function managedInterrupts(header: Header, kernel: Kernel): void {
  const { devices, irqs, slab } = kernel;
  const request = (
    dev: number,
    irq: number,
    [handler, thread]: readonly [number, number],
    flags: number,
    name: number,
    devId: number,
  ): number => {
    slab.mightAlloc(GFP_KERNEL, "devm_request_threaded_irq");
    const title = name === 0 ? devices.nameOf(dev) : kernel.textAt(name);
    const result = irqs.request(irq, { handler, thread, flags, name: title, devId });
    if (result === 0) devices.managed.add(dev, "irq", `${irq} ${devId}`, () => irqs.free(irq, devId));
    return result;
  };
  /** request_irq; the handler goes with the driver. Task context, may sleep. 0, or a negative errno. */
  header.plain(
    "devm_request_irq",
    [device, "u32", "callback", "u32", "string", "ptr"],
    "int",
    (dev: number, irq: number, handler: number, flags: number, name: number, devId: number) =>
      request(dev, irq, [handler, 0], flags, name, devId),
  );
  /** request_threaded_irq; handler and thread go with the driver. Task context, may sleep. 0, or a negative errno. */
  header.plain(
    "devm_request_threaded_irq",
    [device, "u32", "callback", "callback", "u32", "string", "ptr"],
    "int",
    (dev: number, irq: number, handler: number, thread: number, flags: number, name: number, devId: number) =>
      request(dev, irq, [handler, thread], flags, name, devId),
  );
  /** Takes such a handler away now. Task context, may sleep. */
  header.steps("devm_free_irq", [device, "u32", "ptr"], "void", function* (dev: number, irq: number, devId: number) {
    if (devices.managed.take(dev, "irq", `${irq} ${devId}`) === undefined) {
      devices.managed.warn("kernel/irq/devres.c:144");
    }
    yield* irqs.free(irq, devId);
  });
}
