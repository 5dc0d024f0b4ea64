// What a person does to the machine: interrupts and failures. Each is an input of the run, and replayed.
import type { FaultName } from "../../control/inputs.ts";
import { numberOf } from "../../control/tasks.ts";
import { notEvaluated } from "../errors.ts";
import type { Command } from "./command.ts";

const faults: Readonly<Record<string, FaultName>> = {
  kmalloc: "failslab",
  slab: "failslab",
  pages: "fail_page_alloc",
  usercopy: "fail_usercopy",
};

export const injections: readonly Command[] = [
  {
    name: "irq",
    usage: "NUMBER",
    summary: "Raises an interrupt that no device asked for.",
    run: (debuggee, args) => {
      const irq = Number(args.trim() || Number.NaN);
      const line = debuggee.still.kernel.irqs.all.find((one) => one.irq === irq);
      if (line === undefined || line.names.length === 0) throw notEvaluated(`Nobody handles interrupt ${args.trim()}.`);
      debuggee.act({ kind: "interrupt", irq });
      debuggee.changed();
      return `Interrupt ${irq} (${line.names.join(", ")}) is pending: it comes when the run goes on.`;
    },
    complete: ({ still: { kernel } }) =>
      kernel.irqs.all.filter(({ names }) => names.length > 0).map(({ irq }) => String(irq)),
  },
  {
    name: "fail",
    usage: "kmalloc|pages|usercopy [N]",
    summary: "Lets the N-th of these fail that the stopped task makes from now on; 0 takes that back.",
    run: (debuggee, args, thread) => {
      const [what = "", count = "1"] = args.trim().split(/\s+/);
      const name = Object.hasOwn(faults, what) ? faults[what] : undefined;
      const nth = Number(count);
      if (name === undefined) throw notEvaluated(`fail ${Object.keys(faults).join("|")} [N]`);
      if (!Number.isInteger(nth) || nth < 0) throw notEvaluated(`“${count}” is no count.`);
      const task = thread?.task ?? debuggee.stoppedThread()?.task;
      if (task === undefined) throw notEvaluated("There is no task whose allocations could fail.");
      debuggee.act({ kind: "fail", task: numberOf(task), what: name, nth });
      if (nth === 0) return `Nothing of ${task.name} ${task.id} fails.`;
      return `${what} number ${nth} of ${task.name} ${task.id} from now on fails, in task context (${name}).`;
    },
    complete: (_, args) => (/\s/.test(args.trimStart()) ? [] : Object.keys(faults)),
  },
];
