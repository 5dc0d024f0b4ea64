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
    /** Where readl() or its kin found no device: that has a check of its own. */
    let missed: number | undefined;
    return {
      "mmio-out-of-range": (event) => {
        missed = event.address;
      },
      oops: (event, moment) => {
        if (event.access === undefined || event.access.isFetch) return;
        const { address, bytes, isWrite } = event.access;
        if (address < IOMEM_START || address >= IOMEM_END) return;
        // A device that answers readl() with an abort is no page that is not mapped.
        if (address === missed || !event.message.startsWith("BUG: unable to handle page fault")) return;
        const title = `MMIO: plain ${isWrite ? "write" : "read"} of size ${bytes} at addr ${hex(address)}, which is device memory`;
        report({ title, lines: [title, ...dumpStack(moment, event.stack, ledger)], site: siteOf(event.stack) });
      },
    };
  },
};
