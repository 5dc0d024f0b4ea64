// KUnit: linux/netdevice, linux/etherdevice and linux/rtnetlink, with an interface that polls and one that does not.

import { htons, ntohs } from "asm/byteorder";
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { local_bh_disable, local_bh_enable } from "linux/bottom_half";
import { class_, class_create, class_destroy, device_create, device_destroy } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { EADDRNOTAVAIL, EBUSY, EEXIST } from "linux/errno";
import {
  alloc_etherdev,
  eth_broadcast_addr,
  eth_hw_addr_random,
  eth_hw_addr_set,
  eth_mac_addr,
  eth_random_addr,
  eth_type_trans,
  eth_validate_addr,
  eth_zero_addr,
  ether_addr_copy,
  ether_addr_equal,
  is_broadcast_ether_addr,
  is_multicast_ether_addr,
  is_valid_ether_addr,
  is_zero_ether_addr,
} from "linux/etherdevice";
import { MKDEV } from "linux/fs";
import { ETH_ALEN, ETH_DATA_LEN, ETH_HLEN, ETH_P_IP, eth_hdr } from "linux/if_ether";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  __napi_schedule,
  ARPHRD_ETHER,
  alloc_netdev,
  dev_close,
  dev_open,
  dev_queue_xmit,
  ether_setup,
  free_netdev,
  IFF_NO_QUEUE,
  IFF_UP,
  NAPI_POLL_WEIGHT,
  NET_NAME_ENUM,
  NET_RX_DROP,
  NET_RX_SUCCESS,
  NETDEV_TX_BUSY,
  NETDEV_TX_OK,
  napi_alloc_skb,
  napi_complete,
  napi_complete_done,
  napi_disable,
  napi_enable,
  napi_gro_receive,
  napi_is_scheduled,
  napi_schedule,
  napi_schedule_prep,
  napi_struct,
  net_device,
  net_device_ops,
  type net_device_stats,
  netdev_err,
  netdev_get_tx_queue,
  netdev_info,
  netdev_notice,
  netdev_priv,
  type netdev_tx_t,
  netdev_warn,
  netif_carrier_off,
  netif_carrier_ok,
  netif_carrier_on,
  netif_device_attach,
  netif_device_detach,
  netif_device_present,
  netif_napi_add,
  netif_napi_add_weight,
  netif_napi_del,
  netif_queue_stopped,
  netif_receive_skb,
  netif_running,
  netif_rx,
  netif_start_queue,
  netif_stop_queue,
  netif_trans_update,
  netif_tx_disable,
  netif_tx_lock,
  netif_tx_lock_bh,
  netif_tx_start_all_queues,
  netif_tx_stop_all_queues,
  netif_tx_unlock,
  netif_tx_unlock_bh,
  netif_tx_wake_all_queues,
  netif_wake_queue,
  register_netdev,
  register_netdevice,
  type rtnl_link_stats64,
  SET_NETDEV_DEV,
  sockaddr,
  unregister_netdev,
  unregister_netdevice,
} from "linux/netdevice";
import { in_softirq, preempt_count } from "linux/preempt";
import { ASSERT_RTNL, rtnl_is_locked, rtnl_lock, rtnl_lock_killable, rtnl_trylock, rtnl_unlock } from "linux/rtnetlink";
import {
  consume_skb,
  NET_IP_ALIGN,
  NET_SKB_PAD,
  netdev_alloc_skb,
  netdev_alloc_skb_ip_align,
  type sk_buff,
  sk_buff_head,
  skb_dequeue,
  skb_headroom,
  skb_mac_header,
  skb_put_zero,
  skb_queue_head_init,
  skb_queue_len,
  skb_queue_tail,
  skb_reset_mac_header,
} from "linux/skbuff";
import { array, cast, char, type int, ptr, type Ref, struct, u8, u32, u64, type uint } from "linux/types";

const priv = struct("priv", {
  napi: napi_struct,
  received: sk_buff_head,
  busy: u32,
  polls: u32,
  most: u32,
  timeouts: u32,
  contexts: u32,
  rx_modes: u32,
  inits: u32,
  bytes: u64,
});
const state = struct("state", {
  dev: ptr(net_device),
  old: ptr(net_device),
  mac: array(u8, 6),
  other: array(u8, 6),
  cls: ptr(class_),
})({});

function knet_init(dev: Ref<net_device>): int {
  netdev_priv(dev, priv).inits += 1;
  return 0;
}
function knet_uninit(dev: Ref<net_device>): void {
  netdev_priv(dev, priv).inits += 16;
}
function knet_open(dev: Ref<net_device>): int {
  napi_enable(netdev_priv(dev, priv).napi);
  netif_start_queue(dev);
  return 0;
}
function knet_stop(dev: Ref<net_device>): int {
  netif_stop_queue(dev);
  napi_disable(netdev_priv(dev, priv).napi);
  return 0;
}
/** What is sent is received: by polling, so many at a time. */
function knet_start_xmit(skb: Ref<sk_buff>, dev: Ref<net_device>): netdev_tx_t {
  const p = netdev_priv(dev, priv);
  if (in_softirq()) p.contexts += 1;
  if (p.busy) {
    p.busy -= 1;
    return NETDEV_TX_BUSY;
  }
  dev.stats.tx_packets += 1;
  dev.stats.tx_bytes += skb.len;
  const first = skb.data[ETH_HLEN];
  skb_queue_tail(p.received, skb);
  // "stop" makes the queue stop for good.
  if (first === 0x73) netif_stop_queue(dev);
  if (napi_schedule_prep(p.napi)) __napi_schedule(p.napi);
  return NETDEV_TX_OK;
}
function knet_poll(napi: Ref<napi_struct>, budget: int): int {
  const dev = napi.dev!;
  const p = netdev_priv(dev, priv);
  let work = 0;
  p.polls += 1;
  while (work < budget) {
    const skb = skb_dequeue(p.received);
    if (!skb) break;
    dev.stats.rx_packets += 1;
    dev.stats.rx_bytes += skb.len;
    skb.protocol = eth_type_trans(skb, dev);
    if (work % 2) napi_gro_receive(napi, skb);
    else netif_receive_skb(skb);
    work += 1;
  }
  if (work > p.most) p.most = work;
  if (work < budget) napi_complete_done(napi, work);
  return work;
}
function knet_tx_timeout(dev: Ref<net_device>, txqueue: uint): void {
  const p = netdev_priv(dev, priv);
  p.timeouts += 1;
  netif_trans_update(dev);
  if (p.timeouts === 2) netif_wake_queue(dev);
}
function knet_set_rx_mode(dev: Ref<net_device>): void {
  netdev_priv(dev, priv).rx_modes += preempt_count() ? 1 : 0;
}

const knet_ops = net_device_ops({
  ndo_init: knet_init,
  ndo_uninit: knet_uninit,
  ndo_open: knet_open,
  ndo_stop: knet_stop,
  ndo_start_xmit: knet_start_xmit,
  ndo_tx_timeout: knet_tx_timeout,
  ndo_set_rx_mode: knet_set_rx_mode,
  ndo_set_mac_address: eth_mac_addr,
  ndo_validate_addr: eth_validate_addr,
});

/** Sends back through netif_rx(), without a queue. */
function simple_start_xmit(skb: Ref<sk_buff>, dev: Ref<net_device>): netdev_tx_t {
  netdev_priv(dev, priv).bytes += BigInt(skb.len);
  skb.protocol = eth_type_trans(skb, dev);
  netif_rx(skb);
  return NETDEV_TX_OK;
}
function simple_get_stats64(dev: Ref<net_device>, storage: Ref<rtnl_link_stats64>): void {
  storage.tx_bytes = netdev_priv(dev, priv).bytes;
}
function simple_change_mtu(dev: Ref<net_device>, mtu: int): int {
  if (mtu > 1000) return -EBUSY;
  dev.mtu = mtu;
  return 0;
}
const simple_ops = net_device_ops({
  ndo_start_xmit: simple_start_xmit,
  ndo_get_stats64: simple_get_stats64,
  ndo_change_mtu: simple_change_mtu,
});

function own_stats(dev: Ref<net_device>): Ref<net_device_stats> {
  dev.stats.rx_errors = 7;
  return dev.stats;
}
const old_ops = net_device_ops({ ndo_start_xmit: simple_start_xmit, ndo_get_stats: own_stats });

function simple_setup(dev: Ref<net_device>): void {
  ether_setup(dev);
  dev.netdev_ops = simple_ops;
  dev.tx_queue_len = 0;
}

function make(): Ref<net_device> | null {
  const dev = alloc_etherdev(priv);
  if (!dev) return null;
  const p = netdev_priv(dev, priv);
  skb_queue_head_init(p.received);
  dev.netdev_ops = knet_ops;
  dev.watchdog_timeo = 1000;
  netif_napi_add_weight(dev, p.napi, knet_poll, 4);
  for (let i = 0; i < 6; i++) state.mac[i] = 2 + i;
  eth_hw_addr_set(dev, state.mac);
  return dev;
}

function net_test_addresses(test: Ref<kunit>): void {
  const dev = alloc_etherdev(16)!;
  KUNIT_ASSERT_NOT_NULL(test, dev);
  KUNIT_EXPECT_EQ(test, dev.type, ARPHRD_ETHER);
  KUNIT_EXPECT_EQ(test, dev.mtu, ETH_DATA_LEN);
  KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(dev.dev_addr));
  KUNIT_EXPECT_EQ(test, eth_validate_addr(dev), -EADDRNOTAVAIL);
  eth_hw_addr_random(dev);
  KUNIT_EXPECT_TRUE(test, is_valid_ether_addr(dev.dev_addr));
  KUNIT_EXPECT_EQ(test, eth_validate_addr(dev), 0);
  KUNIT_EXPECT_EQ(test, dev.dev_addr[0] & 3, 2);
  KUNIT_EXPECT_TRUE(test, is_broadcast_ether_addr(dev.broadcast));
  KUNIT_EXPECT_TRUE(test, is_multicast_ether_addr(dev.broadcast));
  const { mac, other } = state;
  eth_zero_addr(mac);
  eth_random_addr(mac);
  KUNIT_EXPECT_FALSE(test, ether_addr_equal(mac, dev.dev_addr) || is_zero_ether_addr(mac));
  ether_addr_copy(other, mac);
  KUNIT_EXPECT_TRUE(test, ether_addr_equal(mac, other));
  eth_broadcast_addr(other);
  KUNIT_EXPECT_EQ(test, other[ETH_ALEN - 1], 255);
  eth_zero_addr(other);
  KUNIT_EXPECT_EQ(test, other[0], 0);
  const to = sockaddr({});
  ether_addr_copy(to.sa_data, mac);
  KUNIT_EXPECT_EQ(test, eth_mac_addr(dev, to), 0);
  KUNIT_EXPECT_TRUE(test, ether_addr_equal(mac, dev.dev_addr));
  free_netdev(dev);
}

function net_test_lock(test: Ref<kunit>): void {
  rtnl_lock();
  KUNIT_EXPECT_TRUE(test, rtnl_is_locked());
  ASSERT_RTNL();
  KUNIT_EXPECT_EQ(test, rtnl_trylock(), 0);
  rtnl_unlock();
  KUNIT_EXPECT_EQ(test, rtnl_lock_killable(), 0);
  rtnl_unlock();
  KUNIT_EXPECT_EQ(test, rtnl_trylock(), 1);
  rtnl_unlock();
  KUNIT_EXPECT_FALSE(test, rtnl_is_locked());
  // Told in the log.
  ASSERT_RTNL();
}

function net_test_states(test: Ref<kunit>): void {
  const dev = alloc_netdev(priv, "sn%d", NET_NAME_ENUM, simple_setup)!;
  KUNIT_ASSERT_NOT_NULL(test, dev);
  KUNIT_EXPECT_STREQ(test, cast(array(char, 16), dev.name), "sn%d");
  netdev_warn(dev, "not yet\n");
  KUNIT_EXPECT_TRUE(test, dev.priv_flags & IFF_NO_QUEUE);
  eth_hw_addr_random(dev);
  rtnl_lock();
  KUNIT_EXPECT_EQ(test, register_netdevice(dev), 0);
  KUNIT_EXPECT_EQ(test, dev_open(dev, null), 0);
  rtnl_unlock();
  KUNIT_EXPECT_STREQ(test, cast(array(char, 16), dev.name), "sn0");
  KUNIT_EXPECT_TRUE(test, netif_running(dev));
  KUNIT_EXPECT_TRUE(test, dev.flags & IFF_UP);
  KUNIT_EXPECT_PTR_EQ(test, netdev_get_tx_queue(dev, 0).dev, dev);
  for (const [stop, start] of [
    [netif_stop_queue, netif_start_queue],
    [netif_tx_stop_all_queues, netif_tx_start_all_queues],
    [netif_tx_disable, netif_tx_wake_all_queues],
  ] as const) {
    stop(dev);
    KUNIT_EXPECT_TRUE(test, netif_queue_stopped(dev));
    start(dev);
    KUNIT_EXPECT_FALSE(test, netif_queue_stopped(dev));
  }
  netif_carrier_off(dev);
  KUNIT_EXPECT_FALSE(test, netif_carrier_ok(dev));
  netif_carrier_on(dev);
  KUNIT_EXPECT_TRUE(test, netif_carrier_ok(dev));
  netif_device_detach(dev);
  KUNIT_EXPECT_FALSE(test, netif_device_present(dev));
  KUNIT_EXPECT_TRUE(test, netif_queue_stopped(dev));
  netif_device_attach(dev);
  KUNIT_EXPECT_TRUE(test, netif_device_present(dev));
  KUNIT_EXPECT_FALSE(test, netif_queue_stopped(dev));
  netif_tx_lock_bh(dev);
  KUNIT_EXPECT_TRUE(test, preempt_count() > 1);
  netif_tx_unlock_bh(dev);
  local_bh_disable();
  netif_tx_lock(dev);
  KUNIT_EXPECT_TRUE(test, preempt_count() & 1);
  netif_tx_unlock(dev);
  local_bh_enable();
  netdev_notice(dev, "%d\n", 1);
  netdev_err(dev, "%d\n", 2);

  const twin = alloc_netdev(0, "sn0", NET_NAME_ENUM, ether_setup)!;
  KUNIT_EXPECT_EQ(test, register_netdev(twin), -EEXIST);
  free_netdev(twin);
  rtnl_lock();
  dev_close(dev);
  KUNIT_EXPECT_FALSE(test, netif_running(dev));
  unregister_netdevice(dev);
  rtnl_unlock();
  netdev_info(dev, "gone\n");
  free_netdev(dev);
}

function net_test_buffers(test: Ref<kunit>): void {
  const dev = state.dev!;
  const skb = netdev_alloc_skb(dev, 60)!;
  KUNIT_EXPECT_PTR_EQ(test, skb.dev, dev);
  KUNIT_EXPECT_EQ(test, skb_headroom(skb), NET_SKB_PAD);
  skb_put_zero(skb, 60);
  for (let i = 0; i < 6; i++) skb.data[i] = 0xff;
  skb.data[12] = 8;
  KUNIT_EXPECT_EQ(test, ntohs(eth_type_trans(skb, dev)), ETH_P_IP);
  KUNIT_EXPECT_EQ(test, skb.len, 60 - ETH_HLEN);
  KUNIT_EXPECT_EQ(test, skb.pkt_type, 1);
  KUNIT_EXPECT_EQ(test, eth_hdr(skb).h_proto, htons(ETH_P_IP));
  skb_reset_mac_header(skb);
  KUNIT_EXPECT_PTR_EQ(test, skb_mac_header(skb), skb.data);
  // It is down.
  KUNIT_EXPECT_EQ(test, netif_rx(skb), NET_RX_DROP);
  const aligned = netdev_alloc_skb_ip_align(dev, 60)!;
  KUNIT_EXPECT_EQ(test, skb_headroom(aligned), NET_SKB_PAD + NET_IP_ALIGN);
  consume_skb(aligned);
  const polled = napi_alloc_skb(netdev_priv(dev, priv).napi, 60)!;
  KUNIT_EXPECT_PTR_EQ(test, polled.dev, dev);
  skb_put_zero(polled, 60);
  polled.protocol = eth_type_trans(polled, dev);
  local_bh_disable();
  KUNIT_EXPECT_EQ(test, netif_receive_skb(polled), NET_RX_SUCCESS);
  local_bh_enable();
}

function net_test_napi(test: Ref<kunit>): void {
  const dev = state.dev!;
  const p = netdev_priv(dev, priv);
  const { napi } = p;
  // It begins disabled.
  KUNIT_EXPECT_FALSE(test, napi_schedule(napi));
  KUNIT_EXPECT_TRUE(test, napi_is_scheduled(napi));
  napi_enable(napi);
  KUNIT_EXPECT_FALSE(test, napi_is_scheduled(napi));
  local_bh_disable();
  KUNIT_EXPECT_TRUE(test, napi_schedule(napi));
  KUNIT_EXPECT_FALSE(test, napi_schedule(napi));
  KUNIT_EXPECT_EQ(test, p.polls, 0);
  local_bh_enable();
  // Once more because it was scheduled meanwhile.
  KUNIT_EXPECT_EQ(test, p.polls, 2);
  KUNIT_EXPECT_TRUE(test, napi_schedule_prep(napi));
  KUNIT_EXPECT_TRUE(test, napi_complete(napi));
  KUNIT_EXPECT_FALSE(test, napi_is_scheduled(napi));
  napi_disable(napi);
  KUNIT_EXPECT_TRUE(test, napi_is_scheduled(napi));
  KUNIT_EXPECT_EQ(test, napi.weight, 4);
  netif_napi_del(napi);
  netif_napi_add(dev, napi, knet_poll);
  KUNIT_EXPECT_EQ(test, napi.weight, NAPI_POLL_WEIGHT);
  netif_napi_del(napi);
  netif_napi_add_weight(dev, napi, knet_poll, 4);
  KUNIT_EXPECT_EQ(test, skb_queue_len(p.received), 0);
  p.polls = 0;
}

function net_test_send(test: Ref<kunit>): void {
  const dev = state.dev!;
  rtnl_lock();
  KUNIT_EXPECT_EQ(test, dev_open(dev, null), 0);
  rtnl_unlock();
  KUNIT_EXPECT_EQ(test, netdev_priv(dev, priv).rx_modes, 1);
  local_bh_disable();
  for (let i = 0; i < 10; i++) {
    const skb = netdev_alloc_skb(dev, 60)!;
    skb_put_zero(skb, 60)[ETH_HLEN] = i;
    // The first one has to be sent twice.
    if (i === 0) netdev_priv(dev, priv).busy = 1;
    KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
  }
  local_bh_enable();
  KUNIT_EXPECT_EQ(test, dev.stats.tx_packets, 10);
  KUNIT_EXPECT_EQ(test, netdev_priv(dev, priv).contexts, 11);
  rtnl_lock();
  dev_close(dev);
  rtnl_unlock();
  KUNIT_EXPECT_EQ(test, dev.stats.rx_packets, 10);
  KUNIT_EXPECT_EQ(test, netdev_priv(dev, priv).most, 4);
}

function knet_module_init(): int {
  const dev = make();
  if (!dev) return -12;
  const cls = class_create("bench");
  if (IS_ERR(cls)) return PTR_ERR(cls);
  const parent = device_create(cls, null, MKDEV(0, 7), null, "bench0");
  if (IS_ERR(parent)) return PTR_ERR(parent);
  state.cls = cls;
  SET_NETDEV_DEV(dev, parent);
  state.dev = dev;
  const err = register_netdev(dev);
  if (err) return err;
  const simple = alloc_netdev(priv, "old%d", NET_NAME_ENUM, simple_setup)!;
  simple.netdev_ops = old_ops;
  state.old = simple;
  return register_netdev(simple);
}
function knet_module_exit(): void {
  for (const dev of [state.dev!, state.old!]) {
    unregister_netdev(dev);
    free_netdev(dev);
  }
  device_destroy(state.cls!, MKDEV(0, 7));
  class_destroy(state.cls!);
}

kunit_test_suite(
  kunit_suite({
    name: "netdevice",
    test_cases: [
      KUNIT_CASE(net_test_addresses),
      KUNIT_CASE(net_test_lock),
      KUNIT_CASE(net_test_states),
      KUNIT_CASE(net_test_buffers),
      KUNIT_CASE(net_test_napi),
      KUNIT_CASE(net_test_send),
    ],
  }),
);
module_init(knet_module_init);
module_exit(knet_module_exit);

MODULE_LICENSE("GPL");
