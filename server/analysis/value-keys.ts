// Short texts for what is known of values, so that states can be told apart many times a function.
import { type Facts, type Value, valueText } from "./values.ts";

/** More than a character can number. */
const NUMBERS = 0xffff;

/** Written over for each text. */
let row = new Uint16Array(64);

/** Within one of these, equal values have equal texts, and different values different ones. */
export class ValueKeys {
  /** By place, then by what is known of it: most values are handed on as they are. */
  private readonly seen = new Map<string, Map<Value, number>>();
  private readonly numbers = new Map<string, number>();

  textOf(values: Facts): string {
    if (values.size === 0) return "";
    if (values.size > row.length) row = new Uint16Array(values.size * 2);
    let at = 0;
    for (const [key, value] of values) {
      let known = this.seen.get(key);
      if (known === undefined) {
        known = new Map();
        this.seen.set(key, known);
      }
      let number = known.get(value);
      if (number === undefined) {
        number = this.numberOf(`${key}:${valueText(value)}`);
        known.set(value, number);
      }
      if (number >= NUMBERS) return longText(values);
      row[at++] = number;
    }
    if (at === 1) return String.fromCharCode(row[0]!);
    return String.fromCharCode(...row.subarray(0, at).sort());
  }

  private numberOf(text: string): number {
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }
}

function longText(values: Facts): string {
  return [...values]
    .map(([key, value]) => `${key}:${valueText(value)}`)
    .sort()
    .join(";");
}
