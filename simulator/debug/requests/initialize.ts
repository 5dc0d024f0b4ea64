// `initialize`: what the adapter can do, and nothing else.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { checks } from "../../checks/index.ts";
import { conditionNames } from "../conditions.ts";
import type { Debuggee } from "../debuggee.ts";
import { breakpointModes } from "../modes.ts";
import { moduleColumns } from "./modules.ts";

export function initialize(
  debuggee: Debuggee,
  client: DebugProtocol.InitializeRequestArguments,
): DebugProtocol.Capabilities {
  debuggee.client = client;
  return {
    supportsConfigurationDoneRequest: true,
    supportsFunctionBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsInstructionBreakpoints: true,
    supportsDataBreakpoints: true,
    supportsDataBreakpointBytes: true,
    supportsBreakpointLocationsRequest: true,
    breakpointModes: [...breakpointModes],
    supportsExceptionInfoRequest: true,
    supportsExceptionFilterOptions: true,
    supportsExceptionOptions: true,
    exceptionBreakpointFilters: checks.map(({ id, summary }) => ({
      filter: id,
      label: id,
      description: summary,
      default: true,
      supportsCondition: true,
      conditionDescription: `cpu == 1 && func == "foo_irq"; names: ${conditionNames.join(", ")}`,
    })),
    supportsEvaluateForHovers: true,
    supportsClipboardContext: true,
    supportsCompletionsRequest: true,
    completionTriggerCharacters: [".", "/", "$", "-"],
    supportsSetVariable: true,
    supportsSetExpression: true,
    supportsValueFormattingOptions: true,
    supportsReadMemoryRequest: true,
    supportsWriteMemoryRequest: true,
    supportsDisassembleRequest: true,
    supportsLoadedSourcesRequest: true,
    supportedChecksumAlgorithms: ["SHA256"],
    supportsModulesRequest: true,
    additionalModuleColumns: [...moduleColumns],
    supportsSteppingGranularity: true,
    supportsStepInTargetsRequest: true,
    supportsGotoTargetsRequest: true,
    supportsStepBack: true,
    supportsRestartFrame: true,
    supportsSingleThreadExecutionRequests: true,
    supportsTerminateThreadsRequest: true,
    supportsDelayedStackTraceLoading: true,
    supportsRestartRequest: true,
    supportsTerminateRequest: true,
    supportTerminateDebuggee: true,
    supportsCancelRequest: true,
    supportsANSIStyling: true,
  };
}
