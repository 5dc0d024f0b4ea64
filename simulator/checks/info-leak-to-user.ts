// Reports bytes that go to user space though nobody ever wrote them, in the words of KMSAN.
import { hex } from "../engine/interfaces.ts";
import type { StackEntry } from "../kernel/events.ts";
import type { Check } from "./check.ts";
import { caller, dumpStack, frame, siteOf } from "./wording.ts";

const RULE = "=".repeat(53);

export const infoLeakToUser: Check = {
  id: "info-leak-to-user",
  summary: "Allocated memory is copied to user space before all of it was written",
  start({ ledger, report }) {
    const live = new Map<number, { readonly bytes: number; readonly stack: readonly StackEntry[] }>();
    return (event, moment) => {
      if (event.kind === "alloc") live.set(event.address, { bytes: event.bytes, stack: event.stack });
      else if (event.kind === "free") live.delete(event.address);
      else if (event.kind === "info-leak") {
        const { from, to, bytes, first, last, stack } = event;
        const created = [...live].find(([start, one]) => from >= start && from < start + one.bytes)?.[1].stack ?? [];
        const title = `BUG: KMSAN: kernel-infoleak in ${frame(caller(stack))}`;
        const trace = dumpStack(moment, stack, ledger);
        const callTrace = trace.indexOf("Call Trace:");
        // `kmsan_report()`: mm/kmsan/report.c.
        const lines = [
          RULE,
          title,
          ...trace.slice(callTrace + 1),
          "",
          "Uninit was created at:",
          ...created.map((entry) => ` ${frame(entry)}`),
          "",
          first === last
            ? `Byte ${first} of ${bytes} is uninitialized`
            : `Bytes ${first}-${last} of ${bytes} are uninitialized`,
          `Memory access of size ${bytes} starts at ${hex(from)}`,
          `Data copied to user address ${hex(to)}`,
          "",
          ...trace.slice(0, callTrace),
          RULE,
        ];
        report({ title, lines, site: siteOf(stack) });
        ledger.taint("B");
      }
    };
  },
};
