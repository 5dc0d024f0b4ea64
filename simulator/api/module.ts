// linux/module: how a module begins, ends, and says what it is.
import type { Kernel } from "../kernel/kernel.ts";
import { module as module_layout } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

/** THIS_MODULE, too, is found here: each image has its own. */
export function module(kernel: Kernel): Header {
  const { core, modules } = kernel;
  const header = new Header(core);
  header.layout("module", module_layout);
  /** The kernel's own code belongs to no module. */
  header.constant("THIS_MODULE", 0);

  /** Names the function that runs when the module is loaded. At file scope. */
  header.plain("module_init", ["callback"], "void", (init: number) => modules.setInit(init));
  /** Names the function that runs when it is unloaded. At file scope. */
  header.plain("module_exit", ["callback"], "void", (exit: number) => modules.setExit(exit));
  /** MODULE_LICENSE and its kin say what the module is. At file scope. */
  for (const key of ["LICENSE", "AUTHOR", "DESCRIPTION", "VERSION"]) {
    header.plain(`MODULE_${key}`, ["string"], "void", (text: number) =>
      modules.setInfo(key.toLowerCase(), kernel.textAt(text)),
    );
  }
  return header;
}
