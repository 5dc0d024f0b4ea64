// What a file defines and names, by a look at its words alone: enough to tell whether it is worth reading.

export interface Outline {
  /** Names that a function definition or a prototype at the left margin gives. */
  readonly defines: ReadonlySet<string>;
  /** Every word of the file. */
  readonly words: ReadonlySet<string>;
}

export function outlineOf(text: string): Outline {
  const defines = new Set<string>();
  const words = new Set<string>();
  for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) words.add(word);
  // `int foo(…`, `static struct foo *bar(…`, or the name alone on a line after its type.
  for (const match of text.matchAll(/^(?!static\b)(?:[A-Za-z_][\w \t*]*?[\s*])?([A-Za-z_]\w*)[ \t]*\(/gm))
    if (!isPrototype(text, match.index + match[0].length)) defines.add(match[1]!);
  return { defines, words };
}

/** Whether a `;` follows the parameters that begin here. */
function isPrototype(text: string, from: number): boolean {
  let depth = 1;
  for (let at = from; at < text.length && at < from + 2000; at++) {
    const char = text[at];
    if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (depth === 0 && char === ";") return true;
    else if (depth === 0 && char === "{") return false;
  }
  return false;
}
