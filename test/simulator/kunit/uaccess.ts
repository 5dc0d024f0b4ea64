// linux/uaccess by a driver: absent pages, faults, and what is not copied.
import { IS_ERR, PTR_ERR } from "linux/err";
import { EFAULT, ENOTTY } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import {
  kstrtoint_from_user,
  kstrtol_from_user,
  kstrtoll_from_user,
  kstrtos8_from_user,
  kstrtos16_from_user,
  kstrtos32_from_user,
  kstrtou8_from_user,
  kstrtou16_from_user,
  kstrtou32_from_user,
  kstrtouint_from_user,
  kstrtoul_from_user,
  kstrtoull_from_user,
} from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { preempt_disable, preempt_enable } from "linux/preempt";
import { kfree } from "linux/slab";
import { memcmp, memdup_user, memdup_user_nul, memset, strlen } from "linux/string";
import {
  array,
  type int,
  long,
  on_stack,
  type Ref,
  s8,
  s16,
  s32,
  s64,
  type UserPtr,
  u8,
  u16,
  u32,
  u64,
  type uint,
  ulong,
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

/** Reads the same number in every way; the sum of what came of it. */
function numbers(it: UserPtr): long {
  const as_s8 = on_stack(s8);
  const as_u8 = on_stack(u8);
  const as_s16 = on_stack(s16);
  const as_u16 = on_stack(u16);
  const as_s32 = on_stack(s32);
  const as_u32 = on_stack(u32);
  const as_long = on_stack(long);
  const as_ulong = on_stack(ulong);
  const as_s64 = on_stack(s64);
  const as_u64 = on_stack(u64);
  let sum = 0;
  sum += kstrtos8_from_user(it, 2, 10, as_s8) || as_s8.value;
  sum += kstrtou8_from_user(it, 2, 10, as_u8) || as_u8.value;
  sum += kstrtos16_from_user(it, 2, 10, as_s16) || as_s16.value;
  sum += kstrtou16_from_user(it, 2, 10, as_u16) || as_u16.value;
  sum += kstrtos32_from_user(it, 2, 10, as_s32) || as_s32.value;
  sum += kstrtou32_from_user(it, 2, 10, as_u32) || as_u32.value;
  sum += kstrtol_from_user(it, 2, 10, as_long) || as_long.value;
  sum += kstrtoul_from_user(it, 2, 10, as_ulong) || as_ulong.value;
  sum += kstrtoll_from_user(it, 2, 10, as_s64) || Number(as_s64.value);
  sum += kstrtoull_from_user(it, 2, 10, as_u64) || Number(as_u64.value);
  sum += kstrtoint_from_user(it, 2, 10, as_s32) || as_s32.value;
  sum += kstrtouint_from_user(it, 2, 10, as_u32) || as_u32.value;
  return sum;
}

/** Each command does one thing with the memory that its argument points to. */
function uaccess_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const it = user(arg);
  const buffer = on_stack(array(u8, 64));
  const byte = on_stack(u8);
  const half = on_stack(u16);
  const word = on_stack(u32);
  const long = on_stack(u64);

  memset(buffer, 0, 64);
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
    case 11:
      return numbers(it);
    case 12: {
      const copy = memdup_user(it, 4);
      if (IS_ERR(copy)) return PTR_ERR(copy);
      const text = memdup_user_nul(it, 3);
      const length = IS_ERR(text) ? PTR_ERR(text) : strlen(text) + memcmp(copy, text, 3);
      kfree(copy);
      if (!IS_ERR(text)) kfree(text);
      return length;
    }
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
