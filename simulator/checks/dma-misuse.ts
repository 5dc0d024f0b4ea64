// Reports what CONFIG_DMA_API_DEBUG finds: mappings that are not given back, or not as they were made.

import type { Check } from "./check.ts";
import { warnLines } from "./oops.ts";
import { frame, siteOf } from "./wording.ts";

export const dmaMisuse: Check = {
  id: "dma-misuse",
  summary: "Memory is mapped for a device, or given back, against the rules of the DMA API",
  start({ ledger, report }) {
    return {
      "dma-misuse": (event, moment) => {
        const title = `DMA-API: ${event.device}: ${event.text}`;
        const lines = [
          ...warnLines(title, event.stack, moment, ledger),
          ...(event.mappedAt === undefined
            ? []
            : ["DMA-API: Mapped at:", ...event.mappedAt.map((one) => ` ${frame(one)}`)]),
        ];
        // Of a driver that has left nothing is on the stack any more.
        const site = siteOf(event.stack) ?? siteOf(event.mappedAt ?? []);
        report({ title: title.split("\n")[0]!, lines, site });
        ledger.taint("W");
      },
    };
  },
};
