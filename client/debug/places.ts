// Rows that lead to a line of a driver.
import * as vscode from "vscode";
import type { Place } from "../../simulator/protocol.ts";
import { Row } from "./state-view.ts";

/** A row that a click on leads to its place, with the place behind its description; as it is when there is none. */
export function placed<R extends Row>(row: R, place: Place | undefined): R {
  if (place?.path === undefined || place.line === undefined) return row;
  const file = place.path.replace(/^.*[\\/]/, "");
  const where = `${place.fn} ${file}:${place.line}`;
  row.description = [row.description, where].filter(Boolean).join("  ");
  const at = new vscode.Position(place.line - 1, 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at), preserveFocus: true };
  row.command = {
    command: "vscode.open",
    title: vscode.l10n.t("Show in Source"),
    arguments: [vscode.Uri.file(place.path), options],
  };
  return row;
}

export interface RowLook {
  readonly icon?: string;
  /** Of the icon. */
  readonly colour?: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly children?: readonly Row[];
  readonly isOpen?: boolean;
}

export function rowOf(id: string, label: string, look: RowLook = {}): Row {
  return dressed(new Row(id, label, look.children, look.isOpen ?? false), look);
}

export function dressed<R extends Row>(row: R, { icon, colour, description, tooltip }: RowLook): R {
  if (icon !== undefined) {
    row.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  }
  if (description !== undefined) row.description = description;
  if (tooltip !== undefined) row.tooltip = tooltip;
  return row;
}

/** `215 ns`, `1.204 ms`: of virtual time. */
export function duration(nanos: number): string {
  if (nanos < 1e3) return `${Math.round(nanos)} ns`;
  if (nanos < 1e6) return `${(nanos / 1e3).toFixed(1)} µs`;
  return nanos < 1e9 ? `${(nanos / 1e6).toFixed(3)} ms` : `${(nanos / 1e9).toFixed(3)} s`;
}
