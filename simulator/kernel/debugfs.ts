// debugfs: files for whoever debugs a driver, in /sys/kernel/debug.
// Source: fs/debugfs/inode.c and file.c
import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import { ActiveCalls } from "./active-calls.ts";
import type { Core } from "./core.ts";
import { errno, isErrPtr } from "./errno.ts";
import { type Entry, type Files, S_IFREG } from "./files.ts";
import { kernelFunction } from "./kernel-functions.ts";
import { file as file_layout, file_operations, inode, offsetOf } from "./layouts.ts";
import type { Modules } from "./modules.ts";
import { parseNumber } from "./numbers.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { encode, textAt } from "./text.ts";
import type { UserMemory } from "./user.ts";

/** Drivers only have its address. */
export const dentry = layOut("dentry", [["d_name", { kind: "pointer", to: "s8" }]]);

export const debugfs_blob_wrapper = layOut("debugfs_blob_wrapper", [
  ["data", { kind: "pointer", to: "void" }],
  ["size", { kind: "scalar", scalar: "u32" }],
]);

const RWSEM = "kernel/locking/rwsem.c:1576";
const MOST = 64;

/** What the kernel's own operations show and store. */
export type Shown =
  | { readonly kind: "number"; readonly bytes: 1 | 2 | 4 | 8; readonly hex: boolean }
  | { readonly kind: "bool" }
  | { readonly kind: "blob" };

interface Node {
  readonly address: number;
  readonly name: string;
  readonly parent: Node | undefined;
  readonly children: Map<string, Node>;
  readonly mode: number;
  readonly data: number;
  /** Undefined for a directory. */
  readonly fops: number | undefined;
  readonly shown: Shown | undefined;
  readonly calls: ActiveCalls;
}

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly resources: Resources;
  readonly user: UserMemory;
  readonly modules: Modules;
  readonly files: Files;
}

export class Debugfs {
  private readonly parts: Parts;
  private readonly core: Core;
  private readonly root: Node;
  private readonly nodes = new Map<number, Node>();
  private readonly byInode = new Map<number, Node>();
  private table: number | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.core = parts.core;
    this.root = this.node(0, "/", undefined, 0, 0, undefined, undefined);
    parts.files.mount("/sys/kernel/debug", (path) => this.lookup(path));
  }

  /** debugfs_create_dir() and debugfs_create_file(): the dentry, or an ERR_PTR, which callers need not look at. */
  create(name: string, parent: number, mode: number, data: number, fops?: number, shown?: Shown): number {
    this.core.mightSleep(
      fops === undefined && shown === undefined ? "debugfs_create_dir" : "debugfs_create_file",
      RWSEM,
    );
    if (isErrPtr(parent)) return parent;
    const above = parent === 0 ? this.root : this.nodes.get(parent);
    if (above === undefined) return -errno.ENOENT;
    if (above.children.has(name)) {
      const kind = fops === undefined && shown === undefined ? "Directory" : "File";
      this.parts.log.write(`debugfs: ${kind} '${name}' in directory '${above.name}' already present!`, 3);
      return -errno.EEXIST;
    }
    const address = this.parts.slab.reserve(dentry.size, "dentry");
    this.core.memory.poke(address, 4, this.parts.statics.literal(name));
    this.nodes.set(address, this.node(address, name, above, mode, data, fops, shown));
    this.parts.resources.obtain(`debugfs ${address}`, `debugfs entry ${name}`);
    return address;
  }

  /** debugfs_remove(): a file, or a directory and all below it; NULL and errors are fine. */
  *remove(address: number): Steps<void> {
    if (address === 0 || isErrPtr(address)) return;
    this.core.mightSleep("debugfs_remove", RWSEM);
    const node = this.nodes.get(address);
    if (node === undefined) {
      // The memory of a dentry that is gone is no dentry any more.
      this.core.memory.touch(address, 4, false);
      return;
    }
    yield* this.takeDown(node);
  }

  /** debugfs_lookup(): 0 when there is none. */
  find(name: string, parent: number): number {
    this.core.mightSleep("debugfs_lookup", RWSEM);
    const above = parent === 0 ? this.root : this.nodes.get(parent);
    return above?.children.get(name)?.address ?? 0;
  }

  private *takeDown(node: Node): Steps<void> {
    for (const below of [...node.children.values()]) yield* this.takeDown(below);
    node.parent?.children.delete(node.name);
    yield* node.calls.drain(`users of debugfs file ${node.name}`);
    this.parts.resources.giveBack(`debugfs ${node.address}`);
    this.nodes.delete(node.address);
    this.parts.slab.kfree(node.address);
  }

  private node(
    address: number,
    name: string,
    parent: Node | undefined,
    mode: number,
    data: number,
    fops: number | undefined,
    shown: Shown | undefined,
  ): Node {
    const calls = new ActiveCalls(this.core);
    const node: Node = { address, name, parent, children: new Map(), mode, data, fops, shown, calls };
    parent?.children.set(name, node);
    return node;
  }

  private lookup(path: string): Entry | number {
    let at: Node | undefined = this.root;
    for (const name of path.split("/")) at = at?.children.get(name);
    if (at === undefined) return -errno.ENOENT;
    const node = at;
    const { fops, shown } = node;
    if (fops === undefined && shown === undefined) return -errno.EISDIR;
    const operations = shown === undefined ? fops! : this.operations;
    const owner = this.core.memory.peek(operations + offsetOf(file_operations, "owner"), 4);
    if (!this.parts.modules.get(owner)) return -errno.ENXIO;
    const ino = this.inoOf(node);
    return {
      mode: S_IFREG | node.mode,
      ino,
      inodeData: node.data,
      fops: operations,
      via: "full_proxy_open",
      owners: owner === 0 ? [] : [owner],
      enter: () => node.calls.enter(-errno.EIO),
      leave: () => node.calls.leave(),
    };
  }

  private inoOf(node: Node): number {
    for (const [ino, one] of this.byInode) if (one === node) return ino;
    this.byInode.set(this.byInode.size + 1, node);
    return this.byInode.size;
  }

  private get operations(): number {
    if (this.table !== undefined) return this.table;
    const { core } = this;
    const { engine, memory } = core;
    const table = this.parts.statics.global(file_operations.size, file_operations.align, "debugfs_attr_fops");
    const set = (member: string, address: number): void =>
      memory.poke(table + offsetOf(file_operations, member), 4, address);
    set(
      "read",
      kernelFunction(engine, "debugfs_attr_read", (file, buffer, count, ppos) =>
        core.steps("debugfs_attr_read", this.read(this.of(file!), buffer!, count!, ppos!)),
      ),
    );
    set(
      "write",
      kernelFunction(engine, "debugfs_attr_write", (file, buffer, count) =>
        core.steps("debugfs_attr_write", this.write(this.of(file!), buffer!, count!)),
      ),
    );
    this.table = table;
    return table;
  }

  private of(file: number): Node {
    const { memory } = this.core;
    const node = memory.peek(file + offsetOf(file_layout, "f_inode"), 4);
    return this.byInode.get(memory.peek(node + offsetOf(inode, "i_ino"), 4))!;
  }

  private *read({ shown, data }: Node, buffer: number, count: number, ppos: number): Steps<number> {
    const { memory } = this.core;
    const bytes = this.bytesOf(shown!, data);
    const at = Number(memory.load64(ppos, true));
    const many = Math.min(count, Math.max(0, bytes.length - at));
    if (many === 0) return 0;
    const copy = this.parts.slab.reserve(many, "debugfs_text");
    memory.bytesAt(copy, many).set(bytes.slice(at, at + many));
    const left = yield* this.parts.user.copyTo(buffer, copy, many);
    this.parts.slab.kfree(copy);
    if (left === many) return -errno.EFAULT;
    memory.store64(ppos, BigInt(at + many - left));
    return many - left;
  }

  private bytesOf(shown: Shown, data: number): readonly number[] {
    const { memory } = this.core;
    if (shown.kind === "blob") {
      const [from, size] = [memory.load(data, 4, false), memory.load(data + 4, 4, false)];
      memory.touch(from, size, false);
      return [...memory.bytesAt(from, size)];
    }
    if (shown.kind === "bool") return encode(memory.load(data, 1, false) === 0 ? "N\n" : "Y\n");
    const value = shown.bytes === 8 ? memory.load64(data, false) : BigInt(memory.load(data, shown.bytes, false));
    return encode(shown.hex ? `0x${value.toString(16).padStart(2 * shown.bytes, "0")}\n` : `${value}\n`);
  }

  private *write({ shown, data }: Node, buffer: number, count: number): Steps<number> {
    const { memory } = this.core;
    if (shown!.kind === "blob") return -errno.EINVAL;
    const copy = this.parts.slab.reserve(MOST, "debugfs_text");
    const many = Math.min(count, MOST - 1);
    const left = yield* this.parts.user.copyFrom(copy, buffer, many);
    const text = textAt(memory, copy);
    this.parts.slab.kfree(copy);
    return left > 0 ? -errno.EFAULT : this.store(shown!, data, text, count);
  }

  private store(shown: Shown, data: number, text: string, count: number): number {
    const { memory } = this.core;
    if (shown.kind === "bool") {
      const yes = /^([yYtT1]|[oO][nN])/.test(text);
      if (!yes && !/^([nNfF0]|[oO][fF])/.test(text)) return -errno.EINVAL;
      memory.store(data, 1, yes ? 1 : 0);
      return count;
    }
    if (shown.kind !== "number") return -errno.EINVAL;
    const value = parseNumber(text, 0, false, 64);
    if (typeof value === "number") return value;
    if (shown.bytes === 8) memory.store64(data, value);
    else memory.store(data, shown.bytes, Number(BigInt.asUintN(8 * shown.bytes, value)));
    return count;
  }
}
