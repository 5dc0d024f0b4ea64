// Reads one tree: from its files to all that may go into the tables, before it is compared with other versions.
import type { ExtractedFunction, ExtractedMember, ExtractedScope } from "../extracted.ts";
import { type Candidate, candidatesOf, isShared } from "./candidates.ts";
import type { Harvest } from "./harvest.ts";
import type { Pool } from "./pool.ts";
import { isSelected, ownPlace, structsOf } from "./selection.ts";
import { type Settled, settle } from "./settle.ts";
import type { KernelTree } from "./tree.ts";
import type { UseCount } from "./worker.ts";

export interface KernelFacts {
  readonly version: string;
  /** Number of files read for their declarations. */
  readonly files: number;
  readonly names: ReadonlyMap<string, Candidate>;
  /** What the tree offers to modules, data too. */
  readonly exported: ReadonlySet<string>;
  /** Names that by this tree alone belong into the tables. */
  readonly selected: ReadonlySet<string>;
  readonly scopes: readonly ExtractedScope[];
  /** Struct → member, of the structs in shared headers. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, ExtractedMember>>;
  /** Files below drivers/ and sound/ that use the name, or the `struct foo`. */
  uses(name: string): number;
  /** Undefined where the tree has no such callable. */
  entry(name: string): ExtractedFunction | undefined;
  /** Which of the names the shared headers mention at all, in whatever part. */
  mentioned(names: Iterable<string>): Promise<Set<string>>;
}

/** What was read of one tree. */
export interface Readings {
  readonly version: string;
  readonly harvests: readonly Harvest[];
  readonly names: ReadonlyMap<string, Candidate>;
  readonly uses: ReadonlyMap<string, UseCount>;
}

/** `known`: names of other versions, whose uses are asked for too. */
export async function readTree(
  tree: KernelTree,
  pool: Pool,
  known: Iterable<string>,
  say: (line: string) => void,
): Promise<Readings> {
  const { root, version, declaring, using } = tree;
  say(`${version}: reading ${declaring.length} files of ${root}`);
  const harvests = await pool.harvest(root, declaring);
  const names = candidatesOf(harvests);
  say(`${version}: counting uses in ${using.length} files`);
  const wanted = new Map<string, string | undefined>([...known].map((name) => [name, undefined]));
  for (const struct of structsOf(harvests.flatMap((each) => each.members))) wanted.set(struct, undefined);
  for (const [name, candidate] of names) wanted.set(name, ownPlace(candidate));
  const uses = await pool.uses(root, using, wanted);
  return { version, harvests, names, uses };
}

export function factsOf({ version, harvests, names, uses }: Readings, tree: KernelTree, pool: Pool): KernelFacts {
  const settled = settle(harvests);
  return {
    version,
    files: harvests.length,
    names,
    exported: new Set(harvests.flatMap((each) => each.exports.map(({ name }) => name))),
    selected: new Set([...names].filter(([name, each]) => isSelected(each, uses.get(name))).map(([name]) => name)),
    scopes: scopesByName(harvests),
    members: membersByStruct(harvests),
    uses: (name) => uses.get(name)?.files ?? 0,
    entry: (name) => {
      const candidate = names.get(name);
      return candidate === undefined ? undefined : entryOf(candidate, settled, uses.get(name));
    },
    mentioned: (asked) => pool.mentions(tree.root, tree.declaring.filter(isShared), asked),
  };
}

function entryOf(candidate: Candidate, settled: Settled, uses: UseCount | undefined): ExtractedFunction {
  const { declared: _, plain: __, standsFor, ...shape } = candidate;
  return {
    ...shape,
    ...(standsFor === undefined ? {} : { aliasOf: standsFor }),
    ...settled.of(candidate.name),
    uses: uses?.files ?? 0,
    ...(uses !== undefined && uses.kept >= 10 && /\*$/.test(shape.returnType)
      ? { tested: { of: uses.kept, times: uses.tested } }
      : {}),
  };
}

/** The first file, in the order of their paths, that defines a struct says its members. */
function membersByStruct(harvests: readonly Harvest[]): Map<string, Map<string, ExtractedMember>> {
  const found = new Map<string, Map<string, ExtractedMember>>();
  const order = (path: string): string => (path.includes("/asm-generic/") ? `~${path}` : path);
  const sorted = [...harvests].sort((a, b) => (order(a.path) < order(b.path) ? -1 : 1));
  for (const { path, members } of sorted) {
    if (!isShared(path)) continue;
    for (const each of members) {
      const struct = found.get(each.struct) ?? new Map<string, ExtractedMember>();
      const first = struct.values().next().value;
      if (first !== undefined && first.path !== path) continue;
      found.set(each.struct, struct.set(each.member, each));
    }
  }
  return found;
}

function scopesByName(harvests: readonly Harvest[]): ExtractedScope[] {
  const found = new Map<string, ExtractedScope>();
  for (const { path, scopes } of [...harvests].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (!isShared(path)) continue;
    for (const each of scopes) {
      const key = `${each.kind} ${each.name}`;
      if (!found.has(key)) found.set(key, each);
    }
  }
  return [...found.values()];
}
