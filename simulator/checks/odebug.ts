// The wording of debugobjects, which several checks share: `debug_print_object()`, lib/debugobjects.c.
import { hex, type Site } from "../engine/interfaces.ts";
import type { KernelEvent } from "../kernel/events.ts";
import type { Bench } from "./check.ts";
import type { Handlers } from "./handlers.ts";
import { warnLines } from "./oops.ts";
import { siteOf } from "./wording.ts";

type DebugObject = Extract<KernelEvent, { kind: "debug-object" }>;

export function odebugReport({ ledger, report }: Bench, isOurs: (event: DebugObject) => boolean): Handlers {
  /** Where each object was last made active: when its module goes, no statement of a driver runs. */
  const activated = new Map<number, Site | undefined>();
  return {
    "debug-object": (event, moment) => {
      if (event.action === "activate") activated.set(event.address, moment.site);
      if (!isOurs(event)) return;
      const { action, type, address, isActive, hint, stack } = event;
      const state = isActive ? "active" : "not available";
      const title = `ODEBUG: ${action} ${state} (active state 0) object: ${hex(address)} object type: ${type} hint: ${hint}`;
      report({ title, lines: warnLines(title, stack, moment, ledger), site: siteOf(stack) ?? activated.get(address) });
      ledger.taint("W");
    },
  };
}
