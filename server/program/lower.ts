// A function's statements as a control-flow graph: loops, switch, goto, and what the end of a scope undoes.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Expr, FunctionDef, MacroStmt, Stmt, SwitchStmt, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import {
  type Block,
  type Cfg,
  type CleanupEvent,
  type Event,
  type Exit,
  type GuardEvent,
  type SwitchArm,
  successors,
} from "./cfg.ts";
import { isFloatType, lowerExpr, lowerStore, lowerTest } from "./lower-expressions.ts";
import type { Lowering } from "./lowering.ts";

/** `macros` are the function-like macros of the file, which may do anything with their arguments. */
export function lowerFunction(def: FunctionDef, knowledge: Knowledge, macros: ReadonlySet<string>): Cfg {
  return new Lowerer(def, knowledge, macros).run();
}

/** Blocks that lie on a cycle: those that are left over when blocks without way in or out are taken away again and again. */
function blocksInLoops(exits: readonly Exit[]): ReadonlySet<number> {
  const next = exits.map((exit) => new Set(successors(exit)));
  const before: Set<number>[] = exits.map(() => new Set());
  for (const [from, targets] of next.entries()) for (const to of targets) before[to]!.add(from);
  const left = new Set(exits.keys());
  const queue = [...left];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (!left.has(id)) continue;
    const isLive = (other: number): boolean => left.has(other);
    if ([...next[id]!].some(isLive) && [...before[id]!].some(isLive)) continue;
    left.delete(id);
    queue.push(...next[id]!, ...before[id]!);
  }
  return left;
}

interface Scope {
  readonly node: object;
  readonly cleanups: CleanupEvent[];
}

interface Loop {
  /** Absent for a switch. */
  readonly continueTo?: number;
  readonly breakTo: number;
  readonly depth: number;
}

/** Macros whose value is their first argument's truth. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  "likely",
  "unlikely",
  "WARN_ON",
  "WARN_ON_ONCE",
  "WARN",
  "WARN_ONCE",
  "READ_ONCE",
  "data_race",
  "__builtin_expect",
]);

class Lowerer implements Lowering {
  private readonly def: FunctionDef;
  private readonly knowledge: Knowledge;
  private readonly macros: ReadonlySet<string>;
  private readonly blocks: { events: Event[]; exit: Exit | undefined }[] = [];
  private current = 0;
  private readonly labels = new Map<string, { block: number; scopes: readonly object[] }>();
  private readonly scopes: Scope[] = [];
  private readonly loops: Loop[] = [];
  private arms: SwitchArm[] | undefined;
  private defaultArm: number | undefined;
  private readonly floats = new Set<string>();
  private complete: boolean;

  constructor(def: FunctionDef, knowledge: Knowledge, macros: ReadonlySet<string>) {
    this.macros = macros;
    this.def = def;
    this.knowledge = knowledge;
    this.complete = def.understoodUntil === def.end;
  }

  run(): Cfg {
    this.findLabels(this.def.body.body, [this.def.body]);
    for (const param of this.def.params) if (isFloatType(param.type)) this.floats.add(param.name);
    const entry = this.fresh();
    this.begin(entry);
    this.statements(this.def.body.body, this.def.body);
    if (!this.complete) this.end({ kind: "choose", to: [] });
    const at = { start: this.def.end - 1, end: this.def.end };
    this.emit({ kind: "return", ...at });
    this.end({ kind: "leave" });
    const exits = this.blocks.map((block): Exit => block.exit ?? { kind: "leave" });
    const looping = blocksInLoops(exits);
    const blocks: Block[] = this.blocks.map(({ events }, id) => ({
      id,
      events,
      exit: exits[id]!,
      inLoop: looping.has(id),
    }));
    return { def: this.def, blocks, entry, complete: this.complete };
  }

  emit(event: Event): void {
    this.blocks[this.current]!.events.push(event);
  }

  fresh(): number {
    this.blocks.push({ events: [], exit: undefined });
    return this.blocks.length - 1;
  }

  end(exit: Exit): void {
    const block = this.blocks[this.current]!;
    if (block.exit === undefined) block.exit = exit;
    this.current = this.fresh();
  }

  begin(block: number): void {
    this.current = block;
  }

  isMacro(name: string): boolean {
    return this.macros.has(name);
  }

  isFloat(name: string): boolean {
    return this.floats.has(name);
  }

  /** Nothing is said of paths that lead through what was not understood. */
  notUnderstood(): void {
    this.complete = false;
    this.end({ kind: "choose", to: [] });
  }

  transparentTest(test: Expr): Expr | undefined {
    if (test.kind === "unary" && test.op === "!" && test.operand.kind === "unary" && test.operand.op === "!")
      return test.operand.operand;
    if (test.kind !== "call" || test.callee.kind !== "name" || !TRANSPARENT.has(test.callee.name)) return undefined;
    return test.args[0];
  }

  guard(className: string, lock: Expr | undefined, at: Span): void {
    if (lock !== undefined) lowerExpr(this, lock);
    const guard: GuardEvent = {
      kind: "guard",
      className,
      ...(lock === undefined ? {} : { lock }),
      start: at.start,
      end: at.end,
    };
    this.emit(guard);
    this.scopes.at(-1)?.cleanups.push({ kind: "cleanup", guard, start: at.start, end: at.end });
  }

  statements(body: readonly Stmt[], scope: object): void {
    this.scopes.push({ node: scope, cleanups: [] });
    for (const each of body) this.statement(each);
    this.undoScopes(this.scopes.length - 1);
    this.scopes.pop();
  }

  /** Emits what leaving all scopes from a depth on undoes, innermost first. */
  private undoScopes(depth: number): void {
    for (let index = this.scopes.length - 1; index >= depth; index--) {
      const { cleanups } = this.scopes[index]!;
      for (let each = cleanups.length - 1; each >= 0; each--) this.emit(cleanups[each]!);
    }
  }

  private findLabels(body: readonly Stmt[], scopes: readonly object[]): void {
    const visit = (stmt: Stmt | undefined, within: readonly object[]): void => {
      if (stmt === undefined) return;
      switch (stmt.kind) {
        case "compound":
          this.findLabels(stmt.body, [...within, stmt]);
          return;
        case "label":
          this.labels.set(stmt.name, { block: this.fresh(), scopes: within });
          visit(stmt.body, within);
          return;
        case "case":
          for (const each of stmt.body) visit(each, within);
          return;
        case "if":
          visit(stmt.consequence, within);
          visit(stmt.otherwise, within);
          return;
        case "macro":
          visit(stmt.body, stmt.name.startsWith("scoped_") ? [...within, stmt] : within);
          return;
        case "for":
          visit(stmt.body, [...within, stmt]);
          return;
        case "while":
        case "do":
        case "switch":
          visit(stmt.body, within);
          return;
        default:
      }
    };
    for (const each of body) visit(each, scopes);
  }

  private statement(stmt: Stmt): void {
    if (stmt.start >= this.def.understoodUntil) {
      this.notUnderstood();
      return;
    }
    switch (stmt.kind) {
      case "compound":
        this.statements(stmt.body, stmt);
        return;
      case "expression":
        lowerExpr(this, stmt.expr);
        if (
          stmt.expr.kind === "call" &&
          stmt.expr.callee.kind === "name" &&
          this.knowledge.fact(stmt.expr.callee.name)?.noreturn
        )
          this.end({ kind: "choose", to: [] });
        return;
      case "declaration":
        for (const variable of stmt.variables) this.declareVariable(variable);
        return;
      case "if":
        this.ifStatement(stmt.test, stmt.consequence, stmt.otherwise);
        return;
      case "while":
        this.whileLoop(stmt.test, stmt.body);
        return;
      case "do":
        this.doLoop(stmt.test, stmt.body);
        return;
      case "for":
        this.forLoop(stmt);
        return;
      case "macro":
        this.macro(stmt);
        return;
      case "switch":
        this.switchStatement(stmt);
        return;
      case "case": {
        const block = this.fresh();
        this.end({ kind: "jump", to: block });
        this.begin(block);
        if (stmt.value === undefined) this.defaultArm = block;
        else this.arms?.push({ value: stmt.value, to: block });
        for (const each of stmt.body) this.statement(each);
        return;
      }
      case "label": {
        const block = this.labels.get(stmt.name)!.block;
        this.end({ kind: "jump", to: block });
        this.begin(block);
        if (stmt.body !== undefined) this.statement(stmt.body);
        return;
      }
      case "goto":
        this.goTo(stmt.label);
        return;
      case "break":
        this.leaveLoop(this.loops.at(-1), (loop) => loop.breakTo);
        return;
      case "continue":
        this.leaveLoop(
          this.loops.findLast((loop) => loop.continueTo !== undefined),
          (loop) => loop.continueTo!,
        );
        return;
      case "return":
        this.returnStatement(stmt.value, stmt);
        return;
      case "unknown":
        this.notUnderstood();
        return;
      default:
    }
  }

  private returnStatement(value: Expr | undefined, at: Span): void {
    if (value?.kind === "conditional") {
      const then = this.fresh();
      const otherwise = this.fresh();
      lowerTest(this, value.test, then, otherwise);
      this.begin(then);
      this.returnStatement(value.consequence ?? value.test, at);
      this.begin(otherwise);
      this.returnStatement(value.otherwise, at);
      return;
    }
    if (value !== undefined) lowerExpr(this, value);
    this.undoScopes(0);
    this.emit({ kind: "return", ...(value === undefined ? {} : { value }), start: at.start, end: at.end });
    this.end({ kind: "leave" });
  }

  private declareVariable(variable: Variable): void {
    this.emit({ kind: "declare", variable, start: variable.start, end: variable.end });
    const { init, name, nameSpan } = variable;
    if (isFloatType(variable.type)) this.floats.add(name);
    if (init !== undefined && !variable.isStatic)
      lowerStore(this, { kind: "name", name, ...nameSpan }, init, true, variable);
    if (variable.type.annotations.some((each) => each.name === "__free"))
      this.scopes.at(-1)?.cleanups.push({ kind: "cleanup", variable, start: variable.start, end: variable.end });
  }

  private ifStatement(test: Expr, then: Stmt, otherwise: Stmt | undefined): void {
    const thenBlock = this.fresh();
    const after = this.fresh();
    const otherwiseBlock = otherwise === undefined ? after : this.fresh();
    lowerTest(this, test, thenBlock, otherwiseBlock);
    this.begin(thenBlock);
    this.statement(then);
    this.end({ kind: "jump", to: after });
    if (otherwise !== undefined) {
      this.begin(otherwiseBlock);
      this.statement(otherwise);
      this.end({ kind: "jump", to: after });
    }
    this.begin(after);
  }

  private inLoop(loop: Omit<Loop, "depth">, body: Stmt): void {
    this.loops.push({ ...loop, depth: this.scopes.length });
    this.statement(body);
    this.loops.pop();
  }

  private whileLoop(test: Expr, body: Stmt): void {
    const head = this.fresh();
    const inside = this.fresh();
    const after = this.fresh();
    this.end({ kind: "jump", to: head });
    this.begin(head);
    lowerTest(this, test, inside, after);
    this.begin(inside);
    this.inLoop({ continueTo: head, breakTo: after }, body);
    this.end({ kind: "jump", to: head });
    this.begin(after);
  }

  private doLoop(test: Expr, body: Stmt): void {
    const inside = this.fresh();
    const check = this.fresh();
    const after = this.fresh();
    this.end({ kind: "jump", to: inside });
    this.begin(inside);
    this.inLoop({ continueTo: check, breakTo: after }, body);
    this.end({ kind: "jump", to: check });
    this.begin(check);
    lowerTest(this, test, inside, after);
    this.begin(after);
  }

  private forLoop(stmt: Stmt & { kind: "for" }): void {
    this.scopes.push({ node: stmt, cleanups: [] });
    if (stmt.init !== undefined) this.statement(stmt.init);
    const head = this.fresh();
    const inside = this.fresh();
    const step = this.fresh();
    const after = this.fresh();
    this.end({ kind: "jump", to: head });
    this.begin(head);
    if (stmt.test === undefined) this.end({ kind: "jump", to: inside });
    else lowerTest(this, stmt.test, inside, after);
    this.begin(inside);
    this.inLoop({ continueTo: step, breakTo: after }, stmt.body);
    this.end({ kind: "jump", to: step });
    this.begin(step);
    if (stmt.step !== undefined) lowerExpr(this, stmt.step);
    this.end({ kind: "jump", to: head });
    this.begin(after);
    this.undoScopes(this.scopes.length - 1);
    this.scopes.pop();
  }

  private macro(stmt: MacroStmt): void {
    if (stmt.name.startsWith("scoped_")) this.scopedGuard(stmt);
    else this.macroLoop(stmt);
  }

  private scopedGuard(stmt: MacroStmt): void {
    const after = this.fresh();
    const className = stmt.args[0];
    const lock = stmt.name === "scoped_cond_guard" ? stmt.args[2] : stmt.args[1];
    this.scopes.push({ node: stmt, cleanups: [] });
    this.guard(className?.kind === "name" ? className.name : "", lock, { start: stmt.start, end: stmt.nameSpan.end });
    // The macro is a loop that runs once, so break and continue leave it.
    this.loops.push({ continueTo: after, breakTo: after, depth: this.scopes.length - 1 });
    this.statement(stmt.body);
    this.loops.pop();
    this.undoScopes(this.scopes.length - 1);
    this.scopes.pop();
    this.end({ kind: "jump", to: after });
    this.begin(after);
  }

  private macroLoop(stmt: MacroStmt): void {
    const targets = this.iterated(stmt);
    const head = this.fresh();
    const inside = this.fresh();
    const after = this.fresh();
    for (const each of stmt.args) if (!targets.includes(each)) lowerExpr(this, each);
    this.end({ kind: "jump", to: head });
    this.begin(head);
    const iterate = { kind: "iterate", macro: stmt.name, targets, start: stmt.start, end: stmt.nameSpan.end } as const;
    this.emit({ ...iterate, enters: false });
    this.end({ kind: "choose", to: [inside, after] });
    this.begin(inside);
    this.emit({ ...iterate, enters: true });
    this.inLoop({ continueTo: head, breakTo: after }, stmt.body);
    this.end({ kind: "jump", to: head });
    this.begin(after);
  }

  /** What a loop macro assigns; of one that is not known, every argument that is a plain variable. */
  private iterated(stmt: MacroStmt): readonly Expr[] {
    const assigns = this.knowledge.govern(stmt.name)?.assigns;
    if (assigns === undefined) return stmt.args.map(pointee).filter((each) => each.kind === "name");
    return assigns.flatMap((index) => (stmt.args[index] === undefined ? [] : pointee(stmt.args[index])));
  }

  private switchStatement(stmt: SwitchStmt): void {
    lowerExpr(this, stmt.value);
    const head = this.current;
    const after = this.fresh();
    const outerArms = this.arms;
    const outerDefault = this.defaultArm;
    const arms: SwitchArm[] = [];
    this.arms = arms;
    this.defaultArm = undefined;
    this.begin(this.fresh());
    this.inLoop({ breakTo: after }, stmt.body);
    this.end({ kind: "jump", to: after });
    this.blocks[head]!.exit = { kind: "switch", value: stmt.value, arms, otherwise: this.defaultArm ?? after };
    this.arms = outerArms;
    this.defaultArm = outerDefault;
    this.begin(after);
  }

  private goTo(label: string | undefined): void {
    const target = label === undefined ? undefined : this.labels.get(label);
    if (target === undefined) {
      this.complete = false;
      this.end({ kind: "choose", to: [] });
      return;
    }
    let shared = 0;
    while (shared < this.scopes.length && this.scopes[shared]!.node === target.scopes[shared]) shared++;
    this.undoScopes(shared);
    this.end({ kind: "jump", to: target.block });
  }

  private leaveLoop(loop: Loop | undefined, to: (loop: Loop) => number): void {
    if (loop === undefined) {
      this.complete = false;
      return;
    }
    this.undoScopes(loop.depth);
    this.end({ kind: "jump", to: to(loop) });
  }
}

/** What a loop macro fills through its address: `x` of `&x`. */
function pointee(arg: Expr): Expr {
  return arg.kind === "unary" && arg.op === "&" ? arg.operand : arg;
}
