// The symbols that a file offers to modules.
import type { Harvest } from "./harvest.ts";

/** `EXPORT_SYMBOL(x)`, `EXPORT_SYMBOL_NS_GPL(x, NS)`, and the subsystems' own: `ACPI_EXPORT_SYMBOL(x)`. */
const statement = /^[ \t]*((?:[A-Z]+_)?EXPORT_SYMBOL(?:_[A-Z_]+)?)[ \t]*\(\s*([A-Za-z_]\w*)\s*[,)]/gm;
/** Offered only to the kernel's own tests. */
const forTests = /KUNIT|TESTS_ONLY/;
/** Subsystems' macros whose name does not say that they offer to modules under the GPL. */
const underGpl = new Set(["IWL_EXPORT_SYMBOL"]);

/** `clean` is the text without comments and preprocessor lines. */
export function exportsOf(clean: string): Harvest["exports"] {
  if (!clean.includes("EXPORT_SYMBOL")) return [];
  return [...clean.matchAll(statement)]
    .filter((found) => !forTests.test(found[1]!))
    .map((found) => ({ name: found[2]!, gpl: found[1]!.includes("GPL") || underGpl.has(found[1]!) }));
}
