// KUnit: linux/blkdev, linux/blk-mq, linux/bio and linux/bvec, with a disk in memory that can end requests in many ways.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_GE,
  KUNIT_EXPECT_LT,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  type bio,
  bio_add_page,
  bio_alloc,
  bio_data_dir,
  bio_endio,
  bio_for_each_segment,
  bio_get,
  bio_io_error,
  bio_op,
  bio_put,
  bio_sectors,
  op_is_write,
  REQ_OP_DISCARD,
  REQ_OP_DRV_IN,
  REQ_OP_READ,
  REQ_OP_WRITE,
  submit_bio,
  submit_bio_wait,
} from "linux/bio";
import {
  __blk_mq_end_request,
  __rq_for_each_bio,
  BLK_EH_DONE,
  BLK_EH_RESET_TIMER,
  BLK_MQ_F_BLOCKING,
  blk_mq_alloc_disk,
  blk_mq_alloc_sq_tag_set,
  blk_mq_alloc_tag_set,
  blk_mq_complete_request,
  blk_mq_end_request,
  blk_mq_free_tag_set,
  blk_mq_freeze_queue,
  type blk_mq_hw_ctx,
  blk_mq_kick_requeue_list,
  blk_mq_ops,
  type blk_mq_queue_data,
  blk_mq_quiesce_queue,
  blk_mq_request_started,
  blk_mq_requeue_request,
  blk_mq_rq_from_pdu,
  blk_mq_rq_to_pdu,
  blk_mq_start_request,
  blk_mq_tag_set,
  blk_mq_unfreeze_queue,
  blk_mq_unquiesce_queue,
  blk_rq_bytes,
  blk_rq_cur_bytes,
  blk_rq_cur_sectors,
  blk_rq_is_passthrough,
  blk_rq_pos,
  blk_rq_sectors,
  blk_update_request,
  req_op,
  type request,
  rq_data_dir,
  rq_for_each_segment,
} from "linux/blk-mq";
import {
  add_disk,
  BLK_FEAT_WRITE_CACHE,
  BLK_STS_IOERR,
  BLK_STS_OK,
  BLK_STS_RESOURCE,
  BLK_STS_TIMEOUT,
  bdev_nr_sectors,
  blk_alloc_disk,
  blk_get_queue,
  blk_mark_disk_dead,
  type blk_mode_t,
  blk_put_queue,
  type blk_status_t,
  blk_status_to_errno,
  type block_device,
  block_device_operations,
  del_gendisk,
  device_add_disk,
  errno_to_blk_status,
  type gendisk,
  get_capacity,
  get_disk_ro,
  type hd_geometry,
  NUMA_NO_NODE,
  put_disk,
  queue_limits,
  register_blkdev,
  SECTOR_SIZE,
  set_capacity,
  set_capacity_and_notify,
  set_disk_ro,
  unregister_blkdev,
} from "linux/blkdev";
import { bvec_kmap_local, memcpy_from_bvec, memcpy_to_bvec } from "linux/bvec";
import { complete, completion, init_completion, wait_for_completion } from "linux/completion";
import { msleep } from "linux/delay";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EBUSY, EINVAL, EIO, ENOMEM, ENOTTY, EOPNOTSUPP, ETIMEDOUT } from "linux/errno";
import { __free_page, alloc_page, GFP_KERNEL } from "linux/gfp";
import { kunmap_local } from "linux/highmem";
import { jiffies } from "linux/jiffies";
import { READ, WRITE } from "linux/kernel";
import { page_address } from "linux/mm";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { in_serving_softirq } from "linux/preempt";
import { memset, strscpy } from "linux/string";
import { array, cast, type int, type Ref, struct, u8, u32, type uint, type ulong } from "linux/types";

const SECTORS = 64;
const BYTES = SECTORS * SECTOR_SIZE;

/** How queue_rq ends the next requests. */
const NOW = 0;
const IN_SOFTIRQ = 1;
const BY_HALVES = 2;
const NEVER = 3;
const BUSY_ONCE = 4;
const GIVEN_BACK = 5;
const FAILS = 6;

const command = struct("command", { sector: u32, magic: u32 });
const state = struct("state", {
  mode: u32,
  calls: u32,
  segments: u32,
  bios: u32,
  cur_bytes: u32,
  cur_sectors: u32,
  in_softirq: u32,
  timeouts: u32,
  inits: u32,
  opens: u32,
  passthrough: u32,
  last_op: u32,
  done: completion,
});
const the = state({});
const data = struct("disk_data", { bytes: array(u8, BYTES) })({});

function transfer(rq: Ref<request>): void {
  let at = blk_rq_pos(rq) * SECTOR_SIZE;
  the.bios = 0;
  for (const bio of __rq_for_each_bio(rq)) the.bios += bio_sectors(bio) > 0 ? 1 : 0;
  the.segments = 0;
  for (const bvec of rq_for_each_segment(rq)) {
    const place = data.bytes.add(at);
    if (rq_data_dir(rq) === WRITE) memcpy_from_bvec(place, bvec);
    else memcpy_to_bvec(bvec, place);
    at += bvec.bv_len;
    the.segments += 1;
  }
}

function disk_queue_rq(hctx: Ref<blk_mq_hw_ctx>, bd: Ref<blk_mq_queue_data>): blk_status_t {
  const rq = bd.rq;
  const mode = the.mode;
  the.calls += 1;
  if (mode === BUSY_ONCE) {
    the.mode = NOW;
    return BLK_STS_RESOURCE;
  }
  const cmd = blk_mq_rq_to_pdu(rq, command);
  cmd.sector = blk_rq_pos(rq);
  if (cmd.magic !== 0x5a || blk_mq_rq_from_pdu(cmd) !== rq) return BLK_STS_IOERR;
  if (mode === FAILS) return BLK_STS_IOERR;
  if (blk_mq_request_started(rq)) return BLK_STS_IOERR;
  blk_mq_start_request(rq);
  if (!blk_mq_request_started(rq)) return BLK_STS_IOERR;
  the.cur_bytes = blk_rq_cur_bytes(rq);
  the.cur_sectors = blk_rq_cur_sectors(rq);
  the.passthrough = blk_rq_is_passthrough(rq) ? 1 : 0;
  the.last_op = req_op(rq);
  if (mode === NEVER) return BLK_STS_OK;
  if (mode === GIVEN_BACK) {
    the.mode = NOW;
    blk_mq_requeue_request(rq, false);
    blk_mq_kick_requeue_list(rq.q);
    return BLK_STS_OK;
  }
  transfer(rq);
  if (mode === IN_SOFTIRQ) blk_mq_complete_request(rq);
  else if (mode === BY_HALVES) {
    const half = blk_rq_bytes(rq) / 2;
    if (!blk_update_request(rq, BLK_STS_OK, half)) the.calls = 1000;
    if (blk_rq_bytes(rq) !== half || blk_rq_sectors(rq) !== half / SECTOR_SIZE) the.calls = 2000;
    if (blk_update_request(rq, BLK_STS_OK, half)) the.calls = 3000;
    __blk_mq_end_request(rq, BLK_STS_OK);
  } else blk_mq_end_request(rq, BLK_STS_OK);
  return BLK_STS_OK;
}

function disk_complete(rq: Ref<request>): void {
  the.in_softirq = in_serving_softirq() ? 1 : 0;
  blk_mq_end_request(rq, BLK_STS_OK);
}

function disk_timeout(rq: Ref<request>): int {
  the.timeouts += 1;
  if (the.timeouts === 1) return BLK_EH_RESET_TIMER;
  blk_mq_end_request(rq, BLK_STS_TIMEOUT);
  return BLK_EH_DONE;
}

function disk_init_request(set: Ref<blk_mq_tag_set>, rq: Ref<request>): int {
  the.inits += 1;
  blk_mq_rq_to_pdu(rq, command).magic = 0x5a;
  return 0;
}

const mq_ops = blk_mq_ops({
  queue_rq: disk_queue_rq,
  complete: disk_complete,
  timeout: disk_timeout,
  init_request: disk_init_request,
});

function plain_queue_rq(_hctx: Ref<blk_mq_hw_ctx>, bd: Ref<blk_mq_queue_data>): blk_status_t {
  blk_mq_start_request(bd.rq);
  msleep(5);
  transfer(bd.rq);
  blk_mq_end_request(bd.rq, BLK_STS_OK);
  return BLK_STS_OK;
}

const plain_ops = blk_mq_ops({ queue_rq: plain_queue_rq });
const no_ops = blk_mq_ops({ queue_rq: plain_queue_rq, init_request: () => -ENOMEM });
const tags = blk_mq_tag_set({
  ops: mq_ops,
  nr_hw_queues: 1,
  queue_depth: 2,
  cmd_size: 8,
  numa_node: NUMA_NO_NODE,
  timeout: 2000,
});
const others = blk_mq_tag_set({});

function disk_open(_disk: Ref<gendisk>, _mode: blk_mode_t): int {
  the.opens += 1;
  return 0;
}
function disk_release(_disk: Ref<gendisk>): void {
  the.opens -= 1;
}
function disk_ioctl(_bdev: Ref<block_device>, mode: blk_mode_t, cmd: uint, arg: ulong): int {
  if (cmd === 42) return mode + arg;
  return cmd === 44 ? data.bytes[arg] : -ENOTTY;
}
function disk_getgeo(_bdev: Ref<block_device>, geo: Ref<hd_geometry>): int {
  geo.heads = 4;
  geo.sectors = 16;
  geo.cylinders = SECTORS / 64;
  return 0;
}
const fops = block_device_operations({
  owner: THIS_MODULE,
  open: disk_open,
  release: disk_release,
  ioctl: disk_ioctl,
  getgeo: disk_getgeo,
});

let major = 0;
let disk: Ref<gendisk> | null = null;

/** One page of a disk, read or written; gives what submit_bio_wait() gives. */
function transfer_page(d: Ref<gendisk>, op: uint, sector: number, fill: int): int {
  const page = alloc_page(GFP_KERNEL);
  const bio = bio_alloc(d.part0, 1, op, GFP_KERNEL);
  if (!page || !bio) return -ENOMEM;
  if (op === REQ_OP_WRITE) memset(page_address(page)!, fill, 4096);
  bio.bi_iter.bi_sector = sector;
  if (bio_add_page(bio, page, 4096, 0) !== 4096) return -EINVAL;
  if (bio_data_dir(bio) !== (op_is_write(op) ? WRITE : READ) || bio_op(bio) !== op) return -EINVAL;
  let result = submit_bio_wait(bio);
  if (result === 0 && op === REQ_OP_READ) result = cast(array(u8, 4096), page_address(page)!)[4095];
  bio_put(bio);
  __free_page(page);
  return result;
}

function block_test_majors(test: Ref<kunit>): void {
  const chosen = register_blkdev(0, "kunit2");
  KUNIT_EXPECT_EQ(test, chosen, major - 1);
  KUNIT_EXPECT_EQ(test, register_blkdev(chosen, "other"), -EBUSY);
  KUNIT_EXPECT_EQ(test, register_blkdev(512, "other"), -EINVAL);
  unregister_blkdev(chosen, "kunit2");
  KUNIT_EXPECT_EQ(test, register_blkdev(chosen, "other"), 0);
  unregister_blkdev(chosen, "other");
}

const limits = queue_limits({ logical_block_size: 700 });

function block_test_sets(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, the.inits, 2);
  KUNIT_EXPECT_EQ(test, blk_mq_alloc_tag_set(others), -EINVAL);
  KUNIT_EXPECT_EQ(test, blk_mq_alloc_sq_tag_set(others, no_ops, 4, 0), -ENOMEM);
  KUNIT_EXPECT_EQ(test, blk_mq_alloc_sq_tag_set(others, plain_ops, 4, 0), 0);
  const wrong = blk_mq_alloc_disk(others, limits, null);
  KUNIT_EXPECT_EQ(test, IS_ERR(wrong) ? PTR_ERR(wrong) : 0, -EINVAL);
  blk_mq_free_tag_set(others);
  KUNIT_EXPECT_EQ(test, blk_status_to_errno(BLK_STS_TIMEOUT), -ETIMEDOUT);
  KUNIT_EXPECT_EQ(test, errno_to_blk_status(-ETIMEDOUT), BLK_STS_TIMEOUT);
}

function block_test_requests(test: Ref<kunit>): void {
  if (!disk) return;
  the.mode = NOW;
  KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_WRITE, 8, 0x41), 0);
  KUNIT_EXPECT_EQ(test, data.bytes[8 * SECTOR_SIZE], 0x41);
  KUNIT_EXPECT_EQ(test, the.segments, 1);
  KUNIT_EXPECT_EQ(test, the.bios, 1);
  KUNIT_EXPECT_EQ(test, the.cur_bytes, 4096);
  KUNIT_EXPECT_EQ(test, the.cur_sectors, 8);
  KUNIT_EXPECT_EQ(test, the.passthrough, 0);
  KUNIT_EXPECT_EQ(test, the.last_op, REQ_OP_WRITE);
  the.mode = IN_SOFTIRQ;
  KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_READ, 8, 0), 0x41);
  the.mode = BY_HALVES;
  KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_READ, 8, 0), 0x41);
  KUNIT_EXPECT_LT(test, the.calls, 1000);
  for (const mode of [BUSY_ONCE, GIVEN_BACK]) {
    the.mode = mode;
    KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_READ, 8, 0), 0x41);
  }
  the.mode = FAILS;
  KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_READ, 8, 0), -EIO);
  the.mode = NOW;
  KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_READ, SECTORS - 4, 0), -EIO);
  for (const op of [REQ_OP_DISCARD, REQ_OP_DRV_IN]) KUNIT_EXPECT_EQ(test, transfer_page(disk, op, 0, 0), -EOPNOTSUPP);
}

function block_test_timeouts(test: Ref<kunit>): void {
  if (!disk) return;
  the.mode = NEVER;
  const start = jiffies();
  KUNIT_EXPECT_EQ(test, transfer_page(disk, REQ_OP_READ, 0, 0), -ETIMEDOUT);
  KUNIT_EXPECT_EQ(test, the.timeouts, 2);
  KUNIT_EXPECT_GE(test, jiffies() - start, 4000);
  the.mode = NOW;
}

function page_end_io(bio: Ref<bio>): void {
  complete(cast(completion, bio.bi_private));
  bio_put(bio);
}

function block_test_holding_up(test: Ref<kunit>): void {
  if (!disk) return;
  const page = alloc_page(GFP_KERNEL);
  const bio = bio_alloc(disk.part0, 1, REQ_OP_READ, GFP_KERNEL);
  if (!page || !bio) return;
  init_completion(the.done);
  bio_add_page(bio, page, 512, 0);
  bio.bi_end_io = page_end_io;
  bio.bi_private = the.done;
  blk_mq_quiesce_queue(disk.queue);
  const before = the.calls;
  bio_get(bio);
  submit_bio(bio);
  msleep(10);
  KUNIT_EXPECT_EQ(test, the.calls, before);
  blk_mq_unquiesce_queue(disk.queue);
  wait_for_completion(the.done);
  KUNIT_EXPECT_EQ(test, the.calls, before + 1);
  bio_put(bio);
  __free_page(page);

  the.mode = NEVER;
  the.timeouts = 1;
  const again = bio_alloc(disk.part0, 0, REQ_OP_READ, GFP_KERNEL);
  if (!again) return;
  again.bi_end_io = page_end_io;
  again.bi_private = the.done;
  submit_bio(again);
  const start = jiffies();
  blk_mq_freeze_queue(disk.queue);
  KUNIT_EXPECT_GE(test, jiffies() - start, 2000);
  blk_mq_unfreeze_queue(disk.queue);
  the.mode = NOW;
  KUNIT_EXPECT_GE(test, transfer_page(disk, REQ_OP_READ, 0, 0), 0);
}

function block_test_sizes(test: Ref<kunit>): void {
  if (!disk) return;
  KUNIT_EXPECT_EQ(test, get_capacity(disk), SECTORS);
  KUNIT_EXPECT_TRUE(test, set_capacity_and_notify(disk, 8));
  KUNIT_EXPECT_EQ(test, bdev_nr_sectors(disk.part0), 8);
  set_capacity(disk, SECTORS);
  set_disk_ro(disk, true);
  KUNIT_EXPECT_EQ(test, get_disk_ro(disk), 1);
  set_disk_ro(disk, false);
  KUNIT_EXPECT_EQ(test, get_disk_ro(disk), 0);
}

function bio_disk_submit(bio: Ref<bio>): void {
  if (bio_op(bio) === REQ_OP_WRITE) {
    bio_io_error(bio);
    return;
  }
  for (const bvec of bio_for_each_segment(bio)) {
    const place = bvec_kmap_local(bvec);
    memset(place, 0x42, bvec.bv_len);
    kunmap_local(place);
  }
  bio_endio(bio);
}
const bio_fops = block_device_operations({ submit_bio: bio_disk_submit });

function block_test_bios(test: Ref<kunit>): void {
  const d = blk_alloc_disk(null, NUMA_NO_NODE);
  if (IS_ERR(d)) return;
  d.fops = bio_fops;
  strscpy(d.disk_name, "bios", 5);
  set_capacity(d, 8);
  KUNIT_EXPECT_EQ(test, device_add_disk(null, d, null), 0);
  KUNIT_EXPECT_EQ(test, d.major, 259);
  KUNIT_EXPECT_EQ(test, transfer_page(d, REQ_OP_READ, 0, 0), 0x42);
  KUNIT_EXPECT_EQ(test, transfer_page(d, REQ_OP_WRITE, 0, 0), -EIO);
  const q = d.queue;
  KUNIT_EXPECT_TRUE(test, blk_get_queue(q));
  blk_mark_disk_dead(d);
  KUNIT_EXPECT_FALSE(test, blk_get_queue(q));
  KUNIT_EXPECT_EQ(test, transfer_page(d, REQ_OP_READ, 0, 0), -EIO);
  del_gendisk(d);
  put_disk(d);
  KUNIT_EXPECT_PTR_EQ(test, q.disk, null);
  blk_put_queue(q);
}

function block_test_sleeping(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, blk_mq_alloc_sq_tag_set(others, plain_ops, 1, BLK_MQ_F_BLOCKING), 0);
  const d = blk_mq_alloc_disk(others, null, null);
  if (IS_ERR(d)) return;
  d.fops = block_device_operations({});
  strscpy(d.disk_name, "sleepy", 7);
  set_capacity(d, 8);
  const start = jiffies();
  KUNIT_EXPECT_EQ(test, add_disk(d), 0);
  KUNIT_EXPECT_GE(test, jiffies() - start, 5);
  del_gendisk(d);
  put_disk(d);
  blk_mq_free_tag_set(others);
}

kunit_test_suite(
  kunit_suite({
    name: "block",
    test_cases: [
      KUNIT_CASE(block_test_majors),
      KUNIT_CASE(block_test_sets),
      KUNIT_CASE(block_test_requests),
      KUNIT_CASE(block_test_timeouts),
      KUNIT_CASE(block_test_holding_up),
      KUNIT_CASE(block_test_sizes),
      KUNIT_CASE(block_test_bios),
      KUNIT_CASE(block_test_sleeping),
    ],
  }),
);

const cached = queue_limits({ features: BLK_FEAT_WRITE_CACHE, max_hw_sectors: 16 });

function block_init(): int {
  major = register_blkdev(0, "kunit");
  if (major < 0) return major;
  const err = blk_mq_alloc_tag_set(tags);
  if (err) return err;
  const made = blk_mq_alloc_disk(tags, cached, null);
  if (IS_ERR(made)) return PTR_ERR(made);
  made.major = major;
  made.minors = 1;
  made.fops = fops;
  strscpy(made.disk_name, "kunit", 6);
  set_capacity(made, SECTORS);
  disk = made;
  return add_disk(made);
}

function block_exit(): void {
  if (disk) del_gendisk(disk);
  put_disk(disk);
  blk_mq_free_tag_set(tags);
  unregister_blkdev(major, "kunit");
}

module_init(block_init);
module_exit(block_exit);
MODULE_LICENSE("GPL");
