// Findings for a terminal, worded and laid out as gcc and clang do it: place, message, source line, chain.
import type { Severity } from "../rules/rule.ts";
import type { ReportedFinding, ReportedPlace } from "./report.ts";

export interface TextStyle {
  readonly color: boolean;
}

const sgr = { bold: 1, red: 31, green: 32, magenta: 35, cyan: 36 } as const;
const severityColor: Readonly<Record<Severity | "note", keyof typeof sgr>> = {
  error: "red",
  warning: "magenta",
  information: "cyan",
  hint: "cyan",
  note: "cyan",
};

const tabStop = 8;
/** As wide as gcc's, so that the lines of one chain stand under each other. */
const gutterWidth = 5;

function paint(text: string, style: TextStyle, ...colors: (keyof typeof sgr)[]): string {
  return style.color ? `\x1b[${colors.map((color) => sgr[color]).join(";")}m${text}\x1b[0m` : text;
}

/** With tabs as spaces, so that what stands under the line stands under the right characters. */
function expand(text: string, from = 0): string {
  let out = "";
  for (const character of text) {
    out += character === "\t" ? " ".repeat(tabStop - ((from + out.length) % tabStop)) : character;
  }
  return out;
}

function placeLines(place: ReportedPlace, kind: Severity | "note", suffix: string, style: TextStyle): string[] {
  const where = paint(`${place.file}:${place.line}:${place.column}:`, style, "bold");
  const label = paint(`${kind}:`, style, "bold", severityColor[kind]);
  const message = kind === "note" ? place.message : paint(place.message, style, "bold");
  const before = expand(place.source.slice(0, place.column - 1));
  const covered = expand(place.source.slice(place.column - 1, place.column - 1 + place.width), before.length);
  const mark = `^${"~".repeat(Math.max(0, covered.length - 1))}`;
  const number = String(place.line).padStart(gutterWidth);
  const gutter = " ".repeat(number.length);
  return [
    `${where} ${label} ${message}${suffix}`,
    `${number} | ${expand(place.source)}`,
    `${gutter} | ${" ".repeat(before.length)}${paint(mark, style, "bold", "green")}`,
  ];
}

/** One finding with its chain, without a line break at the end. */
export function textReport(finding: ReportedFinding, style: TextStyle): string {
  const lines = placeLines(finding, finding.severity, ` [${finding.rule}]`, style);
  for (const step of finding.related) lines.push(...placeLines(step, "note", "", style));
  return lines.join("\n");
}
