// Reports memory that is given back twice, or that never was the allocator's, in the words of KASAN.

import { hex } from "../engine/interfaces.ts";
import type { Check } from "./check.ts";
import { kasanReport } from "./kasan.ts";
import { caller } from "./wording.ts";

export const doubleFree: Check = {
  id: "double-free",
  summary: "Memory is freed that has already been freed",
  start(bench) {
    return {
      "bad-free": (event, moment) => {
        const { address, object, stack } = event;
        const bug = event.why === "double" ? "double-free" : "invalid-free";
        const access = `Free of addr ${hex(address)}`;
        // kfree() passes on the address that it returns to.
        const culprit = caller(stack);
        bench.report(kasanReport({ bug, access, address, object, stack, culprit }, moment, bench));
      },
    };
  },
};
