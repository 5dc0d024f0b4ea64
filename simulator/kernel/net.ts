// Networking: buffers, interfaces, the stack between them and programs, and generic netlink, put together.
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { Genetlink } from "./genetlink.ts";
import type { Locks } from "./locks.ts";
import { Napis } from "./napi.ts";
import { NetDevices } from "./net-devices.ts";
import { NetStack } from "./net-stack.ts";
import { Netfilter } from "./netfilter.ts";
import { PacketSockets } from "./packet-sockets.ts";
import type { Log } from "./printk.ts";
import type { Rcu } from "./rcu.ts";
import type { Resources } from "./resources.ts";
import { SkBuffs } from "./skbuff.ts";
import type { Slab } from "./slab.ts";
import type { Softirqs } from "./softirqs.ts";
import type { Statics } from "./statics.ts";
import type { Timers } from "./timers.ts";
import { TxWatchdog } from "./tx-watchdog.ts";
import type { UserMemory } from "./user.ts";

/** The parts of the kernel that networking stands on. */
export interface Ground {
  readonly core: Core;
  readonly log: Log;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly locks: Locks;
  readonly rcu: Rcu;
  readonly softirqs: Softirqs;
  readonly timers: Timers;
  readonly devices: Devices;
  readonly resources: Resources;
  readonly user: UserMemory;
}

export class Net {
  readonly skbs: SkBuffs;
  readonly devices: NetDevices;
  readonly napis: Napis;
  readonly netfilter: Netfilter;
  readonly stack: NetStack;
  readonly sockets: PacketSockets;
  readonly genl: Genetlink;
  private readonly statics: Statics;
  private namespaceAddress = 0;
  private seed = 0x6472764c;

  constructor({ core, log, slab, statics, locks, rcu, softirqs, timers, devices, resources, user }: Ground) {
    this.statics = statics;
    this.skbs = new SkBuffs(core, log, slab, locks);
    this.devices = new NetDevices(core, slab, statics, locks, devices, resources);
    this.napis = new Napis(core, log, softirqs, this.devices);
    this.netfilter = new Netfilter(core, locks, statics, rcu, this.skbs, resources);
    const watchdog = new TxWatchdog(core, log, locks, timers, this.devices);
    const { skbs, devices: interfaces, napis, netfilter } = this;
    const jiffies = (): number => timers.jiffies;
    this.stack = new NetStack({
      core,
      log,
      locks,
      rcu,
      softirqs,
      skbs,
      devices: interfaces,
      napis,
      watchdog,
      netfilter,
      resources,
      jiffies,
    });
    this.sockets = new PacketSockets(core, statics, user, rcu, skbs, interfaces, this.stack, netfilter);
    this.genl = new Genetlink(core, log, slab, statics, locks, skbs, resources);
  }

  /** `&init_net`: the one namespace, of which nobody looks at the members. */
  get initNet(): number {
    if (this.namespaceAddress === 0) this.namespaceAddress = this.statics.global(4, 4, "init_net");
    return this.namespaceAddress;
  }

  /** Bytes that look random and are the same in every run. */
  randomBytes(count: number): number[] {
    return Array.from({ length: count }, () => {
      this.seed = (Math.imul(this.seed, 0x41c64e6d) + 0x3039) >>> 0;
      return this.seed >>> 24;
    });
  }
}
