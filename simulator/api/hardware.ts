// driverlab/hardware: what the world outside does with the devices of the machine, and what goes wrong with them.
import type { Device, Fault, ModemSignal } from "../devices/device.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { applyOverlay } from "../kernel/overlays.ts";
import { decode, encode } from "../kernel/text.ts";
import { Header } from "./header.ts";

const MODEM_SIGNALS: readonly string[] = ["cts", "dsr", "ri", "dcd"];
const LINE_ERRORS: readonly string[] = ["parity", "frame", "break"];

export function hardware(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  const find = (name: number): Device | undefined => kernel.hardware.find(kernel.textAt(name));
  faults(header, kernel, find);
  serial(header, kernel, find);
  pins(header, find);
  /** Adds what a board has besides, in device tree source. User space. 0, or -EINVAL. */
  header.steps("dt_overlay", ["string"], "int", (source: number) =>
    kernel.processes.syscall("write", applyOverlay(kernel, kernel.textAt(source))),
  );
  /** Turns the power of a device off and on. User space. 0, or -ENODEV. */
  header.plain("power_cycle", ["string"], "int", (name: number) => {
    const device = find(name);
    device?.reset();
    return device === undefined ? -errno.ENODEV : 0;
  });
  /** What a register holds; looking has no side effects. User space. Its value, 0 where there is none. */
  header.plain("register_value", ["string", "string"], "u64", (name: number, register: number) => {
    const device = find(name);
    const found = device?.registers.find((one) => one.name === kernel.textAt(register));
    return found === undefined ? 0n : device!.held(found);
  });
  return header;
}

type Find = (name: number) => Device | undefined;

function faults(header: Header, kernel: Kernel, find: Find): void {
  const inject = (name: number, fault: Fault): number => {
    const device = find(name);
    if (device?.faults === undefined) return -errno.ENODEV;
    device.faults.inject(fault);
    return 0;
  };
  /** Surprise removal: reads give all ones, writes and interrupts get lost. User space. 0, or -ENODEV. */
  header.plain("unplug", ["string"], "int", (name: number) => inject(name, { kind: "removed" }));
  /** The device is there again and sound: ends every fault. User space. 0, or -ENODEV. */
  header.plain("mend", ["string"], "int", (name: number) => {
    const device = find(name);
    device?.faults?.clear();
    return device?.faults === undefined ? -errno.ENODEV : 0;
  });
  /** A bit of a register reads as stuck. User space. 0, -ENODEV, or -EINVAL where there is no such bit. */
  header.plain(
    "stick_bit",
    ["string", "string", "int", "bool"],
    "int",
    (name: number, register: number, bit: number, level: number) => {
      const text = kernel.textAt(register);
      const found = find(name)?.registers.find((one) => one.name === text);
      if (find(name) !== undefined && (found === undefined || bit < 0 || bit >= found.bits)) return -errno.EINVAL;
      return inject(name, { kind: "stuck-bit", register: text, bit, level: level === 0 ? 0 : 1 });
    },
  );
  /** The next interrupts do not arrive. User space. 0, or -ENODEV. */
  header.plain("lose_interrupts", ["string", "u32"], "int", (name: number, count: number) =>
    inject(name, { kind: "lost-interrupt", count }),
  );
  /** An interrupt that the device did not ask for. User space. 0, or -ENODEV. */
  header.plain("disturb", ["string"], "int", (name: number) => inject(name, { kind: "spurious-interrupt" }));
  /** The next accesses end in an external abort. User space. 0, or -ENODEV. */
  header.plain("fail_accesses", ["string", "u32"], "int", (name: number, count: number) =>
    inject(name, { kind: "bus-error", count }),
  );
  /** Writes reach the device so many microseconds later, or with the next read. User space. 0, or -ENODEV. */
  header.plain("post_writes", ["string", "u32"], "int", (name: number, micros: number) =>
    inject(name, { kind: "posted-writes", nanos: micros * 1000 }),
  );
  /** Each transfer takes so many microseconds longer. User space. 0, or -ENODEV. */
  header.plain("slow_dma", ["string", "u32"], "int", (name: number, micros: number) =>
    inject(name, { kind: "slow-dma", nanos: micros * 1000 }),
  );
}

function serial(header: Header, kernel: Kernel, find: Find): void {
  /** Sends characters to a serial port at the speed of its line. User space. 0, or -ENODEV. */
  header.plain("serial_send", ["string", "string"], "int", (name: number, text: number) => {
    const end = find(name)?.serial;
    end?.send(Uint8Array.from(encode(kernel.textAt(text))));
    return end === undefined ? -errno.ENODEV : 0;
  });
  /** Sends one damaged character, or a break. User space. 0, -ENODEV, or -EINVAL for an unknown kind of damage. */
  header.plain("serial_send_bad", ["string", "string", "u8"], "int", (name: number, error: number, byte: number) => {
    const end = find(name)?.serial;
    const kind = kernel.textAt(error);
    if (!LINE_ERRORS.includes(kind)) return -errno.EINVAL;
    end?.sendBad(kind as "parity" | "frame" | "break", byte);
    return end === undefined ? -errno.ENODEV : 0;
  });
  /** What a serial port has sent since this was last asked. User space. A text. */
  header.plain("serial_received", ["string"], "string", (name: number) =>
    kernel.statics.literal(decode([...(find(name)?.serial?.take() ?? [])])),
  );
  /** Drives an input of a serial port: cts, dsr, ri or dcd. User space. 0, -ENODEV, or -EINVAL. */
  header.plain("serial_signal", ["string", "string", "bool"], "int", (name: number, signal: number, level: number) => {
    const end = find(name)?.serial;
    const text = kernel.textAt(signal);
    if (!MODEM_SIGNALS.includes(text)) return -errno.EINVAL;
    end?.signal(text as ModemSignal, level !== 0);
    return end === undefined ? -errno.ENODEV : 0;
  });
}

function pins(header: Header, find: Find): void {
  /** Drives a pin of a GPIO block from outside. User space. 0, -ENODEV, or -EINVAL where there is no such pin. */
  header.plain("drive_pin", ["string", "int", "bool"], "int", (name: number, pin: number, level: number) => {
    const board = find(name)?.pins;
    if (board === undefined) return -errno.ENODEV;
    if (pin < 0 || pin >= board.count) return -errno.EINVAL;
    board.drive(pin, level !== 0);
    return 0;
  });
  /** What is on a pin, whoever drives it. User space. */
  header.plain("pin_level", ["string", "int"], "bool", (name: number, pin: number) => {
    const board = find(name)?.pins;
    return board !== undefined && pin >= 0 && pin < board.count && board.level(pin);
  });
}
