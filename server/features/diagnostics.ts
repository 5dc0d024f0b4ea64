// Findings as the language server protocol shows them: severity as set, the chain as related information.
import type { Diagnostic, DiagnosticRelatedInformation, Location } from "vscode-languageserver-types";
import type { Finding, Severity } from "../rules/rule.ts";
import type { Span } from "../text/lines.ts";

/** Where a span of a file lies for the client; undefined when the file cannot be read. */
export type Locate = (file: string, span: Span) => Location | undefined;

export type Level = Severity | "off";

export interface DiagnosticStyle {
  readonly locate: Locate;
  /** URI of the page of a rule. */
  readonly rulePage: (rule: string) => string;
  /** False for clients that know no related information: the chain then goes into the message. */
  readonly related: boolean;
}

const severities = { error: 1, warning: 2, information: 3, hint: 4 } as const;

function isLevel(value: unknown): value is Level {
  return value === "off" || (typeof value === "string" && Object.hasOwn(severities, value));
}

/** The findings with the severities that a person set; unknown rules and levels in the settings change nothing. */
export function applyLevels(findings: readonly Finding[], levels: Readonly<Record<string, unknown>>): Finding[] {
  return findings.flatMap((finding) => {
    const level = Object.hasOwn(levels, finding.rule) ? levels[finding.rule] : undefined;
    if (!isLevel(level)) return [finding];
    return level === "off" ? [] : [{ ...finding, severity: level }];
  });
}

export function diagnostic(finding: Finding, style: DiagnosticStyle): Diagnostic | undefined {
  const place = style.locate(finding.file, finding);
  if (place === undefined) return undefined;
  const chain: DiagnosticRelatedInformation[] = finding.related.flatMap((step) => {
    const location = style.locate(step.file, step);
    return location === undefined ? [] : [{ location, message: step.message }];
  });
  const shown: Diagnostic = {
    range: place.range,
    severity: severities[finding.severity],
    code: finding.rule,
    codeDescription: { href: style.rulePage(finding.rule) },
    source: "driverlab",
    message: finding.message,
  };
  if (chain.length === 0) return shown;
  if (style.related) return { ...shown, relatedInformation: chain };
  const steps = chain.map(({ location, message }) => `  line ${location.range.start.line + 1}: ${message}`);
  return { ...shown, message: [finding.message, ...steps].join("\n") };
}

export function diagnostics(findings: readonly Finding[], style: DiagnosticStyle): Diagnostic[] {
  return findings.flatMap((finding) => diagnostic(finding, style) ?? []);
}
