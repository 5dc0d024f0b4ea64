// KUnit: what networking drivers get wrong: the scenario sends frames whose first byte says what.
import { KUNIT_CASE, KUNIT_EXPECT_FALSE, type kunit, kunit_suite, kunit_test_suite } from "kunit/test";
import { ENOMEM } from "linux/errno";
import { alloc_etherdev, eth_hw_addr_random } from "linux/etherdevice";
import {
  CLOCK_MONOTONIC,
  HRTIMER_MODE_REL_HARD,
  HRTIMER_NORESTART,
  hrtimer,
  hrtimer_init,
  type hrtimer_restart_t,
  hrtimer_start,
} from "linux/hrtimer";
import { ETH_HLEN } from "linux/if_ether";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  free_netdev,
  IFF_NO_QUEUE,
  NETDEV_TX_BUSY,
  NETDEV_TX_OK,
  napi_complete,
  napi_enable,
  napi_schedule,
  napi_struct,
  net_device,
  net_device_ops,
  netdev_priv,
  type netdev_tx_t,
  netif_napi_add_weight,
  netif_rx,
  register_netdev,
  type rtnl_link_stats64,
  unregister_netdev,
} from "linux/netdevice";
import { consume_skb, dev_consume_skb_any, kfree_skb, sk_buff, skb_copy, skb_push, skb_put } from "linux/skbuff";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { bool, type int, ptr, type Ref, struct } from "linux/types";

const priv = struct("priv", { napi: napi_struct });
const state = struct("state", { dev: ptr(net_device), timer: hrtimer, skb: ptr(sk_buff), any: bool })({});

/** In an interrupt: only the forms for any context may be called. */
function misuse_expired(timer: Ref<hrtimer>): hrtimer_restart_t {
  if (state.any) dev_consume_skb_any(state.skb);
  else consume_skb(state.skb);
  return HRTIMER_NORESTART;
}

function misuse_start_xmit(skb: Ref<sk_buff>, dev: Ref<net_device>): netdev_tx_t {
  const { napi } = netdev_priv(dev, priv); // reports: missing-release
  switch (skb.data[ETH_HLEN]) {
    case 1:
      kfree_skb(skb_copy(skb, GFP_KERNEL)); // reports: sleep-in-atomic
      break;
    case 2:
      kfree_skb(skb);
      kfree_skb(skb); // reports: use-after-free
      return NETDEV_TX_OK;
    case 3:
      // Without a queue there is nowhere to wait.
      return NETDEV_TX_BUSY;
    case 4:
      skb_put(skb, 1000); // reports: oops
      break;
    case 5:
      skb_push(skb, 1000); // reports: oops
      break;
    case 6:
      napi_enable(napi);
      napi_enable(napi); // reports: oops
      break;
    case 7:
      napi_schedule(napi);
      break;
    case 8:
      // Nobody frees it.
      return NETDEV_TX_OK;
    case 9:
      // The stack has freed it by the time that softirqs are on again, here or a statement later.
      netif_rx(skb);
      return NETDEV_TX_OK;
    case 10:
    case 11:
      state.skb = skb;
      state.any = skb.data[ETH_HLEN] === 10;
      hrtimer_start(state.timer, 1000n, HRTIMER_MODE_REL_HARD);
      return NETDEV_TX_OK;
  }
  consume_skb(skb);
  return NETDEV_TX_OK;
}

/** Says that it did more than it was allowed to. */
function misuse_poll(napi: Ref<napi_struct>, budget: int): int {
  napi_complete(napi);
  return budget + 1;
}

function misuse_get_stats64(dev: Ref<net_device>, storage: Ref<rtnl_link_stats64>): void {
  const p = kmalloc(8, GFP_KERNEL); // reports: sleep-in-atomic
  storage.rx_packets = p ? 1n : 0n;
  kfree(p);
}

const misuse_ops = net_device_ops({ ndo_start_xmit: misuse_start_xmit, ndo_get_stats64: misuse_get_stats64 });

function misuse_init(): int {
  const dev = alloc_etherdev(priv);
  if (!dev) return -ENOMEM;
  // What ends in an oops leaves its locks locked.
  dev.lltx = true;
  dev.priv_flags |= IFF_NO_QUEUE;
  dev.netdev_ops = misuse_ops;
  netif_napi_add_weight(dev, netdev_priv(dev, priv).napi, misuse_poll, 4);
  eth_hw_addr_random(dev);
  state.dev = dev;
  hrtimer_init(state.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
  state.timer.function = misuse_expired;
  return register_netdev(dev);
}
function misuse_exit(): void {
  unregister_netdev(state.dev!);
  free_netdev(state.dev!);
}

function net_test_disabled(test: Ref<kunit>): void {
  KUNIT_EXPECT_FALSE(test, napi_schedule(netdev_priv(state.dev!, priv).napi));
}

kunit_test_suite(kunit_suite({ name: "net_misuse", test_cases: [KUNIT_CASE(net_test_disabled)] }));
module_init(misuse_init);
module_exit(misuse_exit);

MODULE_LICENSE("GPL");
