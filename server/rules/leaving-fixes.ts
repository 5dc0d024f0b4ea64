// Fixes for what a path leaves behind: the call is added before the path leaves, or the path goes to the label that has it.
import type { Facts, FunctionFacts } from "../analysis/facts.ts";
import type { FunctionExit } from "../analysis/outcome.ts";
import type { PathState } from "../analysis/state.ts";
import { type StatesBefore, statesBefore } from "../analysis/states-before.ts";
import { ZERO } from "../analysis/values.ts";
import type { Program } from "../program/program.ts";
import type { Expr, GotoStmt, MacroStmt, ReturnStmt, Stmt } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { errorVariable, hasScopes, statementsOf, TAKES_NULL, tailFrom } from "./cleanup-labels.ts";
import type { Edit, Fix } from "./rule.ts";
import {
  type Item,
  indentOf,
  isLeaving,
  itemsOf,
  listOf,
  type Parents,
  parentsOf,
  putBefore,
} from "./statement-edits.ts";
import { givesBack, type Left, mustNotSleep, type Undo } from "./undoing.ts";
import { edit } from "./wording.ts";

/** The fix for what is left behind at an end of a function; none where it is not certain on all paths that come there. */
export function leavingFixes(
  program: Program,
  facts: Facts,
  fn: FunctionFacts,
  exit: Span,
  undo: Undo | undefined,
  isWrong: (exit: FunctionExit) => boolean,
): readonly Fix[] {
  if (undo === undefined || fn.outcome.cut) return [];
  // Some ways come to the same end with it on purpose.
  const here = fn.outcome.exits.filter(({ start, end }) => start === exit.start && end === exit.end);
  if (here.some((each) => undo.isLeft(each) && !isWrong(each))) return [];
  const before = statesBefore(program, fn.fn, facts.summaries);
  if (before === undefined) return [];
  const fix = new Leaving(program, fn, before, undo).fix(exit);
  return fix === undefined ? [] : [fix];
}

/** One fix for all the ways on which the same thing is left behind; none where one of the ways has none. */
export function onAllWays(ways: readonly (readonly Fix[])[]): readonly Fix[] {
  const [first, ...others] = ways.map(([fix]) => fix);
  if (first === undefined || others.includes(undefined)) return [];
  const edits = new Map(first.edits.map((each) => [`${each.start}-${each.end}`, each]));
  for (const each of others.flatMap((fix) => fix!.edits)) {
    const known = edits.get(`${each.start}-${each.end}`);
    if (known !== undefined && known.text !== each.text) return [];
    edits.set(`${each.start}-${each.end}`, each);
  }
  const title = others.length === 0 ? first.title : first.title.replace("on this path", "on these paths");
  return [{ ...first, title, edits: [...edits.values()] }];
}

/** The fix for what is left behind where its only name gets another value. */
export function overwritingFixes(
  program: Program,
  facts: Facts,
  { fn, outcome }: FunctionFacts,
  at: Span,
  undo: Undo | undefined,
): readonly Fix[] {
  const before = undo === undefined || outcome.cut ? undefined : statesBefore(program, fn, facts.summaries);
  const stmt = statementsOf<Stmt>(fn.def.body, (each) => each.kind === "expression" && each.start === at.start)[0];
  if (undo === undefined || before === undefined || stmt === undefined || !undo.isInScope(at.start)) return [];
  const states = before.get(stmt) ?? [];
  const isSafe = (state: Left): boolean => undo.isLeft(state) && !(undo.maySleep && mustNotSleep(state));
  // A pointer that was never obtained is NULL, and these take NULL.
  const isNull = (state: PathState): boolean =>
    TAKES_NULL.test(undo.name) && state.values.get(undo.word)?.mask === ZERO;
  if (!states.some(isSafe) || !states.every((each) => isSafe(each) || isNull(each))) return [];
  const edits = putBefore(program, parentsOf(fn.def.body), stmt, [undo.text]);
  return edits === undefined ? [] : [{ title: `Add ${undo.name}() before this assignment`, edits, preferred: true }];
}

class Leaving {
  private readonly program: Program;
  private readonly text: string;
  private readonly of: FunctionFacts;
  private readonly before: StatesBefore;
  private readonly undo: Undo;
  private readonly parents: Parents;
  /** The statements of the body itself, with the labels that clean up. */
  private readonly outer: readonly Item[];
  private readonly gotos: readonly GotoStmt[];

  constructor(program: Program, of: FunctionFacts, before: StatesBefore, undo: Undo) {
    const { body } = of.fn.def;
    this.program = program;
    this.text = program.file.text;
    this.of = of;
    this.before = before;
    this.undo = undo;
    this.parents = parentsOf(body);
    this.outer = itemsOf(body.body);
    this.gotos = statementsOf<GotoStmt>(body, (stmt) => stmt.kind === "goto");
  }

  fix(exit: Span): Fix | undefined {
    const { body } = this.of.fn.def;
    const stmt = statementsOf<ReturnStmt>(body, (each) => each.kind === "return").find(
      (each) => each.start === exit.start && each.end === exit.end,
    );
    if (stmt === undefined) return exit.start === body.end - 1 ? this.atTheEnd(exit) : undefined;
    return (
      this.toLabel(stmt, this.statesAt(stmt)) ?? this.beside(stmt, exit) ?? this.beforeGotos(stmt) ?? this.inLoop()
    );
  }

  private statesAt(stmt: Stmt): readonly Left[] {
    return this.before.get(stmt) ?? [];
  }

  /** Every path that comes there has it, and it may be given back there. */
  private isLeftAt(states: readonly Left[], at: number): boolean {
    const { undo } = this;
    return (
      states.length > 0 &&
      states.every((state) => undo.isLeft(state) && !(undo.maySleep && mustNotSleep(state))) &&
      undo.isInScope(at)
    );
  }

  /** The end of the body has no statement: the call becomes its last line. */
  private atTheEnd(exit: Span): Fix | undefined {
    const ends = this.of.outcome.exits.filter(({ start }) => start === exit.start);
    const lineStart = this.text.lastIndexOf("\n", exit.start) + 1;
    const last = this.of.fn.def.body.body.at(-1);
    if (!this.isLeftAt(ends, exit.start) || last === undefined || this.text.slice(lineStart, exit.start).trim() !== "")
      return undefined;
    const line = `${indentOf(this.text, last.start)}${this.undo.text}\n`;
    return this.say("before the function ends", [edit(this.program, { start: lineStart, end: lineStart }, line)]);
  }

  /** Right before the return, or before what was obtained earlier is given back there. */
  private beside(stmt: ReturnStmt, exit: Span): Fix | undefined {
    const items = itemsOf(listOf(this.parents, stmt) ?? [stmt]);
    const end = items.findIndex((each) => "stmt" in each && each.stmt === stmt);
    const at = this.positionIn(items, end);
    if (at === undefined) return undefined;
    const target = (items[at] as { readonly stmt: Stmt }).stmt;
    const states = target === stmt ? this.exitsAt(exit) : this.statesAt(target);
    if (!this.isLeftAt(states, target.start)) return undefined;
    const kept = target === stmt ? this.keepsValue(stmt) : { lines: [] };
    if (kept === undefined) return undefined;
    const lines = [...kept.lines, this.undo.text];
    const edits = putBefore(this.program, this.parents, target, lines, kept.instead);
    return edits === undefined ? undefined : this.say("on this path", edits);
  }

  private exitsAt(exit: Span): readonly Left[] {
    return this.of.outcome.exits.filter(({ start, end }) => start === exit.start && end === exit.end);
  }

  /** Where it belongs among the releases before a return: what came later goes first. Undefined where they are mixed up. */
  private positionIn(items: readonly Item[], end: number): number | undefined {
    let at = end;
    let later = false;
    for (let index = end - 1; index >= 0; index--) {
      const item = items[index]!;
      if (!("stmt" in item)) continue;
      if (item.stmt.kind !== "expression" || item.stmt.expr.kind !== "call") break;
      const call = item.stmt.expr;
      const given = this.statesAt(item.stmt).map((state) => givesBack(this.program, call, state));
      // By its name it may have given it back: then it is not certain that it is left.
      if (this.mayGiveBack(call)) return undefined;
      const from = this.undo.isEndedBy(call) ? -1 : given.find((each) => each !== undefined);
      if (from === undefined) continue;
      if (from < this.undo.at) {
        if (later) return undefined;
        at = index;
      } else later = true;
    }
    // What came later is given back before the position only.
    return items.slice(at, end).some((item) => this.comesLater(item)) ? undefined : at;
  }

  private mayGiveBack(call: Expr & { readonly kind: "call" }): boolean {
    const name = call.callee.kind === "name" ? call.callee.name : "";
    return (
      this.undo.word !== "" &&
      /free|put|release|destroy|unregister|close/.test(name) &&
      this.program.knowledge.fn(name) === undefined &&
      call.args.some((arg) => new RegExp(`\\b${this.undo.word}\\b`).test(this.text.slice(arg.start, arg.end)))
    );
  }

  private comesLater(item: Item): boolean {
    if (!("stmt" in item) || item.stmt.kind !== "expression" || item.stmt.expr.kind !== "call") return false;
    const call = item.stmt.expr;
    return this.statesAt(item.stmt).some((state) => (givesBack(this.program, call, state) ?? -1) > this.undo.at);
  }

  /** What is returned is worked out before anything is given back. */
  private keepsValue(stmt: ReturnStmt): { readonly lines: readonly string[]; readonly instead?: string } | undefined {
    const { value } = stmt;
    if (value === undefined || this.isSteady(value)) return { lines: [] };
    const name = errorVariable(this.program, this.of.fn);
    if (name === undefined) return undefined;
    return { lines: [`${name} = ${this.text.slice(value.start, value.end)};`], instead: `return ${name};` };
  }

  /** A constant, a local, or an error made of one: the same before and after. */
  private isSteady(value: Expr): boolean {
    switch (value.kind) {
      case "number":
        return true;
      case "name":
        return value.constant === true || /^[A-Z][A-Z0-9_]*$/.test(value.name) || this.isLocal(value.name);
      case "unary":
        return value.op === "-" && this.isSteady(value.operand);
      case "cast":
        return this.isSteady(value.operand);
      case "call": {
        const { callee, args } = value;
        return callee.kind === "name" && MAKES_ERRORS.test(callee.name) && args.every((each) => this.isSteady(each));
      }
      default:
        return false;
    }
  }

  private isLocal(name: string): boolean {
    return this.program.types.isLocal(this.of.fn.def, name);
  }

  /** A label from which exactly what the path has is given back. */
  private toLabel(stmt: ReturnStmt, states: readonly Left[]): Fix | undefined {
    if (states.length === 0 || this.gotos.length === 0 || hasScopes(this.program, this.of.fn)) return undefined;
    let best: { readonly label: string; readonly given: number; readonly end: ReturnStmt } | undefined;
    for (const [index, item] of this.outer.entries()) {
      if (!("label" in item) || item.start < stmt.end || !this.gotos.some(({ label }) => label === item.label))
        continue;
      const tail = tailFrom(this.outer, index);
      if (tail === undefined) continue;
      const given = tail.calls.map((call) => states.map((state) => givesBack(this.program, call, state)));
      if (given.some((each) => each.some((at) => at === undefined))) continue;
      if (!given.some((each) => each.every((at) => at === this.undo.at))) continue;
      if (best === undefined || given.length > best.given)
        best = { label: item.label, given: given.length, end: tail.end };
    }
    if (best === undefined || !this.isLeftAt(states, stmt.start)) return undefined;
    const lines = this.valueFor(stmt.value, best.end.value);
    const edits =
      lines === undefined ? undefined : putBefore(this.program, this.parents, stmt, lines, `goto ${best.label};`);
    return edits === undefined ? undefined : { title: `Go to ${best.label} instead`, edits, preferred: true };
  }

  /** What has to be stored so that the return at the label gives the same. */
  private valueFor(value: Expr | undefined, there: Expr | undefined): readonly string[] | undefined {
    if (value === undefined || there === undefined) return value === there ? [] : undefined;
    const [own, other] = [value, there].map((each) => this.text.slice(each.start, each.end)) as [string, string];
    if (own === other) return [];
    return there.kind === "name" && this.isLocal(other) ? [`${other} = ${own};`] : undefined;
  }

  /** Several ways lead to the return, and only some have it: those that jump there. */
  private beforeGotos(stmt: ReturnStmt): Fix | undefined {
    const end = this.outer.findIndex((each) => "stmt" in each && each.stmt === stmt);
    if (end === -1) return undefined;
    const here = this.gotos.filter((each) => this.leadsTo(each, end));
    const leaking = here.filter((each) =>
      this.statesAt(each).some((state) => this.undo.isLeft(state) && !this.givenAfter(each, end)),
    );
    if (leaking.length === 0 || !leaking.every((each) => this.isLeftAt(this.statesAt(each), each.start)))
      return undefined;
    return this.otherLabel(leaking) ?? this.newLabel(leaking, here, end) ?? this.inline(leaking, end);
  }

  private labelAt(label: string | undefined): number {
    return this.outer.findIndex((each) => "label" in each && each.label === label);
  }

  private leadsTo({ label, start }: GotoStmt, end: number): boolean {
    const at = this.labelAt(label);
    const there = this.outer[at];
    if (there === undefined || !("label" in there) || there.start < start || at > end) return false;
    return this.outer.slice(at, end).every((each) => !("stmt" in each) || !isLeaving(each.stmt));
  }

  /** Something between the label and the return gives it back. */
  private givenAfter(from: GotoStmt, end: number): boolean {
    return this.outer
      .slice(this.labelAt(from.label), end)
      .some((each) => this.states(from, each).some((at) => at === this.undo.at));
  }

  private states(from: GotoStmt, each: Item): readonly (number | undefined)[] {
    if (!("stmt" in each) || each.stmt.kind !== "expression" || each.stmt.expr.kind !== "call") return [];
    const call = each.stmt.expr;
    return this.statesAt(from).map((state) => givesBack(this.program, call, state));
  }

  /** `goto err_free` becomes `goto err_put`, the label above, from which only that is given back in addition. */
  private otherLabel(leaking: readonly GotoStmt[]): Fix | undefined {
    const [first] = leaking as [GotoStmt];
    if (hasScopes(this.program, this.of.fn) || leaking.some((each) => each.label !== first.label)) return undefined;
    const at = this.labelAt(first.label);
    const given = this.outer[at - 1];
    const gives = (from: GotoStmt): boolean => this.states(from, given!).every((each) => each === this.undo.at);
    if (given === undefined || !("stmt" in given) || this.states(first, given).length === 0) return undefined;
    if (!leaking.every(gives)) return undefined;
    const above = this.outer[at - 2];
    if (above !== undefined && "label" in above)
      return above.start > first.start ? this.relabelled(leaking, above.label, []) : undefined;
    const target = this.outer[at] as { readonly label: string; readonly start: number };
    const label = this.labelName(target.label);
    const lineStart = this.text.lastIndexOf("\n", given.stmt.start - 1) + 1;
    const indent = indentOf(this.text, target.start);
    if (label === undefined || this.text.slice(lineStart, given.stmt.start).trim() !== "") return undefined;
    const line = edit(this.program, { start: lineStart, end: lineStart }, `${indent}${label}:\n`);
    return this.relabelled(leaking, label, [line]);
  }

  private relabelled(gotos: readonly GotoStmt[], label: string, edits: readonly Edit[]): Fix {
    const changed = gotos.map((each) => edit(this.program, each, `goto ${label};`));
    const title = edits.length === 0 ? `Go to ${label} instead` : `Add the label ${label} for ${this.undo.name}()`;
    return { title, edits: [...changed, ...edits], preferred: true };
  }

  /** A label of its own above the one they go to, where nobody comes by without it. */
  private newLabel(leaking: readonly GotoStmt[], here: readonly GotoStmt[], end: number): Fix | undefined {
    const [first] = leaking as [GotoStmt];
    const at = this.labelAt(first.label);
    const target = this.outer[at] as { readonly label: string; readonly start: number };
    if (
      hasScopes(this.program, this.of.fn) ||
      leaking.some((each) => each.label !== first.label) ||
      !this.inOrder(leaking, end)
    )
      return undefined;
    const above = this.outer[at - 1];
    if (above === undefined || !("stmt" in above)) return undefined;
    // Those that fall through from above pass it too.
    const passing = here.filter((each) => this.labelAt(each.label) < at);
    if (!passing.every((each) => this.isLeftAt(this.statesAt(each), target.start) && !this.givenAfter(each, end)))
      return undefined;
    if (!isLeaving(above.stmt) && (passing.length === 0 || !this.isClosed(at))) return undefined;
    const label = this.labelName(target.label);
    const lineStart = this.text.lastIndexOf("\n", target.start - 1) + 1;
    const indent = this.text.slice(lineStart, target.start);
    if (label === undefined || indent.trim() !== "") return undefined;
    const body = `${indent}${label}:\n${indentOf(this.text, this.of.fn.def.body.body[0]!.start)}${this.undo.text}\n`;
    return this.relabelled(leaking, label, [edit(this.program, { start: lineStart, end: lineStart }, body)]);
  }

  /** Above the labels stands a return: only gotos come to them. */
  private isClosed(at: number): boolean {
    for (let index = at - 1; index >= 0; index--) {
      const item = this.outer[index]!;
      if ("stmt" in item && isLeaving(item.stmt)) return true;
      if ("stmt" in item && item.stmt.kind !== "expression") return false;
    }
    return false;
  }

  private labelName(beside: string): string | undefined {
    const prefix = /^(err|error|out|fail|exit|free|unlock)(?=_|$)/.exec(beside)?.[1] ?? "err";
    const verb = VERB.exec(this.undo.name)?.[1] ?? this.undo.name;
    const words = [
      /^(free|unlock)$/.test(prefix) ? "err" : prefix,
      verb,
      ...(this.undo.word === "" || verb.includes(this.undo.word) ? [] : [this.undo.word]),
    ];
    const label = words.join("_");
    return new RegExp(`\\b${label}\\b`).test(this.text.slice(this.of.fn.def.start, this.of.fn.def.end))
      ? undefined
      : label;
  }

  /** From the label on only what was obtained earlier is given back. */
  private inOrder(leaking: readonly GotoStmt[], end: number): boolean {
    return leaking.every((from) =>
      this.outer
        .slice(this.labelAt(from.label), end)
        .every((each) => this.states(from, each).every((at) => at === undefined || at < this.undo.at)),
    );
  }

  private inline(leaking: readonly GotoStmt[], end: number): Fix | undefined {
    if (!this.inOrder(leaking, end)) return undefined;
    const edits = leaking.map((each) => putBefore(this.program, this.parents, each, [this.undo.text]));
    if (edits.some((each) => each === undefined)) return undefined;
    return this.say(
      "before the jump",
      edits.flatMap((each) => each!),
    );
  }

  /** A loop that holds a reference to its element is left early, by `break` or `goto`. */
  private inLoop(): Fix | undefined {
    const loop = statementsOf<MacroStmt>(this.of.fn.def.body, (each) => each.kind === "macro").find(
      (each) => each.start === this.undo.at,
    );
    if (loop === undefined) return undefined;
    // Whoever looks at the element after the loop puts it there.
    const rest = this.text.slice(loop.end, this.of.fn.def.end);
    if (new RegExp(`\\b${this.undo.word}\\b`).test(rest)) return undefined;
    const ways = statementsOf<Stmt>(loop.body, (each) => each.kind === "break" || each.kind === "goto").filter(
      (each) => this.leaves(each, loop) && this.statesAt(each).some((state) => this.undo.isLeft(state)),
    );
    if (ways.length === 0 || !ways.every((each) => this.isLeftAt(this.statesAt(each), each.start))) return undefined;
    const edits = ways.map((each) => putBefore(this.program, this.parents, each, [this.undo.text]));
    if (edits.some((each) => each === undefined)) return undefined;
    return this.say(
      "before the loop is left",
      edits.flatMap((each) => each!),
    );
  }

  private leaves(stmt: Stmt, loop: MacroStmt): boolean {
    if (stmt.kind === "goto") {
      const there = this.outer[this.labelAt(stmt.label)];
      return there !== undefined && "label" in there && there.start > loop.end;
    }
    for (let each = this.parents.get(stmt); each !== undefined; each = this.parents.get(each))
      if (/^(for|while|do|switch|macro)$/.test(each.kind)) return each === loop;
    return false;
  }

  private say(where: string, edits: readonly Edit[]): Fix {
    return { title: `Add ${this.undo.name}() ${where}`, edits, preferred: true };
  }
}

const VERB =
  /(?:^|_)?(free|put|unlock|disable|unprepare|unmap|unregister|destroy|release|assert|del|exit|stop|close)(?=_|$)/;

const MAKES_ERRORS = /^(PTR_ERR|ERR_PTR|ERR_CAST)$/;
