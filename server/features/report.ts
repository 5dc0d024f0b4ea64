// What a check of many files gives, with positions that people and programs read: lines and columns from 1.
import type { Finding, Severity } from "../rules/rule.ts";
import { Lines, type Span } from "../text/lines.ts";

export interface ReportedPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The line it stands on, for people. */
  readonly source: string;
  /** How many columns of that line it covers, at least 1. */
  readonly width: number;
}

export interface ReportedFinding extends ReportedPlace {
  readonly rule: string;
  readonly severity: Severity;
  readonly endLine: number;
  readonly endColumn: number;
  readonly function: string | null;
  readonly related: readonly ReportedPlace[];
  /** The reason for which a comment allows it. */
  readonly allowed?: string;
}

/**
 * Something that is no finding. missing: there is no such path. unreadable: it cannot be read. not-c: it is no C.
 * failed: the check itself failed. gave-up: it took too long. skipped: it is C, but not kernel code.
 */
export interface Problem {
  readonly file: string;
  readonly kind: "missing" | "unreadable" | "not-c" | "failed" | "gave-up" | "skipped";
  readonly message: string;
}

/** The text of a file, and the name under which a person knows it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export type Open = (file: string) => NamedText | undefined;

class Placer {
  private readonly open: Open;
  private readonly files = new Map<string, { named: NamedText; lines: Lines }>();

  constructor(open: Open) {
    this.open = open;
  }

  place(
    file: string,
    span: Span,
    message: string,
  ): (ReportedPlace & { endLine: number; endColumn: number }) | undefined {
    const { named, lines } = this.file(file) ?? {};
    if (named === undefined || lines === undefined) return undefined;
    const start = lines.position(span.start);
    const end = lines.position(span.end);
    const source = named.text.slice(lines.start(start.line), lines.start(start.line + 1)).replace(/[\r\n]+$/, "");
    const until = end.line === start.line ? end.column : source.length;
    return {
      file: named.name,
      line: start.line + 1,
      column: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
      message,
      source,
      width: Math.max(1, until - start.column),
    };
  }

  private file(path: string) {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const named = this.open(path);
    if (named === undefined) return undefined;
    const entry = { named, lines: new Lines(named.text) };
    this.files.set(path, entry);
    return entry;
  }
}

/** `open` reads by the path that findings carry; what it cannot read is left out of the report. */
export function reported(findings: readonly Finding[], open: Open): ReportedFinding[] {
  const placer = new Placer(open);
  return findings.flatMap((finding) => {
    const place = placer.place(finding.file, finding, finding.message);
    if (place === undefined) return [];
    const related = finding.related.flatMap((step) => placer.place(step.file, step, step.message) ?? []);
    const { rule, severity } = finding;
    return [{ ...place, rule, severity, function: finding.function ?? null, related }];
  });
}
