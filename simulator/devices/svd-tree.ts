// A CMSIS-SVD file as a tree in which derivedFrom is already followed: what an element lacks, it has from its base.
import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";

/** Something in an SVD file that keeps it from being read, with what to do about it. Lines count from 1. */
export class SvdError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** Which elements an element of the tree looks among for its base, from the nearest to the farthest. */
type Scope = readonly SvdNode[];

export class SvdNode {
  readonly tag: string;
  readonly line: number;
  readonly parent: SvdNode | undefined;
  private readonly element: XmlElement;
  private readonly own: readonly SvdNode[];
  private base: SvdNode | undefined;
  private state: "open" | "following" | "done" = "open";

  constructor(element: XmlElement, lineAt: (offset: number) => number, parent: SvdNode | undefined) {
    this.element = element;
    this.tag = element.name;
    this.line = lineAt(element.start);
    this.parent = parent;
    this.own = element.children.filter(isElement).map((child) => new SvdNode(child, lineAt, this));
  }

  /** The text of a child, or of the base's. */
  text(tag: string): string | undefined {
    const child = this.child(tag);
    return child?.element.text.replaceAll(/\s+/g, " ").trim();
  }

  child(tag: string): SvdNode | undefined {
    this.follow();
    return this.own.find((one) => one.tag === tag) ?? this.base?.child(tag);
  }

  /** All children of some tags: the base's that are not redefined under their name, then its own. */
  all(...tags: readonly string[]): readonly SvdNode[] {
    this.follow();
    const own = this.own.filter(({ tag }) => tags.includes(tag));
    return overridden(this.base?.all(...tags) ?? [], own);
  }

  /** The same for what stands in a list such as <registers>, of which its base may have one too. */
  listed(list: string, ...tags: readonly string[]): readonly SvdNode[] {
    this.follow();
    const own = this.own.filter(({ tag }) => tag === list).flatMap((one) => one.all(...tags));
    return overridden(this.base?.listed(list, ...tags) ?? [], own);
  }

  /** Whether it has a child itself. */
  has(tag: string): boolean {
    return this.own.some((one) => one.tag === tag);
  }

  /** The element, this or a base of it, that has any of these children itself. */
  definerOf(...tags: readonly string[]): SvdNode | undefined {
    this.follow();
    return tags.some((tag) => this.has(tag)) ? this : this.base?.definerOf(...tags);
  }

  /** Its own name, which it never has from its base. */
  get name(): string | undefined {
    return this.own.find(({ tag }) => tag === "name")?.element.text.trim();
  }

  attribute(name: string): string | undefined {
    return this.element.attributes[name];
  }

  error(message: string): SvdError {
    return new SvdError(this.line, message);
  }

  /** Finds its base once; what is derived from itself, however indirectly, is an error. */
  private follow(): void {
    if (this.state === "done") return;
    const wanted = this.attribute("derivedFrom");
    if (this.state === "following") throw this.error(`${this.tag} ${this.name} is derived from itself`);
    this.state = "following";
    if (wanted !== undefined) this.base = this.find(wanted);
    this.base?.follow();
    this.state = "done";
  }

  /** A name among the neighbours, or a path from a peripheral down: `UART0.CTRL.MODE`. */
  private find(path: string): SvdNode {
    const parts = path.split(".");
    for (const scope of this.scopes()) {
      const found = descend(scope, parts, this);
      if (found !== undefined) return found;
    }
    throw this.error(`${this.tag} ${this.name ?? ""} is derived from ${path}, which is not there`);
  }

  private *scopes(): Generator<Scope> {
    for (let at = this.parent; at !== undefined; at = at.parent) yield at.own;
    // A field may name one of another register of its peripheral, and a list of values one of any field.
    for (let at = this.parent; at !== undefined; at = at.parent) {
      if (at.tag === "register" || at.tag === "registers") yield at.descendants(this.tag);
    }
  }

  private descendants(tag: string): readonly SvdNode[] {
    return this.own.flatMap((one) => (one.tag === tag ? [one] : one.descendants(tag)));
  }

  /** Children that have names, through the elements that only group them. */
  get members(): readonly SvdNode[] {
    return this.own.flatMap((one) => (one.tag === "registers" || one.tag === "fields" ? one.members : [one]));
  }
}

/** What has no name is all of it one thing: a list of blocks, a list of values. */
function overridden(inherited: readonly SvdNode[], own: readonly SvdNode[]): readonly SvdNode[] {
  const names = new Set(own.map((one) => one.name));
  return [...inherited.filter((one) => !names.has(one.name)), ...own];
}

function descend(scope: Scope, parts: readonly string[], from: SvdNode): SvdNode | undefined {
  const [first, ...rest] = parts;
  for (const node of scope) {
    if (node === from || !isCalled(node, first!)) continue;
    const found = rest.length === 0 ? node : descend(node.members, rest, from);
    if (found?.tag === from.tag) return found;
  }
  return undefined;
}

/** `CH%s` is called CH0, CH1 and so on too. */
function isCalled({ name }: SvdNode, wanted: string): boolean {
  const [before, after] = name?.split(/\[?%s\]?/) ?? [];
  if (after === undefined) return name === wanted;
  return wanted.length > before!.length + after.length && wanted.startsWith(before!) && wanted.endsWith(after);
}

function isElement(node: unknown): node is XmlElement {
  return node instanceof XmlElement;
}

/** Reads the text of a file. Throws an SvdError where it is no XML, or no SVD. */
export function readTree(text: string): SvdNode {
  let root: XmlElement | null;
  try {
    root = parseXml(text, { includeOffsets: true }).root;
  } catch (error) {
    if (error instanceof XmlError) throw new SvdError(error.line, `no well-formed XML: ${reasonOf(error)}`);
    throw error;
  }
  const starts = lineStarts(text);
  const lineAt = (offset: number): number => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
  if (root?.name !== "device") {
    throw new SvdError(root === null ? 1 : lineAt(root.start), "no CMSIS-SVD file: its outermost element is <device>");
  }
  return new SvdNode(root, lineAt, undefined);
}

/** The parser's message without the excerpt that follows it. */
function reasonOf({ message }: XmlError): string {
  return message.split("\n")[0]!.replace(/ \(line \d+, column \d+\)$/, "");
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
