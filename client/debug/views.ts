// The views of the stopped machine in the debug side bar: contexts, locks, device registers, memory, kernel log.
import * as vscode from "vscode";
import { createContextsView } from "./contexts-view.ts";
import { createLocksView } from "./locks-view.ts";
import { KernelLogView } from "./log-view.ts";
import { createMemoryView } from "./memory-view.ts";
import { RegistersView } from "./registers-view.ts";
import { registerGoToMoment } from "./seek.ts";

/** `memento` keeps what people chose for the folder at hand. */
export function createViews(memento: vscode.Memento): vscode.Disposable {
  return vscode.Disposable.from(
    registerGoToMoment(),
    createContextsView(),
    createLocksView(),
    new RegistersView(memento),
    createMemoryView(),
    new KernelLogView(memento),
  );
}
