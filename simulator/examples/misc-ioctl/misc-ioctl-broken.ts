// misc-ioctl.ts with one mistake: the padding of what goes to user space is not cleared.
import { EFAULT, EINVAL, ENOTTY } from "linux/errno";
import { type file, file_operations, type inode, nonseekable_open } from "linux/fs";
import { _IO, _IOR, _IOW } from "linux/ioctl";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { DEFINE_MUTEX, mutex_lock, mutex_unlock } from "linux/mutex";
import {
  type int,
  type long,
  on_stack,
  type Ref,
  sizeof,
  struct,
  u8,
  u32,
  type uint,
  type ulong,
  user,
} from "linux/types";
import { copy_from_user, copy_to_user, get_user } from "linux/uaccess";

/** What user space gives and gets. A byte of padding follows `blue`, so that arrays of it are aligned. */
const lamp_state = struct("lamp_state", { brightness: u32, red: u8, green: u8, blue: u8 });

const LAMP_IOC_OFF = _IO(0x4c, 0);
const LAMP_IOC_SET = _IOW(0x4c, 1, lamp_state);
const LAMP_IOC_GET = _IOR(0x4c, 2, lamp_state);
const LAMP_IOC_DIM = _IOW(0x4c, 3, u32);

const BRIGHTNESS_MAX = 100;

const lamp = struct("lamp", { brightness: u32, red: u8, green: u8, blue: u8 })({});
/** Guards the lamp: who asks sees it before or after a change, never in the middle of one. */
const lamp_lock = DEFINE_MUTEX("lamp_lock");

function lamp_set(arg: ulong): long {
  const state = on_stack(lamp_state);

  // Everything is copied once, and checked where user space cannot change it any more.
  if (copy_from_user(state, user(arg), sizeof(lamp_state))) return -EFAULT;
  if (state.brightness > BRIGHTNESS_MAX) return -EINVAL;

  mutex_lock(lamp_lock);
  lamp.brightness = state.brightness;
  lamp.red = state.red;
  lamp.green = state.green;
  lamp.blue = state.blue;
  mutex_unlock(lamp_lock);
  return 0;
}

function lamp_get(arg: ulong): long {
  const state = on_stack(lamp_state);

  mutex_lock(lamp_lock);
  state.brightness = lamp.brightness;
  state.red = lamp.red;
  state.green = lamp.green;
  state.blue = lamp.blue;
  mutex_unlock(lamp_lock);

  return copy_to_user(user(arg), state, sizeof(lamp_state)) ? -EFAULT : 0; // reports: info-leak-to-user
}

function lamp_dim(arg: ulong): long {
  const brightness = on_stack(u32);

  if (get_user(brightness, user(arg))) return -EFAULT;
  if (brightness.value > BRIGHTNESS_MAX) return -EINVAL;

  mutex_lock(lamp_lock);
  lamp.brightness = brightness.value;
  mutex_unlock(lamp_lock);
  return 0;
}

function lamp_off(): long {
  mutex_lock(lamp_lock);
  lamp.brightness = 0;
  mutex_unlock(lamp_lock);
  return 0;
}

function lamp_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  switch (cmd) {
    case LAMP_IOC_OFF:
      return lamp_off();
    case LAMP_IOC_SET:
      return lamp_set(arg);
    case LAMP_IOC_GET:
      return lamp_get(arg);
    case LAMP_IOC_DIM:
      return lamp_dim(arg);
    default:
      return -ENOTTY;
  }
}

function lamp_open(inode: Ref<inode>, file: Ref<file>): int {
  return nonseekable_open(inode, file);
}

const lamp_fops = file_operations({
  owner: THIS_MODULE,
  open: lamp_open,
  unlocked_ioctl: lamp_ioctl,
});

const lamp_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "lamp", fops: lamp_fops });

function lamp_init(): int {
  return misc_register(lamp_misc);
}

function lamp_exit(): void {
  misc_deregister(lamp_misc);
}

module_init(lamp_init);
module_exit(lamp_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A lamp behind ioctls");
