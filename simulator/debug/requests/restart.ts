// `restart`: reads and compiles the driver again, and runs it from its start with the breakpoints that are set.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { LaunchSettings } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { makeSession } from "./launch.ts";

export function restart(debuggee: Debuggee, args: DebugProtocol.RestartArguments): void {
  const { settings } = debuggee;
  const given = args.arguments as Partial<LaunchSettings> | undefined;
  debuggee.relaunch(makeSession(debuggee, given ?? settings));
}
