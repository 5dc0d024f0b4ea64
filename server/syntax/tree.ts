// The parser's tree copied out of wasm memory in one walk, so that nothing else holds a tree-sitter object.
import type { Language, Tree } from "web-tree-sitter";

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

/** What the grammar says of each kind of node and each field, by its number. */
interface Kinds {
  readonly names: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

const kinds = new WeakMap<Language, Kinds>();

function kindsOf(language: Language): Kinds {
  let known = kinds.get(language);
  if (known === undefined) {
    const { types, fields } = language;
    known = { names: types, named: types.map((_, id) => language.nodeTypeIsNamed(id)), fields };
    kinds.set(language, known);
  }
  return known;
}

/**
 * The functions of web-tree-sitter's module (0.27) that its own cursor is made of, each given the tree's address. They
 * leave the cursor in memory of their own; the library copies it there and back for every question, which takes several
 * times longer than the answer.
 */
export interface CursorFunctions {
  _ts_tree_root_node_wasm(tree: number): void;
  _ts_tree_cursor_new_wasm(tree: number): void;
  _ts_tree_cursor_delete_wasm(tree: number): void;
  _ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  _ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  _ts_tree_cursor_goto_parent_wasm(tree: number): number;
  _ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  _ts_tree_cursor_current_field_id_wasm(tree: number): number;
  _ts_tree_cursor_start_index_wasm(tree: number): number;
  _ts_tree_cursor_end_index_wasm(tree: number): number;
}

/** `offset` is where the parsed text begins in the file. */
export function copyTree(tree: Tree, functions: CursorFunctions, offset = 0): RawNode {
  const address = (tree as unknown as readonly number[])[0]!;
  // The one leaves the node where the other looks for it.
  functions._ts_tree_root_node_wasm(address);
  functions._ts_tree_cursor_new_wasm(address);
  try {
    return copyNode(functions, address, kindsOf(tree.language), offset);
  } finally {
    functions._ts_tree_cursor_delete_wasm(address);
  }
}

function copyNode(at: CursorFunctions, tree: number, kinds: Kinds, offset: number): RawNode {
  const id = at._ts_tree_cursor_current_node_type_id_wasm(tree);
  const type = kinds.names[id] ?? "ERROR";
  const start = at._ts_tree_cursor_start_index_wasm(tree) + offset;
  const end = at._ts_tree_cursor_end_index_wasm(tree) + offset;
  const fieldId = at._ts_tree_cursor_current_field_id_wasm(tree);
  const field = fieldId === 0 ? null : (kinds.fields[fieldId] ?? null);
  const named = kinds.named[id] ?? true;
  // A made-up token is empty; asking the node itself would cost another crossing for every leaf.
  const broken = type === "ERROR" || (start === end && type !== "translation_unit");
  let children: RawNode[] | undefined;
  if (start !== end && (named || broken) && at._ts_tree_cursor_goto_first_child_wasm(tree) === 1) {
    children = [];
    do {
      const child = copyNode(at, tree, kinds, offset);
      if (child.type !== "comment") children.push(child);
    } while (at._ts_tree_cursor_goto_next_sibling_wasm(tree) === 1);
    at._ts_tree_cursor_goto_parent_wasm(tree);
  }
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
