// The texts of an oops and of WARN(): they are the kernel's, not a check's, but worded like their reports.

import type { Moment } from "../engine/trace.ts";
import type { StackEntry } from "../kernel/events.ts";
import type { Ledger } from "./ledger.ts";
import { dumpStack, frame } from "./wording.ts";

/** `__die()` and `show_regs()` without registers, which the simulated processor does not have. */
export function oopsLines(
  message: string,
  stack: readonly StackEntry[],
  count: number,
  moment: Moment,
  ledger: Ledger,
): string[] {
  return [
    message,
    `Oops: Oops: 0000 [#${count}] PREEMPT SMP KASAN`,
    ...dumpStack(moment, stack, ledger).flatMap((line) =>
      line === "Call Trace:" ? [`RIP: ${frame(stack[0])}`, line] : [line],
    ),
    `Modules linked in:${ledger.modules.map((name) => ` ${name}`).join("")}`,
    "---[ end trace 0000000000000000 ]---",
  ];
}

/** `__warn()`: kernel/panic.c; `inKernel` is the place of a warning that stands in the kernel's own code. */
export function warnLines(
  text: string,
  stack: readonly StackEntry[],
  moment: Moment,
  ledger: Ledger,
  inKernel?: string,
): string[] {
  const culprit = (inKernel === undefined ? stack.find(({ site }) => site !== undefined) : undefined) ?? stack[0];
  const { site } = culprit ?? {};
  const where =
    inKernel !== undefined
      ? `${inKernel} `
      : site === undefined
        ? ""
        : `${site.file.slice(site.file.lastIndexOf("/") + 1)}:${site.line} `;
  return [
    "------------[ cut here ]------------",
    ...(text === "" ? [] : [text]),
    `WARNING: CPU: ${moment.cpu} PID: ${moment.task} at ${where}${culprit?.fn ?? "kernel"}`,
    `Modules linked in:${ledger.modules.map((name) => ` ${name}`).join("")}`,
    ...dumpStack(moment, stack, ledger),
    "---[ end trace 0000000000000000 ]---",
  ];
}
