// linux/seq_file: files that are written as a text, record by record.
import type { Raw, Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { file, inode, list_head } from "../kernel/layouts.ts";
import { seq_file, seq_operations } from "../kernel/seq-layouts.ts";
import { encode } from "../kernel/text.ts";
import { Header } from "./header.ts";

export function seqFile(kernel: Kernel): Header {
  const { core, seq } = kernel;
  const { memory } = core;
  const header = new Header(core);
  header.layout("seq_file", seq_file);
  header.layout("seq_operations", seq_operations);

  /** Begins a seq_file of records. Task context, may sleep. 0, or a negative errno. */
  header.plain("seq_open", [file, seq_operations], "int", (of: number, ops: number) => seq.open(of, ops));
  /** seq_open with cleared memory of so many bytes in `private`. Task context, may sleep. 0, or -ENOMEM. */
  header.steps(
    "seq_open_private",
    [file, seq_operations, "size"],
    "int",
    function* (of: number, ops: number, bytes: number): Steps<number> {
      return (yield* seq.openPrivate(of, ops, bytes)) === 0 ? -errno.ENOMEM : 0;
    },
  );
  /** The same, and its memory. Task context, may sleep. NULL: no memory. */
  header.steps(
    "__seq_open_private",
    [file, seq_operations, "size"],
    "ptr",
    (of: number, ops: number, bytes: number) => seq.openPrivate(of, ops, bytes),
    { mayBeNull: true },
  );
  /** The read, llseek and release operations of such a file. Task context, may sleep. */
  header.steps(
    "seq_read",
    [file, "user", "u32", "ptr"],
    "int",
    (of: number, buffer: number, count: number, ppos: number) => seq.read(of, buffer, count, ppos),
  );
  header.steps("seq_lseek", [file, "s64", "int"], "s64", (of: number, offset: bigint, whence: number) =>
    seq.lseek(of, Number(offset), whence),
  );
  header.plain("seq_release", [inode, file], "int", (_: number, of: number) => seq.release(of));
  header.plain("seq_release_private", [inode, file], "int", (_: number, of: number) => seq.releasePrivate(of));
  /** Begins a file of one record. Task context, may sleep. 0, or a negative errno. */
  header.steps("single_open", [file, "callback", "ptr"], "int", (of: number, show: number, data: number) =>
    seq.singleOpen(of, show, data),
  );
  header.steps(
    "single_open_size",
    [file, "callback", "ptr", "u32"],
    "int",
    (of: number, show: number, data: number, bytes: number) => seq.singleOpen(of, show, data, bytes),
  );
  header.plain("single_release", [inode, file], "int", (_: number, of: number) => seq.singleRelease(of));

  /** Adds to the record; a full buffer is noticed later. Any context. */
  header.plain("seq_printf", [seq_file, "format"], "void", (m: number, format: number, ...values: Raw[]) =>
    seq.puts(m, kernel.log.format(kernel.textAt(format), values)),
  );
  header.plain("seq_puts", [seq_file, "string"], "void", (m: number, text: number) => seq.puts(m, kernel.textAt(text)));
  header.plain("seq_putc", [seq_file, "u8"], "void", (m: number, byte: number) => seq.put(m, [byte]));
  /** Adds bytes to the record. Any context. 0, or -1 when the buffer is full. */
  header.plain("seq_write", [seq_file, "ptr", "u32"], "int", (m: number, from: number, bytes: number) => {
    memory.touch(from, bytes, false);
    return seq.put(m, [...memory.bytesAt(from, bytes)]);
  });
  /** Adds a text with some characters in octal. Any context. */
  header.plain("seq_escape", [seq_file, "string", "string"], "void", (m: number, text: number, which: number) => {
    const special = kernel.textAt(which);
    const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, "0")}`;
    const parts = [...kernel.textAt(text)].map((one) =>
      special.includes(one) ? encode(one).map(octal).join("") : one,
    );
    seq.puts(m, parts.join(""));
  });
  /** Says where the next seq_pad fills up to. Any context. */
  header.plain("seq_setwidth", [seq_file, "u32"], "void", (m: number, width: number) => seq.setWidth(m, width));
  /** Fills up with blanks, and adds a character unless it is 0. Any context. */
  header.plain("seq_pad", [seq_file, "u8"], "void", (m: number, byte: number) => seq.pad(m, byte));
  /** Whether the record was too long for the buffer. Any context. */
  header.plain("seq_has_overflowed", [seq_file], "bool", (m: number) => seq.isFull(m));

  const next = (it: number): number => memory.load(it, 4, false);
  const start = (head: number, pos: bigint): number => {
    let left = pos;
    for (let it = next(head); it !== head; it = next(it)) if (left-- === 0n) return it;
    return 0;
  };
  /** The entry at a position of a list, for start. As the list's lock says. NULL at its end. */
  header.plain("seq_list_start", [list_head, "s64"], list_head, start, { mayBeNull: true });
  /** The same where the head comes first. As the list's lock says. NULL at its end. */
  header.plain(
    "seq_list_start_head",
    [list_head, "s64"],
    list_head,
    (head: number, pos: bigint) => (pos === 0n ? head : start(head, pos - 1n)),
    { mayBeNull: true },
  );
  /** The entry after another, for next; moves the position on. As the list's lock says. NULL at the end. */
  header.plain(
    "seq_list_next",
    ["ptr", list_head, "ptr"],
    list_head,
    (it: number, head: number, ppos: number) => {
      memory.store64(ppos, memory.load64(ppos, true) + 1n);
      return next(it) === head ? 0 : next(it);
    },
    { mayBeNull: true },
  );
  return header;
}
