// Reads one file of a kernel tree: all that it says of functions, macros, exports, scopes and structs.
import type { Parser } from "../../syntax/parser.ts";
import { functionsOf, prototypesOf } from "./declarations.ts";
import { exportsOf } from "./exports.ts";
import type { Harvest } from "./harvest.ts";
import { macrosOf } from "./macros.ts";
import { membersOf } from "./members.ts";
import { scopesOf } from "./scopes.ts";
import { readSource, withoutComments } from "./source.ts";

export function harvestFile(parser: Parser, path: string, text: string): Harvest {
  if (path.endsWith(".S")) {
    const exports = exportsOf(withoutComments(text));
    return { path, functions: [], prototypes: [], macros: [], exports, scopes: [], members: [] };
  }
  const source = readSource(parser, path, leaveOut(text));
  const functions = functionsOf(source);
  const prototypes = prototypesOf(source);
  const macros = macrosOf(source);
  const active = new Set<string>();
  for (const each of [...functions, ...prototypes, ...macros]) if (!each.inactive) active.add(each.name);
  const counts = (each: { name: string; inactive?: true }): boolean => !each.inactive || !active.has(each.name);
  return {
    path,
    functions: functions.filter(counts),
    prototypes: prototypes.filter(counts),
    macros: macros.filter(counts),
    exports: exportsOf(source.clean),
    scopes: scopesOf(path, source.clean, source.line),
    members: path.endsWith(".h") ? membersOf(source) : [],
  };
}

/** The configuration read is a usual one of x86-64: the reading takes every option for set, and these are not. */
const unset =
  /\bCONFIG_(?=(?:PREEMPT_RT|DEBUG_LOCK_ALLOC|GENERIC_LOCKBREAK|X86_32|UML|TINY_RCU|SLUB_TINY|SLOB|SLAB|KMSAN|PARAVIRT_XXL|PARAVIRT_SPINLOCKS|TRACE_BRANCH_PROFILING|INDIRECT_PIO|INLINE_\w+|DEBUG_RWSEMS|ALPHA|ARC|ARM|ARM64|COLDFIRE|CSKY|HEXAGON|IA64|LOONGARCH|M68K|MICROBLAZE|MIPS|NIOS2|OPENRISC|PARISC|PPC\w*|RISCV|S390|SPARC\w*|SUPERH\w*|XTENSA)\b)/g;

/** Equal in length: `CONFIG_PREEMPT_RT` becomes a word that nothing defines. */
function leaveOut(text: string): string {
  return text.replace(unset, "UNSET__").replace(/\bIS_ENABLED\((UNSET__\w+)\)/g, (all) => "0".padEnd(all.length));
}
