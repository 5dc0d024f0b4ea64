// Findings as SARIF 2.1.0, as code hosts take them: rules with their pages, the chain as a code flow, fingerprints.
import type { Rule, Severity } from "../rules/rule.ts";
import type { Problem, ReportedFinding, ReportedPlace } from "./report.ts";

export interface SarifTool {
  readonly version: string;
  readonly rules: readonly Rule[];
  /** The text of a rule's page, or undefined when it has none. */
  readonly page: (rule: string) => string | undefined;
}

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** FNV-1a over 64 bits, as hexadecimal. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}

/** Stays the same while lines move: rule, function, the line without its spacing, and the chain. */
export function fingerprint(finding: ReportedFinding): string {
  const line = finding.source.replaceAll(/\s+/g, " ").trim();
  return hash([finding.rule, finding.function ?? "", line, ...finding.related.map((step) => step.message)].join("\n"));
}

/** SARIF wants URIs; paths as given become relative ones, absolute paths `file:` ones. */
function artifact(file: string): { uri: string; uriBaseId?: string } {
  const path = file.replaceAll("\\", "/");
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (path.startsWith("/")) return { uri: `file://${encoded}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${encoded}` };
  return { uri: encoded.replace(/^(\.\/)+/, ""), uriBaseId: "%SRCROOT%" };
}

function location(place: ReportedPlace) {
  const end = place as Partial<ReportedFinding>;
  const region = {
    startLine: place.line,
    startColumn: place.column,
    endLine: end.endLine ?? place.line,
    endColumn: end.endColumn ?? place.column + place.width,
    snippet: { text: place.source },
  };
  return {
    physicalLocation: { artifactLocation: artifact(place.file), region },
    message: { text: place.message },
  };
}

function result(finding: ReportedFinding, ruleIndex: number, occurrence: number) {
  const place = location(finding);
  const here = finding.function === null ? {} : { logicalLocations: [{ name: finding.function, kind: "function" }] };
  const chain = [...finding.related, finding].map((step) => ({ location: location(step) }));
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: place.physicalLocation, ...here }],
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map((step, id) => ({ id, ...location(step) })),
          codeFlows: [{ threadFlows: [{ locations: chain }] }],
        }),
    ...(finding.allowed === undefined ? {} : { suppressions: [{ kind: "inSource", justification: finding.allowed }] }),
    partialFingerprints: { "driverlab/v1": `${fingerprint(finding)}:${occurrence}` },
  };
}

function ruleDescriptor(rule: Rule, page: string | undefined) {
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.summary },
    defaultConfiguration: { level: levels[rule.severity] },
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
  };
}

export function sarifReport(tool: SarifTool, findings: readonly ReportedFinding[], problems: readonly Problem[]) {
  const index = new Map(tool.rules.map((rule, at) => [rule.id, at]));
  const seen = new Map<string, number>();
  const results = findings.map((finding) => {
    const key = `${finding.file}\n${fingerprint(finding)}`;
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return result(finding, index.get(finding.rule) ?? -1, occurrence);
  });
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "driverlab-check",
            semanticVersion: tool.version,
            rules: tool.rules.map((rule) => ruleDescriptor(rule, tool.page(rule.id))),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The folder in which driverlab-check ran." } } },
        invocations: [
          {
            executionSuccessful: !problems.some(({ kind }) => kind === "failed" || kind === "gave-up"),
            toolExecutionNotifications: problems.map((problem) => ({
              level: problem.kind === "skipped" ? "note" : "warning",
              message: { text: problem.message },
              locations: [{ physicalLocation: { artifactLocation: artifact(problem.file) } }],
            })),
          },
        ],
        results,
      },
    ],
  };
}
