// `scopes`: what a frame sees, the context it runs in, and the registers of the device at hand.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Device } from "../../devices/device.ts";
import type { Frame, Variable } from "../../engine/interfaces.ts";
import { describeSituation } from "../context.ts";
import type { Debuggee } from "../debuggee.ts";
import type { Container } from "../handles.ts";
import { registerVariables } from "../register-variables.ts";
import { frameContainer } from "../variables.ts";

export function scopes(
  debuggee: Debuggee,
  { frameId }: DebugProtocol.ScopesArguments,
): DebugProtocol.ScopesResponse["body"] {
  const { frame, thread, index } = debuggee.handles.frame(frameId);
  const { handles } = debuggee;
  const set = (path: string, source: string) => debuggee.setVariable(thread.task, index, path, source);
  const add = (container: Container) => handles.addContainer(container);
  const own = framesScopes(frame).map(({ name, hint, variables }) => ({
    name,
    ...(hint === undefined ? {} : { presentationHint: hint }),
    variablesReference: add(frameContainer({ name, variables }, set)),
    expensive: hint === undefined,
  }));
  const situation = debuggee.situation(thread);
  const devices = devicesAtHand(debuggee, frame);
  return {
    scopes: [
      ...own,
      { name: "Context", variablesReference: add({ children: () => describeSituation(situation) }), expensive: false },
      {
        name: "Registers",
        presentationHint: "registers",
        variablesReference: add({ children: () => registerVariables(debuggee, devices) }),
        expensive: true,
      },
    ],
  };
}

interface OwnScope {
  readonly name: string;
  readonly hint?: "locals" | "arguments";
  readonly variables: readonly Variable[];
}

function framesScopes(frame: Frame | undefined): readonly OwnScope[] {
  const [locals, ...others] = frame?.scopes() ?? [];
  if (frame === undefined || locals === undefined) return [];
  const isArgument = ({ name }: Variable) => frame.parameters.has(name);
  const args = locals.variables.filter(isArgument);
  return [
    { ...locals, hint: "locals", variables: locals.variables.filter((one) => !isArgument(one)) },
    ...(args.length === 0 ? [] : [{ name: "Arguments", hint: "arguments" as const, variables: args }]),
    ...others,
  ];
}

const IOMEM = "void __iomem *";

/** The devices whose registers the frame's variables lead to; all of them when none does. */
function devicesAtHand(debuggee: Debuggee, frame: Frame | undefined): readonly Device[] {
  const { devices, still } = debuggee;
  const found = new Set<Device>();
  const look = (variable: Variable, depth: number): void => {
    if (variable.type === IOMEM && variable.address !== undefined) {
      const mapping = still.kernel.mmio.mappingAt(variable.address);
      if (mapping !== undefined) found.add(mapping.device);
    } else if (depth > 0 && /^struct /.test(variable.type)) {
      for (const child of variable.children?.() ?? []) look(child, depth - 1);
    }
  };
  for (const variable of frame?.scopes()[0]?.variables ?? []) look(variable, 1);
  return found.size === 0 ? devices : devices.filter((device) => found.has(device));
}
