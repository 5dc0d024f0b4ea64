// What the arguments of requests are to be: what a client sends amiss is refused in words, before it does any harm.
import { badArgument } from "./errors.ts";

type Kind = "number" | "text" | "truth" | "object" | "texts" | "numbers" | "objects";

const words: Readonly<Record<Kind, string>> = {
  number: "a number",
  text: "a text",
  truth: "true or false",
  object: "an object",
  texts: "a list of texts",
  numbers: "a list of numbers",
  objects: "a list of objects",
};

/** By name: what a name means is the same in every request, but where a shape of its own says otherwise. */
const kinds: Readonly<Record<string, Kind>> = named({
  number: [
    ...["threadId", "frameId", "variablesReference", "targetId", "locationReference", "clock", "start", "count"],
    ...["startFrame", "levels", "line", "column", "endLine", "endColumn", "offset", "bytes", "moduleCount"],
    ...["startModule", "instructionOffset", "instructionCount", "sourceReference"],
  ],
  text: [
    ...["expression", "context", "name", "value", "text", "path", "memoryReference", "data", "condition"],
    ...["hitCondition", "logMessage", "mode", "dataId", "accessType", "instructionReference", "filterId", "filter"],
    ...["granularity", "progressId", "message", "breakMode"],
  ],
  truth: [
    ...["singleThread", "allowPartial", "terminateDebuggee", "restart", "asAddress", "negate", "hex", "parameters"],
    ...["parameterTypes", "parameterNames", "parameterValues", "module", "includeAll", "resolveSymbols"],
  ],
  object: ["source", "format"],
  texts: ["filters", "names"],
  numbers: ["threadIds", "lines"],
  objects: ["breakpoints", "filterOptions", "exceptionOptions"],
});

/** Within these, a name means something else. */
const own: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  exceptionOptions: { path: "objects" },
  // Whether the line is wanted in the name of a frame.
  format: { line: "truth" },
};

/** What a request means nothing without; its other arguments may be left out. */
const required: Readonly<Record<string, readonly string[]>> = {
  breakpointLocations: ["source", "line"],
  completions: ["text", "column"],
  dataBreakpointInfo: ["name"],
  disassemble: ["memoryReference", "instructionCount"],
  evaluate: ["expression"],
  goto: ["threadId", "targetId"],
  gotoTargets: ["source", "line"],
  locations: ["locationReference"],
  readMemory: ["memoryReference", "count"],
  restartFrame: ["frameId"],
  scopes: ["frameId"],
  setBreakpoints: ["source"],
  setDataBreakpoints: ["breakpoints"],
  setExceptionBreakpoints: ["filters"],
  setExpression: ["expression", "value"],
  setFunctionBreakpoints: ["breakpoints"],
  setInstructionBreakpoints: ["breakpoints"],
  setVariable: ["variablesReference", "name", "value"],
  stackTrace: ["threadId"],
  stepInTargets: ["frameId"],
  variables: ["variablesReference"],
  writeMemory: ["memoryReference", "data"],
};

/** Within lists. */
const requiredOfEach: Readonly<Record<string, readonly string[]>> = {
  filterOptions: ["filterId"],
  exceptionOptions: ["breakMode"],
};

const requiredOfBreakpoints: Readonly<Record<string, string>> = {
  setBreakpoints: "line",
  setDataBreakpoints: "dataId",
  setFunctionBreakpoints: "name",
  setInstructionBreakpoints: "instructionReference",
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * The arguments as their request is to have them: what is null was left out. Those of `launch` and `restart` are looked
 * at by themselves. Throws what is wrong, in words.
 */
export function checked(command: string, given: unknown): object {
  const args = withoutNulls(given ?? {});
  if (!isObject(args)) throw badArgument("arguments", words.object);
  if (command === "launch" || command === "restart" || command === "initialize") return args;
  check(args, "", "", required[command] ?? []);
  for (const [list, names] of Object.entries(requiredOfEach)) checkEach(args, list, names);
  const name = requiredOfBreakpoints[command];
  if (name !== undefined) checkEach(args, "breakpoints", [name]);
  return args;
}

function checkEach(args: Fields, list: string, names: readonly string[]): void {
  for (const [index, one] of ((args[list] ?? []) as readonly Fields[]).entries()) {
    check(one, `${list}[${index}].`, list, names);
  }
}

/** `at`: the way there, `breakpoints[1].`; `within`: the name of what these are the fields of. */
function check(fields: Fields, at: string, within: string, needed: readonly string[]): void {
  for (const name of needed) {
    if (fields[name] === undefined) throw badArgument(at + name, words[kindOf(name, within) ?? "text"]);
  }
  for (const [name, value] of Object.entries(fields)) {
    const kind = kindOf(name, within);
    if (kind === undefined || value === undefined) continue;
    if (!isOf(kind, value)) throw badArgument(at + name, words[kind]);
    if (kind === "object") check(value as Fields, `${at}${name}.`, name, []);
    if (kind === "objects") {
      for (const [index, one] of (value as readonly Fields[]).entries())
        check(one, `${at}${name}[${index}].`, name, []);
    }
  }
}

function kindOf(name: string, within: string): Kind | undefined {
  const special = own[within];
  if (special !== undefined && Object.hasOwn(special, name)) return special[name];
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "number":
      return Number.isFinite(value);
    case "text":
      return typeof value === "string";
    case "truth":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    case "texts":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "numbers":
      return Array.isArray(value) && value.every((one) => Number.isFinite(one));
    default:
      return Array.isArray(value) && value.every(isObject);
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Some clients send null for what they leave out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutNulls(one)]));
}

function named(lists: Partial<Record<Kind, readonly string[]>>): Readonly<Record<string, Kind>> {
  return Object.fromEntries(
    Object.entries(lists).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind] as const)),
  );
}
