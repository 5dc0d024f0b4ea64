// A view of the stopped machine: reads its part again whenever the machine stands still at another moment.
import * as vscode from "vscode";
import type { ChangedEvent } from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";

const changedEvent: ChangedEvent = "driverlab/changed";

/** A row of a view, with the rows below it. */
export class Row extends vscode.TreeItem {
  readonly children: readonly Row[];
  /** Rows below it, before the others, that are asked for only when it is opened. */
  later?: () => Promise<Row[]>;

  constructor(id: string, label: string | vscode.TreeItemLabel, children: readonly Row[] = [], open = true) {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    super(label, children.length === 0 ? None : open ? Expanded : Collapsed);
    this.id = id;
    this.children = children;
  }
}

export interface StateViewOptions<Answer> {
  readonly id: string;
  /** The custom request that answers with the view's content. */
  readonly request: string;
  readonly rows: (answer: Answer) => Row[];
  /** A line above the rows. */
  readonly note?: (answer: Answer) => string | undefined;
  /** Why there are no rows although the machine stands still. */
  readonly empty: string | (() => string);
  /** The row of most interest, which is brought into sight. */
  readonly follow?: (rows: readonly Row[]) => Row | undefined;
}

export class StateView<Answer> implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly options: StateViewOptions<Answer>;
  readonly view: vscode.TreeView<Row>;
  private readonly subscriptions: vscode.Disposable[];
  private rows: readonly Row[] = [];
  private answer: Answer | undefined;
  private reading = 0;

  constructor(options: StateViewOptions<Answer>) {
    this.options = options;
    this.view = vscode.window.createTreeView(options.id, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.view,
      this.changed,
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, session }) => {
        if (event === changedEvent && session === vscode.debug.activeDebugSession) void this.read();
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => void this.read()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.bringIntoSight();
      }),
    ];
    void this.read();
  }

  getTreeItem(row: Row): Row {
    return row;
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row?.later === undefined) return [...(row ? row.children : this.rows)];
    const first = await row.later();
    return [...first, ...row.children];
  }

  getParent(row: Row): Row | undefined {
    return this.rows.includes(row) ? undefined : this.rows.find((parent) => parent.children.includes(row));
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Brings the first row into sight of which something is true, and gives it the focus. */
  async find(isMeant: (row: Row) => boolean): Promise<void> {
    const row = this.rows.find(isMeant);
    if (row === undefined) await vscode.commands.executeCommand(`${this.options.id}.focus`);
    else await this.view.reveal(row, { select: true, focus: true, expand: true });
  }

  /** The same content, shown in another way. */
  showAnew(): void {
    if (this.answer !== undefined) this.display(this.answer);
  }

  private display(answer: Answer): void {
    this.answer = answer;
    const rows = this.options.rows(answer);
    const { empty } = this.options;
    const none = typeof empty === "string" ? empty : empty();
    this.show(rows, rows.length === 0 ? none : this.options.note?.(answer));
  }

  private async read(): Promise<void> {
    const mine = ++this.reading;
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== debugType) {
      this.say(vscode.l10n.t("No driver is being debugged."));
      return;
    }
    try {
      const answer: Answer = await session.customRequest(this.options.request);
      if (mine === this.reading) this.display(answer);
    } catch (error) {
      if (mine === this.reading) this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** There is nothing to be seen, and why. */
  private say(message: string): void {
    this.answer = undefined;
    this.show([], message);
  }

  private show(rows: readonly Row[], message: string | undefined): void {
    this.rows = rows;
    this.view.message = message ?? "";
    this.changed.fire(undefined);
    this.bringIntoSight();
  }

  private bringIntoSight(): void {
    const row = this.options.follow?.(this.rows);
    if (!this.view.visible || row === undefined) return;
    // A view that is being built anew does not know its rows yet; it is then read again when it shows.
    this.view.reveal(row, { select: false, focus: false }).then(undefined, () => {});
  }
}
