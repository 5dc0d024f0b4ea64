// Reports an access outside of any object, in the words of KASAN.

import type { Check } from "./check.ts";
import { kasanOfAccess, kasanReport } from "./kasan.ts";

export const outOfBounds: Check = {
  id: "out-of-bounds",
  summary: "Memory is read or written beyond the end of an object, or before it",
  start(bench) {
    return {
      "bad-access": (event, moment) => {
        const found = kasanOfAccess(event.access, event.object, event.stack);
        if (found.bug !== "slab-use-after-free") bench.report(kasanReport(found, moment, bench));
      },
    };
  },
};
