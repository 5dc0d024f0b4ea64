// procfs: entries in /proc, and what happens to those that are open when they go.
// Source: fs/proc/generic.c and inode.c
import type { Steps } from "../engine/interfaces.ts";
import { ActiveCalls } from "./active-calls.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { type Entry, type Files, type OpenFile, type OperationTable, S_IFREG } from "./files.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { kernelFunction, plainFunction } from "./kernel-functions.ts";
import { inode, offsetOf } from "./layouts.ts";
import type { Resources } from "./resources.ts";
import type { SeqFiles } from "./seq-files.ts";
import { proc_dir_entry, proc_ops } from "./seq-layouts.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";

/** proc_entry_rundown() waits for a completion. */
const RUNDOWN = "kernel/sched/completion.c:111";
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IALLUGO = 0o7777;
const S_IRUGO = 0o444;
const S_IRUGO_X = 0o555;
/** Directories that the kernel makes for drivers, fs/proc/root.c. */
const PROC_DYNAMIC_FIRST = 0xf0000000;
const OWN_DIRECTORIES = ["fs", "driver", "bus", "irq", "tty"];

const MEMBERS: Readonly<Record<string, string>> = { unlocked_ioctl: "proc_ioctl", llseek: "proc_lseek" };
const PROC_OPS: OperationTable = {
  layout: proc_ops,
  member: (operation) => MEMBERS[operation] ?? `proc_${operation}`,
};

interface ProcEntry {
  /** 0 for the kernel's own, which nobody else has. */
  readonly address: number;
  readonly mode: number;
  /** The number of its inodes. */
  readonly ino: number;
  readonly name: string;
  readonly parent: ProcEntry | undefined;
  readonly children: Map<string, ProcEntry>;
  ops(): number;
  /** Of proc_create_seq() and proc_create_single(): what open makes of it. */
  readonly seq: { readonly operations: number; readonly bytes: number } | { readonly show: number } | undefined;
  readonly files: Set<OpenFile>;
  readonly calls: ActiveCalls;
}

export class Procfs {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly files: Files;
  private readonly resources: Resources;
  private readonly statics: Statics;
  private readonly seq: SeqFiles;
  private readonly root: ProcEntry;
  private readonly byAddress = new Map<number, ProcEntry>();
  private readonly byInode = new Map<number, ProcEntry>();
  /** Texts of the kernel's own files, by name. */
  private readonly texts = new Map<string, () => string>();
  private inodes = PROC_DYNAMIC_FIRST;
  private seqTable: number | undefined;
  private singleTable: number | undefined;

  constructor(core: Core, slab: Slab, files: Files, resources: Resources, statics: Statics, seq: SeqFiles) {
    this.core = core;
    this.slab = slab;
    this.files = files;
    this.resources = resources;
    this.statics = statics;
    this.seq = seq;
    this.root = this.entry(0, "/proc", undefined, S_IFDIR | S_IRUGO_X, () => 0);
    for (const name of OWN_DIRECTORIES) this.entry(0, name, this.root, S_IFDIR | S_IRUGO_X, () => 0);
    files.mount("/proc", (path) => this.lookup(path));
  }

  /** A file of the kernel's own, whose text is made whenever somebody reads it from its beginning. */
  addText(name: string, text: () => string): void {
    const { seq, core } = this;
    this.texts.set(name, text);
    const how = { show: 0 };
    const ops = (): number => {
      if (how.show === 0) {
        how.show = plainFunction(core.engine, `${name}_show`, (m) => {
          seq.puts(m!, text());
          return 0;
        });
      }
      return this.singleOps;
    };
    this.entry(0, name, this.root, S_IFREG | S_IRUGO, ops, how);
  }

  /** What a file of the kernel's own says now, for the views; undefined for those of drivers, which have to run for it. */
  textOf(name: string): string | undefined {
    return this.texts.get(name)?.();
  }

  /** The names in a directory below /proc; undefined where there is none. */
  list(path: string): readonly string[] | undefined {
    let entry: ProcEntry | undefined = this.root;
    for (const name of path.split("/").filter((one) => one !== "")) entry = entry?.children.get(name);
    if (entry === undefined || (entry.mode & S_IFMT) !== S_IFDIR) return undefined;
    return [...entry.children].map(([name, { mode }]) => ((mode & S_IFMT) === S_IFDIR ? `${name}/` : name));
  }

  /** proc_create_data(): the address of the entry, 0 when it cannot be made. */
  create(path: string, mode: number, parent: number, ops: number, data: number): number {
    return this.register("proc_create_data", path, regular(mode), parent, () => ops, data, undefined);
  }

  createSeq(path: string, mode: number, parent: number, operations: number, bytes: number, data: number): number {
    const how = { operations, bytes };
    return this.register("proc_create_seq_private", path, regular(mode), parent, () => this.seqOps, data, how);
  }

  createSingle(path: string, mode: number, parent: number, show: number, data: number): number {
    return this.register("proc_create_single_data", path, regular(mode), parent, () => this.singleOps, data, { show });
  }

  mkdir(path: string, mode: number, parent: number, data: number): number {
    const all = S_IFDIR | (mode === 0 ? S_IRUGO_X : mode & S_IALLUGO);
    return this.register("proc_mkdir", path, all, parent, () => 0, data, undefined);
  }

  /** remove_proc_entry(): waits for operations under way, and releases the files that are open. */
  *remove(path: string, parent: number): Steps<void> {
    this.core.mightSleep("remove_proc_entry", RUNDOWN);
    const found = this.find(path, parent);
    if (found === undefined) return;
    const { directory, name } = found;
    const entry = directory.children.get(name);
    if (entry === undefined) {
      this.warn(`name '${path}'`);
      return;
    }
    yield* this.takeDown(entry);
    const [first] = entry.children.values();
    if (first === undefined) return;
    const where = `${directory.name}/${entry.name}`;
    this.warn(`remove_proc_entry: removing non-empty directory '${where}', leaking at least '${first.name}'`);
  }

  /** remove_proc_subtree(): 0, or -ENOENT. */
  *removeSubtree(path: string, parent: number): Steps<number> {
    this.core.mightSleep("remove_proc_subtree", RUNDOWN);
    const found = this.find(path, parent);
    const entry = found?.directory.children.get(found.name);
    if (entry === undefined) return -errno.ENOENT;
    yield* this.removeAll(entry);
    return 0;
  }

  /** proc_remove(); NULL is fine. */
  *removeEntry(address: number): Steps<void> {
    this.core.mightSleep("proc_remove", RUNDOWN);
    const entry = this.byAddress.get(address);
    if (entry !== undefined) yield* this.removeAll(entry);
  }

  private *removeAll(entry: ProcEntry): Steps<void> {
    for (const child of [...entry.children.values()]) yield* this.removeAll(child);
    yield* this.takeDown(entry);
  }

  /** proc_entry_rundown(). */
  private *takeDown(entry: ProcEntry): Steps<void> {
    entry.parent?.children.delete(entry.name);
    yield* entry.calls.drain(`users of /proc entry ${entry.name}`);
    for (const file of [...entry.files]) yield* this.files.release(file);
    this.resources.giveBack(`proc ${entry.address}`);
    // An inode that is open keeps the entry's memory.
    if (entry.files.size === 0) this.free(entry);
  }

  private free(entry: ProcEntry): void {
    this.byAddress.delete(entry.address);
    this.byInode.delete(entry.ino);
    this.slab.kfree(entry.address);
  }

  private lookup(path: string): Entry | number {
    let entry: ProcEntry | undefined = this.root;
    for (const name of path.split("/")) entry = entry?.children.get(name);
    if (entry === undefined) return -errno.ENOENT;
    const found = entry;
    const { mode, address } = entry;
    if ((mode & S_IFMT) === S_IFDIR) return -errno.EISDIR;
    return {
      mode,
      ino: found.ino,
      inodeData: address === 0 ? 0 : this.data(address),
      size: address === 0 ? 0 : Number(this.core.memory.load64(address + offsetOf(proc_dir_entry, "size"), true)),
      fops: found.ops(),
      table: PROC_OPS,
      via: "proc_reg_open",
      owners: [],
      enter: () => found.calls.enter(-errno.EIO),
      leave: () => found.calls.leave(),
      opened: (file) => void found.files.add(file),
      closed: (file) => {
        found.files.delete(file);
        if (found.calls.isGone && found.files.size === 0) this.free(found);
      },
    };
  }

  private register(
    callee: string,
    path: string,
    mode: number,
    parent: number,
    ops: () => number,
    data: number,
    how: ProcEntry["seq"],
  ): number {
    this.slab.mightAlloc(GFP_KERNEL, callee);
    const found = this.find(path, parent);
    if (found === undefined) return 0;
    const { directory, name } = found;
    if (name === "" || name === "." || name === "..") {
      this.warn(name === "" ? "name len 0" : `name '${name}'`);
      return 0;
    }
    if (directory.children.has(name)) {
      this.warn(`proc_dir_entry '${directory.name}/${name}' already registered`);
      return 0;
    }
    const address = this.slab.reserve(proc_dir_entry.size, "proc_dir_entry");
    this.byAddress.set(address, this.entry(address, name, directory, mode, ops, how));
    this.core.memory.poke(address + offsetOf(proc_dir_entry, "data"), 4, data);
    this.resources.obtain(`proc ${address}`, `proc entry ${name}`);
    return address;
  }

  private entry(
    address: number,
    name: string,
    parent: ProcEntry | undefined,
    mode: number,
    ops: () => number,
    seq: ProcEntry["seq"] = undefined,
  ): ProcEntry {
    const state = { children: new Map(), files: new Set<OpenFile>(), calls: new ActiveCalls(this.core) };
    const made: ProcEntry = { address, mode, ino: this.inodes++, name, parent, ops, seq, ...state };
    this.byInode.set(made.ino, made);
    parent?.children.set(name, made);
    return made;
  }

  /** xlate_proc_name(): the directory and the last name of a path; says so when there is none. */
  private find(path: string, parent: number): { directory: ProcEntry; name: string } | undefined {
    let directory = parent === 0 ? this.root : this.byAddress.get(parent);
    const names = path.split("/");
    const name = names.pop()!;
    for (const one of names) directory = directory?.children.get(one);
    if (directory !== undefined) return { directory, name };
    this.warn(`name '${path}'`);
    return undefined;
  }

  private of(node: number): ProcEntry {
    return this.byInode.get(this.core.memory.peek(node + offsetOf(inode, "i_ino"), 4))!;
  }

  private data(address: number): number {
    return this.core.memory.load(address + offsetOf(proc_dir_entry, "data"), 4, false);
  }

  /** Operations of entries that are read as a seq_file. */
  private get seqOps(): number {
    const self = this;
    const { seq } = this;
    this.seqTable ??= this.ownOps(
      function* (node, file) {
        const { seq: how } = self.of(node);
        if (how === undefined || !("operations" in how)) return -errno.EINVAL;
        if (how.bytes === 0) return seq.open(file, how.operations);
        return (yield* seq.openPrivate(file, how.operations, how.bytes)) === 0 ? -errno.ENOMEM : 0;
      },
      (node, file) => {
        const { seq: how } = self.of(node);
        const isPrivate = how !== undefined && "operations" in how && how.bytes > 0;
        return isPrivate ? seq.releasePrivate(file) : seq.release(file);
      },
    );
    return this.seqTable;
  }

  private get singleOps(): number {
    const self = this;
    const { seq } = this;
    this.singleTable ??= this.ownOps(
      function* (node, file) {
        const { seq: how, address } = self.of(node);
        if (how === undefined || !("show" in how)) return -errno.EINVAL;
        return yield* seq.singleOpen(file, how.show, address === 0 ? 0 : self.data(address));
      },
      (_, file) => seq.singleRelease(file),
    );
    return this.singleTable;
  }

  private ownOps(
    open: (node: number, file: number) => Steps<number>,
    release: (node: number, file: number) => number,
  ): number {
    const { seq, core } = this;
    const { engine, memory } = core;
    const address = this.statics.global(proc_ops.size, proc_ops.align, "proc_seq_ops");
    const set = (member: string, fn: number): void => memory.poke(address + offsetOf(proc_ops, member), 4, fn);
    set(
      "proc_open",
      kernelFunction(engine, "proc_seq_open", (node, file) => open(node!, file!)),
    );
    set(
      "proc_release",
      plainFunction(engine, "proc_seq_release", (node, file) => release(node!, file!)),
    );
    set(
      "proc_read",
      kernelFunction(engine, "seq_read", (file, buffer, count, ppos) =>
        core.steps("seq_read", seq.read(file!, buffer!, count!, ppos!)),
      ),
    );
    set(
      "proc_lseek",
      kernelFunction(engine, "seq_lseek", (file, offset, whence) =>
        core.steps("seq_lseek", seq.lseek(file!, offset!, whence!)),
      ),
    );
    return address;
  }

  private warn(text: string): void {
    this.core.emit({ kind: "warn", text, stack: this.core.stack() });
  }
}

function regular(mode: number): number {
  const type = (mode & S_IFMT) === 0 ? S_IFREG : 0;
  return mode | type | ((mode & S_IALLUGO) === 0 ? S_IRUGO : 0);
}
