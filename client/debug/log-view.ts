// The view Kernel Log: lines with their level, context and time, reports as one entry each; a click goes to the moment.
import * as vscode from "vscode";
import type { KernelLog, KernelLogRequest, LogLine, Moments, MomentsRequest, Place } from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";
import { travelTo } from "./seek.ts";
import { Row, StateView } from "./state-view.ts";

const kernelLogRequest: KernelLogRequest = "driverlab/kernelLog";
const momentsRequest: MomentsRequest = "driverlab/moments";

const levelKey = "driverlab.kernelLog.level";
const ALL = 7;

/** Of include/linux/kern_levels.h, by their numbers. */
const levels = [
  "KERN_EMERG",
  "KERN_ALERT",
  "KERN_CRIT",
  "KERN_ERR",
  "KERN_WARNING",
  "KERN_NOTICE",
  "KERN_INFO",
  "KERN_DEBUG",
];

class LogRow extends Row {
  readonly text: string;
  readonly place: Place | undefined;

  constructor(id: string, label: string, lines: readonly LogLine[], children: readonly Row[] = []) {
    super(id, label, children, false);
    this.text = lines.map(({ text }) => text).join("\n");
    this.place = lines[0]?.place;
    this.contextValue = this.place?.path === undefined ? "log" : "log placed";
  }
}

export class KernelLogView implements vscode.Disposable {
  private readonly memento: vscode.Memento;
  private readonly view: StateView<KernelLog>;
  private readonly subscriptions: vscode.Disposable;
  /** Asked for once for each state of the log. */
  private readonly moments = new WeakMap<KernelLog, Promise<Moments>>();

  constructor(memento: vscode.Memento) {
    this.memento = memento;
    this.view = new StateView<KernelLog>({
      id: "driverlab.kernelLog",
      request: kernelLogRequest,
      rows: (log) => this.rows(log),
      empty: () =>
        this.level === ALL
          ? vscode.l10n.t("Nothing has been printed up to this moment.")
          : vscode.l10n.t("Nothing up to {0} has been printed; the filter leaves out the rest.", levels[this.level]!),
      follow: (rows) => rows.find(({ id }) => id === "now") ?? rows.at(-1),
    });
    this.subscriptions = vscode.Disposable.from(
      this.view,
      vscode.commands.registerCommand("driverlab.filterKernelLog", () => this.filter()),
      vscode.commands.registerCommand("driverlab.showLogSource", showSource),
      vscode.commands.registerCommand("driverlab.copyLog", (row?: unknown) =>
        row instanceof LogRow ? vscode.env.clipboard.writeText(row.text) : undefined,
      ),
    );
    this.describe();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private get level(): number {
    return this.memento.get(levelKey, ALL);
  }

  private describe(): void {
    this.view.view.description = this.level === ALL ? "" : vscode.l10n.t("up to {0}", levels[this.level]!);
  }

  private async filter(): Promise<void> {
    const items = [ALL, 6, 5, 4, 3].map((level) => ({
      label: level === ALL ? vscode.l10n.t("Everything") : vscode.l10n.t("Up to {0}", levels[level]!),
      description: level === this.level ? vscode.l10n.t("as it is") : "",
      level,
    }));
    const title = vscode.l10n.t("Which lines of the kernel log to show");
    const picked = await vscode.window.showQuickPick(items, { title });
    if (picked === undefined) return;
    await this.memento.update(levelKey, picked.level);
    this.describe();
    this.view.showAnew();
  }

  private rows(log: KernelLog): Row[] {
    const { lines, present } = log;
    const entries = new Map<number, LogLine[]>();
    for (const line of lines) {
      const own = entries.get(line.entry);
      if (own === undefined) entries.set(line.entry, [line]);
      else own.push(line);
    }
    const rows = [...entries].filter(([, [first]]) => first!.level <= this.level);
    const shown = rows.map(([entry, own]) => ({ entry, row: this.entryRow(log, entry, own, entry >= present) }));
    const [past, later] = [shown.filter(({ entry }) => entry < present), shown.filter(({ entry }) => entry >= present)];
    if (later.length === 0) return past.map(({ row }) => row);
    return [...past.map(({ row }) => row), nowRow(), ...later.map(({ row }) => row)];
  }

  private entryRow(log: KernelLog, entry: number, lines: readonly LogLine[], isLater: boolean): Row {
    const [first] = lines;
    if (lines.length === 1 || first === undefined) return lineRow(String(entry), lines[0]!, isLater);
    const { report, level, clock, time, who } = first;
    const children = lines.map((line, index) => lineRow(`${entry}/${index}`, line, isLater, false));
    // What is to come is no report yet, and begins with a line of its own.
    const spoken = lines.find(({ message }) => /\w/.test(message)) ?? first;
    const row = new LogRow(String(entry), report?.title ?? spoken.message, lines, children);
    row.description = [report?.id, time, who].filter((word) => word !== undefined).join(" · ");
    row.iconPath = isLater ? laterIcon : iconOf(level);
    row.command = travelTo(clock);
    row.tooltip = row.text;
    if (report !== undefined && !isLater) row.later = () => this.momentRows(log, `${entry}`, report.id, clock);
    return row;
  }

  /** The moments that a report speaks of. */
  private async momentRows(log: KernelLog, id: string, report: string, clock: number): Promise<Row[]> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) return [];
    const asked: Promise<Moments> = this.moments.get(log) ?? Promise.resolve(session.customRequest(momentsRequest));
    this.moments.set(log, asked);
    const found = await asked.catch(() => undefined);
    const related = found?.reports.find((one) => one.id === report && one.clock === clock)?.related ?? [];
    return related.map(({ what, clock }, index) => {
      const row = new Row(`${id}/moment/${index}`, what);
      row.description = vscode.l10n.t("after {0} statements", clock);
      row.iconPath = new vscode.ThemeIcon("debug-step-back", new vscode.ThemeColor("textLink.foreground"));
      row.tooltip = vscode.l10n.t("Go to this moment");
      row.command = travelTo(clock);
      return row;
    });
  }
}

function nowRow(): Row {
  const row = new Row("now", vscode.l10n.t("You are here; what follows is printed later"));
  row.iconPath = new vscode.ThemeIcon(
    "debug-stackframe",
    new vscode.ThemeColor("debugIcon.breakpointCurrentStackframeForeground"),
  );
  return row;
}

const laterIcon = new vscode.ThemeIcon("circle-outline", new vscode.ThemeColor("disabledForeground"));

function lineRow(id: string, line: LogLine, isLater: boolean, isWhole = true): Row {
  const row = new LogRow(id, line.message, [line]);
  if (isWhole) {
    row.description = `${line.time} · ${line.who}`;
    row.iconPath = isLater ? laterIcon : iconOf(line.level);
  }
  row.tooltip = `${line.text}\n${levels[line.level] ?? ""}, ${line.who}`;
  row.command = travelTo(line.clock);
  return row;
}

function iconOf(level: number): vscode.ThemeIcon {
  if (level <= 3) return new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  if (level === 4) return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  return new vscode.ThemeIcon({ 5: "bell", 7: "bug" }[level] ?? "info");
}

async function showSource(row: unknown): Promise<void> {
  const place = row instanceof LogRow ? row.place : undefined;
  if (place?.path === undefined || place.line === undefined) return;
  const at = new vscode.Position(place.line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(place.path), { selection: new vscode.Range(at, at) });
}
