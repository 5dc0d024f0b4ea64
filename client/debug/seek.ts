// Goes to a moment of the run, which the debugger then shows.
import * as vscode from "vscode";
import type { Seek, SeekRequest } from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";

const seekRequest: SeekRequest = "driverlab/seek";

export const goToMomentCommand = "driverlab.goToMoment";

export function registerGoToMoment(): vscode.Disposable {
  return vscode.commands.registerCommand(goToMomentCommand, goToMoment);
}

/** What a click on a row does that is about a moment. */
export function travelTo(clock: number): vscode.Command {
  return { command: goToMomentCommand, title: vscode.l10n.t("Go to This Moment"), arguments: [clock] };
}

async function goToMoment(clock: unknown): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType || typeof clock !== "number") return;
  const args: Seek = { clock };
  try {
    await session.customRequest(seekRequest, args);
  } catch (error) {
    void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error));
  }
}
