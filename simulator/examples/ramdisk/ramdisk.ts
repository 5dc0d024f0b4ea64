// A disk in memory, /dev/ramdisk: the kernel makes requests of what is read and written, and each is copied at once.
import {
  BLK_MQ_F_SHOULD_MERGE,
  blk_mq_alloc_disk,
  blk_mq_alloc_tag_set,
  blk_mq_end_request,
  blk_mq_free_tag_set,
  type blk_mq_hw_ctx,
  blk_mq_ops,
  type blk_mq_queue_data,
  blk_mq_start_request,
  blk_mq_tag_set,
  blk_rq_bytes,
  blk_rq_pos,
  REQ_OP_READ,
  REQ_OP_WRITE,
  req_op,
  type request,
  rq_for_each_segment,
} from "linux/blk-mq";
import {
  add_disk,
  BLK_STS_IOERR,
  BLK_STS_NOTSUPP,
  BLK_STS_OK,
  type blk_status_t,
  block_device_operations,
  del_gendisk,
  gendisk,
  NUMA_NO_NODE,
  put_disk,
  register_blkdev,
  SECTOR_SIZE,
  set_capacity,
  unregister_blkdev,
} from "linux/blkdev";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EINVAL, ENOMEM } from "linux/errno";
import { kmap_local_page, kunmap_local } from "linux/highmem";
import {
  MODULE_AUTHOR,
  MODULE_DESCRIPTION,
  MODULE_LICENSE,
  MODULE_PARM_DESC,
  module_exit,
  module_init,
  module_param,
  THIS_MODULE,
} from "linux/module";
import { DEFINE_SPINLOCK, spin_lock, spin_unlock } from "linux/spinlock";
import { memcpy, strscpy } from "linux/string";
import { array, cast, type int, ptr, type Ref, struct, u8, uint } from "linux/types";
import { vfree, vzalloc } from "linux/vmalloc";

/** With more, the size in bytes has no room in 32 bits. */
const SECTORS_MAX = 0x7fffff;

const sectors = module_param("sectors", uint, 128, 0o444);
MODULE_PARM_DESC("sectors", "size of the disk in sectors of 512 bytes");

const ramdisk = struct("ramdisk", {
  major: uint,
  bytes: uint,
  data: ptr(),
  disk: ptr(gendisk),
});
const the = ramdisk({});
/** Guards the data: requests may come from several tasks at once. */
const ramdisk_lock = DEFINE_SPINLOCK("ramdisk_lock");

/** Copies what a request is about, page by page: its pages lie anywhere in memory. */
function ramdisk_transfer(d: Ref<typeof ramdisk>, rq: Ref<request>): blk_status_t {
  let at: uint = blk_rq_pos(rq) * SECTOR_SIZE;
  if (at + blk_rq_bytes(rq) > d.bytes) return BLK_STS_IOERR;

  for (const bvec of rq_for_each_segment(rq)) {
    const place = cast(array(u8, 0), d.data!).add(at);
    const page = kmap_local_page(bvec.bv_page);
    const buffer = cast(array(u8, 0), page).add(bvec.bv_offset);
    spin_lock(ramdisk_lock);
    if (req_op(rq) === REQ_OP_WRITE) memcpy(place, buffer, bvec.bv_len);
    else memcpy(buffer, place, bvec.bv_len);
    spin_unlock(ramdisk_lock);
    kunmap_local(page);
    at += bvec.bv_len;
  }
  return BLK_STS_OK;
}

/** The kernel calls this in an RCU read-side critical section: it must not sleep. */
function ramdisk_queue_rq(hctx: Ref<blk_mq_hw_ctx>, bd: Ref<blk_mq_queue_data>): blk_status_t {
  const rq = bd.rq;
  const d = cast(ramdisk, hctx.queue.queuedata);

  blk_mq_start_request(rq);
  const op = req_op(rq);
  const status = op === REQ_OP_READ || op === REQ_OP_WRITE ? ramdisk_transfer(d, rq) : BLK_STS_NOTSUPP;
  blk_mq_end_request(rq, status);
  // The request is the kernel's again; this says that the driver took it.
  return BLK_STS_OK;
}

const ramdisk_mq_ops = blk_mq_ops({ queue_rq: ramdisk_queue_rq });
const ramdisk_fops = block_device_operations({ owner: THIS_MODULE });
const ramdisk_tags = blk_mq_tag_set({
  ops: ramdisk_mq_ops,
  nr_hw_queues: 1,
  queue_depth: 16,
  numa_node: NUMA_NO_NODE,
  flags: BLK_MQ_F_SHOULD_MERGE,
});

function ramdisk_init(): int {
  let err: int;

  if (sectors.value === 0 || sectors.value > SECTORS_MAX) return -EINVAL;

  the.bytes = sectors.value * SECTOR_SIZE;
  the.data = vzalloc(the.bytes);
  if (!the.data) return -ENOMEM;

  err_free: {
    err = register_blkdev(0, "ramdisk");
    if (err < 0) break err_free;
    the.major = err;

    err_unregister: {
      err = blk_mq_alloc_tag_set(ramdisk_tags);
      if (err) break err_unregister;

      err_tags: {
        const disk = blk_mq_alloc_disk(ramdisk_tags, null, the);
        if (IS_ERR(disk)) {
          err = PTR_ERR(disk);
          break err_tags;
        }
        disk.major = the.major;
        disk.minors = 1;
        disk.fops = ramdisk_fops;
        strscpy(disk.disk_name, "ramdisk", 8);
        set_capacity(disk, sectors.value);
        the.disk = disk;

        // The disk is read before this returns, so that everything must be ready.
        err = add_disk(disk);
        if (!err) return 0;
        put_disk(disk);
      }
      blk_mq_free_tag_set(ramdisk_tags);
    }
    unregister_blkdev(the.major, "ramdisk");
  }
  vfree(the.data);
  return err;
}

function ramdisk_exit(): void {
  del_gendisk(the.disk!);
  put_disk(the.disk);
  blk_mq_free_tag_set(ramdisk_tags);
  unregister_blkdev(the.major, "ramdisk");
  vfree(the.data);
}

module_init(ramdisk_init);
module_exit(ramdisk_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A disk in memory");
