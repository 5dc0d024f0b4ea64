// What one kernel-doc comment says of contexts, sleeping, locks and failure: facts, none of its sentences.
import { type ContextFacts, readContext, readProse } from "./context-grammar.ts";
import type { DocFacts } from "./harvest.ts";
import { readReturn } from "./return-grammar.ts";

/** Undefined when the comment says nothing that this small grammar understands. */
export function docFacts(comment: string): DocFacts | undefined {
  const { context, returns, prose } = sectionsOf(comment);
  const said = context === "" ? readProse(withoutName(prose)) : readContext(context);
  const failure = readReturn(returns === "" ? returnSentence(prose) : returns);
  const facts: DocFacts = {
    ...fields(said),
    ...(failure === undefined ? {} : { returns: failure }),
    ...(isDeprecated(prose) ? { deprecated: true } : {}),
  };
  return Object.keys(facts).length === 0 ? undefined : facts;
}

function fields({ sleeps, contexts, holds }: ContextFacts): DocFacts {
  return {
    ...(sleeps === undefined ? {} : { sleeps }),
    ...(contexts === undefined ? {} : { contexts }),
    ...(holds.length === 0 ? {} : { holds }),
  };
}

/** "clk_prepare may sleep" in the comment of clk_prepare() speaks of the function. */
function withoutName(prose: string): string {
  const name = /^(?:function |define |macro )?([A-Za-z_]\w*)/.exec(prose)?.[1];
  return name === undefined
    ? prose
    : prose.replace(
        new RegExp(`\\b${name}(?:\\(\\))?(?= (?:may|might|can|must|sleeps|does|should|will))`, "g"),
        "this function",
      );
}

export interface Sections {
  /** Text of the section in one line; empty when there is none. */
  readonly context: string;
  readonly returns: string;
  /** The rest: what stands under no heading, without the descriptions of parameters. Paragraphs are lines. */
  readonly prose: string;
}

const heading = /^\s*(contexts?|locking)\s*:(?!:)\s*(.*)$/i;
const returnHeading = /^\s*@?(?:returns?(?:ed)?(?: values?| codes?)?)\s*:(?!:)\s*(.*)$/i;
const bareReturn = /^\s*returns?(?: values?)?\s*$/i;
const parameter = /^\s*@[\w.>\-[\]]+(?:\.\.\.)?\s*(?:\([^)]*\))?\s*:/;
const otherHeading =
  /^\s*(?:notes?|description|examples?|details?|usage|see also|warning|rationale|caution|important)\s*:/i;

/** The comment taken apart at its headings, as scripts/kernel-doc does it. */
export function sectionsOf(comment: string): Sections {
  const lines = comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").replace(/\s+$/, ""));
  const context: string[] = [];
  const returns: string[] = [];
  const prose: string[] = [];
  let into: string[] | undefined = prose;
  for (const line of lines) {
    const found = heading.exec(line);
    const back = returnHeading.exec(line) ?? (bareReturn.test(line) ? ["", ""] : undefined);
    if (found !== null && /^c/i.test(found[1]!)) {
      into = context;
      into.push(found[2]!);
    } else if (back !== undefined) {
      into = returns;
      into.push(back[1]!);
    } else if (parameter.test(line)) into = undefined;
    else if (otherHeading.test(line) || found !== null) {
      into = prose;
      prose.push("", line.replace(/^[^:]*:/, ""));
    } else if (line === "" && into !== prose && into?.join("").trim() !== "") {
      into = prose;
      prose.push("");
    } else into?.push(line);
  }
  const paragraphs = prose.join("\n").split(/\n\s*\n/);
  return {
    context: flat(context.join(" ")),
    returns: flat(returns.join(" ")),
    prose: paragraphs.map(flat).filter(Boolean).join("\n"),
  };
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The sentence that says what is returned where no section does: at the beginning of one, so that it is of this function. */
function returnSentence(prose: string): string {
  const found =
    /(?:^|[.\n]\s*)((?:this function |the function |it )?returns? (?!from\b|to\b|immediately\b|early\b)[\s\S]*)/i.exec(
      prose,
    );
  if (found === null) return "";
  const paragraph = found[1]!.split("\n")[0]!;
  return paragraph.replace(/^.*?returns? /i, "");
}

function isDeprecated(prose: string): boolean {
  return /^[^\n]*\((?:now )?deprecated\)|^[\w ()-]*-\s*(?:obsolete|deprecated)\b|(?:^|\n)\W*deprecated\b[ :,.]|\b(?:this (?:function|macro|interface|helper|api|routine|call)|it) is (?:now )?(?:deprecated|obsolete)\b/i.test(
    prose,
  );
}
