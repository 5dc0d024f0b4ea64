// asm/byteorder, linux/ip, linux/tcp, linux/udp and net/checksum: numbers as networks have them, headers of packets, and their sums.
import type { Kernel } from "../kernel/kernel.ts";
import { iphdr, sk_buff, tcphdr, udphdr } from "../kernel/net-layouts.ts";
import { Header } from "./header.ts";

const TCP_FLAGS = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 };

export function byteorder({ core }: Kernel): Header {
  const header = new Header(core);
  for (const name of ["htons", "ntohs", "cpu_to_be16", "be16_to_cpu"]) {
    /** 16 bits the other way round. Any context. */
    header.plain(name, ["u16"], "u16", swap16);
  }
  for (const name of ["htonl", "ntohl", "cpu_to_be32", "be32_to_cpu"]) {
    /** 32 bits the other way round. Any context. */
    header.plain(name, ["u32"], "u32", swap32);
  }
  for (const name of ["cpu_to_le16", "le16_to_cpu"]) {
    /** 16 bits as they are: the machine is little endian. Any context. */
    header.plain(name, ["u16"], "u16", (value: number) => value);
  }
  for (const name of ["cpu_to_le32", "le32_to_cpu"]) {
    /** 32 bits as they are. Any context. */
    header.plain(name, ["u32"], "u32", (value: number) => value);
  }
  return header;
}

export function ip({ core, net: { skbs } }: Kernel): Header {
  const header = new Header(core);
  header.layout("iphdr", iphdr);
  header.constants({ IPPROTO_ICMP: 1, IPPROTO_TCP: 6, IPPROTO_UDP: 17 });
  /** The IP header of a buffer whose network header is known. Any context. */
  header.plain("ip_hdr", [sk_buff], iphdr, (skb: number) => skbs.headerOf(skb, "network_header"));
  return header;
}

export function tcp({ core, net: { skbs } }: Kernel): Header {
  const header = new Header(core);
  header.layout("tcphdr", tcphdr);
  for (const [name, bit] of Object.entries(TCP_FLAGS)) header.constant(`TCPHDR_${name}`, bit);
  /** The TCP header of a buffer whose transport header is known. Any context. */
  header.plain("tcp_hdr", [sk_buff], tcphdr, (skb: number) => skbs.headerOf(skb, "transport_header"));
  return header;
}

export function udp({ core, net: { skbs } }: Kernel): Header {
  const header = new Header(core);
  header.layout("udphdr", udphdr);
  /** The UDP header of a buffer whose transport header is known. Any context. */
  header.plain("udp_hdr", [sk_buff], udphdr, (skb: number) => skbs.headerOf(skb, "transport_header"));
  return header;
}

export function checksum({ core }: Kernel): Header {
  const { memory } = core;
  const header = new Header(core);
  /** The checksum of an IP header of so many 32-bit words. Any context. As it goes into the header. */
  header.plain("ip_fast_csum", ["ptr", "u32"], "u16", (at: number, words: number) => {
    let sum = 0;
    for (let index = 0; index < 2 * words; index++) sum += memory.load(at + 2 * index, 2, false);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    return ~sum & 0xffff;
  });
  return header;
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}

function swap32(value: number): number {
  return ((swap16(value & 0xffff) << 16) | swap16(value >>> 16)) >>> 0;
}
