// Reports a kernel stack that is full, in the words of the guard page below it: `handle_stack_overflow()`, arch/x86.
import type { Check } from "./check.ts";
import { oopsLines } from "./oops.ts";
import { siteOf } from "./wording.ts";

export const largeStack: Check = {
  id: "large-stack",
  summary: "Calls and local variables need more than the kernel stack has",
  start({ ledger, report }) {
    return {
      "stack-overflow": (event, moment) => {
        const { message, stack } = event;
        const lines = oopsLines(event, moment, ledger);
        // An endless recursion names the same frames over and over.
        report({ title: message, lines: shortened(lines), site: siteOf(stack) });
        ledger.taint("D");
      },
    };
  },
};

const MOST_LINES = 48;
const LAST_LINES = 8;

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  const left = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES - LAST_LINES), ` ... ${left} frames left out`, ...lines.slice(-LAST_LINES)];
}
