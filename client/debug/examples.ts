// Copies an example driver, with its scenario and its broken twin, into a project to begin with.
import * as vscode from "vscode";
import { addDeclarationsTo, projectFolder } from "./declarations.ts";

interface Example extends vscode.QuickPickItem {
  /** `serial/serial1-polled.ts`, below the examples. */
  readonly path: string;
}

/** `| [hello](hello/hello.ts) | a module with parameters | keeps memory: … |` of the examples' own page. */
const ROW = /^\| \[([\w-]+)\]\(([\w/-]+\.ts)\) \| (.+?) \| (.+?) \|$/gm;

export async function newFromExample(extension: vscode.Uri): Promise<void> {
  const folder = await projectFolder();
  if (folder === undefined) return;
  const examples = vscode.Uri.joinPath(extension, "dist", "examples");
  const chosen = await vscode.window.showQuickPick(listed(examples), {
    title: vscode.l10n.t("New Driver from Example"),
    placeHolder: vscode.l10n.t("A driver with its tests, and a twin with one mistake that a check catches"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen === undefined) return;
  const name = chosen.label;
  const own = vscode.Uri.joinPath(folder, name);
  const driver = vscode.Uri.joinPath(own, `${name}.ts`);
  if (await exists(own)) {
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} is there already, and was left as it is.", name));
  } else {
    const from = vscode.Uri.joinPath(examples, chosen.path, "..");
    for (const [file] of await vscode.workspace.fs.readDirectory(from)) {
      if (!/\.ts$/.test(file) || file.replace(/(-broken)?(\.scenario)?\.ts$/, "") !== name) continue;
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(from, file), vscode.Uri.joinPath(own, file));
    }
  }
  await addDeclarationsTo(folder, extension);
  if (await exists(driver)) await vscode.window.showTextDocument(driver);
}

async function listed(examples: vscode.Uri): Promise<Example[]> {
  const page = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(examples, "README.md"));
  return [...new TextDecoder().decode(page).matchAll(ROW)].map(([, label, path, shows, twin]) => ({
    label: label!,
    path: path!,
    description: shows!,
    detail: vscode.l10n.t("Its broken twin {0}", twin!.replaceAll("`", "")),
  }));
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
