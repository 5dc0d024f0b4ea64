// linux/list: doubly linked lists whose links lie inside the elements.
import type { Kernel } from "../kernel/kernel.ts";
import { list_head } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

/** What links of removed entries hold, include/linux/poison.h. */
const LIST_POISON1 = 0x100;
const LIST_POISON2 = 0x122;

export function list(kernel: Kernel): Header {
  const { core, statics, log } = kernel;
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
  const insert = (entry: number, before: number, after: number): void => {
    if (prev(after) !== before) corrupt(`list_add corruption. next->prev should be prev (${hex(before)})`);
    join(entry, after);
    join(before, entry);
  };
  const remove = (entry: number): boolean => {
    const [before, after] = [prev(entry), next(entry)];
    if (after === LIST_POISON1) {
      corrupt(`list_del corruption, ${hex(entry)}->next is LIST_POISON1 (${hex(LIST_POISON1)})`);
      return false;
    }
    join(before, after);
    return true;
  };
  const corrupt = (text: string): void => {
    log.write(text, 3);
    kernel.warn(text);
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
  return header;
}

function hex(address: number): string {
  return (address >>> 0).toString(16).padStart(8, "0");
}
