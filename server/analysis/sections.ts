// References from code and data that stay to what is freed after initialisation or left out of a built-in driver.
import { functionName } from "../program/entries.ts";
import type { Func, Program } from "../program/program.ts";
import { walkExpressions } from "../program/statements.ts";
import type { Annotation, Expr, FunctionDef, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { inFunction } from "./reuse.ts";

/** `init` is freed once the kernel or the module has started, `exit` is not even there when the driver is built in. */
export type Section = "init" | "exit";

export interface SectionReference extends Span {
  /** What is referred to, and whether it is called or only named. */
  readonly name: string;
  readonly section: Section;
  readonly mark: Annotation;
  readonly isData: boolean;
  readonly called: boolean;
  /** The function in which the reference stands, or the variable whose initialiser it is part of. */
  readonly from: FunctionDef | Variable;
  readonly fromFunction: boolean;
  /** The member that it initialises. */
  readonly member?: string;
}

interface Placed {
  readonly section: Section;
  readonly mark: Annotation;
  readonly isData: boolean;
  /** Where it is declared, so that its own initialiser is known. */
  readonly declared: FunctionDef | Variable;
}

/** Annotations of kernel sections and of what is excused from these rules: `__ref`, `__net_init`, `__init_or_module`. */
const OTHER_SECTION = /\b_?_?_\w*(init|exit|ref)(data|const|_or_\w+)?_?_?\b/;

export function sectionReferences(program: Program): readonly SectionReference[] {
  const placed = placedNames(program);
  if (placed.size === 0) return [];
  return [...fromFunctions(program, placed), ...fromTables(program, placed)];
}

/** In an arm that is left out, most often `#if 0`. */
function isLeftOut({ file }: Program, { start }: Span): boolean {
  return file.reading.inactive.some((arm) => arm.start <= start && start < arm.end);
}

function placedNames({ file }: Program): ReadonlyMap<string, Placed> {
  const found = new Map<string, Placed>();
  const twice = new Set<string>();
  const add = (name: string, annotations: readonly Annotation[], data: boolean, declared: FunctionDef | Variable) => {
    if (found.has(name)) twice.add(name);
    const mark = annotations.find((each) => /^__(init|exit)(data|const)?$/.test(each.name));
    if (mark === undefined) twice.add(name);
    else found.set(name, { section: mark.name.startsWith("__init") ? "init" : "exit", mark, isData: data, declared });
  };
  for (const def of file.unit.functions) add(def.name, def.annotations, false, def);
  for (const each of file.unit.variables) if (!each.isExtern) add(each.name, each.type.annotations, true, each);
  // Of two definitions, each for a configuration of its own, only one may be marked; a macro may hide the name.
  for (const name of twice) found.delete(name);
  for (const { name } of file.unit.macros) found.delete(name);
  return found;
}

function sectionOf(text: string, def: FunctionDef): string {
  // `__init void foo(void)`: the mark may stand before the type.
  const before = /(\b__\w+\s+)*$/.exec(text.slice(Math.max(0, def.start - 80), def.start))![0];
  return OTHER_SECTION.exec(before + text.slice(def.start, def.body.start).replace(/"[^"]*"/g, ""))?.[0] ?? "";
}

function fromFunctions(program: Program, placed: ReadonlyMap<string, Placed>): readonly SectionReference[] {
  const { text } = program.file;
  const references: SectionReference[] = [];
  /** By function: the functions that it names. */
  const naming = new Map<string, ReadonlySet<string>>();
  const marked = [...placed.keys()].join(" ");
  for (const fn of program.functions.values()) {
    const { def } = fn;
    const named = inFunction(sectionReferences, program, fn, (view) => namesIn(view, fn, placed), marked);
    naming.set(fn.name, new Set(named.flatMap(({ name }) => (program.functions.has(name) ? [name] : []))));
    for (const { name, called, start, end } of named) {
      const known = placed.get(name);
      if (known === undefined) continue;
      const { section, mark, isData } = known;
      references.push({ name, section, mark, isData, called, from: def, fromFunction: true, start, end });
    }
  }
  const staying = stayingFunctions(program, naming);
  return references.filter(({ from, section }) => {
    const own = sectionOf(text, from as FunctionDef);
    if (own === "") return staying.has(from.name);
    return (own === "__init" && section === "exit") || (own === "__exit" && section === "init");
  });
}

interface Named extends Span {
  readonly name: string;
  readonly called: boolean;
}

/** Names of functions, and of what is placed in a section, that stand in a function. */
function namesIn(program: Program, { def }: Func, placed: ReadonlyMap<string, Placed>): readonly Named[] {
  const found: Named[] = [];
  const callees = new Set<Expr>();
  walkExpressions(def.body, (expr) => {
    if (expr.kind === "call") callees.add(expr.callee);
    if (expr.kind !== "name" || program.types.isLocal(def, expr.name)) return;
    if (!placed.has(expr.name) && !program.functions.has(expr.name)) return;
    found.push({ name: expr.name, called: callees.has(expr), start: expr.start, end: expr.end });
  });
  return found;
}

/** Functions that may run at any time: those that are not static, are named by a table, or by another that stays. */
function stayingFunctions(program: Program, naming: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const { text } = program.file;
  const entered = new Set(program.entries.map(({ fn }) => fn));
  const outside = new Set<string>();
  const note = (expr: Expr | undefined): void => {
    const name = functionName(expr);
    if (name !== undefined) outside.add(name);
    if (expr?.kind === "initializer") for (const { value } of expr.items) note(value);
  };
  for (const { init } of program.file.unit.variables) note(init);
  for (const { args } of program.file.unit.fileMacros) args.forEach(note);
  const staying = new Set<string>();
  const visit = (name: string): void => {
    if (staying.has(name)) return;
    staying.add(name);
    for (const each of naming.get(name) ?? [])
      if (sectionOf(text, program.functions.get(each)!.def) === "") visit(each);
  };
  for (const { name, def } of program.functions.values()) {
    if (sectionOf(text, def) !== "") continue;
    if (!def.isStatic || entered.has(name) || outside.has(name)) visit(name);
  }
  return staying;
}

function fromTables(program: Program, placed: ReadonlyMap<string, Placed>): readonly SectionReference[] {
  const { text } = program.file;
  const references: SectionReference[] = [];
  // Most files have no such call, and many have hundreds of tables.
  const excuses = /driver_probe|platform_create_bundle/.test(text);
  for (const variable of program.file.unit.variables) {
    if (isLeftOut(program, variable)) continue;
    if (variable.init?.kind !== "initializer" || (excuses && isExcused(program, variable))) continue;
    if (OTHER_SECTION.test(text.slice(variable.start, variable.init.start))) continue;
    const isDriver = /^struct \w*_driver$/.test(variable.type.base);
    const look = (expr: Expr, member: string): void => {
      if (expr.kind === "initializer") for (const { path, value } of expr.items) look(value, path.at(-1) ?? "");
      const name = functionName(expr);
      const known = name === undefined ? undefined : placed.get(name);
      if (known === undefined || known.isData || known.declared === variable) return;
      // What modpost lets pass by its name (scripts/mod/modpost.c); a driver is probed whenever its device comes.
      const passes = /(_ops|_probe|_probe_one|_console|_template|_timer|_sht)$/.test(variable.name);
      if (passes && !(isDriver && /^(probe|connect)$/.test(member))) return;
      const { section, mark, isData } = known;
      const at = { start: expr.start, end: expr.end };
      const how = { called: false, from: variable, fromFunction: false, member };
      references.push({ name: name!, section, mark, isData, ...how, ...at });
    };
    look(variable.init, "");
  }
  return references;
}

/** Registered so that it is probed once, while `__init` is still there: platform_driver_probe() and its like. */
function isExcused(program: Program, { name }: Variable): boolean {
  return new RegExp(`\\b(\\w*driver_probe|platform_create_bundle)\\s*\\(\\s*&?${name}\\b`).test(program.file.text);
}
