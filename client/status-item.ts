// The language status of a C file: how many findings, how long the check took, or why there was none.
import * as vscode from "vscode";
import type { Status } from "../server/protocol.ts";
import { selector } from "./selector.ts";

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem("driverlab.status", selector);
  private readonly known = new Map<string, Status>();
  private readonly editors = vscode.window.onDidChangeActiveTextEditor(() => this.show());

  constructor() {
    this.item.name = "Driverlab";
    this.item.command = { command: "driverlab.showOutput", title: vscode.l10n.t("Show Output") };
    this.show();
  }

  set(status: Status): void {
    this.known.set(vscode.Uri.parse(status.uri).toString(), status);
    this.show();
  }

  forget(uri: vscode.Uri): void {
    this.known.delete(uri.toString());
  }

  dispose(): void {
    this.editors.dispose();
    this.item.dispose();
  }

  private show(): void {
    const editor = vscode.window.activeTextEditor;
    const status = editor && this.known.get(editor.document.uri.toString());
    const { item } = this;
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.detail = status?.reason ?? "";
    switch (status?.state) {
      case undefined:
        item.text = vscode.l10n.t("Driverlab: not checked yet");
        break;
      case "checked":
        item.text =
          status.findings === 1
            ? vscode.l10n.t("Driverlab: 1 finding")
            : vscode.l10n.t("Driverlab: {0} findings", status.findings);
        item.detail = vscode.l10n.t("Linux {0}, checked in {1} ms", status.kernel ?? "", status.milliseconds);
        break;
      case "skipped":
        item.text = vscode.l10n.t("Driverlab: not kernel code");
        break;
      case "off":
        item.text = vscode.l10n.t("Driverlab: switched off");
        break;
      case "failed":
        item.text = vscode.l10n.t("Driverlab: the check failed");
        item.severity = vscode.LanguageStatusSeverity.Error;
        break;
    }
  }
}
