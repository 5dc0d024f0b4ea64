// Drivers of disks that take requests, each with a tag.
import type { bio, bio_vec, blk_opf_t } from "./bio.d.ts";
import type { blk_status_t, gendisk, queue_limits, request_queue } from "./blkdev.d.ts";
import type { AnyStruct, bool, ErrPtr, InitialisedBy, int, Pointer, Ref, Struct, sector_t, uint } from "./types.d.ts";

export interface RequestMembers {
  readonly q: Ref<request_queue>;
  readonly mq_hctx: Ref<blk_mq_hw_ctx>;
  /** REQ_OP_… and flags. */
  readonly cmd_flags: uint;
  readonly tag: int;
  /** In jiffies; 0 before blk_mq_start_request() for that of the tag set. */
  timeout: uint;
  readonly bio: Ref<bio> | null;
}
/** `struct request`, some I/O to be done: one or more bios whose sectors follow each other. Source: include/linux/blk-mq.h */
export type request = Struct<"request", RequestMembers>;
/** `struct request`, some I/O to be done: one or more bios whose sectors follow each other. Source: include/linux/blk-mq.h */
export const request: request;

export interface BlkMqHwCtxMembers {
  /** The driver's own; init_hctx sets it. It reads as never NULL. */
  get driver_data(): Ref<unknown>;
  set driver_data(data: Pointer<unknown> | null);
  readonly queue: Ref<request_queue>;
  readonly queue_num: uint;
}
/** `struct blk_mq_hw_ctx`, a hardware queue. Source: include/linux/blk-mq.h */
export type blk_mq_hw_ctx = Struct<"blk_mq_hw_ctx", BlkMqHwCtxMembers>;
/** `struct blk_mq_hw_ctx`, a hardware queue. Source: include/linux/blk-mq.h */
export const blk_mq_hw_ctx: blk_mq_hw_ctx;

/** `struct blk_mq_queue_data`, a request for queue_rq, and whether no other follows at once. Source: include/linux/blk-mq.h */
export type blk_mq_queue_data = Struct<"blk_mq_queue_data", { readonly rq: Ref<request>; readonly last: bool }>;
/** `struct blk_mq_queue_data`, a request for queue_rq, and whether no other follows at once. Source: include/linux/blk-mq.h */
export const blk_mq_queue_data: blk_mq_queue_data;

/** What a driver does with requests. Source: include/linux/blk-mq.h */
export interface BlkMqOps {
  /**
   * Does a request, or begins with it. Process context within rcu_read_lock(): it must not sleep, unless the tag set
   * has BLK_MQ_F_BLOCKING. Result: BLK_STS_OK when the driver has it, BLK_STS_RESOURCE and BLK_STS_DEV_RESOURCE to be
   * asked again, any other ends the request.
   */
  queue_rq: (hctx: Ref<blk_mq_hw_ctx>, bd: Ref<blk_mq_queue_data>) => blk_status_t;
  /** Ends a request that blk_mq_complete_request() was called for. Softirq context, or that of the caller. */
  complete?: (rq: Ref<request>) => void;
  /** A request that was started takes too long. Process context. Result: BLK_EH_DONE or BLK_EH_RESET_TIMER. */
  timeout?: (rq: Ref<request>) => int;
  /** A hardware queue comes into being. Process context, may sleep. Result: 0 or a negative errno. */
  init_hctx?: (hctx: Ref<blk_mq_hw_ctx>, driver_data: Ref<unknown>, hctx_idx: uint) => int;
  exit_hctx?: (hctx: Ref<blk_mq_hw_ctx>, hctx_idx: uint) => void;
  /** A request comes into being. Process context, may sleep. Result: 0 or a negative errno. */
  init_request?: (set: Ref<blk_mq_tag_set>, rq: Ref<request>, hctx_idx: uint, numa_node: uint) => int;
  exit_request?: (set: Ref<blk_mq_tag_set>, rq: Ref<request>, hctx_idx: uint) => void;
}
/** `struct blk_mq_ops`. Source: include/linux/blk-mq.h */
export type blk_mq_ops = Struct<"blk_mq_ops", InitialisedBy<BlkMqOps>>;
/** `struct blk_mq_ops`. Source: include/linux/blk-mq.h */
export const blk_mq_ops: blk_mq_ops;

export interface BlkMqTagSetMembers {
  ops: Ref<blk_mq_ops> | null;
  nr_hw_queues: uint;
  /** Requests of each hardware queue that can be under way at once. */
  queue_depth: uint;
  reserved_tags: uint;
  /** Bytes behind each request that are the driver's own, see blk_mq_rq_to_pdu(). */
  cmd_size: uint;
  numa_node: int;
  /** In jiffies; 0 for 30 seconds. */
  timeout: uint;
  /** BLK_MQ_F_…. */
  flags: uint;
  get driver_data(): Ref<unknown>;
  set driver_data(data: Pointer<unknown> | null);
}
/** `struct blk_mq_tag_set`, the requests of a driver. Source: include/linux/blk-mq.h */
export type blk_mq_tag_set = Struct<"blk_mq_tag_set", BlkMqTagSetMembers>;
/** `struct blk_mq_tag_set`, the requests of a driver. Source: include/linux/blk-mq.h */
export const blk_mq_tag_set: blk_mq_tag_set;

export const BLK_MQ_F_SHOULD_MERGE: uint;
/** queue_rq may sleep. */
export const BLK_MQ_F_BLOCKING: uint;
export const BLK_MQ_F_NO_SCHED: uint;
export const BLK_MQ_MAX_DEPTH: uint;
export const REQ_OP_READ: blk_opf_t;
export const REQ_OP_WRITE: blk_opf_t;
export const REQ_OP_FLUSH: blk_opf_t;
export const REQ_OP_DISCARD: blk_opf_t;
export const REQ_OP_WRITE_ZEROES: blk_opf_t;
export const REQ_OP_DRV_IN: blk_opf_t;
export const REQ_OP_DRV_OUT: blk_opf_t;
/** The driver ends the request, now or later. */
export const BLK_EH_DONE: int;
/** The request gets its time once more. */
export const BLK_EH_RESET_TIMER: int;

/** Makes the requests of a driver, one for each tag. Context: process, may sleep. Result: 0, -EINVAL or -ENOMEM. Source: block/blk-mq.c */
export function blk_mq_alloc_tag_set(set: Ref<blk_mq_tag_set>): int;
/** Clears a tag set, fills it in for one hardware queue, and makes its requests. Context: process, may sleep. Result: 0, -EINVAL or -ENOMEM. Source: block/blk-mq.c */
export function blk_mq_alloc_sq_tag_set(
  set: Ref<blk_mq_tag_set>,
  ops: Ref<blk_mq_ops>,
  queue_depth: uint,
  set_flags: uint,
): int;
/** Frees them, once the disks are gone. Context: process, may sleep. Source: block/blk-mq.c */
export function blk_mq_free_tag_set(set: Ref<blk_mq_tag_set>): void;
/** A disk with a queue of such requests; its owner fills it in and calls add_disk(). Context: process, may sleep. Result: an ERR_PTR when there is no memory or the limits are wrong. Source: include/linux/blk-mq.h */
export function blk_mq_alloc_disk(
  set: Ref<blk_mq_tag_set>,
  lim: Ref<queue_limits> | null,
  queuedata: Pointer<unknown> | null,
): Ref<gendisk> | ErrPtr;
/** Says that the driver begins with a request: from now on it can time out. Context: any. Source: block/blk-mq.c */
export function blk_mq_start_request(rq: Ref<request>): void;
/** Ends all that is left of a request, and frees its tag. Context: any. Source: block/blk-mq.c */
export function blk_mq_end_request(rq: Ref<request>, error: blk_status_t): void;
/** Frees the tag of a request whose bytes are all done. Context: any. Source: block/blk-mq.c */
export function __blk_mq_end_request(rq: Ref<request>, error: blk_status_t): void;
/** Has `complete` called for a request: in a softirq where all CPUs share a hardware queue, else at once. Context: any. Source: block/blk-mq.c */
export function blk_mq_complete_request(rq: Ref<request>): void;
/** Ends so many bytes of a request, from its beginning. Context: any. Result: whether there is more of it. Source: block/blk-mq.c */
export function blk_update_request(rq: Ref<request>, error: blk_status_t, nr_bytes: uint): boolean;
/** Gives a request back, to be queued again at once or with blk_mq_kick_requeue_list(). Context: any. Source: block/blk-mq.c */
export function blk_mq_requeue_request(rq: Ref<request>, kick_requeue_list: boolean): void;
/** Queues what was given back. Context: any. Source: block/blk-mq.c */
export function blk_mq_kick_requeue_list(q: Ref<request_queue>): void;
/** Lets no I/O in, and waits until all requests are done. Context: process, may sleep. Source: block/blk-mq.c */
export function blk_mq_freeze_queue(q: Ref<request_queue>): void;
/** Lets I/O in again. Context: process, may sleep. Source: block/blk-mq.c */
export function blk_mq_unfreeze_queue(q: Ref<request_queue>): void;
/** From now on queue_rq is not called. Context: process, may sleep. Source: block/blk-mq.c */
export function blk_mq_quiesce_queue(q: Ref<request_queue>): void;
/** Calls queue_rq again, for what has come meanwhile too. Context: any. Source: block/blk-mq.c */
export function blk_mq_unquiesce_queue(q: Ref<request_queue>): void;

/** The first sector that is left. Context: any. Source: include/linux/blk-mq.h, as for all of these */
export function blk_rq_pos(rq: Ref<request>): sector_t;
/** Bytes that are left. Context: any. */
export function blk_rq_bytes(rq: Ref<request>): uint;
/** Sectors that are left. Context: any. */
export function blk_rq_sectors(rq: Ref<request>): uint;
/** Bytes of the first segment that is left. Context: any. */
export function blk_rq_cur_bytes(rq: Ref<request>): int;
/** Sectors of the first segment that is left. Context: any. */
export function blk_rq_cur_sectors(rq: Ref<request>): uint;
/** What is to be done: REQ_OP_…. Context: any. */
export function req_op(rq: Ref<request>): uint;
/** READ or WRITE (linux/kernel). Context: any. */
export function rq_data_dir(rq: Ref<request>): int;
/** Whether it is a command of the driver's own instead of I/O. Context: any. */
export function blk_rq_is_passthrough(rq: Ref<request>): boolean;
/** Whether blk_mq_start_request() was called. Context: any. */
export function blk_mq_request_started(rq: Ref<request>): int;
/** The driver's own part of a request, `cmd_size` bytes, as a `layout`. Context: any. */
export function blk_mq_rq_to_pdu<T extends AnyStruct>(rq: Ref<request>, layout: T): Ref<T>;
/** The request of such a part. Context: any. */
export function blk_mq_rq_from_pdu(pdu: Pointer<unknown>): Ref<request>;
/** Every segment of a request, each within one page: `for (const bvec of rq_for_each_segment(rq))`. Context: any. Differs from Linux: the iterator is out of sight. */
export function rq_for_each_segment(rq: Ref<request>): Iterable<Ref<bio_vec>>;
/** Every bio of a request. Context: any. */
export function __rq_for_each_bio(rq: Ref<request>): Iterable<Ref<bio>>;
