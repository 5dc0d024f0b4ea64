// Reports a list whose links contradict each other, in the words of CONFIG_DEBUG_LIST.
import type { Check } from "./check.ts";
import { warnLines } from "./oops.ts";
import { siteOf } from "./wording.ts";

export const listCorruption: Check = {
  id: "list-corruption",
  summary: "An entry is added to a list twice, or taken out of one that it is not in",
  start({ ledger, report }) {
    return {
      "list-corruption": (event, moment) => {
        const { text, stack } = event;
        // `CHECK_DATA_CORRUPTION()`: include/linux/bug.h; the text comes before the warning.
        report({ title: text, lines: [text, ...warnLines("", stack, moment, ledger)], site: siteOf(stack) });
        ledger.taint("W");
      },
    };
  },
};
