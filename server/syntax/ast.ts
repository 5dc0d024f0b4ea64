// The shape of kernel C that the rest of the server sees: plain data with offsets, no parser behind it.
import type { Span } from "../text/lines.ts";

/** An annotation that the reading pass took out of the text, e.g. `__user`, `__iomem`, `__init`, `__free(kfree)`. */
export interface Annotation extends Span {
  /** The annotation's own name, without arguments: `__user`. */
  readonly name: string;
  /** The text between its parentheses, if it had any: `kfree` of `__free(kfree)`. */
  readonly args?: string;
}

/** A type as written: `const struct foo __user *p[4]` has base `struct foo`, one pointer, one dimension. */
export interface TypeRef extends Span {
  /** Without qualifiers, words joined by one space: `struct foo`, `unsigned int`, `u32`. */
  readonly base: string;
  readonly pointers: number;
  /** One entry a dimension; null where the dimension is empty (`x[]`). */
  readonly dimensions: readonly (Expr | null)[];
  /** A function or a pointer to one; the other fields then describe what it returns. */
  readonly callable: boolean;
  /** Names of annotations anywhere in the declaration: `__user`, `__iomem`, `__percpu`, `__rcu`, `__free`… */
  readonly annotations: readonly Annotation[];
  /** The body, where the type is defined in place (`struct { … } x`). */
  readonly record?: RecordDef;
  /** A member with a width (`u64 ready:1`). */
  readonly isBitField?: boolean;
}

export type Expr =
  | NameExpr
  | NumberExpr
  | StringExpr
  | CallExpr
  | MemberExpr
  | IndexExpr
  | UnaryExpr
  | UpdateExpr
  | BinaryExpr
  | AssignExpr
  | ConditionalExpr
  | CastExpr
  | SizeofExpr
  | CommaExpr
  | BlockExpr
  | InitializerExpr
  | TypeExpr
  | UnknownExpr;

export interface NameExpr extends Span {
  readonly kind: "name";
  readonly name: string;
  /** It is an enumerator or an object-like macro of this file, so its value never changes. */
  readonly constant?: true;
}
/** A number or character constant. */
export interface NumberExpr extends Span {
  readonly kind: "number";
  readonly text: string;
}
export interface StringExpr extends Span {
  readonly kind: "string";
  readonly text: string;
}
export interface CallExpr extends Span {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Expr[];
}
export interface MemberExpr extends Span {
  readonly kind: "member";
  readonly base: Expr;
  readonly field: string;
  readonly arrow: boolean;
}
export interface IndexExpr extends Span {
  readonly kind: "index";
  readonly base: Expr;
  readonly index: Expr;
}
/** `*p`, `&x`, `-x`, `!x`, `~x`, `+x`, `&&label`. */
export interface UnaryExpr extends Span {
  readonly kind: "unary";
  readonly op: string;
  readonly operand: Expr;
}
/** `x++`, `--x`. */
export interface UpdateExpr extends Span {
  readonly kind: "update";
  readonly op: "++" | "--";
  readonly operand: Expr;
}
export interface BinaryExpr extends Span {
  readonly kind: "binary";
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
}
/** `=`, `+=`, … */
export interface AssignExpr extends Span {
  readonly kind: "assign";
  readonly op: string;
  readonly target: Expr;
  readonly value: Expr;
}
/** `a ? b : c`, and `a ?: c` where `consequence` is absent. */
export interface ConditionalExpr extends Span {
  readonly kind: "conditional";
  readonly test: Expr;
  readonly consequence?: Expr;
  readonly otherwise: Expr;
}
export interface CastExpr extends Span {
  readonly kind: "cast";
  readonly type: TypeRef;
  readonly operand: Expr;
}
/** `sizeof`, `alignof`, `offsetof`: not evaluated. */
export interface SizeofExpr extends Span {
  readonly kind: "sizeof";
  readonly op: string;
  readonly type?: TypeRef;
  readonly operand?: Expr;
}
export interface CommaExpr extends Span {
  readonly kind: "comma";
  readonly items: readonly Expr[];
}
/** A statement expression `({ … })`. */
export interface BlockExpr extends Span {
  readonly kind: "block";
  readonly body: readonly Stmt[];
}
/** `{ .open = foo, [3] = x, y }` and compound literals. */
export interface InitializerExpr extends Span {
  readonly kind: "initializer";
  readonly type?: TypeRef;
  readonly items: readonly InitializerItem[];
}
export interface InitializerItem {
  /** `.driver.name` has path `["driver", "name"]`; an index designator gives no name. */
  readonly path: readonly string[];
  readonly value: Expr;
}
/** A type where C has an expression: an argument of `container_of`, `min_t`, `va_arg`. */
export interface TypeExpr extends Span {
  readonly kind: "type";
  readonly text: string;
}
/** What the parser did not understand; whoever depends on it stays silent. */
export interface UnknownExpr extends Span {
  readonly kind: "unknown";
}

export type Stmt =
  | BlockStmt
  | ExprStmt
  | DeclStmt
  | IfStmt
  | WhileStmt
  | DoStmt
  | ForStmt
  | MacroStmt
  | SwitchStmt
  | CaseStmt
  | LabelStmt
  | GotoStmt
  | BreakStmt
  | ContinueStmt
  | ReturnStmt
  | AsmStmt
  | EmptyStmt
  | UnknownStmt;

export interface BlockStmt extends Span {
  readonly kind: "compound";
  readonly body: readonly Stmt[];
}
export interface ExprStmt extends Span {
  readonly kind: "expression";
  readonly expr: Expr;
}
export interface DeclStmt extends Span {
  readonly kind: "declaration";
  readonly variables: readonly Variable[];
}
export interface IfStmt extends Span {
  readonly kind: "if";
  readonly test: Expr;
  readonly consequence: Stmt;
  readonly otherwise?: Stmt;
}
export interface WhileStmt extends Span {
  readonly kind: "while";
  readonly test: Expr;
  readonly body: Stmt;
}
export interface DoStmt extends Span {
  readonly kind: "do";
  readonly test: Expr;
  readonly body: Stmt;
}
export interface ForStmt extends Span {
  readonly kind: "for";
  readonly init?: Stmt;
  readonly test?: Expr;
  readonly step?: Expr;
  readonly body: Stmt;
}
/** A macro that governs the statement after it: `list_for_each_entry(…) { … }`, `scoped_guard(…) { … }`. */
export interface MacroStmt extends Span {
  readonly kind: "macro";
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
  readonly body: Stmt;
}
export interface SwitchStmt extends Span {
  readonly kind: "switch";
  readonly value: Expr;
  readonly body: Stmt;
}
/** `case x:` or, without value, `default:`; the statements up to the next case follow in `body`. */
export interface CaseStmt extends Span {
  readonly kind: "case";
  readonly value?: Expr;
  readonly body: readonly Stmt[];
}
export interface LabelStmt extends Span {
  readonly kind: "label";
  readonly name: string;
  readonly body?: Stmt;
}
export interface GotoStmt extends Span {
  readonly kind: "goto";
  /** Absent for a computed goto. */
  readonly label?: string;
}
export interface BreakStmt extends Span {
  readonly kind: "break";
}
export interface ContinueStmt extends Span {
  readonly kind: "continue";
}
export interface ReturnStmt extends Span {
  readonly kind: "return";
  readonly value?: Expr;
}
export interface AsmStmt extends Span {
  readonly kind: "asm";
}
export interface EmptyStmt extends Span {
  readonly kind: "empty";
}
export interface UnknownStmt extends Span {
  readonly kind: "unknown";
}

/** One declarator of a declaration, a parameter, or a member of a record. */
export interface Variable extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeRef;
  readonly init?: Expr;
  readonly isStatic: boolean;
  readonly isTypedef: boolean;
  readonly isExtern: boolean;
}

/** A `struct` or `union` with its members. */
export interface RecordDef extends Span {
  /** `struct foo`, `union bar`, or `struct` when it has no tag. */
  readonly name: string;
  readonly members: readonly Variable[];
  /** False when a part of the body was not understood: then sizes and member lists are not complete. */
  readonly complete: boolean;
}

export interface FunctionDef extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly returns: TypeRef;
  readonly params: readonly Variable[];
  readonly variadic: boolean;
  readonly body: BlockStmt;
  readonly isStatic: boolean;
  readonly isInline: boolean;
  /** `__init`, `__exit`, `__must_hold(&x)`, `__acquires(x)`… of this definition. */
  readonly annotations: readonly Annotation[];
  /** Offset up to which the parser understood it; the end of the function where it understood all. */
  readonly understoodUntil: number;
  /** True in an arm of a file-scope #if that the chosen configuration leaves out. */
  readonly inactive: boolean;
}

export interface MacroDef extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  /** Undefined for an object-like macro. */
  readonly params?: readonly string[];
  /** The replacement text, continued lines joined. */
  readonly body: string;
}

export interface Include extends Span {
  readonly path: string;
  readonly system: boolean;
}

/** A macro invoked at file scope: `MODULE_LICENSE("GPL")`, `DEFINE_SPINLOCK(lock)`, `static DECLARE_WORK(w, fn)`. */
export interface FileMacro extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
}

/** One C file, read. */
export interface Unit {
  readonly functions: readonly FunctionDef[];
  /** File-scope variables, prototypes excluded. */
  readonly variables: readonly Variable[];
  /** Prototypes, with their annotations. */
  readonly prototypes: readonly Variable[];
  readonly records: readonly RecordDef[];
  readonly typedefs: readonly Variable[];
  /** Enumerators, with the value where it was written as a constant expression. */
  readonly enumerators: readonly { readonly name: string; readonly value?: Expr }[];
  readonly fileMacros: readonly FileMacro[];
  readonly macros: readonly MacroDef[];
  readonly includes: readonly Include[];
}
