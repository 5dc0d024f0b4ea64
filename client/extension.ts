// The extension's entry: starts the language server with the first C file, and offers its commands.
import * as vscode from "vscode";
import { LanguageServer } from "./language-server.ts";
import { showRule } from "./rule-pages.ts";
import { StatusItem } from "./status-item.ts";

export function activate(context: vscode.ExtensionContext): void {
  const status = new StatusItem();
  const server = new LanguageServer(context, (message) => status.set(message));
  context.subscriptions.push(
    status,
    server,
    vscode.commands.registerCommand("driverlab.restart", () => server.restart()),
    vscode.commands.registerCommand("driverlab.showOutput", () => server.showOutput()),
    vscode.commands.registerCommand("driverlab.showRule", (rule?: unknown) => showRule(context.extensionUri, rule)),
    vscode.workspace.onDidOpenTextDocument((document) => server.startFor(document)),
    vscode.workspace.onDidCloseTextDocument((document) => status.forget(document.uri)),
  );
  for (const document of vscode.workspace.textDocuments) server.startFor(document);
}
