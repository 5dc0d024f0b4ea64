// Memory references of the protocol: addresses as texts.
import { hex } from "../engine/interfaces.ts";
import { badReference } from "./errors.ts";

/** `0x10002040`. */
export function referenceTo(address: number): string {
  return `0x${hex(address)}`;
}

/** The address that a reference and an offset in bytes mean. */
export function addressOf(reference: unknown, offset = 0): number {
  const text = String(reference).trim();
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) + Math.trunc(Number(offset) || 0) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw badReference(text);
  return value;
}
