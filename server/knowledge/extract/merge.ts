// Puts the facts of the trees read into the tables, beside those of other kernel versions that they hold.
import type { ExtractedMember } from "../extracted.ts";
import { decodeGone, encodeGone, type Gone } from "../gone.ts";
import { decodeTable, mergeTable } from "../table.ts";
import { compareVersions, releaseOf } from "../versions.ts";
import type { KernelFacts } from "./facts.ts";
import { differs, isCallback } from "./selection.ts";

export const tableNames = ["functions.tsv", "gone.tsv", "members.tsv", "scopes.tsv"] as const;

/** File name → text; absent before the first run. */
export type Tables = { readonly [name in (typeof tableNames)[number]]?: string };

/**
 * `facts` in the order of their versions. `curated`: names that belong into the tables however few drivers use them.
 * Reading a tree again changes nothing; what only one of two trees has is found where both come in one run.
 */
export async function mergeFacts(
  tables: Tables,
  facts: readonly KernelFacts[],
  curated: Iterable<string>,
): Promise<Required<Tables>> {
  const functionsHeld =
    tables["functions.tsv"] === undefined ? undefined : decodeTable("functions", tables["functions.tsv"]);
  const membersHeld = tables["members.tsv"] === undefined ? undefined : decodeTable("members", tables["members.tsv"]);
  const releases = new Set(facts.map(({ version }) => releaseOf(version)));
  // What another version put into the tables is looked for in these too; without one, all is settled anew.
  const hasOthers = [...(functionsHeld?.keys() ?? [])].some((version) => !releases.has(releaseOf(version)));
  const held = <E>(table: ReadonlyMap<string, readonly E[]> | undefined): E[] =>
    hasOthers && table !== undefined ? [...table.values()].flat() : [];

  const names = new Set([...curated, ...held(functionsHeld).map(({ name }) => name)]);
  for (const { selected } of facts) for (const name of selected) names.add(name);
  const keys = new Set(held(membersHeld).map(memberKey));
  for (const key of memberKeys(facts)) keys.add(key);

  let functions = tables["functions.tsv"];
  let members = tables["members.tsv"];
  let scopes = tables["scopes.tsv"];
  for (const each of facts) {
    const entries = [...names].sort().flatMap((name) => each.entry(name) ?? []);
    functions = mergeTable("functions", functions, each.version, entries);
    const all = [...each.members.values()].flatMap((struct) => [...struct.values()]);
    members = mergeTable(
      "members",
      members,
      each.version,
      all.filter((member) => keys.has(memberKey(member))),
    );
    scopes = mergeTable("scopes", scopes, each.version, each.scopes);
  }
  const gone = await goneNames(tables["gone.tsv"], functions ?? "", facts);
  return {
    "functions.tsv": functions ?? "",
    "gone.tsv": encodeGone(gone),
    "members.tsv": members ?? "",
    "scopes.tsv": scopes ?? "",
  };
}

function memberKey({ struct, member }: ExtractedMember): string {
  return `${struct}.${member}`;
}

/** Callbacks, and what the versions have differently, of structs that drivers name. */
function memberKeys(facts: readonly KernelFacts[]): Set<string> {
  const keys = new Set<string>();
  for (const each of facts) {
    for (const [struct, members] of each.members) {
      if (!facts.some(({ uses }) => uses(struct) > 0)) continue;
      for (const member of members.values()) {
        const isDifferent = facts.some((other) => other !== each && differs(member, other.members));
        if (isCallback(member) || isDifferent) keys.add(memberKey(member));
      }
    }
  }
  return keys;
}

/**
 * A name is gone where a newer tree neither has it as a callable, nor mentions it in a header that drivers may include,
 * nor has a driver with anything of that name.
 */
async function goneNames(
  before: string | undefined,
  functions: string,
  facts: readonly KernelFacts[],
): Promise<Gone[]> {
  const table = decodeTable("functions", functions);
  const versions = [...table.keys()].sort(compareVersions);
  const found: Gone[] = [];
  for (let i = 1; i < versions.length; i++) {
    const [last, first] = [versions[i - 1]!, versions[i]!];
    const newer = facts.find(({ version }) => version === first);
    const older = new Map((table.get(last) ?? []).map((each) => [each.name, each]));
    if (newer === undefined) {
      const said = before === undefined ? [] : decodeGone(before);
      found.push(
        ...said.filter((each) => each.first === first && older.has(each.name)).map((each) => ({ ...each, last })),
      );
      continue;
    }
    const missing = [...older.keys()].filter(
      (name) => !newer.names.has(name) && !newer.exported.has(name) && newer.uses(name) === 0,
    );
    const mentioned = await newer.mentioned(missing);
    for (const name of missing) {
      if (mentioned.has(name)) continue;
      const { path, line } = older.get(name)!;
      found.push({ name, path, line, last, first });
    }
  }
  return found;
}
