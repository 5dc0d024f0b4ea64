// Locals that are read on a path that has not assigned them yet.
import type { AssignEvent, Block, CallEvent, Cfg, Event } from "../program/cfg.ts";
import { successors } from "../program/cfg.ts";
import { placeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { walkStatements } from "../program/statements.ts";
import type { Expr, Stmt, SwitchStmt, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { explore, refine } from "./explore.ts";
import { isStale } from "./liveness.ts";
import { type PathState, withValue } from "./state.ts";
import { stripCasts } from "./summary.ts";
import { evaluate, NEGATIVE, refinementOf, resultKey, type Value, ZERO } from "./values.ts";

export interface UnsetRead extends Span {
  readonly variable: Variable;
  /** Leaving its scope reads it: it is declared with `__free()`. */
  readonly atScopeEnd: boolean;
}

/** Words in the bodies of macros: a macro may assign a variable that its caller has by this name. */
export function macroWords({ macros }: Program): ReadonlySet<string> {
  const known = inMacros.get(macros);
  if (known !== undefined) return known;
  const words = new Set<string>();
  for (const { body } of macros.values()) for (const word of body.match(/\b[a-z_]\w*/g) ?? []) words.add(word);
  inMacros.set(macros, words);
  return words;
}

const inMacros = new WeakMap<Program["macros"], ReadonlySet<string>>();

export function unsetReads(program: Program, fn: Func, inMacros: ReadonlySet<string>): readonly UnsetRead[] {
  const { cfg, def } = fn;
  if (!cfg.complete) return [];
  const wanted = candidates(program, fn, inMacros);
  if (wanted.size === 0) return [];
  // An arm of an #if that was left out, or assembly, may assign what nothing else does.
  if (/\n\s*#\s*(if|el)|\basm\b|__asm__/.test(program.file.text.slice(def.start, def.end))) return [];
  const uses = new Uses(program, cfg, wanted);
  const loops = loopsOf(def.body);
  const unset = maybeUnset(cfg, uses, wanted);
  return unset.size === 0 ? [] : walk(cfg, uses, loops, unset);
}

/** Scalars and pointers that are declared once, without a value, and whose address goes to nobody but functions. */
function candidates(program: Program, fn: Func, inMacros: ReadonlySet<string>): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  const { blocks } = fn.cfg;
  for (const { events } of blocks) {
    for (const event of events) {
      if (event.kind !== "declare" || event.variable.init !== undefined || event.variable.isStatic) continue;
      const { variable } = event;
      if (inMacros.has(variable.name)) continue;
      if (program.types.localsOf(fn.def).get(variable.name)?.length === 1 && isScalar(variable))
        found.set(variable.name, variable);
    }
  }
  if (found.size === 0) return found;
  for (const { events, exit } of blocks) {
    for (const event of events) {
      const value = event.kind === "assign" || event.kind === "return" ? event.value : undefined;
      const target = event.kind === "assign" ? event.target : event.kind === "deref" ? event.base : undefined;
      for (const each of [value, target])
        if (each !== undefined) for (const name of addressed(each)) found.delete(name);
    }
    if (exit.kind === "branch") for (const name of addressed(exit.test)) found.delete(name);
  }
  for (const name of found.keys()) if (isTable(blocks, name)) found.delete(name);
  return found;
}

/** It gets one of several constants, range by range: whoever wrote that took the ranges for all there are. */
function isTable(blocks: readonly Block[], name: string): boolean {
  let constants = 0;
  for (const { events } of blocks)
    for (const event of events)
      if (event.kind === "assign" && event.target.kind === "name" && event.target.name === name)
        if (event.value?.kind === "number" || (event.value?.kind === "name" && /^[A-Z]/.test(event.value.name)))
          constants++;
  return constants >= 3;
}

/** Names whose address an expression takes, arguments of calls aside. */
function addressed(expr: Expr): readonly string[] {
  if (expr.kind === "call") return [];
  const names: string[] = [];
  walkExpr(expr, (each) => {
    if (each.kind === "unary" && each.op === "&" && each.operand.kind === "name") names.push(each.operand.name);
  });
  return names;
}

const SCALAR =
  /^((un)?signed|int|long|short|char|bool|u?int(8|16|32|64)?_t|[us](8|16|32|64)|__[us](8|16|32|64)|size_t|ssize_t|loff_t|gfp_t|dma_addr_t|phys_addr_t|resource_size_t|__[lb]e(16|32|64)|enum \w+|u(char|short|int|long)|irqreturn_t)\b/;

function isScalar({ type }: Variable): boolean {
  if (type.dimensions.length > 0 || type.callable || type.record !== undefined) return false;
  return type.pointers > 0 || SCALAR.test(type.base);
}

/** What events read and assign of the variables that are looked at. */
class Uses {
  private readonly program: Program;
  private readonly wanted: ReadonlyMap<string, Variable>;
  /** Calls of macros: what stands in their arguments happens when the macro likes, after it has assigned others. */
  private readonly macros: readonly Span[];

  constructor(program: Program, cfg: Cfg, wanted: ReadonlyMap<string, Variable>) {
    this.program = program;
    this.wanted = wanted;
    this.macros = cfg.blocks.flatMap(({ events }) =>
      events.filter((event) => event.kind === "call" && !this.passesValues(event)),
    );
  }

  private isInMacro(at: Span): boolean {
    return this.macros.some((each) => each.start < at.start && at.end <= each.end);
  }

  readsOfTest(test: Expr): readonly string[] {
    return this.isInMacro(test) ? [] : this.readsOf(test);
  }

  /** Whatever an expression reads for certain when it is evaluated, what calls in it read aside. */
  readsOf(expr: Expr): readonly string[] {
    switch (expr.kind) {
      case "name":
        return this.wanted.has(expr.name) ? [expr.name] : [];
      case "member":
        return this.readsOf(expr.base);
      case "index":
        return [...this.readsOf(expr.base), ...this.readsOf(expr.index)];
      case "unary":
        return expr.op === "&" ? this.insideAddress(expr.operand) : this.readsOf(expr.operand);
      case "cast":
        return this.readsOf(expr.operand);
      case "binary":
        return expr.op === "&&" || expr.op === "||"
          ? this.readsOf(expr.left)
          : [...this.readsOf(expr.left), ...this.readsOf(expr.right)];
      default:
        return [];
    }
  }

  /** `&p->x` reads p, `&x` reads nothing. */
  private insideAddress(expr: Expr): readonly string[] {
    if (expr.kind === "member") return expr.arrow ? this.readsOf(expr.base) : this.insideAddress(expr.base);
    return [];
  }

  reads(event: Event): readonly string[] {
    if (this.isInMacro(event)) return [];
    switch (event.kind) {
      case "assign": {
        const given = event.value ?? event.operand;
        const value = given === undefined ? [] : this.readsOf(given);
        const isOwn = event.target.kind === "name";
        return isOwn && event.value !== undefined ? value : [...value, ...this.readsOf(event.target)];
      }
      case "deref":
        return this.readsOf(event.base);
      case "return":
        return event.value === undefined ? [] : this.readsOf(event.value);
      case "call":
        return this.passesValues(event) ? event.expr.args.flatMap((arg) => this.readsOf(arg)) : [];
      case "cleanup":
        return event.variable !== undefined && this.wanted.has(event.variable.name) ? [event.variable.name] : [];
      default:
        return [];
    }
  }

  writes(event: Event): readonly string[] {
    switch (event.kind) {
      case "assign":
        return event.target.kind === "name" ? [event.target.name] : [];
      case "iterate":
        return event.targets.flatMap((each) => namesIn(each));
      case "call":
        // Who gets an address assigns; a macro may assign any of its arguments.
        if (this.mayLeave(event).length > 0) return [];
        return event.expr.args.flatMap((arg) => (this.passesValues(event) ? addressedIn(arg) : namesIn(arg)));
      default:
        return [];
    }
  }

  /** Variables that a call leaves as they are when it fails. */
  mayLeave({ name, expr }: CallEvent): readonly string[] {
    return KEEPS_WHEN_FAILED.test(name ?? "") && this.program.functions.get(name!) === undefined
      ? expr.args.flatMap(addressedIn).filter((each) => this.wanted.has(each))
      : [];
  }

  /** It is a function rather than a macro, which may do anything with its arguments. */
  private passesValues({ name }: CallEvent): boolean {
    if (name === undefined) return true;
    const { functions, inlines, knowledge, macros } = this.program;
    if (macros.has(name)) return false;
    if (functions.has(name) || inlines.has(name)) return true;
    const fact = knowledge.fact(name);
    return fact?.kind === "function" && fact.extracted?.kind !== "macro";
  }
}

/** drivers/of/property.c, drivers/base/property.c and lib/kstrtox.c: they fill in what they are given when they succeed. */
const KEEPS_WHEN_FAILED = /^((of|device|fwnode)_property_read_(u8|u16|u32|u64|string)|kstrto\w+)$/;

function namesIn(expr: Expr): readonly string[] {
  const names: string[] = [];
  walkExpr(expr, (each) => {
    if (each.kind === "name") names.push(each.name);
  });
  return names;
}

function addressedIn(expr: Expr): readonly string[] {
  const names: string[] = [];
  walkExpr(expr, (each) => {
    if (each.kind === "unary" && each.op === "&") names.push(...namesIn(each.operand).slice(0, 1));
  });
  return names;
}

/** The variables that some way through the graph, possible or not, reads without having assigned them. */
function maybeUnset(cfg: Cfg, uses: Uses, wanted: ReadonlyMap<string, Variable>): ReadonlyMap<string, Variable> {
  const into: (ReadonlySet<string> | undefined)[] = cfg.blocks.map(() => undefined);
  const found = new Map<string, Variable>();
  into[cfg.entry] = new Set();
  const waiting = new Set([cfg.entry]);
  for (const id of waiting) {
    waiting.delete(id);
    const block = cfg.blocks[id]!;
    const unset = new Set(into[id]);
    const read = (names: readonly string[]): void => {
      for (const name of names) if (unset.has(name)) found.set(name, wanted.get(name)!);
    };
    for (const event of block.events) {
      read(uses.reads(event));
      for (const name of uses.writes(event)) unset.delete(name);
      if (event.kind === "declare" && wanted.has(event.variable.name)) unset.add(event.variable.name);
    }
    if (block.exit.kind === "branch") read(uses.readsOfTest(block.exit.test));
    for (const to of successors(block.exit)) {
      const before = into[to];
      if (before !== undefined && [...unset].every((name) => before.has(name))) continue;
      into[to] = new Set([...(before ?? []), ...unset]);
      waiting.add(to);
    }
  }
  return found;
}

/** The test of a loop that may run not at all, and what the loop assigns. */
interface Loop {
  readonly at: Span;
  readonly whole: Span;
}

function loopsOf(body: Stmt): readonly Loop[] {
  const found: Loop[] = [];
  walkStatements(body, (stmt) => {
    if (stmt.kind === "macro") found.push({ at: { start: stmt.start, end: stmt.nameSpan.end }, whole: stmt });
    else if ((stmt.kind === "while" || stmt.kind === "for") && stmt.test !== undefined)
      found.push({ at: stmt.test, whole: stmt });
  });
  return found;
}

/** The key that says of a path that it has not assigned the variable. */
function mark(name: string): string {
  return `!${name}`;
}

function walk(
  cfg: Cfg,
  uses: Uses,
  loops: readonly Loop[],
  unset: ReadonlyMap<string, Variable>,
): readonly UnsetRead[] {
  const found = new Map<string, UnsetRead>();
  const params = new Set(cfg.def.params.map((param) => param.name));
  const note = (state: PathState, names: readonly string[], at: Span, atScopeEnd: boolean): void => {
    for (const name of names) {
      if (!state.values.has(mark(name))) continue;
      const before = found.get(name);
      if (before === undefined || at.start < before.start)
        found.set(name, { variable: unset.get(name)!, atScopeEnd, start: at.start, end: at.end });
    }
  };
  const assigned = (within: Span): readonly string[] =>
    [...unset.keys()].filter((name) =>
      cfg.blocks.some(({ events }) =>
        events.some(
          (event) => event.start >= within.start && event.end <= within.end && uses.writes(event).includes(name),
        ),
      ),
    );
  const switched = new Set(
    cfg.blocks.flatMap(({ exit }) => (exit.kind === "switch" ? (placeOf(exit.value) ?? []) : [])),
  );
  const counted = new Set(
    cfg.blocks.flatMap(({ exit }) =>
      exit.kind === "branch" && exit.test.kind === "binary" && exit.test.op.startsWith(">")
        ? (placeOf(exit.test.left) ?? [])
        : [],
    ),
  );
  const copied = copiedMembers(cfg);
  const loopWrites = new Map(loops.map((loop) => [loop, assigned(loop.whole)]));
  /** A loop is taken to run at least once, unless it counts a parameter down to 0. */
  const entered = (state: PathState, at: Span): PathState => {
    let after = state;
    for (const [loop, names] of loopWrites)
      if (at.start >= loop.at.start && at.end <= loop.at.end)
        for (const name of names) after = withValue(after, mark(name), undefined);
    return after;
  };
  explore(withoutMissedCases(cfg), {
    step(state, event) {
      note(state, uses.reads(event), event, event.kind === "cleanup");
      if (event.kind === "call") {
        const test = event.expr.args[0];
        if (test !== undefined && /^(.*_)?BUG_ON$/.test(event.name ?? "")) {
          const after = refine(state, test, false);
          return after === undefined ? [] : [after];
        }
        const left = uses.mayLeave(event);
        if (left.length > 0) {
          const filled = left.reduce((each, name) => withValue(change(each, name), mark(name), undefined), state);
          const key = resultKey(event.expr);
          return [withValue(state, key, { mask: NEGATIVE }), withValue(filled, key, { mask: ZERO })];
        }
      }
      let after = state;
      for (const name of uses.writes(event)) after = withValue(after, mark(name), undefined);
      if (event.kind === "assign") {
        const place = placeOf(event.target);
        if (place === undefined) return [after];
        const value =
          event.value === undefined ? sumOf(state, place, event) : valueGiven(state, place, event.value, counted);
        after = change(after, place);
        return [
          value === undefined || (value.mask === 7 && value.exact === undefined)
            ? after
            : withValue(after, place, value),
        ];
      }
      if (event.kind === "call") {
        for (const arg of event.expr.args) for (const name of addressedIn(stripCasts(arg))) after = change(after, name);
        return [after];
      }
      if (event.kind === "iterate") {
        for (const target of event.targets) {
          const place = placeOf(target);
          if (place !== undefined) after = change(after, place);
        }
        return [event.enters ? after : entered(after, event)];
      }
      if (event.kind === "declare" && unset.has(event.variable.name))
        return [withValue(after, mark(event.variable.name), { mask: ZERO })];
      return event.kind === "return" ? [] : [after];
    },
    decide(state, test, outcome) {
      note(state, uses.readsOfTest(test), test, false);
      // Which case it was is asked again in other words: `if (_IOC_DIR(cmd) & _IOC_READ)` after a switch on cmd.
      if (placesIn(test).some((place) => switched.has(place))) return withoutMarks(state);
      if (isLast(state, test, outcome)) return withoutMarks(state);
      if (test.kind === "member" && copied.has(test.field)) return withoutMarks(state);
      return test.kind === "name" && params.has(test.name) ? state : entered(state, test);
    },
    keep: new Set([...unset.keys()].map(mark)),
  });
  return [...found.values()];
}

/** `ret |= f()`: once it is an error it stays one. */
function sumOf({ values }: PathState, place: string, { op, operand }: AssignEvent): Value | undefined {
  if (operand === undefined || (op !== "|" && op !== "+")) return undefined;
  const { mask } = evaluate(values, operand);
  if (mask === NEGATIVE) return { mask: NEGATIVE };
  return mask === ZERO ? values.get(place) : undefined;
}

/** What a call leaves in a variable for errors is one, or 0: `if (ret) goto out;` leads to where `ret < 0` holds. */
function valueGiven(state: PathState, place: string, value: Expr, counted: ReadonlySet<string>): Value {
  const known = evaluate(state.values, value);
  const isError = known.mask === 7 && known.exact === undefined && /^(ret|err|error|rc|retval|rv|status)$/.test(place);
  return isError && !counted.has(place) && stripCasts(value).kind === "call" ? { mask: NEGATIVE | ZERO } : known;
}

/** A place holds something new: what was known of it is stale. */
function change(state: PathState, place: string): PathState {
  let after = state;
  for (const key of state.values.keys())
    if (key[0] !== "!" && isStale(key, place)) after = withValue(after, key, undefined);
  return after;
}

function placesIn(test: Expr): readonly string[] {
  const found: string[] = [];
  walkExpr(test, (each) =>
    found.push(...(each.kind === "name" || each.kind === "member" ? [placeOf(each) ?? ""] : [])),
  );
  return found;
}

function withoutMarks(state: PathState): PathState {
  return { ...state, values: new Map([...state.values].filter(([key]) => key[0] !== "!")) };
}

/** The end of a chain `if (x == A) … else if (x == B) …`: whoever wrote it took it for all there is. */
function isLast(state: PathState, test: Expr, outcome: boolean): boolean {
  const isEqual = test.kind === "binary" && ((test.op === "==" && !outcome) || (test.op === "!=" && outcome));
  const key = isEqual ? refinementOf(test)?.key : undefined;
  return key !== undefined && (state.values.get(key)?.not?.length ?? 0) >= 2;
}

/** Members that are tested in several objects: `usb->is_host` may be a copy of `data->is_host`. */
function copiedMembers({ blocks }: Cfg): ReadonlySet<string> {
  const places = new Map<string, string>();
  const found = new Set<string>();
  for (const { exit } of blocks) {
    if (exit.kind !== "branch" || exit.test.kind !== "member") continue;
    const { field } = exit.test;
    const place = placeOf(exit.test);
    if (place === undefined) continue;
    if ((places.get(field) ?? place) !== place) found.add(field);
    places.set(field, place);
  }
  return found;
}

/** The graph in which a switch without default has no value but those of its cases. */
function withoutMissedCases(cfg: Cfg): Cfg {
  const nowhere = cfg.blocks.length;
  const defaults = withDefault(cfg.def.body);
  const blocks = cfg.blocks.map((block): Block => {
    const { exit } = block;
    if (exit.kind !== "switch" || defaults.has(exit.value.start)) return block;
    return { ...block, exit: { ...exit, otherwise: nowhere } };
  });
  return { ...cfg, blocks: [...blocks, { id: nowhere, events: [], exit: { kind: "leave" }, inLoop: false }] };
}

/** Where the values stand of all switches that have a `default:`. */
function withDefault(body: Stmt): ReadonlySet<number> {
  const found = new Set<number>();
  const inside: SwitchStmt[] = [];
  walkStatements(body, (stmt) => {
    if (stmt.kind === "switch") inside.push(stmt);
    if (stmt.kind !== "case" || stmt.value !== undefined) return;
    const innermost = inside.findLast((each) => each.start <= stmt.start && stmt.end <= each.end);
    if (innermost !== undefined) found.add(innermost.value.start);
  });
  return found;
}
