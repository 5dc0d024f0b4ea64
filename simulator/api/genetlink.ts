// net/netlink and net/genetlink: messages made of attributes, and families of commands that programs send.
import type { Raw } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import { errno } from "../kernel/errno.ts";
import { GENL_HDRLEN } from "../kernel/genetlink.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { sk_buff } from "../kernel/net-layouts.ts";
import { align, NLA_F_NESTED, NLA_HDRLEN, NLA_TYPES, NLA_VALIDATIONS, NLMSG_HDRLEN } from "../kernel/netlink.ts";
import {
  genl_family,
  genl_info,
  genl_multicast_group,
  genl_ops,
  genl_small_ops,
  genlmsghdr,
  netlink_callback,
  netlink_ext_ack,
  netlink_skb_parms,
  nla_policy,
  nlattr,
  nlmsghdr,
} from "../kernel/netlink-layouts.ts";
import { encode, putText } from "../kernel/text.ts";
import { Header } from "./header.ts";

/** What fits in a page beside the headers of buffer and message. */
const NLMSG_DEFAULT_SIZE = 4096 - 64 - NLMSG_HDRLEN;
const LAYOUTS = { netlink_callback, netlink_ext_ack, netlink_skb_parms };
const MAY_BE_NULL = { mayBeNull: true } as const;

export function netlink(kernel: Kernel): Header {
  const { core, net } = kernel;
  const header = new Header(core);
  for (const [name, layout] of Object.entries({ nlmsghdr, nlattr, nla_policy, ...LAYOUTS }))
    header.layout(name, layout);
  NLA_TYPES.forEach((name, value) => {
    header.constant(`NLA_${name}`, value);
  });
  for (const [name, value] of Object.entries(NLA_VALIDATIONS)) header.constant(`NLA_VALIDATE_${name}`, value);
  header.constants({
    NLMSG_DEFAULT_SIZE,
    NLMSG_HDRLEN,
    NLA_HDRLEN,
    NLA_F_NESTED,
    NLM_F_REQUEST: 1,
    NLM_F_MULTI: 2,
    NLM_F_ACK: 4,
    NLM_F_DUMP: 0x300,
  });

  /** A buffer for a message with so much payload. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "nlmsg_new",
    ["u32", "u32"],
    sk_buff,
    (bytes: number, gfp: number) => net.skbs.alloc(align(NLMSG_HDRLEN + bytes), gfp, "nlmsg_new"),
    MAY_BE_NULL,
  );
  /** Frees a message that was not sent. Softirq and task context. */
  header.plain("nlmsg_free", [sk_buff], "void", (skb: number) => net.skbs.free(skb));
  attributes(header, kernel);
  readers(header, kernel);
  complaints(header, kernel, "NL_", netlink_ext_ack, (at) => at);
  /** What netlink keeps with a buffer: whose it is. Any context. */
  header.plain("NETLINK_CB", [sk_buff], netlink_skb_parms, (skb: number) => skb + offsetOf(sk_buff, "cb"));
  return header;
}

function attributes(header: Header, kernel: Kernel): void {
  const { net } = kernel;
  const { netlink: messages } = net.genl;
  /** An attribute with a copy of so many bytes. Any context. 0, or -EMSGSIZE when the message is full. */
  header.steps(
    "nla_put",
    [sk_buff, "int", "int", "ptr"],
    "int",
    (skb: number, type: number, bytes: number, from: number) => messages.put(skb, type, bytes, from),
  );
  for (const [suffix, bytes] of [
    ["u8", 1],
    ["u16", 2],
    ["u32", 4],
    ["s32", 4],
    ["be16", 2],
    ["be32", 4],
  ] as const) {
    /** An attribute with a number. Any context. 0, or -EMSGSIZE. */
    header.steps(`nla_put_${suffix}`, [sk_buff, "int", "u32"], "int", (skb: number, type: number, value: number) =>
      messages.putNumber(skb, type, bytes, value),
    );
  }
  /** The same with 64 bits. Any context. 0, or -EMSGSIZE. */
  header.steps(
    "nla_put_u64_64bit",
    [sk_buff, "int", "u64", "int"],
    "int",
    (skb: number, type: number, value: bigint, _pad: number) => messages.putNumber(skb, type, 8, value),
  );
  /** An attribute with a text and its NUL. Any context. 0, or -EMSGSIZE. */
  header.steps("nla_put_string", [sk_buff, "int", "string"], "int", (skb: number, type: number, text: number) =>
    messages.put(skb, type, encode(kernel.textAt(text)).length + 1, text),
  );
  /** An attribute that says yes by being there. Any context. 0, or -EMSGSIZE. */
  header.steps("nla_put_flag", [sk_buff, "int"], "int", (skb: number, type: number) => messages.put(skb, type, 0, 0));
  /** Room for an attribute, to be filled in. Any context. NULL: the message is full. */
  header.steps(
    "nla_reserve",
    [sk_buff, "int", "int"],
    nlattr,
    (skb: number, type: number, bytes: number) => messages.reserve(skb, type, bytes),
    MAY_BE_NULL,
  );
  /** What is put from here on lies in this attribute. Any context. NULL: the message is full. */
  header.steps(
    "nla_nest_start",
    [sk_buff, "int"],
    nlattr,
    (skb: number, type: number) => messages.reserve(skb, type | NLA_F_NESTED, 0),
    MAY_BE_NULL,
  );
  /** And up to here; or it is taken back. Any context. */
  header.plain("nla_nest_end", [sk_buff, nlattr], "int", (skb: number, start: number) => messages.endNest(skb, start));
  header.plain("nla_nest_cancel", [sk_buff, nlattr], "void", (skb: number, start: number) =>
    net.skbs.trim(skb, start - net.skbs.get(skb, "data")),
  );
  /** What an attribute with so many bytes takes in a message. Any context. Bytes. */
  header.plain("nla_total_size", ["int"], "int", (bytes: number) => align(NLA_HDRLEN + bytes));
}

function readers(header: Header, kernel: Kernel): void {
  const { core, net } = kernel;
  const { memory } = core;
  const { netlink: messages } = net.genl;
  /** Where the bytes of an attribute are, how many, and what it is. Any context. */
  header.plain("nla_data", [nlattr], "ptr", (nla: number) => nla + NLA_HDRLEN);
  header.plain("nla_len", [nlattr], "int", (nla: number) => messages.lengthOf(nla));
  header.plain("nla_type", [nlattr], "int", (nla: number) => messages.typeOf(nla));
  for (const [suffix, bytes, signed] of [
    ["u8", 1, false],
    ["u16", 2, false],
    ["u32", 4, false],
    ["s32", 4, true],
    ["be16", 2, false],
    ["be32", 4, false],
  ] as const) {
    /** The number in an attribute, whose length is not looked at. Any context. */
    header.plain(`nla_get_${suffix}`, [nlattr], signed ? "int" : "u32", (nla: number) =>
      memory.load(nla + NLA_HDRLEN, bytes, signed),
    );
  }
  /** The same with 64 bits. Any context. */
  header.plain("nla_get_u64", [nlattr], "u64", (nla: number) => memory.load64(nla + NLA_HDRLEN, false));
  /** Whether an attribute that is a flag is there. Any context. */
  header.plain("nla_get_flag", [nlattr], "int", (nla: number) => nla !== 0);
  /** Copies a text, always with a NUL. Any context. Its length, or -E2BIG when it was cut. */
  header.plain("nla_strscpy", ["ptr", nlattr, "u32"], "int", (to: number, nla: number, size: number) => {
    if (size === 0) return -errno.E2BIG;
    const length = messages.lengthOf(nla);
    const bytes = Array.from({ length }, (_, index) => memory.load(nla + NLA_HDRLEN + index, 1, false));
    const own = bytes.at(-1) === 0 ? bytes.slice(0, -1) : bytes;
    const kept = own.slice(0, size - 1);
    memory.touch(to, size, true);
    memory.bytesAt(to, size).fill(0);
    memory.bytesAt(to, kept.length).set(kept);
    return kept.length < own.length ? -errno.E2BIG : kept.length;
  });
  /** Takes a nested attribute apart, once what is in it fits the policy. Any context. 0, or a negative errno. */
  header.plain(
    "nla_parse_nested",
    ["ptr", "int", nlattr, "ptr", "ptr"],
    "int",
    (tb: number, most: number, nla: number, policy: number, extack: number) => {
      if (messages.isNested(nla)) {
        return messages.parse(tb, most, nla + NLA_HDRLEN, messages.lengthOf(nla), policy, true, extack);
      }
      messages.tell(extack, kernel.statics.literal("NLA_F_NESTED is missing"), nla);
      return -errno.EINVAL;
    },
  );
}

/** What a request is refused for, in words; `place` gives a `struct netlink_ext_ack` of the first argument. */
function complaints(
  header: Header,
  kernel: Kernel,
  prefix: string,
  first: Layout,
  place: (at: number) => number,
): void {
  const { net, core } = kernel;
  const { netlink: messages } = net.genl;
  /** Says what is wrong, for the program that asked. Any context. */
  header.plain(`${prefix}SET_ERR_MSG`, [first, "string"], "void", (at: number, text: number) =>
    messages.tell(place(at), text, 0),
  );
  /** The same with values; more than 79 characters are cut. Any context. */
  header.plain(
    `${prefix}SET_ERR_MSG_FMT`,
    [first, "format"],
    "void",
    (at: number, format: number, ...values: Raw[]) => {
      const extack = place(at);
      if (extack === 0) return;
      const buffer = extack + offsetOf(netlink_ext_ack, "_msg_buf");
      putText(core.memory, buffer, kernel.log.format(kernel.textAt(format), values).slice(0, 79));
      messages.tell(extack, buffer, 0);
    },
  );
  if (prefix !== "NL_") return;
  /** The same of an attribute. Any context. */
  header.plain("NL_SET_ERR_MSG_ATTR", [first, nlattr, "string"], "void", (at: number, nla: number, text: number) =>
    messages.tell(at, text, nla),
  );
  /** Only which attribute it is. Any context. */
  header.plain("NL_SET_BAD_ATTR", [first, nlattr], "void", (at: number, nla: number) => {
    if (at !== 0) core.memory.store(at + offsetOf(netlink_ext_ack, "bad_attr"), 4, nla);
  });
}

export function genetlink(kernel: Kernel): Header {
  const { core, net } = kernel;
  const { genl, skbs } = net;
  const header = new Header(core);
  const layouts = { genl_family, genl_info, genl_multicast_group, genl_ops, genl_small_ops, genlmsghdr };
  for (const [name, layout] of Object.entries(layouts)) header.layout(name, layout);
  header.constants({ GENL_NAMSIZ: 16, GENL_HDRLEN, GENLMSG_DEFAULT_SIZE: NLMSG_DEFAULT_SIZE - GENL_HDRLEN });
  header.constants({
    GENL_ADMIN_PERM: 1,
    GENL_DONT_VALIDATE_STRICT: 1,
    GENL_DONT_VALIDATE_DUMP: 2,
    GENL_DONT_VALIDATE_DUMP_STRICT: 4,
  });
  header.constant("init_net", net.initNet);

  /** Makes a family known by its name. Task context, may sleep. 0, or a negative errno. */
  header.steps("genl_register_family", [genl_family], "int", (family: number) => genl.register(family));
  /** Not any more, once no command of it runs. Task context, may sleep. 0, or -ENOENT. */
  header.steps("genl_unregister_family", [genl_family], "int", (family: number) => genl.unregister(family));
  /** A buffer for a message with so many bytes of attributes. Contexts as kmalloc. NULL: no memory. */
  header.steps(
    "genlmsg_new",
    ["u32", "u32"],
    sk_buff,
    (bytes: number, gfp: number) => skbs.alloc(align(NLMSG_HDRLEN + align(GENL_HDRLEN + bytes)), gfp, "genlmsg_new"),
    MAY_BE_NULL,
  );
  /** Begins a message of a family. Any context. Where its attributes begin, NULL when the buffer has no room. */
  header.steps(
    "genlmsg_put",
    [sk_buff, "u32", "u32", genl_family, "int", "u8"],
    "ptr",
    (skb: number, portid: number, seq: number, family: number, flags: number, cmd: number) =>
      genl.put(skb, portid, seq, family, flags, cmd),
    MAY_BE_NULL,
  );
  /** The same as an answer to a request. Any context. As above. */
  header.steps(
    "genlmsg_put_reply",
    [sk_buff, genl_info, genl_family, "int", "u8"],
    "ptr",
    (skb: number, info: number, family: number, flags: number, cmd: number) =>
      genl.put(skb, genl.infoOf(info, "snd_portid"), genl.infoOf(info, "snd_seq"), family, flags, cmd),
    MAY_BE_NULL,
  );
  const start = (head: number): number => head - GENL_HDRLEN - NLMSG_HDRLEN;
  /** The message is complete, or it is taken back. Any context. */
  header.plain("genlmsg_end", [sk_buff, "ptr"], "void", (skb: number, head: number) => genl.end(skb, start(head)));
  header.plain("genlmsg_cancel", [sk_buff, "ptr"], "void", (skb: number, head: number) => {
    if (head !== 0) skbs.trim(skb, start(head) - skbs.get(skb, "data"));
  });
  /** Sends it to a socket, or to whoever asked; the buffer is gone. Any context. 0, or -ECONNREFUSED. */
  header.plain("genlmsg_unicast", ["ptr", sk_buff, "u32"], "int", (namespace: number, skb: number, portid: number) => {
    // Its sockets are found through it.
    core.memory.load(namespace, 4, false);
    return genl.unicast(skb, portid);
  });
  header.plain("genlmsg_reply", [sk_buff, genl_info], "int", (skb: number, info: number) =>
    genl.unicast(skb, genl.infoOf(info, "snd_portid")),
  );
  /** Sends it to all who joined a group, but for one; the buffer is gone. Contexts as kmalloc. 0, or -ESRCH: nobody did. */
  header.plain(
    "genlmsg_multicast",
    [genl_family, sk_buff, "u32", "u32", "u32"],
    "int",
    (family: number, skb: number, portid: number, group: number, gfp: number) => {
      kernel.slab.mightAlloc(gfp, "genlmsg_multicast");
      return genl.multicast(family, skb, portid, group);
    },
  );
  /** Whether anybody joined a group. Any context. */
  header.plain(
    "genl_has_listeners",
    [genl_family, "ptr", "u32"],
    "int",
    (family: number, _net: number, group: number) => genl.hasListeners(family, group),
  );
  complaints(header, kernel, "GENL_", genl_info, (info) => genl.infoOf(info, "extack"));
  /** The request that is answered by a dump. Any context. */
  header.plain("genl_info_dump", [netlink_callback], genl_info, (cb: number) =>
    core.memory.load(cb + offsetOf(netlink_callback, "data"), 4, false),
  );
  /** The namespace of whoever asked: there is one. Any context. */
  header.plain("genl_info_net", [genl_info], "ptr", (_info: number) => net.initNet);
  return header;
}

/** What a program does with its netlink sockets. */
export function netlinkSockets(header: Header, kernel: Kernel): void {
  const { net, processes, statics } = kernel;
  const { genl } = net;
  /** A generic netlink socket. User space. Its port. */
  header.plain("genl_socket", [], "int", () => genl.open());
  /** Begins a request: a command of a family. User space. 0, or -EBADF. */
  header.plain(
    "genl_request",
    ["int", "string", "u8", "u8"],
    "int",
    (socket: number, family: number, cmd: number, version = 1) =>
      genl.begin(socket, kernel.textAt(family), cmd, version || 1),
    { optional: 1 },
  );
  const numbers = { u8: 1, u16: 2, u32: 4 } as const;
  for (const [suffix, bytes] of Object.entries(numbers)) {
    /** Adds an attribute with a number. User space. */
    header.plain(`genl_add_${suffix}`, ["int", "u16", "u32"], "int", (socket: number, type: number, value: number) =>
      genl.add(
        socket,
        type,
        Array.from({ length: bytes }, (_, index) => (value >>> (8 * index)) & 0xff),
      ),
    );
  }
  /** Adds one with a text and its NUL. User space. */
  header.plain("genl_add_string", ["int", "u16", "string"], "int", (socket: number, type: number, text: number) =>
    genl.add(socket, type, [...encode(kernel.textAt(text)), 0]),
  );
  /** Sends the request and waits for what the kernel says to it. User space. 0, or a negative errno. */
  header.steps("genl_send", ["int"], "int", (socket: number) => processes.syscall("sendmsg", genl.send(socket)));
  /** Sends the request as one for all that there is, and waits for the end. User space. 0, or a negative errno. */
  header.steps("genl_dump", ["int"], "int", (socket: number) => processes.syscall("sendmsg", genl.send(socket, true)));
  /** What the kernel said of the latest request in words, and of which attribute. User space. */
  header.plain("genl_error", ["int"], "string", (socket: number) => statics.literal(genl.complaintOf(socket).text));
  header.plain("genl_bad_attribute", ["int"], "u16", (socket: number) => genl.complaintOf(socket).attribute);
  /** Takes part in a multicast group of a family. User space. 0, or -ENOENT. */
  header.plain("genl_join", ["int", "string", "string"], "int", (socket: number, family: number, group: number) =>
    genl.join(socket, kernel.textAt(family), kernel.textAt(group)),
  );
  /** Waits for a message, at most so many milliseconds. User space. Its command, or -EAGAIN. */
  header.steps("genl_receive", ["int", "u32"], "int", (socket: number, millis: number) =>
    processes.syscall("recvmsg", genl.receive(socket, millis)),
  );
  const attribute = (socket: number, type: number): Uint8Array => genl.attributeOf(socket, type) ?? new Uint8Array();
  /** Whether the message that was received last has an attribute, its number, and its text. User space. */
  header.plain(
    "genl_has",
    ["int", "u16"],
    "bool",
    (socket: number, type: number) => genl.attributeOf(socket, type) !== undefined,
  );
  header.plain("genl_u32", ["int", "u16"], "u32", (socket: number, type: number) =>
    attribute(socket, type).reduce((sum, byte, index) => sum + byte * 2 ** (8 * (index % 4)), 0),
  );
  header.plain("genl_string", ["int", "u16"], "string", (socket: number, type: number) => {
    const bytes = [...attribute(socket, type)];
    const end = bytes.indexOf(0);
    return statics.literal(String.fromCharCode(...bytes.slice(0, end < 0 ? bytes.length : end)));
  });
}
