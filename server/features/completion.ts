// The kernel's functions and macros that begin with what was typed, from the knowledge alone: no file is read for it.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { FunctionFact } from "../knowledge/schema.ts";

export interface KernelName {
  readonly name: string;
  /** `may sleep`, `does not sleep`; empty where that is not known. */
  readonly sleeps: string;
  /** The header that declares it, `linux/slab.h`, or else the file that defines it; empty where that is not known. */
  readonly from: string;
}

export interface KernelNames {
  /** Those that drivers use most come first. */
  readonly names: readonly KernelName[];
  /** There are more: one that knows more letters may ask again. */
  readonly isCut: boolean;
}

/** With fewer letters there are too many names to be of help. */
const fewestLetters = 3;
/** Whoever wrote one means it, and would not have a name put in its place by the Enter key. */
const keywords: ReadonlySet<string> = new Set(["break", "case", "default", "else", "for", "goto", "int", "return"]);
const mostNames = 100;
const none: KernelNames = { names: [], isCut: false };

/** `offset`: where the cursor stands, behind the letters that were typed. */
export function kernelNames(knowledge: Knowledge, text: string, offset: number): KernelNames {
  const prefix = /\b[A-Za-z_]\w*$/.exec(text.slice(Math.max(0, offset - 80), offset))?.[0] ?? "";
  if (prefix.length < fewestLetters || keywords.has(prefix) || !mayBeCall(text, offset - prefix.length)) return none;
  const facts = knowledge.factsFrom(prefix).filter(isForModules);
  const uses = (fact: FunctionFact): number => fact.extracted?.uses ?? 0;
  const inOrder = [...facts].sort((a, b) => uses(b) - uses(a) || (a.name < b.name ? -1 : 1));
  return { names: inOrder.slice(0, mostNames).map(kernelName), isCut: facts.length > mostNames };
}

/** It is exported or stands in a header: what is not exported, no module can call. */
function isForModules({ extracted }: FunctionFact): boolean {
  return extracted?.exported !== undefined || /(^|\/)include\//.test(extracted?.path ?? "include/");
}

function kernelName(fact: FunctionFact): KernelName {
  const path = fact.extracted?.path ?? fact.source.replace(/:\d+$/, "");
  const from = path.startsWith("include/") ? path.slice("include/".length) : path;
  return { name: fact.name, sleeps: SLEEPS[fact.maySleep], from };
}

const SLEEPS: Readonly<Record<FunctionFact["maySleep"], string>> = {
  always: "may sleep",
  never: "does not sleep",
  flags: "may sleep, by its flags",
  conditional: "may sleep",
  unknown: "",
};

/** What begins at `start` is neither a member nor a tag, nor part of a comment, a string, a character or an #include. */
function mayBeCall(text: string, start: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  if (/(->|(?<!\.\.)\.|\b(struct|union|enum|goto))\s*$/.test(line) || /^\s*#\s*include\b/.test(line)) return false;
  // One pass over all that is before: a comment may have begun anywhere.
  const piece =
    /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*(?:"|$|(?=\n))|'(?:\\[\s\S]|[^'\\\n])*(?:'|$|(?=\n))/g;
  for (let match = piece.exec(text); match !== null && match.index < start; match = piece.exec(text))
    if (match.index + match[0].length > start) return false;
  return true;
}
