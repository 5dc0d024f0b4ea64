// The wording of refcount_t's warnings, which two checks share: `refcount_warn_saturate()`, lib/refcount.c.
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Bench } from "./check.ts";
import { warnLines } from "./oops.ts";
import { siteOf } from "./wording.ts";

export function refcountReport(
  { ledger, report }: Bench,
  isOurs: (text: string) => boolean,
): (event: KernelEvent, moment: Moment) => void {
  return (event, moment) => {
    if (event.kind !== "refcount" || !isOurs(event.text)) return;
    const { text, stack } = event;
    report({ title: text, lines: warnLines(text, stack, moment, ledger), site: siteOf(stack) });
    ledger.taint("W");
  };
}
