// Which names and members go into the tables: what a driver may call, without what no driver ever does.
import type { ExtractedMember } from "../extracted.ts";
import { type Candidate, isShared } from "./candidates.ts";
import type { UseCount } from "./worker.ts";

/** Where uses are the owner's own: the file that defines it; for what no shared header declares, its folder and a slash. */
export function ownPlace({ path, exported, declared }: Candidate): string {
  return exported !== undefined && !declared ? path.slice(0, path.lastIndexOf("/") + 1) : path;
}

export function isSelected(candidate: Candidate, uses: Pick<UseCount, "files" | "outside"> | undefined): boolean {
  const { files, outside } = uses ?? { files: 0, outside: 0 };
  // Uses of what no shared header declares are by the owner's relatives, or by others that have a function of that name.
  if (candidate.exported !== undefined) return candidate.declared ? files > 0 : outside >= 3;
  // Modules cannot call it; one driver that is always built in may be its only customer.
  if (candidate.kind === "function") return files >= 2;
  // Macros that only compute stand in the headers of devices by the thousand.
  return files >= (candidate.plain ? 3 : 1);
}

/** Structs of shared headers, as `struct foo`. */
export function structsOf(members: readonly ExtractedMember[]): Set<string> {
  return new Set(members.filter(({ path }) => isShared(path)).map(({ struct }) => struct));
}

const callable = /\(\*\)\(|^\w+_(?:func|fn|handler|callback|cb|filler)_t$/;

export function isCallback(member: ExtractedMember): boolean {
  return callable.test(member.type);
}

/**
 * Of structs that both versions have: what only one has, or what has another type there. A member of unknown type is
 * there, and of no other type than any.
 */
export function differs(
  member: ExtractedMember,
  other: ReadonlyMap<string, ReadonlyMap<string, ExtractedMember>>,
): boolean {
  const struct = other.get(member.struct);
  if (struct === undefined) return false;
  const counterpart = struct.get(member.member);
  if (counterpart === undefined) return true;
  return member.type !== "" && counterpart.type !== "" && member.type !== counterpart.type;
}
