// linux/io: device registers in memory.
import type { AccessBytes } from "../devices/device.ts";
import type { Type } from "../engine/interfaces.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { managedMappings } from "./devres.ts";
import { Header } from "./header.ts";

const WIDTHS: readonly (readonly [string, AccessBytes, Type])[] = [
  ["b", 1, "u8"],
  ["w", 2, "u16"],
  ["l", 4, "u32"],
  ["q", 8, "u64"],
];

export function io(kernel: Kernel): Header {
  const { core, mmio, slab } = kernel;
  const header = new Header(core);
  const narrow = (value: bigint, bytes: AccessBytes): number | bigint => (bytes === 8 ? value : Number(value));

  // Where a device is a program, it is stepped on the task of whoever accesses it.
  const reading = (name: string, bytes: AccessBytes, type: Type): void => {
    if (!mmio.isStepped) {
      header.plain(name, ["iomem"], type, (address: number) => narrow(mmio.read(address, bytes), bytes));
      return;
    }
    header.steps(name, ["iomem"], type, function* (address: number) {
      return narrow(yield* mmio.readSteps(address, bytes), bytes);
    });
  };
  const writing = (name: string, bytes: AccessBytes, type: Type): void => {
    if (!mmio.isStepped) {
      header.plain(name, [type, "iomem"], "void", (value: number | bigint, address: number) =>
        mmio.write(address, bytes, BigInt(value)),
      );
      return;
    }
    header.steps(name, [type, "iomem"], "void", (value: number | bigint, address: number) =>
      mmio.writeSteps(address, bytes, BigInt(value)),
    );
  };

  for (const [letter, bytes, type] of WIDTHS) {
    for (const suffix of ["", "_relaxed"]) {
      /** readb … readq, and without ordering, read a device. Any context. The value. */
      reading(`read${letter}${suffix}`, bytes, type);
      /** writeb … writeq, and without ordering, write a device. Any context. */
      writing(`write${letter}${suffix}`, bytes, type);
    }
    if (bytes === 8) continue;
    /** ioread8 … ioread32 read what pci_iomap mapped. Any context. The value. */
    reading(`ioread${bytes * 8}`, bytes, "u32");
    /** iowrite8 … iowrite32 write what pci_iomap mapped. Any context. */
    writing(`iowrite${bytes * 8}`, bytes, type);
  }
  /** Maps device memory. Task context, may sleep. NULL where no device answers. */
  header.plain(
    "ioremap",
    ["u32", "u32"],
    "iomem",
    (physical: number, bytes: number) => {
      slab.mightAlloc(GFP_KERNEL, "ioremap");
      return mmio.map(physical, bytes);
    },
    { mayBeNull: true },
  );
  /** Undoes ioremap. Task context, may sleep. */
  header.plain("iounmap", ["iomem"], "void", (address: number) => {
    core.mightSleep("iounmap", "mm/vmalloc.c:3381");
    mmio.unmap(address);
  });
  managedMappings(header, kernel);
  /** memcpy_fromio, memcpy_toio and memset_io copy a byte at a time. Any context. */
  header.plain("memcpy_fromio", ["ptr", "iomem", "u32"], "void", (to: number, from: number, count: number) => {
    for (let at = 0; at < count; at++) core.memory.store(to + at, 1, Number(mmio.read(from + at, 1)));
  });
  header.plain("memcpy_toio", ["iomem", "ptr", "u32"], "void", (to: number, from: number, count: number) => {
    for (let at = 0; at < count; at++) mmio.write(to + at, 1, BigInt(core.memory.load(from + at, 1, false)));
  });
  header.plain("memset_io", ["iomem", "u8", "u32"], "void", (to: number, byte: number, count: number) => {
    for (let at = 0; at < count; at++) mmio.write(to + at, 1, BigInt(byte));
  });
  return header;
}
