// The language server's process: started when it is first needed, restarted on request.
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import type { InitializationOptions, Status, StatusMethod } from "../server/protocol.ts";
import { selector } from "./selector.ts";

const statusMethod: StatusMethod = "driverlab/status";

/** A rule's page opens inside the editor: the code of a diagnostic is a link to this command. */
const rulePage = "command:driverlab.showRule?%5B%22{id}%22%5D";

export class LanguageServer implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly output: vscode.LogOutputChannel;
  private started = false;

  constructor(context: vscode.ExtensionContext, onStatus: (status: Status) => void) {
    const module = context.asAbsolutePath("dist/driverlab-lsp.js");
    const initializationOptions: InitializationOptions = { rulePage, status: true };
    this.output = vscode.window.createOutputChannel("Driverlab", { log: true });
    this.client = new LanguageClient(
      "driverlab",
      "Driverlab",
      { module, transport: TransportKind.ipc },
      { documentSelector: selector, initializationOptions, outputChannel: this.output },
    );
    this.client.onNotification(statusMethod, onStatus);
  }

  startFor(document: vscode.TextDocument): void {
    if (this.started || vscode.languages.match(selector, document) === 0) return;
    this.started = true;
    this.client.start().catch((error: unknown) => this.output.error(String(error)));
  }

  async restart(): Promise<void> {
    this.started = true;
    await (this.client.isRunning() ? this.client.restart() : this.client.start());
  }

  showOutput(): void {
    this.output.show();
  }

  dispose(): void {
    void this.client.dispose();
    this.output.dispose();
  }
}
