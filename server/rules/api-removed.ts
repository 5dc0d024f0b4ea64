// api-removed: what the chosen kernel no longer has, or has in another form, and names that have successors.
import { inFunction } from "../analysis/reuse.ts";
import type { RemovedFact } from "../knowledge/schema.ts";
import { compareVersions } from "../knowledge/versions.ts";
import { isWordCode } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { callbackUses, type OldCallback } from "./api-removed-callbacks.ts";
import { callFixes, headerFixes, memberFixes, nameFixes } from "./api-removed-fixes.ts";
import { type Own, ownNames } from "./api-removed-own.ts";
import { type Code, codeOf } from "./api-removed-uses.ts";
import type { Finding, Fix, Rule } from "./rule.ts";
import { related } from "./wording.ts";

/** The release that is spoken of where nothing chose one. */
const NEWEST = "6.12";

export const apiRemoved: Rule = {
  id: "api-removed",
  severity: "error",
  summary: "A function, member or signature is used that the chosen kernel no longer has.",
  byRelease: true,
  check(program) {
    const own = ownNames(program);
    const findings = headers(program, own);
    const words = wordsOf(program);
    if (words.length === 0) return findings;
    const code = codeOf(program);
    const hinted = new Set<string>();
    for (const { start, end, facts } of words) {
      if (own.inUndecidedArm(start)) continue;
      for (const fact of facts) {
        const made = finding(program, code, own, fact, { start, end });
        if (made === undefined) continue;
        // A successor is told of once: the fix changes the others too.
        if (made.severity === "hint" && hinted.has(fact.name)) continue;
        if (made.severity === "hint") hinted.add(fact.name);
        findings.push(made);
        break;
      }
    }
    return findings;
  },
};

/** Whether the fact speaks of the chosen release: as an error, or as a hint. */
function standing(program: Program, fact: RemovedFact): "error" | "hint" | undefined {
  const release = program.knowledge.release || NEWEST;
  const without = fact.since ?? fact.missing;
  if (without !== undefined && compareVersions(release, without) >= 0) return "error";
  if (fact.foretold === true) return "hint";
  if (fact.successor === undefined) return undefined;
  return compareVersions(release, fact.successor) >= 0 ? "hint" : undefined;
}

interface Word extends Span {
  readonly facts: readonly RemovedFact[];
}

/** The words of the file's code, comments and left-out arms aside, of which something is known. */
function wordsOf(program: Program): readonly Word[] {
  const { shadow, annotations, macroStatements } = program.file.reading;
  const words: Word[] = [];
  let from = 0;
  for (const fn of [...program.functions.values()].sort((a, b) => a.def.start - b.def.start)) {
    const { start, end } = fn.def;
    if (start < from) continue;
    words.push(...wordsIn(program, from, start));
    words.push(...inFunction(apiRemoved, program, fn, (view) => wordsIn(view, start, end)));
    from = end;
  }
  words.push(...wordsIn(program, from, shadow.length));
  for (const { name, start } of annotations) words.push(...known(program, name, start));
  for (const [start, name] of macroStatements) words.push(...known(program, name, start));
  return words.sort((a, b) => a.start - b.start);
}

function wordsIn(program: Program, from: number, to: number): readonly Word[] {
  const words: Word[] = [];
  const { shadow } = program.file.reading;
  for (let at = from; at < to; at++) {
    const code = shadow.charCodeAt(at);
    if (code === QUOTE) at = endOfString(shadow, at, to);
    else if (isWordCode(code) && !isDigit(code)) {
      const start = at;
      while (at + 1 < to && isWordCode(shadow.charCodeAt(at + 1))) at++;
      words.push(...known(program, shadow.slice(start, at + 1), start));
    }
  }
  return words;
}

const NONE: readonly Word[] = [];

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Where a string literal ends; where it begins, for one that does not end on its line. */
function endOfString(text: string, start: number, to: number): number {
  for (let at = start + 1; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === NEWLINE) return start;
    if (code === BACKSLASH && text.charCodeAt(++at) === NEWLINE) return start;
  }
  return start;
}

function known(program: Program, word: string, start: number): readonly Word[] {
  const all = program.knowledge.removed(word);
  if (all.length === 0) return NONE;
  const facts = all.filter((fact) => standing(program, fact) !== undefined);
  return facts.length === 0 || isLeftOut(program, start) ? [] : [{ start, end: start + word.length, facts }];
}

/** In an arm that the newest kernels leave out: the file is made for several. */
function isLeftOut(program: Program, offset: number): boolean {
  return program.file.reading.inactive.some((arm) => arm.start <= offset && offset < arm.end);
}

function headers(program: Program, own: Own): Finding[] {
  return program.file.unit.includes.flatMap((include) => {
    const fact = include.system ? program.knowledge.removed(include.path)[0] : undefined;
    if (fact === undefined || standing(program, fact) !== "error") return [];
    if (isLeftOut(program, include.start) || own.inUndecidedArm(include.start)) return [];
    const message = words(program, fact, `<${include.path}>`);
    return [report(program, fact, include, message, headerFixes(program, fact, include))];
  });
}

function finding(program: Program, code: Code, own: Own, fact: RemovedFact, at: Span): Finding | undefined {
  switch (fact.what) {
    case "name":
    case "call":
      return nameFinding(program, code, own, fact, at);
    case "type":
      return typeFinding(program, code, own, fact, at);
    case "member":
      return memberFinding(program, code, own, fact, at);
    case "arguments":
    case "argument-type":
      return callFinding(program, code, own, fact, at);
    case "callback":
      return callbackFinding(program, code, own, fact, at);
    case "header":
      return undefined;
  }
}

function nameFinding(program: Program, code: Code, own: Own, fact: RemovedFact, at: Span): Finding | undefined {
  const { name } = fact;
  const before = code.before(at.start);
  if (before === "." || before === "->" || own.has(name, at)) return undefined;
  const isCall = code.after(at.end) === "(";
  if (fact.what === "call" && (!isCall || !code.isCall(at.start))) return undefined;
  // Without parentheses a common word may be a label, or a member; what is assigned is none of these.
  if (!isCall && /^[a-z]/.test(name) && before !== "=") return undefined;
  // A name is shown as it is written: with parentheses where it is called.
  const shown = isCall ? `${name}()` : name;
  const fixes =
    fact.foretold === true && standing(program, fact) === "hint" ? [] : nameFixes(program, code, fact, at, own);
  return report(program, fact, at, words(program, fact, shown), fixes);
}

function typeFinding(program: Program, code: Code, own: Own, fact: RemovedFact, at: Span): Finding | undefined {
  const [keyword, tag] = fact.name.split(" ");
  if (tag === undefined) {
    const before = code.before(at.start);
    if (before === "." || before === "->" || own.has(fact.name, at)) return undefined;
    return report(program, fact, at, words(program, fact, fact.name), nameFixes(program, code, fact, at, own));
  }
  const start = code.keywordBefore(at.start, keyword!);
  if (start === undefined || own.hasRecord(fact.name)) return undefined;
  const span = { start, end: at.end };
  return report(program, fact, span, words(program, fact, fact.name), nameFixes(program, code, fact, span, own));
}

function memberFinding(program: Program, code: Code, own: Own, fact: RemovedFact, at: Span): Finding | undefined {
  const [struct, member] = splitMember(fact);
  if (own.hasRecord(struct)) return undefined;
  const use = code.memberAt(at.start, struct, member);
  if (use === undefined || (fact.written === true && use.kind !== "write")) return undefined;
  if (fact.written === true) {
    const message = `\`${member}\` of ${struct} is not written directly since Linux ${fact.since}: ${fact.instead}`;
    return report(program, fact, at, message, memberFixes(program, fact, use, at));
  }
  const message = words(program, fact, `\`${member}\` of ${struct}`);
  return report(program, fact, at, message, memberFixes(program, fact, use, at));
}

function callFinding(program: Program, code: Code, own: Own, fact: RemovedFact, at: Span): Finding | undefined {
  const args = code.argumentsAt(at.start);
  if (args === undefined || own.has(fact.name, at)) return undefined;
  if (fact.what === "arguments") {
    if (fact.arguments?.includes(args.length) !== true || args.some((each) => each.kind === "unknown"))
      return undefined;
    const count = args.length === 1 ? "1 argument" : `${args.length} arguments`;
    const fixes = callFixes(program, fact, args);
    return report(program, fact, at, words(program, fact, `${fact.name}() with ${count}`), fixes);
  }
  const arg = args[fact.arguments?.[0] ?? -1];
  if (arg === undefined || own.hasRecord(fact.type!) || code.structPointedTo(arg) !== fact.type) return undefined;
  const message = `${fact.name}() takes no ${fact.type} since Linux ${fact.since}: ${fact.instead}`;
  return report(program, fact, arg, message, []);
}

function callbackFinding(program: Program, code: Code, own: Own, fact: RemovedFact, at: Span): Finding | undefined {
  const [struct, member] = splitMember(fact);
  if (own.hasRecord(struct)) return undefined;
  const use = code.memberAt(at.start, struct, member);
  if (use?.value === undefined) return undefined;
  const old = callbackUses(program, code, fact, use.value);
  if (old === undefined) return undefined;
  return {
    ...report(program, fact, use.value, callbackWords(fact, member, struct, old), old.fixes),
    related: old.related.map((step) => related(program, step, `${old.name}() is defined here`)),
  };
}

function callbackWords(fact: RemovedFact, member: string, struct: string, old: OldCallback): string {
  return `${old.name}() ${old.how}, but \`${member}\` of ${struct} is \`${fact.instead}\` since Linux ${fact.since}`;
}

function splitMember(fact: RemovedFact): readonly [string, string] {
  const dot = fact.name.lastIndexOf(".");
  return [fact.name.slice(0, dot), fact.name.slice(dot + 1)];
}

function words(program: Program, fact: RemovedFact, subject: string): string {
  if (standing(program, fact) === "error") return `${subject} ${gone(fact)}: ${fact.instead}`;
  if (fact.since === undefined)
    return `${subject} still works, but has a successor since Linux ${fact.successor}: ${fact.instead}`;
  const then = fact.foretold === true ? " from then on" : "";
  return `${subject} still works, but is gone in Linux ${fact.since}: ${fact.instead}${then}`;
}

function gone(fact: RemovedFact): string {
  return fact.since === undefined ? `is not in Linux ${fact.missing} or later` : `was removed in Linux ${fact.since}`;
}

function report(program: Program, fact: RemovedFact, at: Span, message: string, fixes: readonly Fix[]): Finding {
  const within = [...program.functions.values()].find(({ def }) => def.start <= at.start && at.end <= def.end);
  return {
    rule: "api-removed",
    severity: standing(program, fact) ?? "error",
    message,
    file: program.path,
    ...(within === undefined ? {} : { function: within.name }),
    start: at.start,
    end: at.end,
    related: [],
    fixes,
  };
}
