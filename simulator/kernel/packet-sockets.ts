// What programs do with interfaces: packet sockets and raw IP sockets, and what `ip link` does.
// Source: net/packet/af_packet.c, net/ipv4/raw.c, net/core/dev.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import type { NetDevices } from "./net-devices.ts";
import { sockaddr } from "./net-layouts.ts";
import { NET_XMIT_CN, type NetStack } from "./net-stack.ts";
import { ETH_P_IP, type Netfilter, NF_ACCEPT, NF_DROP, NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING } from "./netfilter.ts";
import type { Rcu } from "./rcu.ts";
import type { SkBuffs } from "./skbuff.ts";
import type { Statics } from "./statics.ts";
import type { UserMemory } from "./user.ts";

const ETH_HLEN = 14;
const ETH_ALEN = 6;

export class PacketSockets {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly user: UserMemory;
  private readonly rcu: Rcu;
  private readonly skbs: SkBuffs;
  private readonly devices: NetDevices;
  private readonly stack: NetStack;
  private readonly netfilter: Netfilter;

  constructor(
    core: Core,
    statics: Statics,
    user: UserMemory,
    rcu: Rcu,
    skbs: SkBuffs,
    devices: NetDevices,
    stack: NetStack,
    netfilter: Netfilter,
  ) {
    this.core = core;
    this.statics = statics;
    this.user = user;
    this.rcu = rcu;
    this.skbs = skbs;
    this.devices = devices;
    this.stack = stack;
    this.netfilter = netfilter;
  }

  /** `ip link set dev NAME up`, or `down`: 0, or a negative errno. */
  *setUp(name: string, isUp: boolean): Steps<number> {
    return yield* this.underRtnl(name, (dev) => (isUp ? this.devices.up(dev) : this.zero(this.devices.down(dev))));
  }

  *setMtu(name: string, mtu: number): Steps<number> {
    return yield* this.underRtnl(name, (dev) => this.devices.setMtu(dev, mtu));
  }

  /** dev_set_mac_address(): the driver's ndo_set_mac_address is given a `struct sockaddr`. */
  *setMac(name: string, bytes: readonly number[]): Steps<number> {
    const { core, devices, statics } = this;
    return yield* this.underRtnl(name, function* (dev): Steps<number> {
      if (devices.operation(dev, "ndo_set_mac_address") === 0) return -errno.EOPNOTSUPP;
      const mark = statics.stack.mark();
      const address = statics.stack.push(sockaddr.size, sockaddr.align);
      core.memory.bytesAt(address, sockaddr.size).fill(0);
      core.memory.store(address, 2, devices.fields.get(dev, "type"));
      core.memory.bytesAt(address + 2, bytes.length).set(bytes);
      const result = (yield* devices.call(dev, "ndo_set_mac_address", [address])) ?? 0;
      statics.stack.release(mark);
      return result;
    });
  }

  /** The IFF_ flags of an interface, or -ENODEV. */
  flags(name: string): number {
    const dev = this.devices.named(name);
    return dev === 0 ? -errno.ENODEV : this.devices.flagsOf(dev);
  }

  /** Sends a frame, with its link-level header: its bytes, or a negative errno. */
  *send(name: string, from: number, bytes: number): Steps<number> {
    const { devices } = this;
    const dev = devices.named(name);
    if (dev === 0) return -errno.ENXIO;
    if (!devices.isRunning(dev)) return -errno.ENETDOWN;
    const header = devices.fields.get(dev, "hard_header_len");
    if (bytes > devices.fields.get(dev, "mtu") + header) return -errno.EMSGSIZE;
    if (bytes < devices.fields.get(dev, "min_header_len")) return -errno.EINVAL;
    const skb = yield* this.fill(dev, from, bytes, 0);
    if (skb <= 0) return skb;
    this.skbs.setHeader(skb, "network_header", header);
    const protocol = this.core.memory.load(this.skbs.get(skb, "data") + ETH_HLEN - 2, 2, false);
    this.skbs.set(skb, "protocol", protocol);
    return yield* this.told(bytes, this.stack.xmit(skb));
  }

  /** Sends an IP packet of which the program made the header too: what it is told as above. */
  *sendIp(name: string, from: number, bytes: number): Steps<number> {
    const { core, devices, skbs } = this;
    const dev = devices.named(name);
    if (dev === 0 || !devices.isRunning(dev)) return -errno.ENETUNREACH;
    if (bytes > devices.fields.get(dev, "mtu")) return -errno.EMSGSIZE;
    if (bytes < 20) return -errno.EINVAL;
    const skb = yield* this.fill(dev, from, bytes, devices.fields.get(dev, "hard_header_len"));
    if (skb <= 0) return skb;
    skbs.resetHeader(skb, "network_header");
    const first = core.memory.load(skbs.get(skb, "data"), 1, false);
    skbs.setHeader(skb, "transport_header", (first & 15) * 4);
    skbs.set(skb, "protocol", ETH_P_IP);
    for (const hook of [NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING]) {
      const verdict = yield* this.netfilter.run(hook, skb, 0, dev);
      // What a hook drops, the program is told of; what it keeps is as good as sent.
      if (verdict !== NF_ACCEPT) return verdict === NF_DROP ? -errno.EPERM : bytes;
    }
    const header = yield* skbs.push(skb, ETH_HLEN);
    const own = devices.fields.get(dev, "dev_addr");
    const { memory } = core;
    memory.bytesAt(header, ETH_ALEN).set(memory.bytesAt(dev + devices.fields.offset("broadcast"), ETH_ALEN));
    memory.bytesAt(header + ETH_ALEN, ETH_ALEN).set(memory.bytesAt(own, ETH_ALEN));
    memory.store(header + 2 * ETH_ALEN, 2, ETH_P_IP);
    return yield* this.told(bytes, this.stack.xmit(skb));
  }

  /** Takes the next frame that an interface delivered: its bytes, -EAGAIN when none came in time. */
  *receive(name: string, to: number, most: number, millis: number): Steps<number> {
    const dev = this.devices.find(this.devices.named(name));
    if (dev === undefined) return -errno.ENODEV;
    const frame = yield* dev.frames.take(millis, `a frame from ${name}`);
    if (frame === undefined) return this.core.context.signalPending ? -errno.EINTR : -errno.EAGAIN;
    const bytes = frame.subarray(0, most);
    const can = yield* this.user.reach(to, bytes.length);
    if (can < bytes.length) return -errno.EFAULT;
    this.core.memory.bytesAt(to, bytes.length).set(bytes);
    return bytes.length;
  }

  /** A figure of an interface, as its file in /sys/class/net says it; -ENOENT when there is none of this name. */
  *statistic(name: string, which: string): Steps<number> {
    const dev = this.devices.named(name);
    if (dev === 0) return -errno.ENODEV;
    this.rcu.readLock();
    const value = yield* this.devices.statistic(dev, which);
    this.rcu.readUnlock();
    return Number(value);
  }

  /** A buffer of a program's bytes; a negative errno when there is no memory on one side or the other. */
  private *fill(dev: number, from: number, bytes: number, headroom: number): Steps<number> {
    const { core, skbs, devices } = this;
    const [before, after] = [devices.fields.get(dev, "needed_headroom"), devices.fields.get(dev, "needed_tailroom")];
    const reserved = 16 + headroom + before;
    const skb = yield* skbs.alloc(reserved + bytes + after, GFP_KERNEL, "sock_alloc_send_pskb");
    if (skb === 0) return -errno.ENOBUFS;
    skbs.reserve(skb, reserved);
    const to = yield* skbs.put(skb, bytes);
    if ((yield* this.user.reach(from, bytes)) < bytes) {
      skbs.free(skb);
      return -errno.EFAULT;
    }
    core.memory.touch(to, bytes, true);
    core.memory.copy(to, from, bytes);
    skbs.set(skb, "dev", dev);
    this.stack.ownedBySocket(skb);
    return skb;
  }

  /** net_xmit_errno() */
  private *told(bytes: number, sending: Steps<number>): Steps<number> {
    const result = yield* sending;
    if (result > 0 && result !== NET_XMIT_CN) return -errno.ENOBUFS;
    return result < 0 ? result : bytes;
  }

  private *underRtnl(name: string, act: (dev: number) => Steps<number>): Steps<number> {
    const { devices } = this;
    yield* devices.rtnlLock("rtnetlink_rcv_msg");
    const dev = devices.named(name);
    const result = dev === 0 ? -errno.ENODEV : yield* act(dev);
    yield* devices.rtnlUnlock();
    return result;
  }

  private *zero(steps: Steps<void>): Steps<number> {
    yield* steps;
    return 0;
  }
}
