// The timeline: what ran on which CPU and what tasks did, to be looked at and travelled in.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { ChangedEvent, Seek, SeekRequest } from "../../simulator/protocol.ts";
import type { Timeline, TimelineArguments, TimelineRequest } from "../../simulator/timeline/protocol.ts";
import { debugType } from "./configuration.ts";
import type { FromPage, ToPage, WordName, Words } from "./timeline/messages.ts";

const viewId = "driverlab.timeline";
/** So long after a stop the editor has taken the focus. */
const EDITOR_MILLIS = 150;
const changedEvent: ChangedEvent = "driverlab/changed";
const timelineRequest: TimelineRequest = "driverlab/timeline";
const seekRequest: SeekRequest = "driverlab/seek";

export class TimelineView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly dist: vscode.Uri;
  private readonly subscriptions: vscode.Disposable[];
  private view: vscode.WebviewView | undefined;
  private part: TimelineArguments = {};
  private reading = 0;
  /** A journey that was begun here is over. */
  private arrived: (() => void) | undefined;
  /** Waits for the stop after which the keys come back here. */
  private returning: vscode.Disposable | undefined;

  constructor(extension: vscode.Uri) {
    this.dist = vscode.Uri.joinPath(extension, "dist");
    this.subscriptions = [
      vscode.window.registerWebviewViewProvider(viewId, this),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, session }) => {
        if (event === changedEvent && session === vscode.debug.activeDebugSession) void this.read();
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => void this.read()),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [this.dist] };
    webview.onDidReceiveMessage((message: FromPage) => {
      if (message.kind === "seek") void this.seek(message);
      else {
        this.part = message.part;
        void this.read();
      }
    });
    view.onDidChangeVisibility(() => void this.read());
    view.onDidDispose(() => {
      this.view = undefined;
    });
    webview.html = this.page(webview);
  }

  dispose(): void {
    this.arrived?.();
    this.returning?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async read(): Promise<void> {
    this.arrived?.();
    this.arrived = undefined;
    if (this.view?.visible !== true) return;
    const mine = ++this.reading;
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) {
      this.post({ kind: "empty", why: vscode.l10n.t("No driver is being debugged.") });
      return;
    }
    try {
      const timeline: Timeline = await session.customRequest(timelineRequest, this.part);
      if (mine === this.reading) this.post({ kind: "timeline", timeline });
    } catch (error) {
      if (mine === this.reading && !wasCancelled(error)) this.post({ kind: "empty", why: wordsOf(error) });
    }
  }

  private async seek({ clock, isByKey }: Extract<FromPage, { kind: "seek" }>): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) return;
    if (isByKey) this.comeBack();
    const args: Seek = { clock };
    const arrival = new Promise<void>((done) => {
      this.arrived = done;
    });
    void vscode.window.withProgress({ location: { viewId } }, () => arrival);
    try {
      await session.customRequest(seekRequest, args);
    } catch (error) {
      this.returning?.dispose();
      void vscode.window.showInformationMessage(wordsOf(error));
      await this.read();
    }
  }

  /** A debugger that stops gives the focus to the editor: who travels by keys goes on with them here. */
  private comeBack(): void {
    this.returning?.dispose();
    this.returning = vscode.debug.onDidChangeActiveStackItem((item) => {
      if (!(item instanceof vscode.DebugStackFrame)) return;
      this.returning?.dispose();
      setTimeout(async () => {
        await vscode.commands.executeCommand(`${viewId}.focus`);
        this.post({ kind: "focus" });
      }, EDITOR_MILLIS);
    });
  }

  private post(message: ToPage): void {
    void this.view?.webview.postMessage(message);
  }

  private page(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString("base64");
    const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.dist, name));
    const words = wordsOfPage();
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
    const legend = (
      ["run", "softirq", "hardirq", "ready", "sleep", "syscall", "hold", "wait", "mmio", "log", "report"] as const
    )
      .map((kind) => `<li>${symbolOf(kind)}${escaped(words[kind])}</li>`)
      .join("");
    const button = (id: string, text: string, label = text) =>
      `<button id="${id}" title="${escaped(label)}" aria-label="${escaped(label)}">${escaped(text)}</button>`;
    return `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${at("timeline.css")}">
<title>${escaped(words.timeline)}</title>
</head>
<body class="empty" data-words="${escaped(JSON.stringify(words))}">
<div id="bar">
<div class="group">${button("statements", words.statements)}${button("nanos", words.time)}</div>
<div class="group">${button("out", "−", words.zoomOut)}${button("in", "+", words.zoomIn)}${button("whole", words.whole)}</div>
<ul id="legend">${legend}</ul>
<span id="note"></span>
</div>
<div id="message"></div>
<div id="scroller" tabindex="0" role="application" aria-label="${escaped(`${words.timeline}. ${words.keys}`)}">
<div id="names"></div>
<svg id="chart" role="presentation"></svg>
</div>
<div id="tip" hidden></div>
<div id="told" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${at("timeline.js")}"></script>
</body>
</html>`;
  }
}

/** The run has moved on meanwhile: another answer is on its way. */
function wasCancelled(error: unknown): boolean {
  return wordsOf(error) === "cancelled";
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function symbolOf(kind: WordName): string {
  const shape = {
    mmio: '<path class="mark mmio" d="M5 1v8"/>',
    log: '<path class="mark log" d="M2.5 2.5h5v5h-5z"/>',
    report: '<path class="mark report" d="M5 0l5 9h-10z"/>',
  }[kind as string];
  return `<svg width="10" height="10" aria-hidden="true">${shape ?? `<rect class="span ${kind}" width="10" height="10"/>`}</svg>`;
}

function wordsOfPage(): Words {
  return {
    timeline: vscode.l10n.t("Timeline"),
    keys: vscode.l10n.t(
      "Arrow keys go from event to event, Enter travels there, Home and End go to the first and the last one, plus and minus zoom, 0 shows the whole run.",
    ),
    statements: vscode.l10n.t("Statements"),
    time: vscode.l10n.t("Virtual Time"),
    zoomIn: vscode.l10n.t("Zoom In"),
    zoomOut: vscode.l10n.t("Zoom Out"),
    whole: vscode.l10n.t("Whole Run"),
    run: vscode.l10n.t("runs"),
    softirq: vscode.l10n.t("softirq"),
    hardirq: vscode.l10n.t("hardirq"),
    ready: vscode.l10n.t("waits for a CPU"),
    sleep: vscode.l10n.t("sleeps"),
    wait: vscode.l10n.t("waits for lock"),
    hold: vscode.l10n.t("holds lock"),
    syscall: vscode.l10n.t("system call"),
    mmio: vscode.l10n.t("register access"),
    log: vscode.l10n.t("log line"),
    report: vscode.l10n.t("report"),
    several: vscode.l10n.t("{0}: {1} short ones, the first is {2}"),
    at: vscode.l10n.t("at {0}, after {1} statements"),
    lasted: vscode.l10n.t("for {0}, {1} statements"),
    lasts: vscode.l10n.t("not over yet"),
    merged: vscode.l10n.t("What is too short to be told apart is merged: zoom in."),
    leftOut: vscode.l10n.t("{0} tasks with the fewest events are left out."),
    nothing: vscode.l10n.t("Nothing has run yet: continue or step, and what runs is shown here."),
  };
}
