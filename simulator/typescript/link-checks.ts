// What can only be checked when the kernel is known: imported names, the number of arguments, formats.
import type { KernelFunction, Problem, SymbolTable } from "../engine/interfaces.ts";
import type { KernelCall } from "./emission.ts";
import { checkFormat } from "./formats.ts";
import { isLanguageName, languageHeaders, languageNames } from "./language-names.ts";
import { instead } from "./libc.ts";
import type { Module } from "./modules.ts";
import { nearest } from "./nearest.ts";
import type { Import } from "./scope.ts";
import type { Node } from "./syntax.ts";

/** The checks of one program: every run links it anew, mostly with a table of the same edition. */
export class LinkChecks {
  private readonly modules: readonly Module[];
  private readonly calls: readonly KernelCall[];
  private readonly found = new WeakMap<object, readonly Problem[]>();

  constructor(modules: readonly Module[], calls: readonly KernelCall[]) {
    this.modules = modules;
    this.calls = calls;
  }

  problems(symbols: SymbolTable): readonly Problem[] {
    const { edition } = symbols;
    const known = edition && this.found.get(edition);
    if (known !== undefined) {
      this.reach(symbols);
      return known;
    }
    const problems = linkProblems(this.modules, this.calls, symbols);
    if (edition !== undefined) this.found.set(edition, problems);
    return problems;
  }

  /** Headers are made when they are first asked for: in each run in the same order, so that all lies where it lay. */
  private reach(symbols: SymbolTable): void {
    for (const { imports } of this.modules) {
      for (const { header, name } of imports.values()) {
        if (header !== undefined && !isLanguageName(header, name)) symbols.find(header, name);
      }
    }
  }
}

function linkProblems(modules: readonly Module[], calls: readonly KernelCall[], symbols: SymbolTable): Problem[] {
  const problems: Problem[] = [];
  for (const module of modules) {
    for (const imported of module.imports.values()) {
      const message = imported.header === undefined ? undefined : importProblem(imported, imported.header, symbols);
      if (message !== undefined) problems.push(at(module.path, imported.at, message));
    }
  }
  for (const { file, imported, call } of calls) {
    const found = isLanguageName(imported.header!, imported.name)
      ? undefined
      : symbols.find(imported.header!, imported.name);
    if (found?.kind !== "function") continue;
    const count = countProblem(found, call.arguments);
    if (count !== undefined) problems.push(at(file, call, count));
    else problems.push(...checkFormat(found, call.arguments).map((one) => at(file, one.node, one.message)));
  }
  return problems;
}

function at(file: string, node: Node, message: string): Problem {
  const start = node.loc?.start ?? { line: 1, column: 0 };
  return { file, line: start.line, column: start.column + 1, message };
}

/** A name that is used as a type only leaves nothing behind, and the kernel does not know it. */
function importProblem(imported: Import, header: string, symbols: SymbolTable): string | undefined {
  const { name } = imported;
  // Every run links anew, and nearly every name is there.
  if (isLanguageName(header, name) || symbols.find(header, name) !== undefined) return undefined;
  const known = namesOf(header, symbols);
  if (known === undefined) {
    if (imported.typeOnly) return undefined;
    const near = nearest(header, nearHeaders(symbols));
    return `no header '${header}'${near === undefined ? "" : `; did you mean '${near}'?`}`;
  }
  if (!imported.used) return undefined;
  const kernels = instead(name);
  if (kernels !== undefined) return `'${header}' has no '${name}': ${kernels}`;
  const near = nearest(name, known);
  return `'${header}' has no '${name}'${near === undefined ? "" : `; did you mean '${near}'?`}`;
}

function namesOf(header: string, symbols: SymbolTable): readonly string[] | undefined {
  const ours = languageNames(header);
  const kernels = symbols.names(header);
  return ours || kernels ? [...(ours ?? []), ...(kernels ?? [])] : undefined;
}

/** The table of symbols does not list its headers; these are the ones that drivers use most. */
const COMMON =
  "cdev completion delay device err errno fs init interrupt io ioport jiffies kernel kthread ktime list miscdevice module mutex pci platform_device poll printk random sched semaphore slab spinlock string timer types uaccess wait workqueue"
    .split(" ")
    .map((name) => `linux/${name}`);

function nearHeaders(symbols: SymbolTable): string[] {
  const known = COMMON.filter((header) => symbols.names(header) !== undefined);
  return [...known, ...languageHeaders(), "driverlab/scenario"];
}

function countProblem(fn: KernelFunction, args: readonly Node[]): string | undefined {
  if (args.some((one) => one.type === "SpreadElement")) return undefined;
  const most = fn.params.includes("format") ? Number.POSITIVE_INFINITY : fn.params.length;
  const least = fn.params.filter((type) => type !== "like").length - (fn.optional ?? 0);
  if (args.length < least) return `too few arguments to function '${fn.name}'; expected ${least}, have ${args.length}`;
  if (args.length > most) return `too many arguments to function '${fn.name}'; expected ${most}, have ${args.length}`;
  return undefined;
}
