// linux/kobject and linux/sysfs: counted objects in /sys, and their attributes.
import type { Raw, Steps } from "../engine/interfaces.ts";
import { PAGE_SIZE } from "../kernel/addresses.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import {
  attribute,
  attribute_group,
  kobj_attribute,
  kobj_type,
  kobject as kobject_layout,
  sysfs_ops,
} from "../kernel/kobject-layouts.ts";
import { encode } from "../kernel/text.ts";
import { addVariable, kobj_uevent_env } from "../kernel/uevent.ts";
import { attributeMacros } from "./attributes.ts";
import { Header } from "./header.ts";

export function kobject(kernel: Kernel): Header {
  const { core, kobjects, log } = kernel;
  const header = new Header(core);
  header.layout("kobject", kobject_layout);
  header.layout("kobj_type", kobj_type);
  header.layout("kobj_attribute", kobj_attribute);
  const text = (format: number, values: readonly Raw[]): string => log.format(kernel.textAt(format), values);

  /** The kobject of /sys/kernel. Any context. */
  header.plain("kernel_kobj", [], kobject_layout, () => kobjects.kernel);
  /** Makes a kobject with one reference. Any context. */
  header.plain("kobject_init", [kobject_layout, kobj_type], "void", (it: number, type: number) =>
    kobjects.init(it, type),
  );
  /** Gives it a directory and its default attributes. Task context, may sleep. 0, or a negative errno. */
  header.steps(
    "kobject_add",
    [kobject_layout, kobject_layout, "format"],
    "int",
    (it: number, parent: number, format: number, ...values: Raw[]) => kobjects.add(it, parent, text(format, values)),
  );
  header.steps(
    "kobject_init_and_add",
    [kobject_layout, kobj_type, kobject_layout, "format"],
    "int",
    function* (it: number, type: number, parent: number, format: number, ...values: Raw[]): Steps<number> {
      kobjects.init(it, type);
      return yield* kobjects.add(it, parent, text(format, values));
    },
  );
  /** Makes a directory that is freed with its last reference. Task context, may sleep. NULL: no memory, or the name is taken. */
  header.steps(
    "kobject_create_and_add",
    ["string", kobject_layout],
    kobject_layout,
    (name: number, parent: number) => kobjects.createAndAdd(kernel.textAt(name), parent),
    { mayBeNull: true },
  );
  /** Takes a reference. Any context. The kobject. */
  header.plain("kobject_get", [kobject_layout], kobject_layout, (it: number) => {
    if (it !== 0) kobjects.hold(it);
    return it;
  });
  /** Gives a reference back; with the last one it leaves sysfs and is released. Task context, may sleep. */
  header.steps("kobject_put", [kobject_layout], "void", (it: number) => kobjects.put(it));
  /** Takes it out of sysfs. Task context, may sleep. */
  header.steps("kobject_del", [kobject_layout], "void", (it: number) => kobjects.del(it));
  /** Names it, before it is added. Task context, may sleep. 0, or -ENOMEM. */
  header.plain("kobject_set_name", [kobject_layout, "format"], "int", (it: number, format: number, ...values: Raw[]) =>
    kobjects.setName(it, text(format, values)),
  );
  /** Its name. Any context. */
  header.plain("kobject_name", [kobject_layout], "string", (it: number) => kernel.statics.literal(kobjects.nameOf(it)));
  header.layout("kobj_uevent_env", kobj_uevent_env);
  /** Adds `NAME=value` to what user space is told. Any context. 0, or -ENOMEM. */
  header.plain("add_uevent_var", [kobj_uevent_env, "format"], "int", (env: number, format: number, ...values: Raw[]) =>
    addVariable(core, env, text(format, values)),
  );
  return header;
}

export function sysfs(kernel: Kernel): Header {
  const { core, kobjects, log, statics } = kernel;
  const { memory } = core;
  const header = new Header(core);
  header.layout("attribute", attribute);
  header.layout("attribute_group", attribute_group);
  header.layout("sysfs_ops", sysfs_ops);

  /** A static attribute of a kobject. At file scope. */
  const source = { core, statics, textAt: (address: number) => kernel.textAt(address) };
  attributeMacros(header, source, kobj_attribute, "__ATTR", true);
  /** A static list of one group. At file scope. */
  header.plain("ATTRIBUTE_GROUPS", [attribute_group], "ptr", (group: number) => {
    const address = statics.global(8, 4, "groups");
    memory.poke(address, 4, group);
    return address;
  });

  /** Adds a file, or several. Task context, may sleep. 0, or a negative errno. */
  header.plain("sysfs_create_file", [kobject_layout, attribute], "int", (it: number, attr: number) => {
    kernel.slab.mightAlloc(GFP_KERNEL, "sysfs_create_file");
    return kobjects.createFile(it, attr);
  });
  header.steps("sysfs_create_group", [kobject_layout, attribute_group], "int", (it: number, group: number) =>
    kobjects.createGroup(it, group),
  );
  header.steps("sysfs_create_groups", [kobject_layout, "ptr"], "int", (it: number, groups: number) =>
    kobjects.createGroups(it, groups),
  );
  /** Removes them, when the calls of their functions are over. Task context, may sleep. */
  header.steps("sysfs_remove_file", [kobject_layout, attribute], "void", (it: number, attr: number) =>
    kobjects.removeFile(it, attr),
  );
  header.steps("sysfs_remove_group", [kobject_layout, attribute_group], "void", (it: number, group: number) =>
    kobjects.removeGroup(it, group),
  );
  header.steps("sysfs_remove_groups", [kobject_layout, "ptr"], "void", (it: number, groups: number) =>
    kobjects.removeGroups(it, groups),
  );

  /** Tells those who poll an attribute, of a group with a name or of none, that it has changed. Task context, may sleep. */
  header.plain(
    "sysfs_notify",
    [kobject_layout, "string", "string"],
    "void",
    (it: number, dir: number, attr: number) => {
      core.mightSleep("sysfs_notify", "kernel/locking/rwsem.c:1523");
      const own = kobjects.at(it);
      const at = dir === 0 ? own : own?.directories.get(kernel.textAt(dir));
      if (at !== undefined && attr !== 0) kernel.sysfs.notify(at, kernel.textAt(attr));
    },
  );

  const emit = (page: number, at: number, format: number, values: readonly Raw[]): number => {
    const bytes = encode(log.format(kernel.textAt(format), values)).slice(0, Math.max(0, PAGE_SIZE - at - 1));
    memory.touch(page + at, bytes.length + 1, true);
    memory.bytesAt(page + at, bytes.length + 1).set([...bytes, 0]);
    return bytes.length;
  };
  /** Prints into the page that show was given. Any context. Characters written. */
  header.plain("sysfs_emit", ["ptr", "format"], "int", (page: number, format: number, ...values: Raw[]) => {
    if (page !== 0 && page % PAGE_SIZE === 0) return emit(page, 0, format, values);
    kernel.warn(`invalid sysfs_emit: buf:${log.format("%p", [page])}`);
    return 0;
  });
  /** The same at a place in the page. Any context. Characters written. */
  header.plain(
    "sysfs_emit_at",
    ["ptr", "int", "format"],
    "int",
    (page: number, at: number, format: number, ...values: Raw[]) => {
      if (page !== 0 && page % PAGE_SIZE === 0 && at >= 0 && at < PAGE_SIZE) return emit(page, at, format, values);
      kernel.warn(`invalid sysfs_emit_at: buf:${log.format("%p", [page])} at:${at}`);
      return 0;
    },
  );
  return header;
}
