// What a program does with network interfaces, in driverlab/scenario: links, frames, IP packets, figures.
import type { Kernel } from "../kernel/kernel.ts";
import type { Header } from "./header.ts";

export function interfaces(header: Header, kernel: Kernel): void {
  const { net, processes } = kernel;
  const { sockets } = net;
  const text = (at: number): string => kernel.textAt(at);
  /** `ip link set dev NAME up`, and down. User space. 0, or a negative errno. */
  header.steps("ifup", ["string"], "int", (name: number) =>
    processes.syscall("sendmsg", sockets.setUp(text(name), true)),
  );
  header.steps("ifdown", ["string"], "int", (name: number) =>
    processes.syscall("sendmsg", sockets.setUp(text(name), false)),
  );
  /** `ip link set dev NAME mtu BYTES`. User space. 0, or a negative errno. */
  header.steps("set_mtu", ["string", "u32"], "int", (name: number, mtu: number) =>
    processes.syscall("sendmsg", sockets.setMtu(text(name), mtu)),
  );
  /** `ip link set dev NAME address 02:00:00:00:00:01`. User space. 0, or a negative errno. */
  header.steps("set_mac", ["string", "string"], "int", (name: number, mac: number) =>
    processes.syscall("sendmsg", sockets.setMac(text(name), bytesOf(text(mac)))),
  );
  /** The IFF_ flags of an interface. User space. They, or -ENODEV. */
  header.plain("link_flags", ["string"], "int", (name: number) => sockets.flags(text(name)));
  /** Its address, such as `02:00:00:00:00:01`. User space. NULL: there is no such interface. */
  header.plain("link_address", ["string"], "string", (name: number) => {
    const dev = net.devices.named(text(name));
    if (dev === 0) return 0;
    const at = net.devices.fields.get(dev, "dev_addr");
    return kernel.statics.literal(hex(kernel.core.memory.bytesAt(at, 6), ":"));
  });
  /** Sends a frame with its link-level header. User space. Its bytes, or a negative errno. */
  header.steps("send_frame", ["string", "user", "u32"], "int", (name: number, from: number, bytes: number) =>
    processes.syscall("sendto", sockets.send(text(name), from, bytes)),
  );
  /** Sends an IP packet. User space. Its bytes, or a negative errno. */
  header.steps("send_ip", ["string", "user", "u32"], "int", (name: number, from: number, bytes: number) =>
    processes.syscall("sendto", sockets.sendIp(text(name), from, bytes)),
  );
  /** Takes the next frame that was received, waiting for so many milliseconds. User space. Its bytes, or -EAGAIN. */
  header.steps(
    "receive_frame",
    ["string", "user", "u32", "u32"],
    "int",
    (name: number, to: number, size: number, millis: number) =>
      processes.syscall("recvfrom", sockets.receive(text(name), to, size, millis)),
  );
  /** A figure of an interface, such as `rx_packets`. User space. It, or a negative errno. */
  header.steps("net_stat", ["string", "string"], "int", (name: number, which: number) =>
    processes.syscall("read", sockets.statistic(text(name), text(which))),
  );
  /** Memory of the calling process with bytes written as hexadecimal numbers. User space. Its address. */
  header.plain("user_bytes", ["string"], "user", (digits: number) => {
    const bytes = bytesOf(text(digits));
    const address = kernel.user.allocate(bytes.length);
    if (address === 0) return 0;
    kernel.core.memory.bytesAt(address, bytes.length).set(bytes);
    kernel.user.touch(address, bytes.length);
    return address;
  });
  /** Bytes of the calling process as hexadecimal numbers. User space. */
  header.plain("user_hex", ["user", "u32"], "string", (address: number, bytes: number) => {
    kernel.user.touch(address, bytes);
    return kernel.statics.literal(hex(kernel.core.memory.bytesAt(address, bytes), " "));
  });
}

function bytesOf(digits: string): number[] {
  return (digits.match(/[0-9a-fA-F]{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

function hex(bytes: Uint8Array, between: string): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(between);
}
