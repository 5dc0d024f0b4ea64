// Reports bytes that go to user space though nobody ever wrote them, in the words of KMSAN.
import { hex } from "../engine/interfaces.ts";
import type { Check } from "./check.ts";
import { kmsanReport, Origins } from "./kmsan.ts";

export const infoLeakToUser: Check = {
  id: "info-leak-to-user",
  summary: "Allocated memory is copied to user space before all of it was written",
  start({ ledger, report }) {
    const origins = new Origins();
    return {
      ...origins.handlers,
      "info-leak": (event, moment) => {
        const { from, to, bytes, first, last, stack } = event;
        const details = [
          first === last
            ? `Byte ${first} of ${bytes} is uninitialized`
            : `Bytes ${first}-${last} of ${bytes} are uninitialized`,
          `Memory access of size ${bytes} starts at ${hex(from)}`,
          `Data copied to user address ${hex(to)}`,
        ];
        report(kmsanReport({ bug: "kernel-infoleak", stack, created: origins.of(from), details }, moment, ledger));
        ledger.taint("B");
      },
    };
  },
};
