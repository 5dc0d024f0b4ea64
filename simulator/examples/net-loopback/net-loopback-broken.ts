// net-loopback.ts with one mistake: the length of a frame is asked for after its buffer was given back.
import { ENOMEM } from "linux/errno";
import { alloc_etherdev, eth_hw_addr_random, eth_mac_addr, eth_type_trans, eth_validate_addr } from "linux/etherdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  free_netdev,
  NETDEV_TX_OK,
  napi_complete_done,
  napi_disable,
  napi_enable,
  napi_gro_receive,
  napi_schedule,
  napi_struct,
  net_device,
  net_device_ops,
  netdev_priv,
  type netdev_tx_t,
  netif_napi_add,
  netif_queue_stopped,
  netif_start_queue,
  netif_stop_queue,
  netif_wake_queue,
  register_netdev,
  unregister_netdev,
} from "linux/netdevice";
import {
  consume_skb,
  netdev_alloc_skb_ip_align,
  type sk_buff,
  sk_buff_head,
  skb_dequeue,
  skb_put_data,
  skb_queue_head_init,
  skb_queue_len,
  skb_queue_purge,
  skb_queue_tail,
} from "linux/skbuff";
import { type int, ptr, type Ref, struct } from "linux/types";

/** Frames that are on the cable at most. */
const CABLE_LENGTH = 8;

const loop = struct("loop", {
  napi: napi_struct,
  /** Frames that were sent and have not arrived. */
  cable: sk_buff_head,
});

const loop_state = struct("loop_state", { dev: ptr(net_device) })({});

/** Softirqs are off and the transmit lock is held: nothing here may sleep. */
function loop_start_xmit(skb: Ref<sk_buff>, dev: Ref<net_device>): netdev_tx_t {
  const lo = netdev_priv(dev, loop);

  const copy = netdev_alloc_skb_ip_align(dev, skb.len);
  if (copy) {
    skb_put_data(copy, skb.data, skb.len);
    skb_queue_tail(lo.cable, copy);
  } else {
    dev.stats.rx_dropped += 1;
  }
  // Stopped in time, so that NETDEV_TX_BUSY is never needed; polling wakes it.
  if (skb_queue_len(lo.cable) >= CABLE_LENGTH) netif_stop_queue(dev);

  consume_skb(skb);
  dev.stats.tx_packets += 1;
  dev.stats.tx_bytes += skb.len; // reports: use-after-free

  napi_schedule(lo.napi);
  return NETDEV_TX_OK;
}

function loop_poll(napi: Ref<napi_struct>, budget: int): int {
  const dev = napi.dev!;
  const lo = netdev_priv(dev, loop);
  let work = 0;

  while (work < budget) {
    const skb = skb_dequeue(lo.cable);
    if (!skb) break;
    dev.stats.rx_packets += 1;
    dev.stats.rx_bytes += skb.len;
    skb.protocol = eth_type_trans(skb, dev);
    // From here on the buffer is the stack's.
    napi_gro_receive(napi, skb);
    work += 1;
  }

  if (netif_queue_stopped(dev)) netif_wake_queue(dev);
  if (work < budget) napi_complete_done(napi, work);
  return work;
}

function loop_open(dev: Ref<net_device>): int {
  napi_enable(netdev_priv(dev, loop).napi);
  netif_start_queue(dev);
  return 0;
}

function loop_stop(dev: Ref<net_device>): int {
  const lo = netdev_priv(dev, loop);

  netif_stop_queue(dev);
  // What is still on the cable is lost, once nobody polls any more.
  napi_disable(lo.napi);
  skb_queue_purge(lo.cable);
  return 0;
}

const loop_ops = net_device_ops({
  ndo_open: loop_open,
  ndo_stop: loop_stop,
  ndo_start_xmit: loop_start_xmit,
  ndo_set_mac_address: eth_mac_addr,
  ndo_validate_addr: eth_validate_addr,
});

function loop_init(): int {
  const dev = alloc_etherdev(loop);
  if (!dev) return -ENOMEM;

  const lo = netdev_priv(dev, loop);
  skb_queue_head_init(lo.cable);
  netif_napi_add(dev, lo.napi, loop_poll);
  dev.netdev_ops = loop_ops;
  eth_hw_addr_random(dev);
  loop_state.dev = dev;

  // From here on the interface can be used, so this comes last.
  const err = register_netdev(dev);
  if (err) free_netdev(dev);
  return err;
}

function loop_exit(): void {
  const dev = loop_state.dev!;

  // Takes the interface down, too.
  unregister_netdev(dev);
  free_netdev(dev);
}

module_init(loop_init);
module_exit(loop_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A network interface that hears itself");
