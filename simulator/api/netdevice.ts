// linux/netdevice and linux/rtnetlink: network interfaces, sending and receiving, NAPI.
import type { Raw, Steps } from "../engine/interfaces.ts";
import { TASK_KILLABLE } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { NAPI_POLL_WEIGHT, NAPI_STATE_SCHED } from "../kernel/napi.ts";
import { IFF_LOWER_UP, IFF_RUNNING, IFF_UP, QUEUE_STATE_DRV_XOFF } from "../kernel/net-devices.ts";
import {
  napi_struct,
  net_device,
  net_device_ops,
  net_device_stats,
  netdev_queue,
  rtnl_link_stats64,
  sk_buff,
  sockaddr,
} from "../kernel/net-layouts.ts";
import {
  NET_RX_DROP,
  NET_RX_SUCCESS,
  NET_XMIT_CN,
  NET_XMIT_DROP,
  NETDEV_TX_BUSY,
  NETDEV_TX_OK,
} from "../kernel/net-stack.ts";
import { NET_IP_ALIGN, NET_SKB_PAD } from "../kernel/skbuff.ts";
import { setupEthernet } from "./etherdevice.ts";
import { Header } from "./header.ts";

const MAY_BE_NULL = { mayBeNull: true } as const;

export function netdevice(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  const layouts = { napi_struct, net_device, net_device_ops, net_device_stats, netdev_queue, rtnl_link_stats64 };
  for (const [name, layout] of Object.entries({ ...layouts, sockaddr })) header.layout(name, layout);
  header.constants({ NETDEV_TX_OK, NETDEV_TX_BUSY, NET_RX_SUCCESS, NET_RX_DROP });
  header.constants({ NET_XMIT_SUCCESS: 0, NET_XMIT_DROP, NET_XMIT_CN, NAPI_POLL_WEIGHT, IFNAMSIZ: 16 });
  header.constants({ NET_NAME_UNKNOWN: 0, NET_NAME_ENUM: 1, NET_NAME_PREDICTABLE: 2, NET_NAME_USER: 3 });
  header.constants({ IFF_UP, IFF_RUNNING, IFF_LOWER_UP, IFF_BROADCAST: 2, IFF_LOOPBACK: 8, IFF_NOARP: 0x80 });
  header.constants({ IFF_PROMISC: 0x100, IFF_ALLMULTI: 0x200, IFF_MULTICAST: 0x1000 });
  header.constants({ IFF_TX_SKB_SHARING: 1 << 11, IFF_LIVE_ADDR_CHANGE: 1 << 15, IFF_NO_QUEUE: 1 << 19 });
  header.constants({ NET_ADDR_PERM: 0, NET_ADDR_RANDOM: 1, NET_ADDR_SET: 3, ARPHRD_ETHER: 1 });
  life(header, kernel);
  states(header, kernel);
  traffic(header, kernel);
  polling(header, kernel);
  messages(header, kernel);
  return header;
}

function life(header: Header, kernel: Kernel): void {
  const { core, net } = kernel;
  const { devices } = net;
  /** An interface with room for the driver behind it; `setup` fills it in. Task context, may sleep. NULL: no memory. */
  header.steps(
    "alloc_netdev",
    ["size", "string", "u8", "callback"],
    net_device,
    (bytes: number, name: number, type: number, setup: number) =>
      devices.alloc(bytes, kernel.textAt(name), type, "alloc_netdev_mqs", (dev) => core.callDriver(setup, [dev])),
    MAY_BE_NULL,
  );
  /** Makes an interface one for Ethernet. Any context. */
  header.plain("ether_setup", [net_device], "void", (dev: number) => setupEthernet(kernel, dev));
  /** Frees an interface that is not registered. Task context, may sleep. */
  header.steps("free_netdev", [net_device], "void", (dev: number) => devices.free(dev));
  /** The driver's own room. Any context. */
  header.plain("netdev_priv", [net_device, "like"], "like", (dev: number) => devices.privOf(dev));
  /** The device that the interface belongs to. Any context. */
  header.plain("SET_NETDEV_DEV", [net_device, device], "void", (dev: number, parent: number) =>
    core.memory.store(dev + devices.fields.offset("dev"), 4, parent),
  );
  /** Makes an interface known; from here on it is used. Task context, may sleep. 0, or a negative errno. */
  header.steps("register_netdev", [net_device], "int", (dev: number) => devices.register(dev));
  /** The same under the RTNL. Task context, may sleep. 0, or a negative errno. */
  header.steps("register_netdevice", [net_device], "int", (dev: number) => devices.registerLocked(dev));
  /** Takes an interface down and away. Task context, may sleep. */
  header.steps("unregister_netdev", [net_device], "void", (dev: number) => devices.unregister(dev));
  /** The same under the RTNL; it is finished by rtnl_unlock. Task context, may sleep. */
  header.steps("unregister_netdevice", [net_device], "void", (dev: number) => devices.unregisterLocked(dev));
  /** Takes it up and down under the RTNL. Task context, may sleep. 0, or a negative errno. */
  header.steps("dev_open", [net_device, "ptr"], "int", function* (dev: number): Steps<number> {
    core.mightSleep("dev_open", "include/linux/sched/mm.h:321");
    return yield* devices.up(dev);
  });
  header.steps("dev_close", [net_device], "void", (dev: number) => devices.down(dev));
}

function states(header: Header, kernel: Kernel): void {
  const { net, timers, locks } = kernel;
  const { devices, stack } = net;
  for (const suffix of ["start_queue", "tx_start_all_queues"]) {
    /** Lets the stack send through the interface. Any context. */
    header.plain(`netif_${suffix}`, [net_device], "void", (dev: number) =>
      devices.setQueueState(dev, QUEUE_STATE_DRV_XOFF, false),
    );
  }
  for (const suffix of ["stop_queue", "tx_stop_all_queues"]) {
    /** Keeps the stack from it. Any context. */
    header.plain(`netif_${suffix}`, [net_device], "void", (dev: number) =>
      devices.setQueueState(dev, QUEUE_STATE_DRV_XOFF, true),
    );
  }
  for (const suffix of ["wake_queue", "tx_wake_all_queues"]) {
    /** Lets the stack send again, and what waits goes first. Any context. */
    header.plain(`netif_${suffix}`, [net_device], "void", (dev: number) => stack.wake(dev));
  }
  /** Whether the driver stopped the queue. Any context. */
  header.plain("netif_queue_stopped", [net_device], "bool", (dev: number) => (devices.queueState(dev) & 1) !== 0);
  /** Stops the queue when no transmission is under way. Softirq and task context. */
  header.steps("netif_tx_disable", [net_device], "void", function* (dev: number): Steps<void> {
    yield* locks.spinLock(devices.xmitLockOf(dev), "_bh");
    devices.setQueueState(dev, QUEUE_STATE_DRV_XOFF, true);
    yield* locks.spinUnlock(devices.xmitLockOf(dev), "_bh");
  });
  for (const [name, variant] of [
    ["netif_tx_lock", ""],
    ["netif_tx_lock_bh", "_bh"],
  ] as const) {
    /** Waits until no transmission is under way, and keeps others from one. Softirq context; with `_bh` also task. */
    header.steps(name, [net_device], "void", (dev: number) => locks.spinLock(devices.xmitLockOf(dev), variant));
    header.steps(name.replace("lock", "unlock"), [net_device], "void", (dev: number) =>
      locks.spinUnlock(devices.xmitLockOf(dev), variant),
    );
  }
  /** The cable is there, or is not. Any context. */
  header.plain("netif_carrier_on", [net_device], "void", (dev: number) => devices.setCarrier(dev, true));
  header.plain("netif_carrier_off", [net_device], "void", (dev: number) => devices.setCarrier(dev, false));
  header.plain("netif_carrier_ok", [net_device], "bool", (dev: number) => devices.hasCarrier(dev));
  /** Whether the interface is up. Any context. */
  header.plain("netif_running", [net_device], "bool", (dev: number) => devices.isRunning(dev));
  /** Whether its device can be used; detaching and attaching say so. Any context. */
  header.plain("netif_device_present", [net_device], "bool", (dev: number) => devices.isPresent(dev));
  header.plain("netif_device_detach", [net_device], "void", (dev: number) => {
    if (devices.isPresent(dev) && devices.isRunning(dev)) devices.setQueueState(dev, QUEUE_STATE_DRV_XOFF, true);
    devices.setPresent(dev, false);
  });
  header.plain("netif_device_attach", [net_device], "void", (dev: number) => {
    const wasThere = devices.isPresent(dev);
    devices.setPresent(dev, true);
    if (!wasThere && devices.isRunning(dev)) stack.wake(dev);
  });
  /** A transmission begins now, for the watchdog. Any context. */
  header.plain("netif_trans_update", [net_device], "void", (dev: number) => devices.setTransStart(dev, timers.jiffies));
  /** A queue of an interface. Any context. */
  header.plain("netdev_get_tx_queue", [net_device, "u32"], netdev_queue, (dev: number, _index: number) =>
    devices.queueOf(dev),
  );
}

function traffic(header: Header, { net: { stack } }: Kernel): void {
  /** Sends a buffer through its `dev`. Softirq and task context. NET_XMIT_SUCCESS, or why it was dropped. */
  header.steps("dev_queue_xmit", [sk_buff], "int", (skb: number) => stack.xmit(skb));
  /** Gives a received buffer to the stack, through a softirq. Any context. NET_RX_SUCCESS, or NET_RX_DROP. */
  header.steps("netif_rx", [sk_buff], "int", (skb: number) => stack.rx(skb));
  /** Gives it to the stack now. Softirq context. NET_RX_SUCCESS, or NET_RX_DROP. */
  header.steps("netif_receive_skb", [sk_buff], "int", (skb: number) => stack.receive(skb));
  /** The same for a driver that polls. Softirq context. */
  header.steps("napi_gro_receive", [napi_struct, sk_buff], "int", (_napi: number, skb: number) => stack.receive(skb));
}

function polling(header: Header, { net: { napis, skbs } }: Kernel): void {
  /** Gives an interface a function that is polled for packets, disabled at first. Task context. */
  header.plain(
    "netif_napi_add",
    [net_device, napi_struct, "callback"],
    "void",
    (dev: number, napi: number, fn: number) => napis.add(dev, napi, fn, NAPI_POLL_WEIGHT),
  );
  /** The same with a budget of its own. Task context. */
  header.plain(
    "netif_napi_add_weight",
    [net_device, napi_struct, "callback", "int"],
    "void",
    (dev: number, napi: number, fn: number, weight: number) => napis.add(dev, napi, fn, weight),
  );
  /** Takes it away, while it is disabled. Task context, may sleep. */
  header.plain("netif_napi_del", [napi_struct], "void", (napi: number) => napis.delete(napi));
  /** Lets it be scheduled. Any context. */
  header.steps("napi_enable", [napi_struct], "void", (napi: number) => napis.enable(napi));
  /** Waits until it is not scheduled, and keeps it from being so. Task context, may sleep. */
  header.steps("napi_disable", [napi_struct], "void", (napi: number) => napis.disable(napi));
  /** Whether the caller is to schedule it. Any context. */
  header.plain("napi_schedule_prep", [napi_struct], "bool", (napi: number) => napis.prepare(napi));
  /** Has it polled in a softirq of this CPU. Any context. */
  header.plain("__napi_schedule", [napi_struct], "void", (napi: number) => napis.schedule(napi));
  /** Both at once. Any context. Whether it was not scheduled before. */
  header.plain("napi_schedule", [napi_struct], "bool", (napi: number) => {
    if (!napis.prepare(napi)) return false;
    napis.schedule(napi);
    return true;
  });
  /** There is nothing left to poll for; false when it was scheduled meanwhile. Softirq context. */
  header.plain("napi_complete_done", [napi_struct, "int"], "bool", (napi: number, _work: number) =>
    napis.complete(napi),
  );
  header.plain("napi_complete", [napi_struct], "bool", (napi: number) => napis.complete(napi));
  /** Whether it is scheduled. Any context. */
  header.plain(
    "napi_is_scheduled",
    [napi_struct],
    "bool",
    (napi: number) => (napis.stateOf(napi) & NAPI_STATE_SCHED) !== 0,
  );
  /** A buffer for a frame that is received now. Softirq context. NULL: no memory. */
  header.steps(
    "napi_alloc_skb",
    [napi_struct, "u32"],
    sk_buff,
    (napi: number, bytes: number) =>
      skbs.allocForDevice(napis.deviceOf(napi), bytes, undefined, NET_SKB_PAD + NET_IP_ALIGN),
    MAY_BE_NULL,
  );
}

function messages(header: Header, kernel: Kernel): void {
  const { log, net } = kernel;
  const levels = { err: 3, warn: 4, notice: 5, info: 6 } as const;
  for (const [suffix, level] of Object.entries(levels)) {
    /** Writes a line about an interface to the log. Any context. */
    header.plain(`netdev_${suffix}`, [net_device, "format"], "void", (dev: number, format: number, ...values: Raw[]) =>
      log.printk(format, values, level, `${net.devices.label(dev)}: `),
    );
  }
}

export function rtnetlink(kernel: Kernel): Header {
  const { core, net } = kernel;
  const { devices } = net;
  const header = new Header(core);
  /** Takes the lock under which interfaces change. Task context, may sleep. */
  header.steps("rtnl_lock", [], "void", () => devices.rtnlLock("rtnl_lock"));
  /** The same, given up at a fatal signal. Task context, may sleep. 0, or -EINTR. */
  header.steps("rtnl_lock_killable", [], "int", () => devices.rtnlLock("rtnl_lock_killable", TASK_KILLABLE));
  /** Takes it if it is free. Task context. 1 when taken, else 0. */
  header.plain("rtnl_trylock", [], "int", () => devices.rtnlTrylock());
  /** Gives it back; interfaces that were unregistered are finished. Task context, may sleep. */
  header.steps("rtnl_unlock", [], "void", () => devices.rtnlUnlock());
  /** Whether somebody has it. Any context. */
  header.plain("rtnl_is_locked", [], "bool", () => devices.isRtnlLocked);
  /** Says so when nobody has it. Any context. */
  header.plain("ASSERT_RTNL", [], "void", () => {
    if (!devices.isRtnlLocked) kernel.warn(`RTNL: assertion failed at ${core.here.replace(":", " (")})`);
  });
  return header;
}
