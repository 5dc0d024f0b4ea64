// Functions and prototypes of one file: their types as written, parameters, annotations and what their comment says.
import { annotationWords } from "../../syntax/reading-annotations.ts";
import type { ExtractedParameter } from "../extracted.ts";
import { bodyFacts } from "./body.ts";
import type { HarvestedFunction, HarvestedPrototype } from "./harvest.ts";
import { closing, type Source, splitAtCommas } from "./source.ts";

export function functionsOf(source: Source): HarvestedFunction[] {
  const found: HarvestedFunction[] = [];
  for (const def of source.parsed.unit.functions) {
    const head = declare(source, def.start, def.nameSpan.start, def.nameSpan.end, def.body.start);
    if (head === undefined) continue;
    found.push({
      ...head,
      isStatic: def.isStatic,
      isInline: def.isInline || head.annotations.some((each) => inlineWords.has(each.name)),
      body: bodyFacts(def, source.parsed.text),
    });
  }
  return found;
}

export function prototypesOf(source: Source): HarvestedPrototype[] {
  const found: HarvestedPrototype[] = [];
  for (const { type, nameSpan } of source.parsed.unit.prototypes) {
    const head = declare(source, type.start, nameSpan.start, nameSpan.end);
    if (head !== undefined) found.push(head);
  }
  return found;
}

/** Annotations that are part of a type; the others say something of the function. */
const typeAnnotations = new Set(["__user", "__iomem", "__percpu", "__rcu", "__kernel", "__force", "__bitwise"]);
const inlineWords = new Set(["__always_inline", "nokprobe_inline", "__async_inline", "__inline_maybe_unused"]);
const knownAnnotations = new Set(annotationWords.split(/\s+/));
const storageWords = new Set(
  "static extern inline __inline __inline__ register auto __forceinline typedef _Noreturn".split(" "),
);

/** Undefined where the name is not followed by a list of parameters in the text itself: a macro made it. */
function declare(
  source: Source,
  from: number,
  nameStart: number,
  nameEnd: number,
  bodyStart?: number,
): HarvestedPrototype | undefined {
  const { clean } = source;
  let open = nameEnd;
  while (isSpace(clean.charCodeAt(open)) || clean[open] === ")") open++;
  if (clean[open] !== "(") return undefined;
  const close = closing(clean, open);
  if (close < 0) return undefined;
  const end = bodyStart ?? source.parsed.reading.shadow.indexOf(";", close);
  const start = withLeadingAnnotations(source, from);
  const parts = splitAtCommas(clean, open + 1, close);
  const parameters = parts.map(({ start, end }) => clean.slice(start, end).trim()).filter((each) => each !== "");
  const variadic = parameters.at(-1) === "...";
  if (variadic) parameters.pop();
  const name = clean.slice(nameStart, nameEnd);
  const doc = source.doc(name, start);
  return {
    name,
    line: source.line(nameStart),
    returnType: typeBefore(source, start, nameStart),
    parameters: parameters.length === 1 && parameters[0] === "void" ? [] : parameters.map(parameterOf),
    variadic,
    annotations: [...source.annotations(start, nameStart), ...source.annotations(close, end < 0 ? close : end)]
      .filter((each) => !typeAnnotations.has(each.name))
      .map(({ name, args }) => (args === undefined ? { name } : { name, args: squeeze(args) })),
    ...(doc === undefined ? {} : { doc }),
    ...(source.isInactive(nameStart) ? { inactive: true } : {}),
  };
}

function withLeadingAnnotations(source: Source, from: number): number {
  // Rows of annotations are short.
  const near = source.annotations(from - 400, from);
  let start = from;
  for (let i = near.length - 1; i >= 0; i--) {
    const { start: before, end } = near[i]!;
    if (end > start || source.clean.slice(end, start).trim() !== "") break;
    start = before;
  }
  return start;
}

/** What stands before a name, without storage classes, annotations of the function, and macros that the reading blanked. */
function typeBefore(source: Source, start: number, nameStart: number): string {
  const { clean } = source;
  const { shadow } = source.parsed.reading;
  const words: string[] = [];
  for (const found of clean.slice(start, nameStart).matchAll(/\w+|\S/g)) {
    const word = found[0];
    if (storageWords.has(word)) continue;
    if (shadow[start + found.index] === " " && !typeAnnotations.has(word)) continue;
    words.push(word);
  }
  return spaced(words);
}

/** `int (*fn)(void *)`, `const char *name`, `u8 mac[6]`, `unsigned int` → type and name. */
export function parameterOf(text: string): ExtractedParameter {
  const pointer = /\(\s*(?:\w+\s+)*\*+\s*(?:const\s+)?(\w*)\s*(?:\[[^\]]*\]\s*)?\)\s*\(/.exec(text);
  if (pointer !== null) return { type: squeeze(withoutName(text, pointer)), name: pointer[1]! };
  const callable = /^([^(]*?\W)(\w+)\s*(\([\s\S]*\))$/.exec(text);
  if (callable !== null && !/typeof|__attribute|__aligned/.test(text)) {
    return { type: squeeze(`${callable[1]}${callable[3]}`), name: callable[2]! };
  }
  const dimensions = /(?:\[[^\]]*\]\s*)+$/.exec(text)?.[0] ?? "";
  const words = (text.slice(0, text.length - dimensions.length).match(/\w+|\S/g) ?? []).filter(
    (word) => !(knownAnnotations.has(word) && !typeAnnotations.has(word)) && !storageWords.has(word),
  );
  const name = namesParameter(words) ? words.pop()! : "";
  const type = spaced(words);
  return { type: dimensions === "" ? type : `${type} ${dimensions.replace(/\s+/g, "")}`, name };
}

function withoutName(text: string, pointer: RegExpExecArray): string {
  const name = pointer[1]!;
  if (name === "") return text;
  const at = pointer.index + pointer[0].search(new RegExp(`\\b${name}\\s*(?:\\[[^\\]]*\\]\\s*)?\\)\\s*\\($`));
  return text.slice(0, at) + text.slice(at + name.length);
}

const typeWords = new Set(
  "void char short int long signed unsigned float double bool _Bool __int128 const volatile restrict struct union enum".split(
    " ",
  ),
);
const prefixWords = new Set([...typeAnnotations, "const", "volatile"]);
const tagWords = new Set(["struct", "union", "enum"]);

/** Whether the last of the words is the parameter's name and not its type. */
function namesParameter(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last === undefined || !/^[A-Za-z_]\w*$/.test(last) || typeWords.has(last) || typeAnnotations.has(last))
    return false;
  const before = words.slice(0, -1).filter((word) => !prefixWords.has(word));
  return before.length > 0 && !tagWords.has(before.at(-1)!);
}

function spaced(words: readonly string[]): string {
  return words
    .join(" ")
    .replace(/\* (?=\*)/g, "*")
    .replace(/\( /g, "(")
    .replace(/ \)/g, ")")
    .replace(/ ,/g, ",");
}

export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function isSpace(c: number): boolean {
  return c === 32 || c === 9 || c === 10 || c === 13;
}
