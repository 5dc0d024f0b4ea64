// linux/mm: pages and their addresses.
import type { Kernel } from "../kernel/kernel.ts";
import { pageFunctions } from "./gfp.ts";
import { Header } from "./header.ts";

export function mm(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  pageFunctions(header, kernel);
  return header;
}
