// Reads device tree source: nodes with properties, for the root or for nodes that are there already, by their labels.
// Source: the Devicetree Specification 0.4, section 6

/** A number, or the phandle of the node with a label. */
export type Cell = number | { readonly label: string; readonly line: number };

export interface SourceNode {
  /** `button@3` */
  readonly name: string;
  readonly label: string | undefined;
  /** Texts, cells, or nothing. */
  readonly properties: ReadonlyMap<string, readonly (Cell | string)[]>;
  readonly children: readonly SourceNode[];
}

/** What is added below the root (`/`) or below the node with a label. */
export interface Fragment {
  readonly target: string;
  readonly line: number;
  readonly body: SourceNode;
}

/** What is wrong, and in which line. */
export class SourceError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Names of include/dt-bindings that stand for numbers. */
const NAMED: Readonly<Record<string, number>> = {
  GPIO_ACTIVE_HIGH: 0,
  GPIO_ACTIVE_LOW: 1,
  IRQ_TYPE_NONE: 0,
  IRQ_TYPE_EDGE_RISING: 1,
  IRQ_TYPE_EDGE_FALLING: 2,
  IRQ_TYPE_EDGE_BOTH: 3,
  IRQ_TYPE_LEVEL_HIGH: 4,
  IRQ_TYPE_LEVEL_LOW: 8,
};
const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|\/(?:dts-v1|plugin)\/;?|"[^"\n]*"|[{};=<>]|,(?=[\s"<])|[&\w.+#?/-][\w,.+#?@/-]*:?|\S/g;

/** Throws a SourceError for what cannot be read. */
export function readDeviceTree(text: string): readonly Fragment[] {
  return new Reader(text).all();
}

interface Token {
  readonly text: string;
  readonly line: number;
}

class Reader {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(text: string) {
    let [line, at] = [1, 0];
    const tokens: Token[] = [];
    for (const { 0: token, index } of text.matchAll(TOKEN)) {
      line += text.slice(at, index).split("\n").length - 1;
      at = index;
      if (!/^\/[/*dp]/.test(token)) tokens.push({ text: token, line });
    }
    this.tokens = tokens;
  }

  all(): readonly Fragment[] {
    const fragments: Fragment[] = [];
    while (this.next < this.tokens.length) {
      const { text, line } = this.take();
      if (text !== "/" && !/^&\w+$/.test(text)) throw new SourceError(line, `“/” or “&label” is expected, not ${text}`);
      fragments.push({ target: text === "/" ? "/" : text.slice(1), line, body: this.body(text, undefined) });
    }
    return fragments;
  }

  private body(name: string, label: string | undefined): SourceNode {
    this.want("{");
    const properties = new Map<string, readonly (Cell | string)[]>();
    const children: SourceNode[] = [];
    while (this.peek() !== "}") {
      const first = this.take();
      const isLabel = first.text.endsWith(":");
      const { text, line } = isLabel ? this.take() : first;
      if (!/^[\w,.+#?-]+(@[\w,.]+)?$/.test(text)) throw new SourceError(line, `a name is expected, not ${text}`);
      if (this.peek() === "{") children.push(this.body(text, isLabel ? first.text.slice(0, -1) : undefined));
      else properties.set(text, this.values());
    }
    this.take();
    this.want(";");
    return { name, label, properties, children };
  }

  private values(): readonly (Cell | string)[] {
    const values: (Cell | string)[] = [];
    if (this.peek() === "=") {
      do {
        this.take();
        const { text, line } = this.take();
        if (text.startsWith('"')) values.push(text.slice(1, -1));
        else if (text === "<") while (this.peek() !== ">") values.push(this.cell());
        else throw new SourceError(line, `a text or “<” is expected, not ${text}`);
        if (text === "<") this.take();
      } while (this.peek() === ",");
    }
    this.want(";");
    return values;
  }

  private cell(): Cell {
    const { text, line } = this.take();
    if (/^&\w+$/.test(text)) return { label: text.slice(1), line };
    const value = Object.hasOwn(NAMED, text) ? NAMED[text]! : Number(text);
    if (!Number.isInteger(value)) throw new SourceError(line, `${text} is no number`);
    return value >>> 0;
  }

  private want(wanted: string): void {
    const { text, line } = this.take();
    if (text !== wanted) throw new SourceError(line, `“${wanted}” is expected, not ${text}`);
  }

  private peek(): string | undefined {
    return this.tokens[this.next]?.text;
  }

  private take(): Token {
    const token = this.tokens[this.next++];
    if (token === undefined) throw new SourceError(this.tokens.at(-1)?.line ?? 1, "the text ends too early");
    return token;
  }
}
