// The views of the stopped machine in the debug side bar: locks, device registers, kernel log.
import * as vscode from "vscode";
import type {
  DeviceRegisters,
  FieldValue,
  KernelLog,
  KernelLogRequest,
  Lock,
  Locks,
  LocksRequest,
  LogLine,
  Place,
  Registers,
  RegistersRequest,
  RegisterValue,
} from "../../simulator/protocol.ts";
import { Row, StateView } from "./state-view.ts";

const locksRequest: LocksRequest = "driverlab/locks";
const registersRequest: RegistersRequest = "driverlab/registers";
const kernelLogRequest: KernelLogRequest = "driverlab/kernelLog";

export function createViews(): vscode.Disposable {
  return vscode.Disposable.from(
    new StateView<Locks>({
      id: "driverlab.locks",
      request: locksRequest,
      rows: ({ locks }) => locks.map(lockRow),
      empty: vscode.l10n.t("No lock is held or waited for at this moment."),
    }),
    new StateView<Registers>({
      id: "driverlab.registers",
      request: registersRequest,
      rows: ({ devices }) => devices.map(deviceRow),
      empty: vscode.l10n.t("The machine has no device with registers."),
    }),
    new StateView<KernelLog>({
      id: "driverlab.kernelLog",
      request: kernelLogRequest,
      rows: ({ lines }) => lines.map(logRow),
      empty: vscode.l10n.t("Nothing has been printed up to this moment."),
      followEnd: true,
    }),
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

function deviceRow(device: DeviceRegisters): Row {
  const row = new Row(
    device.name,
    device.name,
    device.registers.map((register) => registerRow(device.name, register)),
  );
  row.iconPath = new vscode.ThemeIcon("circuit-board");
  return row;
}

function registerRow(device: string, register: RegisterValue): Row {
  const id = `${device}/${register.name}`;
  const fields = register.fields.map((field) => fieldRow(id, field));
  const row = new Row(id, valueLabel(`${register.name} = `, register.value, register.changed), fields, false);
  row.description = [register.offset, register.access].join("  ");
  row.iconPath = valueIcon("symbol-variable", register.changed);
  row.tooltip = register.description ?? register.name;
  return row;
}

function fieldRow(parent: string, field: FieldValue): Row {
  const row = new Row(`${parent}/${field.name}`, valueLabel(`${field.name} = `, field.value, field.changed));
  row.description = [field.meaning, `[${field.bits}]`].filter((part) => part !== undefined).join("  ");
  row.iconPath = valueIcon("symbol-field", field.changed);
  return row;
}

function valueLabel(name: string, value: string, changed: boolean): vscode.TreeItemLabel {
  const label = name + value;
  return changed ? { label, highlights: [[name.length, label.length]] } : { label };
}

function valueIcon(icon: string, changed: boolean): vscode.ThemeIcon {
  return changed ? new vscode.ThemeIcon(icon, new vscode.ThemeColor("charts.orange")) : new vscode.ThemeIcon(icon);
}

function logRow(line: LogLine, index: number): Row {
  const row = new Row(String(index), line.text);
  row.tooltip = line.text;
  if (line.level <= 3) row.iconPath = new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  else if (line.level === 4) {
    row.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  }
  if (line.place) goTo(row, line.place);
  return row;
}
