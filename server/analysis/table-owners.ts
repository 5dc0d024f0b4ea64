// Tables of file operations of a module that nobody keeps loaded while a file is open.
import type { Program } from "../program/program.ts";
import { walkExpressions } from "../program/statements.ts";
import type { CallExpr, Expr, InitializerExpr, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";

export interface Unowned {
  readonly table: Variable;
  readonly init: InitializerExpr;
  /** Where it is handed over, and to what. */
  readonly at: Span;
  readonly to: string;
}

/** The argument that is the table, of what calls it with a reference to its owner only. */
const TAKES: Readonly<Record<string, number>> = {
  cdev_init: 1,
  register_chrdev: 2,
  __register_chrdev: 4,
};

/** Tables for character devices in a module, without `.owner`; `THIS_MODULE` is NULL in what is always built in. */
export function unownedTables(program: Program): readonly Unowned[] {
  const { unit } = program.file;
  const isModule = unit.fileMacros.some(({ name }) => /^(MODULE_LICENSE|module_(init|exit|\w*driver))$/.test(name));
  // Whoever counts references by hand may have thought of it.
  if (!isModule || program.builtIn || /\bmodule_get\s*\(|\btry_module_get\b/.test(program.file.text)) return [];
  const tables = new Map<string, Variable & { readonly init: InitializerExpr }>();
  for (const each of unit.variables) {
    const { type, init } = each;
    if (type.base !== "struct file_operations" || type.pointers > 0 || type.dimensions.length > 0) continue;
    // A macro among the members may set the owner.
    if (init?.kind !== "initializer" || init.items.some(({ path }) => path.length === 0 || path[0] === "owner"))
      continue;
    if (!setLater(program, each.name)) tables.set(each.name, { ...each, init });
  }
  if (tables.size === 0) return [];
  const found = new Map<string, Unowned>();
  const note = (expr: Expr | undefined, at: Span, to: string): void => {
    const named = expr?.kind === "unary" && expr.op === "&" ? expr.operand : undefined;
    const table = named?.kind === "name" ? tables.get(named.name) : undefined;
    if (table === undefined || found.has(table.name)) return;
    found.set(table.name, { table, init: table.init, at: { start: at.start, end: at.end }, to });
  };
  for (const { type, init } of unit.variables) {
    if (init?.kind !== "initializer" || type.base !== "struct miscdevice") continue;
    for (const { path, value } of init.items) if (path[0] === "fops") note(value, value, "struct miscdevice");
  }
  for (const { def } of program.functions.values()) {
    walkExpressions(def.body, (expr) => {
      if (
        expr.kind === "call" &&
        expr.callee.kind === "name" &&
        Object.hasOwn(TAKES, expr.callee.name) &&
        !isOwned(program, expr)
      )
        note(expr.args[TAKES[expr.callee.name]!], expr, `${expr.callee.name}()`);
      if (expr.kind !== "assign" || expr.target.kind !== "member" || expr.target.field !== "fops") return;
      if (program.types.typeOf(expr.target.base, def)?.base === "struct miscdevice")
        note(expr.value, expr, "struct miscdevice");
    });
  }
  return [...found.values()];
}

/** A `struct cdev` with an owner of its own keeps the module as well. */
function isOwned({ file }: Program, { callee, args }: CallExpr): boolean {
  if (callee.kind !== "name" || callee.name !== "cdev_init") return false;
  const cdev = /(\w+)$/.exec(file.text.slice(args[0]?.start, args[0]?.end))?.[1];
  return cdev === undefined || new RegExp(`\\b${cdev}\\s*(\\.|->)\\s*owner\\s*=`).test(file.text);
}

function setLater({ file }: Program, table: string): boolean {
  return new RegExp(`\\b${table}\\.owner\\s*=`).test(file.text);
}
