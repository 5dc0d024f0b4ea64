// The commands of the kernel's own scripts for gdb, scripts/gdb/linux: they read the machine, and change nothing.
import { hex } from "../../engine/interfaces.ts";
import type { Task } from "../../engine/task.ts";
import { nanosOf } from "../../kernel/jiffies.ts";
import { device, offsetOf } from "../../kernel/layouts.ts";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import type { Command } from "./command.ts";
import { stateOf } from "./task-states.ts";

export const lxCommands: readonly Command[] = [
  {
    name: "lx-ps",
    usage: "",
    summary: "Tasks, with their states and what they wait for.",
    run: ({ still: { engine, kernel } }) => {
      const line = (task: Task) => {
        const { state, waiting } = stateOf(task);
        const address = kernel.tasks.known(task);
        const shown = address === undefined ? "-".padStart(10) : `0x${hex(address)}`;
        return `${shown} ${String(task.id).padStart(5)} ${String(task.cpu).padStart(3)} ${state} ${task.name}${waiting}`;
      };
      const idle = Array.from({ length: engine.cpuCount }, (_, cpu) => engine.idleOf(cpu));
      return ["      TASK   PID CPU S COMM", ...[...idle, ...engine.tasks].map(line)].join("\n");
    },
  },
  {
    name: "lx-dmesg",
    usage: "[LINES]",
    summary: "The kernel log up to now, or its last lines.",
    run: ({ still }, args) => {
      const count = Number(args || still.log.length);
      if (!Number.isInteger(count) || count < 0) throw notEvaluated(`“${args}” is no number of lines.`);
      const lines = count === 0 ? [] : still.log.slice(-count);
      return lines.map(({ text }) => text).join("\n") || "The kernel log is empty.";
    },
  },
  {
    name: "lx-lsmod",
    usage: "",
    summary: "Modules that are loaded.",
    run: ({ still: { kernel } }) => {
      const lines = kernel.modules.all.map(
        ({ address, name, references, state }) => `0x${hex(address)} ${name.padEnd(24)} ${references} ${state}`,
      );
      return lines.length === 0
        ? "No module is loaded."
        : ["Address    Module                   Used by State", ...lines].join("\n");
    },
  },
  text("lx-iomem", "iomem", "Claims of bus addresses, as /proc/iomem has them."),
  text("lx-ioports", "ioports", "Claims of I/O ports, as /proc/ioports has them."),
  text("lx-interruptlist", "interrupts", "Interrupts by CPU, as /proc/interrupts has them."),
  { name: "lx-timerlist", usage: "", summary: "Timers and high-resolution timers that wait.", run: timers },
  { name: "lx-slabinfo", usage: "", summary: "Objects that are allocated, by cache.", run: slabs },
  { name: "lx-device-list-tree", usage: "", summary: "Devices below their parents.", run: devices },
];

function text(name: string, file: string, summary: string): Command {
  return { name, usage: "", summary, run: ({ still: { kernel } }) => (kernel.proc.textOf(file) ?? "").trimEnd() };
}

function timers({ still: { kernel, engine } }: Debuggee): string {
  const { nanos } = engine.clock;
  const line = (kind: string, address: number, fn: number, cpu: number, at: number) => {
    const left = ((at - nanos) / 1e6).toFixed(3);
    return `CPU${cpu} ${kind.padEnd(7)} 0x${hex(address)} ${kernel.core.nameOf(fn)}, in ${left} ms`;
  };
  const lines = [
    ...kernel.timers.all.map(({ address, fn, cpu, at }) => line("timer", address, fn, cpu, nanosOf(at))),
    ...kernel.hrtimers.all.map(({ address, fn, cpu, at }) => line("hrtimer", address, fn, cpu, at)),
  ];
  return lines.join("\n") || "No timer waits.";
}

function slabs({ still: { kernel } }: Debuggee): string {
  const caches = new Map<string, { count: number; bytes: number }>();
  for (const { cache, bytes } of kernel.slab.live) {
    const known = caches.get(cache) ?? { count: 0, bytes: 0 };
    caches.set(cache, { count: known.count + 1, bytes: known.bytes + bytes });
  }
  const lines = [...caches]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { count, bytes }]) => `${name.padEnd(24)} ${String(count).padStart(7)} ${String(bytes).padStart(10)}`);
  return lines.length === 0
    ? "Nothing is allocated."
    : ["Cache                    Objects      Bytes", ...lines].join("\n");
}

function devices({ still: { kernel, memory } }: Debuggee): string {
  const { all } = kernel.devices;
  const parentOf = (address: number) => memory.peek(address + offsetOf(device, "parent"), 4);
  const nameOf = (address: number) => kernel.textAt(memory.peek(address + offsetOf(device, "init_name"), 4));
  const below = (parent: number, depth: number): string[] =>
    all
      .filter((address) => (all.includes(parentOf(address)) ? parentOf(address) === parent : parent === 0))
      .flatMap((address) => {
        const state = kernel.devices.stateOf(address);
        const line = `${"  ".repeat(depth)}${nameOf(address)} @ 0x${hex(address)}, ${state}`;
        return [line, ...below(address, depth + 1)];
      });
  return below(0, 0).join("\n") || "There is no device.";
}
