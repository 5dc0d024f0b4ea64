// Which files are TypeScript drivers: a context key for keys and buttons follows the active editor.
import * as vscode from "vscode";

const contextKey = "driverlab.isDriver";

/** Imports stand at the top; a driver is known by the first that names a kernel header. */
const kernelImport = /^\s*import\b[^;]*?\bfrom\s*["'](linux|asm)\/[\w/-]+["']/m;
const headCharacters = 10_000;

export function isDriver(document: vscode.TextDocument): boolean {
  if (document.languageId !== "typescript" || document.uri.scheme !== "file") return false;
  if (document.fileName.endsWith(".d.ts")) return false;
  const head = document.getText(new vscode.Range(new vscode.Position(0, 0), document.positionAt(headCharacters)));
  return kernelImport.test(head);
}

export class DriverFileContext implements vscode.Disposable {
  private shown: boolean | undefined;
  private readonly listeners = [
    vscode.window.onDidChangeActiveTextEditor(() => this.update()),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) this.update();
    }),
  ];

  constructor() {
    this.update();
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  private update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const now = document !== undefined && isDriver(document);
    if (now === this.shown) return;
    this.shown = now;
    void vscode.commands.executeCommand("setContext", contextKey, now);
  }
}
