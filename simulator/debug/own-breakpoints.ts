// Data breakpoints on registers and their fields that a client sets from its own views, besides those of the protocol.
import type { BreakOnAccess, RegisterName } from "../protocol.ts";

export type BreaksOn = readonly (RegisterName & { readonly access: BreakOnAccess })[];

/** What is set on a register or on a field. */
export function breaksOf(all: BreaksOn, name: RegisterName): { readonly breaksOn?: BreakOnAccess } {
  const access = all.find((one) => isSame(one, name))?.access;
  return access === undefined ? {} : { breaksOn: access };
}

export function isSame(a: RegisterName, b: RegisterName): boolean {
  return a.device === b.device && a.register === b.register && a.field === b.field;
}
