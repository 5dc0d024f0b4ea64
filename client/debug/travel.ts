// Commands for going through a run backwards, besides VS Code's own Step Back and Reverse.
import * as vscode from "vscode";
import type {
  LastWrite,
  LastWriteRequest,
  NextReportRequest,
  PreviousReportRequest,
  ReverseStep,
  ReverseStepInRequest,
  ReverseStepOutRequest,
  RunBack,
  RunBackRequest,
} from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";
import { RegisterRow } from "./registers-view.ts";

const reverseStepIn: ReverseStepInRequest = "driverlab/reverseStepIn";
const reverseStepOut: ReverseStepOutRequest = "driverlab/reverseStepOut";
const runBackTo: RunBackRequest = "driverlab/runBackTo";
const lastWrite: LastWriteRequest = "driverlab/lastWrite";
const previousReport: PreviousReportRequest = "driverlab/previousReport";
const nextReport: NextReportRequest = "driverlab/nextReport";

export function createTravelCommands(): vscode.Disposable {
  const command = (name: string, run: (session: vscode.DebugSession, argument: unknown) => Thenable<void>) =>
    vscode.commands.registerCommand(`driverlab.${name}`, (argument?: unknown) => travel(run, argument));
  return vscode.Disposable.from(
    command("reverseStepInto", (session) => step(session, reverseStepIn)),
    command("reverseStepOut", (session) => step(session, reverseStepOut)),
    command("previousReport", (session) => session.customRequest(previousReport)),
    command("nextReport", (session) => session.customRequest(nextReport)),
    command("runBackToCursor", runBackToCursor),
    command("backToLastWrite", backToLastWrite),
  );
}

/** What cannot be done is said, and why: the adapter's answer is a sentence for people. */
async function travel(
  run: (session: vscode.DebugSession, argument: unknown) => Thenable<void>,
  argument: unknown,
): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No driver is being debugged."));
    return;
  }
  try {
    await run(session, argument);
  } catch (error) {
    void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error));
  }
}

async function step(
  session: vscode.DebugSession,
  request: ReverseStepInRequest | ReverseStepOutRequest,
): Promise<void> {
  const item = vscode.debug.activeStackItem;
  const args: ReverseStep = item?.session === session ? { threadId: item.threadId } : {};
  await session.customRequest(request, args);
}

async function runBackToCursor(session: vscode.DebugSession): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) throw new Error(vscode.l10n.t("Put the cursor on a line of a driver first."));
  const { line, character } = editor.selection.active;
  const args: RunBack = { path: editor.document.uri.fsPath, line: line + 1, column: character + 1 };
  await session.customRequest(runBackTo, args);
}

/** What VS Code hands to a command in the context menu of a variable. */
interface VariableMenu {
  readonly container?: { readonly variablesReference?: number };
  readonly variable?: { readonly name: string; readonly evaluateName?: string };
}

async function backToLastWrite(session: vscode.DebugSession, argument: unknown): Promise<void> {
  const asked =
    argument instanceof RegisterRow
      ? { name: argument.dottedName }
      : (argument as VariableMenu | undefined)?.variable
        ? ofVariable(argument as VariableMenu)
        : await ofExpression();
  if (asked === undefined) return;
  const info = await session.customRequest("dataBreakpointInfo", asked);
  if (info.dataId === null) throw new Error(info.description);
  const args: LastWrite = { dataId: info.dataId };
  await session.customRequest(lastWrite, args);
}

interface Asked {
  readonly name: string;
  readonly variablesReference?: number;
  readonly frameId?: number;
}

function ofVariable({ container, variable }: VariableMenu): Asked {
  const variablesReference = container?.variablesReference;
  return { name: variable!.name, ...(variablesReference === undefined ? {} : { variablesReference }) };
}

/** From the palette: the word at the cursor to begin with, or what else is written there. */
async function ofExpression(): Promise<Asked | undefined> {
  const editor = vscode.window.activeTextEditor;
  const word = editor?.document.getWordRangeAtPosition(editor.selection.active, /[\w.$[\]]+/);
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t("Go Back to the Last Write of…"),
    prompt: vscode.l10n.t("A variable, a member such as `d.computing`, or a register such as `edu.IRQ_STATUS`."),
    value: word === undefined ? "" : editor!.document.getText(word),
  });
  if (name === undefined || name.trim() === "") return undefined;
  const item = vscode.debug.activeStackItem;
  const frameId = item instanceof vscode.DebugStackFrame ? item.frameId : undefined;
  return { name: name.trim(), ...(frameId === undefined ? {} : { frameId }) };
}
