// The kernel's structs as drivers see them: the members that drivers use, under their names.
import { type Layout, layOut, type MemberType, type Scalar } from "../engine/layout.ts";
import { kobject } from "./kobject-layouts.ts";
import { list_head } from "./link-layouts.ts";

export { atomic_t, hlist_head, hlist_node, list_head } from "./link-layouts.ts";

function scalar(name: Scalar): MemberType {
  return { kind: "scalar", scalar: name };
}

function pointer(to: Extract<MemberType, { kind: "pointer" }>["to"]): MemberType {
  return { kind: "pointer", to };
}

function nested(layout: Layout): MemberType {
  return { kind: "struct", layout };
}

function text(length: number): MemberType {
  return { kind: "array", of: scalar("u8"), length };
}

const u32 = scalar("u32");
const s32 = scalar("s32");
const fn = pointer("function");
const anything = pointer("void");
/** `const char *`. */
const string = pointer("s8");

/** With CONFIG_DEBUG_SPINLOCK: who has it is seen in memory too. */
export const spinlock_t = layOut("spinlock", [
  ["slock", u32],
  ["magic", u32],
  ["owner_cpu", s32],
  ["owner", u32],
]);

export const mutex = layOut("mutex", [
  ["owner", u32],
  ["magic", u32],
  ["wait_list", nested(list_head)],
]);

export const wait_queue_head_t = layOut("wait_queue_head", [
  ["lock", nested(spinlock_t)],
  ["head", nested(list_head)],
]);

export const wait_queue_entry = layOut("wait_queue_entry", [
  ["flags", u32],
  ["private", anything],
  ["func", fn],
  ["entry", nested(list_head)],
]);

export const completion = layOut("completion", [
  ["done", u32],
  ["wait", nested(wait_queue_head_t)],
]);

export const module = layOut("module", [
  ["state", u32],
  ["name", text(56)],
  ["refcnt", s32],
]);

export const of_device_id = layOut("of_device_id", [
  ["name", text(32)],
  ["type", text(32)],
  ["compatible", text(128)],
  ["data", anything],
]);

export const dev_pm_ops = layOut(
  "dev_pm_ops",
  [
    ...["prepare", "complete", "suspend", "resume", "freeze", "thaw", "poweroff", "restore"],
    ...["suspend_late", "resume_early", "suspend_noirq", "resume_noirq"],
    ...["runtime_suspend", "runtime_resume", "runtime_idle"],
  ].map((name) => [name, fn] as const),
);

export const device_node = layOut("device_node", [
  ["name", string],
  ["full_name", string],
]);

export const bus_type = layOut("bus_type", [
  ["name", string],
  ["dev_name", string],
  ["match", fn],
  ["uevent", fn],
  ["probe", fn],
  ["remove", fn],
  ["shutdown", fn],
  ["bus_groups", anything],
  ["dev_groups", anything],
  ["drv_groups", anything],
]);

export const device_driver = layOut("device_driver", [
  ["name", string],
  ["bus", pointer(bus_type)],
  ["owner", pointer(module)],
  ["of_match_table", pointer(of_device_id)],
  ["probe", fn],
  ["remove", fn],
  ["shutdown", fn],
  ["pm", pointer(dev_pm_ops)],
  ["groups", anything],
  ["dev_groups", anything],
]);

/** Its name, where the driver model gave it one, stands in memory of the kernel's own. */
export const class_layout = layOut("class", [
  ["name", string],
  ["class_groups", anything],
  ["dev_groups", anything],
]);

export const device = layOut("device", [
  ["kobj", nested(kobject)],
  ["parent", anything],
  ["bus", pointer(bus_type)],
  ["driver", pointer(device_driver)],
  ["driver_data", anything],
  ["platform_data", anything],
  ["of_node", pointer(device_node)],
  ["init_name", string],
  ["id", u32],
  ["devt", u32],
  ["class", pointer(class_layout)],
  ["groups", anything],
  ["release", fn],
]);

export const resource = layOut("resource", [
  ["start", u32],
  ["end", u32],
  ["name", string],
  ["flags", u32],
]);

export const pci_device_id = layOut("pci_device_id", [
  ["vendor", u32],
  ["device", u32],
  ["subvendor", u32],
  ["subdevice", u32],
  ["class", u32],
  ["class_mask", u32],
  ["driver_data", u32],
]);

export const pci_driver = layOut("pci_driver", [
  ["name", string],
  ["id_table", pointer(pci_device_id)],
  ["probe", fn],
  ["remove", fn],
  ["shutdown", fn],
  ["groups", anything],
  ["dev_groups", anything],
  ["driver", nested(device_driver)],
]);

export const pci_dev = layOut("pci_dev", [
  ["devfn", u32],
  ["vendor", scalar("u16")],
  ["device", scalar("u16")],
  ["subsystem_vendor", scalar("u16")],
  ["subsystem_device", scalar("u16")],
  ["class", u32],
  ["revision", scalar("u8")],
  ["irq", u32],
  ["driver", pointer(pci_driver)],
  ["dev", nested(device)],
  ["resource", { kind: "array", of: nested(resource), length: 6 }],
]);

export const cdev = layOut("cdev", [
  ["owner", pointer(module)],
  ["ops", anything],
  ["list", nested(list_head)],
  ["dev", u32],
  ["count", u32],
]);

/** A name with its length; its hash is nobody's business here. */
export const qstr = layOut("qstr", [
  ["len", u32],
  ["name", string],
]);

export const inode = layOut("inode", [
  ["i_mode", scalar("u16")],
  ["i_ino", u32],
  ["i_rdev", u32],
  ["i_cdev", pointer(cdev)],
  ["i_size", { kind: "scalar", scalar: "s64", safe: true }],
  ["i_private", anything],
  ["i_op", anything],
  ["i_fop", anything],
  ["i_sb", anything],
]);

export const dentry = layOut("dentry", [
  ["d_flags", u32],
  ["d_name", nested(qstr)],
  ["d_inode", pointer(inode)],
]);

export const file_operations = layOut("file_operations", [
  ["owner", pointer(module)],
  ["llseek", fn],
  ["read", fn],
  ["write", fn],
  ["read_iter", fn],
  ["write_iter", fn],
  ["poll", fn],
  ["unlocked_ioctl", fn],
  ["compat_ioctl", fn],
  ["mmap", fn],
  ["open", fn],
  ["flush", fn],
  ["release", fn],
  ["fsync", fn],
  ["fasync", fn],
]);

export const file = layOut("file", [
  ["f_op", pointer(file_operations)],
  ["f_inode", pointer(inode)],
  ["f_flags", u32],
  ["f_mode", u32],
  ["f_pos", { kind: "scalar", scalar: "s64", safe: true }],
  ["private_data", anything],
]);

export const miscdevice = layOut("miscdevice", [
  ["minor", s32],
  ["name", string],
  ["fops", pointer(file_operations)],
  ["parent", pointer(device)],
  ["this_device", pointer(device)],
  ["nodename", string],
  ["mode", scalar("u16")],
]);

const OFFSETS = new WeakMap<Layout, ReadonlyMap<string, number>>();

/** Bytes from the start of a struct to one of its members. */
export function offsetOf(layout: Layout, member: string): number {
  let offsets = OFFSETS.get(layout);
  if (offsets === undefined) {
    // Of members of one name the first.
    offsets = new Map(layout.members.toReversed().map(({ name, offset }) => [name, offset]));
    OFFSETS.set(layout, offsets);
  }
  const offset = offsets.get(member);
  if (offset === undefined) throw new Error(`struct ${layout.name} has no ${member}`);
  return offset;
}
