// Debugging without a launch.json: F5 and the run button start the driver in the active editor.
import * as vscode from "vscode";
import type { LaunchSettings } from "../../simulator/protocol.ts";
import { isDriver } from "./driver-file.ts";

export const debugType = "driverlab";

type Configuration = vscode.DebugConfiguration & Partial<LaunchSettings>;

export class DriverConfigurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.ProviderResult<vscode.DebugConfiguration[]> {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code's own.
    return [{ type: debugType, request: "launch", name: vscode.l10n.t("Driver"), program: "${file}" }];
  }

  /** Nothing at all is what VS Code asks for when there is no launch.json. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: Configuration,
  ): vscode.ProviderResult<vscode.DebugConfiguration> {
    if (configuration.type || configuration.request || configuration.name) return configuration;
    const document = vscode.window.activeTextEditor?.document;
    return document && isDriver(document) ? launchOf(document.uri) : undefined;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: Configuration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (!vscode.workspace.isTrusted) {
      return refuse(vscode.l10n.t("A driver is a program: it runs only in a trusted workspace."));
    }
    const { program } = configuration;
    if (!program) return refuse(vscode.l10n.t("No driver to run: “program” is to name a TypeScript file."));
    if (!/\.[cm]?ts$/.test(program)) {
      return refuse(vscode.l10n.t("{0} is no TypeScript file: only drivers in TypeScript run so far.", program));
    }
    return configuration;
  }
}

async function refuse(message: string): Promise<undefined> {
  await vscode.window.showErrorMessage(message, { modal: false });
  return undefined;
}

function launchOf(program: vscode.Uri): vscode.DebugConfiguration {
  const name = program.path.slice(program.path.lastIndexOf("/") + 1);
  return { type: debugType, request: "launch", name, program: program.fsPath };
}

/** A configuration of the launch.json that names this very file goes before the one without settings. */
function written(
  folder: vscode.WorkspaceFolder | undefined,
  program: vscode.Uri,
): vscode.DebugConfiguration | undefined {
  const all = vscode.workspace
    .getConfiguration("launch", folder)
    .get<vscode.DebugConfiguration[]>("configurations", []);
  const names = [program.fsPath];
  if (folder) {
    const inside = vscode.workspace.asRelativePath(program, false);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code's own.
    names.push(`\${workspaceFolder}/${inside}`, "${file}");
  }
  return all.find(({ type, program: named }) => type === debugType && names.includes(named));
}

export async function debugDriver(resource: unknown, noDebug = false): Promise<void> {
  const uri = resource instanceof vscode.Uri ? resource : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) return;
  await vscode.workspace.save(uri);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  await vscode.debug.startDebugging(folder, written(folder, uri) ?? launchOf(uri), { noDebug });
}
