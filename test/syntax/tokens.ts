// Mutates the text of a driver by whole tokens, as a person does who cuts, pastes and is not done yet; always the same for one seed.

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const inserted = [
  "(",
  ")",
  "{",
  "}",
  ";",
  ",",
  '"',
  "/*",
  "*/",
  "#",
  "#if X\n",
  "#else\n",
  "#endif\n",
  "\\\n",
  "if",
  "case",
  "goto",
  "=",
  "*",
];

/** Deletes, doubles, inserts and swaps a few tokens, or cuts the text off. */
export function mutated(text: string, roll: () => number): string {
  const tokens = text.match(/\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|\w+|[^\w\s]/g) ?? [];
  const at = (): number => Math.floor(roll() * tokens.length);
  const times = 1 + Math.floor(roll() * 6);
  for (let n = 0; n < times && tokens.length > 1; n++) {
    const place = at();
    const kind = Math.floor(roll() * 5);
    if (kind === 0) tokens.splice(place, 1 + Math.floor(roll() * 4));
    else if (kind === 1) tokens.splice(place, 0, tokens[place]!);
    else if (kind === 2) tokens.splice(place, 0, inserted[Math.floor(roll() * inserted.length)]!);
    else if (kind === 3) tokens.splice(place, 1, tokens[at()]!);
    else if (roll() < 0.3) tokens.length = place;
  }
  return tokens.join("");
}
