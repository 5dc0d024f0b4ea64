// linux/errno and linux/err: error numbers, and pointers that are error numbers.
import { errno, isErrPtr } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function errnoHeader({ core }: Kernel): Header {
  const header = new Header(core);
  header.constants(errno);
  header.constant("EWOULDBLOCK", errno.EAGAIN);
  return header;
}

export function err({ core }: Kernel): Header {
  const header = new Header(core);
  /** Whether a pointer is an error number. Any context. */
  header.plain("IS_ERR", ["ptr"], "bool", (address: number) => isErrPtr(address));
  /** Whether a pointer is an error number or NULL. Any context. */
  header.plain("IS_ERR_OR_NULL", ["ptr"], "bool", (address: number) => address === 0 || isErrPtr(address));
  /** The negative error number in a pointer. Any context. */
  header.plain("PTR_ERR", ["ptr"], "int", (address: number) => address | 0);
  /** The negative error number in a pointer, 0 when it is none. Any context. */
  header.plain("PTR_ERR_OR_ZERO", ["ptr"], "int", (address: number) => (isErrPtr(address) ? address | 0 : 0));
  /** A pointer that is a negative error number. Any context. */
  header.plain("ERR_PTR", ["int"], "ptr", (error: number) => error >>> 0, { mayBeErrPtr: true });
  /** An error pointer as a pointer to something else. Any context. */
  header.plain("ERR_CAST", ["ptr"], "ptr", (address: number) => address, { mayBeErrPtr: true });
  return header;
}
