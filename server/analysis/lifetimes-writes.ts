// Which members and variables a function of the driver may write, itself or through what it calls.
import { placeOf } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import { calledBelow } from "./pairs.ts";
import { lastWord } from "./resources.ts";

/** Undefined: it calls something that is not known, and may write anything. */
const known = new WeakMap<Program, Map<string, ReadonlySet<string> | undefined>>();

/** Whether a call of this function may give a place, or what leads to it, another value. */
export function writtenBelow(program: Program, name: string | undefined, place: string): boolean {
  if (name === undefined || !program.functions.has(name)) return true;
  const cache = known.get(program) ?? new Map<string, ReadonlySet<string> | undefined>();
  known.set(program, cache);
  if (!cache.has(name)) cache.set(name, wordsWritten(program, name));
  const words = cache.get(name);
  return words === undefined || place.split(/->|\.|\[|\]/).some((word) => words.has(word));
}

function wordsWritten(program: Program, name: string): ReadonlySet<string> | undefined {
  const words = new Set<string>();
  for (const each of calledBelow(program, name)) {
    const fn = program.functions.get(each);
    if (fn === undefined) {
      if (program.knowledge.fn(each) === undefined) return undefined;
      continue;
    }
    if (!fn.cfg.complete) return undefined;
    for (const { events } of fn.cfg.blocks)
      for (const event of events) {
        if (event.kind === "call" && event.name === undefined) return undefined;
        const targets = event.kind === "assign" ? [event.target] : event.kind === "iterate" ? event.targets : [];
        for (const target of targets) {
          const place = placeOf(target);
          if (place === undefined) return undefined;
          if (target.kind !== "name" || !program.types.isLocal(fn.def, target.name)) words.add(lastWord(place));
        }
      }
  }
  return words;
}
