// linux/uaccess by a driver: absent pages, faults, and what is not copied.
import { EFAULT, ENOTTY } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { preempt_disable, preempt_enable } from "linux/preempt";
import {
  array,
  type int,
  type long,
  on_stack,
  type Ref,
  u8,
  u16,
  u32,
  u64,
  type uint,
  type ulong,
  user,
} from "linux/types";
import {
  __copy_from_user_inatomic,
  __copy_to_user_inatomic,
  __get_user,
  __put_user,
  access_ok,
  clear_user,
  copy_from_user,
  copy_to_user,
  get_user,
  pagefault_disable,
  pagefault_enable,
  put_user,
  strncpy_from_user,
  strnlen_user,
} from "linux/uaccess";

/** Each command does one thing with the memory that its argument points to. */
function uaccess_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const it = user(arg);
  const buffer = on_stack(array(u8, 64));
  const byte = on_stack(u8);
  const half = on_stack(u16);
  const word = on_stack(u32);
  const long = on_stack(u64);

  switch (cmd) {
    case 1:
      if (get_user(word, it)) return -EFAULT;
      word.value += 1;
      return put_user(word.value, it);
    case 2:
      if (__get_user(byte, it) || __get_user(half, it.add(2))) return -EFAULT;
      return __put_user(byte.value + half.value, it.add(4), u8);
    case 3:
      if (get_user(long, it)) return -EFAULT;
      return put_user(long.value + 1n, it, u64);
    case 4:
      return strnlen_user(it, 64);
    case 5:
      return strncpy_from_user(buffer, it, 64) + buffer[0];
    case 6:
      return clear_user(it, 8);
    case 7:
      return access_ok(it, 16) ? 1 : 0;
    case 8:
      // What is on a disk cannot be fetched here, so nothing is copied.
      pagefault_disable();
      word.value = __copy_to_user_inatomic(it, buffer, 64) + __copy_from_user_inatomic(buffer, it, 64);
      pagefault_enable();
      return word.value;
    case 9:
      return copy_from_user(buffer, it, 64) + copy_to_user(it, buffer, 64);
    case 10:
      preempt_disable();
      word.value = copy_to_user(it, buffer, 64); // reports: sleep-in-atomic
      preempt_enable();
      return word.value;
    default:
      return -ENOTTY;
  }
}

const uaccess_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: uaccess_ioctl });
const uaccess_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "uaccess", fops: uaccess_fops });

function uaccess_init(): int {
  return misc_register(uaccess_misc);
}

function uaccess_exit(): void {
  misc_deregister(uaccess_misc);
}

module_init(uaccess_init);
module_exit(uaccess_exit);
MODULE_LICENSE("GPL");
