// The extension's entry: the language server starts with the first C file, the debugger with the first driver run.
import * as vscode from "vscode";
import { AdapterProcesses } from "./debug/adapter-process.ts";
import { DriverConfigurations, debugDriver, debugType } from "./debug/configuration.ts";
import { addDeclarations } from "./debug/declarations.ts";
import { DriverFileContext } from "./debug/driver-file.ts";
import { newFromExample } from "./debug/examples.ts";
import { InlineValues } from "./debug/inline-values.ts";
import { LineContexts } from "./debug/line-contexts.ts";
import { SilentAdapters } from "./debug/silent-adapter.ts";
import { TimelineView } from "./debug/timeline.ts";
import { createTravelCommands } from "./debug/travel.ts";
import { createViews } from "./debug/views.ts";
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
  activateDebugger(context);
  for (const document of vscode.workspace.textDocuments) server.startFor(document);
}

function activateDebugger(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    new DriverFileContext(),
    createViews(context.workspaceState),
    createTravelCommands(),
    new InlineValues(),
    new LineContexts(),
    new TimelineView(context.extensionUri),
    vscode.debug.registerDebugConfigurationProvider(debugType, new DriverConfigurations()),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, new AdapterProcesses(context)),
    vscode.debug.registerDebugAdapterTrackerFactory(debugType, new SilentAdapters()),
    vscode.commands.registerCommand("driverlab.debug", (uri?: unknown) => debugDriver(uri)),
    vscode.commands.registerCommand("driverlab.run", (uri?: unknown) => debugDriver(uri, true)),
    vscode.commands.registerCommand("driverlab.addDeclarations", () => addDeclarations(context.extensionUri)),
    vscode.commands.registerCommand("driverlab.newFromExample", () => newFromExample(context.extensionUri)),
  );
}
