// `driverlab/breakOn`: stops where a register or a field is read, written or changed.
import type { BreakOn } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { isSame } from "../own-breakpoints.ts";
import { setDataBreakpoints } from "./set-data-breakpoints.ts";
import { registerOf } from "./write-register.ts";

export function breakOn(debuggee: Debuggee, { access, ...name }: BreakOn): void {
  registerOf(debuggee, name);
  if (access !== undefined && !["read", "write", "readWrite"].includes(access)) {
    throw badArgument("access", "“read”, “write” or “readWrite”");
  }
  const others = debuggee.ownBreakpoints.filter((one) => !isSame(one, name));
  debuggee.ownBreakpoints = access === undefined ? others : [...others, { ...name, access }];
  // Those of the protocol are set anew with them, under the same numbers.
  if (debuggee.wishes.has("data")) debuggee.wishes.repeat("data");
  else setDataBreakpoints(debuggee, { breakpoints: [] });
  debuggee.changed();
}
