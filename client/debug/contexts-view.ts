// The view Contexts: what runs on each CPU and what that interrupted, and below it tasks, timers and works.
import * as vscode from "vscode";
import type {
  ContextLayer,
  Contexts,
  ContextsRequest,
  CpuContexts,
  PreemptCount,
  TaskState,
} from "../../simulator/contexts/protocol.ts";
import { lifeRows } from "./life-rows.ts";
import { showLock } from "./locks-view.ts";
import { duration, placed, rowOf } from "./places.ts";
import { type Row, StateView } from "./state-view.ts";

const contextsRequest: ContextsRequest = "driverlab/contexts";

const icons = { hardirq: "zap", softirq: "pulse", task: "gear", idle: "circle-outline" } as const;

export function createContextsView(): vscode.Disposable {
  return new StateView<Contexts>({
    id: "driverlab.contexts",
    request: contextsRequest,
    rows,
    empty: vscode.l10n.t("The machine has no CPU."),
  });
}

function rows({ cpus, tasks, timers, works, ...life }: Contexts): Row[] {
  const timerRows = timers.map(({ kind, fn, cpu, inNanos }, index) =>
    rowOf(`timer/${index}`, fn, {
      icon: "clock",
      description:
        inNanos > 0
          ? vscode.l10n.t("{0} on CPU {1}, in {2}", kind, cpu, duration(inNanos))
          : vscode.l10n.t("{0} on CPU {1}, due", kind, cpu),
    }),
  );
  const workRows = works.map(({ fn, wq, cpu }, index) =>
    rowOf(`work/${index}`, fn, {
      icon: "tools",
      description: cpu === undefined ? wq : vscode.l10n.t("{0}, CPU {1}", wq, cpu),
    }),
  );
  return [
    ...cpus.map(cpuRow),
    group("tasks", vscode.l10n.t("Tasks"), tasks.map(taskRow), true),
    group("life", vscode.l10n.t("Modules and Devices"), lifeRows(life), true),
    group("timers", vscode.l10n.t("Timers"), timerRows, false),
    group("works", vscode.l10n.t("Queued Work Items"), workRows, false),
  ];
}

function group(id: string, label: string, children: readonly Row[], isOpen: boolean): Row {
  const description = children.length === 0 ? vscode.l10n.t("none") : String(children.length);
  return rowOf(id, label, { children, isOpen, description });
}

function cpuRow({ cpu, isRunning, layers, preemptCount, irqsDisabled, held }: CpuContexts): Row {
  const id = `cpu/${cpu}`;
  const top = layers[0]!;
  const locks = held.map(({ name, takenAt }, index) =>
    placed(rowOf(`${id}/lock/${index}`, name, { icon: "lock" }), takenAt),
  );
  const irqs = irqsDisabled ? vscode.l10n.t("interrupts off") : vscode.l10n.t("interrupts on");
  return rowOf(id, `CPU ${cpu}`, {
    icon: "chip",
    ...(isRunning ? { colour: "debugIcon.breakpointCurrentStackframeForeground" } : {}),
    description: isRunning ? vscode.l10n.t("{0}, stopped here", nameOf(top)) : nameOf(top),
    isOpen: isRunning,
    children: [
      ...layers.map((layer, depth) => layerRow(`${id}/layer/${depth}`, layer, depth)),
      preemptRow(`${id}/preempt`, preemptCount),
      rowOf(`${id}/irqs`, irqs, { icon: irqsDisabled ? "bell-slash" : "bell" }),
      rowOf(`${id}/locks`, vscode.l10n.t("locks held: {0}", held.length), {
        icon: held.length === 0 ? "unlock" : "lock",
        children: locks,
        isOpen: true,
      }),
    ],
  });
}

function nameOf({ context, name }: ContextLayer): string {
  return `${context} ${name}`.trimEnd();
}

function layerRow(id: string, layer: ContextLayer, depth: number): Row {
  const description = depth === 0 ? "" : vscode.l10n.t("interrupted");
  const isIdle = layer.context === "idle" && depth === 0;
  return placed(
    rowOf(id, nameOf(layer), { icon: icons[layer.context], description: isIdle ? "" : description }),
    layer.place,
  );
}

function preemptRow(id: string, { value, fields, disabledAt }: PreemptCount): Row {
  const set = fields.filter(({ count }) => count > 0);
  const children = fields.map(({ name, count, meaning }) =>
    rowOf(`${id}/${name}`, `${name} = ${count}`, { description: meaning, icon: "symbol-field" }),
  );
  const description = set.map(({ name, count }) => `${name} ${count}`).join(", ");
  const row = rowOf(id, `preempt_count = ${value}`, { icon: "symbol-variable", description, children });
  return placed(row, disabledAt);
}

function taskRow(task: TaskState): Row {
  const { id, name, cpu, letter, word, now, waitsFor, owners, place, stackUsed, stackSize, held } = task;
  const waits = waitsFor === undefined ? undefined : waitingWords(now, waitsFor, owners);
  const state =
    now === "runs"
      ? vscode.l10n.t("runs on CPU {0}", cpu)
      : now === "ready"
        ? vscode.l10n.t("ready on CPU {0}", cpu)
        : undefined;
  const where = rowOf(`task/${id}/at`, waits ?? state ?? word, { icon: "debug-stackframe-dot" });
  const stack = rowOf(`task/${id}/stack`, vscode.l10n.t("stack: {0} of {1} bytes", stackUsed, stackSize), {
    icon: "layers",
  });
  const locks = held.map((lock, index) =>
    rowOf(`task/${id}/lock/${index}`, vscode.l10n.t("holds {0}", lock), { icon: "lock" }),
  );
  const row = rowOf(`task/${id}`, name, {
    icon: now === "runs" ? "play-circle" : now === "spins" ? "sync" : waits === undefined ? "circle-filled" : "watch",
    ...(letter === "D" ? { colour: "list.warningForeground" } : {}),
    description: [`${letter} (${word})`, waits ?? state].filter(Boolean).join(", "),
    tooltip: `${name}: ${letter} (${word})`,
    children: [placed(where, place), ...waitedRows(task), stack, ...locks],
  });
  return row;
}

/** What it waits for, which leads to the view Locks, and where that was taken. */
function waitedRows({ id, waitsOn, owners }: TaskState): Row[] {
  if (waitsOn === undefined) return [];
  const { kind, address, takenAt } = waitsOn;
  const row = rowOf(`task/${id}/waits`, kind === "lock" ? vscode.l10n.t("lock") : vscode.l10n.t("wait queue"), {
    icon: kind === "lock" ? "lock" : "list-ordered",
    description: `@ ${address}`,
  });
  if (kind === "queue") return [row];
  row.command = showLock(address);
  const taken = rowOf(`task/${id}/taken`, vscode.l10n.t("taken by {0}", owners[0] ?? ""), { icon: "arrow-right" });
  return takenAt === undefined ? [row] : [row, placed(taken, takenAt)];
}

function waitingWords(now: TaskState["now"], what: string, owners: readonly string[]): string {
  const waits = now === "spins" ? vscode.l10n.t("spins for {0}", what) : vscode.l10n.t("waits for {0}", what);
  return owners.length === 0 ? waits : vscode.l10n.t("{0}, held by {1}", waits, owners.join(", "));
}
