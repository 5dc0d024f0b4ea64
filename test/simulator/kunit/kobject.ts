// linux/kobject and linux/sysfs: attributes of every kind, groups, types with operations of their own, and parameters.
import { EINVAL } from "linux/errno";
import { kstrtouint } from "linux/kernel";
import {
  kernel_kobj,
  type kobj_attribute,
  kobj_type,
  kobject,
  kobject_add,
  kobject_create_and_add,
  kobject_del,
  kobject_get,
  kobject_init,
  kobject_init_and_add,
  kobject_name,
  kobject_put,
  kobject_set_name,
} from "linux/kobject";
import { MODULE_LICENSE, module_exit, module_init, module_param } from "linux/module";
import { pr_info } from "linux/printk";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { strcmp } from "linux/string";
import {
  __ATTR,
  __ATTR_RO,
  __ATTR_RW,
  __ATTR_WO,
  ATTRIBUTE_GROUPS,
  type attribute,
  attribute_group,
  sysfs_create_file,
  sysfs_create_group,
  sysfs_create_groups,
  sysfs_emit,
  sysfs_emit_at,
  sysfs_ops,
  sysfs_remove_file,
  sysfs_remove_group,
  sysfs_remove_groups,
} from "linux/sysfs";
import { container_of, int, on_stack, type Ref, type ssize_t, struct, u32, uint } from "linux/types";

const thing = struct("thing", { kobj: kobject, level: u32 });
let value = 7;

function value_show(kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>): ssize_t {
  const length = sysfs_emit(buf, "%s:", kobject_name(kobj));
  return length + sysfs_emit_at(buf, length, "%d\n", value);
}

function value_store(kobj: Ref<kobject>, attr: Ref<kobj_attribute>, buf: Ref<unknown>, count: number): ssize_t {
  const parsed = on_stack(uint);
  const error = kstrtouint(buf, 10, parsed);
  if (error) return error;
  value = parsed.value;
  return count;
}

const any_attr = __ATTR("any", 0o644, value_show, value_store);
const ro_attr = __ATTR_RO("ro", value_show);
const wo_attr = __ATTR_WO("wo", value_store);
const rw_attr = __ATTR_RW("rw", value_show, value_store);

function visible(kobj: Ref<kobject>, attr: Ref<attribute>, n: int): number {
  return n === 1 ? 0 : attr.mode;
}

const named_group = attribute_group({
  name: "named",
  is_visible: visible,
  attrs: [{ attr: ro_attr.attr }, { attr: wo_attr.attr }],
});
const plain_group = attribute_group({ attrs: [{ attr: rw_attr.attr }] });
const plain_groups = ATTRIBUTE_GROUPS(plain_group);

/** A type that frees its things and shows their level. */
function thing_show(kobj: Ref<kobject>, attr: Ref<attribute>, buf: Ref<unknown>): ssize_t {
  return sysfs_emit(buf, "level %u\n", container_of(kobj, thing, "kobj").level);
}

function thing_store(kobj: Ref<kobject>, attr: Ref<attribute>, buf: Ref<unknown>, count: number): ssize_t {
  return -EINVAL;
}

function thing_release(kobj: Ref<kobject>): void {
  pr_info("kobject: %s is released\n", kobject_name(kobj));
  kfree(container_of(kobj, thing, "kobj"));
}

const thing_ops = sysfs_ops({ show: thing_show, store: thing_store });
const thing_type = kobj_type({ release: thing_release, sysfs_ops: thing_ops, default_groups: plain_groups });

const param = module_param("param", int, 5, 0o644);
const hidden = module_param("hidden", int, 6, 0);
let dir: Ref<kobject> | null = null;
let first: Ref<typeof thing> | null = null;

function kobject_test_init(): int {
  if (param.value < 0 || hidden.value !== 6) return -EINVAL;
  dir = kobject_create_and_add("kunit", kernel_kobj());
  if (!dir) return -EINVAL;
  if (kobject_create_and_add("kunit", kernel_kobj())) return -EINVAL;
  if (sysfs_create_file(dir, any_attr.attr)) return -EINVAL;
  if (sysfs_create_group(dir, named_group) || sysfs_create_groups(dir, plain_groups)) return -EINVAL;
  first = kzalloc(thing, GFP_KERNEL);
  const second = kzalloc(thing, GFP_KERNEL);
  if (!first || !second) return -EINVAL;
  first.level = 3;
  if (kobject_init_and_add(first.kobj, thing_type, dir, "thing%d", 0)) return -EINVAL;
  kobject_init(second.kobj, thing_type);
  if (kobject_set_name(second.kobj, "second%d", 2) || strcmp(kobject_name(second.kobj), "second2")) return -EINVAL;
  if (kobject_add(second.kobj, dir, "%s", "other")) return -EINVAL;
  kobject_get(second.kobj);
  kobject_put(second.kobj);
  kobject_del(second.kobj);
  kobject_put(second.kobj);
  return 0;
}

function kobject_test_exit(): void {
  if (!dir || !first) return;
  sysfs_remove_groups(dir, plain_groups);
  sysfs_remove_group(dir, named_group);
  sysfs_remove_file(dir, any_attr.attr);
  kobject_put(first.kobj);
  kobject_put(dir);
}

module_init(kobject_test_init);
module_exit(kobject_test_exit);
MODULE_LICENSE("GPL");
