// `initialize`: what the adapter can do, and nothing else.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { checks } from "../../checks/index.ts";
import type { Debuggee } from "../debuggee.ts";

export function initialize(_debuggee: Debuggee): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsEvaluateForHovers: true,
    supportsSetVariable: true,
    supportsStepBack: true,
    supportsExceptionInfoRequest: true,
    supportsTerminateRequest: true,
    supportsDelayedStackTraceLoading: true,
    exceptionBreakpointFilters: checks.map(({ id, summary }) => ({
      filter: id,
      label: id,
      description: summary,
      default: true,
    })),
  };
}
