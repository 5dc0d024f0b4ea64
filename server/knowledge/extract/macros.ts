// Function-like macros of one file, and object-like ones that stand for another name.
import { macroBodyFacts } from "./body.ts";
import type { HarvestedMacro } from "./harvest.ts";
import type { Source } from "./source.ts";

export function macrosOf(source: Source): HarvestedMacro[] {
  const found: HarvestedMacro[] = [];
  for (const macro of source.parsed.unit.macros) {
    if (macro.params === undefined && !(/^[A-Za-z_]\w*$/.test(macro.body) && macro.body !== macro.name)) continue;
    const doc = source.doc(macro.name, macro.start);
    found.push({
      name: macro.name,
      line: source.line(macro.nameSpan.start),
      ...(macro.params === undefined ? { standsFor: macro.body } : { parameters: macro.params }),
      ...(doc === undefined ? {} : { doc }),
      ...(source.isInactive(macro.start) ? { inactive: true } : {}),
      body: macroBodyFacts(macro),
    });
  }
  return found;
}
