// unused-suppression: a comment that is to allow a finding, and allows none.
import type { Span } from "../text/lines.ts";
import type { Finding, Fix, Rule } from "./rule.ts";

/** What is unused is known once every other rule has spoken, so whoever applies the comments asks `nothingAllowed`. */
export const unusedSuppression: Rule = {
  id: "unused-suppression",
  severity: "information",
  summary: "A comment is to suppress a finding, but there is none, or the comment does not say what and why.",
  check: () => [],
};

/** A comment that begins with `driverlab:`; without rules it does not say what it allows. */
export interface Written extends Span {
  readonly rules: readonly (Span & { readonly id: string })[];
  /** Empty when none is given. */
  readonly reason: string;
}

/** `unused` tells whether a rule of the comment was to report something there and did not. */
export function nothingAllowed(
  file: string,
  text: string,
  written: Written,
  known: readonly string[],
  unused: (at: Written, id: string) => boolean,
): readonly Finding[] {
  const { rules, reason } = written;
  const say = (at: Span, message: string, fixes: readonly Fix[] = []): Finding => ({
    ...{ rule: "unused-suppression", severity: "information", message, file, related: [], fixes },
    ...{ start: at.start, end: at.end },
  });
  const example = (id: string): string => `\`/* driverlab: allow ${id} -- why it is right here */\``;
  if (rules.length === 0) return [say(written, `not understood: write ${example("sleep-in-atomic")}`)];
  if (reason === "") return [say(written, `nothing is suppressed without a reason: write ${example(rules[0]!.id)}`)];
  return rules.flatMap((rule) => {
    if (!known.includes(rule.id)) return [say(rule, `there is no rule \`${rule.id}\``)];
    if (!unused(written, rule.id)) return [];
    return [say(rule, `${rule.id} reports nothing here`, [removal(file, text, written, rule)])];
  });
}

/** Of several rules one goes with its comma; the last one takes the comment with it, and the line that it stands on. */
function removal(file: string, text: string, { start, end, rules }: Written, rule: Span): Fix {
  const title = "Remove what is not needed";
  const fix = (from: number, to: number): Fix => {
    return { title, edits: [{ file, start: from, end: to, text: "" }], preferred: false };
  };
  const at = rules.findIndex((each) => each.start === rule.start);
  if (rules.length > 1) return at === 0 ? fix(rule.start, rules[1]!.start) : fix(rules[at - 1]!.end, rule.end);
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end);
  const alone = text.slice(lineStart, start).trim() === "" && lineEnd !== -1 && text.slice(end, lineEnd).trim() === "";
  if (alone) return fix(lineStart, lineEnd + 1);
  return fix(start - /[ \t]*$/.exec(text.slice(lineStart, start))![0].length, end);
}
