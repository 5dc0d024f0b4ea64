// A driver that lets users read a register of the counter as often as they like, each in a process of its own.
// devices: ./counter.ts
import { type file, file_operations, type inode } from "linux/fs";
import { ioremap, iounmap, readl } from "linux/io";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { cast, container_of, type int, iomem, type long, type Ref, struct, type uint, type ulong } from "linux/types";

const crowd = struct("crowd", { regs: iomem, misc: miscdevice });
let d: Ref<typeof crowd> | null = null;

function crowd_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), crowd, "misc");
  return 0;
}

function crowd_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  return readl(cast(crowd, file.private_data).regs.add(arg)) | 0;
}

const fops = file_operations({ open: crowd_open, unlocked_ioctl: crowd_ioctl });

function crowd_init(): int {
  const dev = kzalloc(crowd, GFP_KERNEL);
  if (!dev) return -12;
  const regs = ioremap(0x0a000000, 0x100);
  if (!regs) return -12;
  dev.regs = regs;
  dev.misc.minor = MISC_DYNAMIC_MINOR;
  dev.misc.name = "crowd";
  dev.misc.fops = fops;
  d = dev;
  return misc_register(dev.misc);
}

function crowd_exit(): void {
  if (!d) return;
  misc_deregister(d.misc);
  iounmap(d.regs);
  kfree(d);
}

module_init(crowd_init);
module_exit(crowd_exit);
MODULE_LICENSE("GPL");
