// The model of a device that counts down: COUNT goes to 0 in as many microseconds, and then interrupts.
import { after, cancel, device_log, get, irq, plain_read, plain_write, type Register, set } from "driverlab/device";
import type { int, u32 } from "linux/types";

export const name = "counter";
export const summary = "Counts down, and interrupts at 0.";
export const mmio = { compatible: ["driverlab,counter"], bytes: 0x100 };

const COUNT = 0x00;
const CTRL = 0x04;
const DONE = 1;

export const registers: readonly Register[] = [
  { name: "COUNT", offset: COUNT },
  { name: "CTRL", offset: CTRL, fields: [{ name: "RUN", high: 0, low: 0 }] },
  {
    name: "STATUS",
    offset: 0x08,
    access: "read-only",
    fields: [{ name: "DONE", high: 0, low: 0, values: { 0: "no", 1: "yes" } }],
  },
  { name: "ACK", offset: 0x0c, access: "write-only", modifiedWriteValues: "oneToClear" },
  { name: "READS", offset: 0x10, access: "read-only" },
];

let alarm: int = 0;

function done(): void {
  set("COUNT", 0);
  set("CTRL", 0);
  set("STATUS", DONE);
  irq(true);
}

export function read(offset: u32, bytes: u32): u32 {
  const reads = get("READS");
  const value = plain_read(offset, bytes);
  set("READS", reads + 1);
  return offset === 0x10 ? reads : Number(value);
}

export function write(offset: u32, bytes: u32, value: u32): void {
  plain_write(offset, bytes, value);
  if (offset === CTRL) {
    cancel(alarm);
    if (get("CTRL") !== 0) alarm = after(get("COUNT") * 1000, done);
    else device_log("stopped");
  }
  if (offset === 0x0c && value & DONE) {
    set("STATUS", 0);
    irq(false);
  }
}

export function reset(): void {
  cancel(alarm);
}
