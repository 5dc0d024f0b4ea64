// `scopes`: what a frame sees, the context it runs in, and the registers of the devices.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { describeSituation } from "../context.ts";
import type { Debuggee } from "../debuggee.ts";
import { describe } from "../registers.ts";
import { frameContainer, registerVariables } from "../variables.ts";

export function scopes(
  debuggee: Debuggee,
  { frameId }: DebugProtocol.ScopesArguments,
): DebugProtocol.ScopesResponse["body"] {
  const { frame, thread, index: place } = debuggee.handles.frame(frameId);
  const { handles } = debuggee;
  const set = (path: string, source: string) => debuggee.setVariable(thread.task, place, path, source);
  const own = (frame?.scopes() ?? []).map((scope, index) => ({
    name: scope.name,
    ...(index === 0 ? { presentationHint: "locals" } : {}),
    variablesReference: handles.addContainer(frameContainer(scope, set)),
    expensive: index > 0,
  }));
  const situation = debuggee.situation(thread);
  const { devices } = debuggee;
  const context = handles.addContainer({ children: () => describeSituation(situation) });
  const registers = handles.addContainer({
    children: () => registerVariables(describe(devices, debuggee.registersBefore)),
  });
  return {
    scopes: [
      ...own,
      { name: "Context", variablesReference: context, expensive: false },
      { name: "Registers", presentationHint: "registers", variablesReference: registers, expensive: true },
    ],
  };
}
