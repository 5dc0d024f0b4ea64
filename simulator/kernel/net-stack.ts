// What lies between interfaces and programs: sending through a queue under the interface's lock, and receiving in NET_RX_SOFTIRQ.
// Source: net/core/dev.c, net/sched/sch_generic.c
import { hook } from "../engine/hook.ts";
import type { Image, Steps } from "../engine/interfaces.ts";
import { type Core, SOFTIRQ_DISABLE_OFFSET } from "./core.ts";
import { errno } from "./errno.ts";
import { plainFunction } from "./kernel-functions.ts";
import type { Locks } from "./locks.ts";
import type { Napis } from "./napi.ts";
import { IFF_NO_QUEUE, IFF_UP, isBusy, type NetDevice, type NetDevices } from "./net-devices.ts";
import { ETH_P_IP, type Netfilter, NF_INET_LOCAL_IN, NF_INET_PRE_ROUTING } from "./netfilter.ts";
import type { Log } from "./printk.ts";
import type { Rcu } from "./rcu.ts";
import type { Resources } from "./resources.ts";
import type { SkBuffs } from "./skbuff.ts";
import { SOFTIRQS, type Softirqs } from "./softirqs.ts";
import type { TxWatchdog } from "./tx-watchdog.ts";

/** What senders are told, include/linux/netdevice.h. */
export const NET_XMIT_DROP = 1;
export const NET_XMIT_CN = 2;
const NET_XMIT_MASK = 0xf;
export const NETDEV_TX_OK = 0;
export const NETDEV_TX_BUSY = 0x10;
export const NET_RX_SUCCESS = 0;
export const NET_RX_DROP = 1;

/** net.core.netdev_max_backlog, and what a packet socket holds here. */
const MAX_BACKLOG = 1000;
const MAX_FRAMES = 1000;
const XOFF = 0b111;

/** Everything that the stack is made of. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly locks: Locks;
  readonly rcu: Rcu;
  readonly softirqs: Softirqs;
  readonly skbs: SkBuffs;
  readonly devices: NetDevices;
  readonly napis: Napis;
  readonly watchdog: TxWatchdog;
  readonly netfilter: Netfilter;
  readonly resources: Resources;
  jiffies(): number;
}

export class NetStack {
  private readonly parts: Parts;
  /** Buffers to be freed in NET_TX_SOFTIRQ, for each CPU. */
  private readonly completed: number[][];
  /** What netif_rx() took, for each CPU. */
  private readonly backlogs: number[][];
  /** Buffers that a driver took to send and nobody has freed, with its ndo_start_xmit, 0 while that runs. */
  private readonly given = new Map<number, number>();
  /** sock_wfree(), the destructor of buffers that programs send. */
  private wfree = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    const { core, softirqs, devices, napis } = parts;
    this.completed = Array.from({ length: core.engine.cpuCount }, () => []);
    this.backlogs = Array.from({ length: core.engine.cpuCount }, () => []);
    softirqs.open(SOFTIRQS.NET_TX_SOFTIRQ, (cpu) => this.transmitLater(cpu), "net_tx_action");
    napis.setBacklog((cpu, budget) => this.processBacklog(cpu, budget));
    hook(devices, "whenActive", ({ address }) => {
      devices.setTransStart(address, parts.jiffies());
      parts.watchdog.up(address);
    });
    hook(devices, "whenInactive", (dev) => {
      for (const skb of dev.waiting.splice(0)) this.drop(dev, skb);
      parts.watchdog.down(dev.address);
    });
    hook(devices, "whenUnregistered", ({ address }) => {
      for (const backlog of this.backlogs) {
        for (const skb of backlog.splice(0)) {
          if (parts.skbs.get(skb, "dev") === address) parts.skbs.free(skb);
          else backlog.push(skb);
        }
      }
    });
    hook(parts.skbs, "whenFreed", (skb) => this.given.delete(skb));
    hook(devices, "whenGone", (dev) => {
      for (const skb of dev.waiting.splice(0)) parts.skbs.free(skb);
      for (const napi of dev.napis.splice(0)) napis.forget(napi);
    });
  }

  /** dev_queue_xmit(): NET_XMIT_SUCCESS, or that the buffer was dropped. It is not the caller's any more. */
  *xmit(skb: number): Steps<number> {
    const { core, rcu, skbs, devices } = this.parts;
    const dev = skbs.get(skb, "dev");
    const known = devices.find(dev);
    skbs.resetHeader(skb, "mac_header");
    core.preemptDisable(SOFTIRQ_DISABLE_OFFSET);
    rcu.hold("rcu_read_lock_bh");
    let result = -errno.ENODEV;
    if (known === undefined) skbs.free(skb);
    else if ((devices.fields.get(dev, "priv_flags") & IFF_NO_QUEUE) !== 0) result = yield* this.xmitAtOnce(known, skb);
    else result = yield* this.enqueue(known, skb);
    rcu.release("rcu_read_lock_bh");
    yield* core.bhEnable();
    return result;
  }

  /** netif_wake_queue(): whoever waits is sent. */
  wake(dev: number): void {
    const { devices } = this.parts;
    const isStopped = (devices.queueState(dev) & 1) !== 0;
    devices.setQueueState(dev, 1, false);
    if (isStopped) this.schedule(devices.find(dev));
  }

  /** dev_kfree_skb_irq(): freed in a softirq. */
  freeLater(skb: number): void {
    if (skb === 0) return;
    const { core, softirqs } = this.parts;
    this.completed[core.engine.cpu]!.push(skb);
    softirqs.raise(SOFTIRQS.NET_TX_SOFTIRQ);
  }

  /** netif_rx(): the buffer goes through NET_RX_SOFTIRQ of this CPU. NET_RX_SUCCESS, or NET_RX_DROP. */
  *rx(skb: number): Steps<number> {
    const { core, napis, skbs, devices } = this.parts;
    const needsBhOff = !core.inHardirq && !core.inSoftirq;
    if (needsBhOff) core.preemptDisable(SOFTIRQ_DISABLE_OFFSET);
    const dev = devices.find(skbs.get(skb, "dev"));
    const backlog = this.backlogs[core.engine.cpu]!;
    let result = NET_RX_SUCCESS;
    if (dev === undefined || !devices.isRunning(dev.address) || backlog.length > MAX_BACKLOG) {
      if (dev !== undefined) dev.dropped.rx++;
      skbs.free(skb);
      result = NET_RX_DROP;
    } else {
      backlog.push(skb);
      napis.scheduleBacklog();
    }
    if (needsBhOff) yield* core.bhEnable();
    return result;
  }

  /** netif_receive_skb(): to those who want it, now. */
  *receive(skb: number): Steps<number> {
    const { rcu, skbs, devices, netfilter } = this.parts;
    skbs.resetHeader(skb, "network_header");
    if (!skbs.hasHeader(skb, "transport_header")) skbs.resetHeader(skb, "transport_header");
    const dev = devices.find(skbs.get(skb, "dev"));
    if (dev === undefined) {
      skbs.free(skb);
      return NET_RX_DROP;
    }
    rcu.readLock();
    this.tap(dev, skb);
    let accepted = true;
    if (skbs.get(skb, "protocol") === ETH_P_IP) {
      for (const hook of [NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN]) {
        accepted = accepted && (yield* netfilter.run(hook, skb, dev.address, 0)) === 1;
      }
    }
    rcu.readUnlock();
    if (accepted) skbs.free(skb);
    return NET_RX_SUCCESS;
  }

  /** A module goes: it had to free what it took to send, which kmemleak would not lay at its door. */
  unloaded(image: Image): void {
    const { core, resources } = this.parts;
    const lost = new Map<number, number>();
    for (const [skb, fn] of this.given) {
      if (core.engine.imageOf(fn) !== image) continue;
      lost.set(fn, (lost.get(fn) ?? 0) + 1);
      this.given.delete(skb);
    }
    for (const [address, count] of lost) {
      const fn = core.nameOf(address);
      const site = image.program.sites.find((one) => one.fn === fn);
      const stack = [{ fn, site, context: "softirq" as const }];
      const module = resources.moduleOf(stack) ?? "";
      core.emit({ kind: "module-leak", module, what: "sk_buff to send", count, bytes: 0, stack });
    }
  }

  /** A buffer of a program's that is about to be sent. */
  ownedBySocket(skb: number): void {
    const { core, skbs } = this.parts;
    if (this.wfree === 0) this.wfree = plainFunction(core.engine, "sock_wfree", () => 0);
    skbs.set(skb, "destructor", this.wfree);
  }

  /** A packet socket takes a copy of the frame, from its link-level header on. */
  private tap(dev: NetDevice, skb: number): void {
    const { core, skbs } = this.parts;
    const end = skbs.get(skb, "data") + skbs.get(skb, "len");
    const mac = skbs.hasHeader(skb, "mac_header") ? skbs.headerOf(skb, "mac_header") : skbs.get(skb, "data");
    const start = Math.min(mac, end);
    if (dev.frames.length >= MAX_FRAMES) return;
    core.memory.touch(start, end - start, false);
    dev.frames.push(core.memory.bytesAt(start, end - start).slice());
  }

  private *processBacklog(cpu: number, budget: number): Steps<number> {
    const backlog = this.backlogs[cpu]!;
    let work = 0;
    for (; work < budget && backlog.length > 0; work++) yield* this.receive(backlog.shift()!);
    return work;
  }

  /** noqueue: the driver gets it at once. */
  private *xmitAtOnce(dev: NetDevice, skb: number): Steps<number> {
    const { core, log, devices } = this.parts;
    const { address } = dev;
    if ((devices.fields.get(address, "flags") & IFF_UP) !== 0) {
      if (isBusy(dev, core.engine.cpu)) {
        log.write(`Dead loop on virtual device ${devices.nameOf(address)}, fix it urgently!`, 2);
        this.drop(dev, skb);
        return -errno.ENETDOWN;
      }
      const isStopped = (devices.queueState(address) & XOFF) !== 0;
      const result = isStopped ? NETDEV_TX_BUSY : yield* this.locked(dev, skb);
      if (result < NET_XMIT_MASK) return result;
      log.write(`Virtual device ${devices.nameOf(address)} asks to queue packet!`, 2);
    }
    this.drop(dev, skb);
    return -errno.ENETDOWN;
  }

  private *enqueue(dev: NetDevice, skb: number): Steps<number> {
    const { devices } = this.parts;
    if (!dev.isActive) {
      this.drop(dev, skb);
      return NET_XMIT_CN;
    }
    if (dev.waiting.length >= devices.fields.get(dev.address, "tx_queue_len")) {
      this.drop(dev, skb);
      return NET_XMIT_DROP;
    }
    dev.waiting.push(skb);
    yield* this.runQueue(dev);
    return 0;
  }

  /** __qdisc_run(): sends what waits, until the driver stops the queue. */
  private *runQueue(dev: NetDevice): Steps<void> {
    const { log, devices } = this.parts;
    if (isBusy(dev)) return;
    while (dev.isActive && dev.waiting.length > 0 && (devices.queueState(dev.address) & XOFF) === 0) {
      const skb = dev.waiting.shift()!;
      const result = yield* this.locked(dev, skb);
      if (result < NET_XMIT_MASK) continue;
      if (result !== NETDEV_TX_BUSY) {
        log.write(`BUG ${devices.nameOf(dev.address)} code ${result} qlen ${dev.waiting.length}`, 4);
      }
      dev.waiting.unshift(skb);
      this.schedule(dev);
      return;
    }
  }

  /** dev_hard_start_xmit() under the interface's transmit lock, unless the driver locks for itself. */
  private *locked(dev: NetDevice, skb: number): Steps<number> {
    const { core, locks, devices } = this.parts;
    const { address } = dev;
    const lock = devices.fields.get(address, "lltx") !== 0 ? 0 : devices.xmitLockOf(address);
    const { task } = core;
    dev.senders.add(task);
    if (lock !== 0) yield* locks.spinLock(lock, "");
    const fn = devices.operation(address, "ndo_start_xmit");
    this.given.set(skb, 0);
    const result = yield* core.steps("dev_hard_start_xmit", core.callDriver(fn, [skb, address]));
    if (result === NETDEV_TX_OK) devices.setTransStart(address, this.parts.jiffies());
    else if (result > NET_XMIT_MASK) this.given.delete(skb);
    if (this.given.has(skb)) this.given.set(skb, fn);
    if (lock !== 0) yield* locks.spinUnlock(lock, "");
    dev.senders.delete(task);
    return result;
  }

  private schedule(dev: NetDevice | undefined): void {
    if (dev === undefined || dev.isScheduled) return;
    dev.isScheduled = true;
    this.parts.softirqs.raise(SOFTIRQS.NET_TX_SOFTIRQ);
  }

  private *transmitLater(cpu: number): Steps<void> {
    const { devices, skbs } = this.parts;
    for (const skb of this.completed[cpu]!.splice(0)) skbs.free(skb);
    for (const dev of devices.all) {
      if (!dev.isScheduled) continue;
      dev.isScheduled = false;
      yield* this.runQueue(dev);
    }
  }

  private drop(dev: NetDevice, skb: number): void {
    dev.dropped.tx++;
    this.parts.skbs.free(skb);
  }
}
