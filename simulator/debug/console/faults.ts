// What a person does to a device from the console, in the words of `driverlab/hardware`. Each is an input of the run.
import type { Device, Fault } from "../../devices/device.ts";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import type { Command } from "./command.ts";

export const deviceCommands: readonly Command[] = [
  command("unplug", "DEVICE", "Takes a device from its bus: reads give all ones.", (debuggee, [name = ""]) => {
    inject(debuggee, name, { kind: "removed" });
    return `${name} is gone: reads give all ones, writes and interrupts get lost. “plug ${name}” puts it back.`;
  }),
  command("plug", "DEVICE", "Puts a device back, sound again.", (debuggee, [name = ""]) => {
    debuggee.act({ kind: "repair", device: name });
    return `${name} is there again.`;
  }),
  command("stick_bit", "DEVICE REGISTER BIT 0|1", "Makes a bit of a register read as stuck.", (debuggee, args) => {
    const [name = "", register = "", bit = "", level = ""] = args;
    if (level !== "0" && level !== "1") throw notEvaluated("stick_bit DEVICE REGISTER BIT 0|1");
    inject(debuggee, name, { kind: "stuck-bit", register, bit: count(bit, 0), level: level === "1" ? 1 : 0 });
    return `Bit ${bit} of ${name}.${register} reads as ${level}. “plug ${name}” mends it.`;
  }),
  command("lose_interrupts", "DEVICE [COUNT]", "Lets the next interrupts of a device get lost.", (debuggee, args) => {
    const [name = "", most = "1"] = args;
    inject(debuggee, name, { kind: "lost-interrupt", count: count(most) });
    return `${next(most, "interrupt")} of ${name} will not arrive.`;
  }),
  command("disturb", "DEVICE", "Lets a device interrupt without a reason.", (debuggee, [name = ""]) => {
    inject(debuggee, name, { kind: "spurious-interrupt" });
    return `${name} interrupts, until somebody accesses it, or for a millisecond.`;
  }),
  command("fail_accesses", "DEVICE [COUNT]", "Lets the next accesses end in an external abort.", (debuggee, args) => {
    const [name = "", most = "1"] = args;
    inject(debuggee, name, { kind: "bus-error", count: count(most) });
    return `${next(most, "access", "accesses")} of ${name} will not be answered.`;
  }),
  command("post_writes", "DEVICE MICROSECONDS", "Lets writes reach a device only later.", (debuggee, args) => {
    const [name = "", micros = ""] = args;
    inject(debuggee, name, { kind: "posted-writes", nanos: count(micros, 0) * 1000 });
    return `Writes reach ${name} ${micros} microseconds later, or with the next read.`;
  }),
  command("slow_dma", "DEVICE MICROSECONDS", "Lets each transfer of a device take longer.", (debuggee, args) => {
    const [name = "", micros = ""] = args;
    inject(debuggee, name, { kind: "slow-dma", nanos: count(micros) * 1000 });
    return `Each transfer of ${name} takes ${micros} microseconds longer.`;
  }),
];

function command(
  name: string,
  usage: string,
  summary: string,
  run: (debuggee: Debuggee, args: readonly string[]) => string,
): Command {
  return {
    name,
    usage,
    summary,
    run: (debuggee, args) => {
      const text = run(debuggee, args.trim().split(/\s+/));
      debuggee.changed();
      return text;
    },
    complete: ({ devices }, args) => {
      const [device, ...more] = args.trimStart().split(/\s+/);
      if (more.length === 0) return devices.map((one) => one.name);
      const registers = usage.includes("REGISTER") && more.length === 1;
      return registers ? registersOf(devices.find((one) => one.name === device)) : [];
    },
  };
}

function registersOf(device: Device | undefined): readonly string[] {
  return device?.registers.map(({ name }) => name) ?? [];
}

function inject(debuggee: Debuggee, device: string, fault: Fault): void {
  debuggee.act({ kind: "fault", device, fault });
}

function next(count: string, one: string, many = `${one}s`): string {
  return Number(count) === 1 ? `The next ${one}` : `The next ${count} ${many}`;
}

/** From 1 on where nothing else is said. */
function count(text: string, least = 1): number {
  if (!/^\d+$/.test(text) || Number(text) < least) throw notEvaluated(`“${text}” is no count.`);
  return Number(text);
}
