// Which names a driver's source uses: as a call, as a reference to a function, or as a struct's tag.

/** What the text uses of the names wanted, each once; structs are wanted as `struct foo`. Comments and strings do not count. */
export function usesIn(text: string, wanted: { has(name: string): boolean }): Set<string> {
  const found = new Set<string>();
  const token = /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|\d\w*/g;
  let before = "";
  let beforeEnd = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const word = match[0];
    const first = word.charCodeAt(0);
    if (first === 47 || first === 34 || first === 39 || (first >= 48 && first <= 57)) continue;
    if (before === "struct" && isBlank(text, beforeEnd, match.index)) {
      const tagged = `struct ${word}`;
      if (wanted.has(tagged)) found.add(tagged);
    } else if (wanted.has(word) && !found.has(word) && isReference(text, match.index, token.lastIndex)) found.add(word);
    before = word;
    beforeEnd = token.lastIndex;
  }
  return found;
}

/** Which of the names occur in the text outside comments. */
export function mentionsIn(text: string, wanted: { has(name: string): boolean }): Set<string> {
  const found = new Set<string>();
  for (const match of text.matchAll(/\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|[A-Za-z_]\w*/g)) {
    if (wanted.has(match[0])) found.add(match[0]);
  }
  return found;
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isSpace(text.charCodeAt(at))) return false;
  return true;
}

/** `name(`; or a name that is all of an argument, an initial value or an operand of `?:`, and no member. */
function isReference(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (before >= 0 && isSpace(text.charCodeAt(before))) before--;
  const left = text.charAt(before);
  if (left === "." || (left === ">" && text.charAt(before - 1) === "-")) return false;
  let after = end;
  while (after < text.length && isSpace(text.charCodeAt(after))) after++;
  const right = text.charAt(after);
  if (right === "(") return true;
  return "=(,&:?".includes(left) && ",);}:".includes(right) && left !== "" && right !== "";
}

function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13);
}
