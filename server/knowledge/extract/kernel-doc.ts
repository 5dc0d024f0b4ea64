// What one kernel-doc comment says of contexts, sleeping, locks and failure: facts, none of its sentences.
import type { DocFacts } from "./harvest.ts";

/** Undefined when the comment says nothing that this small grammar understands. */
export function docFacts(_comment: string): DocFacts | undefined {
  return undefined;
}
