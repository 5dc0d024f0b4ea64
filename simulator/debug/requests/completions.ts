// `completions`: what Tab makes of a line in the console: commands and their arguments, names in view, members.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { commandOf, commands } from "../console/index.ts";
import type { Debuggee } from "../debuggee.ts";

type Item = DebugProtocol.CompletionItem;

export function completions(
  debuggee: Debuggee,
  { text, column, line = 1, frameId }: DebugProtocol.CompletionsArguments,
): DebugProtocol.CompletionsResponse["body"] {
  const first = debuggee.client.columnsStartAt1 === false ? 0 : 1;
  const row = String(text).split("\n")[line - (debuggee.client.linesStartAt1 === false ? 0 : 1)] ?? String(text);
  const before = row.slice(0, Math.max(0, column - first));
  const shown = frameId === undefined ? debuggee.topShown() : debuggee.handles.frame(frameId);
  const command = commandOf(`${before}x`);
  if (command !== undefined && /\s/.test(before.trimStart())) {
    const args = command.args.slice(0, -1);
    const word = /\S*$/.exec(args)![0];
    const found = command.command.complete?.(debuggee, args) ?? [];
    return { targets: items(found, word, before.length, "text") };
  }
  const [, path = "", word = ""] = /((?:[\w$]+(?:\[\w+\])?\.)*)([\w$-]*)$/.exec(before) ?? [];
  if (path !== "") {
    const children = attempt(() => shown?.frame?.evaluate(path.slice(0, -1)).children?.()) ?? [];
    const names = children.map(({ name }) => name).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
    return { targets: items(names, word, before.length, "property") };
  }
  const own = before.trim() === word ? commands.map(({ name }) => name) : lxFunctionNames();
  const scopes = (shown?.frame?.scopes() ?? []).flatMap(({ variables }) => variables.map(({ name }) => name));
  // `lx-` is the beginning of a command, and no difference.
  const isCommand = word.includes("-") && own.some((name) => name.startsWith(word));
  const variables = isCommand ? [] : items([...new Set(scopes)], word.replace(/^.*-/, ""), before.length, "variable");
  return { targets: [...variables, ...items(own, word, before.length, "function")] };
}

function lxFunctionNames(): readonly string[] {
  return commands.map(({ name }) => name).filter((name) => name.startsWith("$"));
}

/** `start` counts from 0 in every client. */
function items(names: readonly string[], word: string, end: number, type: DebugProtocol.CompletionItemType): Item[] {
  return names
    .filter((name) => name.startsWith(word) && name !== word)
    .map((label) => ({ label, type, start: end - word.length, length: word.length }));
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
