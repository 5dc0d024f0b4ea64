// Names of variables and paths to members in a piece of TypeScript, for the values beside the code.

export interface NameInCode {
  /** Counts from 0, as do the columns. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** `status`, `d.result`. */
  readonly path: string;
}

const asides = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const paths = /(?<![\w$.])[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*(?=(\s*\()?)/g;

/** The line at which the function around a line begins, by the layout of the code: the last one that is not indented. */
export function beginningOf(lines: readonly string[], line: number): number {
  for (let at = line; at > 0; at--) if (/^[\w@]/.test(lines[at] ?? "")) return at;
  return 0;
}

/** Those from one line to another, both included; of a call `d.regs.add(…)` it is what is called upon. */
export function namesInCode(lines: readonly string[], first: number, last: number): NameInCode[] {
  const code = lines
    .slice(first, last + 1)
    .join("\n")
    .replace(asides, (aside) => aside.replace(/[^\n]/g, " "));
  return code.split("\n").flatMap((text, index) =>
    [...text.matchAll(paths)].flatMap((match) => {
      const whole = match[0];
      const isCall = match[1] !== undefined;
      const path = isCall ? whole.replace(/\.?[^.]*$/, "") : whole;
      if (path === "") return [];
      return [{ line: first + index, start: match.index, end: match.index + path.length, path }];
    }),
  );
}
