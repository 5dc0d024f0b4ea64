// Disks: major numbers, gendisks with their life from allocation to the last reference.
// Source: block/genhd.c
import { MemoryFault, type Steps } from "../engine/interfaces.ts";
import type { BlkMq, Ground } from "./blk-mq.ts";
import { block_device, block_device_operations, GENHD_FL_HIDDEN, GENHD_FL_NO_PART, gendisk } from "./block-layouts.ts";
import { mkdev } from "./char-devices.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { Queue, RequestQueues } from "./request-queues.ts";
import { Struct } from "./struct.ts";
import { textAt } from "./text.ts";

const MUTEX = "kernel/locking/mutex.c:586";
const BLKDEV_MAJOR_MAX = 512;
/** Majors are given out downwards from the last of the table. */
const FIRST_DYNAMIC_MAJOR = 254;
const BLOCK_EXT_MAJOR = 259;
const DISK_MAX_PARTS = 256;
const MINORMASK = 0xfffff;

export interface Disk {
  readonly address: number;
  readonly part0: number;
  readonly queue: Queue;
  /** Its node in /dev, from add_disk() on. */
  name: string;
  devt: number;
  references: number;
  /** It can be opened. */
  isLive: boolean;
  isAdded: boolean;
  isReadOnly: boolean;
  /** The message about writing to it all the same was written. */
  isWarned: boolean;
}

export class Disks {
  readonly fields: Struct;
  readonly bdev: Struct;
  readonly ops: Struct;
  private readonly ground: Ground;
  private readonly core: Core;
  private readonly queues: RequestQueues;
  private readonly mq: BlkMq;
  private readonly majors = new Map<number, string>([[BLOCK_EXT_MAJOR, "blkext"]]);
  private readonly disks = new Map<number, Disk>();
  private extended = 0;
  /** Looks for partitions on a disk that can be opened now, and writes back what is cached of one that goes. */
  scan: (disk: Disk) => Steps<void> = function* () {};
  sync: (disk: Disk) => Steps<void> = function* () {};
  /** Told of disks that come and go. */
  whenLive: (disk: Disk) => void = () => {};
  whenGone: (disk: Disk) => Steps<void> = function* () {};

  constructor(ground: Ground, queues: RequestQueues, mq: BlkMq) {
    const { memory } = ground.core;
    this.ground = ground;
    this.core = ground.core;
    this.queues = queues;
    this.mq = mq;
    this.fields = new Struct(memory, gendisk);
    this.bdev = new Struct(memory, block_device);
    this.ops = new Struct(memory, block_device_operations);
  }

  /** Majors that are taken, and by whom: /proc/devices. */
  get registered(): readonly { readonly major: number; readonly name: string }[] {
    return [...this.majors].map(([major, name]) => ({ major, name })).sort((a, b) => a.major - b.major);
  }

  /** register_blkdev(): the major when the kernel chose it, 0, or a negative errno. */
  registerMajor(wanted: number, name: string): number {
    this.core.mightSleep("register_blkdev", MUTEX);
    let major = wanted;
    if (wanted === 0) for (major = FIRST_DYNAMIC_MAJOR; this.majors.has(major); ) major--;
    if (major >= BLKDEV_MAJOR_MAX) {
      const limit = `is greater than the maximum (${BLKDEV_MAJOR_MAX - 1}) for ${name}`;
      this.ground.log.write(`__register_blkdev: major requested (${major}) ${limit}`, 3);
      return -errno.EINVAL;
    }
    if (this.majors.has(major)) {
      this.ground.log.write(`register_blkdev: cannot get major ${major} for ${name}`, 4);
      return -errno.EBUSY;
    }
    this.majors.set(major, name.slice(0, 15));
    this.ground.resources.obtain(`blkdev ${major}`, `block major ${major} (${name})`);
    return wanted === 0 ? major : 0;
  }

  unregisterMajor(major: number, name: string): void {
    this.core.mightSleep("unregister_blkdev", MUTEX);
    if (this.majors.get(major) !== name.slice(0, 15)) {
      this.core.emit({ kind: "warn", text: "", where: "block/genhd.c:295", stack: this.core.stack() });
      return;
    }
    this.majors.delete(major);
    this.ground.resources.giveBack(`blkdev ${major}`);
  }

  /** blk_mq_alloc_disk(), or blk_alloc_disk() without a tag set: its address, or a negative errno. */
  *allocate(set: number, limits: number, queuedata: number, callee: string): Steps<number> {
    const { slab } = this.ground;
    const address = yield* slab.reserveFor(this.fields.size, "gendisk", callee);
    if (address === 0) return -errno.ENOMEM;
    const queue = this.queues.create(limits, set);
    if (typeof queue === "number") {
      slab.kfree(address);
      return queue;
    }
    this.queues.fields.set(queue.address, "queuedata", queuedata);
    if (set !== 0) {
      const error = yield* this.mq.attach(queue);
      if (error !== 0) {
        this.queues.put(queue.address);
        slab.kfree(address);
        return error;
      }
    }
    const part0 = slab.reserve(this.bdev.size, "bdev_cache");
    this.fields.set(address, "part0", part0);
    this.fields.set(address, "queue", queue.address);
    this.queues.fields.set(queue.address, "disk", address);
    this.bdev.set(part0, "bd_disk", address);
    this.bdev.set(part0, "bd_queue", queue.address);
    queue.disk = address;
    const state = { references: 1, isLive: false, isAdded: false, isReadOnly: false, isWarned: false };
    this.disks.set(address, { address, part0, queue, name: "", devt: 0, ...state });
    this.ground.resources.obtain(`gendisk ${address}`, "gendisk");
    return address;
  }

  /** device_add_disk(): 0, or a negative errno. It can be opened, and is read, before this returns. */
  *add(address: number): Steps<number> {
    this.core.mightSleep("device_add_disk", MUTEX);
    const disk = this.at(address);
    const error = this.identify(disk);
    if (error !== 0) return error;
    const flags = this.fields.get(address, "flags");
    disk.isAdded = true;
    this.ground.resources.obtain(`disk ${address}`, `disk ${disk.name}`);
    if ((flags & GENHD_FL_HIDDEN) !== 0) return 0;
    disk.isLive = true;
    this.whenLive(disk);
    if ((flags & GENHD_FL_NO_PART) === 0 && this.capacity(disk) > 0) yield* this.scan(disk);
    return 0;
  }

  /** del_gendisk(): waits for requests that are under way; those who have it open get errors. */
  *del(address: number): Steps<void> {
    this.core.mightSleep("del_gendisk", "block/genhd.c:658");
    const disk = this.at(address);
    if (!disk.isLive && (this.fields.get(address, "flags") & GENHD_FL_HIDDEN) === 0) {
      this.core.warn("block/genhd.c", 660, "del_gendisk");
      return;
    }
    disk.isLive = false;
    yield* this.whenGone(disk);
    if (!disk.queue.isDead) yield* this.sync(disk);
    this.setCapacity(address, 0);
    this.queues.kill(disk.queue);
    this.ground.resources.giveBack(`disk ${address}`);
    yield* this.queues.drain(disk.queue);
    yield* this.mq.detach(disk.queue);
  }

  /** blk_mark_disk_dead(): no new I/O, as after a surprise removal. */
  markDead(address: number): void {
    this.core.mightSleep("blk_mark_disk_dead", MUTEX);
    const disk = this.at(address);
    this.setCapacity(address, 0);
    this.queues.kill(disk.queue);
  }

  hold(disk: Disk): void {
    disk.references++;
  }

  /** put_disk(); the driver's own reference is not that of an open file. */
  *put(address: number, isOwn = true): Steps<void> {
    if (address === 0) return;
    const disk = this.at(address);
    if (isOwn) this.ground.resources.giveBack(`gendisk ${address}`);
    if (--disk.references > 0) return;
    this.core.mightSleep("put_disk", "block/genhd.c:1195");
    if (disk.isLive) this.core.warn("block/genhd.c", 1196, "disk_release");
    yield* this.mq.detach(disk.queue);
    this.queues.fields.set(disk.queue.address, "disk", 0);
    this.queues.put(disk.queue.address);
    const release = disk.isAdded ? this.op(disk, "free_disk") : 0;
    if (release !== 0) yield* this.core.callDriver(release, [address]);
    this.disks.delete(address);
    this.ground.slab.kfree(disk.part0);
    this.ground.slab.kfree(address);
  }

  /** The disk at an address, whose memory is used. */
  at(address: number): Disk {
    this.fields.use(address);
    const disk = this.disks.get(address);
    if (disk === undefined) throw new MemoryFault(address, false);
    return disk;
  }

  ofBdev(bdev: number): Disk {
    this.bdev.use(bdev);
    return this.at(this.bdev.get(bdev, "bd_disk"));
  }

  find(name: string): Disk | undefined {
    return [...this.disks.values()].find((disk) => disk.isLive && disk.name === name);
  }

  ofDevt(devt: number): Disk | undefined {
    return [...this.disks.values()].find((disk) => disk.isLive && disk.devt === devt);
  }

  /** In sectors. */
  capacity(disk: Disk): number {
    return this.bdev.get(disk.part0, "bd_nr_sectors");
  }

  setCapacity(address: number, sectors: number): void {
    this.bdev.set(this.at(address).part0, "bd_nr_sectors", sectors);
  }

  /** An operation of the driver, 0 when it has none. */
  op(disk: Disk, name: string): number {
    const ops = this.fields.get(disk.address, "fops");
    if (ops === 0) return 0;
    this.core.memory.touch(this.ops.at(ops, name), 4, false);
    return this.ops.get(ops, name);
  }

  /** Gives a disk its name and numbers: 0, or a negative errno. */
  private identify(disk: Disk): number {
    const { address } = disk;
    const { log } = this.ground;
    const get = (member: string): number => this.fields.get(address, member);
    if (disk.queue.set !== 0 && this.op(disk, "poll_bio") !== 0) return -errno.EINVAL;
    if (get("major") !== 0) {
      if (get("minors") === 0) return this.refuse(455);
      if (get("minors") > DISK_MAX_PARTS) {
        log.write(`block: can't allocate more than ${DISK_MAX_PARTS} partitions`, 3);
        this.fields.set(address, "minors", DISK_MAX_PARTS);
      }
      if (get("first_minor") + get("minors") > MINORMASK + 1) return -errno.EINVAL;
    } else {
      if (get("minors") !== 0) return this.refuse(468);
      this.fields.set(address, "major", BLOCK_EXT_MAJOR);
      this.fields.set(address, "first_minor", this.extended++);
    }
    const name = textAt(this.core.memory, this.fields.at(address, "disk_name"));
    if (name === "") {
      const text = `kobject: (${log.format("%p", [disk.part0])}): attempted to be registered with empty name!`;
      this.core.warn("lib/kobject.c", 219, "kobject_add_internal", text);
      return -errno.EINVAL;
    }
    const devt = mkdev(get("major"), get("first_minor"));
    const others = [...this.disks.values()].filter((other) => other.isLive);
    if (others.some((other) => other.name === name || other.devt === devt)) {
      log.write(`sysfs: cannot create duplicate filename '/devices/virtual/block/${name}'`, 4);
      return -errno.EEXIST;
    }
    disk.name = name;
    disk.devt = devt;
    this.bdev.set(disk.part0, "bd_dev", devt);
    return 0;
  }

  private refuse(line: number): number {
    this.core.emit({ kind: "warn", text: "", where: `block/genhd.c:${line}`, stack: this.core.stack() });
    return -errno.EINVAL;
  }
}
