// Direct accesses through pointers whose declaration says that they need an accessor.
import type { Facts } from "../analysis/facts.ts";
import { placeOf, spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import type { Related } from "./rule.ts";
import { related } from "./wording.ts";

export interface MarkedDeref extends Span {
  readonly fn: string;
  readonly place: string;
  readonly declared: Related[];
}

export function markedDerefs(program: Program, facts: Facts, mark: "__user" | "__iomem"): MarkedDeref[] {
  const found: MarkedDeref[] = [];
  const seen = new Set<number>();
  for (const { fn } of facts.functions.values()) {
    for (const block of fn.cfg.blocks) {
      for (const event of block.events) {
        if (event.kind !== "deref" || seen.has(event.start)) continue;
        const type = program.types.typeOf(event.base, fn.def);
        const place = placeOf(event.base);
        // An array member is an address, not an access; of a struct that is not seen, an argument may be either.
        const accessed = program.types.typeOf(event.accessed, fn.def);
        if (accessed === undefined ? event.isArgument : accessed.dimensions.length > 0) continue;
        if (type === undefined || place === undefined || type.base === "") continue;
        // `u32 __user **list`: only the innermost pointer is marked, and one step reaches no user memory yet.
        if (type.pointers !== 1 || type.dimensions.length > 0) continue;
        const annotation = type.annotations.find((each) => each.name === mark);
        if (annotation === undefined || type.annotations.some((each) => each.name === "__force")) continue;
        seen.add(event.start);
        found.push({
          fn: fn.name,
          place: spoken(place),
          declared: [related(program, annotation, `declared ${mark} here`)],
          start: event.start,
          end: event.end,
        });
      }
    }
  }
  return found;
}
