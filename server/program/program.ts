// One driver as the analysis sees it: its functions as graphs, its types, and how the kernel enters it.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { ParsedFile, Parser } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { DeclaredTypes } from "./declared-types.ts";
import { type Entry, findEntries } from "./entries.ts";
import type { Func } from "./function.ts";
import { kbuildFacts } from "./kbuild.ts";
import { whyNotKernel } from "./kernel-code.ts";
import { lowerFunction } from "./lower.ts";

export type { ParsedFile, Parser } from "../syntax/parser.ts";
export type { Func } from "./function.ts";

export interface Program {
  readonly path: string;
  readonly file: ParsedFile;
  readonly knowledge: Knowledge;
  /** Why this is no kernel code, in words; undefined when it is. */
  readonly notKernel?: string;
  /** Functions of the chosen configuration, by name. */
  readonly functions: ReadonlyMap<string, Func>;
  readonly types: DeclaredTypes;
  readonly entries: readonly Entry[];
  /** Names of all functions that the driver calls. */
  readonly calls: ReadonlySet<string>;
  /** The Kbuild of its folder compiles it with floating point switched on. */
  readonly floatAllowed: boolean;
}

/** Reads one C file; it never fails, whatever the text. */
export function readProgram(parser: Parser, knowledge: Knowledge, host: Host, path: string, text: string): Program {
  const file = parser.parse(path, text);
  const notKernel = whyNotKernel(file, knowledge, host);
  const functions = new Map<string, Func>();
  const types = new DeclaredTypes([file.unit]);
  const calls = new Set<string>();
  const base = { path, file, knowledge, functions, types, calls };
  if (notKernel !== undefined) return { ...base, notKernel, entries: [], floatAllowed: true };
  const macros = new Set(file.unit.macros.filter((each) => each.params !== undefined).map((each) => each.name));
  for (const def of file.unit.functions) {
    if (def.inactive || functions.has(def.name)) continue;
    const cfg = lowerFunction(def, knowledge, macros);
    functions.set(def.name, { name: def.name, file: path, def, cfg });
    for (const block of cfg.blocks)
      for (const event of block.events) if (event.kind === "call" && event.name !== undefined) calls.add(event.name);
  }
  const entries = findEntries(file.unit, text, functions, knowledge, types);
  return { ...base, entries, floatAllowed: kbuildFacts(path, host).floatAllowed };
}
