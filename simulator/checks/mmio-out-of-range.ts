// Reports an access to device memory where the device has no register; the kernel has no words for it, so these are ours.

import { hex } from "../engine/interfaces.ts";
import type { Check } from "./check.ts";
import { dumpStack, siteOf } from "./wording.ts";

export const mmioOutOfRange: Check = {
  id: "mmio-out-of-range",
  summary: "Device memory is read or written where the device has no register, or with a width that it does not take",
  start({ ledger, report }) {
    return {
      "mmio-out-of-range": (event, moment) => {
        const { address, bytes, device, isWrite, stack } = event;
        const access = `${isWrite ? "write" : "read"} of size ${bytes}`;
        const title =
          device === undefined
            ? `MMIO: ${access} at addr ${hex(address)}, where nothing is mapped`
            : `MMIO: ${device}: ${access} at offset 0x${event.offset.toString(16)}, where it has no such register`;
        const outcome = isWrite ? "The device ignores the write." : "The device answers with all ones.";
        const lines = [title, ...(device === undefined ? [] : [outcome]), ...dumpStack(moment, stack, ledger)];
        report({ title, lines, site: siteOf(stack) });
      },
    };
  },
};
