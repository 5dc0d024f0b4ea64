// Where a word of a file stands: in a call, as a member, behind a keyword; found in its syntax by its offset.
import { inFunction } from "../analysis/reuse.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr, FunctionDef, InitializerItem, Stmt, TypeRef } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";

export interface MemberUse extends Span {
  readonly kind: "read" | "write" | "initializer";
  /** What is assigned to it. */
  readonly value?: Expr;
  readonly op?: string;
  /** The struct, or the pointer to it. */
  readonly base?: Expr;
  readonly arrow?: boolean;
  /** The assignment is a statement of its own. */
  readonly alone?: boolean;
}

export interface Code {
  /** The text without comments, with annotations and left-out arms blank. */
  readonly shadow: string;
  /** The punctuator or word before an offset, and the punctuator behind one; empty when there is none. */
  before(offset: number): string;
  after(offset: number): string;
  /** Where the keyword before an offset begins, when it is this one. */
  keywordBefore(offset: number, keyword: string): number | undefined;
  isCall(offset: number): boolean;
  /** The call is a statement of its own, so that nothing looks at its result. */
  isStatement(offset: number): boolean;
  /** The arguments of the call or macro whose name stands at an offset. */
  argumentsAt(offset: number): readonly Expr[] | undefined;
  /** The use of a struct's member whose name stands at an offset; undefined where the struct is another or not known. */
  memberAt(offset: number, struct: string, member: string): MemberUse | undefined;
  /** `struct foo` where an argument is the address of a variable of that type. */
  structPointedTo(arg: Expr): string | undefined;
}

export function codeOf(program: Program): Code {
  const { shadow } = program.file.reading;
  const found = new Map<FunctionDef | undefined, Found>();
  /** What stands in the function around an offset, or outside of all functions. */
  const index = (offset: number): Found => {
    const within = functionAt(program, offset);
    const known = found.get(within?.def) ?? lookIn(program, within);
    found.set(within?.def, known);
    return known;
  };
  const before = (offset: number): string => {
    const [, punctuator] = /(->|\.|\w+|[^\s\w])\s*$/.exec(shadow.slice(Math.max(0, offset - 300), offset)) ?? [];
    return punctuator ?? "";
  };
  return {
    shadow,
    before,
    after: (offset) => /^\s*(\S)/.exec(shadow.slice(offset, offset + 300))?.[1] ?? "",
    keywordBefore(offset, keyword) {
      const [text] = new RegExp(`\\b${keyword}\\s+$`).exec(shadow.slice(Math.max(0, offset - 100), offset)) ?? [];
      return text === undefined ? undefined : offset - text.length;
    },
    isCall: (offset) => index(offset).calls.has(offset),
    isStatement: (offset) => index(offset).statements.has(offset),
    argumentsAt: (offset) => index(offset).calls.get(offset),
    memberAt(offset, struct, member) {
      for (const use of index(offset).members.get(member) ?? []) {
        const { start, end } = use.span;
        // A designated item begins at its designator, a member expression at its base.
        const at = use.use.kind === "initializer" ? shadow.indexOf(member, start) : end - member.length;
        if (at === offset && use.struct() === struct) return use.use;
      }
      return undefined;
    },
    structPointedTo(arg) {
      if (arg.kind !== "unary" || arg.op !== "&") return undefined;
      const fn = functionAt(program, arg.start);
      const type = fn === undefined ? undefined : program.types.typeOf(arg.operand, fn.def);
      return type?.pointers === 0 ? type.base : undefined;
    },
  };
}

interface FoundMember {
  readonly span: Span;
  readonly use: MemberUse;
  readonly struct: () => string | undefined;
}

interface Found {
  readonly calls: Map<number, readonly Expr[]>;
  readonly statements: Set<number>;
  readonly members: Map<string, FoundMember[]>;
}

function lookIn(program: Program, fn: Func | undefined): Found {
  return fn === undefined ? find(program, undefined) : inFunction(lookIn, program, fn, (view) => find(view, fn.def));
}

function find(program: Program, within: FunctionDef | undefined): Found {
  const found: Found = { calls: new Map(), statements: new Set(), members: new Map() };
  if (within !== undefined) {
    new Finder(program, found, within).statement(within.body);
    return found;
  }
  const { unit } = program.file;
  for (const { name, nameSpan, args } of unit.fileMacros) {
    found.calls.set(nameSpan.start, args);
    if (name !== "") for (const arg of args) new Finder(program, found).expression(arg);
  }
  for (const { type, init } of unit.variables)
    if (init !== undefined) new Finder(program, found).expression(init, type);
  return found;
}

/** Goes through the code of one function, or of one declaration at file scope. */
class Finder {
  private readonly program: Program;
  private readonly found: Found;
  private readonly within: FunctionDef | undefined;

  constructor(program: Program, found: Found, within?: FunctionDef) {
    this.program = program;
    this.found = found;
    this.within = within;
  }

  statement(stmt: Stmt | undefined): void {
    if (stmt === undefined) return;
    switch (stmt.kind) {
      case "expression":
        if (stmt.expr.kind === "call") this.found.statements.add(stmt.expr.callee.start);
        this.expression(stmt.expr, undefined, true);
        return;
      case "declaration":
        for (const { type, init } of stmt.variables) if (init !== undefined) this.expression(init, type);
        return;
      case "compound":
        for (const each of stmt.body) this.statement(each);
        return;
      case "case":
        this.expression(stmt.value);
        for (const each of stmt.body) this.statement(each);
        return;
      case "if":
        this.expression(stmt.test);
        this.statement(stmt.consequence);
        this.statement(stmt.otherwise);
        return;
      case "while":
      case "do":
        this.expression(stmt.test);
        this.statement(stmt.body);
        return;
      case "for":
        this.statement(stmt.init);
        this.expression(stmt.test);
        this.expression(stmt.step);
        this.statement(stmt.body);
        return;
      case "switch":
        this.expression(stmt.value);
        this.statement(stmt.body);
        return;
      case "macro":
        this.found.calls.set(stmt.nameSpan.start, stmt.args);
        for (const each of stmt.args) this.expression(each);
        this.statement(stmt.body);
        return;
      case "label":
        this.statement(stmt.body);
        return;
      case "return":
        this.expression(stmt.value);
        return;
      default:
    }
  }

  /** `type`: of the variable that an initialiser is for. `alone`: it is a whole statement. */
  expression(expr: Expr | undefined, type?: TypeRef, alone = false): void {
    if (expr === undefined) return;
    switch (expr.kind) {
      case "call":
        if (expr.callee.kind === "name") this.found.calls.set(expr.callee.start, expr.args);
        else this.expression(expr.callee);
        for (const each of expr.args) this.expression(each);
        return;
      case "member":
        this.member(expr, { kind: "read", base: expr.base, arrow: expr.arrow, start: expr.start, end: expr.end });
        this.expression(expr.base);
        return;
      case "assign":
        if (expr.target.kind === "member") {
          const { base, arrow } = expr.target;
          const { op, value, start, end } = expr;
          this.member(expr.target, { kind: "write", op, value, base, arrow, alone, start, end });
          this.expression(base);
        } else this.expression(expr.target);
        this.expression(expr.value);
        return;
      case "initializer":
        for (const item of expr.items) this.item(item, expr.type ?? type);
        return;
      case "block":
        for (const each of expr.body) this.statement(each);
        return;
      case "index":
        this.expression(expr.base);
        this.expression(expr.index);
        return;
      case "unary":
      case "update":
      case "cast":
        this.expression(expr.operand, expr.kind === "cast" ? expr.type : undefined);
        return;
      case "binary":
        this.expression(expr.left);
        this.expression(expr.right);
        return;
      case "conditional":
        this.expression(expr.test);
        this.expression(expr.consequence);
        this.expression(expr.otherwise);
        return;
      case "comma":
        for (const each of expr.items) this.expression(each);
        return;
      default:
    }
  }

  private member(expr: Expr & { kind: "member" }, use: MemberUse): void {
    const { within, program } = this;
    const struct = () => (within === undefined ? undefined : program.types.typeOf(expr.base, within)?.base);
    this.add(expr.field, { span: expr, use, struct });
  }

  private item(item: InitializerItem, type: TypeRef | undefined): void {
    const { value } = item;
    const member = item.path.at(-1);
    // Of an array each item is of the array's own type.
    const outer = item.path.slice(0, -1).reduce<TypeRef | undefined>((of, field) => this.typeOfMember(of, field), type);
    if (member === undefined) {
      this.expression(value, type);
      return;
    }
    const start = this.designator(value.start);
    const use: MemberUse = { kind: "initializer", value, start, end: value.end };
    this.add(member, { span: { start, end: value.end }, use, struct: () => outer?.base });
    this.expression(value, this.typeOfMember(outer, member));
  }

  private typeOfMember(type: TypeRef | undefined, field: string): TypeRef | undefined {
    return this.program.types.memberOf(type, field)?.type;
  }

  /** Where the designator before a value begins. */
  private designator(value: number): number {
    const { shadow } = this.program.file.reading;
    const [text] = /\.[\s\w.[\]]*=\s*$/.exec(shadow.slice(Math.max(0, value - 300), value)) ?? [""];
    return value - text.length;
  }

  private add(name: string, member: FoundMember): void {
    const known = this.found.members.get(name);
    if (known === undefined) this.found.members.set(name, [member]);
    else known.push(member);
  }
}

function functionAt(program: Program, offset: number): Func | undefined {
  for (const fn of program.functions.values()) if (fn.def.start <= offset && offset < fn.def.end) return fn;
  return undefined;
}
