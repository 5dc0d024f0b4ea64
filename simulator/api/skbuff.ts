// linux/skbuff: socket buffers and queues of them.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { net_device, sk_buff, sk_buff_head } from "../kernel/net-layouts.ts";
import { NET_IP_ALIGN, NET_SKB_PAD } from "../kernel/skbuff.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

const MAY_BE_NULL = { mayBeNull: true } as const;

export function skbuff(kernel: Kernel): Header {
  const { core, net } = kernel;
  const { skbs } = net;
  const header = new Header(core);
  header.layout("sk_buff", sk_buff);
  header.layout("sk_buff_head", sk_buff_head);
  header.constants({ CHECKSUM_NONE: 0, CHECKSUM_UNNECESSARY: 1, CHECKSUM_COMPLETE: 2, CHECKSUM_PARTIAL: 3 });
  header.constants({ NET_SKB_PAD, NET_IP_ALIGN });

  /** A buffer with room for so many bytes. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "alloc_skb",
    ["u32", "u32"],
    sk_buff,
    (bytes: number, gfp: number) => skbs.alloc(bytes, gfp),
    MAY_BE_NULL,
  );
  /** The same with room for headers before the data, from memory that is there. Any context. NULL: no memory. */
  header.steps("dev_alloc_skb", ["u32"], sk_buff, (bytes: number) => skbs.allocForDevice(0, bytes), MAY_BE_NULL);
  /** The same for an interface. Any context. NULL: no memory. */
  header.steps(
    "netdev_alloc_skb",
    [net_device, "u32"],
    sk_buff,
    (dev: number, bytes: number) => skbs.allocForDevice(dev, bytes),
    MAY_BE_NULL,
  );
  /** The same, so that the IP header behind an Ethernet header lies at a multiple of four. Any context. NULL: no memory. */
  header.steps(
    "netdev_alloc_skb_ip_align",
    [net_device, "u32"],
    sk_buff,
    (dev: number, bytes: number) => skbs.allocForDevice(dev, bytes, undefined, NET_SKB_PAD + NET_IP_ALIGN),
    MAY_BE_NULL,
  );

  for (const name of ["kfree_skb", "consume_skb", "dev_kfree_skb"]) {
    /** Gives a buffer back, as dropped or as done with. Softirq and task context. */
    header.plain(name, [sk_buff], "void", (skb: number) => skbs.free(skb));
  }
  for (const name of ["dev_kfree_skb_irq", "dev_consume_skb_irq"]) {
    /** The same, put off to a softirq. Any context. */
    header.plain(name, [sk_buff], "void", (skb: number) => net.stack.freeLater(skb));
  }
  for (const name of ["dev_kfree_skb_any", "dev_consume_skb_any"]) {
    /** The one or the other. Any context. */
    header.plain(name, [sk_buff], "void", (skb: number) =>
      core.inHardirq || core.context.irqsDisabled ? net.stack.freeLater(skb) : skbs.free(skb),
    );
  }
  /** One more user of a buffer, who gives it back too. Any context. The buffer. */
  header.plain("skb_get", [sk_buff], sk_buff, (skb: number) => {
    skbs.set(skb, "users", skbs.get(skb, "users") + 1);
    return skb;
  });
  copies(header, kernel);
  room(header, kernel);
  headers(header, kernel);
  queues(header, kernel);
  return header;
}

function copies(header: Header, { net: { skbs } }: Kernel): void {
  /** A buffer with a copy of the data. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "skb_copy",
    [sk_buff, "u32"],
    sk_buff,
    (skb: number, gfp: number) => skbs.copyWhole(skb, gfp),
    MAY_BE_NULL,
  );
  /** The same with this room before and behind the data. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "skb_copy_expand",
    [sk_buff, "u32", "u32", "u32"],
    sk_buff,
    (skb: number, headroom: number, tailroom: number, gfp: number) =>
      skbs.copy(skb, headroom, tailroom, gfp, "skb_copy_expand"),
    MAY_BE_NULL,
  );
  /** A buffer with the same data. Contexts as kmalloc. NULL: no memory. */
  header.steps("skb_clone", [sk_buff, "u32"], sk_buff, (skb: number, gfp: number) => skbs.clone(skb, gfp), MAY_BE_NULL);
  /** Whether another buffer has the same data, or another user this one. Any context. */
  header.plain("skb_cloned", [sk_buff], "int", (skb: number) => skbs.isCloned(skb));
  header.plain("skb_shared", [sk_buff], "int", (skb: number) => skbs.get(skb, "users") !== 1);
}

function room(header: Header, { net: { skbs } }: Kernel): void {
  /** So many bytes more at the end, which the caller fills; too many are a bug. Any context. Where they begin. */
  header.steps("skb_put", [sk_buff, "u32"], "ptr", (skb: number, bytes: number) => skbs.put(skb, bytes));
  /** The same filled with zeroes, or with a copy. Any context. Where they begin. */
  header.steps("skb_put_zero", [sk_buff, "u32"], "ptr", (skb: number, bytes: number) => skbs.putZero(skb, bytes));
  header.steps("skb_put_data", [sk_buff, "ptr", "u32"], "ptr", (skb: number, from: number, bytes: number) =>
    skbs.putData(skb, from, bytes),
  );
  /** So many bytes more at the start. Any context. Where they begin. */
  header.steps("skb_push", [sk_buff, "u32"], "ptr", (skb: number, bytes: number) => skbs.push(skb, bytes));
  /** So many bytes less at the start. Any context. Where the rest begins, NULL when there are not so many. */
  header.plain("skb_pull", [sk_buff, "u32"], "ptr", (skb: number, bytes: number) => skbs.pull(skb, bytes), MAY_BE_NULL);
  /** Cuts the data to a length. Any context. */
  header.plain("skb_trim", [sk_buff, "u32"], "void", (skb: number, bytes: number) => skbs.trim(skb, bytes));
  /** Leaves room before the data of an empty buffer. Any context. */
  header.plain("skb_reserve", [sk_buff, "int"], "void", (skb: number, bytes: number) => skbs.reserve(skb, bytes));
  /** The room before the data and behind them. Any context. Bytes. */
  header.plain("skb_headroom", [sk_buff], "u32", (skb: number) => skbs.headroom(skb));
  header.plain("skb_tailroom", [sk_buff], "int", (skb: number) => skbs.tailroom(skb));
  /** How many bytes of the data lie in one piece: all of them. Any context. */
  header.plain("skb_headlen", [sk_buff], "u32", (skb: number) => skbs.get(skb, "len") - skbs.get(skb, "data_len"));
  /** Where the data end. Any context. */
  header.plain("skb_tail_pointer", [sk_buff], "ptr", (skb: number) => skbs.get(skb, "tail"));
}

function headers(header: Header, { net: { skbs } }: Kernel): void {
  for (const which of ["mac", "network", "transport"] as const) {
    /** This header begins where the data do. Any context. */
    header.plain(`skb_reset_${which}_header`, [sk_buff], "void", (skb: number) =>
      skbs.resetHeader(skb, `${which}_header`),
    );
    /** It begins so many bytes behind that. Any context. */
    header.plain(`skb_set_${which}_header`, [sk_buff, "int"], "void", (skb: number, offset: number) =>
      skbs.setHeader(skb, `${which}_header`, offset),
    );
    /** Where it begins. Any context. */
    header.plain(`skb_${which}_header`, [sk_buff], "ptr", (skb: number) => skbs.headerOf(skb, `${which}_header`));
  }
}

function queues(header: Header, kernel: Kernel): void {
  const { core, net } = kernel;
  const { skbs } = net;
  /** Makes an empty queue with a lock of its own. Any context. */
  header.plain(
    "skb_queue_head_init",
    [sk_buff_head],
    "void",
    (queue: number, text?: number) => skbs.initQueue(queue, `${lockName(kernel, queue, text)}.lock`.replace(/^\./, "")),
    { stringizes: [0] },
  );
  for (const [name, isFirst] of [
    ["skb_queue_tail", false],
    ["skb_queue_head", true],
  ] as const) {
    /** Puts a buffer last into a queue, or first, under its lock or, with two underscores, without. Any context. */
    header.steps(name, [sk_buff_head, sk_buff], "void", (queue: number, skb: number) =>
      skbs.locked(queue, () => skbs.enqueue(queue, skb, isFirst)),
    );
    header.plain(`__${name}`, [sk_buff_head, sk_buff], "void", (queue: number, skb: number) =>
      skbs.enqueue(queue, skb, isFirst),
    );
  }
  const take = (queue: number, found: number): number => {
    if (found !== 0) skbs.unlink(found, queue);
    return found;
  };
  for (const [name, find] of [
    ["skb_dequeue", (queue: number) => skbs.first(queue)],
    ["skb_dequeue_tail", (queue: number) => skbs.last(queue)],
  ] as const) {
    /** Takes the first buffer out of a queue, or the last. Any context. NULL: it is empty. */
    header.steps(
      name,
      [sk_buff_head],
      sk_buff,
      (queue: number) => skbs.locked(queue, () => take(queue, find(queue))),
      MAY_BE_NULL,
    );
    header.plain(`__${name}`, [sk_buff_head], sk_buff, (queue: number) => take(queue, find(queue)), MAY_BE_NULL);
  }
  /** Takes a buffer out of the middle of a queue. Any context. */
  header.steps("skb_unlink", [sk_buff, sk_buff_head], "void", (skb: number, queue: number) =>
    skbs.locked(queue, () => skbs.unlink(skb, queue)),
  );
  /** The first buffer of a queue, which stays there. Any context. NULL: it is empty. */
  header.plain("skb_peek", [sk_buff_head], sk_buff, (queue: number) => skbs.first(queue), MAY_BE_NULL);
  /** Frees all buffers of a queue. Softirq and task context. */
  header.steps("skb_queue_purge", [sk_buff_head], "void", function* (queue: number): Steps<void> {
    yield* skbs.locked(queue, () => {
      for (let skb = skbs.first(queue); skb !== 0; skb = skbs.first(queue)) skbs.free(take(queue, skb));
    });
  });
  /** How many buffers there are in a queue, and whether there are none. Any context. */
  header.plain("skb_queue_len", [sk_buff_head], "u32", (queue: number) => skbs.lengthOf(queue));
  header.plain(
    "skb_queue_empty",
    [sk_buff_head],
    "int",
    (queue: number) => core.memory.load(queue, 4, false) === queue,
  );
}
