// Findings for programs; the shape is fixed by its schema number.
import type { Severity } from "../rules/rule.ts";
import type { Problem, ReportedFinding } from "./report.ts";

export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface JsonFinding extends JsonPlace {
  readonly rule: string;
  readonly severity: Severity;
  readonly endLine: number;
  readonly endColumn: number;
  readonly function: string | null;
  readonly related: readonly JsonPlace[];
}

export interface JsonReport {
  readonly schema: 1;
  readonly findings: readonly JsonFinding[];
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly milliseconds: number;
}

export function jsonFinding(finding: ReportedFinding): JsonFinding {
  const { rule, severity, message, file, line, column, endLine, endColumn } = finding;
  const related = finding.related.map((step) => ({
    file: step.file,
    line: step.line,
    column: step.column,
    message: step.message,
  }));
  return { rule, severity, message, file, line, column, endLine, endColumn, function: finding.function, related };
}
