// linux/etherdevice and linux/if_ether: interfaces for Ethernet, their addresses and their frames.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { DEFAULT_TX_QUEUE_LEN } from "../kernel/net-devices.ts";
import { ethhdr, net_device, sk_buff } from "../kernel/net-layouts.ts";
import { Header } from "./header.ts";

const ETH_ALEN = 6;
const ETH_HLEN = 14;
const ETH_DATA_LEN = 1500;
const ETH_P_802_3_MIN = 0x600;
const ARPHRD_ETHER = 1;
const IFF_BROADCAST = 0x2;
const IFF_MULTICAST = 0x1000;
const IFF_TX_SKB_SHARING = 1 << 11;
const IFF_LIVE_ADDR_CHANGE = 1 << 15;
const NET_ADDR_RANDOM = 1;
/** `pkt_type`, include/uapi/linux/if_packet.h */
const PACKET_BROADCAST = 1;
const PACKET_MULTICAST = 2;
const PACKET_OTHERHOST = 3;
const ETH_P_802_2 = 0x0004;

const PROTOCOLS = { ETH_P_IP: 0x0800, ETH_P_ARP: 0x0806, ETH_P_8021Q: 0x8100, ETH_P_IPV6: 0x86dd, ETH_P_ALL: 0x0003 };

export function ifEther({ core, net: { skbs } }: Kernel): Header {
  const header = new Header(core);
  header.layout("ethhdr", ethhdr);
  header.constants({ ETH_ALEN, ETH_HLEN, ETH_DATA_LEN, ETH_ZLEN: 60, ETH_FRAME_LEN: 1514, ETH_MIN_MTU: 68 });
  header.constants({ ...PROTOCOLS, ETH_P_802_3_MIN });
  /** The Ethernet header of a buffer whose link-level header is known. Any context. */
  header.plain("eth_hdr", [sk_buff], ethhdr, (skb: number) => skbs.headerOf(skb, "mac_header"));
  return header;
}

/** ether_setup() */
export function setupEthernet({ net: { devices }, core }: Kernel, dev: number): void {
  const { fields } = devices;
  for (const [member, value] of Object.entries({
    type: ARPHRD_ETHER,
    hard_header_len: ETH_HLEN,
    min_header_len: ETH_HLEN,
    mtu: ETH_DATA_LEN,
    min_mtu: 68,
    max_mtu: ETH_DATA_LEN,
    addr_len: ETH_ALEN,
    tx_queue_len: DEFAULT_TX_QUEUE_LEN,
    flags: IFF_BROADCAST | IFF_MULTICAST,
  })) {
    fields.set(dev, member, value);
  }
  fields.set(dev, "priv_flags", fields.get(dev, "priv_flags") | IFF_TX_SKB_SHARING);
  core.memory.bytesAt(dev + fields.offset("broadcast"), ETH_ALEN).fill(0xff);
}

export function etherdevice(kernel: Kernel): Header {
  const { core, net } = kernel;
  const { devices } = net;
  const { memory } = core;
  const header = new Header(core);
  /** An interface for Ethernet, `eth%d`, with room for the driver. Task context, may sleep. NULL: no memory. */
  header.steps(
    "alloc_etherdev",
    ["size"],
    net_device,
    (bytes: number): Steps<number> =>
      devices.alloc(bytes, "eth%d", 1, "alloc_netdev_mqs", function* (dev) {
        setupEthernet(kernel, dev);
        yield* [];
      }),
    { mayBeNull: true },
  );
  addresses(header, kernel);
  /** Gives an interface its address. Task context, before it is registered or under the RTNL. */
  header.plain("eth_hw_addr_set", [net_device, "ptr"], "void", (dev: number, from: number) => copy(kernel, dev, from));
  /** Gives it a random one, of no maker's. As above. */
  header.plain("eth_hw_addr_random", [net_device], "void", (dev: number) => {
    memory.bytesAt(devices.fields.get(dev, "dev_addr"), ETH_ALEN).set(randomAddress(kernel));
    devices.fields.set(dev, "addr_assign_type", NET_ADDR_RANDOM);
  });
  /** An ndo_set_mac_address for devices that need to know nothing of it. Under the RTNL. 0, -EBUSY while up, -EADDRNOTAVAIL. */
  header.plain("eth_mac_addr", [net_device, "ptr"], "int", (dev: number, to: number) => {
    const isFixed = (devices.fields.get(dev, "priv_flags") & IFF_LIVE_ADDR_CHANGE) === 0;
    if (isFixed && devices.isRunning(dev)) return -errno.EBUSY;
    if (!isValid(addressAt(kernel, to + 2))) return -errno.EADDRNOTAVAIL;
    copy(kernel, dev, to + 2);
    return 0;
  });
  /** An ndo_validate_addr. Under the RTNL. 0, or -EADDRNOTAVAIL. */
  header.plain("eth_validate_addr", [net_device], "int", (dev: number) =>
    isValid(addressAt(kernel, devices.fields.get(dev, "dev_addr"))) ? 0 : -errno.EADDRNOTAVAIL,
  );
  /** What a received frame is: its header is taken off, its `dev` set. Any context. The protocol, big endian. */
  header.plain("eth_type_trans", [sk_buff, net_device], "u16", (skb: number, dev: number) => typeOf(kernel, skb, dev));
  return header;
}

function addresses(header: Header, kernel: Kernel): void {
  const { memory } = kernel.core;
  /** Whether an address can be an interface's own. Any context. */
  header.plain("is_valid_ether_addr", ["ptr"], "bool", (at: number) => isValid(addressAt(kernel, at)));
  header.plain("is_zero_ether_addr", ["ptr"], "bool", (at: number) => addressAt(kernel, at).every((one) => one === 0));
  header.plain("is_multicast_ether_addr", ["ptr"], "bool", (at: number) => (memory.load(at, 1, false) & 1) !== 0);
  header.plain("is_broadcast_ether_addr", ["ptr"], "bool", (at: number) =>
    addressAt(kernel, at).every((one) => one === 0xff),
  );
  /** Whether two addresses are the same. Any context. */
  header.plain("ether_addr_equal", ["ptr", "ptr"], "bool", (one: number, other: number) => {
    const wanted = addressAt(kernel, other);
    return addressAt(kernel, one).every((byte, index) => byte === wanted[index]);
  });
  const put = (to: number, bytes: readonly number[]): void => {
    memory.touch(to, ETH_ALEN, true);
    memory.bytesAt(to, ETH_ALEN).set(bytes);
  };
  /** Copies an address, makes one up, or sets that of everybody. Any context. */
  header.plain("ether_addr_copy", ["ptr", "ptr"], "void", (to: number, from: number) =>
    put(to, addressAt(kernel, from)),
  );
  header.plain("eth_random_addr", ["ptr"], "void", (to: number) => put(to, randomAddress(kernel)));
  header.plain("eth_broadcast_addr", ["ptr"], "void", (to: number) => put(to, [255, 255, 255, 255, 255, 255]));
  header.plain("eth_zero_addr", ["ptr"], "void", (to: number) => put(to, [0, 0, 0, 0, 0, 0]));
}

function typeOf({ core, net }: Kernel, skb: number, dev: number): number {
  const { skbs, devices } = net;
  skbs.set(skb, "dev", dev);
  skbs.resetHeader(skb, "mac_header");
  const at = skbs.get(skb, "data");
  if (skbs.get(skb, "len") >= ETH_HLEN) skbs.pull(skb, ETH_HLEN);
  const to = Array.from({ length: ETH_ALEN }, (_, index) => core.memory.load(at + index, 1, false));
  const own = devices.fields.get(dev, "dev_addr");
  if (to.some((byte, index) => byte !== core.memory.load(own + index, 1, false))) {
    const isBroadcast = to.every((byte) => byte === 0xff);
    const kind = isBroadcast ? PACKET_BROADCAST : (to[0]! & 1) !== 0 ? PACKET_MULTICAST : PACKET_OTHERHOST;
    skbs.set(skb, "pkt_type", kind);
  }
  const protocol = core.memory.load(at + 2 * ETH_ALEN, 2, false);
  const value = ((protocol & 0xff) << 8) | (protocol >>> 8);
  return value >= ETH_P_802_3_MIN ? protocol : ETH_P_802_2 << 8;
}

function addressAt({ core }: Kernel, at: number): number[] {
  return Array.from({ length: ETH_ALEN }, (_, index) => core.memory.load(at + index, 1, false));
}

function isValid(address: readonly number[]): boolean {
  return (address[0]! & 1) === 0 && address.some((byte) => byte !== 0);
}

function copy(kernel: Kernel, dev: number, from: number): void {
  const { net, core } = kernel;
  core.memory.bytesAt(net.devices.fields.get(dev, "dev_addr"), ETH_ALEN).set(addressAt(kernel, from));
}

/** Not multicast, locally administered. */
function randomAddress({ net }: Kernel): number[] {
  const bytes = net.randomBytes(ETH_ALEN);
  bytes[0] = (bytes[0]! & 0xfe) | 2;
  return bytes;
}
