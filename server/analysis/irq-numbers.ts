// Interrupt numbers that may be a negative errno, and that are requested without anyone having looked.
import type { CallEvent } from "../program/cfg.ts";
import { placeOf, rootOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { lastWord } from "./resources.ts";
import { stripCasts } from "./summary.ts";
import { wordsTested } from "./untested.ts";

export interface UntestedNumber extends Span {
  /** Where the number is kept; absent when the call itself is the argument. */
  readonly place?: string;
  /** The function that gives it. */
  readonly name: string;
  /** The call that takes it. */
  readonly request: Span & { readonly name: string };
}

/** They return a negative errno or an interrupt number, which is never 0: drivers/base/platform.c. */
export const NEVER_ZERO: ReadonlySet<string> = new Set([
  "platform_get_irq",
  "platform_get_irq_optional",
  "platform_get_irq_byname",
  "platform_get_irq_byname_optional",
]);

export function untestedNumbers(program: Program, fn: Func): readonly UntestedNumber[] {
  const found = new Map<number, UntestedNumber>();
  if (!fn.cfg.complete) return [];
  for (const { events } of fn.cfg.blocks)
    for (const event of events) {
      const irq = event.kind === "call" ? requested(program, event) : undefined;
      if (event.kind !== "call" || irq === undefined) continue;
      const request = { name: event.name!, start: event.start, end: event.end };
      const place = irq.kind === "call" ? undefined : placeOf(irq);
      if (place !== undefined && isTested(program, fn, place)) continue;
      const calls = irq.kind === "call" ? [irq] : place === undefined ? [] : storedIn(fn, place);
      const names = calls.map((call) => (call?.callee.kind === "name" ? call.callee.name : ""));
      if (!names.every((name) => NEVER_ZERO.has(name))) continue;
      for (const [index, call] of calls.entries())
        found.set(call!.start, {
          ...(place === undefined ? {} : { place }),
          name: names[index]!,
          request,
          start: call!.start,
          end: call!.end,
        });
    }
  return [...found.values()];
}

/** The argument that is the interrupt: the one before its handler. */
function requested(program: Program, { name, expr }: CallEvent): Expr | undefined {
  const callbacks = name === undefined ? undefined : program.knowledge.fn(name)?.callbacks;
  const handler = callbacks?.find(({ role }) => role === "interrupt handler");
  const arg = handler === undefined ? undefined : expr.args[handler.param - 1];
  return arg === undefined ? undefined : stripCasts(arg);
}

function isTested(program: Program, fn: Func, place: string): boolean {
  const isOwn = /^\w+$/.test(place) && program.types.isLocal(fn.def, rootOf(place));
  const word = lastWord(place);
  return (isOwn ? [fn] : [...program.functions.values()]).some((each) => wordsTested(each).has(word));
}

/** The calls whose results the function stores in a place; undefined for what is no call. */
function storedIn({ cfg }: Func, place: string): readonly (CallExpr | undefined)[] {
  return cfg.blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind !== "assign" || placeOf(event.target) !== place) return [];
      const value = event.value === undefined ? undefined : stripCasts(event.value);
      return [value?.kind === "call" ? value : undefined];
    }),
  );
}
