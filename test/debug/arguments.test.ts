// Arguments of requests that a client sends amiss: what is said of them.
import { describe, expect, test } from "vitest";
import { checked } from "../../simulator/debug/arguments.ts";

const frames = { path: [{ names: ["report"], negate: false }], breakMode: "never" };

describe("arguments", () => {
  test.each<[command: string, given: unknown, said: string]>([
    ["scopes", {}, "“frameId” is to be a number."],
    ["scopes", { frameId: "1" }, "“frameId” is to be a number."],
    ["scopes", [1], "“arguments” is to be an object."],
    ["evaluate", { expression: 7 }, "“expression” is to be a text."],
    ["evaluate", { expression: "b", format: { hex: 1 } }, "“format.hex” is to be true or false."],
    ["setBreakpoints", { breakpoints: [] }, "“source” is to be an object."],
    ["setBreakpoints", { source: { path: 1 } }, "“source.path” is to be a text."],
    ["setBreakpoints", { source: {}, breakpoints: [{ line: 1 }, {}] }, "“breakpoints[1].line” is to be a number."],
    ["setBreakpoints", { source: {}, breakpoints: {} }, "“breakpoints” is to be a list of objects."],
    ["setFunctionBreakpoints", { breakpoints: [{ name: null }] }, "“breakpoints[0].name” is to be a text."],
    ["setExceptionBreakpoints", { filters: [1] }, "“filters” is to be a list of texts."],
    ["setExceptionBreakpoints", { filters: [], filterOptions: [{}] }, "“filterOptions[0].filterId” is to be a text."],
    [
      "setExceptionBreakpoints",
      { filters: [], exceptionOptions: [{ ...frames, path: [{ names: "report" }] }] },
      "“exceptionOptions[0].path[0].names” is to be a list of texts.",
    ],
    ["terminateThreads", { threadIds: [1, "2"] }, "“threadIds” is to be a list of numbers."],
  ])("%s %j", (command, given, said) => expect(() => checked(command, given)).toThrow(said));

  test.each<[command: string, given: unknown, taken: object]>([
    ["threads", undefined, {}],
    ["threads", null, {}],
    ["stackTrace", { threadId: 1, levels: null, format: { line: true } }, { threadId: 1, format: { line: true } }],
    [
      "setExceptionBreakpoints",
      { filters: [], exceptionOptions: [frames] },
      { filters: [], exceptionOptions: [frames] },
    ],
    ["launch", { program: 1 }, { program: 1 }],
    ["anything", { toString: 1 }, { toString: 1 }],
  ])("%s %j is taken", (command, given, taken) => expect(checked(command, given)).toEqual(taken));
});
