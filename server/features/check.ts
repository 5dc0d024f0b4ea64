// From the text of a driver to its findings: reads, analyses and applies every rule.
import { analyse, type Facts } from "../analysis/facts.ts";
import { siblingsOf } from "../analysis/siblings.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Exports } from "../program/exports.ts";
import { type KernelVersion, kernelVersion } from "../program/kernel-version.ts";
import { type Parser, type Program, programOf, readProgram } from "../program/program.ts";
import { rules } from "../rules/index.ts";
import type { Finding, RuleOptions } from "../rules/rule.ts";
import type { Host } from "../text/host.ts";
import type { Span } from "../text/lines.ts";
import { type Allowed, applySuppressions } from "./suppressions.ts";
import { typingOf } from "./typing.ts";

/** What checking needs, made once. */
export interface Checker {
  readonly parser: Parser;
  readonly knowledge: Knowledge;
  readonly host: Host;
  /** What the modules of the workspace export to each other; absent where only files were given. */
  readonly exports?: Exports;
  /**
   * Someone is typing: what a file's last version gave is taken over as far as it still holds, and files of the module
   * that were not looked at before are left for `later`.
   */
  readonly hurries?: true;
}

export type Profile = "professional" | "learner";

export interface CheckOptions extends RuleOptions {
  /** Whoever learns is told more; professional when nothing is said. */
  readonly profile?: Profile;
  /** The kernel release to check against (`6.12`); empty: the one that the file's surroundings say. */
  readonly kernel?: string;
}

export interface Checked {
  readonly program: Program;
  /** Where a span of the text lies in the program; absent where that is the same. */
  readonly inProgram?: (span: Span) => Span;
  /** Where a span of the program lies in the text; absent where that is the same. */
  readonly inText?: (span: Span) => Span;
  /** The release checked against, and where it was found; `from` is empty for one that was asked for or is the newest. */
  readonly kernel: KernelVersion;
  /** Undefined when the file was not checked. */
  readonly facts?: Facts;
  readonly findings: readonly Finding[];
  /** Findings that a comment in the driver allows. */
  readonly allowed?: readonly Allowed[];
  /** Each reads one more file of the module; a check after that may find more. */
  readonly later?: readonly (() => void)[];
  /** Why the file was not checked, e.g. because it is not kernel code; findings are then empty. */
  readonly skipped?: string;
}

export const defaultOptions: CheckOptions = { stackLimitBytes: 2048 };

/**
 * Checks one file; `path` is absolute, or empty for text that was never saved; `text` is what the editor shows, which
 * may differ from the disk.
 */
export function checkText(checker: Checker, path: string, text: string, options = defaultOptions): Checked {
  const kernel = kernelOf(checker, path, options.kernel ?? "");
  const host = steady(checker.host);
  const knowledge = checker.knowledge.at(kernel.release);
  const typed = checker.hurries === true ? typingOf(checker.parser).read(checker.parser, path, text) : undefined;
  const program =
    typed === undefined
      ? readProgram(checker.parser, knowledge, host, path, text)
      : programOf(typed.file, checker.parser, knowledge, host);
  if (program.notKernel !== undefined) return { program, kernel, findings: [], skipped: program.notKernel };
  typed?.relate(program);
  const { known, later } = siblingsOf(program, checker.parser, host, checker.hurries === true, checker.exports);
  const facts = analyse(program, known);
  const asked = rules.filter(({ audience }) => audience === undefined || audience === options.profile);
  const found = asked.flatMap((rule) => rule.check(program, facts, options));
  const { findings, allowed } = applySuppressions(program, found, asked, later.length === 0);
  const inOrder = [...findings].sort((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : 1));
  const checked = { program, kernel, facts, later };
  if (typed === undefined) return { ...checked, findings: inOrder, allowed };
  return {
    ...checked,
    findings: inOrder.map(typed.toText),
    allowed: allowed.map(({ finding, reason }) => ({ finding: typed.toText(finding), reason })),
    inProgram: typed.fromText,
    inText: typed.spanToText,
  };
}

/** The world as it is while one file is checked: nothing is read twice. */
function steady(host: Host): Host {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  return {
    ...host,
    read(path) {
      if (!texts.has(path)) texts.set(path, host.read(path));
      return texts.get(path);
    },
    list(folder) {
      const known = lists.get(folder);
      if (known !== undefined) return known;
      const names = host.list(folder);
      lists.set(folder, names);
      return names;
    },
  };
}

function kernelOf({ knowledge, host }: Checker, path: string, wanted: string): KernelVersion {
  if (wanted !== "") return { release: wanted, from: "" };
  return kernelVersion(path, host) ?? { release: knowledge.at("").release, from: "" };
}
