// KUnit: linux/netfilter, with hooks on the packets that the scenario sends through a loopback of this module's own.

import { htons } from "asm/byteorder";
import { KUNIT_CASE, KUNIT_EXPECT_EQ, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { EINVAL, ENOMEM, EOPNOTSUPP } from "linux/errno";
import { alloc_etherdev, eth_hw_addr_random, eth_type_trans } from "linux/etherdevice";
import { IPPROTO_TCP, ip_hdr } from "linux/ip";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  free_netdev,
  NETDEV_TX_OK,
  net_device,
  net_device_ops,
  type netdev_tx_t,
  netif_rx,
  register_netdev,
  unregister_netdev,
} from "linux/netdevice";
import {
  init_net,
  NF_ACCEPT,
  NF_DROP,
  NF_INET_LOCAL_IN,
  NF_INET_LOCAL_OUT,
  NF_IP_PRI_FIRST,
  NF_IP_PRI_LAST,
  NF_STOLEN,
  nf_hook_ops,
  type nf_hook_state,
  nf_register_net_hook,
  nf_unregister_net_hook,
  PF_INET,
} from "linux/netfilter";
import { pr_info } from "linux/printk";
import { kfree_skb, type sk_buff } from "linux/skbuff";
import { TCPHDR_ACK, TCPHDR_SYN, tcp_hdr } from "linux/tcp";
import { type int, ptr, type Ref, struct, type uint } from "linux/types";

const state = struct("state", { dev: ptr(net_device) })({});

/** Nobody gets to port 23, and knows it, nor to port 24. */
function out_hook(priv: Ref<unknown> | null, skb: Ref<sk_buff>, at: Ref<nf_hook_state>): uint {
  const iph = ip_hdr(skb);
  if (iph.protocol !== IPPROTO_TCP || (at.out === null) !== (at.in !== null)) return NF_ACCEPT;
  const tcp = tcp_hdr(skb);
  if ((tcp.flags & TCPHDR_SYN) !== 0 && (tcp.flags & TCPHDR_ACK) === 0) pr_info("connects\n");
  if (tcp.dest === htons(24)) {
    kfree_skb(skb);
    return NF_STOLEN;
  }
  return tcp.dest === htons(23) ? NF_DROP : NF_ACCEPT;
}
function first_hook(): uint {
  pr_info("first\n");
  return NF_ACCEPT;
}
/** What arrives with a time to live of 1 is kept. */
function in_hook(priv: Ref<unknown> | null, skb: Ref<sk_buff>): uint {
  if (ip_hdr(skb).ttl !== 1) return NF_ACCEPT;
  pr_info("stolen\n");
  kfree_skb(skb);
  return NF_STOLEN;
}

const out_ops = nf_hook_ops({ hook: out_hook, pf: PF_INET, hooknum: NF_INET_LOCAL_OUT, priority: NF_IP_PRI_LAST });
const first_ops = nf_hook_ops({ hook: first_hook, pf: PF_INET, hooknum: NF_INET_LOCAL_OUT, priority: NF_IP_PRI_FIRST });
const in_ops = nf_hook_ops({ hook: in_hook, pf: PF_INET, hooknum: NF_INET_LOCAL_IN });
const bad_ops = nf_hook_ops({ hook: in_hook, pf: 10, hooknum: NF_INET_LOCAL_IN });
const worse_ops = nf_hook_ops({ hook: in_hook, pf: PF_INET, hooknum: 17 });

function start_xmit(skb: Ref<sk_buff>, dev: Ref<net_device>): netdev_tx_t {
  skb.protocol = eth_type_trans(skb, dev);
  netif_rx(skb);
  return NETDEV_TX_OK;
}
const ops = net_device_ops({ ndo_start_xmit: start_xmit });

function netfilter_test_register(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, nf_register_net_hook(init_net, bad_ops), -EOPNOTSUPP);
  KUNIT_EXPECT_EQ(test, nf_register_net_hook(init_net, worse_ops), -EINVAL);
}

kunit_test_suite(kunit_suite({ name: "netfilter", test_cases: [KUNIT_CASE(netfilter_test_register)] }));

function filter_init(): int {
  const dev = alloc_etherdev(0);
  if (!dev) return -ENOMEM;
  dev.netdev_ops = ops;
  eth_hw_addr_random(dev);
  state.dev = dev;
  const err = register_netdev(dev);
  if (err) return err;
  for (const hook of [out_ops, first_ops, in_ops]) nf_register_net_hook(init_net, hook);
  return 0;
}
function filter_exit(): void {
  for (const hook of [out_ops, first_ops, in_ops]) nf_unregister_net_hook(init_net, hook);
  unregister_netdev(state.dev!);
  free_netdev(state.dev!);
}
module_init(filter_init);
module_exit(filter_exit);

MODULE_LICENSE("GPL");
