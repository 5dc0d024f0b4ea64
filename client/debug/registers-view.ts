// The view Device Registers: values and fields, edited as a driver would write them, and who accessed them.
import * as vscode from "vscode";
import type {
  Accesses,
  AccessesRequest,
  BreakOn,
  BreakOnAccess,
  BreakOnRequest,
  DeviceRegisters,
  FieldValue,
  RegisterAccess,
  RegisterName,
  Registers,
  RegistersRequest,
  RegisterValue,
  WriteRegister,
  WriteRegisterRequest,
} from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";
import { askForValue } from "./edit-register.ts";
import { accessWords, formatted, type NumberFormat, numberOf, readSentence, writeSentence } from "./register-words.ts";
import { travelTo } from "./seek.ts";
import { Row, StateView } from "./state-view.ts";

const registersRequest: RegistersRequest = "driverlab/registers";
const writeRequest: WriteRegisterRequest = "driverlab/writeRegister";
const breakOnRequest: BreakOnRequest = "driverlab/breakOn";
const accessesRequest: AccessesRequest = "driverlab/accesses";

const formatsKey = "driverlab.registers.formats";
const pinnedKey = "driverlab.registers.pinned";

/** A row of a register or of a field of one. */
export class RegisterRow extends Row {
  readonly target: RegisterName;
  readonly content: RegisterValue | FieldValue;

  constructor(
    id: string,
    label: vscode.TreeItemLabel,
    children: readonly Row[],
    target: RegisterName,
    content: RegisterValue | FieldValue,
  ) {
    super(id, label, children, false);
    this.target = target;
    this.content = content;
  }

  /** As people write it, and as data breakpoints know it: `edu.IRQ_STATUS.FACT`. */
  get dottedName(): string {
    return nameOf(this.target);
  }
}

export class RegistersView implements vscode.Disposable {
  private readonly memento: vscode.Memento;
  private readonly view: StateView<Registers>;
  private readonly subscriptions: vscode.Disposable;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
    this.view = new StateView<Registers>({
      id: "driverlab.registers",
      request: registersRequest,
      rows: (answer) => this.rows(answer),
      empty: vscode.l10n.t("The machine has no device with registers."),
    });
    const command = (name: string, run: (row: RegisterRow) => Thenable<unknown>) =>
      vscode.commands.registerCommand(`driverlab.${name}`, (row?: unknown) => this.perform(run, row));
    this.subscriptions = vscode.Disposable.from(
      this.view,
      command("writeRegister", (row) => this.write(row)),
      command("formatRegister", (row) => this.format(row)),
      command("breakOnRegister", (row) => this.breakOn(row)),
      command("pinRegister", (row) => this.pin(row, true)),
      command("unpinRegister", (row) => this.pin(row, false)),
      command("copyRegister", (row) => vscode.env.clipboard.writeText(this.valueOf(row))),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** The row of a menu, or by the keyboard the selected one. */
  private async perform(run: (row: RegisterRow) => Thenable<unknown>, asked: unknown): Promise<void> {
    const row =
      asked instanceof RegisterRow ? asked : this.view.view.selection.find((one) => one instanceof RegisterRow);
    try {
      if (row === undefined) throw new Error(vscode.l10n.t("Select a register or a field in Device Registers first."));
      await run(row);
    } catch (error) {
      void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error));
    }
  }

  private async write(row: RegisterRow): Promise<void> {
    const { content, target } = row;
    if (content.access === "read-only") {
      throw new Error(vscode.l10n.t("{0} is read only: a write has no effect.", row.dottedName));
    }
    const value = await askForValue(row.dottedName, content, this.valueOf(row));
    if (value === undefined) return;
    const args: WriteRegister = { ...target, value };
    await session().customRequest(writeRequest, args);
  }

  private async format(row: RegisterRow): Promise<void> {
    const formats: readonly { label: string; format?: NumberFormat }[] = [
      { label: vscode.l10n.t("Hexadecimal"), format: "hex" },
      { label: vscode.l10n.t("Binary"), format: "binary" },
      { label: vscode.l10n.t("Decimal"), format: "decimal" },
      { label: vscode.l10n.t("As it comes") },
    ];
    const items = formats.map((one) => ({
      ...one,
      description: formatted(row.content.value, row.content, one.format),
    }));
    const picked = await vscode.window.showQuickPick(items, { title: row.dottedName });
    if (picked === undefined) return;
    const { [row.dottedName]: _, ...others } = this.formats;
    await this.memento.update(
      formatsKey,
      picked.format === undefined ? others : { ...others, [row.dottedName]: picked.format },
    );
    this.view.showAnew();
  }

  private async breakOn(row: RegisterRow): Promise<void> {
    const choices: readonly { label: string; access?: BreakOnAccess }[] = [
      { label: vscode.l10n.t("Break when it changes"), access: "write" },
      { label: vscode.l10n.t("Break when it is read"), access: "read" },
      { label: vscode.l10n.t("Break when it is read or written"), access: "readWrite" },
      { label: vscode.l10n.t("Do not break on it") },
    ];
    const placeHolder = vscode.l10n.t("Whoever does it: the driver, or the device by itself");
    const picked = await vscode.window.showQuickPick(choices, { title: row.dottedName, placeHolder });
    if (picked === undefined) return;
    const args: BreakOn = { ...row.target, ...(picked.access === undefined ? {} : { access: picked.access }) };
    await session().customRequest(breakOnRequest, args);
  }

  private async pin(row: RegisterRow, isPinned: boolean): Promise<void> {
    const others = this.pinned.filter((name) => name !== row.dottedName);
    await this.memento.update(pinnedKey, isPinned ? [...others, row.dottedName] : others);
    this.view.showAnew();
  }

  private get formats(): Readonly<Record<string, NumberFormat>> {
    return this.memento.get(formatsKey, {});
  }

  private get pinned(): readonly string[] {
    return this.memento.get(pinnedKey, []);
  }

  private rows({ devices }: Registers): Row[] {
    const all = devices.flatMap(({ name: device, registers }) =>
      registers.flatMap((register) => [
        { target: { device, register: register.name }, register, field: undefined },
        ...register.fields.map((field) => ({
          target: { device, register: register.name, field: field.name },
          register,
          field,
        })),
      ]),
    );
    const pinned = this.pinned.flatMap((name) => {
      const found = all.find(({ target }) => nameOf(target) === name);
      if (found === undefined) return [];
      const { target, register, field } = found;
      return [field ? this.fieldRow("pinned", target, field) : this.registerRow("pinned", target, register)];
    });
    return [...pinned, ...devices.map((device) => this.deviceRow(device))];
  }

  private deviceRow({ name: device, registers }: DeviceRegisters): Row {
    const rows = registers.map((register) => this.registerRow("", { device, register: register.name }, register));
    const row = new Row(device, device, rows);
    row.iconPath = new vscode.ThemeIcon("circuit-board");
    return row;
  }

  private registerRow(place: string, target: RegisterName, register: RegisterValue): Row {
    const fields = register.fields.map((field) => this.fieldRow(place, { ...target, field: field.name }, field));
    const log = new Row(`${place}/${nameOf(target)}/accesses`, vscode.l10n.t("Accesses"), []);
    log.iconPath = new vscode.ThemeIcon("history");
    log.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
    log.later = () => accessRows(log.id!, target);
    const row = this.row(place, target, register, [...fields, log]);
    row.description = [register.offset, accessWords(register), ...badges(register)].join(" · ");
    row.iconPath = icon("symbol-variable", register);
    return row;
  }

  private fieldRow(place: string, target: RegisterName, field: FieldValue): Row {
    const row = this.row(place, target, field, []);
    const meaning = field.meaning === undefined ? [] : [field.meaning];
    row.description = [...meaning, `[${field.bits}]`, accessWords(field), ...badges(field)].join(" · ");
    row.iconPath = icon("symbol-field", field);
    return row;
  }

  private row(
    place: string,
    target: RegisterName,
    content: RegisterValue | FieldValue,
    children: readonly Row[],
  ): RegisterRow {
    const name = nameOf(target);
    const short = place === "pinned" ? name : (target.field ?? target.register);
    const value = formatted(content.value, content, this.formats[name]);
    const label = isKnown(content) ? valueLabel(`${short} = `, value, content.changed) : { label: short };
    const row = new RegisterRow(`${place}/${name}`, label, children, target, content);
    row.tooltip = tooltip(name, content);
    const words = [place === "pinned" || this.pinned.includes(name) ? "pinned" : "unpinned"];
    if (content.access !== "read-only") words.push("writable");
    row.contextValue = ["register", ...words].join(" ");
    return row;
  }

  private valueOf({ content, dottedName }: RegisterRow): string {
    return formatted(content.value, content, this.formats[dottedName]);
  }
}

function nameOf({ device, register, field }: RegisterName): string {
  return [device, register, ...(field === undefined ? [] : [field])].join(".");
}

function session(): vscode.DebugSession {
  const { activeDebugSession } = vscode.debug;
  if (activeDebugSession?.type === debugType) return activeDebugSession;
  throw new Error(vscode.l10n.t("No driver is being debugged."));
}

/** Nobody who looks at the device can know what a register holds that is write only. */
function isKnown({ value }: RegisterValue | FieldValue): boolean {
  return numberOf(value) !== undefined;
}

/** What is out of the ordinary. */
function badges({ readEffect, breaksOn }: RegisterValue | FieldValue): string[] {
  return [
    ...(readEffect === undefined ? [] : [vscode.l10n.t("⚠ a read changes it")]),
    ...(breaksOn === undefined ? [] : [vscode.l10n.t("● {0}", breakWords(breaksOn))]),
  ];
}

function breakWords(access: BreakOnAccess): string {
  if (access === "write") return vscode.l10n.t("breaks on change");
  return access === "read" ? vscode.l10n.t("breaks on read") : vscode.l10n.t("breaks on access");
}

function tooltip(name: string, content: RegisterValue | FieldValue): string {
  const isWritable = content.access !== "read-only";
  return [name, content.description, isWritable ? writeSentence(content) : undefined, readSentence(content)]
    .filter((line) => line !== undefined)
    .join("\n");
}

function valueLabel(name: string, value: string, changed: boolean): vscode.TreeItemLabel {
  const label = name + value;
  return changed ? { label, highlights: [[name.length, label.length]] } : { label };
}

function icon(name: string, { changed, breaksOn }: RegisterValue | FieldValue): vscode.ThemeIcon {
  if (breaksOn !== undefined) {
    return new vscode.ThemeIcon("debug-breakpoint-data", new vscode.ThemeColor("debugIcon.breakpointForeground"));
  }
  return changed ? new vscode.ThemeIcon(name, new vscode.ThemeColor("charts.orange")) : new vscode.ThemeIcon(name);
}

async function accessRows(id: string, target: RegisterName): Promise<Row[]> {
  // The view is read again when the run moves on meanwhile.
  const none: Accesses = { accesses: [], omitted: 0 };
  const asked = Promise.resolve(session().customRequest(accessesRequest, target));
  const { accesses, omitted }: Accesses = await asked.catch(() => none);
  const rows = accesses.map((access, index) => accessRow(`${id}/${omitted + index}`, access));
  if (rows.length === 0) return [new Row(`${id}/none`, vscode.l10n.t("Nobody has read or written it so far."))];
  if (omitted === 0) return rows;
  return [new Row(`${id}/omitted`, vscode.l10n.t("{0} earlier accesses are not shown", omitted)), ...rows];
}

function accessRow(id: string, access: RegisterAccess): Row {
  const { kind, value, before, after, who, cause, place, clock, time } = access;
  const isChange = before !== after;
  const words = {
    read: isChange ? vscode.l10n.t("read {0}, left {1}", value, after) : vscode.l10n.t("read {0}", value),
    write: after === value ? vscode.l10n.t("wrote {0}", value) : vscode.l10n.t("wrote {0}, became {1}", value, after),
    change:
      cause === undefined
        ? vscode.l10n.t("the device changed {0} to {1}", before, after)
        : vscode.l10n.t("{0} changed {1} to {2}", cause, before, after),
    input:
      after === value
        ? vscode.l10n.t("you wrote {0}", value)
        : vscode.l10n.t("you wrote {0}, became {1}", value, after),
  }[kind];
  const icons = { read: "arrow-left", write: "arrow-right", change: "zap", input: "edit" };
  const row = new Row(id, words);
  const file = place?.path?.replace(/^.*[\\/]/, "");
  const where = place === undefined ? [] : [`${place.fn} ${file}:${place.line}`];
  row.description = [`${time} s`, ...(who === "" ? [] : [who]), ...where].join(" · ");
  row.iconPath = new vscode.ThemeIcon(icons[kind]);
  row.tooltip = `${words}\n${row.description}`;
  row.command = travelTo(clock);
  return row;
}
