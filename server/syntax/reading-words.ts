// The words of kernel C by the part they play in the reading pass.
import { annotationWords, annotationWordsWithArguments } from "./reading-annotations.ts";

/** What a token is; a punctuator of one character is its own character code, all of them above 32. */
export const Kind = {
  name: 1,
  number: 2,
  string: 3,
  character: 4,
  stray: 5,
  // Words from here to `lastWord`.
  type: 6,
  tag: 7,
  qualifier: 8,
  storage: 9,
  typeof: 10,
  annotation: 11,
  annotationCall: 12,
  asm: 13,
  noise: 14,
  sizeof: 15,
  if: 16,
  for: 17,
  while: 18,
  do: 19,
  else: 20,
  case: 21,
  default: 22,
  return: 23,
  goto: 24,
  jump: 25,
  offsetof: 26,
  lastWord: 26,
  // Punctuators of more than one character.
  arrow: 128,
  increment: 129,
  binary: 130,
  and: 131,
  assign: 132,
  ellipsis: 133,
} as const;

export const Mark = {
  bang: 33,
  percent: 37,
  ampersand: 38,
  open: 40,
  close: 41,
  star: 42,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  colon: 58,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  question: 63,
  openSquare: 91,
  closeSquare: 93,
  caret: 94,
  openBrace: 123,
  bar: 124,
  closeBrace: 125,
  tilde: 126,
} as const;

export function isWord(kind: number): boolean {
  return kind === Kind.name || (kind >= Kind.type && kind <= Kind.lastWord);
}

/** Whether a word of this kind begins a type and nothing else. */
export function beginsType(kind: number): boolean {
  return kind >= Kind.type && kind <= Kind.typeof;
}

/** Words that begin a statement and can never be part of an expression. */
export function isStatementWord(kind: number): boolean {
  return kind >= Kind.if && kind <= Kind.jump;
}

export const wordKinds: ReadonlyMap<string, number> = makeWordKinds();

function makeWordKinds(): Map<string, number> {
  const kinds = new Map<string, number>();
  const add = (kind: number, words: string): void => {
    for (const word of words.split(/\s+/)) if (word) kinds.set(word, kind);
  };
  add(Kind.annotation, annotationWords);
  add(Kind.annotationCall, annotationWordsWithArguments);
  // tree-sitter-c has the sized and pointer-sized names as keywords of types, so they cannot stand as operands.
  add(
    Kind.type,
    `void char short int long signed unsigned float double bool _Bool __signed__ __signed __int128 __auto_type
    size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t max_align_t int8_t int16_t int32_t int64_t
    uint8_t uint16_t uint32_t uint64_t char8_t char16_t char32_t char64_t`,
  );
  add(Kind.tag, "struct union enum");
  add(
    Kind.qualifier,
    `const volatile restrict __const __const__ __volatile __volatile__ _Atomic __restrict __restrict__ _Noreturn
    _Nonnull`,
  );
  add(
    Kind.storage,
    "static extern register typedef inline __inline __inline__ __forceinline __thread _Thread_local auto",
  );
  add(Kind.typeof, "typeof __typeof__ __typeof typeof_unqual __typeof_unqual__ typeof_member __unqual_scalar_typeof");
  add(Kind.asm, "asm __asm__ __asm asm_volatile_goto asm_inline asm_goto_output");
  add(Kind.noise, "__extension__");
  add(Kind.sizeof, "sizeof alignof _Alignof __alignof__ __alignof");
  add(Kind.if, "if switch");
  add(Kind.for, "for");
  add(Kind.while, "while");
  add(Kind.do, "do");
  add(Kind.else, "else");
  add(Kind.case, "case");
  add(Kind.default, "default");
  add(Kind.return, "return");
  add(Kind.goto, "goto");
  add(Kind.jump, "break continue");
  add(Kind.offsetof, "offsetof __builtin_offsetof");
  return kinds;
}
