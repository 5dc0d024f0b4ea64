// Values that come from outside the kernel (user space, the wire, firmware), and whether anything has bounded them.
import { type Block, type Event, type ReturnEvent, successors } from "../program/cfg.ts";
import { placeOf, rootOf, textOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { CallExpr, Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { fromWire } from "./integer-type.ts";
import { type Constants, constantOf, evaluate } from "./stack.ts";
import { stripCasts } from "./summary.ts";

/** A value that whoever is outside may choose freely, up to `max`. */
export interface Outside {
  readonly place: string;
  readonly max: number;
  /** Where it came in, and through what: `le32_to_cpu()`. */
  readonly source: Span;
  readonly through: string;
  readonly origin: Origin;
}

/** User space; the byte order of a device, a file or the wire; text that was parsed; a property of the firmware. */
export type Origin = "user" | "wire" | "text" | "firmware";

interface Definition {
  readonly max: number;
  readonly through: string;
  readonly origin: Origin;
  readonly at: Span;
}

interface Defined extends Definition {
  readonly event: Event;
}

/** Functions that leave a number at an address: which argument that is, and how large the number may be. */
const FILLS: readonly (readonly [RegExp, (args: readonly Expr[]) => number, number])[] = [
  [/^(of|device|fwnode)_property_read_u32$/, () => 2, 0xffffffff],
  [/^of_property_read_u32_index$/, () => 3, 0xffffffff],
  [/^kstrtou(32|int)(_from_user)?$/, (args) => args.length - 1, 0xffffffff],
  [/^kstrto(s32|int)(_from_user)?$/, (args) => args.length - 1, 0x7fffffff],
];

/** What the VFS lets through at most: `INT_MAX & PAGE_MASK` (include/linux/fs.h). */
const MAX_RW_COUNT = 0x7ffff000;

const COPIES = /^(__)?copy_from_user$/;
const DUPLICATES = /^v?memdup_user(_nul)?$/;
const READS = /^(__)?get_user$/;

interface Fill {
  readonly index: number;
  readonly max: number;
  readonly name: string;
}

type Echo = Omit<Fill, "name">;

/** What brings anything in; a file without these words is not looked through. */
const SOURCES =
  /_to_cpu|get_unaligned_|\bntoh|_property_read_u32|\bkstrto|copy_from_user|memdup_user|\bget_user|__get_user/;

const bringsIn = new WeakMap<Program["file"], boolean>();
const known = new WeakMap<Program, OutsideValues>();

/** Worked out once for all rules that ask. */
export function outsideValues(program: Program): OutsideValues {
  const values = known.get(program) ?? new OutsideValues(program);
  known.set(program, values);
  return values;
}

export class OutsideValues {
  private readonly program: Program;
  /** Whether anything comes in at all. */
  readonly any: boolean;
  private numbers: Constants | undefined;
  private readonly known = new Map<string, ReadonlyMap<string, readonly Defined[]>>();
  private readonly results = new Map<string, Outside | undefined>();
  private readonly echoes = new Map<string, Echo | undefined>();
  private readonly filled = new Map<string, Fill | undefined>();

  constructor(program: Program) {
    this.program = program;
    this.any = bringsIn.get(program.file) ?? SOURCES.test(program.file.text);
    bringsIn.set(program.file, this.any);
  }

  get constants(): Constants {
    this.numbers ??= constantOf(this.program);
    return this.numbers;
  }

  constant(expr: Expr): number | undefined {
    return evaluate(stripCasts(expr), this.constants, this.program, 0);
  }

  /**
   * What an expression that is evaluated within `use` holds, when it comes from outside and nothing bounded it up to the
   * offset `until`. Comparisons of `except` do not count: they are the ones that are judged.
   */
  of(fn: Func, expr: Expr, use: Span, until: number, except?: string): Outside | undefined {
    if (!this.any) return undefined;
    const inner = stripCasts(expr);
    if (inner.kind === "call") {
      const made = this.made(inner);
      const place = inner.args[0] === undefined ? undefined : textOf(inner.args[0]);
      if (made === undefined || place === undefined) return undefined;
      const bound = this.bound(fn, place, until, made.max, except, made.at);
      return bound === undefined ? undefined : { ...made, max: bound, place: textOf(inner) ?? place, source: made.at };
    }
    const place = placeOf(inner);
    if (place === undefined) return undefined;
    for (const each of this.definitions(fn).get(place) ?? this.members(fn, place)) {
      const block = fn.cfg.blocks.find(({ events }) => events.includes(each.event))!;
      if (!reaches(fn.cfg.blocks, block, block.events.indexOf(each.event) + 1, use, place)) continue;
      const bound = this.bound(fn, place, until, each.max, except, each.event);
      if (bound !== undefined) return { ...each, max: bound, place, source: each.at };
    }
    return undefined;
  }

  /** What a system call passes as a parameter, as long as nothing in the function bounds or changes it before `use`. */
  parameter(fn: Func, name: string, use: Span, through: string): Outside | undefined {
    const from = this.unchanged(fn, name, use, through);
    const max = from && this.bound(fn, name, use.start, from.max, undefined, fn.def);
    return from === undefined || max === undefined ? undefined : { ...from, max };
  }

  /** What a system call passes as a parameter, when it comes to `use` as it was passed. */
  unchanged({ cfg, def }: Func, name: string, use: Span, through: string): Outside | undefined {
    const param = def.params.find((each) => each.name === name);
    if (param === undefined || !reaches(cfg.blocks, cfg.blocks[cfg.entry]!, 0, use, name)) return undefined;
    return { place: name, max: MAX_RW_COUNT, source: param.nameSpan, through, origin: "user" };
  }

  /** What a call gives back from outside. */
  private made(call: CallExpr): Definition | undefined {
    const name = call.callee.kind === "name" ? call.callee.name : "";
    const bits = fromWire(name);
    if (bits !== undefined) return { max: 2 ** bits - 1, through: `${name}()`, origin: "wire", at: call };
    const callee = this.program.functions.get(name);
    if (callee === undefined) return undefined;
    const from = once(this.results, name, () =>
      first(returns(callee), (event) => {
        const given = stripCasts(event.value);
        if (given.kind !== "call")
          return given.kind === "name" ? this.of(callee, given, event, event.start) : undefined;
        // `return validated(dev, value)`: what is given back is an argument.
        const echo = this.echo(given);
        const arg = echo === undefined ? undefined : given.args[echo.index];
        const inner = arg === undefined ? undefined : this.of(callee, arg, event, event.start);
        return inner === undefined ? undefined : { ...inner, max: Math.min(inner.max, echo!.max) };
      }),
    );
    return from === undefined ? undefined : { max: from.max, through: from.through, origin: from.origin, at: call };
  }

  /** The parameter that a function of the file gives back, and how large that may be. */
  private echo({ callee }: CallExpr): Echo | undefined {
    const fn = callee.kind === "name" ? this.program.functions.get(callee.name) : undefined;
    if (fn === undefined) return undefined;
    return once(this.echoes, fn.name, () =>
      first(returns(fn), (event) => {
        const given = stripCasts(event.value);
        const inner = given.kind === "call" ? this.echo(given) : undefined;
        const value = given.kind === "call" ? inner && given.args[inner.index] : given;
        const index = fn.def.params.findIndex((param) => value?.kind === "name" && param.name === value.name);
        if (value?.kind !== "name" || index < 0) return undefined;
        const max = this.bound(fn, value.name, event.start, inner?.max ?? Infinity, undefined, fn.def);
        return max === undefined ? undefined : { index, max };
      }),
    );
  }

  /** Where variables of a function get something from outside, by place. */
  private definitions(fn: Func): ReadonlyMap<string, readonly Defined[]> {
    const known = this.known.get(fn.name);
    if (known !== undefined) return known;
    const found = new Map<string, Defined[]>();
    this.known.set(fn.name, found);
    const add = (place: string | undefined, event: Event, each: Omit<Definition, "at">): void => {
      if (place === undefined) return;
      const list = found.get(place) ?? [];
      found.set(place, list);
      list.push({ ...each, event, at: event });
    };
    for (const { events } of fn.cfg.blocks) {
      for (const event of events) {
        if (event.kind === "assign" && event.value !== undefined) {
          const value = stripCasts(event.value);
          const name = value.kind === "call" && value.callee.kind === "name" ? value.callee.name : "";
          if (DUPLICATES.test(name))
            add(`${placeOf(event.target)}->`, event, { max: Infinity, through: `${name}()`, origin: "user" });
          else if (value.kind === "call" && event.target.kind === "name") {
            const made = this.made(value);
            if (made !== undefined) add(placeOf(event.target), event, made);
          }
        }
        if (event.kind !== "call" || event.name === undefined) continue;
        const { name } = event;
        const { args } = event.expr;
        if (COPIES.test(name) && args[0] !== undefined) {
          const through = { max: Infinity, through: `${name}()`, origin: "user" as const };
          const target = stripCasts(args[0]);
          if (target.kind === "unary" && target.op === "&") {
            add(`${placeOf(target.operand)}.`, event, through);
            add(placeOf(target.operand), event, through);
          } else if (target.kind === "name") add(`${target.name}->`, event, through);
        } else if (READS.test(name))
          add(args[0] && placeOf(args[0]), event, { max: Infinity, through: `${name}()`, origin: "user" });
        else {
          const filled = this.fills(name, args);
          if (filled === undefined) continue;
          const target = args[filled.index] === undefined ? undefined : stripCasts(args[filled.index]!);
          if (target?.kind === "unary" && target.op === "&")
            add(placeOf(target.operand), event, {
              max: filled.max,
              through: `${filled.name}()`,
              origin: filled.name.startsWith("kstr") ? "text" : "firmware",
            });
        }
      }
    }
    return found;
  }

  /** `s.count` and `p->count` of what was copied from user space as a whole. */
  private members(fn: Func, place: string): readonly Defined[] {
    const root = rootOf(place);
    const definitions = this.definitions(fn);
    const rest = place.slice(root.length);
    if (!/^(\.|->)\w+$/.test(rest) || /^\*/.test(place)) return [];
    return definitions.get(`${root}${rest.startsWith(".") ? "." : "->"}`) ?? [];
  }

  /** Which argument a call leaves something from outside in. */
  private fills(name: string, args: readonly Expr[]): Fill | undefined {
    for (const [pattern, index, max] of FILLS) if (pattern.test(name)) return { index: index(args), max, name };
    const callee = this.program.functions.get(name);
    if (callee === undefined) return undefined;
    return once(this.filled, name, () => {
      const calls = callee.cfg.blocks.flatMap(({ events }) => events.filter((event) => event.kind === "call"));
      return first(calls, (event) => {
        const inner = event.name === undefined ? undefined : this.fills(event.name, event.expr.args);
        const arg = inner === undefined ? undefined : event.expr.args[inner.index];
        const index = callee.def.params.findIndex((param) => arg?.kind === "name" && param.name === arg.name);
        return inner === undefined || index < 0 ? undefined : { ...inner, index };
      });
    });
  }

  /** How large a place may still be at an offset; undefined when something may have bounded it. */
  private bound(
    fn: Func,
    place: string,
    until: number,
    max: number,
    except: string | undefined,
    from: Span,
  ): number | undefined {
    let left = max;
    let isBound = false;
    const look = (expr: Expr): void => {
      if (expr.kind === "binary" && /^([<>]=?|[=!]=)$/.test(expr.op)) {
        for (const [side, other] of [
          [expr.left, expr.right],
          [expr.right, expr.left],
        ] as const) {
          if (!mentionsPlace(side, place) || textOf(side) === except) continue;
          const limit = this.constant(other) ?? LIMITS.get(textOf(other) ?? "");
          if (limit === 0) continue;
          const alone = placeOf(stripCasts(side)) === place;
          if (limit !== undefined && limit >= 0x7fffffff && alone && /^[<>]/.test(expr.op))
            left = Math.min(left, limit);
          // What is looked at later than it is used bounds it no less, when it is looked at for itself.
          else if (expr.start < until || alone) isBound = true;
        }
      } else if (expr.kind === "binary" && (expr.op === "&&" || expr.op === "||")) {
        look(expr.left);
        look(expr.right);
      } else if (expr.kind === "unary" && expr.op === "!") look(expr.operand);
      else if (expr.kind === "binary" && expr.start < until && mentionsPlace(expr, place) && textOf(expr) !== except)
        isBound = true;
    };
    for (const { events, exit } of fn.cfg.blocks) {
      if (exit.kind === "branch") look(exit.test);
      if (exit.kind === "switch" && mentionsPlace(exit.value, place)) return undefined;
      for (const event of events) {
        if (event.kind === "assign" && event.value !== undefined && isTruth(event.value)) look(event.value);
        if (event.kind === "assign" && event.value === undefined && placeOf(event.target) === place) return undefined;
        if (event.kind === "call") for (const arg of event.expr.args) if (isTruth(arg)) look(arg);
        if (
          event.kind === "call" &&
          event.start !== from.start &&
          (event.start < until || OVERFLOW_CHECKS.test(event.name ?? "")) &&
          this.mayBound(event.expr, place)
        )
          return undefined;
      }
    }
    return isBound ? undefined : left;
  }

  /** A call that may look at the value, or change it. */
  private mayBound(call: CallExpr, place: string): boolean {
    const name = call.callee.kind === "name" ? call.callee.name : "";
    if (fromWire(name) !== undefined || /printk|^(dev|pr|netdev|netif|drm|v4l2)_\w+$|^IS_ERR|^PTR_ERR/.test(name))
      return false;
    const root = rootOf(place);
    const isPlain = this.program.knowledge.fn(name)?.kind === "function" && !this.program.functions.has(name);
    return call.args.some((arg) => {
      if (mentionsPlace(arg, place)) return !isPlain || /check|valid|min|max|clamp|limit|overflow|size_/.test(name);
      const inner = stripCasts(arg);
      const handed = inner.kind === "unary" && inner.op === "&" ? placeOf(inner.operand) : placeOf(inner);
      return handed !== undefined && handed === root && root !== place && !isPlain;
    });
  }
}

/** They bound a value wherever they stand. */
const OVERFLOW_CHECKS = /^(check_\w+_overflow|size_(add|mul|sub)|array\d*_size|struct_size)$/;

const LIMITS: ReadonlyMap<string, number> = new Map([
  ["INT_MAX", 0x7fffffff],
  ["S32_MAX", 0x7fffffff],
  ["UINT_MAX", 0xffffffff],
  ["U32_MAX", 0xffffffff],
]);

type Returned = ReturnEvent & { readonly value: Expr };

function returns(fn: Func): readonly Returned[] {
  return fn.cfg.blocks.flatMap(({ events }) =>
    events.filter((event): event is Returned => event.kind === "return" && event.value !== undefined),
  );
}

/** The answer for a key, worked out once; while it is being worked out (recursion), there is none. */
function once<T>(answers: Map<string, T | undefined>, key: string, ask: () => T | undefined): T | undefined {
  if (!answers.has(key)) {
    answers.set(key, undefined);
    answers.set(key, ask());
  }
  return answers.get(key);
}

function first<T, R>(list: readonly T[], ask: (each: T) => R | undefined): R | undefined {
  for (const each of list) {
    const answer = ask(each);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function isTruth(expr: Expr): boolean {
  return expr.kind === "binary" && /^([<>]=?|[=!]=|&&|\|\|)$/.test(expr.op);
}

/** Whether an expression reads a place. */
export function mentionsPlace(expr: Expr, place: string): boolean {
  let found = false;
  walkExpr(expr, (each) => {
    if (each.kind !== "assign" && (placeOf(each) === place || textOf(each) === place)) found = true;
  });
  return found;
}

/** Whether what a place holds at an event may still be there where an expression is evaluated. */
function reaches(blocks: readonly Block[], start: Block, from: number, use: Span, place: string): boolean {
  const seen = new Set<number>();
  const queue = [{ block: start, index: from }];
  const root = rootOf(place);
  for (const { block, index } of queue) {
    let killed = false;
    for (const event of block.events.slice(index)) {
      if (event.start <= use.start && use.end <= event.end) return true;
      const target = event.kind === "assign" ? placeOf(event.target) : undefined;
      killed =
        target === place ||
        target === root ||
        (event.kind === "iterate" && event.targets.some((each) => placeOf(each) === place));
      if (killed) break;
    }
    if (killed) continue;
    const { exit } = block;
    const tested = exit.kind === "branch" ? exit.test : exit.kind === "switch" ? exit.value : undefined;
    if (tested !== undefined && tested.start <= use.start && use.end <= tested.end) return true;
    for (const to of successors(exit)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push({ block: blocks[to]!, index: 0 });
    }
  }
  return false;
}
