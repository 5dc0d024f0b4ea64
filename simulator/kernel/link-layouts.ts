// Small structs that others embed: the links of lists, counters and references.
import { layOut } from "../engine/layout.ts";

const anything = { kind: "pointer", to: "void" } as const;

export const list_head = layOut("list_head", [
  ["next", anything],
  ["prev", anything],
]);

export const hlist_head = layOut("hlist_head", [["first", anything]]);

export const hlist_node = layOut("hlist_node", [
  ["next", anything],
  ["pprev", anything],
]);

export const atomic_t = layOut("atomic", [["counter", { kind: "scalar", scalar: "s32" }]]);

export const refcount_t = layOut("refcount_struct", [["refs", { kind: "struct", layout: atomic_t }]]);

export const kref = layOut("kref", [["refcount", { kind: "struct", layout: refcount_t }]]);
