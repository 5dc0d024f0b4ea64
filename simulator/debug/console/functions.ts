// Functions of the kernel's scripts for gdb: `$lx_current()`, `$lx_per_cpu(counter, 1)`, `$lx_task_by_pid(2)`.
import { hex, type Variable } from "../../engine/interfaces.ts";
import type { Task } from "../../engine/task.ts";
import type { Debuggee } from "../debuggee.ts";
import { notEvaluated } from "../errors.ts";
import type { Command } from "./command.ts";
import { stateOf, waitingOf } from "./task-states.ts";

export const lxFunctions: readonly Command[] = [
  {
    name: "$lx_current",
    usage: "([CPU])",
    summary: "The task that runs on a CPU, or that was interrupted there.",
    run: (debuggee, args, thread) => {
      const [cpu = ""] = argumentsOf(args);
      const { engine } = debuggee.still;
      const task = cpu === "" ? (thread?.task ?? engine.taskOn(0)) : engine.taskOn(cpuOf(debuggee, cpu));
      return described(debuggee, task);
    },
  },
  {
    name: "$lx_task_by_pid",
    usage: "(PID)",
    summary: "A task by its number.",
    run: (debuggee, args) => {
      const task = debuggee.still.engine.taskOf(Number(argumentsOf(args)[0]));
      if (task === undefined) throw notEvaluated("There is no such task.");
      return described(debuggee, task);
    },
  },
  {
    name: "$lx_per_cpu",
    usage: "(VARIABLE[, CPU])",
    summary: "A CPU's own copy of a per-CPU variable; every CPU's without a number.",
    run: (debuggee, args) => {
      const { engine, kernel } = debuggee.still;
      const [name = "", wanted] = argumentsOf(args);
      const { address, type } = addressed(debuggee, name);
      const all = Array.from({ length: engine.cpuCount }, (_, cpu) => cpu);
      const cpus = wanted === undefined ? all : [cpuOf(debuggee, wanted)];
      return cpus
        .map((cpu) => {
          const at = kernel.percpu.of(address, cpu);
          const value = valueAt(debuggee, at, type);
          return `CPU${cpu}: ${type.replace(/ \*$/, "")} @ 0x${hex(at)}${value === undefined ? "" : ` = ${value}`}`;
        })
        .join("\n");
    },
  },
];

function argumentsOf(args: string): readonly string[] {
  const [, inner] = /^\((.*)\)$/s.exec(args.trim()) ?? [];
  if (inner === undefined) throw notEvaluated("It is called like a function, with its arguments between parentheses.");
  const parts = inner.split(",").map((one) => one.trim());
  return parts.length === 1 && parts[0] === "" ? [] : parts;
}

function cpuOf({ still: { engine } }: Debuggee, text: string): number {
  const cpu = Number(text);
  if (!Number.isInteger(cpu) || cpu < 0 || cpu >= engine.cpuCount) throw notEvaluated(`There is no CPU ${text}.`);
  return cpu;
}

function addressed(debuggee: Debuggee, name: string): { readonly address: number; readonly type: string } {
  const variable = seen(debuggee, name.replace(/^&/, ""));
  if (variable?.address === undefined) throw notEvaluated(`“${name}” is no per-CPU variable that is in view here.`);
  return { address: variable.address, type: variable.type };
}

function seen(debuggee: Debuggee, name: string): Variable | undefined {
  try {
    return debuggee.topFrame()?.evaluate(name);
  } catch {
    return undefined;
  }
}

/** Scalars are shown; what is larger can be looked at by its address. */
function valueAt({ still: { memory } }: Debuggee, at: number, type: string): string | undefined {
  const [, sign, bits] = /^([us])(8|16|32|64) \*$/.exec(type) ?? [];
  if (bits === undefined || !memory.isMapped(at, Number(bits) / 8)) return undefined;
  let value = 0n;
  for (let byte = Number(bits) / 8 - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(memory.peek(at + byte, 1));
  return String(sign === "s" ? BigInt.asIntN(Number(bits), value) : value);
}

function described({ still: { kernel } }: Debuggee, task: Task): string {
  const state = stateOf(kernel, task);
  const address = kernel.tasks.known(task);
  const at = address === undefined ? "" : ` @ 0x${hex(address)}`;
  return `struct task_struct${at} { pid = ${task.id}, comm = "${task.name}", cpu = ${task.cpu}, state = ${state.letter}${waitingOf(state)} }`;
}
