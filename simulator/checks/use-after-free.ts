// Reports an access to memory that has been given back, in the words of KASAN.

import type { Check } from "./check.ts";
import { kasanOfAccess, kasanReport } from "./kasan.ts";

export const useAfterFree: Check = {
  id: "use-after-free",
  summary: "Memory is read or written after it was freed",
  start(bench) {
    return {
      "bad-access": (event, moment) => {
        const found = kasanOfAccess(event.access, event.object, event.stack);
        if (found.bug === "slab-use-after-free") bench.report(kasanReport(found, moment, bench));
      },
    };
  },
};
