// `dataBreakpointInfo`: whether something can be watched, and under which name: memory, registers, their fields.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { registerNamed, type Target } from "../../control/targets.ts";
import { numberOf } from "../../control/tasks.ts";
import { framesOf } from "../../engine/task.ts";
import type { Debuggee } from "../debuggee.ts";
import type { Container, ShownFrame } from "../handles.ts";
import { addressOf, referenceTo } from "../references.ts";
import type { Described } from "../variables.ts";

type Info = DebugProtocol.DataBreakpointInfoResponse["body"];

/** More than anybody watches. */
const MOST_BYTES = 1 << 20;

export function dataBreakpointInfo(
  debuggee: Debuggee,
  { variablesReference, name, frameId, bytes, asAddress }: DebugProtocol.DataBreakpointInfoArguments,
): Info {
  const { still, handles } = debuggee;
  const size =
    bytes !== undefined && Number.isSafeInteger(bytes) && bytes > 0 && bytes <= MOST_BYTES ? bytes : undefined;
  if (asAddress === true) {
    const address = addressOf(name);
    if (!still.memory.isMapped(address, size ?? 1)) return none(`There is no memory at ${referenceTo(address)}.`);
    return info({ kind: "memory", address, bytes: size ?? 1 }, `${size ?? 1} bytes at ${referenceTo(address)}`);
  }
  if (variablesReference !== undefined && variablesReference > 0) {
    return ofChild(debuggee, handles.container(variablesReference), name, size);
  }
  const register = registerNamed(debuggee.devices, name);
  if (register !== undefined) return info(register, name);
  return ofExpression(frameId === undefined ? debuggee.topShown() : handles.frame(frameId), name, size);
}

function ofChild(debuggee: Debuggee, container: Container, name: string, bytes: number | undefined): Info {
  const child = container.children().find((one) => one.name === name) as Described | undefined;
  if (child?.data !== undefined) return info(child.data, name);
  if (child?.place !== undefined)
    return info(
      { kind: "memory", ...child.place, ...(bytes && { bytes }), name: container.path?.(name) ?? name },
      name,
    );
  const path = container.path?.(name);
  return path === undefined ? none(`${name} cannot be watched.`) : ofExpression(debuggee.topShown(), path, bytes);
}

function ofExpression(shown: ShownFrame | undefined, source: string, bytes: number | undefined): Info {
  try {
    const place = shown?.frame?.place?.(source);
    if (place !== undefined) return info({ kind: "memory", ...place, ...(bytes && { bytes }), name: source }, source);
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error));
  }
  const variable = shown && variableOf(shown, source);
  return variable === undefined ? none(`${source} is no variable, member or register.`) : info(variable, source);
}

/** A variable of TypeScript lies in no memory: only its changes can be seen. */
function variableOf({ frame, index, thread }: ShownFrame, name: string): Target | undefined {
  if (frame === undefined) return undefined;
  const [locals, globals] = frame.scopes().map(({ variables }) => variables.some((one) => one.name === name));
  const { file, fn } = frame.site;
  const target = { kind: "variable", name, file, fn, task: numberOf(thread.task) } as const;
  if (locals) return { ...target, depth: framesOf(thread.task).length - 1 - index };
  return globals ? target : undefined;
}

function info(target: Target, description: string): Info {
  return {
    dataId: JSON.stringify(target),
    description,
    accessTypes: ["read", "write", "readWrite"],
    canPersist: false,
  };
}

function none(description: string): Info {
  return { dataId: null, description };
}

/** What a name of ours means; undefined when it is none. */
export function targetOf(dataId: unknown): Target | undefined {
  try {
    const target = JSON.parse(String(dataId)) as Partial<Record<string, unknown>>;
    const has = (...names: string[]): boolean => names.every((name) => typeof target[name] === "string");
    if (target.kind === "register" && has("device", "register")) return target as unknown as Target;
    const isVariable = target.kind === "variable" && Number.isSafeInteger(target.task) && has("name", "file", "fn");
    if (isVariable && (target.depth === undefined || Number.isSafeInteger(target.depth))) {
      return target as unknown as Target;
    }
    const isPlace = Number.isSafeInteger(target.address) && Number.isSafeInteger(target.bytes);
    const isNamed = target.name === undefined || has("name");
    return target.kind === "memory" && isPlace && isNamed ? (target as unknown as Target) : undefined;
  } catch {
    return undefined;
  }
}
