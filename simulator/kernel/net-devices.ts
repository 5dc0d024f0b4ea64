// Network interfaces: their registration under the RTNL, up and down, the state of queue and carrier, and their figures.
// Source: net/core/dev.c, net/sched/sch_generic.c
import type { Steps } from "../engine/interfaces.ts";
import { roundUp } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import { type Core, TASK_KILLABLE } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { Inbox } from "./inbox.ts";
import { mutex, offsetOf } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import { net_device, net_device_ops, net_device_stats, netdev_queue, rtnl_link_stats64 } from "./net-layouts.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { CheckedStruct } from "./struct.ts";
import { encode, textAt } from "./text.ts";

export const IFF_UP = 0x1;
export const IFF_RUNNING = 0x40;
export const IFF_LOWER_UP = 0x10000;
/** `priv_flags`: buffers go to the driver without waiting in a queue. */
export const IFF_NO_QUEUE = 1 << 19;
export const DEFAULT_TX_QUEUE_LEN = 1000;

/** `reg_state`, enum netdev_reg_state. */
const NETREG_UNINITIALIZED = 0;
const NETREG_REGISTERED = 1;
const NETREG_UNREGISTERING = 2;
const NETREG_UNREGISTERED = 3;
const STATES = [" (uninitialized)", "", " (unregistering)", " (unregistered)", " (released)"];

/** Bits of `state`, enum netdev_state_t. */
const START = 1;
const PRESENT = 2;
const NOCARRIER = 4;
/** Bits of a queue's `state`, enum netdev_queue_state_t. */
export const QUEUE_STATE_DRV_XOFF = 1;
const QUEUE_STATE_FROZEN = 4;

const IFNAMSIZ = 16;
const MUTEX = "kernel/locking/mutex.c:586";
const DEV_ADDR = offsetOf(net_device, "addr_storage");
const PRIV = roundUp(net_device.size, 32);

/** What the kernel keeps of an interface beside its `struct net_device`. */
export interface NetDevice {
  readonly address: number;
  /** Buffers that wait to be sent: the queueing discipline, pfifo_fast. */
  readonly waiting: number[];
  /** There is a queueing discipline: the interface is up and has a carrier. */
  isActive: boolean;
  /** Who is in the driver's ndo_start_xmit; whom an oops ended is not there any more. */
  readonly senders: Set<Task>;
  /** NET_TX_SOFTIRQ is to look at the queue. */
  isScheduled: boolean;
  readonly napis: number[];
  /** Frames that were delivered and not received yet, with their link-level headers. */
  readonly frames: Inbox<Uint8Array>;
  /** What the stack itself dropped. */
  readonly dropped: { rx: number; tx: number };
}

export class NetDevices {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly statics: Statics;
  private readonly locks: Locks;
  private readonly devices: Devices;
  private readonly resources: Resources;
  readonly fields: CheckedStruct;
  private readonly ops: CheckedStruct;
  private readonly queue: CheckedStruct;
  private readonly known = new Map<number, NetDevice>();
  /** Unregistered under the RTNL, and finished when it is given back. */
  private readonly todo: number[] = [];
  private rtnlAddress = 0;
  private nextIndex = 2;
  /** What the rest of the stack does for an interface whose state changes. */
  whenActive: (dev: NetDevice) => void = () => {};
  whenInactive: (dev: NetDevice) => void = () => {};
  whenUnregistered: (dev: NetDevice) => void = () => {};
  whenGone: (dev: NetDevice) => void = () => {};

  constructor(core: Core, slab: Slab, statics: Statics, locks: Locks, devices: Devices, resources: Resources) {
    this.core = core;
    this.slab = slab;
    this.statics = statics;
    this.locks = locks;
    this.devices = devices;
    this.resources = resources;
    this.fields = new CheckedStruct(core.memory, net_device);
    this.ops = new CheckedStruct(core.memory, net_device_ops);
    this.queue = new CheckedStruct(core.memory, netdev_queue);
  }

  /** rtnl_lock() and rtnl_lock_killable(): 0, or -EINTR. */
  rtnlLock(callee: string, state?: number): Steps<number> {
    return this.locks.sleepLock(this.rtnl, { flavour: "mutex", callee, where: MUTEX, state });
  }

  rtnlTrylock(): number {
    return this.locks.sleepTrylock(this.rtnl, { flavour: "mutex" });
  }

  /** rtnl_unlock(): interfaces that were unregistered meanwhile are finished. */
  *rtnlUnlock(): Steps<void> {
    const todo = this.todo.splice(0);
    this.locks.mutexUnlock(this.rtnl);
    if (todo.length > 0) this.core.mightSleep("rtnl_unlock", MUTEX);
    for (const dev of todo) {
      this.fields.set(dev, "reg_state", NETREG_UNREGISTERED);
      const destructor = this.fields.get(dev, "priv_destructor");
      if (destructor !== 0) yield* this.core.callDriver(destructor, [dev]);
      if (this.fields.get(dev, "needs_free_netdev") !== 0) this.release(dev);
    }
  }

  get isRtnlLocked(): boolean {
    return this.locks.isLocked(this.rtnl, "mutex");
  }

  /** ASSERT_RTNL(), at `file:line` of Linux 6.12. */
  assertRtnl(fn: string, line: number, file = "net/core/dev.c"): void {
    if (!this.isRtnlLocked) this.core.warn(file, line, fn, `RTNL: assertion failed at ${file} (${line})`);
  }

  /** alloc_netdev(): the struct and behind it room for the driver; `setup` is a driver's function or the kernel's. */
  *alloc(
    bytes: number,
    name: string,
    nameType: number,
    callee: string,
    setup: (dev: number) => Steps<unknown>,
  ): Steps<number> {
    const dev = yield* this.slab.kzalloc(PRIV + bytes, GFP_KERNEL, callee);
    if (dev === 0) return 0;
    const { fields } = this;
    this.put(dev + fields.offset("name"), name.slice(0, IFNAMSIZ - 1));
    fields.set(dev, "name_assign_type", nameType);
    fields.set(dev, "dev_addr", dev + DEV_ADDR);
    fields.set(dev, "state", PRESENT);
    fields.set(dev, "num_tx_queues", 1);
    fields.set(dev, "real_num_tx_queues", 1);
    const queue = dev + fields.offset("queue");
    fields.set(dev, "_tx", queue);
    this.queue.set(queue, "dev", dev);
    this.queue.set(queue, "xmit_lock_owner", -1);
    const list = dev + fields.offset("napi_list");
    this.core.memory.store(list, 4, list);
    this.core.memory.store(list + 4, 4, list);
    this.locks.init(dev + fields.offset("addr_list_lock"), "spinlock", "_netdev_addr_lock");
    this.locks.init(dev + fields.offset("tx_global_lock"), "spinlock", "&dev->tx_global_lock");
    this.locks.init(queue + this.queue.offset("_xmit_lock"), "spinlock", "_xmit_ETHER");
    this.known.set(dev, {
      address: dev,
      waiting: [],
      isActive: false,
      senders: new Set(),
      isScheduled: false,
      napis: [],
      frames: new Inbox(this.core),
      dropped: { rx: 0, tx: 0 },
    });
    yield* setup(dev);
    // Without a length of its own it needs no queue.
    if (fields.get(dev, "tx_queue_len") === 0) {
      fields.set(dev, "priv_flags", fields.get(dev, "priv_flags") | IFF_NO_QUEUE);
      fields.set(dev, "tx_queue_len", DEFAULT_TX_QUEUE_LEN);
    }
    return dev;
  }

  /** netdev_priv() */
  privOf(dev: number): number {
    return dev + PRIV;
  }

  *free(dev: number): Steps<void> {
    this.core.mightSleep("free_netdev", "net/core/dev.c:11444");
    const state = this.fields.get(dev, "reg_state");
    if (state === NETREG_UNREGISTERING) {
      this.assertRtnl("free_netdev", 11451);
      this.fields.set(dev, "needs_free_netdev", 1);
      return;
    }
    if (state === NETREG_REGISTERED) yield* this.bug(11487);
    this.release(dev);
  }

  /** register_netdev(): 0, or a negative errno. */
  *register(dev: number): Steps<number> {
    if ((yield* this.rtnlLock("register_netdev", TASK_KILLABLE)) !== 0) return -errno.EINTR;
    const result = yield* this.registerLocked(dev, "register_netdev");
    yield* this.rtnlUnlock();
    return result;
  }

  /** register_netdevice(), under the RTNL. */
  *registerLocked(dev: number, callee = "register_netdevice"): Steps<number> {
    const { fields } = this;
    this.assertRtnl("register_netdevice", 10606);
    this.core.mightSleep(callee, "net/core/dev.c:10608");
    if (fields.get(dev, "reg_state") !== NETREG_UNINITIALIZED) yield* this.bug(10611);
    const name = this.freeName(this.nameOf(dev));
    if (typeof name === "number") return name;
    this.put(dev + fields.offset("name"), name);
    const init = yield* this.call(dev, "ndo_init", []);
    if ((init ?? 0) !== 0) return (init ?? 0) > 0 ? -errno.EIO : init!;
    fields.set(dev, "ifindex", this.nextIndex++);
    const address = dev + fields.offset("dev");
    this.devices.add(address, name, "net", 0, this.core.memory.load(address, 4, false));
    fields.set(dev, "reg_state", NETREG_REGISTERED);
    this.resources.obtain(`netdev ${dev}`, `network interface ${name}`);
    return 0;
  }

  /** unregister_netdev(). */
  *unregister(dev: number): Steps<void> {
    yield* this.rtnlLock("unregister_netdev");
    yield* this.unregisterLocked(dev, "unregister_netdev");
    yield* this.rtnlUnlock();
  }

  /** unregister_netdevice(), under the RTNL: it goes down first. */
  *unregisterLocked(dev: number, callee = "unregister_netdevice"): Steps<void> {
    const { fields } = this;
    this.assertRtnl("unregister_netdevice_queue", 11566);
    const state = fields.get(dev, "reg_state");
    if (state === NETREG_UNINITIALIZED) {
      this.core.warn("net/core/dev.c", 11602, "unregister_netdevice_many_notify");
      return;
    }
    if (state !== NETREG_REGISTERED) yield* this.bug(11607);
    yield* this.down(dev);
    fields.set(dev, "reg_state", NETREG_UNREGISTERING);
    this.core.mightSleep(callee, "net/core/dev.c:11516");
    yield* this.call(dev, "ndo_uninit", []);
    this.devices.remove(dev + fields.offset("dev"));
    this.resources.giveBack(`netdev ${dev}`);
    const known = this.find(dev);
    if (known !== undefined) this.whenUnregistered(known);
    this.todo.push(dev);
  }

  /** dev_open(): 0, or what the driver's ndo_open says. */
  *up(dev: number): Steps<number> {
    const { fields } = this;
    this.assertRtnl("__dev_open", 1524);
    if ((fields.get(dev, "flags") & IFF_UP) !== 0) return 0;
    if ((fields.get(dev, "state") & PRESENT) === 0) return -errno.ENODEV;
    this.setState(dev, START, true);
    let result = (yield* this.call(dev, "ndo_validate_addr", [])) ?? 0;
    if (result === 0) result = (yield* this.call(dev, "ndo_open", [])) ?? 0;
    if (result !== 0) {
      this.setState(dev, START, false);
      return result;
    }
    fields.set(dev, "flags", fields.get(dev, "flags") | IFF_UP);
    yield* this.setRxMode(dev);
    this.activate(dev);
    return 0;
  }

  /** dev_close(). */
  *down(dev: number): Steps<void> {
    const { fields, core } = this;
    const known = this.find(dev);
    if ((fields.get(dev, "flags") & IFF_UP) === 0) return;
    core.mightSleep("__dev_close_many", "net/core/dev.c:1604");
    this.setState(dev, START, false);
    this.deactivate(dev);
    while (known !== undefined && isBusy(known)) yield* core.sleep(1e6, "a transmission to end");
    yield* this.call(dev, "ndo_stop", []);
    fields.set(dev, "flags", fields.get(dev, "flags") & ~IFF_UP);
  }

  /** dev_set_mtu(): 0, or a negative errno. */
  *setMtu(dev: number, mtu: number): Steps<number> {
    const { fields } = this;
    const [least, most] = [fields.get(dev, "min_mtu"), fields.get(dev, "max_mtu")];
    if (mtu < least || (most > 0 && mtu > most)) return -errno.EINVAL;
    const result = yield* this.call(dev, "ndo_change_mtu", [mtu]);
    if (result === undefined) fields.set(dev, "mtu", mtu);
    return result ?? 0;
  }

  /** Calls an operation with the interface as its first argument; undefined when there is none. */
  *call(dev: number, name: string, rest: readonly number[]): Steps<number | undefined> {
    const fn = this.operation(dev, name);
    return fn === 0 ? undefined : yield* this.core.callDriver(fn, [dev, ...rest]);
  }

  /** The address of an operation, 0 when the driver has none. */
  operation(dev: number, name: string): number {
    const ops = this.fields.get(dev, "netdev_ops");
    return ops === 0 ? 0 : this.ops.get(ops, name);
  }

  get all(): readonly NetDevice[] {
    return [...this.known.values()];
  }

  find(dev: number): NetDevice | undefined {
    return this.known.get(dev);
  }

  /** A registered interface by its name; 0 when there is none. */
  named(name: string): number {
    for (const dev of this.known.keys()) {
      if (this.fields.get(dev, "reg_state") === NETREG_REGISTERED && this.nameOf(dev) === name) return dev;
    }
    return 0;
  }

  nameOf(dev: number): string {
    return textAt(this.core.memory, dev + this.fields.offset("name"), IFNAMSIZ);
  }

  /** netif_running() */
  isRunning(dev: number): boolean {
    return (this.fields.get(dev, "state") & START) !== 0;
  }

  /** netif_carrier_ok() */
  hasCarrier(dev: number): boolean {
    return (this.fields.get(dev, "state") & NOCARRIER) === 0;
  }

  /** netif_device_present() */
  isPresent(dev: number): boolean {
    return (this.fields.get(dev, "state") & PRESENT) !== 0;
  }

  setPresent(dev: number, isPresent: boolean): void {
    this.setState(dev, PRESENT, isPresent);
  }

  /** dev_get_flags(): with what is found out only when it is asked for. */
  flagsOf(dev: number): number {
    const flags = this.fields.get(dev, "flags") & ~(IFF_RUNNING | IFF_LOWER_UP);
    if (!this.isRunning(dev)) return flags;
    return flags | (this.hasCarrier(dev) ? IFF_RUNNING | IFF_LOWER_UP : 0);
  }

  /** netif_carrier_on() and netif_carrier_off(). */
  setCarrier(dev: number, isOn: boolean): void {
    if (this.hasCarrier(dev) === isOn) return;
    this.setState(dev, NOCARRIER, !isOn);
    if (this.fields.get(dev, "reg_state") === NETREG_UNINITIALIZED || !this.isRunning(dev)) return;
    if (isOn) this.activate(dev);
    else this.deactivate(dev);
  }

  /** The address of the one queue. */
  queueOf(dev: number): number {
    return this.fields.get(dev, "_tx");
  }

  queueState(dev: number): number {
    return this.queue.get(this.queueOf(dev), "state");
  }

  setQueueState(dev: number, bit: number, isSet: boolean): void {
    const state = this.queueState(dev);
    this.queue.set(this.queueOf(dev), "state", isSet ? state | bit : state & ~bit);
  }

  /** netif_freeze_queues() and its opposite. */
  freeze(dev: number, isFrozen: boolean): void {
    this.setQueueState(dev, QUEUE_STATE_FROZEN, isFrozen);
  }

  /** trans_start of the queue, in jiffies. */
  transStart(dev: number): number {
    return this.queue.get(this.queueOf(dev), "trans_start");
  }

  setTransStart(dev: number, jiffies: number): void {
    this.queue.set(this.queueOf(dev), "trans_start", jiffies);
  }

  /** The lock under which the driver sends. */
  xmitLockOf(dev: number): number {
    return this.queueOf(dev) + this.queue.offset("_xmit_lock");
  }

  /** dev_get_stats(): under RCU, as reading /sys/class/net/…/statistics does. */
  *statistic(dev: number, name: string): Steps<bigint> {
    const { memory } = this.core;
    const { stack } = this.statics;
    const own = net_device_stats.members.find((member) => member.name === name);
    const wide = rtnl_link_stats64.members.find((member) => member.name === name);
    if (own === undefined || wide === undefined) return BigInt(-errno.ENOENT);
    const fn = this.operation(dev, "ndo_get_stats64");
    let value: bigint;
    if (fn !== 0) {
      const mark = stack.mark();
      const storage = stack.push(rtnl_link_stats64.size, 8);
      memory.bytesAt(storage, rtnl_link_stats64.size).fill(0);
      yield* this.core.callDriver(fn, [dev, storage]);
      value = memory.load64(storage + wide.offset, false);
      stack.release(mark);
    } else {
      const stats = (yield* this.call(dev, "ndo_get_stats", [])) ?? dev + this.fields.offset("stats");
      value = BigInt(memory.load((stats >>> 0) + own.offset, 4, false));
    }
    const dropped = this.find(dev)?.dropped ?? { rx: 0, tx: 0 };
    if (name === "rx_dropped") return value + BigInt(dropped.rx);
    return name === "tx_dropped" ? value + BigInt(dropped.tx) : value;
  }

  /** netdev_printk(): what a line about an interface begins with. */
  label(dev: number): string {
    const name = this.nameOf(dev);
    const words = name === "" || name.includes("%") ? "(unnamed net_device)" : name;
    const label = `${words}${STATES[this.fields.get(dev, "reg_state")] ?? " (unknown)"}`;
    const parent = this.core.memory.load(dev + this.fields.offset("dev"), 4, false);
    return parent === 0 ? label : `${this.devices.label(parent)} ${label}`;
  }

  private *setRxMode(dev: number): Steps<void> {
    if (this.operation(dev, "ndo_set_rx_mode") === 0) return;
    const lock = dev + this.fields.offset("addr_list_lock");
    yield* this.locks.spinLock(lock, "_bh");
    yield* this.call(dev, "ndo_set_rx_mode", []);
    yield* this.locks.spinUnlock(lock, "_bh");
  }

  private activate(dev: number): void {
    const known = this.find(dev);
    if (known === undefined || known.isActive || !this.hasCarrier(dev)) return;
    known.isActive = true;
    this.whenActive(known);
  }

  private deactivate(dev: number): void {
    const known = this.find(dev);
    if (known?.isActive !== true) return;
    known.isActive = false;
    this.whenInactive(known);
  }

  private release(dev: number): void {
    const known = this.find(dev);
    if (known !== undefined) this.whenGone(known);
    this.known.delete(dev);
    this.slab.kfree(dev);
  }

  private setState(dev: number, bit: number, isSet: boolean): void {
    const state = this.fields.get(dev, "state");
    this.fields.set(dev, "state", isSet ? state | bit : state & ~bit);
  }

  /** dev_get_valid_name(): `eth%d` becomes the first that is free. */
  private freeName(name: string): string | number {
    if (name === "" || name.includes("/") || name.includes(" ") || name.includes(":")) return -errno.EINVAL;
    if (!name.includes("%d")) return this.named(name) === 0 ? name : -errno.EEXIST;
    for (let number = 0; ; number++) {
      const candidate = name.replace("%d", String(number));
      if (this.named(candidate) === 0) return candidate;
    }
  }

  private put(address: number, text: string): void {
    const bytes = [...encode(text), 0];
    this.core.memory.touch(address, bytes.length, true);
    this.core.memory.bytesAt(address, bytes.length).set(bytes);
  }

  private *bug(line: number): Steps<void> {
    yield { kind: "fault", fault: { message: `kernel BUG at net/core/dev.c:${line}!` } };
  }

  private get rtnl(): number {
    if (this.rtnlAddress === 0) {
      this.rtnlAddress = this.statics.global(mutex.size, mutex.align, "rtnl_mutex");
      this.locks.init(this.rtnlAddress, "mutex", "rtnl_mutex");
    }
    return this.rtnlAddress;
  }
}

/** Whether a transmission is under way, on a CPU or on any. */
export function isBusy({ senders }: NetDevice, cpu?: number): boolean {
  return [...senders].some((task) => task.state !== "done" && (cpu === undefined || task.cpu === cpu));
}
