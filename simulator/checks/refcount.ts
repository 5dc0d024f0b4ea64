// The wording of refcount_t's warnings, which two checks share: `refcount_warn_saturate()`, lib/refcount.c.
import type { Bench } from "./check.ts";
import type { Handlers } from "./handlers.ts";
import { warnLines } from "./oops.ts";
import { siteOf } from "./wording.ts";

export function refcountReport({ ledger, report }: Bench, isOurs: (text: string) => boolean): Handlers {
  return {
    refcount: ({ text, stack }, moment) => {
      if (!isOurs(text)) return;
      report({ title: text, lines: warnLines(text, stack, moment, ledger), site: siteOf(stack) });
      ledger.taint("W");
    },
  };
}
