// Tasks that wait for what does not come, asleep and on their CPU.

import { completion, init_completion, wait_for_completion, wait_for_completion_interruptible } from "linux/completion";
import { EINVAL } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { type int, type long, type Ref, struct, type uint } from "linux/types";

const hung_dev = struct("hung_dev", { misc: miscdevice, never: completion });
const d = hung_dev({});

function hung_ioctl(file: Ref<file>, cmd: uint): long {
  switch (cmd) {
    case 1:
      wait_for_completion(d.never); // reports: hung-task
      return 0;
    case 2:
      // Who can be interrupted may wait for as long as he likes.
      return wait_for_completion_interruptible(d.never);
    default:
      return -EINVAL;
  }
}

const hung_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: hung_ioctl });

function hung_init(): int {
  init_completion(d.never);
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "hung";
  d.misc.fops = hung_fops;
  return misc_register(d.misc);
}

function hung_exit(): void {
  misc_deregister(d.misc);
}

module_init(hung_init);
module_exit(hung_exit);
MODULE_LICENSE("GPL");
