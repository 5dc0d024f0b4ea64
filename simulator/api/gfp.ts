// linux/gfp: how an allocation may find its memory.
import * as gfp from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

/** The flags by name; linux/slab exports them too. */
export const gfpFlags = { ...gfp };

export function gfpHeader({ core }: Kernel): Header {
  const header = new Header(core);
  header.constants(gfpFlags);
  return header;
}
