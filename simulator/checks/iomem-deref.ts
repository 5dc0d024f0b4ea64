// Reports device memory that is touched as if it were RAM; the kernel has no words for it, so these are ours.
import { hex } from "../engine/interfaces.ts";
import { IOMEM_START } from "../kernel/addresses.ts";
import type { Check } from "./check.ts";
import { dumpStack, siteOf } from "./wording.ts";

/** The last page holds the addresses that are errors. */
const IOMEM_END = 0xfffff000;

export const iomemDeref: Check = {
  id: "iomem-deref",
  summary: "Device memory is read or written without readl(), writel() and their kin",
  start({ ledger, report }) {
    return (event, moment) => {
      if (event.kind !== "oops" || event.access === undefined) return;
      const { address, bytes, isWrite } = event.access;
      if (address < IOMEM_START || address >= IOMEM_END) return;
      // readl() and its kin have a check of their own.
      if (event.stack[0]?.site === undefined) return;
      const title = `MMIO: plain ${isWrite ? "write" : "read"} of size ${bytes} at addr ${hex(address)}, which is device memory`;
      report({ title, lines: [title, ...dumpStack(moment, event.stack, ledger)], site: siteOf(event.stack) });
    };
  },
};
