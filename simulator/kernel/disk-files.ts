// What /sys shows of disks: /sys/block/NAME, with its attributes and those of its queue.
// Source: block/genhd.c, block/blk-sysfs.c
import { hook } from "../engine/hook.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Block } from "./block.ts";
import { GENHD_FL_HIDDEN } from "./block-layouts.ts";
import type { Disk } from "./disks.ts";
import type { ModelFiles } from "./model-files.ts";
import type { Directory, Sysfs } from "./sysfs.ts";

const GENHD_FL_REMOVABLE = 1;
const DISK_MAX_PARTS = 256;
const MINOR_BITS = 20;

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly sysfs: Sysfs;
  readonly model: ModelFiles;
  readonly block: Block;
}

/** Gives each disk a directory from add_disk() until del_gendisk(). */
export function addDiskFiles({ sysfs, model, block: { disks, queues } }: Parts): void {
  const links = (): Directory => sysfs.directory(sysfs.root, "block");
  const home = (): Directory => {
    const virtual = sysfs.directory(sysfs.directory(sysfs.root, "devices"), "virtual");
    return sysfs.directory(virtual, "block");
  };
  const environment = ({ devt, name }: Disk): readonly string[] => [
    `MAJOR=${devt >>> MINOR_BITS}`,
    `MINOR=${devt & ((1 << MINOR_BITS) - 1)}`,
    `DEVNAME=${name}`,
    "DEVTYPE=disk",
  ];
  const attributes: Readonly<Record<string, (disk: Disk) => number | string>> = {
    dev: ({ devt }) => `${devt >>> MINOR_BITS}:${devt & ((1 << MINOR_BITS) - 1)}`,
    size: (disk) => disks.capacity(disk),
    ro: ({ isReadOnly }) => (isReadOnly ? 1 : 0),
    removable: ({ address }) => ((disks.fields.get(address, "flags") & GENHD_FL_REMOVABLE) === 0 ? 0 : 1),
    hidden: ({ address }) => ((disks.fields.get(address, "flags") & GENHD_FL_HIDDEN) === 0 ? 0 : 1),
    range: ({ address }) => disks.fields.get(address, "minors"),
    ext_range: () => DISK_MAX_PARTS,
    uevent: (disk) => environment(disk).join("\n"),
  };
  const ofQueue: Readonly<Record<string, (disk: Disk) => number>> = {
    logical_block_size: ({ queue }) => queues.limit(queue, "logical_block_size"),
    physical_block_size: ({ queue }) => queues.limit(queue, "physical_block_size"),
    hw_sector_size: ({ queue }) => queues.limit(queue, "logical_block_size"),
    max_hw_sectors_kb: ({ queue }) => queues.limit(queue, "max_hw_sectors") >> 1,
    max_segments: ({ queue }) => queues.limit(queue, "max_segments"),
  };
  const tell = (action: string, disk: Disk, at: Directory): void =>
    model.uevents.tell(action, sysfs.pathOf(at), "block", environment(disk));
  hook(disks, "whenLive", (disk) => {
    const at = sysfs.mkdir(home(), disk.name);
    if (at === undefined) return;
    links().links.set(disk.name, at);
    for (const [name, show] of Object.entries(attributes)) sysfs.addText(at, name, () => `${show(disk)}\n`);
    const queue = sysfs.directory(at, "queue");
    for (const [name, show] of Object.entries(ofQueue)) sysfs.addText(queue, name, () => `${show(disk)}\n`);
    tell("add", disk, at);
  });
  hook(disks, "whenGone", function* (disk): Steps<void> {
    const at = home().directories.get(disk.name);
    links().links.delete(disk.name);
    if (at === undefined) return;
    tell("remove", disk, at);
    yield* sysfs.rmdir(at);
  });
}
