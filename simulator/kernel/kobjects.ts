// kobjects: counted objects, each with a directory in /sys, and the attributes in it.
// Source: lib/kobject.c, fs/sysfs/file.c and group.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { attribute, attribute_group, kobj_attribute, kobj_type, kobject, sysfs_ops } from "./kobject-layouts.ts";
import { offsetOf } from "./layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import type { Directory, Sysfs } from "./sysfs.ts";
import { textAt } from "./text.ts";

const MUTEX = "kernel/locking/rwsem.c:1576";
const SYSFS_MODE = 0o664;

/** How the functions of attributes are called: `dev_attr` for dev_attr_show(), with what before the buffer. */
interface Calls {
  readonly via: string;
  args(attr: number): readonly number[];
}

type Member = "name" | "parent" | "ktype" | "kref" | "state_initialized" | "state_in_sysfs";

export class Kobjects {
  private readonly core: Core;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly statics: Statics;
  private readonly resources: Resources;
  private readonly sysfs: Sysfs;
  private readonly directories = new Map<number, Directory>();
  /** Those of the driver model, whose attributes have functions of their own kind. */
  private readonly calls = new Map<number, Calls>();
  /** Those of kobject_create(), which are freed with their last reference. */
  private readonly dynamic = new Set<number>();
  private kernelKobject = 0;

  constructor(core: Core, log: Log, slab: Slab, statics: Statics, resources: Resources, sysfs: Sysfs) {
    this.core = core;
    this.log = log;
    this.slab = slab;
    this.statics = statics;
    this.resources = resources;
    this.sysfs = sysfs;
    sysfs.mkdir(sysfs.root, "kernel");
  }

  /** `kernel_kobj`: /sys/kernel. */
  get kernel(): number {
    if (this.kernelKobject === 0) {
      const made = this.statics.global(kobject.size, kobject.align, "kernel_kobj");
      this.kernelKobject = made;
      this.init(made, 0);
      this.set(made, "name", this.statics.literal("kernel"));
      this.set(made, "state_in_sysfs", 1);
      this.directories.set(made, this.sysfs.root.directories.get("kernel")!);
    }
    return this.kernelKobject;
  }

  init(it: number, type: number): void {
    this.core.memory.touch(it, kobject.size, true);
    if (this.get(it, "state_initialized") === 1) {
      const text = `kobject (${this.log.format("%p", [it])}): tried to init an initialized object`;
      this.log.write(`${text}, something is seriously wrong.`, 3);
      this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
    }
    this.set(it, "kref", 1);
    this.set(it, "ktype", type);
    this.set(it, "state_in_sysfs", 0);
    this.set(it, "state_initialized", 1);
  }

  /** kobject_set_name(): 0. */
  setName(it: number, name: string): number {
    this.slab.mightAlloc(GFP_KERNEL, "kobject_set_name");
    this.set(it, "name", this.statics.literal(name.replaceAll("/", "!")));
    return 0;
  }

  /** kobject_add(): 0, or a negative errno. */
  *add(it: number, parent: number, name: string): Steps<number> {
    this.slab.mightAlloc(GFP_KERNEL, "kobject_add");
    if (this.get(it, "state_initialized") !== 1) {
      const text = `kobject '${name}' (${this.log.format("%p", [it])}): tried to add an uninitialized object`;
      this.log.write(`${text}, something is seriously wrong.`, 3);
      this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
      return -errno.EINVAL;
    }
    this.setName(it, name);
    const above = parent === 0 ? this.sysfs.root : this.directories.get(parent);
    const own = above === undefined ? undefined : this.sysfs.mkdir(above, this.nameOf(it));
    if (own === undefined) {
      const why =
        above === undefined
          ? `(error: ${-errno.ENOENT} parent: ${this.nameOf(parent)})`
          : "with -EEXIST, don't try to register things with the same name in the same directory.";
      this.log.write(`kobject: kobject_add_internal failed for ${name} ${why}`, 3);
      return above === undefined ? -errno.ENOENT : -errno.EEXIST;
    }
    this.directories.set(it, own);
    if (parent !== 0) this.hold(parent);
    this.set(it, "parent", parent);
    this.set(it, "state_in_sysfs", 1);
    this.resources.obtain(`kobject ${it}`, `kobject ${name}`);
    const groups = this.typeMember(it, "default_groups");
    const failed = yield* this.createGroups(it, groups);
    if (failed !== 0) yield* this.del(it);
    return failed;
  }

  /** kobject_create_and_add(): 0 when it cannot be made. */
  *createAndAdd(name: string, parent: number): Steps<number> {
    const it = yield* this.slab.kzalloc(kobject.size, GFP_KERNEL, "kobject_create_and_add");
    if (it === 0) return 0;
    this.dynamic.add(it);
    this.init(it, 0);
    const error = yield* this.add(it, parent, name);
    if (error === 0) return it;
    this.log.write(`kobject: kobject_create_and_add: kobject_add error: ${error}`, 4);
    yield* this.put(it);
    return 0;
  }

  /** The directory of something of the driver model: a device, or what has no kobject that drivers see. */
  adopt(it: number, at: Directory, calls: Calls): void {
    this.directories.set(it, at);
    this.calls.set(it, calls);
  }

  /** It is gone, and its directory with it. */
  *disown(it: number): Steps<void> {
    const at = this.directories.get(it);
    this.directories.delete(it);
    this.calls.delete(it);
    if (at !== undefined) yield* this.sysfs.rmdir(at);
  }

  /** The directory of a kobject, or of what was adopted. */
  at(it: number): Directory | undefined {
    return this.directories.get(it);
  }

  hold(it: number): void {
    this.set(it, "kref", this.get(it, "kref") + 1);
  }

  /** kobject_put(): the last reference takes it out of sysfs, and calls its release function. */
  *put(it: number): Steps<void> {
    if (it === 0) return;
    if (this.get(it, "state_initialized") !== 1) {
      const text = `kobject: '${this.nameOf(it)}' (${this.log.format("%p", [it])}): is not initialized`;
      this.core.emit({ kind: "warn", text: `${text}, yet kobject_put() is being called.`, stack: this.core.stack() });
    }
    const left = this.get(it, "kref") - 1;
    this.set(it, "kref", left);
    if (left !== 0) return;
    const parent = this.get(it, "parent");
    const isAdded = this.get(it, "state_in_sysfs") === 1;
    if (isAdded) yield* this.leave(it);
    const release = this.typeMember(it, "release");
    if (this.dynamic.delete(it)) this.slab.kfree(it);
    else if (release !== 0) yield* this.core.callDriver(release, [it]);
    if (isAdded) yield* this.put(parent);
  }

  /** kobject_del(): it is gone from sysfs, while references to it remain. */
  *del(it: number): Steps<void> {
    if (this.get(it, "state_in_sysfs") !== 1) return;
    const parent = this.get(it, "parent");
    yield* this.leave(it);
    this.set(it, "parent", 0);
    yield* this.put(parent);
  }

  nameOf(it: number): string {
    const name = this.get(it, "name");
    return name === 0 ? "(null)" : textAt(this.core.memory, name);
  }

  /** sysfs_create_file(): 0, or a negative errno. */
  createFile(it: number, attr: number, group = "", mode?: number): number {
    const to = this.directoryOf(it, group);
    if (to === undefined || attr === 0) return -errno.EINVAL;
    const { core } = this;
    const { memory } = core;
    const name = textAt(memory, memory.load(attr, 4, false));
    const own = memory.load(attr + offsetOf(attribute, "mode"), 2, false);
    const calls = this.calls.get(it);
    const ops = calls === undefined ? this.typeMember(it, "sysfs_ops") : 0;
    const operation = (which: "show" | "store"): number =>
      ops === 0
        ? memory.load(attr + offsetOf(kobj_attribute, which), 4, false)
        : memory.load(ops + offsetOf(sysfs_ops, which), 4, false);
    const call = function* (which: "show" | "store", args: readonly number[]): Steps<number> {
      const address = operation(which);
      const via = calls === undefined && ops !== 0 ? `sysfs_${which}` : `${calls?.via ?? "kobj_attr"}_${which}`;
      if (address === 0) return -errno.EIO;
      return yield* core.steps(via, core.callDriver(address, [...(calls?.args(attr) ?? [it, attr]), ...args]));
    };
    return this.sysfs.add(to, {
      name,
      mode: (mode ?? own) & SYSFS_MODE & ~0o002,
      show: (page) => call("show", [page]),
      store: (text, bytes) => call("store", [text, bytes]),
    });
  }

  *removeFile(it: number, attr: number): Steps<void> {
    this.core.mightSleep("sysfs_remove_file_ns", MUTEX);
    const from = this.directories.get(it);
    if (from !== undefined) yield* this.sysfs.remove(from, this.attributeName(attr));
  }

  /** sysfs_create_group(): all of its attributes that are visible, in a directory where it has a name. */
  *createGroup(it: number, group: number): Steps<number> {
    this.slab.mightAlloc(GFP_KERNEL, "sysfs_create_group");
    const at = this.directories.get(it);
    if (at === undefined) return -errno.EINVAL;
    const name = this.groupName(group);
    if (name !== "" && this.sysfs.mkdir(at, name) === undefined) return -errno.EEXIST;
    const { memory } = this.core;
    const isVisible = memory.load(group + offsetOf(attribute_group, "is_visible"), 4, false);
    for (const [index, attr] of this.attributesOf(group).entries()) {
      const own = memory.load(attr + offsetOf(attribute, "mode"), 2, false);
      const mode = isVisible === 0 ? own : yield* this.core.callDriver(isVisible, [it, attr, index]);
      if (mode === 0) continue;
      const result = this.createFile(it, attr, name, mode);
      if (result === 0) continue;
      yield* this.removeGroup(it, group);
      return result;
    }
    return 0;
  }

  *removeGroup(it: number, group: number): Steps<void> {
    this.core.mightSleep("sysfs_remove_group", MUTEX);
    const name = this.groupName(group);
    const from = this.directoryOf(it, name);
    if (from === undefined) return;
    if (name !== "") yield* this.sysfs.rmdir(from);
    else for (const attr of this.attributesOf(group)) yield* this.sysfs.remove(from, this.attributeName(attr));
  }

  /** sysfs_create_groups(): a list of groups that NULL ends, all or none of them. */
  *createGroups(it: number, groups: number): Steps<number> {
    const made: number[] = [];
    for (const group of groups === 0 ? [] : this.listAt(groups)) {
      const result = yield* this.createGroup(it, group);
      if (result !== 0) {
        for (const one of made.reverse()) yield* this.removeGroup(it, one);
        return result;
      }
      made.push(group);
    }
    return 0;
  }

  *removeGroups(it: number, groups: number): Steps<void> {
    for (const group of groups === 0 ? [] : this.listAt(groups)) yield* this.removeGroup(it, group);
  }

  private *leave(it: number): Steps<void> {
    this.core.mightSleep("kobject_del", MUTEX);
    const own = this.directories.get(it);
    this.directories.delete(it);
    this.set(it, "state_in_sysfs", 0);
    this.resources.giveBack(`kobject ${it}`);
    if (own !== undefined) yield* this.sysfs.rmdir(own);
  }

  private directoryOf(it: number, group: string): Directory | undefined {
    const own = this.directories.get(it);
    return group === "" ? own : own?.directories.get(group);
  }

  private groupName(group: number): string {
    const name = this.core.memory.load(group, 4, false);
    return name === 0 ? "" : textAt(this.core.memory, name);
  }

  private attributeName(attr: number): string {
    return textAt(this.core.memory, this.core.memory.load(attr, 4, false));
  }

  private attributesOf(group: number): readonly number[] {
    const list = this.core.memory.load(group + offsetOf(attribute_group, "attrs"), 4, false);
    return list === 0 ? [] : this.listAt(list);
  }

  private listAt(address: number): readonly number[] {
    const all: number[] = [];
    for (let at = address; ; at += 4) {
      const one = this.core.memory.load(at, 4, false);
      if (one === 0) return all;
      all.push(one);
    }
  }

  private typeMember(it: number, member: "release" | "sysfs_ops" | "default_groups"): number {
    const type = this.get(it, "ktype");
    return type === 0 ? 0 : this.core.memory.load(type + offsetOf(kobj_type, member), 4, false);
  }

  private get(it: number, member: Member): number {
    return this.core.memory.load(it + offsetOf(kobject, member), 4, false);
  }

  private set(it: number, member: Member, value: number): void {
    this.core.memory.store(it + offsetOf(kobject, member), 4, value);
  }
}
