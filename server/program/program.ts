// One driver as the analysis sees it: its functions as graphs, its types, and how the kernel enters it.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { FileMacro, FunctionDef } from "../syntax/ast.ts";
import type { ParsedFile, Parser } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { DeclaredTypes } from "./declared-types.ts";
import { type Entry, findEntries } from "./entries.ts";
import type { Func } from "./function.ts";
import { readHeaders } from "./headers.ts";
import { kbuildFacts } from "./kbuild.ts";
import { whyNotKernel } from "./kernel-code.ts";
import { lowerFunction } from "./lower.ts";
import { Macros } from "./macros.ts";
import { isBuiltIn, unlicensed } from "./module-license.ts";
import { readingsOf } from "./readings.ts";

export type { ParsedFile, Parser } from "../syntax/parser.ts";
export type { Func } from "./function.ts";

export interface Program {
  readonly path: string;
  readonly file: ParsedFile;
  /** The driver's own headers that the file includes, as far as they were found and read. */
  readonly headers: readonly ParsedFile[];
  readonly knowledge: Knowledge;
  /** Why this is no kernel code, in words; undefined when it is. */
  readonly notKernel?: string;
  /** Functions of the file in the chosen configuration, by name. */
  readonly functions: ReadonlyMap<string, Func>;
  /** Functions that the headers define and the file uses, by name. */
  readonly inlines: ReadonlyMap<string, Func>;
  /** Macros of the file and its headers. */
  readonly macros: Macros;
  readonly types: DeclaredTypes;
  readonly entries: readonly Entry[];
  /** Names of all functions that the driver calls. */
  readonly calls: ReadonlySet<string>;
  /** The Kbuild of its folder compiles it with floating point switched on. */
  readonly floatAllowed: boolean;
  /** What makes it a module, where none of the module's files states a licence. */
  readonly unlicensed?: FileMacro;
  /** The build links it into the kernel and knows no module of it. */
  readonly builtIn: boolean;
}

/** Reads one C file and the driver's headers that it includes; it never fails, whatever the text. */
export function readProgram(parser: Parser, knowledge: Knowledge, host: Host, path: string, text: string): Program {
  return programOf(readingsOf(parser).parse(path, text), parser, knowledge, host);
}

export function programOf(file: ParsedFile, parser: Parser, knowledge: Knowledge, host: Host): Program {
  const { path } = file;
  const notKernel = whyNotKernel(file, knowledge, host);
  const functions = new Map<string, Func>();
  const inlines = new Map<string, Func>();
  const headers = notKernel === undefined ? readHeaders(file, readingsOf(parser), host) : [];
  const types = new DeclaredTypes([file, ...headers]);
  const calls = new Set<string>();
  const macros = new Macros([file, ...headers], knowledge);
  const base = { path, file, headers, knowledge, functions, inlines, macros, types, calls };
  if (notKernel !== undefined) return { ...base, notKernel, entries: [], floatAllowed: true, builtIn: false };
  const functionLike = macros.functionLike();
  const lower = (def: FunctionDef, from: ParsedFile): Func => {
    const cfg = lowerFunction(def, knowledge, functionLike);
    for (const block of cfg.blocks)
      for (const event of block.events) if (event.kind === "call" && event.name !== undefined) calls.add(event.name);
    return { name: def.name, file: from.path, def, cfg };
  };
  for (const def of file.unit.functions)
    if (!def.inactive && !functions.has(def.name)) functions.set(def.name, lower(def, file));
  const offered = offeredInlines(headers);
  // What a function of a header calls joins the calls while they are being gone through.
  for (const name of calls) {
    const inline = functions.has(name) ? undefined : offered.get(name);
    if (inline !== undefined) inlines.set(name, lower(inline.def, inline.from));
  }
  const entries = findEntries(file, functions, knowledge, types);
  const license = unlicensed(file, headers, host);
  const built = { floatAllowed: kbuildFacts(path, host).floatAllowed, builtIn: isBuiltIn(path, host) };
  return { ...base, entries, ...built, ...(license === undefined ? {} : { unlicensed: license }) };
}

/** Functions that headers define, but for those of which one tells two stories: a stub, and a prototype or a pointer. */
function offeredInlines(headers: readonly ParsedFile[]): ReadonlyMap<string, { def: FunctionDef; from: ParsedFile }> {
  const offered = new Map<string, { def: FunctionDef; from: ParsedFile }>();
  const doubtful = new Set<string>();
  for (const from of headers) {
    const { prototypes, variables, macros } = from.unit;
    for (const { name, isStatic, isExtern } of prototypes) if (!isStatic || isExtern) doubtful.add(name);
    for (const { name } of [...variables, ...macros]) doubtful.add(name);
    for (const def of from.unit.functions) {
      if (def.inactive) doubtful.add(def.name);
      else if (offered.has(def.name)) doubtful.add(def.name);
      else offered.set(def.name, { def, from });
    }
  }
  for (const name of doubtful) offered.delete(name);
  return offered;
}
