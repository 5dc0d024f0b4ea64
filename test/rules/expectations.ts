// Reads what a C fixture says about itself and compares it with the findings, line by line.
import type { Finding, Severity } from "../../server/rules/rule.ts";
import { Lines } from "../../server/text/lines.ts";

/** `// error: <rule> "part of the message"`: a finding starts on this line. */
export interface ExpectedFinding {
  readonly line: number;
  readonly severity: Severity;
  readonly rule: string;
  readonly text: string;
}

/** `// related: <rule> "part of the message"`: a step of some finding's chain is on this line. */
export interface ExpectedStep {
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

/** `// ok: <rule>`: a line that tempts the rule, and of which it says nothing. */
export interface ExpectedSilence {
  readonly line: number;
  readonly rule: string;
}

/** `// reveals: context=softirq held=dev->lock`: what the analysis knows on this line, whatever the rules make of it. */
export interface Revealed {
  readonly line: number;
  readonly facts: ReadonlyMap<string, string>;
}

export interface Expectations {
  readonly findings: readonly ExpectedFinding[];
  readonly steps: readonly ExpectedStep[];
  readonly silences: readonly ExpectedSilence[];
  readonly revealed: readonly Revealed[];
  /** Comments that look like an expectation and are none. */
  readonly mistakes: readonly string[];
}

const words = /\/\/ (error|warning|information|hint|related|ok|reveals|todo): (.*)$/;

/**
 * Expectations of all kinds. `// todo: false <severity>: <rule> "…"` is a finding of today that should go, and
 * `// todo: missing <severity>: <rule>` a line of which nothing is said yet: both are held as they are today.
 */
export function readExpectations(text: string): Expectations {
  const findings: ExpectedFinding[] = [];
  const steps: ExpectedStep[] = [];
  const silences: ExpectedSilence[] = [];
  const revealed: Revealed[] = [];
  const mistakes: string[] = [];
  text.split("\n").forEach((content, at) => {
    const line = at + 1;
    const match = words.exec(content);
    if (!match) return;
    let [, kind, rest] = match as unknown as [string, string, string];
    if (kind === "reveals") {
      revealed.push({
        line,
        facts: new Map(rest.split(/\s+/).map((pair) => pair.split(/=(.*)/, 2) as [string, string])),
      });
      return;
    }
    if (kind === "todo") {
      const todo = /^(false|missing) (error|warning|information|hint): (.*)$/.exec(rest);
      kind = todo?.[1] === "false" ? todo[2]! : "ok";
      rest = todo?.[3] ?? "";
    }
    const said = /^([a-z]+(?:-[a-z]+)*)(?: "([^"]+)")?$/.exec(rest.trim());
    if (!said) mistakes.push(`${line}: ${match[0]}`);
    else if (kind === "ok") silences.push({ line, rule: said[1]! });
    else if (kind === "related") steps.push({ line, rule: said[1]!, text: said[2] ?? "" });
    else findings.push({ line, severity: kind as Severity, rule: said[1]!, text: said[2] ?? "" });
  });
  return { findings, steps, silences, revealed, mistakes };
}

/** One sentence for each difference between what the fixture says and what was found; none when they agree. */
export function differences(text: string, findings: readonly Finding[]): readonly string[] {
  const expected = readExpectations(text);
  const lines = new Lines(text);
  const lineOf = (offset: number) => lines.position(offset).line + 1;
  const found = expected.mistakes.map((mistake) => `${mistake}: not understood`);
  const left = [...findings];
  for (const { line, severity, rule, text: part } of expected.findings) {
    const at = left.findIndex(
      (each) =>
        lineOf(each.start) === line && each.rule === rule && each.severity === severity && each.message.includes(part),
    );
    if (at === -1) found.push(`${line}: missing ${severity}: ${rule}${part === "" ? "" : ` "${part}"`}`);
    else left.splice(at, 1);
  }
  for (const each of left) {
    found.push(`${lineOf(each.start)}: not announced: ${each.severity}: ${each.rule} "${each.message}"`);
  }
  const chain = findings.flatMap((each) => each.related.map((step) => ({ ...step, rule: each.rule })));
  for (const { line, rule, text: part } of expected.steps) {
    const there = chain.filter((step) => step.rule === rule && lineOf(step.start) === line);
    if (there.some((step) => step.message.includes(part))) continue;
    const instead = there.map((step) => step.message).join(" | ") || "nothing";
    found.push(`${line}: no step of ${rule} says "${part}" here, but ${instead}`);
  }
  for (const { line, rule } of expected.silences) {
    const broken = findings.find((each) => each.rule === rule && lineOf(each.start) === line);
    if (broken) found.push(`${line}: ${rule} was to stay silent here`);
  }
  return found.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}
