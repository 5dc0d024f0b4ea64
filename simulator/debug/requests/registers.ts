// `driverlab/registers`: the registers of every device, and what changed since the last stop.
import type { Registers } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { describe } from "../registers.ts";

export function registers(debuggee: Debuggee): Registers {
  return { devices: describe(debuggee.devices, debuggee.registersBefore, debuggee.ownBreakpoints) };
}
