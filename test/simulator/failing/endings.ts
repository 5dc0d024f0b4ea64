// What does not go on: BUG() and panic(), each behind a command.
import { BUG, BUG_ON } from "linux/bug";
import { type file, file_operations } from "linux/fs";
import { panic } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import type { long, Ref, uint, ulong } from "linux/types";

function endings_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  if (cmd === 1) BUG();
  BUG_ON(cmd === 2);
  if (cmd === 3) panic("command %u", cmd);
  return 0;
}

const endings_fops = file_operations({ unlocked_ioctl: endings_ioctl });
const endings_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "endings", fops: endings_fops });

module_init(() => misc_register(endings_misc));
module_exit(() => misc_deregister(endings_misc));
MODULE_LICENSE("GPL");
