// linux/ioport, asm/io and linux/iopoll: claims of bus addresses, ports of a PC, and waiting for a register.
import type { AccessBytes } from "../devices/device.ts";
import type { Steps, Type } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { resource } from "../kernel/layouts.ts";
import { IORESOURCE_IO, IORESOURCE_IRQ, IORESOURCE_MEM } from "../kernel/resource-tree.ts";
import { Header } from "./header.ts";

export function ioport(kernel: Kernel): Header {
  const { core, regions } = kernel;
  const header = new Header(core);
  header.layout("resource", resource);
  header.constants({ IORESOURCE_IO, IORESOURCE_IRQ, IORESOURCE_MEM });
  const mayBeNull = { mayBeNull: true } as const;
  for (const [name, kind] of [
    ["region", "ioports"],
    ["mem_region", "iomem"],
  ] as const) {
    /** Claims ports, or I/O memory. Task context, may sleep. NULL: somebody has it. */
    header.plain(
      `request_${name}`,
      ["u32", "u32", "string"],
      resource,
      (start: number, bytes: number, text: number) => regions.request(kind, start, bytes, kernel.textAt(text)),
      mayBeNull,
    );
    /** Gives them back. Task context, may sleep. */
    header.plain(`release_${name}`, ["u32", "u32"], "void", (start: number, bytes: number) =>
      regions.release(kind, start, bytes),
    );
  }
  /** How many bytes a resource has. Any context. */
  header.plain("resource_size", [resource], "u32", (it: number) => {
    const [start, end] = [core.memory.load(it, 4, false), core.memory.load(it + 4, 4, false)];
    return end - start + 1;
  });
  return header;
}

/** Ports: of a PC, whose UART answers at 0x3f8 when the machine has one. */
export function portIo({ core, ports }: Kernel): Header {
  const header = new Header(core);
  const { memory } = core;
  for (const [letter, bytes, type] of [
    ["b", 1, "u8"],
    ["w", 2, "u16"],
    ["l", 4, "u32"],
  ] as const satisfies readonly (readonly [string, AccessBytes, Type])[]) {
    for (const suffix of ["", "_p"]) {
      /** Reads and writes a port; with `_p` slowly. Any context. The value. */
      header.plain(`in${letter}${suffix}`, ["u16"], type, (port: number) => ports.read(port, bytes));
      header.plain(`out${letter}${suffix}`, [type, "u16"], "void", (value: number, port: number) =>
        ports.write(port, bytes, value),
      );
    }
    /** The same for so many values in memory, one after another. Any context. */
    header.plain(`ins${letter}`, ["u16", "ptr", "u32"], "void", (port: number, to: number, count: number) => {
      for (let at = 0; at < count; at++) memory.store(to + at * bytes, bytes, ports.read(port, bytes));
    });
    header.plain(`outs${letter}`, ["u16", "ptr", "u32"], "void", (port: number, from: number, count: number) => {
      for (let at = 0; at < count; at++) ports.write(port, bytes, memory.load(from + at * bytes, bytes, false));
    });
  }
  return header;
}

/** Reading until a condition holds. C's macro assigns to a variable; here the condition is told what was read. */
export function iopoll(kernel: Kernel): Header {
  const { core, mmio } = kernel;
  const header = new Header(core);
  const poll = function* (
    address: number,
    bytes: AccessBytes,
    condition: number,
    pause: number,
    most: number,
    atomically: boolean,
  ): Steps<number> {
    const until = core.engine.clock.nanos + most * 1000;
    for (;;) {
      const value = Number(mmio.isStepped ? yield* mmio.readSteps(address, bytes) : mmio.read(address, bytes));
      if ((yield* core.callDriver(condition, [value])) !== 0) return 0;
      if (most !== 0 && core.engine.clock.nanos >= until) return -errno.ETIMEDOUT;
      if (atomically) core.engine.delay(Math.max(1, pause) * 1000);
      else yield* core.sleep(Math.max(1, pause) * 1000, "readx_poll_timeout");
    }
  };
  for (const [letter, bytes] of [
    ["b", 1],
    ["w", 2],
    ["l", 4],
  ] as const) {
    /** Reads until the condition holds, sleeping in between. Task context, may sleep. 0, or -ETIMEDOUT. */
    header.steps(
      `read${letter}_poll_timeout`,
      ["iomem", "callback", "u32", "u32"],
      "int",
      (address: number, condition: number, pause: number, most: number) => {
        core.mightSleep(`read${letter}_poll_timeout`, core.here);
        return poll(address, bytes, condition, pause, most, false);
      },
    );
    /** The same, spinning in between. Any context. 0, or -ETIMEDOUT. */
    header.steps(
      `read${letter}_poll_timeout_atomic`,
      ["iomem", "callback", "u32", "u32"],
      "int",
      (address: number, condition: number, pause: number, most: number) =>
        poll(address, bytes, condition, pause, most, true),
    );
  }
  return header;
}
