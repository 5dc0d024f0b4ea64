// What is typed at a shell: reading the kernel's own files at once, and processes that run when the run goes on.

import type { Shell } from "../../control/shell.ts";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import type { Command } from "./command.ts";
import { type ConsolePath, kernelText, listOf } from "./files.ts";

const LATER = "It runs as a process when the run goes on; what comes of it is in the kernel log.";

export const shellCommands: readonly Command[] = [
  {
    name: "cat",
    usage: "PATH",
    summary: "A file of /proc or /sys that the kernel itself writes.",
    run: (debuggee, args) => {
      const path = args.trim();
      const found: ConsolePath = kernelText(debuggee, path);
      if (found.kind === "text") return found.text.trimEnd();
      if (found.kind === "directory") throw notEvaluated(`cat: ${path}: Is a directory`);
      if (found.kind === "none") throw notEvaluated(`cat: ${path}: No such file or directory`);
      throw notEvaluated(`Only the driver can say what is in ${path}: “! cat ${path}” runs it for that, as a process.`);
    },
    complete: paths,
  },
  {
    name: "ls",
    usage: "PATH",
    summary: "A directory of /proc, /sys or /dev.",
    run: (debuggee, args) => {
      const names = listOf(debuggee, args.trim() || "/");
      if (names === undefined) throw notEvaluated(`ls: cannot access '${args.trim()}': No such directory`);
      return [...names].sort().join("\n");
    },
    complete: paths,
  },
  {
    name: "echo",
    usage: "TEXT > PATH",
    summary: "Writes a text and a newline to a file, as a process: an input of the run.",
    run: (debuggee, args) => {
      const [, text = "", path] = /^(.*?)\s*>\s*(\/\S+)\s*$/s.exec(args) ?? [];
      if (path === undefined) throw notEvaluated("echo TEXT > PATH, with a path below /sys, /proc or /dev");
      return start(debuggee, { command: "echo", path, text: text.replace(/^(["'])(.*)\1$/s, "$2") });
    },
    complete: (debuggee, args) => (args.includes(">") ? paths(debuggee, args) : []),
  },
  {
    name: "udevadm",
    usage: "monitor",
    summary: "What user space was told of devices up to now.",
    run: ({ still: { kernel } }) => {
      const lines = kernel.model.uevents.all.map(({ action, path, subsystem, nanos }) => {
        const [seconds, micros] = [Math.floor(nanos / 1e9), Math.floor((nanos % 1e9) / 1e3)];
        return `KERNEL[${seconds}.${String(micros).padStart(6, "0")}] ${action.padEnd(8)} ${path} (${subsystem})`;
      });
      return lines.join("\n") || "No device came, went or changed.";
    },
  },
  {
    name: "insmod",
    usage: "[PARAMETER=VALUE…]",
    summary: "Loads the driver, as a process: an input of the run.",
    run: (debuggee, args) => start(debuggee, { command: "insmod", args: withoutName(debuggee, args) }),
    complete: modules,
  },
  {
    name: "rmmod",
    usage: "",
    summary: "Unloads the driver, as a process: an input of the run.",
    run: (debuggee) => start(debuggee, { command: "rmmod" }),
    complete: modules,
  },
  {
    name: "!",
    usage: "cat PATH",
    summary: "Reads a file of the driver's by running it, as a process: an input of the run.",
    run: (debuggee, args) => {
      const [, path] = /^cat\s+(\/\S+)$/.exec(args.trim()) ?? [];
      if (path === undefined) throw notEvaluated("! cat PATH");
      return start(debuggee, { command: "cat", path });
    },
    complete: paths,
  },
];

function start(debuggee: Debuggee, shell: Shell): string {
  debuggee.act({ kind: "shell", shell });
  debuggee.changed();
  return LATER;
}

function withoutName({ still: { kernel } }: Debuggee, args: string): string {
  const [first = "", ...rest] = args.trim().split(/\s+/);
  const isName = first === kernel.modules.first || first === `${kernel.modules.first}.ko`;
  return isName ? rest.join(" ") : args.trim();
}

function modules({ still: { kernel } }: Debuggee): readonly string[] {
  return kernel.modules.first === undefined ? [] : [kernel.modules.first];
}

function paths(debuggee: Debuggee, args: string): readonly string[] {
  const word = /\S*$/.exec(args)![0];
  const directory = word.slice(0, word.lastIndexOf("/") + 1);
  if (directory === "") return ["/proc/", "/sys/", "/dev/"];
  return (listOf(debuggee, directory) ?? []).map((name) => directory + name);
}
