// Conditions of exception filters: `cpu == 1 && func == "foo_irq"`, about a report and whoever ran into it.
import type { Task } from "../engine/task.ts";
import type { Report } from "../machine.ts";
import { basename } from "./place.ts";

type Value = number | string | boolean;
type Facts = Readonly<Record<string, Value>>;
export type Condition = (report: Report, task: Task | undefined) => boolean;

/** What a condition may speak of; the help of the filters lists it. */
export const conditionNames = ["cpu", "func", "file", "line", "comm", "pid", "context", "title"] as const;

function factsOf(
  { site, title }: Report,
  task: Task | undefined,
): Readonly<Record<(typeof conditionNames)[number], Value>> {
  return {
    cpu: task?.cpu ?? 0,
    func: site?.fn ?? "",
    file: basename(site?.file ?? ""),
    line: site?.line ?? 0,
    comm: task?.name ?? "",
    pid: task?.id ?? 0,
    context: task?.layers.at(-1)?.context ?? "task",
    title,
  };
}

/** Throws an Error that says what is wrong with the text. */
export function conditionOf(text: string): Condition {
  const expression = new Parser(text).whole();
  return (report, task) => isTrue(expression(factsOf(report, task)));
}

type Expression = (facts: Facts) => Value;

const TOKEN =
  /\s*(?:(0x[0-9a-f]+|\d+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\w+)|(\|\||&&|[!=]==?|[<>]=?|[!()])|(\S))/giy;

class Parser {
  private readonly tokens: readonly RegExpMatchArray[];
  private at = 0;

  constructor(text: string) {
    this.tokens = [...text.matchAll(TOKEN)];
    const odd = this.tokens.find((token) => token[6] !== undefined);
    if (odd !== undefined) throw new Error(`“${odd[6]}” is nothing that a condition knows`);
  }

  whole(): Expression {
    const expression = this.either();
    if (this.at < this.tokens.length) throw new Error(`“${this.tokens[this.at]![0].trim()}” is too much`);
    return expression;
  }

  private either(): Expression {
    let left = this.both();
    while (this.take("||")) {
      const [a, b] = [left, this.both()];
      left = (facts) => isTrue(a(facts)) || isTrue(b(facts));
    }
    return left;
  }

  private both(): Expression {
    let left = this.comparison();
    while (this.take("&&")) {
      const [a, b] = [left, this.comparison()];
      left = (facts) => isTrue(a(facts)) && isTrue(b(facts));
    }
    return left;
  }

  private comparison(): Expression {
    const left = this.operand();
    const operator = Object.keys(comparisons).find((one) => this.take(one));
    if (operator === undefined) return left;
    const right = this.operand();
    return (facts) => comparisons[operator]!(left(facts), right(facts));
  }

  private operand(): Expression {
    if (this.take("!")) {
      const inner = this.operand();
      return (facts) => !isTrue(inner(facts));
    }
    if (this.take("(")) {
      const inner = this.either();
      if (!this.take(")")) throw new Error("a “)” is missing");
      return inner;
    }
    const [, digits, double, single, name] = this.tokens[this.at++] ?? [];
    const value = digits === undefined ? (double ?? single) : Number(digits);
    if (value !== undefined) return () => value;
    if (name === undefined) throw new Error("a name or a value is missing");
    if (!(conditionNames as readonly string[]).includes(name)) {
      throw new Error(`there is no “${name}” here: there are ${conditionNames.join(", ")}`);
    }
    return (facts) => facts[name]!;
  }

  private take(text: string): boolean {
    if (this.tokens[this.at]?.[5] !== text) return false;
    this.at++;
    return true;
  }
}

const comparisons: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  "==": (a, b) => a === b,
  "===": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "!==": (a, b) => a !== b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
};

function isTrue(value: Value): boolean {
  return value !== 0 && value !== "" && value !== false;
}
