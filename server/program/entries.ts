// How the kernel enters a driver: ops tables, registrations, and functions handed over to be called later.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Context, OpsFact } from "../knowledge/schema.ts";
import type { Expr, InitializerItem } from "../syntax/ast.ts";
import type { ParsedFile } from "../syntax/parser.ts";
import type { Span } from "../text/lines.ts";
import type { DeclaredTypes } from "./declared-types.ts";
import type { Func } from "./function.ts";

/** A function of the driver that the kernel calls. */
export interface Entry extends Span {
  readonly fn: string;
  /** Path of the file that registers it. */
  readonly file: string;
  readonly context: Context;
  /** How a person names it: `interrupt handler`, `file operation .open`. */
  readonly role: string;
  /** The argument that is the function's to dispose of from then on. */
  readonly takes?: number;
}

export function findEntries(
  { path, text, unit }: ParsedFile,
  functions: ReadonlyMap<string, Func>,
  knowledge: Knowledge,
  types: DeclaredTypes,
): readonly Entry[] {
  const entries: Entry[] = [];
  // A table or a registration may name a function of another file of the module.
  const declared = types.declaredFunctions();
  const named = (expr: Expr | undefined): string | undefined => {
    const name = functionName(expr);
    return name !== undefined && (functions.has(name) || declared.has(name)) ? name : undefined;
  };
  const add = (value: Expr | undefined, context: Context, role: string, at: Span, takes?: number): void => {
    const fn = named(value);
    if (fn === undefined) return;
    const given = takes === undefined ? {} : { takes };
    entries.push({ fn, file: path, context, role, ...given, start: at.start, end: at.end });
  };
  const table = (struct: string, items: readonly InitializerItem[], prefix: string): void => {
    const ops = knowledge.ops(struct);
    if (ops === undefined) return;
    for (const { path, value } of items) {
      const member = [prefix, ...path].filter((part) => part !== "").join(".");
      const context = excused(ops, member) ? undefined : ops.members[member];
      if (context !== undefined) add(value, context, `${ops.role} .${member}`, value, ops.takes?.[member]);
      else if (value.kind === "initializer") table(struct, value.items, member);
      // `SET_SYSTEM_SLEEP_PM_OPS(foo_suspend, foo_resume)` in a table.
      else if (value.kind === "call" && value.callee.kind === "name") call(value.callee.name, value.args, value);
    }
  };
  // `request_irq(irq, data->handler, …)`: what the tables of the file have in that member.
  const filledIn = (field: string): readonly Expr[] =>
    unit.variables.flatMap(({ init }) =>
      init?.kind !== "initializer"
        ? []
        : init.items.flatMap(({ path, value }) => (path.at(-1) === field && named(value) !== undefined ? [value] : [])),
    );
  const usesWord = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);
  // `nonatomic` anywhere in the file may change the context of every table of this kind.
  const excused = (ops: OpsFact, member: string): boolean => {
    const word = ops.unless?.[member];
    return word !== undefined && usesWord(word);
  };
  const call = (name: string, args: readonly Expr[], at: Span): void => {
    for (const { param, suffix, context, role, unless } of knowledge.fn(name)?.callbacks ?? []) {
      if (unless !== undefined && usesWord(unless)) continue;
      const arg = args[param];
      if (suffix === undefined && arg?.kind === "member")
        for (const fn of filledIn(arg.field)) add(fn, context, role, at);
      else if (suffix === undefined) add(arg, context, role, at);
      else if (arg?.kind === "name") add({ ...arg, name: arg.name + suffix }, context, role, at);
    }
  };

  for (const { type, init } of unit.variables) {
    if (init?.kind !== "initializer") continue;
    if (type.dimensions.length === 0) table(type.base, init.items, "");
    else for (const item of init.items) if (item.value.kind === "initializer") table(type.base, item.value.items, "");
  }
  for (const macro of unit.fileMacros) call(macro.name, macro.args, macro);
  for (const { def, cfg } of functions.values()) {
    for (const block of cfg.blocks) {
      for (const event of block.events) {
        if (event.kind === "call" && event.name !== undefined) call(event.name, event.expr.args, event);
        if (event.kind !== "assign" || event.value === undefined) continue;
        const { target, value } = event;
        if (target.kind === "member") {
          const owner = types.typeOf(target.base, def);
          const ops = owner === undefined ? undefined : knowledge.ops(owner.base);
          const context = ops === undefined || excused(ops, target.field) ? undefined : ops.members[target.field];
          if (ops !== undefined && context !== undefined) add(value, context, `${ops.role} .${target.field}`, event);
        }
        if (event.isInit && value.kind === "initializer" && target.kind === "name")
          table(types.variable(def, target.name, target.start)?.type.base ?? "", value.items, "");
      }
    }
  }
  return entries;
}

/** The function that an expression hands over: `fn`, `&fn`, `(cast)fn`. */
export function functionName(expr: Expr | undefined): string | undefined {
  if (expr?.kind === "name") return expr.name;
  if (expr?.kind === "cast") return functionName(expr.operand);
  if (expr?.kind === "unary" && expr.op === "&") return functionName(expr.operand);
  return undefined;
}
