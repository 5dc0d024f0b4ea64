// The kernel's console in the debug console: which commands there are, and how a line finds its own.
import type { Debuggee } from "../debuggee.ts";
import type { ThreadView } from "../threads.ts";
import type { Command } from "./command.ts";
import { deviceCommands } from "./faults.ts";
import { lxFunctions } from "./functions.ts";
import { injections } from "./inject.ts";
import { lxCommands } from "./lx.ts";
import { shellCommands } from "./shell.ts";

const help: Command = {
  name: "help",
  usage: "",
  summary: "This list.",
  run: () => {
    const lines = commands.map(
      ({ name, usage, summary }) =>
        `${[name, usage]
          .filter(Boolean)
          .join(usage.startsWith("(") ? "" : " ")
          .padEnd(32)} ${summary}`,
    );
    return [...lines, "Anything else is an expression in the frame that is selected."].join("\n");
  },
};

export const commands: readonly Command[] = [
  ...lxCommands,
  ...lxFunctions,
  ...shellCommands,
  ...injections,
  ...deviceCommands,
  help,
];

/** The answer to a line; undefined when it is no command, but an expression. */
export function runCommand(debuggee: Debuggee, thread: ThreadView | undefined, line: string): string | undefined {
  const found = commandOf(line);
  return found?.command.run(debuggee, found.args, thread);
}

/** A variable of the driver may be called as a command is: what follows a command's name is no operator. */
export function commandOf(line: string): { readonly command: Command; readonly args: string } | undefined {
  const text = line.trim();
  const [, name = "", args = ""] = /^(!|\$?[\w-]+)(\(.*\)|\s+.*)?$/s.exec(text) ?? [];
  const command = commands.find((one) => one.name === name);
  if (command === undefined || args.startsWith("(") !== command.usage.startsWith("(")) return undefined;
  if (args.trim() === "" && /^[A-Z]/.test(command.usage)) return undefined;
  const takesAnything = /PATH/.test(command.usage);
  if (!takesAnything && /^\s*(=|[-+*/%&|^<]=?|>=|\?|\[|\.)/.test(args)) return undefined;
  return { command, args: args.trimStart() };
}
