// The texts of an oops and of WARN(): they are the kernel's, not a check's, but worded like their reports.

import type { FaultedAccess } from "../engine/interfaces.ts";
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent, StackEntry } from "../kernel/events.ts";
import type { Ledger } from "./ledger.ts";
import { dumpStack, frame } from "./wording.ts";

/** What ends a task. */
type Deadly = Extract<KernelEvent, { readonly kind: "oops" | "stack-overflow" }>;

/** `show_fault_oops()`, `__die()` and `show_regs()` without registers, which the simulated processor does not have. */
export function oopsLines(event: Deadly, moment: Moment, ledger: Ledger): string[] {
  const { message, stack } = event;
  const access = event.kind === "oops" ? event.access : undefined;
  const code = access === undefined ? "0000" : errorCode(access);
  return [
    message,
    ...(access === undefined
      ? []
      : [`#PF: supervisor ${accessName(access)} in kernel mode`, `#PF: error_code(0x${code}) - not-present page`]),
    `Oops: ${event.kind === "oops" ? "Oops" : "stack guard page"}: ${code} [#${ledger.oopses}] PREEMPT SMP KASAN`,
    ...dumpStack(moment, stack, ledger).flatMap((line) =>
      line === "Call Trace:" ? [`RIP: ${frame(stack[0])}`, line] : [line],
    ),
    `Modules linked in:${ledger.modules.map((name) => ` ${name}`).join("")}`,
    "---[ end trace 0000000000000000 ]---",
  ];
}

/** The bits of `enum x86_pf_error_code`; none says that the page was there. */
function errorCode({ isWrite, isFetch }: FaultedAccess): string {
  const code = isFetch === true ? 0x10 : isWrite ? 0x2 : 0;
  return code.toString(16).padStart(4, "0");
}

function accessName({ isWrite, isFetch }: FaultedAccess): string {
  return isFetch === true ? "instruction fetch" : `${isWrite ? "write" : "read"} access`;
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
