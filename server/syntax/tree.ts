// The parser's tree copied out of wasm memory in one walk, so that nothing else holds a tree-sitter object.
import type { Language, Tree, TreeCursor } from "web-tree-sitter";

export interface RawNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** Field name within the parent, or null. */
  readonly field: string | null;
  readonly named: boolean;
  /** True for an ERROR node and for a token the parser made up. */
  readonly broken: boolean;
  readonly children: readonly RawNode[];
}

const NONE: readonly RawNode[] = [];

/** What the grammar says of each kind of node, by its number. */
interface Kinds {
  readonly names: readonly string[];
  readonly named: readonly boolean[];
}

const kinds = new WeakMap<Language, Kinds>();

/** `offset` is where the parsed text begins in the file. */
export function copyTree(tree: Tree, offset = 0): RawNode {
  const { language } = tree;
  let known = kinds.get(language);
  if (known === undefined) {
    known = { names: language.types, named: language.types.map((_, id) => language.nodeTypeIsNamed(id)) };
    kinds.set(language, known);
  }
  const cursor = tree.walk();
  try {
    return copyNode(cursor, known, offset);
  } finally {
    cursor.delete();
  }
}

/** Every question to the cursor crosses into wasm, which takes longer than the answer. */
function copyNode(cursor: TreeCursor, kinds: Kinds, offset: number): RawNode {
  const id = cursor.nodeTypeId;
  const type = kinds.names[id] ?? "ERROR";
  const start = cursor.startIndex + offset;
  const end = cursor.endIndex + offset;
  const field = cursor.currentFieldName;
  const named = kinds.named[id] ?? true;
  // A made-up token is empty; asking the node itself would cost another crossing for every leaf.
  let broken = type === "ERROR" || (start === end && type !== "translation_unit");
  let children: RawNode[] | undefined;
  if (start !== end && (named || broken) && cursor.gotoFirstChild()) {
    children = [];
    do {
      const child = copyNode(cursor, kinds, offset);
      if (child.type !== "comment") children.push(child);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  if (type === "ERROR") broken = true;
  return { type, start, end, field, named, broken, children: children ?? NONE };
}

/** The first child in a field, if any. */
export function child(node: RawNode, field: string): RawNode | undefined {
  for (const each of node.children) if (each.field === field) return each;
  return undefined;
}

/** Where the parser first failed within the node; undefined when it did not. */
export function firstBroken(node: RawNode): number | undefined {
  if (node.broken) return node.start;
  for (const each of node.children) {
    const found = firstBroken(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
