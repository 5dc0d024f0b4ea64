// Direct accesses through pointers whose declaration says that they need an accessor.
import type { Facts } from "../analysis/facts.ts";
import { placeOf, spoken } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Annotation, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { Related } from "./rule.ts";
import { relatedIn } from "./wording.ts";

export interface MarkedDeref extends Span {
  readonly fn: string;
  readonly place: string;
  /** The kernel function that follows the pointer, when the driver does not do so itself. */
  readonly callee?: string;
  readonly declared: Related[];
}

export function markedDerefs(program: Program, facts: Facts, mark: "__user" | "__iomem"): MarkedDeref[] {
  const found: MarkedDeref[] = [];
  const seen = new Set<string>();
  const look = (fn: Func, pointer: Expr, at: Span, callee?: string): void => {
    const annotation = markOf(program, fn, pointer, mark);
    const place = placeOf(pointer);
    // Once for each pointer of a function: whoever mends the first access sees the others beside it.
    if (annotation === undefined || place === undefined || seen.has(`${fn.name}:${place}`)) return;
    seen.add(`${fn.name}:${place}`);
    found.push({
      fn: fn.name,
      place: spoken(place),
      ...(callee === undefined ? {} : { callee }),
      declared: [relatedIn(program.types.fileOf(annotation).path, annotation, `declared ${mark} here`)],
      start: at.start,
      end: at.end,
    });
  };
  for (const { fn } of facts.functions.values()) {
    for (const block of fn.cfg.blocks) {
      for (const event of block.events) {
        if (event.kind === "deref") {
          // An array member is an address, not an access; of a struct that is not seen, an argument may be either.
          const accessed = program.types.typeOf(event.accessed, fn.def);
          if (accessed === undefined ? event.isArgument : accessed.dimensions.length > 0) continue;
          look(fn, event.base, event);
        } else if (event.kind === "call" && event.name !== undefined) {
          for (const index of plainAccesses(program, event.name)) {
            const arg = event.expr.args[index];
            if (arg !== undefined) look(fn, arg, arg, event.name);
          }
        }
      }
    }
  }
  return found;
}

/** Arguments that the string and memory functions of lib/string.c and lib/vsprintf.c read or write like any memory. */
function plainAccesses(program: Program, name: string): readonly number[] {
  if (!/^(mem(cpy|set|move|cmp|chr|scan)|str\w+|v?s[cn]*printf|sscanf|kstrto\w+)$/.test(name)) return [];
  return program.knowledge.fn(name)?.derefs ?? [];
}

function markOf(program: Program, fn: Func, pointer: Expr, mark: string): Annotation | undefined {
  const type = program.types.typeOf(pointer, fn.def);
  // `u32 __user **list`: only the innermost pointer is marked, and one step reaches no user memory yet.
  if (type === undefined || type.base === "" || type.pointers !== 1 || type.dimensions.length > 0) return undefined;
  if (type.annotations.some((each) => each.name === "__force")) return undefined;
  return type.annotations.find((each) => each.name === mark);
}
