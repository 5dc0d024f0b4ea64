// Offers to end a session whose adapter does not answer: a driver may keep its process busy in ways that no pause ends.
import * as vscode from "vscode";
import { type Message, Unanswered } from "./unanswered.ts";

/** Ends of what goes round and round come after two seconds by themselves. */
const SILENCE_MILLIS = 6_000;

interface Started extends Message {
  readonly event?: string;
  readonly body?: { readonly systemProcessId?: number };
}

export class SilentAdapters implements vscode.DebugAdapterTrackerFactory {
  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    let process: number | undefined;
    const unanswered = new Unanswered(SILENCE_MILLIS, () => void offer(session, unanswered, () => process));
    return {
      onWillReceiveMessage: (message: Message) => unanswered.asked(message),
      onDidSendMessage: (message: Started) => {
        unanswered.answered(message);
        if (message.event === "process") process = message.body?.systemProcessId;
      },
      onExit: () => unanswered.forget(),
      onWillStopSession: () => unanswered.forget(),
    };
  }
}

async function offer(
  session: vscode.DebugSession,
  unanswered: Unanswered,
  processOf: () => number | undefined,
): Promise<void> {
  const end = vscode.l10n.t("End Session");
  const message = vscode.l10n.t(
    "The debugger of {0} does not answer: the driver keeps its process busy. Wait, or end the session.",
    session.name,
  );
  if ((await vscode.window.showWarningMessage(message, end)) !== end || !unanswered.isSilent) return;
  const id = processOf();
  if (id === undefined) await vscode.debug.stopDebugging(session);
  else process.kill(id, "SIGKILL");
}
