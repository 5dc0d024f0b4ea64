// linux/blk-mq: drivers that take requests, each with a tag.

import {
  BLK_EH,
  BLK_MQ_FLAGS,
  blk_mq_hw_ctx,
  blk_mq_ops,
  blk_mq_queue_data,
  blk_mq_tag_set,
  gendisk,
  queue_limits,
  REQ_OP_MASK,
  REQ_OPS,
  request,
  request_queue,
  SECTOR_SHIFT,
} from "../kernel/block-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function blkMq(kernel: Kernel): Header {
  const { core, block } = kernel;
  const { mq, disks } = block;
  const header = new Header(core);
  header.layout("blk_mq_ops", blk_mq_ops);
  header.layout("blk_mq_tag_set", blk_mq_tag_set);
  header.layout("blk_mq_hw_ctx", blk_mq_hw_ctx);
  header.layout("blk_mq_queue_data", blk_mq_queue_data);
  header.layout("request", request);
  header.constants({ ...BLK_MQ_FLAGS, ...BLK_EH, ...REQ_OPS, BLK_MQ_MAX_DEPTH: 10240 });

  /** Makes the requests of a driver, one a tag. Task context, may sleep. 0, or a negative errno. */
  header.steps("blk_mq_alloc_tag_set", [blk_mq_tag_set], "int", (set: number) => mq.sets.allocate(set));
  /** The same for one hardware queue, filling the set in. Task context, may sleep. 0, or a negative errno. */
  header.steps(
    "blk_mq_alloc_sq_tag_set",
    [blk_mq_tag_set, blk_mq_ops, "u32", "u32"],
    "int",
    (set: number, ops: number, depth: number, flags: number) => {
      core.memory.touch(set, blk_mq_tag_set.size, true);
      core.memory.bytesAt(set, blk_mq_tag_set.size).fill(0);
      const values = { ops, nr_hw_queues: 1, nr_maps: 1, queue_depth: depth, numa_node: -1, flags };
      for (const [member, value] of Object.entries(values)) mq.sets.fields.set(set, member, value);
      return mq.sets.allocate(set);
    },
  );
  /** Frees them. Task context, may sleep. */
  header.steps("blk_mq_free_tag_set", [blk_mq_tag_set], "void", (set: number) => mq.sets.free(set));
  /** A disk with a queue of such requests. Task context, may sleep. Its address, or an ERR_PTR. */
  header.steps(
    "blk_mq_alloc_disk",
    [blk_mq_tag_set, queue_limits, "ptr"],
    gendisk,
    (set: number, limits: number, data: number) => disks.allocate(set, limits, data, "blk_mq_alloc_disk"),
    { mayBeErrPtr: true },
  );
  ends(header, kernel);
  requests(header, kernel);
  control(header, kernel);
  return header;
}

/** A request on its way through the driver. */
function ends(header: Header, { block }: Kernel): void {
  const { mq } = block;
  /** Says that the driver begins with a request: its time runs. Any context. */
  header.plain("blk_mq_start_request", [request], "void", (rq: number) => mq.start(rq));
  /** Ends a request whole. Any context. */
  header.steps("blk_mq_end_request", [request, "u8"], "void", (rq: number, status: number) => mq.end(rq, status));
  /** Frees the tag of a request whose bytes are all done. Any context. */
  header.plain("__blk_mq_end_request", [request, "u8"], "void", (rq: number) => mq.finish(rq));
  /** Has the driver's complete function called, in a softirq where CPUs share the queue. Any context. */
  header.steps("blk_mq_complete_request", [request], "void", (rq: number) => mq.complete(rq));
  /** Ends so many bytes of a request. Any context. Whether there is more of it. */
  header.steps("blk_update_request", [request, "u8", "u32"], "bool", (rq: number, status: number, bytes: number) =>
    mq.update(rq, status, bytes),
  );
  /** Gives a request back to be queued again, at once or when somebody kicks the list. Any context. */
  header.plain("blk_mq_requeue_request", [request, "bool"], "void", (rq: number, kick: number) =>
    mq.requeue(rq, kick !== 0),
  );
  /** Queues what was given back. Any context. */
  header.plain("blk_mq_kick_requeue_list", [request_queue], "void", (queue: number) => mq.kick(queue));
}

/** What a request is about. */
function requests(header: Header, { block }: Kernel): void {
  const { mq, bios } = block;
  const get = (rq: number, member: string): number => {
    mq.request.use(rq);
    return mq.request.get(rq, member);
  };
  const current = (rq: number): number => (get(rq, "bio") === 0 ? 0 : bios.currentBytes(get(rq, "bio")));
  /** Its first sector. Any context. */
  header.plain("blk_rq_pos", [request], "sector", (rq: number) => get(rq, "__sector"));
  /** What is left of it, in bytes and in sectors. Any context. */
  header.plain("blk_rq_bytes", [request], "u32", (rq: number) => get(rq, "__data_len"));
  header.plain("blk_rq_sectors", [request], "u32", (rq: number) => get(rq, "__data_len") >>> SECTOR_SHIFT);
  /** What is left of its first segment. Any context. */
  header.plain("blk_rq_cur_bytes", [request], "int", current);
  header.plain("blk_rq_cur_sectors", [request], "u32", (rq: number) => current(rq) >>> SECTOR_SHIFT);
  /** What is to be done: REQ_OP_…. Any context. */
  header.plain("req_op", [request], "u32", (rq: number) => get(rq, "cmd_flags") & REQ_OP_MASK);
  /** READ or WRITE. Any context. */
  header.plain("rq_data_dir", [request], "int", (rq: number) => get(rq, "cmd_flags") & 1);
  /** Whether it is a command of the driver's own instead of I/O. Any context. */
  header.plain("blk_rq_is_passthrough", [request], "bool", (rq: number) => {
    const op = get(rq, "cmd_flags") & REQ_OP_MASK;
    return op === REQ_OPS.REQ_OP_DRV_IN || op === REQ_OPS.REQ_OP_DRV_OUT;
  });
  /** The driver's own part of a request, cmd_size bytes; and the request of such a part. Any context. */
  header.plain("blk_mq_rq_to_pdu", [request, "like"], "like", (rq: number) => rq + request.size);
  header.plain("blk_mq_rq_from_pdu", ["ptr"], request, (pdu: number) => pdu - request.size);
  /** Whether the driver has begun with it. Any context. */
  header.plain("blk_mq_request_started", [request], "int", (rq: number) => get(rq, "state") !== 0);
}

/** Holding up queues. */
function control(header: Header, { block }: Kernel): void {
  const { mq, queues } = block;
  /** Lets nobody into a queue, and waits until all requests are done. Task context, may sleep. */
  header.steps("blk_mq_freeze_queue", [request_queue], "void", (queue: number) => queues.freeze(queue));
  header.plain("blk_mq_unfreeze_queue", [request_queue], "void", (queue: number) => queues.unfreeze(queue));
  /** Calls queue_rq no more, and waits until it is over. Task context, may sleep. */
  header.plain("blk_mq_quiesce_queue", [request_queue], "void", (queue: number) => mq.quiesce(queue));
  header.plain("blk_mq_unquiesce_queue", [request_queue], "void", (queue: number) => mq.unquiesce(queue));
}
