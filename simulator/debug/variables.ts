// Variables as the protocol has them: values of frames, registers and contexts all alike.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Scope, Variable } from "../engine/interfaces.ts";
import type { DeviceRegisters } from "../protocol.ts";
import type { Container, Handles } from "./handles.ts";

export function toProtocol(handles: Handles, variable: Variable, parent?: Container): DebugProtocol.Variable {
  const path = parent?.path?.(variable.name);
  return {
    name: variable.name,
    value: variable.value,
    ...(variable.type === "" ? {} : { type: variable.type }),
    ...(path === undefined ? {} : { evaluateName: path }),
    variablesReference: variable.children === undefined ? 0 : handles.addContainer(contentsOf(variable, path, parent)),
  };
}

/** A scope of a frame: its variables by name. */
export function frameContainer(scope: Scope, setPath: NonNullable<Container["setPath"]>): Container {
  return { children: () => scope.variables, path: (name) => name, setPath };
}

/** What a variable holds; its parts are named by the path that leads to them, as the language writes it. */
function contentsOf(variable: Variable, path: string | undefined, parent: Container | undefined): Container {
  const children = () => variable.children!();
  const setPath = parent?.setPath;
  if (path === undefined || setPath === undefined) return { children };
  return { children, path: (name) => (/^\[.*\]$/.test(name) ? path + name : `${path}.${name}`), setPath };
}

export function registerVariables(devices: readonly DeviceRegisters[]): Variable[] {
  return devices.map((device) => ({
    name: device.name,
    value: `${device.registers.length} registers`,
    type: "",
    children: () =>
      device.registers.map(({ name, value, fields }) => ({
        name,
        value,
        type: "",
        ...(fields.length === 0
          ? {}
          : {
              children: () =>
                fields.map((field) => ({
                  name: field.name,
                  value: field.meaning === undefined ? field.value : `${field.value} (${field.meaning})`,
                  type: `[${field.bits}]`,
                })),
            }),
      })),
  }));
}
