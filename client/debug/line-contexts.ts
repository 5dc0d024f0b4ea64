// Marks beside the lines of a driver: the contexts in which each one ran so far.
import * as vscode from "vscode";
import type { ChangedEvent, LineRun, LinesRun, LinesRunOf, LinesRunRequest } from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";

const changedEvent: ChangedEvent = "driverlab/changed";
const linesRunRequest: LinesRunRequest = "driverlab/linesRun";

type Context = LineRun["runs"][number]["context"];

const colours: Readonly<Record<Context | "several", string>> = {
  task: "charts.blue",
  softirq: "charts.purple",
  hardirq: "charts.red",
  several: "charts.orange",
};

export class LineContexts implements vscode.Disposable {
  private readonly marks = Object.entries(colours).map(([kind, colour]) => ({ kind, type: mark(colour) }));
  private readonly words = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 3ch", fontStyle: "italic" },
  });
  private readonly subscriptions: vscode.Disposable;
  private asking = 0;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      ...this.marks.map(({ type }) => type),
      this.words,
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, session }) => {
        if (event === changedEvent && session === vscode.debug.activeDebugSession) void this.show();
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => void this.show()),
      vscode.window.onDidChangeVisibleTextEditors(() => void this.show()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("driverlab.debug.showContexts")) void this.show();
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async show(): Promise<void> {
    const mine = ++this.asking;
    const session = vscode.debug.activeDebugSession;
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      if (document.languageId !== "typescript" || document.uri.scheme !== "file") continue;
      const isWanted = vscode.workspace.getConfiguration("driverlab.debug", document).get("showContexts", true);
      if (session?.type !== debugType || !isWanted) {
        this.draw(editor, { lines: [], counted: 0, isWhole: true });
        continue;
      }
      try {
        const args: LinesRunOf = { path: document.uri.fsPath };
        const answer: LinesRun = await session.customRequest(linesRunRequest, args);
        if (mine !== this.asking) return;
        this.draw(editor, answer);
      } catch {
        // It runs: what was shown stays until it stands still.
      }
    }
  }

  private draw(editor: vscode.TextEditor, answer: LinesRun): void {
    const { document } = editor;
    const lines = answer.lines.filter(({ line }) => line <= document.lineCount);
    for (const { kind, type } of this.marks) {
      const own = lines.filter((line) => kindOf(line) === kind);
      editor.setDecorations(
        type,
        own.map((one) => {
          const { range, firstNonWhitespaceCharacterIndex: indent } = document.lineAt(one.line - 1);
          // Only the indentation shows the words: elsewhere the hover belongs to values.
          return { range: range.with(undefined, range.start.translate(0, indent)), hoverMessage: hoverOf(one, answer) };
        }),
      );
    }
    editor.setDecorations(this.words, labels(document, lines));
  }
}

function mark(colour: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderColor: new vscode.ThemeColor(colour),
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
  });
}

function contextsOf({ runs }: LineRun): Context[] {
  return [...new Set(runs.map(({ context }) => context))].sort().reverse();
}

function kindOf(line: LineRun): Context | "several" {
  const [only, other] = contextsOf(line);
  return other === undefined ? only! : "several";
}

function hoverOf({ runs }: LineRun, { counted, isWhole }: LinesRun): vscode.MarkdownString {
  const lines = runs.map(({ context, cpu, times }) =>
    times === 1
      ? vscode.l10n.t("ran once in {0} context on CPU {1}", context, cpu)
      : vscode.l10n.t("ran {0} times in {1} context on CPU {2}", times, context, cpu),
  );
  const limit = isWhole ? [] : [vscode.l10n.t("counted over the first {0} statements of the run", counted)];
  return new vscode.MarkdownString([...lines, ...limit].join("  \n"));
}

/** At the head of each function: the contexts and CPUs of its first line that ran. */
function labels(document: vscode.TextDocument, lines: readonly LineRun[]): vscode.DecorationOptions[] {
  const first = new Map<string, LineRun>();
  for (const line of lines) if (line.fn !== "<module>" && !first.has(line.fn)) first.set(line.fn, line);
  return [...first.values()].map((line) => {
    const { range } = document.lineAt(headOf(document, line));
    const cpus = [...new Set(line.runs.map(({ cpu }) => cpu))].sort().join(", ");
    const contentText = vscode.l10n.t("{0} on CPU {1}", contextsOf(line).join(", "), cpus);
    return { range: range.with(range.end), renderOptions: { after: { contentText } } };
  });
}

/** The line with the function's name, a little above its first statement. */
function headOf(document: vscode.TextDocument, { line, fn }: LineRun): number {
  for (let at = line - 2; at >= Math.max(0, line - 8); at--) {
    if (document.lineAt(at).text.includes(`${fn}(`)) return at;
  }
  return line - 1;
}
