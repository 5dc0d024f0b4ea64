// What a rule is: an object that words facts as findings, and keeps no state.
import type { Facts } from "../analysis/facts.ts";
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** One step of the chain that proves a finding, in the order in which it happens. */
export interface Related extends Span {
  readonly file: string;
  readonly message: string;
}

export interface Edit extends Span {
  readonly file: string;
  readonly text: string;
}

/** A change that is safe to apply without thinking; what is not safe is not offered. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The one that a person most likely wants. */
  readonly preferred: boolean;
}

export interface Finding extends Span {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  /** The function it stands in, if any. */
  readonly function?: string;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** What a person may set about the rules themselves. */
export interface RuleOptions {
  /** Bytes of local variables from which a function's stack counts as large. */
  readonly stackLimitBytes: number;
}

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** One sentence: what the rule finds. */
  readonly summary: string;
  /** What it says is for people who learn; others see it only when they ask for it. */
  readonly audience?: "learner";
  /** What it finds depends on the kernel release, so that a comment which allows it may be for another one. */
  readonly byRelease?: true;
  check(program: Program, facts: Facts, options: RuleOptions): readonly Finding[];
}
