// Disks and their queues, as drivers register them.
import type { bio } from "./bio.d.ts";
import type { device } from "./device.d.ts";
import type { module } from "./module.d.ts";
import type {
  ArrayOf,
  ErrPtr,
  InitialisedBy,
  int,
  Pointer,
  Ref,
  Scalar,
  Struct,
  sector_t,
  u8,
  u16,
  uint,
  ulong,
} from "./types.d.ts";

/** How a device is open: BLK_OPEN_…. Source: include/linux/blkdev.h */
export type blk_mode_t = number;
/** What became of I/O: BLK_STS_…. Source: include/linux/blk_types.h */
export type blk_status_t = number;

export interface BlockDeviceMembers {
  readonly bd_nr_sectors: sector_t;
  readonly bd_disk: Ref<gendisk>;
  readonly bd_queue: Ref<request_queue>;
}
/** `struct block_device`, a disk as what uses it sees it. Source: include/linux/blk_types.h */
export type block_device = Struct<"block_device", BlockDeviceMembers>;
/** `struct block_device`, a disk as what uses it sees it. Source: include/linux/blk_types.h */
export const block_device: block_device;

/** What a disk can do in one go; what is left out gets the usual value. Source: include/linux/blkdev.h */
export interface QueueLimitsMembers {
  /** BLK_FEAT_…. */
  features: uint;
  /** The longest request, in sectors; at least a page. */
  max_hw_sectors: uint;
  max_segments: u16;
  /** The longest segment, in bytes; at least a page. */
  max_segment_size: uint;
  /** The smallest unit that can be addressed, in bytes: a power of two from 512 to a page. */
  logical_block_size: uint;
  physical_block_size: uint;
  io_min: uint;
  io_opt: uint;
  max_hw_discard_sectors: uint;
  discard_granularity: uint;
  max_write_zeroes_sectors: uint;
  /** The longest request that the kernel makes of all this. */
  readonly max_sectors: uint;
}
/** `struct queue_limits`. Source: include/linux/blkdev.h */
export type queue_limits = Struct<"queue_limits", QueueLimitsMembers>;
/** `struct queue_limits`. Source: include/linux/blkdev.h */
export const queue_limits: queue_limits;

export interface RequestQueueMembers {
  /** The driver's own, as it gave it to blk_mq_alloc_disk(); it reads as never NULL. */
  get queuedata(): Ref<unknown>;
  set queuedata(data: Pointer<unknown> | null);
  readonly disk: Ref<gendisk> | null;
  readonly limits: Ref<queue_limits>;
  readonly nr_hw_queues: uint;
}
/** `struct request_queue`, what is to be done by a disk. Source: include/linux/blkdev.h */
export type request_queue = Struct<"request_queue", RequestQueueMembers>;
/** `struct request_queue`, what is to be done by a disk. Source: include/linux/blkdev.h */
export const request_queue: request_queue;

export interface HdGeometryMembers {
  heads: u8;
  sectors: u8;
  cylinders: u16;
  start: ulong;
}
/** `struct hd_geometry`. Source: include/uapi/linux/hdreg.h */
export type hd_geometry = Struct<"hd_geometry", HdGeometryMembers>;
/** `struct hd_geometry`. Source: include/uapi/linux/hdreg.h */
export const hd_geometry: hd_geometry;

/** What can be done with a disk beside I/O; all run in process context and may sleep. Source: include/linux/blkdev.h */
export interface BlockDeviceOperations {
  /** The module stays loaded while the disk is open. */
  owner?: Ref<module>;
  /** Of a driver that takes bios instead of requests: does what the bio says, and calls bio_endio(). */
  submit_bio?: (bio: Ref<bio>) => void;
  /** Somebody opens the disk, the kernel itself among them. Result: 0 or a negative errno. */
  open?: (disk: Ref<gendisk>, mode: blk_mode_t) => int;
  release?: (disk: Ref<gendisk>) => void;
  /** A command that the block layer does not know. Result: 0 or a negative errno. */
  ioctl?: (bdev: Ref<block_device>, mode: blk_mode_t, cmd: uint, arg: ulong) => int;
  getgeo?: (bdev: Ref<block_device>, geo: Ref<hd_geometry>) => int;
  set_read_only?: (bdev: Ref<block_device>, ro: boolean) => int;
  /** The last reference to an added disk is gone: what the driver keeps for it can go too. */
  free_disk?: (disk: Ref<gendisk>) => void;
}
/** `struct block_device_operations`. Source: include/linux/blkdev.h */
export type block_device_operations = Struct<"block_device_operations", InitialisedBy<BlockDeviceOperations>>;
/** `struct block_device_operations`. Source: include/linux/blkdev.h */
export const block_device_operations: block_device_operations;

export interface GendiskMembers {
  /** From register_blkdev(); with 0 the kernel gives all numbers. */
  major: int;
  first_minor: int;
  /** Minor numbers for the disk and its partitions; at least 1 with a major of one's own. */
  minors: int;
  /** The name in /dev: fill it in with strscpy() or snprintf(). */
  readonly disk_name: Ref<ArrayOf<Scalar<"u8", number>>>;
  fops: Ref<block_device_operations> | null;
  readonly part0: Ref<block_device>;
  readonly queue: Ref<request_queue>;
  /** The driver's own; it reads as never NULL. */
  get private_data(): Ref<unknown>;
  set private_data(data: Pointer<unknown> | null);
  /** GENHD_FL_…. */
  flags: int;
}
/** `struct gendisk`, a disk. Source: include/linux/blkdev.h */
export type gendisk = Struct<"gendisk", GendiskMembers>;
/** `struct gendisk`, a disk. Source: include/linux/blkdev.h */
export const gendisk: gendisk;

export const SECTOR_SHIFT: int;
/** 512 bytes, whatever the disk's own blocks are. */
export const SECTOR_SIZE: int;
export const PAGE_SECTORS: int;
export const DISK_NAME_LEN: int;
export const NUMA_NO_NODE: int;
/** The disk has no node. */
export const GENHD_FL_HIDDEN: int;
/** Nobody looks for partitions. */
export const GENHD_FL_NO_PART: int;
export const BLK_OPEN_READ: blk_mode_t;
export const BLK_OPEN_WRITE: blk_mode_t;
export const BLK_OPEN_EXCL: blk_mode_t;
export const BLK_OPEN_NDELAY: blk_mode_t;
/** The disk has a cache that must be flushed: it gets REQ_OP_FLUSH. */
export const BLK_FEAT_WRITE_CACHE: uint;
export const BLK_FEAT_FUA: uint;
export const BLK_FEAT_ROTATIONAL: uint;
export const BLK_STS_OK: blk_status_t;
export const BLK_STS_NOTSUPP: blk_status_t;
export const BLK_STS_TIMEOUT: blk_status_t;
export const BLK_STS_NOSPC: blk_status_t;
export const BLK_STS_TARGET: blk_status_t;
export const BLK_STS_MEDIUM: blk_status_t;
export const BLK_STS_PROTECTION: blk_status_t;
/** queue_rq has no memory: it is called again, soon. */
export const BLK_STS_RESOURCE: blk_status_t;
export const BLK_STS_IOERR: blk_status_t;
export const BLK_STS_AGAIN: blk_status_t;
/** queue_rq finds the device busy: it is called again when a request ends. */
export const BLK_STS_DEV_RESOURCE: blk_status_t;
export const BLK_STS_OFFLINE: blk_status_t;
export const BLK_STS_INVAL: blk_status_t;

/** Claims a major number for block devices; 0 for one that the kernel chooses. Context: process, may sleep. Result: the chosen major, 0 for a given one, -EBUSY or -EINVAL. Source: block/genhd.c */
export function register_blkdev(major: uint, name: string): int;
/** Gives a major number back. Context: process, may sleep. Source: block/genhd.c */
export function unregister_blkdev(major: uint, name: string): void;
/** A disk whose driver takes bios: `fops.submit_bio`. Context: process, may sleep. Result: an ERR_PTR when there is no memory or the limits are wrong. Source: include/linux/blkdev.h */
export function blk_alloc_disk(lim: Ref<queue_limits> | null, node_id: int): Ref<gendisk> | ErrPtr;
/**
 * Makes a disk live. It can be opened before this returns, and the kernel opens it itself and reads its first block.
 *
 * Context: process, may sleep. Result: 0 or a negative errno. Source: block/genhd.c
 * Differs from Linux: partitions are looked for, but none are made; there is no I/O scheduler.
 */
export function add_disk(disk: Ref<gendisk>): int;
/** add_disk() below a device. Context: process, may sleep. Result: 0 or a negative errno. Source: block/genhd.c */
export function device_add_disk(parent: Ref<device> | null, disk: Ref<gendisk>, groups: null): int;
/** Takes a disk away: nobody opens it any more, what is cached is written, and requests under way are waited for. put_disk() follows. Context: process, may sleep. Source: block/genhd.c */
export function del_gendisk(disk: Ref<gendisk>): void;
/** Gives the driver's reference up; the disk and its queue go with the last one. Context: any, but for the last reference. Source: block/genhd.c */
export function put_disk(disk: Ref<gendisk> | null): void;
/** New I/O fails from now on, as after a surprise removal. Context: process, may sleep. Source: block/genhd.c */
export function blk_mark_disk_dead(disk: Ref<gendisk>): void;
/** Sets the size in sectors of 512 bytes. Context: any. Source: block/genhd.c */
export function set_capacity(disk: Ref<gendisk>, size: sector_t): void;
/** set_capacity() for a disk that is live. Context: process, may sleep. Result: whether user space is told. Source: block/genhd.c */
export function set_capacity_and_notify(disk: Ref<gendisk>, size: sector_t): boolean;
/** The size in sectors. Context: any. Source: include/linux/blkdev.h */
export function get_capacity(disk: Ref<gendisk>): sector_t;
/** The size in sectors. Context: any. Source: include/linux/blkdev.h */
export function bdev_nr_sectors(bdev: Ref<block_device>): sector_t;
/** Makes a disk read-only, or not any more. Context: process, may sleep. Source: block/genhd.c */
export function set_disk_ro(disk: Ref<gendisk>, read_only: boolean): void;
/** Whether a disk is read-only. Context: any. Source: include/linux/blkdev.h */
export function get_disk_ro(disk: Ref<gendisk>): int;
/** Takes a reference to a queue. Context: any. Result: false while it goes. Source: block/blk-core.c */
export function blk_get_queue(q: Ref<request_queue>): boolean;
/** Gives such a reference up. Context: any, but for the last reference. Source: block/blk-core.c */
export function blk_put_queue(q: Ref<request_queue>): void;
/** A status as an errno. Context: any. Result: 0 or a negative errno. Source: block/blk-core.c */
export function blk_status_to_errno(status: blk_status_t): int;
/** An errno as a status. Context: any. Result: BLK_STS_IOERR where there is no other. Source: block/blk-core.c */
export function errno_to_blk_status(errno: int): blk_status_t;
