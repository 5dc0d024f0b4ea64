// `initialize`: what the adapter can do, and nothing else.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";

export function initialize(_debuggee: Debuggee): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
  };
}
