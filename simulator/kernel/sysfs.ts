// sysfs: directories of kobjects, and files whose functions show and store a page at most.
// Source: fs/sysfs/file.c, fs/kernfs/file.c and dir.c
import type { Steps } from "../engine/interfaces.ts";
import { ActiveCalls } from "./active-calls.ts";
import { PAGE_SIZE } from "./addresses.ts";
import { type Core, TASK_INTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { DEFAULT_POLLMASK, EVENTS, type FileEvents } from "./file-events.ts";
import { type Entry, type Files, O_RDONLY, O_WRONLY, S_IFREG } from "./files.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { kernelFunction, plainFunction } from "./kernel-functions.ts";
import { file_operations, inode, offsetOf, wait_queue_head_t } from "./layouts.ts";
import type { ModuleParams, Parameter } from "./module-params.ts";
import type { Log } from "./printk.ts";
import type { SeqFiles } from "./seq-files.ts";
import { seq_file } from "./seq-layouts.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { encode, textAt } from "./text.ts";
import type { UserMemory } from "./user.ts";
import type { WaitQueues } from "./wait.ts";

const S_IRUGO = 0o444;
const S_IWUGO = 0o222;

interface SysFile {
  readonly name: string;
  readonly mode: number;
  /** Fills a page; gives the bytes, or a negative errno. */
  show?(page: number): Steps<number>;
  store?(text: number, bytes: number): Steps<number>;
  readonly calls: ActiveCalls;
  /** How often sysfs_notify() told of it; whoever has not read it since then is told by poll. */
  events: number;
  /** The wait queue of those who poll it; 0 while nobody did. */
  queue: number;
}

export interface Directory {
  readonly name: string;
  readonly parent: Directory | undefined;
  readonly directories: Map<string, Directory>;
  /** Symbolic links to others. */
  readonly links: Map<string, Directory>;
  readonly files: Map<string, SysFile>;
}

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly seq: SeqFiles;
  readonly user: UserMemory;
  readonly params: ModuleParams;
  readonly files: Files;
  readonly events: FileEvents;
  readonly waits: WaitQueues;
}

export class Sysfs {
  private readonly parts: Parts;
  private readonly core: Core;
  /** Which event a `struct file` has read last. */
  private readonly seen = new Map<number, number>();
  readonly root: Directory = directory("", undefined);
  private readonly byInode = new Map<number, SysFile>();
  private readonly inodes = new Map<SysFile, number>();
  private table: number | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.core = parts.core;
    parts.files.mount("/sys", (path, flags) => this.lookup(path, flags));
  }

  /** A directory's path within /sys. */
  pathOf({ name, parent }: Directory): string {
    return parent === undefined ? "" : `${this.pathOf(parent)}/${name}`;
  }

  /** The directory of a name, made where there is none yet. */
  directory(parent: Directory, name: string): Directory {
    return parent.directories.get(name) ?? this.mkdir(parent, name)!;
  }

  /** A file of the kernel's own: what it shows, what it does with what is written to it, which may be its own end. */
  addText(
    to: Directory,
    name: string,
    show?: () => string,
    store?: (text: string) => Steps<number>,
    removesItself = false,
  ): number {
    const { memory } = this.core;
    return this.add(to, {
      name,
      mode: (show === undefined ? 0 : 0o444) | (store === undefined ? 0 : 0o200),
      ...(show && {
        *show(page: number) {
          yield* [];
          const bytes = encode(show());
          memory.bytesAt(page, bytes.length).set(bytes);
          return bytes.length;
        },
      }),
      ...(store && {
        *store(text: number, bytes: number) {
          const file = removesItself ? to.files.get(name) : undefined;
          const storing = store(textAt(memory, text).replace(/\n$/, ""));
          const result = yield* file === undefined ? storing : file.calls.unprotected(storing);
          return result < 0 ? result : bytes;
        },
      }),
    });
  }

  /** The new directory, or undefined when the name is taken. */
  mkdir(parent: Directory, name: string): Directory | undefined {
    if (parent.directories.has(name) || parent.files.has(name)) {
      this.duplicate(parent, name);
      return undefined;
    }
    const made = directory(name, parent);
    parent.directories.set(name, made);
    return made;
  }

  /** 0, or -EEXIST. */
  add(to: Directory, file: Pick<SysFile, "name" | "mode" | "show" | "store">): number {
    if (to.directories.has(file.name) || to.files.has(file.name)) return this.duplicate(to, file.name);
    to.files.set(file.name, { ...file, calls: new ActiveCalls(this.core), events: 1, queue: 0 });
    return 0;
  }

  /** kernfs_remove(): waits for functions under way; whoever has the file open gets -ENODEV from then on. */
  *remove(from: Directory, name: string): Steps<boolean> {
    const file = from.files.get(name);
    if (file === undefined) return false;
    from.files.delete(name);
    yield* file.calls.drain(`users of sysfs file ${name}`);
    return true;
  }

  /** kernfs_notify(): whoever polls the file is woken. */
  notify(at: Directory, name: string): void {
    const file = at.files.get(name);
    if (file === undefined) return;
    file.events++;
    if (file.queue !== 0) this.parts.waits.wakeUp(file.queue, TASK_INTERRUPTIBLE, 0);
  }

  *rmdir(gone: Directory): Steps<void> {
    gone.parent?.directories.delete(gone.name);
    for (const name of [...gone.files.keys()]) yield* this.remove(gone, name);
    for (const below of [...gone.directories.values()]) yield* this.rmdir(below);
  }

  private duplicate(at: Directory, name: string): number {
    this.parts.log.write(`sysfs: cannot create duplicate filename '${this.pathOf(at)}/${name}'`, 4);
    this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
    return -errno.EEXIST;
  }

  private lookup(path: string, flags: number): Entry | number {
    const names = path.split("/");
    const last = names.pop()!;
    const parameter = this.parameterOf(path);
    let at: Directory | undefined = this.root;
    for (const name of names) at = at?.directories.get(name) ?? at?.links.get(name);
    if (at?.directories.has(last) || at?.links.has(last)) return -errno.EISDIR;
    const file = parameter ?? at?.files.get(last);
    if (file === undefined) return -errno.ENOENT;
    const { mode } = file;
    // Not even root may what the mode or the functions do not provide for.
    if ((flags & 3) !== O_RDONLY && ((mode & S_IWUGO) === 0 || file.store === undefined)) return -errno.EACCES;
    if ((flags & 3) !== O_WRONLY && ((mode & S_IRUGO) === 0 || file.show === undefined)) return -errno.EACCES;
    let ino = this.inodes.get(file);
    if (ino === undefined) {
      ino = this.inodes.size + 1;
      this.inodes.set(file, ino);
      this.byInode.set(ino, file);
    }
    return {
      mode: S_IFREG | mode,
      ino,
      size: PAGE_SIZE,
      fops: this.operations,
      via: "kernfs_fop_open",
      owners: [],
      enter: () => file.calls.enter(-errno.ENODEV),
      leave: () => file.calls.leave(),
    };
  }

  /** /sys/module/NAME/parameters/PARAMETER, where its mode makes it visible. */
  private parameterOf(path: string): SysFile | undefined {
    const [, module, name] = /^module\/([^/]+)\/parameters\/([^/]+)$/.exec(path) ?? [];
    if (module === undefined) return undefined;
    const found: Parameter | undefined = this.parts.params.of(module).find((one) => one.name === name);
    if (found === undefined || found.perm === 0) return undefined;
    const { core, parts } = this;
    return {
      name: found.name,
      mode: found.perm,
      *show(page) {
        const bytes = encode(`${yield* parts.params.get(found)}\n`);
        core.memory.bytesAt(page, bytes.length).set(bytes);
        return bytes.length;
      },
      *store(text, bytes) {
        const result = yield* parts.params.set(found, textAt(core.memory, text).replace(/\n$/, ""));
        return result < 0 ? result : bytes;
      },
      calls: new ActiveCalls(core),
      events: 1,
      queue: 0,
    };
  }

  /** The operations of all files, which have an address once one is opened. */
  private get operations(): number {
    if (this.table !== undefined) return this.table;
    const { core } = this;
    const { seq } = this.parts;
    const { engine, memory } = core;
    const table = this.parts.statics.global(file_operations.size, file_operations.align, "kernfs_file_fops");
    const show = kernelFunction(engine, "sysfs_kf_seq_show", (m) => core.steps("sysfs_kf_seq_show", this.show(m!)));
    const set = (member: string, address: number): void =>
      memory.poke(table + offsetOf(file_operations, member), 4, address);
    set(
      "open",
      kernelFunction(engine, "kernfs_fop_open", (node, file) =>
        seq.singleOpen(file!, show, memory.peek(node! + offsetOf(inode, "i_ino"), 4)),
      ),
    );
    set(
      "read",
      kernelFunction(engine, "kernfs_fop_read_iter", (file, buffer, count, ppos) => {
        this.seen.set(file!, this.fileOf(seq.of(file!)).events);
        return core.steps("seq_read_iter", seq.read(file!, buffer!, count!, ppos!));
      }),
    );
    set(
      "poll",
      plainFunction(engine, "kernfs_fop_poll", (file, table) => this.poll(file!, table!)),
    );
    set(
      "write",
      kernelFunction(engine, "kernfs_fop_write_iter", (file, buffer, count, ppos) =>
        core.steps("kernfs_fop_write_iter", this.write(file!, buffer!, count!, ppos!)),
      ),
    );
    set(
      "llseek",
      kernelFunction(engine, "kernfs_fop_llseek", (file, offset, whence) => seq.lseek(file!, offset!, whence!)),
    );
    set(
      "release",
      plainFunction(engine, "kernfs_fop_release", (_, file) => {
        this.seen.delete(file!);
        return seq.singleRelease(file!);
      }),
    );
    this.table = table;
    return table;
  }

  /** kernfs_generic_poll(): a file can always be read; POLLPRI says that it changed since it was. */
  private poll(file: number, table: number): number {
    const of = this.fileOf(this.parts.seq.of(file));
    if (of.queue === 0) {
      of.queue = this.parts.statics.global(wait_queue_head_t.size, wait_queue_head_t.align, of.name);
      this.parts.waits.init(of.queue, "");
    }
    this.parts.events.pollWait(of.queue, table);
    const isNew = of.events !== (this.seen.get(file) ?? 0);
    return DEFAULT_POLLMASK | (isNew ? EVENTS.EPOLLERR | EVENTS.EPOLLPRI : 0);
  }

  private fileOf(m: number): SysFile {
    return this.byInode.get(this.core.memory.peek(m + offsetOf(seq_file, "private"), 4))!;
  }

  private *show(m: number): Steps<number> {
    const { memory } = this.core;
    const { name, show } = this.fileOf(m);
    if (show === undefined) return -errno.EIO;
    const page = memory.peek(m + offsetOf(seq_file, "buf"), 4);
    memory.bytesAt(page, PAGE_SIZE).fill(0);
    let bytes = yield* show(page);
    if (bytes < 0) return bytes;
    if (bytes >= PAGE_SIZE) {
      this.parts.log.write(`fill_read_buffer: ${name} returned bad count`, 4);
      bytes = PAGE_SIZE - 1;
    }
    memory.poke(m + offsetOf(seq_file, "count"), 4, bytes);
    return 0;
  }

  /** The text is ended by a NUL, and cut to a page. */
  private *write(file: number, buffer: number, count: number, ppos: number): Steps<number> {
    const { memory } = this.core;
    const { store } = this.fileOf(this.parts.seq.of(file));
    const bytes = Math.min(count, PAGE_SIZE);
    const text = yield* this.parts.slab.kmalloc(bytes + 1, GFP_KERNEL, "kernfs_fop_write_iter");
    if (text === 0) return -errno.ENOMEM;
    let result = -errno.EFAULT;
    if ((yield* this.parts.user.copyFrom(text, buffer, bytes)) === 0) {
      memory.poke(text + bytes, 1, 0);
      result = bytes === 0 ? 0 : store === undefined ? -errno.EIO : yield* store(text, bytes);
    }
    if (result > 0) memory.store64(ppos, memory.load64(ppos, true) + BigInt(result));
    this.parts.slab.kfree(text);
    return result;
  }
}

function directory(name: string, parent: Directory | undefined): Directory {
  return { name, parent, directories: new Map(), links: new Map(), files: new Map() };
}
