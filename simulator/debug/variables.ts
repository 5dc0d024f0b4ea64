// Variables as the protocol has them: values of frames, registers and contexts all alike.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Target } from "../control/targets.ts";
import type { Scope, Site, Variable } from "../engine/interfaces.ts";
import type { Debuggee } from "./debuggee.ts";
import type { Container } from "./handles.ts";
import { referenceTo } from "./references.ts";

/** An array of more elements is asked for in portions. */
const LONG = 100;

/** A value that has more to say of itself to a client. */
export interface Described extends Variable {
  readonly hint?: DebugProtocol.VariablePresentationHint;
  /** What is watched when this is. */
  readonly data?: Target;
  /** Gives what it holds another value. */
  readonly set?: (child: string, source: string) => Variable;
  readonly children?: (start?: number, count?: number) => readonly Described[];
}

export function toProtocol(
  debuggee: Debuggee,
  variable: Described,
  parent?: Container,
  format?: DebugProtocol.ValueFormat,
): DebugProtocol.Variable {
  const { handles } = debuggee;
  const { name, type, address, length, children, hint } = variable;
  const path = parent?.path?.(name);
  const origin = address === undefined ? undefined : originOf(debuggee, address);
  return {
    name,
    value: formatted(variable, format),
    ...(type === "" ? {} : { type }),
    ...(path === undefined ? {} : { evaluateName: path }),
    ...(address === undefined ? {} : { memoryReference: referenceTo(address) }),
    ...(length !== undefined && length > LONG ? { indexedVariables: length } : {}),
    ...(hint === undefined ? {} : { presentationHint: hint }),
    ...(origin === undefined ? {} : { valueLocationReference: handles.addSite(origin) }),
    variablesReference: children === undefined ? 0 : handles.addContainer(contentsOf(variable, path, parent)),
  };
}

/** A scope of a frame: its variables by name. */
export function frameContainer(scope: Scope, setPath: NonNullable<Container["setPath"]>): Container {
  return { children: () => scope.variables, path: (name) => name, setPath };
}

/** In hexadecimal digits, as many as its bits, where that is asked for. */
export function formatted({ value, type }: Variable, format: DebugProtocol.ValueFormat | undefined): string {
  if (format?.hex !== true || !/^-?\d+$/.test(value)) return value;
  const bits = /64/.test(type) ? 64 : 32;
  return `0x${BigInt.asUintN(bits, BigInt(value)).toString(16)}`;
}

/** What a variable holds; its parts are named by the path that leads to them, as the language writes it. */
function contentsOf(variable: Described, path: string | undefined, parent: Container | undefined): Container {
  const children = (start?: number, count?: number) => variable.children!(start, count);
  const setPath = parent?.setPath;
  if (variable.set !== undefined) return { children, set: variable.set };
  if (path === undefined || setPath === undefined) return { children };
  return { children, path: (name) => (/^\[.*\]$/.test(name) ? path + name : `${path}.${name}`), setPath };
}

/** Where something comes from: a lock from where it was taken, an object of the heap from where it was allocated. */
function originOf({ still: { kernel } }: Debuggee, address: number): Site | undefined {
  const lock = kernel.locks.all().find((one) => one.address === address && one.owner !== undefined);
  const object = kernel.slab.objectNear(address);
  const isWithin = object !== undefined && address >= object.address && address < object.address + object.bytes;
  const stack = lock?.takenAt ?? (isWithin ? object.allocated.stack : []);
  return stack.find(({ site }) => site !== undefined)?.site;
}
