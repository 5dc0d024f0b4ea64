// What an #if expression comes to in the one configuration that the reading pass assumes.

/** What the evaluator asks about a macro of the file: its replacement, "" when it has none, undefined when not defined. */
export type MacroLookup = (name: string) => string | undefined;

const newestKernel = 0x7fffffff;
const known = new Map<string, number>([
  ["MODULE", 1],
  ["__KERNEL__", 1],
  ["__GNUC__", 14],
  ["__GNUC_MINOR__", 2],
  ["GCC_VERSION", 140200],
  ["CLANG_VERSION", 0],
  ["__STDC_VERSION__", 201112],
  ["LINUX_VERSION_CODE", newestKernel],
  ["BITS_PER_LONG", 64],
  ["__BITS_PER_LONG", 64],
  ["BITS_PER_LONG_LONG", 64],
  ["__SIZEOF_LONG__", 8],
  ["__SIZEOF_POINTER__", 8],
  ["__LITTLE_ENDIAN", 1234],
  ["__LITTLE_ENDIAN_BITFIELD", 1],
  ["__LITTLE_ENDIAN__", 1],
  ["__BYTE_ORDER", 1234],
  ["__BYTE_ORDER__", 1234],
  ["__ORDER_LITTLE_ENDIAN__", 1234],
  ["__ORDER_BIG_ENDIAN__", 4321],
  ["PAGE_SHIFT", 12],
  ["PAGE_SIZE", 4096],
]);
/** Compared with `__BYTE_ORDER`, yet never defined. */
const comparedOnly = new Map<string, number>([["__BIG_ENDIAN", 4321]]);

/** Options that most kernels leave out and that change what a driver's own code means. */
const unset: ReadonlySet<string> = new Set(["CONFIG_PREEMPT_RT"]);

const token =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|([A-Za-z_$][\w$]*)|('(?:\\.|[^'\\])')|(&&|\|\||[<>=!]=|<<|>>|[-+*/%&|^~!()<>?:,]))/y;
const deepest = 40;

export function isDefined(name: string, macros: MacroLookup): boolean {
  return isSet(name) || macros(name) !== undefined || known.has(name);
}

function isSet(option: string): boolean {
  return option.startsWith("CONFIG_") && !unset.has(option);
}

/** The value of an #if expression, undefined when it depends on what the file does not say. */
export function evaluateCondition(expression: string, macros: MacroLookup): number | undefined {
  return new Evaluation(expression, macros, 0).value();
}

class Evaluation {
  private readonly tokens: string[] = [];
  private at = 0;
  private depth = 0;
  private readonly macros: MacroLookup;
  private readonly expansions: number;

  constructor(expression: string, macros: MacroLookup, expansions: number) {
    this.macros = macros;
    this.expansions = expansions;
    token.lastIndex = 0;
    for (let found = token.exec(expression); found; found = token.exec(expression)) {
      this.tokens.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? "");
    }
    token.lastIndex = 0;
  }

  value(): number | undefined {
    const value = this.conditional();
    return this.at === this.tokens.length ? value : undefined;
  }

  private take(text: string): boolean {
    if (this.tokens[this.at] !== text) return false;
    this.at++;
    return true;
  }

  private conditional(): number | undefined {
    const test = this.binary(0);
    if (!this.take("?")) return test;
    const then = this.conditional();
    if (!this.take(":")) return undefined;
    const otherwise = this.conditional();
    return test === undefined ? undefined : test ? then : otherwise;
  }

  private binary(level: number): number | undefined {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = this.tokens[this.at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.at++;
      left = combine(operator, left, this.binary(level + 1));
    }
  }

  private unary(): number | undefined {
    if (++this.depth > deepest) {
      this.at = this.tokens.length + 1;
      return undefined;
    }
    const value = this.operand();
    this.depth--;
    return value;
  }

  private operand(): number | undefined {
    const word = this.tokens[this.at++];
    if (word === undefined) return undefined;
    if (word === "!") return negate(this.unary());
    if (word === "-") return map(this.unary(), (v) => -v);
    if (word === "+") return this.unary();
    if (word === "~") return map(this.unary(), (v) => ~v);
    if (word === "(") {
      const value = this.conditional();
      return this.take(")") ? value : undefined;
    }
    if (/^\d/.test(word)) return Number(word.replace(/^0(?=\d)/, "0o")) || 0;
    if (word.startsWith("'")) return word.charCodeAt(1);
    return /^[A-Za-z_$]/.test(word) ? this.name(word) : undefined;
  }

  private name(word: string): number | undefined {
    if (word === "defined") {
      const parenthesis = this.take("(");
      const name = this.tokens[this.at++] ?? "";
      if (parenthesis) this.take(")");
      return isDefined(name, this.macros) ? 1 : 0;
    }
    if (this.tokens[this.at] === "(") return this.call(word);
    if (word.startsWith("CONFIG_")) return isSet(word) ? 1 : 0;
    const body = this.macros(word);
    if (body !== undefined) {
      if (this.expansions > 6 || body === "") return undefined;
      return new Evaluation(body, this.macros, this.expansions + 1).value();
    }
    return known.get(word) ?? comparedOnly.get(word);
  }

  private call(word: string): number | undefined {
    const args: (number | undefined)[] = [];
    let first = "";
    this.at++;
    if (!this.take(")")) {
      do {
        if (args.length === 0) first = this.tokens[this.at] ?? "";
        args.push(this.conditional());
      } while (this.take(","));
      if (!this.take(")")) return undefined;
    }
    if (/^IS_(ENABLED|BUILTIN|MODULE|REACHABLE)$/.test(word))
      return first.startsWith("CONFIG_") ? (isSet(first) ? 1 : 0) : undefined;
    if (word === "KERNEL_VERSION" || word === "LINUX_VERSION") {
      const [major = 0, minor = 0, patch = 0] = args;
      return major * 65536 + minor * 256 + Math.min(patch, 255);
    }
    if (word.startsWith("__has_")) return 1;
    return undefined;
  }
}

const levels: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

function map(value: number | undefined, change: (value: number) => number): number | undefined {
  return value === undefined ? undefined : change(value);
}

function negate(value: number | undefined): number | undefined {
  return map(value, (v) => (v ? 0 : 1));
}

function combine(operator: string, left: number | undefined, right: number | undefined): number | undefined {
  if (operator === "&&") {
    if (left === 0 || right === 0) return 0;
    return left === undefined || right === undefined ? undefined : 1;
  }
  if (operator === "||") {
    if (left || right) return 1;
    return left === undefined || right === undefined ? undefined : 0;
  }
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "&":
      return left & right;
    case "==":
      return left === right ? 1 : 0;
    case "!=":
      return left !== right ? 1 : 0;
    case "<":
      return left < right ? 1 : 0;
    case ">":
      return left > right ? 1 : 0;
    case "<=":
      return left <= right ? 1 : 0;
    case ">=":
      return left >= right ? 1 : 0;
    case "<<":
      return left * 2 ** Math.max(0, Math.min(62, right));
    case ">>":
      return Math.floor(left / 2 ** Math.max(0, Math.min(62, right)));
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right ? Math.trunc(left / right) : undefined;
    default:
      return right ? left % right : undefined;
  }
}
