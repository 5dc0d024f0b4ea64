// linux/list: doubly linked lists whose links lie inside the elements.
import type { Kernel } from "../kernel/kernel.ts";
import { hlist_head, hlist_node, list_head } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

/** What links of removed entries hold, include/linux/poison.h. */
const LIST_POISON1 = 0x100;
const LIST_POISON2 = 0x122;

export function list(kernel: Kernel): Header {
  const { core, statics } = kernel;
  const { memory } = core;
  const header = new Header(core);
  header.layout("list_head", list_head);
  const next = (it: number): number => memory.load(it, 4, false);
  const prev = (it: number): number => memory.load(it + 4, 4, false);
  const join = (before: number, after: number): void => {
    memory.store(after + 4, 4, before);
    memory.store(before, 4, after);
  };
  const init = (it: number): void => join(it, it);
  /** __list_add_valid_or_report(). */
  const insert = (entry: number, before: number, after: number): void => {
    if (prev(after) !== before) {
      corrupt(
        `list_add corruption. next->prev should be prev (${hex(before)}), but was ${hex(prev(after))}. (next=${hex(after)}).`,
      );
    } else if (next(before) !== after) {
      corrupt(
        `list_add corruption. prev->next should be next (${hex(after)}), but was ${hex(next(before))}. (prev=${hex(before)}).`,
      );
    } else if (entry === before || entry === after) {
      corrupt(`list_add double add: new=${hex(entry)}, prev=${hex(before)}, next=${hex(after)}.`);
    } else {
      join(entry, after);
      join(before, entry);
    }
  };
  /** __list_del_entry_valid_or_report(): false when the entry is in no list. */
  const remove = (entry: number): boolean => {
    const [before, after] = [prev(entry), next(entry)];
    const trouble = removalTrouble(entry, before, after);
    if (trouble === undefined) join(before, after);
    else corrupt(`list_del corruption${trouble}`);
    return trouble === undefined;
  };
  const removalTrouble = (entry: number, before: number, after: number): string | undefined => {
    if (after === 0) return `, ${hex(entry)}->next is NULL`;
    if (before === 0) return `, ${hex(entry)}->prev is NULL`;
    if (after === LIST_POISON1) return `, ${hex(entry)}->next is LIST_POISON1 (${hex(LIST_POISON1)})`;
    if (before === LIST_POISON2) return `, ${hex(entry)}->prev is LIST_POISON2 (${hex(LIST_POISON2)})`;
    if (next(before) !== entry) {
      return `. prev->next should be ${hex(entry)}, but was ${hex(next(before))}. (prev=${hex(before)})`;
    }
    if (prev(after) !== entry) {
      return `. next->prev should be ${hex(entry)}, but was ${hex(prev(after))}. (next=${hex(after)})`;
    }
    return undefined;
  };
  /** CHECK_DATA_CORRUPTION(), with CONFIG_BUG_ON_DATA_CORRUPTION off. */
  const corrupt = (text: string): void => {
    core.emit({ kind: "list-corruption", text, stack: core.stack() });
  };

  /** A static empty list of this name. At file scope. Its address. */
  header.plain("LIST_HEAD", ["string"], list_head, (name: number) => {
    const address = statics.global(list_head.size, list_head.align, kernel.textAt(name));
    init(address);
    return address;
  });
  /** Makes an empty list. Any context. */
  header.plain("INIT_LIST_HEAD", [list_head], "void", init);
  /** Inserts an entry first. Any context. */
  header.plain("list_add", [list_head, list_head], "void", (entry: number, head: number) =>
    insert(entry, head, next(head)),
  );
  /** Inserts an entry last. Any context. */
  header.plain("list_add_tail", [list_head, list_head], "void", (entry: number, head: number) =>
    insert(entry, prev(head), head),
  );
  /** Takes an entry out and poisons its links. Any context. */
  header.plain("list_del", [list_head], "void", (entry: number) => {
    if (!remove(entry)) return;
    memory.store(entry, 4, LIST_POISON1);
    memory.store(entry + 4, 4, LIST_POISON2);
  });
  /** Takes an entry out and makes it an empty list. Any context. */
  header.plain("list_del_init", [list_head], "void", (entry: number) => {
    if (remove(entry)) init(entry);
  });
  /** Whether a list is empty. Any context. */
  header.plain("list_empty", [list_head], "int", (head: number) => next(head) === head);
  /** Takes an entry out of one list, and inserts it first, or last, in another. Any context. */
  header.plain("list_move", [list_head, list_head], "void", (entry: number, head: number) => {
    if (remove(entry)) insert(entry, head, next(head));
  });
  header.plain("list_move_tail", [list_head, list_head], "void", (entry: number, head: number) => {
    if (remove(entry)) insert(entry, prev(head), head);
  });
  /** Puts a new entry in the place of an old one. Any context. */
  header.plain("list_replace", [list_head, list_head], "void", (old: number, entry: number) => {
    join(entry, next(old));
    join(prev(old), entry);
  });
  /** Whether an entry is the first, or the last, or the only one. Any context. */
  header.plain("list_is_first", [list_head, list_head], "int", (entry: number, head: number) => prev(entry) === head);
  header.plain("list_is_last", [list_head, list_head], "int", (entry: number, head: number) => next(entry) === head);
  header.plain(
    "list_is_singular",
    [list_head],
    "int",
    (head: number) => next(head) !== head && next(head) === prev(head),
  );
  /** Moves the first entry to the end. Any context. */
  header.plain("list_rotate_left", [list_head], "void", (head: number) => {
    const first = next(head);
    if (first !== head && remove(first)) insert(first, prev(head), head);
  });
  const splice = (list: number, before: number, after: number): void => {
    const [first, last] = [next(list), prev(list)];
    if (first === list) return;
    join(before, first);
    join(last, after);
  };
  /** Puts the entries of a list first, or last, into another; the forms with `_init` leave the list empty. Any context. */
  header.plain("list_splice", [list_head, list_head], "void", (list: number, head: number) =>
    splice(list, head, next(head)),
  );
  header.plain("list_splice_tail", [list_head, list_head], "void", (list: number, head: number) =>
    splice(list, prev(head), head),
  );
  header.plain("list_splice_init", [list_head, list_head], "void", (list: number, head: number) => {
    splice(list, head, next(head));
    init(list);
  });
  header.plain("list_splice_tail_init", [list_head, list_head], "void", (list: number, head: number) => {
    splice(list, prev(head), head);
    init(list);
  });
  hashLists(header, kernel);
  return header;
}

/** Lists with a single pointer as their head, for hash tables. */
function hashLists(header: Header, { core: { memory } }: Kernel): void {
  header.layout("hlist_head", hlist_head);
  header.layout("hlist_node", hlist_node);
  /** Makes an empty list, and a node that is in none. Any context. */
  header.plain("INIT_HLIST_HEAD", [hlist_head], "void", (head: number) => memory.store(head, 4, 0));
  header.plain("INIT_HLIST_NODE", [hlist_node], "void", (node: number) => {
    memory.store(node, 4, 0);
    memory.store(node + 4, 4, 0);
  });
  /** Inserts a node first. Any context. */
  header.plain("hlist_add_head", [hlist_node, hlist_head], "void", (node: number, head: number) => {
    const first = memory.load(head, 4, false);
    memory.store(node, 4, first);
    if (first !== 0) memory.store(first + 4, 4, node);
    memory.store(head, 4, node);
    memory.store(node + 4, 4, head);
  });
  const remove = (node: number): void => {
    const [after, place] = [memory.load(node, 4, false), memory.load(node + 4, 4, false)];
    memory.store(place, 4, after);
    if (after !== 0) memory.store(after + 4, 4, place);
  };
  /** Takes a node out, poisoning its links or, with `_init`, clearing them. Any context. */
  header.plain("hlist_del", [hlist_node], "void", (node: number) => {
    remove(node);
    memory.store(node, 4, LIST_POISON1);
    memory.store(node + 4, 4, LIST_POISON2);
  });
  header.plain("hlist_del_init", [hlist_node], "void", (node: number) => {
    if (memory.load(node + 4, 4, false) === 0) return;
    remove(node);
    memory.store(node, 4, 0);
    memory.store(node + 4, 4, 0);
  });
  /** Whether a list is empty, and whether a node is in none. Any context. */
  header.plain("hlist_empty", [hlist_head], "int", (head: number) => memory.load(head, 4, false) === 0);
  header.plain("hlist_unhashed", [hlist_node], "int", (node: number) => memory.load(node + 4, 4, false) === 0);
}

function hex(address: number): string {
  return (address >>> 0).toString(16).padStart(8, "0");
}
