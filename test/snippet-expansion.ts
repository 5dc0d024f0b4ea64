// Expands a VS Code snippet to the text it inserts, once for every choice that it offers.

/** What the editor knows when a snippet is inserted, e.g. `TM_FILENAME_BASE`. */
export type Variables = Readonly<Record<string, string>>;

type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "stop"; readonly index: number; readonly content: readonly Part[] }
  | { readonly kind: "choice"; readonly index: number; readonly options: readonly string[] }
  | {
      readonly kind: "variable";
      readonly name: string;
      readonly content: readonly Part[];
      readonly transform?: Transform;
    };

interface Transform {
  readonly pattern: RegExp;
  readonly replacement: string;
}

export interface Snippet {
  /** Every tab stop that occurs, 0 included. */
  readonly stops: ReadonlySet<number>;
  /** Tab stop → what it offers. */
  readonly choices: ReadonlyMap<number, readonly string[]>;
  /** The inserted text; a choice that `chosen` does not name takes its first option. */
  expand(variables: Variables, chosen?: ReadonlyMap<number, string>): string;
}

/** The text with the first options, then one text for each further option of each choice. */
export function everyExpansion(body: string, variables: Variables): readonly string[] {
  const snippet = parseSnippet(body);
  const texts = [snippet.expand(variables)];
  for (const [index, options] of snippet.choices) {
    for (const option of options.slice(1)) texts.push(snippet.expand(variables, new Map([[index, option]])));
  }
  return texts;
}

export function parseSnippet(body: string): Snippet {
  const parts = new SnippetReader(body).read();
  const stops = new Set<number>();
  const choices = new Map<number, readonly string[]>();
  const contents = new Map<number, readonly Part[]>();
  collect(parts, stops, choices, contents);
  return {
    stops,
    choices,
    expand: (variables, chosen = new Map()) => {
      const values = new Map(chosen);
      for (const [index, options] of choices) if (!values.has(index)) values.set(index, options[0] ?? "");
      return parts.map((part) => textOf(part, variables, values, contents)).join("");
    },
  };
}

function collect(
  parts: readonly Part[],
  stops: Set<number>,
  choices: Map<number, readonly string[]>,
  contents: Map<number, readonly Part[]>,
): void {
  for (const part of parts) {
    if (part.kind === "text") continue;
    if (part.kind === "choice") {
      stops.add(part.index);
      choices.set(part.index, part.options);
      continue;
    }
    if (part.kind === "stop") {
      stops.add(part.index);
      if (part.content.length > 0 && !contents.has(part.index)) contents.set(part.index, part.content);
    }
    collect(part.content, stops, choices, contents);
  }
}

/** A tab stop without a text of its own mirrors the placeholder or choice of the same number. */
function textOf(
  part: Part,
  variables: Variables,
  values: ReadonlyMap<number, string>,
  contents: ReadonlyMap<number, readonly Part[]>,
): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "choice":
      return values.get(part.index) ?? "";
    case "stop": {
      const value = values.get(part.index);
      if (value !== undefined) return value;
      const content = contents.get(part.index) ?? [];
      return content.map((inner) => textOf(inner, variables, values, contents)).join("");
    }
    case "variable": {
      const value = variables[part.name];
      if (value === undefined) return part.content.map((inner) => textOf(inner, variables, values, contents)).join("");
      return part.transform ? value.replace(part.transform.pattern, part.transform.replacement) : value;
    }
  }
}

class SnippetReader {
  private at = 0;
  private readonly body: string;

  constructor(body: string) {
    this.body = body;
  }

  read(): readonly Part[] {
    return this.parts(false);
  }

  private parts(nested: boolean): readonly Part[] {
    const parts: Part[] = [];
    let text = "";
    const flush = () => {
      if (text !== "") parts.push({ kind: "text", text });
      text = "";
    };
    while (this.at < this.body.length) {
      const character = this.body[this.at]!;
      if (nested && character === "}") break;
      if (character === "\\" && "$}\\".includes(this.body[this.at + 1] ?? " ")) {
        text += this.body[this.at + 1]!;
        this.at += 2;
        continue;
      }
      const special = character === "$" ? this.special() : undefined;
      if (special === undefined) {
        text += character;
        this.at += 1;
        continue;
      }
      flush();
      parts.push(special);
    }
    flush();
    return parts;
  }

  /** What begins with the dollar sign at hand, or undefined where it is only a dollar sign. */
  private special(): Part | undefined {
    const plain = this.match(/\$(?:(\d+)|([A-Za-z_]\w*))/y);
    if (plain) return this.named(plain[1], plain[2], []);
    const braced = this.match(/\$\{(?:(\d+)|([A-Za-z_]\w*))/y);
    if (!braced) return undefined;
    const mark = this.body[this.at];
    if (mark === "|" && braced[1] !== undefined) return this.choice(Number(braced[1]));
    if (mark === "/" && braced[2] !== undefined) return this.transformed(braced[2]);
    let content: readonly Part[] = [];
    if (mark === ":") {
      this.at += 1;
      content = this.parts(true);
    }
    this.expect("}");
    return this.named(braced[1], braced[2], content);
  }

  private named(index: string | undefined, name: string | undefined, content: readonly Part[]): Part {
    if (index !== undefined) return { kind: "stop", index: Number(index), content };
    return { kind: "variable", name: name ?? "", content };
  }

  private choice(index: number): Part {
    const choice = this.match(/\|((?:\\.|[^\\|])*)\|\}/y);
    if (!choice) throw new Error(`choice ${index} has no end`);
    const options = choice[1]!.split(/(?<!\\),/).map((option) => option.replace(/\\([,|\\$}])/g, "$1"));
    return { kind: "choice", index, options };
  }

  private transformed(name: string): Part {
    const transform = this.match(/\/((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([a-z]*)\}/y);
    if (!transform) throw new Error(`transform of ${name} has no end`);
    const [, pattern, replacement, options] = transform;
    if (/\$\{/.test(replacement!))
      throw new Error(`transform of ${name} changes case, which this reader does not know`);
    return {
      kind: "variable",
      name,
      content: [],
      transform: { pattern: new RegExp(pattern!, options), replacement: replacement! },
    };
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.body);
    if (!match) return undefined;
    this.at = pattern.lastIndex;
    return match;
  }

  private expect(character: string): void {
    if (this.body[this.at] !== character) throw new Error(`${character} missing at ${this.at} of ${this.body}`);
    this.at += 1;
  }
}
