// Reads what files import and export, puts them in order, and writes each file as one function.
import { aliasesOf } from "./annotations.ts";
import { Emission, LOOK, type Output, type Writers } from "./emission.ts";
import { newContext, prologue } from "./functions.ts";
import { nearest } from "./nearest.ts";
import { declarationOf, type Import, lexicalNames, patternNames, type Scope, varNames } from "./scope.ts";
import { type ImportNode, type Node, parseFile, type Statement } from "./syntax.ts";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Module {
  readonly index: number;
  readonly path: string;
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly imports: Map<string, Import>;
  /** Exported name → the local name, or what another file exports. */
  readonly exports: Map<string, string>;
  readonly needs: number[];
  readonly unsigned: ReadonlySet<string>;
  /** What the file itself declares. */
  readonly names: ReadonlySet<string>;
}

export function readModules(files: readonly SourceFile[], output: Output): Module[] {
  const modules = files.map((file, index): Module => {
    const parsed = parseFile(file.path, file.text);
    output.problems.push(...parsed.problems);
    const names = varNames(parsed.statements, lexicalNames(parsed.statements));
    const { statements } = parsed;
    return {
      index,
      path: file.path,
      text: file.text,
      statements,
      imports: new Map(),
      exports: new Map(),
      needs: [],
      unsigned: unsignedConstants(statements),
      names,
    };
  });
  for (const module of modules) readExports(module, modules, output);
  for (const module of modules) readImports(module, modules, output);
  return modules;
}

/** Files in an order in which each comes after those that it imports. */
export function inOrder(modules: readonly Module[], output: Output): number[] {
  const order: number[] = [];
  const state = new Map<number, "open" | "done">();
  const visit = (index: number): void => {
    state.set(index, "open");
    for (const need of modules[index]!.needs) {
      if (state.get(need) === undefined) visit(need);
      else if (state.get(need) === "open") {
        const message = `'${modules[index]!.path}' and '${modules[need]!.path}' import each other`;
        output.problems.push({ file: modules[index]!.path, line: 1, column: 1, message });
      }
    }
    state.set(index, "done");
    order.push(index);
  };
  for (const { index } of modules) if (!state.has(index)) visit(index);
  return order;
}

export function writeModule(module: Module, output: Output, writers: Writers): string {
  const scope: Scope = { slot: 0, kind: "module", names: module.names, parent: undefined, module };
  const context = newContext("generator", "<module>", false);
  const emission = new Emission(
    module.path,
    output,
    writers,
    scope,
    context,
    aliasesOf(module.statements),
    module.text,
  );
  const body = module.statements.map((one) => topLevel(emission, one)).join("\n");
  const kernel = [...module.imports.values()].filter((one) => one.header !== undefined && one.used);
  const imports = kernel.map(
    (one) => `const ${one.local}=$.imported(${one.header ? quoted(one.header) : ""},${quoted(one.name)});`,
  );
  const exports = [...module.exports].map(([name, local]) => `,get ${name}(){return ${local};}`);
  const own = `$.modules[${module.index}]=${LOOK};$x[${module.index}]={__proto__:null${exports.join("")}};`;
  return `function*(){${prologue(context, output.isBare)}${imports.join("")}${own}\n${body}}`;
}

const quoted = (text: string): string => JSON.stringify(text);

function topLevel(emission: Emission, node: Statement): string {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
      return node.type === "ExportNamedDeclaration" && node.declaration ? emission.statement(node.declaration) : "";
    case "ExportDefaultDeclaration":
      return emission.problem(node, "export by name: there is no default export");
    case "ExportAllDeclaration":
      return emission.problem(node, "name what is exported: 'export *' is not available");
    default:
      return emission.statement(node);
  }
}

function unsignedConstants(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    const node = declarationOf(statement) as Statement;
    if (node.type !== "VariableDeclaration" || node.kind !== "const") continue;
    for (const { id, init } of node.declarations) {
      if (id.type === "Identifier" && init?.type === "NumericLiteral" && init.value > 0x7fffffff) names.add(id.name);
    }
  }
  return names;
}

function readExports(module: Module, modules: readonly Module[], output: Output): void {
  for (const node of module.statements) {
    if (node.type !== "ExportNamedDeclaration") continue;
    if (node.declaration) {
      for (const name of varNames([node], lexicalNames([node]))) module.exports.set(name, name);
      continue;
    }
    if (node.exportKind === "type") continue;
    const from = node.source ? resolve(module, node.source.value, node.source, modules, output) : undefined;
    for (const one of node.specifiers) {
      if (one.type !== "ExportSpecifier" || one.exportKind === "type") continue;
      const exported = nameOf(module, one.exported, output);
      const local = nameOf(module, one.local, output);
      if (node.source === null || node.source === undefined) module.exports.set(exported, local);
      else if (from !== undefined) module.exports.set(exported, `$x[${from}].${local}`);
    }
  }
}

function readImports(module: Module, modules: readonly Module[], output: Output): void {
  for (const node of module.statements)
    if (node.type === "ImportDeclaration") readImport(module, node, modules, output);
  for (const [exported, local] of module.exports) {
    const imported = module.imports.get(local);
    if (imported?.file !== undefined) module.exports.set(exported, `$x[${imported.file}].${imported.name}`);
    else if (imported) imported.used = true;
  }
}

function readImport(module: Module, node: ImportNode, modules: readonly Module[], output: Output): void {
  const source = node.source.value;
  const relative = source.startsWith(".");
  const file = relative ? resolve(module, source, node.source, modules, output) : undefined;
  // A file that is missing is reported once; its names are taken as known.
  const where = relative ? { file: file ?? module.index } : { header: source };
  for (const one of node.specifiers) {
    const local = one.local.name;
    const typeOnly = node.importKind === "type" || (one.type === "ImportSpecifier" && one.importKind === "type");
    if (one.type !== "ImportSpecifier" && !(relative && one.type === "ImportNamespaceSpecifier")) {
      problem(output, module, one, `import by name: import { … } from "${source}"`);
      continue;
    }
    const name = one.type === "ImportSpecifier" ? nameOf(module, one.imported, output) : "*";
    module.imports.set(local, { local, name, ...where, typeOnly, at: one, used: false });
    if (file !== undefined && !typeOnly && name !== "*") checkExported(module, modules[file]!, name, one, output);
  }
}

/** A name in quotes could be any text, and names become part of the code. */
function nameOf(module: Module, node: Node & { name?: string }, output: Output): string {
  if (node.type === "Identifier") return node.name!;
  problem(output, module, node, "names in quotes are not available");
  return "undefined";
}

/** Types are exported too, but leave nothing behind; only what looks like a mistake is reported. */
function checkExported(module: Module, from: Module, name: string, at: Node, output: Output): void {
  if (from.exports.has(name) || typeNames(from.statements).has(name)) return;
  const near = nearest(name, from.exports.keys());
  problem(
    output,
    module,
    at,
    `'${from.path}' has no '${name}'${near === undefined ? "" : `; did you mean '${near}'?`}`,
  );
}

function typeNames(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    const node = statement.type === "ExportNamedDeclaration" ? (statement.declaration ?? statement) : statement;
    if (node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration") patternNames(node.id, names);
  }
  return names;
}

function resolve(
  module: Module,
  source: string,
  at: Node,
  modules: readonly Module[],
  output: Output,
): number | undefined {
  const path = joined(module.path, source);
  for (const candidate of [path, `${path}.ts`, path.replace(/\.js$/, ".ts")]) {
    const found = modules.find((one) => one.path.replaceAll("\\", "/") === candidate);
    if (!found) continue;
    if (!module.needs.includes(found.index)) module.needs.push(found.index);
    return found.index;
  }
  problem(output, module, at, `no file '${source}' belongs to this program`);
  return undefined;
}

function joined(from: string, source: string): string {
  const parts = from.replaceAll("\\", "/").split("/").slice(0, -1);
  for (const part of source.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function problem(output: Output, module: Module, at: Node, message: string): void {
  const start = at.loc?.start ?? { line: 1, column: 0 };
  output.problems.push({ file: module.path, line: start.line, column: start.column + 1, message });
}
