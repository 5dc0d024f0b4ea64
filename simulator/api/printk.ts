// linux/printk: the kernel's log.
import type { Raw } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { textAt } from "../kernel/text.ts";
import { Header } from "./header.ts";

/** Levels of <linux/kern_levels.h>. */
const LEVELS = { EMERG: 0, ALERT: 1, CRIT: 2, ERR: 3, WARNING: 4, NOTICE: 5, INFO: 6, DEBUG: 7 } as const;

export function printk({ core, dynamicDebug, log, limits }: Kernel): Header {
  const header = new Header(core);
  for (const [name, level] of Object.entries(LEVELS)) header.constant(`KERN_${name}`, `\u0001${level}`);
  header.constant("KERN_CONT", "\u0001c");

  /** Writes to the log at the level that the format begins with. Any context. Characters written. */
  header.plain("printk", ["format"], "int", (format: number, ...values: Raw[]) => log.printk(format, values));
  /** pr_emerg … pr_info write to the log at their level. Any context. */
  for (const name of ["emerg", "alert", "crit", "err", "warn", "notice", "info"] as const) {
    const level = LEVELS[name === "warn" ? "WARNING" : (name.toUpperCase() as keyof typeof LEVELS)];
    header.plain(`pr_${name}`, ["format"], "void", (format: number, ...values: Raw[]) =>
      log.printk(format, values, level),
    );
    /** The same, at most ten times in five seconds from one place. Any context. */
    header.plain(`pr_${name}_ratelimited`, ["format"], "void", (format: number, ...values: Raw[]) => {
      if (limits.allows(core.here, limits.caller)) log.printk(format, values, level);
    });
  }
  /** printk, at most ten times in five seconds from one place. Any context. */
  header.plain("printk_ratelimited", ["format"], "void", (format: number, ...values: Raw[]) => {
    if (limits.allows(core.here, limits.caller)) log.printk(format, values);
  });
  /** Whether a message may be printed: ten in five seconds, of all that ask so. Any context. */
  header.plain("printk_ratelimit", [], "int", () => limits.allows("printk_ratelimit_state", limits.caller));
  /** Goes on with a message: a line of its own here, at the default level. Any context. */
  header.plain("pr_cont", ["format"], "void", (format: number, ...values: Raw[]) => log.printk(format, values));
  /** Writes for debugging, where insmod was given `dyndbg`. Any context. */
  header.plain("pr_debug", ["format"], "void", (format: number, ...values: Raw[]) => {
    const prefix = dynamicDebug.prefix(textAt(core.memory, format));
    if (prefix !== undefined) log.printk(format, values, LEVELS.DEBUG, prefix);
  });
  return header;
}
