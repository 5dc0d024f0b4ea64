// One driver as the analysis sees it: its functions as graphs, its types, and how the kernel enters it.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { FileMacro, FunctionDef, MacroDef } from "../syntax/ast.ts";
import type { ParsedFile, Parser } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { calledIn } from "./called.ts";
import type { Cfg } from "./cfg.ts";
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

export type { ParsedFile, Parser, PartedFile, PartReader } from "../syntax/parser.ts";
export type { Part } from "../syntax/parts.ts";
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
  const headers = notKernel === undefined ? readHeaders(file, readingsOf(parser), host) : [];
  const contents = contentsOf(file, headers, knowledge, notKernel === undefined);
  const base = { path, file, headers, knowledge, ...contents };
  if (notKernel !== undefined) return { ...base, notKernel, floatAllowed: true, builtIn: false };
  const license = unlicensed(file, headers, host);
  const built = { floatAllowed: kbuildFacts(path, host).floatAllowed, builtIn: isBuiltIn(path, host) };
  return { ...base, ...built, ...(license === undefined ? {} : { unlicensed: license }) };
}

/** What the texts alone make of a program. */
type Contents = Pick<Program, "functions" | "inlines" | "macros" | "types" | "entries" | "calls">;

interface Made {
  readonly headers: readonly ParsedFile[];
  readonly knowledge: Knowledge;
  readonly lowered: boolean;
  readonly contents: Contents;
}

/** The last contents that were made of a file as read: the file of one check is a sibling in the next. */
const made = new WeakMap<ParsedFile, Made>();

function contentsOf(
  file: ParsedFile,
  headers: readonly ParsedFile[],
  knowledge: Knowledge,
  lowered: boolean,
): Contents {
  const known = made.get(file);
  if (
    known?.knowledge === knowledge &&
    known.lowered === lowered &&
    known.headers.length === headers.length &&
    known.headers.every((header, index) => header === headers[index])
  )
    return known.contents;
  const contents = makeContents(file, headers, knowledge, lowered);
  made.set(file, { headers, knowledge, lowered, contents });
  return contents;
}

function makeContents(
  file: ParsedFile,
  headers: readonly ParsedFile[],
  knowledge: Knowledge,
  lowered: boolean,
): Contents {
  const functions = new Map<string, Func>();
  const inlines = new Map<string, Func>();
  const types = new DeclaredTypes([file, ...headers]);
  const calls = new Set<string>();
  const macros = macrosOf(file, headers, knowledge);
  const contents = { functions, inlines, macros, types, calls };
  if (!lowered) return { ...contents, entries: [] };
  const functionLike = macros.functionLike();
  const macroNames = [...functionLike].join(" ");
  const lower = (def: FunctionDef, from: ParsedFile): Func => {
    const known = lowerings.get(def);
    const isSame = known?.knowledge === knowledge && known.macroNames === macroNames;
    const cfg = isSame ? known.cfg : lowerFunction(def, knowledge, functionLike);
    if (!isSame) lowerings.set(def, { knowledge, macroNames, cfg });
    for (const each of calledIn(cfg)) calls.add(each);
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
  return { ...contents, entries: findEntries(file, functions, knowledge, types) };
}

/** The last macros of a file whose own are these: what is worked out of them outlives a key that changed none. */
const lastMacros = new WeakMap<
  readonly MacroDef[],
  { readonly headers: readonly ParsedFile[]; readonly knowledge: Knowledge; readonly macros: Macros }
>();

function macrosOf(file: ParsedFile, headers: readonly ParsedFile[], knowledge: Knowledge): Macros {
  const own = file.reading.macros;
  const known = lastMacros.get(own);
  if (
    known?.knowledge === knowledge &&
    known.headers.length === headers.length &&
    known.headers.every((header, index) => header === headers[index])
  )
    return known.macros;
  const macros = new Macros([file, ...headers], knowledge);
  lastMacros.set(own, { headers, knowledge, macros });
  return macros;
}

/** The last graph of a function as read, with what it was made from. */
const lowerings = new WeakMap<
  FunctionDef,
  { readonly knowledge: Knowledge; readonly macroNames: string; readonly cfg: Cfg }
>();

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
