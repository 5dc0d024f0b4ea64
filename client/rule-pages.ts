// The pages that explain the rules, shown in the editor's own markdown preview.
import * as vscode from "vscode";

async function pickRule(folder: vscode.Uri): Promise<string | undefined> {
  const files = await vscode.workspace.fs.readDirectory(folder);
  const ids = files.flatMap(([name]) => (name.endsWith(".md") ? [name.slice(0, -".md".length)] : [])).sort();
  return vscode.window.showQuickPick(ids, { placeHolder: vscode.l10n.t("Which rule?") });
}

/** `rule` comes from a link that anybody may have written; only a plain id is taken. */
export async function showRule(extension: vscode.Uri, rule: unknown): Promise<void> {
  const folder = vscode.Uri.joinPath(extension, "dist", "rules");
  const id = typeof rule === "string" && /^[a-z][a-z-]*$/.test(rule) ? rule : await pickRule(folder);
  if (id === undefined) return;
  await vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(folder, `${id}.md`));
}
