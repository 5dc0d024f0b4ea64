// Reports fractions in driver code; the kernel has no words for it, as its compiler knows none, so these are ours.
import type { Check } from "./check.ts";
import { dumpStack, siteOf } from "./wording.ts";

export const floatInKernel: Check = {
  id: "float-in-kernel",
  summary: "A fraction is computed outside of kernel_fpu_begin() and kernel_fpu_end()",
  start({ ledger, report }) {
    return {
      float: (event, moment) => {
        const { value, target, stack } = event;
        const title = `FPU: floating point outside of kernel_fpu_begin(): ${value} for ${target}`;
        const lines = [title, `The fraction is dropped: ${Math.trunc(value)}.`, ...dumpStack(moment, stack, ledger)];
        report({ title, lines, site: siteOf(stack) });
      },
    };
  },
};
