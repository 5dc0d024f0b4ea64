// Modules with their drivers and these with their devices, each with where it is in its life, for the view Contexts.
import * as vscode from "vscode";
import type { Contexts, DeviceLife, DriverLife } from "../../simulator/contexts/protocol.ts";
import { rowOf } from "./places.ts";
import type { Row } from "./state-view.ts";

type Lives = Pick<Contexts, "modules" | "drivers" | "devices">;

export function lifeRows(lives: Lives): Row[] {
  const { modules, drivers, devices } = lives;
  const known = new Set(modules.map(({ name }) => name));
  const of = (parent: string, module: string | undefined): Row[] =>
    drivers
      .filter((one) => (known.has(one.module ?? "") ? one.module : undefined) === module)
      .map((driver) => driverRow(parent, driver, devices));
  return [
    ...modules.map(({ name, state }) => {
      const id = `life/module/${name}`;
      return rowOf(id, name, {
        icon: "package",
        ...(state === "unloaded" ? { colour: "disabledForeground" } : {}),
        description: vscode.l10n.t("module, {0}", words(state)),
        children: of(id, name),
        isOpen: true,
      });
    }),
    ...of("life", undefined),
    ...devices.filter(({ driver }) => driver === undefined).map((one) => deviceRow("life", one)),
  ];
}

function driverRow(parent: string, { name, bus, state }: DriverLife, devices: readonly DeviceLife[]): Row {
  const id = `${parent}/driver/${bus}/${name}`;
  return rowOf(id, name, {
    icon: "plug",
    description: vscode.l10n.t("{0} driver, {1}", bus, words(state)),
    children: devices.filter((one) => one.driver === name && one.bus === bus).map((one) => deviceRow(id, one)),
    isOpen: true,
  });
}

function deviceRow(parent: string, { name, bus, state, deferred, runtime, managed }: DeviceLife): Row {
  const id = `${parent}/device/${bus}/${name}`;
  const parts = [vscode.l10n.t("{0} device, {1}", bus, words(state))];
  if (deferred !== undefined) parts.push(vscode.l10n.t("probe deferred {0}", deferred).trimEnd());
  if (runtime !== undefined) parts.push(vscode.l10n.t("runtime PM {0}, users: {1}", runtime.status, runtime.users));
  const resources = managed.map((what, index) => rowOf(`${id}/managed/${index}`, what, { icon: "symbol-misc" }));
  const held = rowOf(`${id}/managed`, vscode.l10n.t("managed resources: {0}", managed.length), {
    icon: "archive",
    tooltip: vscode.l10n.t("They are released with the driver, the last one first."),
    children: resources,
  });
  return rowOf(id, name, {
    icon: "circuit-board",
    ...(state === "suspended" ? { colour: "list.warningForeground" } : {}),
    description: parts.join(", "),
    children: managed.length === 0 ? [] : [held],
  });
}

/** The states are the kernel's words, and people's. */
function words(state: string): string {
  const known: Readonly<Record<string, string>> = {
    bound: vscode.l10n.t("bound"),
    loaded: vscode.l10n.t("loaded"),
    loading: vscode.l10n.t("loading"),
    probing: vscode.l10n.t("probing"),
    removed: vscode.l10n.t("removed"),
    removing: vscode.l10n.t("removing"),
    suspended: vscode.l10n.t("suspended"),
    unbound: vscode.l10n.t("unbound"),
    unloaded: vscode.l10n.t("unloaded"),
    unloading: vscode.l10n.t("unloading"),
  };
  return known[state] ?? state;
}
