// Attributes in /sys: a kobject of its own in /sys/kernel, with a label, a level and what is allowed for it.
import { EINVAL, ENOMEM, ERANGE } from "linux/errno";
import { kstrtouint } from "linux/kernel";
import { kernel_kobj, type kobj_attribute, kobj_type, kobject, kobject_init_and_add, kobject_put } from "linux/kobject";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { mutex, mutex_init, mutex_lock, mutex_unlock } from "linux/mutex";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { memcpy, strim } from "linux/string";
import { __ATTR_RO, __ATTR_RW, ATTRIBUTE_GROUPS, attribute_group, sysfs_emit } from "linux/sysfs";
import {
  array,
  char,
  container_of,
  type int,
  on_stack,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  u32,
  uint,
} from "linux/types";

const LABEL_BYTES = 16;
const LEVEL_MAX = 9;

const meter = struct("meter", {
  kobj: kobject,
  /** Guards what follows. */
  lock: mutex,
  level: u32,
  label: array(char, LABEL_BYTES),
});

type Attribute = Ref<kobj_attribute>;

function meter_of(kobj: Ref<kobject>): Ref<typeof meter> {
  return container_of(kobj, meter, "kobj");
}

function level_show(kobj: Ref<kobject>, attr: Attribute, buf: Ref<unknown>): ssize_t {
  const m = meter_of(kobj);
  mutex_lock(m.lock);
  const level = m.level;
  mutex_unlock(m.lock);
  return sysfs_emit(buf, "%u\n", level);
}

function level_store(kobj: Ref<kobject>, attr: Attribute, buf: Ref<unknown>, count: size_t): ssize_t {
  const m = meter_of(kobj);
  const level = on_stack(uint);

  const err = kstrtouint(buf, 0, level);
  if (err) return err;
  if (level.value > LEVEL_MAX) return -ERANGE;

  mutex_lock(m.lock);
  m.level = level.value;
  mutex_unlock(m.lock);
  return count;
}

function label_show(kobj: Ref<kobject>, attr: Attribute, buf: Ref<unknown>): ssize_t {
  const m = meter_of(kobj);
  mutex_lock(m.lock);
  const length = sysfs_emit(buf, "%s\n", m.label);
  mutex_unlock(m.lock);
  return length;
}

function label_store(kobj: Ref<kobject>, attr: Attribute, buf: Ref<unknown>, count: size_t): ssize_t {
  const m = meter_of(kobj);

  // Up to a page comes, and one byte is for the NUL.
  if (count >= LABEL_BYTES) return -EINVAL;

  mutex_lock(m.lock);
  memcpy(m.label, buf, count);
  m.label[count] = 0;
  // echo ends its text with a newline.
  strim(m.label);
  mutex_unlock(m.lock);
  return count;
}

function level_max_show(kobj: Ref<kobject>, attr: Attribute, buf: Ref<unknown>): ssize_t {
  return sysfs_emit(buf, "%u\n", LEVEL_MAX);
}

const level_attr = __ATTR_RW("level", level_show, level_store);
const label_attr = __ATTR_RW("label", label_show, label_store);
const level_max_attr = __ATTR_RO("level_max", level_max_show);

const meter_group = attribute_group({
  attrs: [{ attr: level_attr.attr }, { attr: label_attr.attr }, { attr: level_max_attr.attr }],
});

/** The last reference is gone, which need not be ours: a file of it may have been open. */
function meter_release(kobj: Ref<kobject>): void {
  kfree(meter_of(kobj));
}

// In C `.sysfs_ops = &kobj_sysfs_ops` has to be said as well.
const meter_ktype = kobj_type({ release: meter_release, default_groups: ATTRIBUTE_GROUPS(meter_group) });

let the_meter: Ref<typeof meter> | null = null;

function meter_init(): int {
  const m = kzalloc(meter, GFP_KERNEL);
  if (!m) return -ENOMEM;
  mutex_init(m.lock);

  const err = kobject_init_and_add(m.kobj, meter_ktype, kernel_kobj(), "meter");
  if (err) {
    // The kobject counts from kobject_init on: its release frees the meter, kfree() would not be enough.
    kobject_put(m.kobj);
    return err;
  }
  the_meter = m;
  return 0;
}

function meter_exit(): void {
  if (the_meter) kobject_put(the_meter.kobj);
}

module_init(meter_init);
module_exit(meter_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Attributes in /sys");
