// The view Locks: deadlocks first, then lock classes with who holds their locks and waits, and in which order they are taken.
import * as vscode from "vscode";
import type { Deadlock, Lock, LockClass, LockEdge, Locks, LocksRequest, LockUser } from "../../simulator/protocol.ts";
import { placed, rowOf } from "./places.ts";
import { type Row, StateView } from "./state-view.ts";

const locksRequest: LocksRequest = "driverlab/locks";
const red = "list.errorForeground";

const showLockCommand = "driverlab.showLock";

/** What a click does on a row that speaks of a lock, by its address. */
export function showLock(address: string): vscode.Command {
  return { command: showLockCommand, title: vscode.l10n.t("Show in Locks"), arguments: [address] };
}

export function createLocksView(): vscode.Disposable {
  const locks = new StateView<Locks>({
    id: "driverlab.locks",
    request: locksRequest,
    rows,
    note: ({ locks, classes }) =>
      locks.length === 0 && classes.length > 0
        ? vscode.l10n.t("No lock is held or waited for at this moment.")
        : undefined,
    empty: vscode.l10n.t("No lock has been used yet: continue, or break where the driver takes one."),
  });
  const show = vscode.commands.registerCommand(showLockCommand, (address: unknown) =>
    locks.find((row) => String(row.tooltip).includes(`@ ${address}`)),
  );
  return vscode.Disposable.from(locks, show);
}

function rows({ classes, deadlocks }: Locks): Row[] {
  return [...deadlocks.map(deadlockRow), ...classes.toSorted((a, b) => rank(a) - rank(b)).map(classRow)];
}

/** What is held or waited for comes first, then what is part of a cycle. */
function rank({ instances, before }: LockClass): number {
  if (instances.some(isUsed)) return 0;
  return before.some(({ cycle }) => cycle !== undefined) ? 1 : 2;
}

function isUsed({ owners, waiting }: Lock): boolean {
  return owners.length > 0 || waiting.length > 0;
}

function deadlockRow({ waits }: Deadlock, index: number): Row {
  const id = `deadlock/${index}`;
  const children = waits.map(({ task, lock, place }, step) =>
    placed(rowOf(`${id}/${step}`, vscode.l10n.t("{0} waits for {1}", task, lock), { icon: "watch" }), place),
  );
  return rowOf(id, vscode.l10n.t("Deadlock"), {
    icon: "error",
    colour: red,
    description: [...waits, waits[0]!].map(({ task }) => task).join(" → "),
    tooltip: vscode.l10n.t("Each of these tasks waits for a lock of the next one, and the last for one of the first."),
    children,
    isOpen: true,
  });
}

function classRow(lockClass: LockClass): Row {
  const { name, flavour, instances, before } = lockClass;
  const id = `class/${flavour}/${name}/${instances[0]?.address}`;
  const [only] = instances;
  const isCircular = before.some(({ cycle }) => cycle !== undefined);
  const used = instances.filter(isUsed);
  const holders = instances.length === 1 ? holderRows(`${id}/of`, only!) : instances.map((lock) => lockRow(id, lock));
  const words =
    instances.length === 1
      ? ownerWords(only!)
      : instances.length === 0
        ? vscode.l10n.t("no such lock at this moment")
        : vscode.l10n.t("{0} locks, {1} of them in use", instances.length, used.length);
  return rowOf(id, name, {
    icon: used.length > 0 ? "lock" : "unlock",
    ...(isCircular ? { colour: red } : {}),
    description: `${flavour}, ${words}`,
    tooltip: instances.map(({ address }) => `${name} @ ${address}`).join("\n"),
    children: [...holders, ...usageRows(`${id}/usage`, lockClass), ...before.map((edge) => edgeRow(id, name, edge))],
    isOpen: used.length > 0 || isCircular,
  });
}

function lockRow(id: string, lock: Lock): Row {
  const own = `${id}/${lock.address}`;
  return rowOf(own, `@ ${lock.address}`, {
    icon: isUsed(lock) ? "lock" : "unlock",
    description: ownerWords(lock),
    children: holderRows(own, lock),
    isOpen: true,
  });
}

function ownerWords({ owner, owners }: Lock): string {
  if (owner === undefined) return vscode.l10n.t("held by nobody");
  return owners.length > 1 ? vscode.l10n.t("held by {0} readers", owners.length) : vscode.l10n.t("held by {0}", owner);
}

function holderRows(id: string, { owners, waiting }: Lock): Row[] {
  const held = owners.map(({ task, isRead, place }, index) => {
    const label = isRead ? vscode.l10n.t("taken by {0} as a reader", task) : vscode.l10n.t("taken by {0}", task);
    return placed(rowOf(`${id}/owner/${index}`, label, { icon: "debug-stackframe-dot" }), place);
  });
  return [...held, ...waiting.map((one, index) => waiterRow(`${id}/waiter/${index}`, one))];
}

function waiterRow(id: string, { task, isRead, place }: LockUser): Row {
  const label = isRead ? vscode.l10n.t("{0} waits as a reader", task) : vscode.l10n.t("{0} waits", task);
  return placed(rowOf(id, label, { icon: "watch" }), place);
}

/** lockdep's four marks in words: Documentation/locking/lockdep-design.rst, “State”. */
function usageRows(id: string, { usage, uses }: LockClass): Row[] {
  if (usage === "....") return [];
  const kinds = ["hardirq, writers", "hardirq, readers", "softirq, writers", "softirq, readers"];
  const tooltip = [...usage].map((mark, index) => `${mark}  ${kinds[index]}: ${markWords(mark)}`).join("\n");
  const children = uses.map(({ name, place }, index) =>
    placed(rowOf(`${id}/${index}`, name, { icon: "debug-stackframe-dot" }), place),
  );
  return [rowOf(id, `{${usage}}`, { icon: "zap", description: interruptWords(usage), tooltip, children })];
}

/** A mark that says “taken in the interrupt” is “-” or “?”; the first two speak of hardirqs. */
function interruptWords(usage: string): string {
  const isIn = (marks: string) => /[-?]/.test(marks);
  const [hard, soft] = [isIn(usage.slice(0, 2)), isIn(usage.slice(2))];
  if (hard && soft) return vscode.l10n.t("taken in hardirqs and softirqs");
  if (hard) return vscode.l10n.t("taken in hardirqs");
  return soft ? vscode.l10n.t("taken in softirqs") : vscode.l10n.t("never taken in interrupts");
}

function markWords(mark: string): string {
  if (mark === "-") return vscode.l10n.t("taken in the interrupt");
  if (mark === "+") return vscode.l10n.t("taken with the interrupt on");
  return mark === "?"
    ? vscode.l10n.t("taken in the interrupt, and elsewhere with it on")
    : vscode.l10n.t("never taken in the interrupt, nor with it on");
}

function edgeRow(id: string, name: string, { to, place, heldAt, cycle }: LockEdge): Row {
  const own = `${id}/then/${to}`;
  const held = placed(
    rowOf(`${own}/held`, vscode.l10n.t("{0} was taken before", name), { icon: "debug-stackframe-dot" }),
    heldAt,
  );
  const circle =
    cycle === undefined
      ? []
      : [
          rowOf(`${own}/circle`, cycle.join(" → "), {
            icon: "sync",
            colour: red,
            description: vscode.l10n.t("a cycle"),
          }),
        ];
  const row = rowOf(own, vscode.l10n.t("then {0}", to), {
    icon: cycle === undefined ? "arrow-right" : "error",
    ...(cycle === undefined ? {} : { colour: red, description: vscode.l10n.t("closes a cycle") }),
    tooltip: vscode.l10n.t("{0} was taken while {1} was held.", to, name),
    children: [...circle, held],
    isOpen: cycle !== undefined,
  });
  return placed(row, place);
}
