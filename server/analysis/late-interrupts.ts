// Interrupts that the driver core frees only after the driver has freed, by hand, what their handlers are given.
import { placeOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { callsOf } from "./calls-of.ts";
import { calledBelow, leavingFunctions } from "./pairs.ts";
import { stripCasts } from "./summary.ts";

export interface LateInterrupt extends Span {
  /** The function that frees the data. */
  readonly fn: string;
  readonly data: string;
  readonly request: Span & { readonly by: string };
}

export function lateInterrupts(program: Program): readonly LateInterrupt[] {
  if (!STOPS.every((name) => !program.calls.has(name))) return [];
  const found: LateInterrupt[] = [];
  for (const fn of program.functions.values()) {
    for (const request of callsOf(fn)) {
      if (!REQUESTS.test(request.name ?? "")) continue;
      const data = request.expr.args.at(-1);
      const type = data === undefined ? undefined : program.types.typeOf(stripCasts(data), fn.def);
      if (type?.pointers !== 1 || !type.base.startsWith("struct ")) continue;
      const ways = [...program.functions.keys()].flatMap((name) =>
        calledBelow(program, name).has(fn.name) ? leavingFunctions(program, name) : [],
      );
      for (const way of new Set(ways)) {
        const out = program.functions.get(way);
        // What the way out frees itself, without a condition, is gone before the driver core's turn comes.
        const free =
          out === undefined
            ? undefined
            : callsOf(out).find((event) => {
                const arg = event.expr.args[0];
                if (
                  !/^k(v)?free$/.test(event.name ?? "") ||
                  arg === undefined ||
                  placeOf(stripCasts(arg)) === undefined
                )
                  return false;
                const freed = program.types.typeOf(stripCasts(arg), out.def);
                return freed?.base === type.base && freed.pointers === 1;
              });
        if (free === undefined) continue;
        const { start, end } = request;
        found.push({
          fn: way,
          data: placeOf(stripCasts(free.expr.args[0]!))!,
          request: { by: request.name!, start, end },
          start: free.start,
          end: free.end,
        });
      }
    }
  }
  return found;
}

const REQUESTS = /^devm_request_(irq|threaded_irq|any_context_irq)$/;

/** The driver frees or stops it itself, somewhere. */
const STOPS = ["devm_free_irq", "free_irq", "disable_irq", "disable_irq_nosync", "devm_release_action"];
