// Preprocessor lines: which tokens one configuration keeps, and the macros and includes of the file.
import type { Span } from "../text/lines.ts";
import type { Include, MacroDef } from "./ast.ts";
import type { Directive, Tokens } from "./lexer.ts";
import { evaluateCondition, isDefined } from "./reading-conditions.ts";
import { Mark } from "./reading-words.ts";

export interface Configured {
  /** Indices of the tokens that stay, in order. */
  readonly visible: Int32Array;
  /** Arms that were not chosen; whole declarations among them stay visible. */
  readonly inactive: readonly Span[];
  readonly macros: readonly MacroDef[];
  readonly includes: readonly Include[];
  /** Arms left out up to the end of the text, because the #endif is not there yet. */
  readonly unended: readonly Span[];
}

export function configure(tokens: Tokens): Configured {
  return new Configuration(tokens).run();
}

/** One #if … #endif that is open. */
interface Conditional {
  /** Some arm was chosen already; the others are inactive. */
  decided: boolean;
  /** The arm being read was chosen. */
  chosen: boolean;
  /** The arm is read at all: chosen, or at file scope, where it may stay visible when it is whole. */
  readonly attempted: boolean;
  /** Where the arm begins, in the text and in the visible tokens. */
  start: number;
  kept: number;
  depth: number;
  outerLow: number;
  inactiveCount: number;
}

const shape = /^#\s*([A-Za-z_]\w*)\s*/;

class Configuration {
  private readonly tokens: Tokens;
  private readonly visible: Int32Array;
  private readonly inactive: Span[] = [];
  private readonly macros: MacroDef[] = [];
  private readonly includes: Include[] = [];
  private readonly defined = new Map<string, string>();
  private readonly open: Conditional[] = [];
  private count = 0;
  /** Brackets open in the tokens kept so far, and the fewest there were since the current arm began. */
  private depth = 0;
  private low = 0;
  /** Conditionals nested in an arm that is not read. */
  private skipped = 0;

  constructor(tokens: Tokens) {
    this.tokens = tokens;
    this.visible = new Int32Array(tokens.count);
  }

  run(): Configured {
    let at = 0;
    for (const directive of this.tokens.directives) {
      this.keep(at, directive.token);
      at = directive.token;
      this.direct(directive);
    }
    this.keep(at, this.tokens.count);
    const length = this.tokens.text.length;
    const unended = this.open.filter((arm) => !arm.chosen).map((arm) => ({ start: arm.start, end: length }));
    while (this.open.length > 0) {
      this.endArm(length);
      this.open.pop();
    }
    return {
      visible: this.visible.subarray(0, this.count),
      inactive: this.inactive.sort((a, b) => a.start - b.start),
      macros: this.macros,
      includes: this.includes,
      unended,
    };
  }

  private reading(): boolean {
    const arm = this.open[this.open.length - 1];
    return arm === undefined || arm.chosen || arm.attempted;
  }

  private keep(from: number, to: number): void {
    if (!this.reading()) return;
    const kind = this.tokens.kind;
    for (let i = from; i < to; i++) {
      const k = kind[i]!;
      if (k === Mark.open || k === Mark.openBrace || k === Mark.openSquare) this.depth++;
      else if (k === Mark.close || k === Mark.closeBrace || k === Mark.closeSquare) {
        this.depth--;
        if (this.depth < this.low) this.low = this.depth;
      }
      this.visible[this.count++] = i;
    }
  }

  private direct(directive: Directive): void {
    const line = joinLines(this.tokens.text.slice(directive.start, directive.end));
    const found = shape.exec(line);
    if (!found) return;
    const rest = line.slice(found[0].length).trim();
    switch (found[1]) {
      case "if":
        this.begin(directive, () => this.evaluate(rest));
        return;
      case "ifdef":
        this.begin(directive, () => isDefined(firstWord(rest), this.lookup));
        return;
      case "ifndef":
        this.begin(directive, () => !isDefined(firstWord(rest), this.lookup));
        return;
      case "elif":
        this.otherwise(directive, () => this.evaluate(rest));
        return;
      case "elifdef":
        this.otherwise(directive, () => isDefined(firstWord(rest), this.lookup));
        return;
      case "elifndef":
        this.otherwise(directive, () => !isDefined(firstWord(rest), this.lookup));
        return;
      case "else":
        this.otherwise(directive, () => true);
        return;
      case "endif":
        this.finish(directive);
        return;
      case "define":
        this.define(directive, rest);
        return;
      case "undef":
        if (this.active()) this.defined.delete(firstWord(rest));
        return;
      case "include":
      case "include_next":
        this.include(directive, rest);
        return;
    }
  }

  private readonly lookup = (name: string): string | undefined => this.defined.get(name);

  /** An expression that nothing decides takes its first arm. */
  private evaluate(expression: string): boolean {
    return (evaluateCondition(expression, this.lookup) ?? 1) !== 0;
  }

  private active(): boolean {
    for (const arm of this.open) if (!arm.chosen) return false;
    return true;
  }

  private begin(directive: Directive, test: () => boolean): void {
    if (!this.reading()) {
      this.skipped++;
      return;
    }
    const chosen = test();
    this.open.push({
      decided: chosen,
      chosen,
      attempted: this.depth === 0 && this.atBoundary(),
      start: directive.end,
      kept: this.count,
      depth: this.depth,
      outerLow: this.low,
      inactiveCount: this.inactive.length,
    });
    this.low = this.depth;
  }

  private otherwise(directive: Directive, test: () => boolean): void {
    if (this.skipped > 0) return;
    const arm = this.open[this.open.length - 1];
    if (!arm) return;
    this.endArm(directive.start);
    arm.chosen = !arm.decided && test();
    arm.decided ||= arm.chosen;
    arm.start = directive.end;
    arm.kept = this.count;
    arm.inactiveCount = this.inactive.length;
    // A chosen arm may have moved the depth (one arm opens a block); what follows continues from there.
    arm.depth = this.depth;
    this.low = this.depth;
  }

  private finish(directive: Directive): void {
    if (this.skipped > 0) {
      this.skipped--;
      return;
    }
    if (this.open.length === 0) return;
    this.endArm(directive.start);
    this.open.pop();
  }

  /** Closes the arm being read: one that was not chosen stays only when it is whole declarations. */
  private endArm(end: number): void {
    const arm = this.open[this.open.length - 1]!;
    if (!arm.chosen) {
      const whole = arm.attempted && this.depth === arm.depth && this.low >= arm.depth && this.atBoundary();
      if (!whole) {
        this.count = arm.kept;
        this.depth = arm.depth;
        this.low = arm.depth;
      }
      this.inactive.length = arm.inactiveCount;
      if (end > arm.start) this.inactive.push({ start: arm.start, end });
    }
    this.low = Math.min(this.low, arm.outerLow);
    arm.outerLow = this.low;
  }

  private atBoundary(): boolean {
    if (this.count === 0) return true;
    const last = this.tokens.kind[this.visible[this.count - 1]!]!;
    return last === Mark.semicolon || last === Mark.closeBrace;
  }

  private define(directive: Directive, rest: string): void {
    if (!this.reading()) return;
    const found = /^([A-Za-z_$][\w$]*)(\(([^)]*)\))?\s*/.exec(rest);
    if (!found) return;
    const name = found[1]!;
    const body = rest.slice(found[0].length);
    const nameStart = this.tokens.text.indexOf(name, directive.start + 7);
    this.macros.push({
      name,
      nameSpan: { start: nameStart, end: nameStart + name.length },
      ...(found[2] === undefined ? {} : { params: parameters(found[3] ?? "") }),
      body,
      start: directive.start,
      end: directive.end,
    });
    if (this.active()) this.defined.set(name, found[2] === undefined ? body : "");
  }

  private include(directive: Directive, rest: string): void {
    const found = /^(?:<([^>]*)>|"([^"]*)")/.exec(rest);
    if (!found || !this.reading()) return;
    const system = found[1] !== undefined;
    this.includes.push({ path: (found[1] ?? found[2])!, system, start: directive.start, end: directive.end });
  }
}

function parameters(list: string): string[] {
  return list.trim() === "" ? [] : list.split(",").map((name) => name.trim());
}

function firstWord(text: string): string {
  return /^[\w$]*/.exec(text)![0];
}

/** Without comments, continued lines joined. */
function joinLines(text: string): string {
  const joined = text.includes("\\") ? text.replace(/\\[ \t\r]*\n/g, " ") : text;
  if (!joined.includes("/*") && !joined.includes("//")) return joined;
  return joined.replace(/"(?:\\.|[^"\\\n])*"?|\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/g, (part) =>
    part.startsWith('"') ? part : " ",
  );
}
