// What goes to user space though nobody wrote it: padding, a member that was forgotten.
import { EFAULT, EINVAL, ENOMEM } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { memset } from "linux/string";
import { type int, type long, type Ref, sizeof, struct, u8, u32, type uint, type ulong, user } from "linux/types";
import { copy_to_user } from "linux/uaccess";

// Three bytes of padding follow `state`.
const answer = struct("answer", { state: u8, count: u32, spare: u32 });
const d = struct("infoleak_dev", { misc: miscdevice })({});

function padded(to: ulong): long {
  const p = kmalloc(answer, GFP_KERNEL);
  if (!p) return -ENOMEM;
  p.state = 1;
  p.count = 2;
  p.spare = 3;
  const left = copy_to_user(user(to), p, sizeof(answer)); // reports: info-leak-to-user
  kfree(p);
  return left ? -EFAULT : 0;
}

function forgotten(to: ulong): long {
  const p = kmalloc(answer, GFP_KERNEL);
  if (!p) return -ENOMEM;
  memset(p, 0, 8);
  const left = copy_to_user(user(to), p, sizeof(answer)); // reports: info-leak-to-user
  kfree(p);
  return left ? -EFAULT : 0;
}

/** Cleared memory has nothing to tell, and neither has memory that was filled. */
function clean(to: ulong): long {
  const p = kzalloc(answer, GFP_KERNEL);
  if (!p) return -ENOMEM;
  p.state = 1;
  let left = copy_to_user(user(to), p, sizeof(answer));
  kfree(p);
  const q = kmalloc(answer, GFP_KERNEL);
  if (!q) return -ENOMEM;
  memset(q, 1, sizeof(answer));
  left += copy_to_user(user(to), q, sizeof(answer));
  kfree(q);
  return left ? -EFAULT : 0;
}

function infoleak_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  switch (cmd) {
    case 1:
      return padded(arg);
    case 2:
      return forgotten(arg);
    case 3:
      return clean(arg);
    default:
      return -EINVAL;
  }
}

const infoleak_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: infoleak_ioctl });

function infoleak_init(): int {
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "infoleak";
  d.misc.fops = infoleak_fops;
  return misc_register(d.misc);
}

function infoleak_exit(): void {
  misc_deregister(d.misc);
}

module_init(infoleak_init);
module_exit(infoleak_exit);
MODULE_LICENSE("GPL");
