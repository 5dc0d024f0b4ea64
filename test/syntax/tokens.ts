// Mutates the text of a driver by whole tokens, as a person does who cuts, pastes and is not done yet; always the same for one seed.
import { Dice } from "../dice.ts";

/** Numbers from 0 up to 1, the same for the same seed. */
export function dice(seed: number): () => number {
  const one = new Dice(seed);
  return () => one.fraction();
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
