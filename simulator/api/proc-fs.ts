// linux/proc_fs: entries in /proc.
import type { Kernel } from "../kernel/kernel.ts";
import { inode, offsetOf } from "../kernel/layouts.ts";
import { proc_dir_entry, proc_ops, seq_operations } from "../kernel/seq-layouts.ts";
import { Header } from "./header.ts";

export function procFs(kernel: Kernel): Header {
  const { core, proc } = kernel;
  const { memory } = core;
  const header = new Header(core);
  header.layout("proc_ops", proc_ops);
  header.layout("proc_dir_entry", proc_dir_entry);
  const text = (address: number): string => kernel.textAt(address);
  const mayBeNull = { mayBeNull: true };

  /** Makes an entry, which can be opened at once. Task context, may sleep. NULL: it is there already, or no memory. */
  header.plain(
    "proc_create",
    ["string", "u16", proc_dir_entry, proc_ops],
    proc_dir_entry,
    (name: number, mode: number, parent: number, ops: number) => proc.create(text(name), mode, parent, ops, 0),
    mayBeNull,
  );
  header.plain(
    "proc_create_data",
    ["string", "u16", proc_dir_entry, proc_ops, "ptr"],
    proc_dir_entry,
    (name: number, mode: number, parent: number, ops: number, data: number) =>
      proc.create(text(name), mode, parent, ops, data),
    mayBeNull,
  );
  /** Makes an entry that is read as a seq_file of records. Task context, may sleep. NULL as proc_create. */
  header.plain(
    "proc_create_seq",
    ["string", "u16", proc_dir_entry, seq_operations],
    proc_dir_entry,
    (name: number, mode: number, parent: number, ops: number) => proc.createSeq(text(name), mode, parent, ops, 0, 0),
    mayBeNull,
  );
  header.plain(
    "proc_create_seq_data",
    ["string", "u16", proc_dir_entry, seq_operations, "ptr"],
    proc_dir_entry,
    (name: number, mode: number, parent: number, ops: number, data: number) =>
      proc.createSeq(text(name), mode, parent, ops, 0, data),
    mayBeNull,
  );
  header.plain(
    "proc_create_seq_private",
    ["string", "u16", proc_dir_entry, seq_operations, "size", "ptr"],
    proc_dir_entry,
    (name: number, mode: number, parent: number, ops: number, bytes: number, data: number) =>
      proc.createSeq(text(name), mode, parent, ops, bytes, data),
    mayBeNull,
  );
  /** Makes an entry that one function writes. Task context, may sleep. NULL as proc_create. */
  header.plain(
    "proc_create_single",
    ["string", "u16", proc_dir_entry, "callback"],
    proc_dir_entry,
    (name: number, mode: number, parent: number, show: number) => proc.createSingle(text(name), mode, parent, show, 0),
    mayBeNull,
  );
  header.plain(
    "proc_create_single_data",
    ["string", "u16", proc_dir_entry, "callback", "ptr"],
    proc_dir_entry,
    (name: number, mode: number, parent: number, show: number, data: number) =>
      proc.createSingle(text(name), mode, parent, show, data),
    mayBeNull,
  );
  /** Makes a directory. Task context, may sleep. NULL as proc_create. */
  header.plain(
    "proc_mkdir",
    ["string", proc_dir_entry],
    proc_dir_entry,
    (name: number, parent: number) => proc.mkdir(text(name), 0, parent, 0),
    mayBeNull,
  );
  header.plain(
    "proc_mkdir_mode",
    ["string", "u16", proc_dir_entry],
    proc_dir_entry,
    (name: number, mode: number, parent: number) => proc.mkdir(text(name), mode, parent, 0),
    mayBeNull,
  );
  header.plain(
    "proc_mkdir_data",
    ["string", "u16", proc_dir_entry, "ptr"],
    proc_dir_entry,
    (name: number, mode: number, parent: number, data: number) => proc.mkdir(text(name), mode, parent, data),
    mayBeNull,
  );
  /** Removes an entry, when the calls of its operations are over; open files are released. Task context, may sleep. */
  header.steps("remove_proc_entry", ["string", proc_dir_entry], "void", (name: number, parent: number) =>
    proc.remove(text(name), parent),
  );
  /** Removes an entry and all below it. Task context, may sleep. 0, or -ENOENT. */
  header.steps("remove_proc_subtree", ["string", proc_dir_entry], "int", (name: number, parent: number) =>
    proc.removeSubtree(text(name), parent),
  );
  header.steps("proc_remove", [proc_dir_entry], "void", (entry: number) => proc.removeEntry(entry));
  /** The data of an entry, by its inode. Any context. */
  header.plain("pde_data", [inode], "ptr", (it: number) => memory.load(it + offsetOf(inode, "i_private"), 4, false));
  /** The size that the entry's inodes have. Any context. */
  header.plain("proc_set_size", [proc_dir_entry, "s64"], "void", (it: number, size: bigint) =>
    memory.store64(it + offsetOf(proc_dir_entry, "size"), size),
  );
  /** The owner that the entry's inodes have. Any context. */
  header.plain("proc_set_user", [proc_dir_entry, "u32", "u32"], "void", (it: number, uid: number, gid: number) => {
    memory.store(it + offsetOf(proc_dir_entry, "uid"), 4, uid);
    memory.store(it + offsetOf(proc_dir_entry, "gid"), 4, gid);
  });
  return header;
}
