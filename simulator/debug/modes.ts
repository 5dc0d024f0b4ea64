// Modes of breakpoints: in which contexts one stops.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Context } from "../engine/trace.ts";

export const breakpointModes: readonly DebugProtocol.BreakpointMode[] = [
  mode("any", "Any context", "Stops wherever it is reached."),
  mode("task", "Task context", "Stops only where a task runs, and no interrupt on top of it."),
  mode("softirq", "Softirq", "Stops only in softirqs."),
  mode("hardirq", "Hardirq", "Stops only in handlers of interrupts."),
];

/** The context that a mode limits a breakpoint to; undefined: none, or no such mode. */
export function contextOfMode(mode: string | undefined): Context | undefined {
  return mode === "task" || mode === "softirq" || mode === "hardirq" ? mode : undefined;
}

function mode(mode: string, label: string, description: string): DebugProtocol.BreakpointMode {
  return { mode, label, description, appliesTo: ["source", "instruction"] };
}
