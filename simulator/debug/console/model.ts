// Commands of scripts/gdb/linux that show the driver model: devices and drivers with where they are in their lives, clocks.
import { hex } from "../../engine/interfaces.ts";
import type { ClkCore } from "../../kernel/clk.ts";
import { device, offsetOf } from "../../kernel/layouts.ts";
import { type DeviceLife, devicesOf, driversOf } from "../../kernel/lifecycle.ts";
import type { Debuggee } from "../debuggee.ts";
import type { Command } from "./command.ts";

export const modelCommands: readonly Command[] = [
  {
    name: "lx-device-list-tree",
    usage: "",
    summary: "Devices below their parents, and drivers, with their states.",
    run: devices,
  },
  { name: "lx-clk-summary", usage: "", summary: "Clocks below their parents, with who uses them.", run: clocks },
];

function devices({ still: { kernel, memory } }: Debuggee): string {
  const { all } = kernel.devices;
  const lives = new Map(devicesOf(kernel).map((life, index) => [all[index]!, life] as const));
  const parentOf = (address: number): number | undefined => {
    const parent = memory.peek(address + offsetOf(device, "parent"), 4);
    return lives.has(parent) ? parent : undefined;
  };
  const tree = descending(all, parentOf).map(({ one, depth }) => {
    const life = lives.get(one)!;
    return `${"  ".repeat(depth)}${life.name} @ 0x${hex(one)}, ${stateOf(life)}`;
  });
  const drivers = driversOf(kernel).map(({ name, bus, module, state, devices: own }) => {
    const origin = module === undefined ? "" : `, of module ${module}`;
    return `driver ${name} on bus ${bus}${origin}, ${state}${own.length === 0 ? "" : ` to ${own.join(", ")}`}`;
  });
  return [...tree, ...drivers].join("\n") || "There is no device.";
}

/** `bound to edu, runtime active (1 user), 3 managed resources`; what there is nothing of is left out. */
function stateOf({ state, driver, deferred, runtime, users, managed }: DeviceLife): string {
  const parts = [driver === undefined ? state : `${state} to ${driver}`];
  if (deferred !== undefined) parts.push(`probe deferred${deferred === "" ? "" : `: ${deferred}`}`);
  if (runtime !== "unsupported") parts.push(`runtime ${runtime} (${counted(users, "user")})`);
  if (managed.length > 0) parts.push(counted(managed.length, "managed resource"));
  return parts.join(", ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** In the columns of /sys/kernel/debug/clk/clk_summary. */
function clocks({ still: { kernel } }: Debuggee): string {
  const { all } = kernel.clocks;
  const parentOf = ({ parent }: Readonly<ClkCore>): Readonly<ClkCore> | undefined => {
    if (parent === undefined) return undefined;
    return typeof parent === "number" ? kernel.clocks.atHw(parent) : kernel.clocks.named(parent);
  };
  const rows = descending(all, parentOf).map(({ one: { name, enabled, prepared, rate }, depth }) => {
    const counts = [String(enabled).padStart(8), String(prepared).padStart(8), String(rate).padStart(12)];
    return [`${"  ".repeat(depth)}${name}`.padEnd(32), ...counts].join(" ");
  });
  return rows.length === 0
    ? "There is no clock."
    : [`${"clock".padEnd(32)}   enable  prepare         rate`, ...rows].join("\n");
}

/** Each below its parent, a level deeper. */
function descending<T>(all: readonly T[], parentOf: (one: T) => T | undefined): readonly Placed<T>[] {
  const below = (parent: T | undefined, depth: number): readonly Placed<T>[] =>
    all.filter((one) => parentOf(one) === parent).flatMap((one) => [{ one, depth }, ...below(one, depth + 1)]);
  return below(undefined, 0);
}

interface Placed<T> {
  readonly one: T;
  readonly depth: number;
}
