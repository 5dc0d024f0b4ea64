// The process in which a driver runs: the debug adapter, under Node's permission model where the runtime has it.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { LaunchSettings } from "../../simulator/protocol.ts";

/**
 * The extension host's own runtime: Node on a remote, Electron acting as Node on a desktop. A runtime that does not take
 * the permission model is found out by a trial; the adapter then still takes the network, processes and files from the
 * driver by itself, only without this second wall.
 */
export class AdapterProcesses implements vscode.DebugAdapterDescriptorFactory {
  private readonly program: string;
  private readonly extension: string;
  private trial: Promise<boolean> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.extension = context.extensionPath;
    this.program = context.asAbsolutePath("dist/driverlab-dap.js");
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const { program, scenario } = session.configuration as Partial<LaunchSettings>;
    const folders = [program, scenario].flatMap((path) => (path === undefined ? [] : [dirname(path)]));
    this.trial ??= this.takesPermissions();
    const flags = (await this.trial) ? this.flags(folders) : [];
    return new vscode.DebugAdapterExecutable(process.execPath, [...flags, this.program], {
      env: { ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "" },
    });
  }

  private flags(folders: readonly string[]): string[] {
    const readable = [join(this.extension, "dist"), join(this.extension, "package.json"), ...folders];
    return ["--permission", ...readable.map((path) => `--allow-fs-read=${path}`)];
  }

  private takesPermissions(): Promise<boolean> {
    return new Promise((done) => {
      const args = [...this.flags([]), this.program, "--version"];
      const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "" };
      execFile(process.execPath, args, { env, timeout: 10_000 }, (error, output) =>
        done(error === null && /^\d+\.\d+/.test(output)),
      );
    });
  }
}
