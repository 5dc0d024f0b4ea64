// Copies the declarations of the simulated kernel's headers into a project, so that a driver is completed and checked.
import * as vscode from "vscode";

const folderName = "driverlab-types";

/** The headers are modules that no package provides: `paths` leads there. */
const projectFile = `{
  "compilerOptions": {
    "target": "es2023",
    "lib": ["es2023"],
    "types": [],
    "module": "esnext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "strict": true,
    "noImplicitReturns": true,
    "noEmit": true,
    "paths": {
      "linux/*": ["./${folderName}/linux/*.d.ts"],
      "net/*": ["./${folderName}/net/*.d.ts"],
      "driverlab/*": ["./${folderName}/driverlab/*.d.ts"],
      "kunit/*": ["./${folderName}/kunit/*.d.ts"],
      "asm/*": ["./${folderName}/asm/*.d.ts"]
    }
  },
  "include": ["**/*.ts"]
}
`;

export async function addDeclarations(extension: vscode.Uri): Promise<void> {
  const folder = await projectFolder();
  if (folder === undefined) return;
  const exists = await addDeclarationsTo(folder, extension);
  void vscode.window.showInformationMessage(
    exists
      ? vscode.l10n.t("The kernel's declarations are in {0}; let “paths” in tsconfig.json lead there.", folderName)
      : vscode.l10n.t("The kernel's declarations are in {0}, and a tsconfig.json leads there.", folderName),
  );
}

/** Returns whether the folder has a tsconfig.json of its own, which is left as it is. */
export async function addDeclarationsTo(folder: vscode.Uri, extension: vscode.Uri): Promise<boolean> {
  const { fs } = vscode.workspace;
  const from = vscode.Uri.joinPath(extension, "dist", "declarations");
  await fs.copy(from, vscode.Uri.joinPath(folder, folderName), { overwrite: true });
  const project = vscode.Uri.joinPath(folder, "tsconfig.json");
  const exists = await Promise.resolve(fs.stat(project)).then(
    () => true,
    () => false,
  );
  if (!exists) await fs.writeFile(project, new TextEncoder().encode(projectFile));
  // TypeScript does not notice a project that comes to be around a file which is open already.
  await Promise.resolve(vscode.commands.executeCommand("typescript.restartTsServer")).catch(() => undefined);
  return exists;
}

/** The folder of the workspace that is meant; undefined when there is none, which is said. */
export async function projectFolder(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = active && vscode.workspace.getWorkspaceFolder(active);
  if (own) return own.uri;
  if (folders.length === 1) return folders[0]!.uri;
  if (folders.length === 0) {
    void vscode.window.showErrorMessage(vscode.l10n.t("Open the folder of your driver first."));
    return undefined;
  }
  return (await vscode.window.showWorkspaceFolderPick())?.uri;
}
