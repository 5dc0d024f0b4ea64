// What the replacement text of a macro calls: read from its tokens, since a macro need not be whole C.
import type { MacroDef } from "../../syntax/ast.ts";
import { tokenize } from "../../syntax/lexer.ts";
import { Kind, Mark } from "../../syntax/reading-words.ts";
import { contextWords } from "./conditions.ts";
import type { BodyCall, BodyFacts, ReturnedValue, When } from "./harvest.ts";

/** Words before a parenthesis that call nothing. */
const noCalls: ReadonlySet<string> = new Set(
  `if for while switch return sizeof typeof __typeof__ typeof_member alignof __alignof__ offsetof do else
   __attribute__ asm __asm__ volatile __volatile__ case default goto _Generic __auto_type defined likely unlikely`
    .trim()
    .split(/\s+/),
);

export function macroBodyFacts(macro: MacroDef): BodyFacts {
  const words = wordsOf(macro.body);
  if (macro.params === undefined) return objectLike(words);
  if (definesFunctions(words)) return { ...NONE, incomplete: true };
  return new MacroBody(macro.params, words).read();
}

interface Word {
  readonly text: string;
  readonly isName: boolean;
}

function wordsOf(body: string): Word[] {
  const tokens = tokenize(body);
  const words: Word[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const text = body.slice(tokens.start[i], tokens.end[i]);
    const kind = tokens.kind[i]!;
    const isName = /^[A-Za-z_]\w*$/.test(text) && kind !== Kind.string && kind !== Kind.character;
    words.push({ text: kind === Mark.open ? "(" : kind === Mark.close ? ")" : text, isName });
  }
  return words;
}

const NONE: BodyFacts = { calls: [], indirect: false, incomplete: false, returned: [], asserts: [] };

/** `#define del_timer timer_delete` takes what the other takes; anything else has no calls of its own. */
function objectLike(words: readonly Word[]): BodyFacts {
  const [only] = words;
  if (words.length !== 1 || !only!.isName) return { ...NONE, incomplete: true };
  return { ...NONE, calls: [{ name: only!.text, args: ["__VA_ARGS__"], conditional: false }] };
}

/** DEFINE_SHOW_ATTRIBUTE() and its like: what stands in the bodies that it makes happens when those are called. */
function definesFunctions(words: readonly Word[]): boolean {
  let depth = 0;
  let isStatic = false;
  for (const [at, { text }] of words.entries()) {
    if (text === "{" && depth++ === 0 && isStatic && words[at - 1]?.text === ")") return true;
    if (text === "}") depth--;
    if (text === "static" && depth === 0) isStatic = true;
  }
  return false;
}

class MacroBody {
  private readonly words: readonly Word[];
  private readonly params: ReadonlySet<string>;
  private readonly calls: BodyCall[] = [];
  private indirect = false;
  private when: When | undefined;
  private readonly tested = new Set<string>();
  /** Depth of parentheses at which a lazy test ends. */
  private depth = 0;

  constructor(params: readonly string[], words: readonly Word[]) {
    this.words = words;
    this.params = new Set(params.map((each) => each.replace(/\s*\.\.\.$/, "") || "__VA_ARGS__"));
  }

  read(): BodyFacts {
    const { words } = this;
    let incomplete = false;
    for (const [at, word] of words.entries()) {
      const next = words[at + 1]?.text;
      const before = words[at - 1]?.text;
      if (word.text === "(") this.depth++;
      else if (word.text === ")") this.depth--;
      else if (word.text === "_Generic") incomplete = true;
      else if (word.text === "#" && (next === "#" || before === "#")) incomplete = true;
      if (this.testsHere(at)) this.test(at);
      if (word.text === ")" && next === "(" && !this.isCast(at)) this.indirect = true;
      if (!word.isName || next !== "(" || noCalls.has(word.text)) continue;
      if (before === "." || before === "->" || this.params.has(word.text)) this.indirect = true;
      else if (before !== "struct" && before !== "union") this.call(at);
    }
    if (this.depth !== 0) incomplete = true;
    return { calls: this.calls, indirect: this.indirect, incomplete, returned: this.returned(), asserts: [] };
  }

  /** `(type)(value)`: keywords, tags and stars in the parentheses; `(fn)(args)` calls. */
  private isCast(close: number): boolean {
    const open = this.opening(close);
    const inside = this.words.slice(open + 1, close).map((each) => each.text);
    const before = this.words[open - 1];
    if (before?.isName === true) return true;
    return (
      inside.includes("*") ||
      inside.length > 1 ||
      /^(u|s)?(8|16|32|64|int|long|char|short|bool)$|_t$/.test(inside[0] ?? "")
    );
  }

  private opening(close: number): number {
    let depth = 0;
    for (let at = close; at >= 0; at--) {
      if (this.words[at]!.text === ")") depth++;
      else if (this.words[at]!.text === "(" && --depth === 0) return at;
    }
    return 0;
  }

  private testsHere(at: number): boolean {
    const { text } = this.words[at]!;
    if (text === "if" || text === "for" || text === "switch" || text === "?" || text === "&&" || text === "||")
      return true;
    return text === "while" && this.words[at - 1]?.text !== "}";
  }

  /** What follows hangs on what stands in the parentheses of an `if`, or on what stands before a `?` or `&&`. */
  private test(at: number): void {
    const isLazy = !this.words[at]!.isName;
    const from = isLazy ? 0 : at + 1;
    const to = isLazy ? at : this.closing(at + 1);
    const names = this.words.slice(from, to).filter((each) => each.isName);
    const found = names.some((each) => contextWords.has(each.text)) ? "context" : "branch";
    if (this.when !== "context") this.when = found;
    for (const each of names) if (this.params.has(each.text)) this.tested.add(each.text);
  }

  private closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.words.length; at++) {
      if (this.words[at]!.text === "(") depth++;
      else if (this.words[at]!.text === ")" && --depth === 0) return at;
    }
    return this.words.length;
  }

  private call(at: number): void {
    const name = this.words[at]!.text;
    const args = this.argumentsOf(at + 1);
    const sleepsIf = name === "might_sleep_if";
    if (sleepsIf) {
      this.tested.clear();
      const inside = this.words.slice(at + 2, this.closing(at + 1)).filter((each) => each.isName);
      for (const each of inside) if (this.params.has(each.text)) this.tested.add(each.text);
      this.when = "context";
    }
    this.calls.push({
      name: sleepsIf ? "might_sleep" : name,
      args,
      conditional: this.when !== undefined,
      ...(this.when === undefined ? {} : { when: this.when }),
      ...(this.tested.size === 0 ? {} : { tested: [...this.tested] }),
    });
  }

  private argumentsOf(open: number): (string | null)[] {
    const close = this.closing(open);
    if (close === open + 1) return [];
    const args: (string | null)[] = [];
    let depth = 0;
    let part: string[] = [];
    const finish = (): void => {
      // Parentheses around a parameter, and the paste that swallows a comma, say nothing.
      const bare = part.filter((each) => each !== "(" && each !== ")" && each !== "#").join("");
      args.push(/^\w+(\|\w+)*$/.test(bare) && part.filter((each) => each === "(").length <= 1 ? bare : null);
      part = [];
    };
    for (let at = open + 1; at < close; at++) {
      const { text } = this.words[at]!;
      if (text === "(" || text === "{" || text === "[") depth++;
      else if (text === ")" || text === "}" || text === "]") depth--;
      if (text === "," && depth === 0) finish();
      else part.push(text);
    }
    finish();
    return args;
  }

  /** A macro that is one call, as a whole, gives back what that call gives back. */
  private returned(): readonly ReturnedValue[] {
    const [first] = this.words;
    const only = this.calls.at(-1);
    if (only === undefined || first?.isName !== true || this.closing(1) !== this.words.length - 1) return [];
    const outer = this.calls.find((each) => each.name === first.text);
    if (outer === undefined || (this.calls.length > 1 && first.text !== "alloc_hooks")) return [];
    const callee = first.text === "alloc_hooks" ? this.calls.find((each) => each !== outer)?.name : outer.name;
    return callee === undefined ? [] : [{ kind: "call", callee }];
  }
}
