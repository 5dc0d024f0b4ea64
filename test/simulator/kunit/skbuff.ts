// KUnit: linux/skbuff, asm/byteorder and net/checksum.

import {
  be16_to_cpu,
  be32_to_cpu,
  cpu_to_be16,
  cpu_to_be32,
  cpu_to_le16,
  cpu_to_le32,
  htonl,
  htons,
  le16_to_cpu,
  le32_to_cpu,
  ntohl,
  ntohs,
} from "asm/byteorder";
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { ip_hdr, iphdr } from "linux/ip";
import { MODULE_LICENSE } from "linux/module";
import {
  __skb_dequeue,
  __skb_dequeue_tail,
  __skb_queue_head,
  __skb_queue_tail,
  alloc_skb,
  consume_skb,
  dev_alloc_skb,
  dev_consume_skb_any,
  dev_consume_skb_irq,
  dev_kfree_skb,
  dev_kfree_skb_any,
  dev_kfree_skb_irq,
  kfree_skb,
  NET_SKB_PAD,
  sk_buff_head,
  skb_clone,
  skb_cloned,
  skb_copy,
  skb_copy_expand,
  skb_dequeue,
  skb_dequeue_tail,
  skb_get,
  skb_headlen,
  skb_headroom,
  skb_mac_header,
  skb_network_header,
  skb_peek,
  skb_pull,
  skb_push,
  skb_put,
  skb_put_data,
  skb_put_zero,
  skb_queue_empty,
  skb_queue_head,
  skb_queue_head_init,
  skb_queue_len,
  skb_queue_purge,
  skb_queue_tail,
  skb_reserve,
  skb_reset_mac_header,
  skb_reset_network_header,
  skb_reset_transport_header,
  skb_set_mac_header,
  skb_set_network_header,
  skb_set_transport_header,
  skb_shared,
  skb_tail_pointer,
  skb_tailroom,
  skb_transport_header,
  skb_trim,
  skb_unlink,
} from "linux/skbuff";
import { GFP_KERNEL } from "linux/slab";
import { tcp_hdr } from "linux/tcp";
import { addr, array, cast, type Ref, struct, u8, u32 } from "linux/types";
import { udp_hdr } from "linux/udp";
import { ip_fast_csum } from "net/checksum";

const held = struct("held", { queue: sk_buff_head, header: iphdr, count: u32 });
const state = held({});
const pattern = struct("pattern", { bytes: array(u8, 4) })({});

function skb_test_room(test: Ref<kunit>): void {
  const skb = alloc_skb(100, GFP_KERNEL);
  KUNIT_ASSERT_NOT_NULL(test, skb);
  KUNIT_EXPECT_EQ(test, skb!.len, 0);
  KUNIT_EXPECT_EQ(test, skb_headroom(skb!), 0);
  // Rounded up to whole cache lines.
  KUNIT_EXPECT_EQ(test, skb_tailroom(skb!), 128);
  skb_reserve(skb!, 16);
  KUNIT_EXPECT_EQ(test, skb_headroom(skb!), 16);
  const data = skb_put(skb!, 10);
  KUNIT_EXPECT_PTR_EQ(test, data, skb!.data);
  for (let i = 0; i < 10; i++) data[i] = i;
  skb_put_zero(skb!, 4);
  for (let i = 0; i < 4; i++) pattern.bytes[i] = i + 1;
  skb_put_data(skb!, pattern.bytes, 4);
  KUNIT_EXPECT_EQ(test, skb!.len, 18);
  KUNIT_EXPECT_EQ(test, skb_headlen(skb!), 18);
  KUNIT_EXPECT_EQ(test, skb!.data[9] + skb!.data[13] + skb!.data[17], 13);
  KUNIT_EXPECT_PTR_EQ(test, skb_tail_pointer(skb!), skb!.data.add(18));
  const pushed = skb_push(skb!, 2);
  pushed[0] = 7;
  KUNIT_EXPECT_EQ(test, skb!.len, 20);
  KUNIT_EXPECT_EQ(test, skb_headroom(skb!), 14);
  KUNIT_EXPECT_PTR_EQ(test, skb_pull(skb!, 2), data);
  KUNIT_EXPECT_NULL(test, skb_pull(skb!, 100));
  skb_trim(skb!, 10);
  KUNIT_EXPECT_EQ(test, skb!.len, 10);
  KUNIT_EXPECT_EQ(test, skb_tailroom(skb!), 102);
  kfree_skb(skb);
  kfree_skb(null);
}

function skb_test_headers(test: Ref<kunit>): void {
  const skb = dev_alloc_skb(60);
  KUNIT_ASSERT_NOT_NULL(test, skb);
  KUNIT_EXPECT_EQ(test, skb_headroom(skb!), NET_SKB_PAD);
  skb_put(skb!, 60);
  skb_reset_mac_header(skb!);
  KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(skb!), skb!.data);
  skb_set_network_header(skb!, 14);
  KUNIT_EXPECT_PTR_EQ(test, skb_network_header(skb!), skb!.data.add(14));
  skb_set_transport_header(skb!, 34);
  KUNIT_EXPECT_PTR_EQ(test, skb_transport_header(skb!), skb!.data.add(34));
  ip_hdr(skb!).protocol = 6;
  KUNIT_EXPECT_EQ(test, skb!.data[14 + 9], 6);
  tcp_hdr(skb!).source = htons(80);
  KUNIT_EXPECT_EQ(test, skb!.data[35], 80);
  KUNIT_EXPECT_EQ(test, ntohs(udp_hdr(skb!).source), 80);
  skb_pull(skb!, 20);
  skb_reset_network_header(skb!);
  skb_reset_transport_header(skb!);
  KUNIT_EXPECT_PTR_EQ(test, skb_transport_header(skb!), skb_network_header(skb!));
  KUNIT_EXPECT_PTR_EQ(test, skb_network_header(skb!), skb!.data);
  skb_set_mac_header(skb!, -14);
  KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(skb!), skb!.data.add(-14));
  dev_kfree_skb(skb);
}

function skb_test_copies(test: Ref<kunit>): void {
  const skb = dev_alloc_skb(20)!;
  for (let i = 0; i < 4; i++) pattern.bytes[i] = i + 1;
  skb_put_data(skb, pattern.bytes, 4);
  skb.protocol = htons(0x0800);
  skb_reset_mac_header(skb);
  KUNIT_EXPECT_FALSE(test, skb_cloned(skb));

  const clone = skb_clone(skb, GFP_KERNEL)!;
  KUNIT_EXPECT_TRUE(test, skb_cloned(skb));
  KUNIT_EXPECT_PTR_EQ(test, clone.data, skb.data);
  const copy = skb_copy(skb, GFP_KERNEL)!;
  copy.data[0] = 9;
  KUNIT_EXPECT_EQ(test, clone.data[0], 1);
  KUNIT_EXPECT_EQ(test, copy.data[3], 4);
  KUNIT_EXPECT_EQ(test, ntohs(copy.protocol), 0x0800);
  KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(copy), copy.data);
  const larger = skb_copy_expand(skb, 200, 300, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, skb_headroom(larger), 200);
  KUNIT_EXPECT_TRUE(test, skb_tailroom(larger) >= 300);
  KUNIT_EXPECT_EQ(test, larger.data[2], 3);
  // The data stay as long as one of both does.
  consume_skb(skb);
  KUNIT_EXPECT_FALSE(test, skb_cloned(clone));
  KUNIT_EXPECT_EQ(test, clone.data[1], 2);

  KUNIT_EXPECT_PTR_EQ(test, skb_get(clone), clone);
  KUNIT_EXPECT_TRUE(test, skb_shared(clone));
  dev_kfree_skb_any(clone);
  KUNIT_EXPECT_FALSE(test, skb_shared(clone));
  dev_consume_skb_any(clone);
  dev_kfree_skb_irq(copy);
  dev_consume_skb_irq(larger);
}

function skb_test_queues(test: Ref<kunit>): void {
  const queue = state.queue;
  skb_queue_head_init(queue);
  KUNIT_EXPECT_TRUE(test, skb_queue_empty(queue));
  KUNIT_EXPECT_NULL(test, skb_peek(queue));
  KUNIT_EXPECT_NULL(test, skb_dequeue(queue));
  const [a, b, c, d] = [
    alloc_skb(1, GFP_KERNEL)!,
    alloc_skb(1, GFP_KERNEL)!,
    alloc_skb(1, GFP_KERNEL)!,
    dev_alloc_skb(1)!,
  ];
  skb_queue_tail(queue, b);
  skb_queue_head(queue, a);
  __skb_queue_tail(queue, c);
  KUNIT_EXPECT_EQ(test, skb_queue_len(queue), 3);
  KUNIT_EXPECT_FALSE(test, skb_queue_empty(queue));
  KUNIT_EXPECT_PTR_EQ(test, skb_peek(queue), a);
  skb_unlink(b, queue);
  KUNIT_EXPECT_PTR_EQ(test, skb_dequeue(queue), a);
  __skb_queue_head(queue, b);
  KUNIT_EXPECT_PTR_EQ(test, skb_dequeue_tail(queue), c);
  KUNIT_EXPECT_PTR_EQ(test, __skb_dequeue(queue), b);
  __skb_queue_tail(queue, a);
  KUNIT_EXPECT_PTR_EQ(test, __skb_dequeue_tail(queue), a);
  for (const one of [a, b, c, d]) skb_queue_tail(queue, one);
  skb_queue_purge(queue);
  KUNIT_EXPECT_EQ(test, skb_queue_len(queue), 0);
}

function skb_test_network_order(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, htons(0x1234), 0x3412);
  KUNIT_EXPECT_EQ(test, ntohs(0x1234), 0x3412);
  KUNIT_EXPECT_EQ(test, htonl(0x12345678), 0x78563412);
  KUNIT_EXPECT_EQ(test, ntohl(0x78563412), 0x12345678);
  KUNIT_EXPECT_EQ(test, be16_to_cpu(cpu_to_be16(0x1ff)) + cpu_to_be16(1), 0x2ff);
  KUNIT_EXPECT_EQ(test, be32_to_cpu(cpu_to_be32(5)) + cpu_to_be32(1), 0x1000005);
  KUNIT_EXPECT_EQ(test, cpu_to_le16(1) + le16_to_cpu(2) + cpu_to_le32(4) + le32_to_cpu(8), 15);

  const { header } = state;
  header.version_ihl = 0x45;
  header.tot_len = htons(60);
  header.ttl = 64;
  header.protocol = 17;
  header.saddr = htonl(0xc0a80001);
  header.daddr = htonl(0xc0a80002);
  header.check = 0;
  header.check = ip_fast_csum(header, header.version_ihl & 15);
  KUNIT_EXPECT_EQ(test, ntohs(header.check), 0xf95d);
  KUNIT_EXPECT_EQ(test, ip_fast_csum(header, 5), 0);
  KUNIT_EXPECT_EQ(test, cast(array(u8, 20), header)[8], 64);
  KUNIT_EXPECT_EQ(test, addr(header, "ttl").value, 64);
}

kunit_test_suite(
  kunit_suite({
    name: "skbuff",
    test_cases: [
      KUNIT_CASE(skb_test_room),
      KUNIT_CASE(skb_test_headers),
      KUNIT_CASE(skb_test_copies),
      KUNIT_CASE(skb_test_queues),
      KUNIT_CASE(skb_test_network_order),
    ],
  }),
);

MODULE_LICENSE("GPL");
