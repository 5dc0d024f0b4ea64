// The commands of the kernel's own scripts for gdb, scripts/gdb/linux: they read the machine, and change nothing.

import type { PendingTimer } from "../../contexts/protocol.ts";
import { hex } from "../../engine/interfaces.ts";
import type { Task } from "../../engine/task.ts";
import { nanosOf } from "../../kernel/jiffies.ts";
import type { Machine } from "../../machine.ts";
import type { CacheTotal } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import type { Command } from "./command.ts";
import { modelCommands } from "./model.ts";
import { stateOf, waitingOf } from "./task-states.ts";

export const lxCommands: readonly Command[] = [
  {
    name: "lx-ps",
    usage: "",
    summary: "Tasks, with their states and what they wait for.",
    run: ({ still: { engine, kernel } }) => {
      const line = (task: Task) => {
        const state = stateOf(kernel, task);
        const address = kernel.tasks.known(task);
        const shown = address === undefined ? "-".padStart(10) : `0x${hex(address)}`;
        return `${shown} ${String(task.id).padStart(5)} ${String(task.cpu).padStart(3)} ${state.letter} ${task.name}${waitingOf(state)}`;
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
  ...modelCommands,
];

function text(name: string, file: string, summary: string): Command {
  return { name, usage: "", summary, run: ({ still: { kernel } }) => (kernel.proc.textOf(file) ?? "").trimEnd() };
}

function timers({ still }: Debuggee): string {
  const lines = pendingTimers(still).map(
    ({ kind, address, fn, cpu, inNanos }) =>
      `CPU${cpu} ${kind.padEnd(7)} 0x${hex(address)} ${fn}, in ${(inNanos / 1e6).toFixed(3)} ms`,
  );
  return lines.join("\n") || "No timer waits.";
}

/** Timers and then high-resolution timers that wait, in the order in which they were set. */
export function pendingTimers({ kernel, engine }: Machine): readonly (PendingTimer & { readonly address: number })[] {
  const { nanos } = engine.clock;
  const pending = (kind: PendingTimer["kind"], { address, fn, cpu, at }: (typeof kernel.timers.all)[number]) => ({
    kind,
    address,
    fn: kernel.core.nameOf(fn),
    cpu,
    inNanos: at - nanos,
  });
  return [
    ...kernel.timers.all.map((timer) => pending("timer", { ...timer, at: nanosOf(timer.at) })),
    ...kernel.hrtimers.all.map((timer) => pending("hrtimer", timer)),
  ];
}

function slabs({ still }: Debuggee): string {
  const lines = cacheTotals(still).map(
    ({ name, objects, bytes }) => `${name.padEnd(24)} ${String(objects).padStart(7)} ${String(bytes).padStart(10)}`,
  );
  return lines.length === 0
    ? "Nothing is allocated."
    : ["Cache                    Objects      Bytes", ...lines].join("\n");
}

/** What is allocated from each cache, by their names. */
export function cacheTotals({ kernel }: Machine): readonly Omit<CacheTotal, "isKernels">[] {
  const caches = new Map<string, { name: string; objects: number; bytes: number }>();
  for (const { cache, bytes } of kernel.slab.live) {
    const known = caches.get(cache) ?? { name: cache, objects: 0, bytes: 0 };
    caches.set(cache, { name: cache, objects: known.objects + 1, bytes: known.bytes + bytes });
  }
  return [...caches.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
