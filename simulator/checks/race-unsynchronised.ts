// Reports data races, in the words of KCSAN, and what a task does with the number of a CPU that it may lose at any moment.
import { hex, type Site } from "../engine/interfaces.ts";
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent, RacingAccess } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { caller, comm, dumpStack, frame, RULER, siteOf } from "./wording.ts";

type Race = Extract<KernelEvent, { kind: "data-race" }>;

export const raceUnsynchronised: Check = {
  id: "race-unsynchronised",
  summary:
    "Memory is read and written at the same time, with nothing that orders the two, or a CPU's own without staying there",
  start({ ledger, report }) {
    return {
      "processor-id": ({ what, state, stack }, moment) => {
        const title = `BUG: using ${what} in preemptible [${state.preemptCount.toString(16).padStart(8, "0")}] code: ${comm(moment)}`;
        // `check_preemption_disabled()`: lib/smp_processor_id.c.
        const lines = [title, `caller is ${frame(caller(stack))}`, ...dumpStack(moment, stack, ledger)];
        report({ title, lines, site: siteOf(stack) });
      },
      "data-race": (event, moment) => {
        const names = [event.first, event.second].map(({ stack }) => stack[0]?.fn ?? "0x0").sort();
        const title = `BUG: KCSAN: data-race in ${names.join(" / ")}`;
        report({ title, lines: race(title, event, moment, ledger), site: placeOf(event) });
      },
    };
  },
};

/** `print_report()`: kernel/kcsan/report.c. */
function race(title: string, { first, second, before, after }: Race, moment: Moment, ledger: Ledger): string[] {
  const who = dumpStack({ ...moment, cpu: second.cpu, task: second.pid, comm: second.comm }, [], ledger);
  const digits = (value: bigint): string => value.toString(16).padStart(2 * second.bytes, "0");
  return [
    RULER,
    title,
    "",
    ...accessed(first),
    "",
    ...accessed(second),
    ...(second.bytes > 8 || before === after ? [] : ["", `value changed: 0x${digits(before)} -> 0x${digits(after)}`]),
    "",
    "Reported by Kernel Concurrency Sanitizer on:",
    ...who.slice(0, who.indexOf("Call Trace:")),
    RULER,
  ];
}

function accessed({ kind, isMarked, address, bytes, cpu, task, stack }: RacingAccess): string[] {
  const words = isMarked ? `${kind} (marked)` : kind;
  const who = task === undefined ? "interrupt" : `task ${task}`;
  return [
    `${words} to 0x${hex(address)} of ${bytes} bytes by ${who} on cpu ${cpu}:`,
    ...stack.map((entry) => ` ${frame(entry)}`),
  ];
}

/** Which of the two came first is chance, so that the one to show is not chosen by it: a plain one, and the one further up. */
function placeOf({ first, second }: Race): Site | undefined {
  const [one, other] = [first, second].toSorted((a, b) => Number(a.isMarked) - Number(b.isMarked) || order(a, b));
  return siteOf(one!.stack) ?? siteOf(other!.stack);
}

function order(a: RacingAccess, b: RacingAccess): number {
  const [one, other] = [siteOf(a.stack), siteOf(b.stack)];
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}
