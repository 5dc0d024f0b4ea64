// linux/blkdev: disks and their queues, as drivers register them.

import {
  BLK_FEATURES,
  BLK_OPEN,
  BLK_STS,
  block_device,
  block_device_operations,
  DISK_NAME_LEN,
  errnoOf,
  GENHD_FL_HIDDEN,
  GENHD_FL_NO_PART,
  gendisk,
  hd_geometry,
  queue_limits,
  request_queue,
  SECTOR_SHIFT,
  SECTOR_SIZE,
  statusOf,
} from "../kernel/block-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function blkdev(kernel: Kernel): Header {
  const { core, block } = kernel;
  const { disks, queues } = block;
  const header = new Header(core);
  header.layout("gendisk", gendisk);
  header.layout("block_device", block_device);
  header.layout("block_device_operations", block_device_operations);
  header.layout("request_queue", request_queue);
  header.layout("queue_limits", queue_limits);
  header.layout("hd_geometry", hd_geometry);
  header.constants({ SECTOR_SHIFT, SECTOR_SIZE, DISK_NAME_LEN, GENHD_FL_HIDDEN, GENHD_FL_NO_PART });
  header.constants({ PAGE_SECTORS: 8, NUMA_NO_NODE: -1, ...BLK_OPEN, ...BLK_FEATURES, ...BLK_STS });

  /** Claims a major number for block devices, 0 for one of the kernel's choice. Task context, may sleep. It, 0, or a negative errno. */
  header.plain("register_blkdev", ["u32", "string"], "int", (major: number, name: number) =>
    disks.registerMajor(major, kernel.textAt(name)),
  );
  /** Gives it back. Task context, may sleep. */
  header.plain("unregister_blkdev", ["u32", "string"], "void", (major: number, name: number) =>
    disks.unregisterMajor(major, kernel.textAt(name)),
  );
  /** A disk whose driver takes bios. Task context, may sleep. Its address, or an ERR_PTR. */
  header.steps(
    "blk_alloc_disk",
    [queue_limits, "int"],
    gendisk,
    (limits: number) => disks.allocate(0, limits, 0, "blk_alloc_disk"),
    { mayBeErrPtr: true },
  );
  /** Makes a disk live; it is opened and read before this returns. Task context, may sleep. 0, or a negative errno. */
  header.steps("add_disk", [gendisk], "int", (disk: number) => disks.add(disk));
  header.steps("device_add_disk", [device, gendisk, "ptr"], "int", (_: number, disk: number) => disks.add(disk));
  /** Takes a disk away, once its requests are done. Task context, may sleep. */
  header.steps("del_gendisk", [gendisk], "void", (disk: number) => disks.del(disk));
  /** Gives a reference up; the last one frees the disk and its queue. Any context but for the last one. */
  header.steps("put_disk", [gendisk], "void", (disk: number) => disks.put(disk));
  /** New I/O fails from now on. Task context, may sleep. */
  header.plain("blk_mark_disk_dead", [gendisk], "void", (disk: number) => disks.markDead(disk));
  /** Sets the size, in sectors. Any context. */
  header.plain("set_capacity", [gendisk, "sector"], "void", (disk: number, sectors: bigint) =>
    disks.setCapacity(disk, Number(sectors)),
  );
  /** The same, and tells user space. Task context, may sleep. Whether a size changed that was told. */
  header.plain("set_capacity_and_notify", [gendisk, "sector"], "bool", (disk: number, sectors: bigint) => {
    core.mightSleep("set_capacity_and_notify", "include/linux/sched/mm.h:321");
    const before = disks.capacity(disks.at(disk));
    disks.setCapacity(disk, Number(sectors));
    return before !== Number(sectors) && before !== 0 && sectors !== 0n;
  });
  /** The size in sectors, of a disk and of its block device. Any context. */
  header.plain("get_capacity", [gendisk], "sector", (disk: number) => disks.capacity(disks.at(disk)));
  header.plain("bdev_nr_sectors", [block_device], "sector", (bdev: number) => disks.capacity(disks.ofBdev(bdev)));
  /** Makes a disk read-only, or not any more. Task context, may sleep. */
  header.plain("set_disk_ro", [gendisk, "bool"], "void", (disk: number, isReadOnly: number) => {
    core.mightSleep("set_disk_ro", "include/linux/sched/mm.h:321");
    disks.at(disk).isReadOnly = isReadOnly !== 0;
  });
  header.plain("get_disk_ro", [gendisk], "int", (disk: number) => disks.at(disk).isReadOnly);
  /** Takes a reference to a queue. Any context. False: the queue is going. */
  header.plain("blk_get_queue", [request_queue], "bool", (queue: number) => {
    const isHeld = queues.hold(queue);
    if (isHeld) kernel.resources.obtain(`queue ${queue}`, "reference to a request queue");
    return isHeld;
  });
  /** Gives such a reference up. Any context but for the last one. */
  header.plain("blk_put_queue", [request_queue], "void", (queue: number) => {
    kernel.resources.giveBack(`queue ${queue}`);
    queues.put(queue);
  });
  /** What became of I/O as a negative errno, and the other way. Any context. */
  header.plain("blk_status_to_errno", ["u8"], "int", (status: number) => -errnoOf(status));
  header.plain("errno_to_blk_status", ["int"], "u8", (error: number) => statusOf(-error));
  return header;
}
