// Puts the files of a tree together: from what each body and comment says to the facts of each callable.
import type { ExtractedFunction } from "../extracted.ts";
import type { Harvest } from "./harvest.ts";

/** The fields of an ExtractedFunction that follow from bodies, annotations and comments. */
export type Derived = Pick<
  ExtractedFunction,
  | "sleeps"
  | "contexts"
  | "returns"
  | "mustCheck"
  | "gfpParam"
  | "acquires"
  | "releases"
  | "mustHold"
  | "aliasOf"
  | "managed"
  | "noreturn"
  | "deprecated"
  | "callbacks"
>;

export interface Settled {
  /** Of a function, inline or macro that other files see; with a path, of a static one of that file too. */
  of(name: string, path?: string): Derived | undefined;
}

/** The same whatever the order of the harvests. */
export function settle(_harvests: readonly Harvest[]): Settled {
  return { of: () => undefined };
}
