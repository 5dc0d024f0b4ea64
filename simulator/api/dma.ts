// linux/dma-mapping and linux/dmapool: memory that devices reach.
import type { Steps } from "../engine/interfaces.ts";
import { DMA_BIDIRECTIONAL, DMA_FROM_DEVICE, DMA_MAPPING_ERROR, DMA_NONE, DMA_TO_DEVICE } from "../kernel/dma.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { page } from "../kernel/pages.ts";
import { Header } from "./header.ts";

export function dmaMapping({ core, dma, pages, devices }: Kernel): Header {
  const header = new Header(core);
  header.constants({ DMA_BIDIRECTIONAL, DMA_FROM_DEVICE, DMA_MAPPING_ERROR, DMA_NONE, DMA_TO_DEVICE });
  /** A mask of so many bits. Any context. */
  header.plain("DMA_BIT_MASK", ["u32"], "u64", (bits: number) => (1n << BigInt(bits)) - 1n);
  for (const [name, which] of [
    ["dma_set_mask", { streaming: true, coherent: false }],
    ["dma_set_coherent_mask", { streaming: false, coherent: true }],
    ["dma_set_mask_and_coherent", { streaming: true, coherent: true }],
  ] as const) {
    /** Says which addresses the device can reach. Task context. 0, or -EIO. */
    header.plain(name, [device, "u64"], "int", (dev: number, mask: bigint) => dma.setMask(dev, mask, which));
  }
  /** Which addresses the device can reach. Any context. */
  header.plain("dma_get_mask", [device], "u64", (dev: number) => dma.getMask(dev));

  /** Cleared memory that the CPU and the device see alike. Contexts as kmalloc. Its address; NULL: no memory. */
  header.steps(
    "dma_alloc_coherent",
    [device, "size", "ptr", "u32"],
    "arg0",
    (dev: number, bytes: number, handle: number, gfp: number) => dma.allocCoherent(dev, bytes, handle, gfp),
    { mayBeNull: true },
  );
  /** The same, and it goes with the driver. Contexts as kmalloc. Its address; NULL: no memory. */
  header.steps(
    "dmam_alloc_coherent",
    [device, "size", "ptr", "u32"],
    "arg0",
    function* (dev: number, bytes: number, handle: number, gfp: number): Steps<number> {
      const address = yield* dma.allocCoherent(dev, bytes, handle, gfp);
      if (address === 0) return 0;
      const bus = pages.physical(address);
      devices.managed.add(dev, "dma", `${address}`, function* () {
        dma.freeCoherent(dev, bytes, address, bus);
        yield* [];
      });
      return address;
    },
    { mayBeNull: true },
  );
  /** Frees what dmam_alloc_coherent gave before the driver goes. Task context, interrupts on. */
  header.plain(
    "dmam_free_coherent",
    [device, "size", "ptr", "u32"],
    "void",
    (dev: number, bytes: number, address: number, handle: number) => {
      if (devices.managed.take(dev, "dma", `${address}`) === undefined) {
        devices.managed.warn("kernel/dma/mapping.c:74");
      }
      dma.freeCoherent(dev, bytes, address, handle);
    },
  );
  /** Frees it. Task context, interrupts on. */
  header.plain(
    "dma_free_coherent",
    [device, "size", "ptr", "u32"],
    "void",
    (dev: number, bytes: number, address: number, handle: number) => dma.freeCoherent(dev, bytes, address, handle),
  );
  /** Lends memory of kmalloc to the device. Any context. Where the device sees it; ask dma_mapping_error. */
  header.plain(
    "dma_map_single",
    [device, "ptr", "u32", "u32"],
    "u32",
    (dev: number, address: number, bytes: number, direction: number) =>
      dma.map("single", dev, address, bytes, direction),
  );
  /** Takes it back. Any context. */
  header.plain(
    "dma_unmap_single",
    [device, "u32", "u32", "u32"],
    "void",
    (dev: number, address: number, bytes: number, direction: number) =>
      dma.unmap("single", dev, address, bytes, direction),
  );
  /** The same for a part of a page. Any context. */
  header.plain(
    "dma_map_page",
    [device, page, "u32", "u32", "u32"],
    "u32",
    (dev: number, map: number, offset: number, bytes: number, direction: number) =>
      dma.map("page", dev, pages.addressOf(map) + offset, bytes, direction),
  );
  header.plain(
    "dma_unmap_page",
    [device, "u32", "u32", "u32"],
    "void",
    (dev: number, address: number, bytes: number, direction: number) =>
      dma.unmap("page", dev, address, bytes, direction),
  );
  /** Whether a mapping failed. Any context. 0, or -ENOMEM. */
  header.plain("dma_mapping_error", [device, "u32"], "int", (dev: number, address: number) =>
    dma.mappingError(dev, address),
  );
  /** Lets the CPU, or the device again, at memory that stays mapped. Any context. */
  for (const [name, forCpu] of [
    ["dma_sync_single_for_cpu", true],
    ["dma_sync_single_for_device", false],
  ] as const) {
    header.plain(
      name,
      [device, "u32", "u32", "u32"],
      "void",
      (dev: number, address: number, bytes: number, direction: number) =>
        dma.sync(dev, address, bytes, direction, forCpu),
    );
  }
  return header;
}
