// The views of the stopped machine in the debug side bar: locks, device registers, kernel log.
import * as vscode from "vscode";
import type {
  Lock,
  Locks,
  LocksRequest,
  Place,
} from "../../simulator/protocol.ts";
import { KernelLogView } from "./log-view.ts";
import { RegistersView } from "./registers-view.ts";
import { registerGoToMoment } from "./seek.ts";
import { Row, StateView } from "./state-view.ts";

const locksRequest: LocksRequest = "driverlab/locks";

/** `memento` keeps what people chose for the folder at hand. */
export function createViews(memento: vscode.Memento): vscode.Disposable {
  return vscode.Disposable.from(
    registerGoToMoment(),
    new StateView<Locks>({
      id: "driverlab.locks",
      request: locksRequest,
      rows: ({ locks }) => locks.map(lockRow),
      empty: vscode.l10n.t("No lock is held or waited for at this moment."),
    }),
    new RegistersView(memento),
    new KernelLogView(memento),
  );
}

function lockRow(lock: Lock): Row {
  const id = lock.address;
  const taken = lock.takenAt.filter((place) => place.path !== undefined);
  const waiters = lock.waiters.map((waiter, index) => {
    const row = new Row(`${id}/waiter/${index}`, vscode.l10n.t("{0} waits", waiter));
    row.iconPath = new vscode.ThemeIcon("watch");
    return row;
  });
  const row = new Row(id, lock.name, [...taken.map((place, index) => placeRow(`${id}/${index}`, place)), ...waiters]);
  row.description =
    lock.owner === undefined
      ? vscode.l10n.t("{0}, held by nobody", lock.flavour)
      : vscode.l10n.t("{0}, held by {1}", lock.flavour, lock.owner);
  row.iconPath = new vscode.ThemeIcon(lock.owner === undefined ? "unlock" : "lock");
  row.tooltip = `${lock.name} @ ${lock.address}`;
  return row;
}

function placeRow(id: string, place: Place): Row {
  const file = place.path?.replace(/^.*[\\/]/, "");
  const row = new Row(id, vscode.l10n.t("taken in {0}", place.fn));
  row.description = `${file}:${place.line}`;
  row.iconPath = new vscode.ThemeIcon("debug-stackframe-dot");
  goTo(row, place);
  return row;
}

function goTo(row: Row, place: Place): void {
  if (place.path === undefined || place.line === undefined) return;
  const at = new vscode.Position(place.line - 1, 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at), preserveFocus: true };
  row.command = {
    command: "vscode.open",
    title: vscode.l10n.t("Show in Source"),
    arguments: [vscode.Uri.file(place.path), options],
  };
}
