// Structs of the block layer, and the numbers that drivers and it agree on.
// Source: include/linux/{blk_types,bvec,blkdev,blk-mq}.h
import { type Layout, layOut, type MemberType, type Scalar } from "../engine/layout.ts";
import { errno } from "./errno.ts";
import { module } from "./layouts.ts";
import { page } from "./pages.ts";
import { delayed_work, work_struct } from "./task-layouts.ts";
import { timer_list } from "./time-layouts.ts";

const scalar = (name: Scalar): MemberType => ({ kind: "scalar", scalar: name });
const nested = (layout: Layout): MemberType => ({ kind: "struct", layout });
const pointer = (to: Extract<MemberType, { kind: "pointer" }>["to"]): MemberType => ({ kind: "pointer", to });
/** A pointer to a struct that is laid out further down, or to one of the same kind. */
const later = (to: () => Layout): MemberType => ({
  kind: "pointer",
  get to() {
    return to();
  },
});

const u32 = scalar("u32");
const u16 = scalar("u16");
const s32 = scalar("s32");
const fn = pointer("function");
const anything = pointer("void");
/** sector_t: 64 bits, which TypeScript holds in a number. */
const sector: MemberType = { kind: "scalar", scalar: "u64", safe: true };

export const SECTOR_SHIFT = 9;
export const SECTOR_SIZE = 512;
export const BIO_MAX_VECS = 256;
export const DISK_NAME_LEN = 32;
export const GENHD_FL_HIDDEN = 2;
export const GENHD_FL_NO_PART = 4;

export const REQ_OPS = {
  REQ_OP_READ: 0,
  REQ_OP_WRITE: 1,
  REQ_OP_FLUSH: 2,
  REQ_OP_DISCARD: 3,
  REQ_OP_WRITE_ZEROES: 9,
  REQ_OP_DRV_IN: 34,
  REQ_OP_DRV_OUT: 35,
} as const;
export const REQ_OP_MASK = 0xff;
export const REQ_FLAGS = {
  REQ_SYNC: 1 << 11,
  REQ_META: 1 << 12,
  REQ_PRIO: 1 << 13,
  REQ_FUA: 1 << 17,
  REQ_PREFLUSH: 1 << 18,
  REQ_RAHEAD: 1 << 19,
  REQ_BACKGROUND: 1 << 20,
} as const;

/** What may fail early is not tried again. */
export const REQ_FAILFAST_MASK = 0x700;

export const BLK_MQ_FLAGS = {
  BLK_MQ_F_SHOULD_MERGE: 1 << 0,
  BLK_MQ_F_BLOCKING: 1 << 4,
  BLK_MQ_F_NO_SCHED: 1 << 5,
} as const;

export const BLK_OPEN = { BLK_OPEN_READ: 1, BLK_OPEN_WRITE: 2, BLK_OPEN_EXCL: 4, BLK_OPEN_NDELAY: 8 } as const;

export const BLK_FEATURES = {
  BLK_FEAT_WRITE_CACHE: 1 << 0,
  BLK_FEAT_FUA: 1 << 1,
  BLK_FEAT_ROTATIONAL: 1 << 2,
} as const;

/** Bits of bi_flags. */
export const BIO_CLONED = 1 << 1;
export const BIO_CHAIN = 1 << 4;

/** rq->state, and a bit of rq->rq_flags. */
export const MQ_RQ_IDLE = 0;
export const MQ_RQ_IN_FLIGHT = 1;
export const MQ_RQ_COMPLETE = 2;
export const RQF_TIMED_OUT = 1 << 14;

export const BLK_EH = { BLK_EH_DONE: 0, BLK_EH_RESET_TIMER: 1 } as const;

/** What became of I/O: its number, its errno, and how messages call it (block/blk-core.c). */
const STATUS: readonly (readonly [name: string, value: number, errno: number, words: string])[] = [
  ["BLK_STS_OK", 0, 0, ""],
  ["BLK_STS_NOTSUPP", 1, errno.EOPNOTSUPP, "operation not supported"],
  ["BLK_STS_TIMEOUT", 2, errno.ETIMEDOUT, "timeout"],
  ["BLK_STS_NOSPC", 3, errno.ENOSPC, "critical space allocation"],
  ["BLK_STS_TARGET", 5, errno.EREMOTEIO, "critical target"],
  ["BLK_STS_MEDIUM", 7, errno.ENODATA, "critical medium"],
  ["BLK_STS_PROTECTION", 8, errno.EILSEQ, "protection"],
  ["BLK_STS_RESOURCE", 9, errno.ENOMEM, "kernel resource"],
  ["BLK_STS_IOERR", 10, errno.EIO, "I/O"],
  ["BLK_STS_AGAIN", 12, errno.EAGAIN, "nonblocking retry"],
  ["BLK_STS_DEV_RESOURCE", 13, errno.EBUSY, "device resource"],
  ["BLK_STS_OFFLINE", 16, errno.ENODEV, "device offline"],
  ["BLK_STS_INVAL", 19, errno.EINVAL, "invalid"],
];
export const BLK_STS: Readonly<Record<string, number>> = Object.fromEntries(
  STATUS.map(([name, value]) => [name, value]),
);
export const BLK_STS_OK = 0;
export const BLK_STS_NOTSUPP = 1;
export const BLK_STS_RESOURCE = 9;
export const BLK_STS_IOERR = 10;
export const BLK_STS_DEV_RESOURCE = 13;

/** blk_status_to_errno(), as a number that is not negative. */
export function errnoOf(status: number): number {
  return (STATUS.find(([, value]) => value === status) ?? ["", 0, errno.EIO, ""])[2];
}

/** errno_to_blk_status(), of a number that is not negative. */
export function statusOf(error: number): number {
  return STATUS.find(([, , known]) => known === error)?.[1] ?? BLK_STS_IOERR;
}

export function statusWords(status: number): string {
  return (STATUS.find(([, value]) => value === status) ?? ["", 0, 0, "I/O"])[3];
}

/** blk_op_str(). */
export function opName(op: number): string {
  const found = Object.entries(REQ_OPS).find(([, value]) => value === (op & REQ_OP_MASK));
  return found === undefined ? "UNKNOWN" : found[0].slice("REQ_OP_".length);
}

export const bio_vec = layOut("bio_vec", [
  ["bv_page", pointer(page)],
  ["bv_len", u32],
  ["bv_offset", u32],
]);

export const bvec_iter = layOut("bvec_iter", [
  ["bi_sector", sector],
  ["bi_size", u32],
  ["bi_idx", u32],
  ["bi_bvec_done", u32],
]);

export const queue_limits = layOut("queue_limits", [
  ["features", u32],
  ["flags", u32],
  ["max_hw_sectors", u32],
  ["max_dev_sectors", u32],
  ["max_sectors", u32],
  ["max_user_sectors", u32],
  ["max_segment_size", u32],
  ["physical_block_size", u32],
  ["logical_block_size", u32],
  ["io_min", u32],
  ["io_opt", u32],
  ["max_discard_sectors", u32],
  ["max_hw_discard_sectors", u32],
  ["max_write_zeroes_sectors", u32],
  ["discard_granularity", u32],
  ["max_segments", u16],
]);

export const request_queue = layOut("request_queue", [
  ["queuedata", anything],
  ["mq_ops", later(() => blk_mq_ops)],
  ["queue_flags", u32],
  ["rq_timeout", u32],
  ["nr_hw_queues", u32],
  ["disk", later(() => gendisk)],
  ["tag_set", later(() => blk_mq_tag_set)],
  ["limits", nested(queue_limits)],
  ["timeout", nested(timer_list)],
  ["timeout_work", nested(work_struct)],
  ["requeue_work", nested(delayed_work)],
]);

export const block_device = layOut("block_device", [
  ["bd_nr_sectors", sector],
  ["bd_disk", later(() => gendisk)],
  ["bd_queue", pointer(request_queue)],
  ["bd_dev", u32],
  ["bd_openers", u32],
]);

export const bio = layOut("bio", [
  ["bi_next", later(() => bio)],
  ["bi_bdev", pointer(block_device)],
  ["bi_opf", u32],
  ["bi_flags", u16],
  ["bi_status", scalar("u8")],
  ["__bi_remaining", s32],
  ["bi_iter", nested(bvec_iter)],
  ["bi_end_io", fn],
  ["bi_private", anything],
  ["bi_vcnt", u16],
  ["bi_max_vecs", u16],
  ["__bi_cnt", s32],
  ["bi_io_vec", pointer(bio_vec)],
]);

export const block_device_operations = layOut("block_device_operations", [
  ["submit_bio", fn],
  ["poll_bio", fn],
  ["open", fn],
  ["release", fn],
  ["ioctl", fn],
  ["compat_ioctl", fn],
  ["getgeo", fn],
  ["set_read_only", fn],
  ["free_disk", fn],
  ["owner", pointer(module)],
]);

export const hd_geometry = layOut("hd_geometry", [
  ["heads", scalar("u8")],
  ["sectors", scalar("u8")],
  ["cylinders", u16],
  ["start", u32],
]);

export const gendisk = layOut("gendisk", [
  ["major", s32],
  ["first_minor", s32],
  ["minors", s32],
  ["disk_name", { kind: "array", of: scalar("u8"), length: DISK_NAME_LEN }],
  ["part0", pointer(block_device)],
  ["fops", pointer(block_device_operations)],
  ["queue", pointer(request_queue)],
  ["private_data", anything],
  ["flags", s32],
  ["state", u32],
]);

export const blk_mq_ops = layOut(
  "blk_mq_ops",
  [
    ...["queue_rq", "commit_rqs", "get_budget", "put_budget", "timeout", "poll", "complete"],
    ...["init_hctx", "exit_hctx", "init_request", "exit_request"],
  ].map((name) => [name, fn] as const),
);

export const blk_mq_tag_set = layOut("blk_mq_tag_set", [
  ["ops", pointer(blk_mq_ops)],
  ["nr_maps", u32],
  ["nr_hw_queues", u32],
  ["queue_depth", u32],
  ["reserved_tags", u32],
  ["cmd_size", u32],
  ["numa_node", s32],
  ["timeout", u32],
  ["flags", u32],
  ["driver_data", anything],
]);

export const blk_mq_hw_ctx = layOut("blk_mq_hw_ctx", [
  ["driver_data", anything],
  ["queue", pointer(request_queue)],
  ["queue_num", u32],
  ["flags", u32],
  ["run_work", nested(delayed_work)],
]);

export const request = layOut("request", [
  ["q", pointer(request_queue)],
  ["mq_hctx", pointer(blk_mq_hw_ctx)],
  ["cmd_flags", u32],
  ["rq_flags", u32],
  ["tag", s32],
  ["timeout", u32],
  ["__data_len", u32],
  ["__sector", sector],
  ["bio", pointer(bio)],
  ["biotail", pointer(bio)],
  ["nr_phys_segments", u16],
  ["state", u32],
  ["ref", s32],
  ["deadline", u32],
]);

export const blk_mq_queue_data = layOut("blk_mq_queue_data", [
  ["rq", pointer(request)],
  ["last", scalar("bool")],
]);
