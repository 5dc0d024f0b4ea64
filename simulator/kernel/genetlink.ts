// Generic netlink: families that drivers register, the requests that programs send them, replies and multicast messages.
// Source: net/netlink/genetlink.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { GENL_NAMSIZ, groupsOf, type Operation, operationsOf } from "./genl-families.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { Inbox } from "./inbox.ts";
import { mutex, offsetOf } from "./layouts.ts";
import { rw_semaphore } from "./lock-layouts.ts";
import type { Locks } from "./locks.ts";
import { sk_buff } from "./net-layouts.ts";
import { align, Netlink, NLA_HDRLEN, NLMSG_HDRLEN } from "./netlink.ts";
import { genl_family, genl_info, netlink_callback, netlink_ext_ack, nlmsghdr } from "./netlink-layouts.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { SkBuffs } from "./skbuff.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { CheckedStruct } from "./struct.ts";
import { textAt } from "./text.ts";

export const GENL_HDRLEN = 4;
/** GENL_MIN_ID and the ids that are reserved behind it. */
const GENL_START_ALLOC = 19;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NLM_F_DUMP = 0x300;
const GENL_DONT_VALIDATE_STRICT = 1;
const GENL_DONT_VALIDATE_DUMP_STRICT = 4;
/** A page without what a buffer needs for itself. */
const NLMSG_GOODSIZE = 4096 - 160;
/** Where a buffer has what NETLINK_CB() gives. */
const CB = offsetOf(sk_buff, "cb");
const MUTEX = "kernel/locking/mutex.c:586";
const RWSEM = { down_read: "kernel/locking/rwsem.c:1523", down_write: "kernel/locking/rwsem.c:1576" };

interface Family {
  readonly address: number;
  readonly name: string;
  readonly id: number;
  /** Names of its multicast groups. */
  readonly groups: readonly string[];
}

/** A request on its way to the driver. */
interface Request {
  readonly skb: number;
  /** Where its header lies. */
  readonly message: number;
  readonly cmd: number;
  readonly portid: number;
  readonly seq: number;
  readonly isDump: boolean;
}

/** A message as a program received it. */
interface Message {
  readonly cmd: number;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

/** A netlink socket of a program. */
interface Socket {
  readonly portid: number;
  readonly groups: Set<string>;
  readonly inbox: Inbox<Message>;
  request: { family: string; cmd: number; version: number; attributes: number[] };
  current: Message | undefined;
  /** What was wrong with its latest request, in words. */
  complaint: string;
  /** The type of the attribute that the words are about; 0: none. */
  badAttribute: number;
}

export class Genetlink {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly statics: Statics;
  private readonly locks: Locks;
  private readonly skbs: SkBuffs;
  private readonly resources: Resources;
  readonly netlink: Netlink;
  private readonly fields: CheckedStruct;
  private readonly info: CheckedStruct;
  private readonly message: CheckedStruct;
  private readonly families = new Map<number, Family>();
  private readonly sockets: Socket[] = [];
  private nextId = GENL_START_ALLOC;
  private nextSequence = 1;
  private lockAddresses: { readonly cb_lock: number; readonly genl_mutex: number } | undefined;

  constructor(core: Core, log: Log, slab: Slab, statics: Statics, locks: Locks, skbs: SkBuffs, resources: Resources) {
    this.core = core;
    this.slab = slab;
    this.statics = statics;
    this.locks = locks;
    this.skbs = skbs;
    this.resources = resources;
    this.netlink = new Netlink(core, log, skbs, (text) => statics.literal(text));
    this.fields = new CheckedStruct(core.memory, genl_family);
    this.info = new CheckedStruct(core.memory, genl_info);
    this.message = new CheckedStruct(core.memory, nlmsghdr);
  }

  /** genl_register_family(): 0, or a negative errno. */
  *register(address: number): Steps<number> {
    const commands = operationsOf(this.core.memory, address).map(({ cmd }) => cmd);
    if (new Set(commands).size < commands.length) return -errno.EINVAL;
    yield* this.lockAll("genl_register_family");
    const name = textAt(this.core.memory, address + this.fields.offset("name"), GENL_NAMSIZ);
    const isTaken = [...this.families.values()].some((family) => family.name === name);
    if (!isTaken) {
      const id = this.nextId++;
      this.fields.set(address, "id", id);
      this.families.set(address, { address, name, id, groups: groupsOf(this.core.memory, address) });
      this.resources.obtain(`genl ${address}`, `generic netlink family ${name}`);
    }
    this.unlockAll();
    return isTaken ? -errno.EEXIST : 0;
  }

  /** genl_unregister_family(): 0, or -ENOENT. */
  *unregister(address: number): Steps<number> {
    yield* this.lockAll("genl_unregister_family");
    const family = this.families.get(address);
    this.families.delete(address);
    for (const { groups } of this.sockets) {
      for (const group of family?.groups ?? []) groups.delete(`${family!.name} ${group}`);
    }
    this.resources.giveBack(`genl ${address}`);
    this.unlockAll();
    return family === undefined ? -errno.ENOENT : 0;
  }

  /** nlmsg_put(): the header of a message; 0 when the buffer has no room. */
  *putMessage(skb: number, portid: number, seq: number, type: number, payload: number, flags: number): Steps<number> {
    const whole = align(NLMSG_HDRLEN + payload);
    if (this.skbs.tailroom(skb) < whole) return 0;
    const at = yield* this.skbs.put(skb, whole);
    this.message.set(at, "nlmsg_len", NLMSG_HDRLEN + payload);
    this.message.set(at, "nlmsg_type", type);
    this.message.set(at, "nlmsg_flags", flags);
    this.message.set(at, "nlmsg_seq", seq);
    this.message.set(at, "nlmsg_pid", portid);
    return at;
  }

  /** genlmsg_put(): where the message's payload begins; 0 when the buffer has no room. */
  *put(skb: number, portid: number, seq: number, family: number, flags: number, cmd: number): Steps<number> {
    const payload = GENL_HDRLEN + this.fields.get(family, "hdrsize");
    const at = yield* this.putMessage(skb, portid, seq, this.fields.get(family, "id") & 0xffff, payload, flags);
    if (at === 0) return 0;
    const { memory } = this.core;
    memory.store(at + NLMSG_HDRLEN, 1, cmd);
    memory.store(at + NLMSG_HDRLEN + 1, 1, this.fields.get(family, "version"));
    memory.store(at + NLMSG_HDRLEN + 2, 2, 0);
    return at + NLMSG_HDRLEN + GENL_HDRLEN;
  }

  /** A member of a `struct genl_info`. */
  infoOf(info: number, member: string): number {
    return this.info.get(info, member);
  }

  /** nlmsg_end(): the message is as long as the buffer's data from its header on. */
  end(skb: number, header: number): void {
    this.message.set(header, "nlmsg_len", this.skbs.get(skb, "tail") - header);
  }

  /** genlmsg_unicast(): 0, or -ECONNREFUSED when there is no such socket; the buffer is gone in any case. */
  unicast(skb: number, portid: number): number {
    const socket = this.sockets.find((one) => one.portid === portid);
    if (socket !== undefined) this.deliver(skb, [socket]);
    this.skbs.free(skb);
    return socket === undefined ? -errno.ECONNREFUSED : 0;
  }

  /** genlmsg_multicast(): 0, or -ESRCH when nobody listens; the buffer is gone in any case but one. */
  multicast(address: number, skb: number, portid: number, group: number): number {
    const family = this.families.get(address);
    const name = family?.groups[group];
    if (group >= this.fields.get(address, "n_mcgrps")) {
      this.core.warn("include/net/genetlink.h", 488, "genlmsg_multicast_netns_filtered");
      return -errno.EINVAL;
    }
    const key = `${family?.name} ${name}`;
    const listeners = this.sockets.filter((one) => one.portid !== portid && one.groups.has(key));
    this.deliver(skb, listeners);
    this.skbs.free(skb);
    return listeners.length === 0 ? -errno.ESRCH : 0;
  }

  /** genl_has_listeners() */
  hasListeners(address: number, group: number): boolean {
    const family = this.families.get(address);
    return this.sockets.some(({ groups }) => groups.has(`${family?.name} ${family?.groups[group]}`));
  }

  /** A new socket of a program: its number. */
  open(): number {
    const request = { family: "", cmd: 0, version: 0, attributes: [] };
    const portid = 0x4000 + this.sockets.length;
    this.sockets.push({
      portid,
      groups: new Set(),
      inbox: new Inbox(this.core),
      request,
      current: undefined,
      complaint: "",
      badAttribute: 0,
    });
    return portid;
  }

  /** Begins a request to a family, as a program does in memory of its own. */
  begin(portid: number, family: string, cmd: number, version: number): number {
    const socket = this.socketOf(portid);
    if (socket === undefined) return -errno.EBADF;
    socket.request = { family, cmd, version, attributes: [] };
    return 0;
  }

  /** An attribute of the request. */
  add(portid: number, type: number, bytes: readonly number[]): number {
    const socket = this.socketOf(portid);
    if (socket === undefined) return -errno.EBADF;
    const length = NLA_HDRLEN + bytes.length;
    const pad = Array.from({ length: align(length) - length }, () => 0);
    socket.request.attributes.push(length & 0xff, length >> 8, type & 0xff, type >> 8, ...bytes, ...pad);
    return 0;
  }

  /** Sends the request and waits for its acknowledgement, or for the end of its dump: 0, or what the driver said. */
  *send(portid: number, isDump = false): Steps<number> {
    const socket = this.socketOf(portid);
    if (socket === undefined) return -errno.EBADF;
    const { family: name, cmd, version, attributes } = socket.request;
    const id = [...this.families.values()].find((family) => family.name === name)?.id;
    const skb = yield* this.skbs.alloc(NLMSG_HDRLEN + GENL_HDRLEN + attributes.length, GFP_KERNEL, "netlink_sendmsg");
    if (skb === 0) return -errno.ENOBUFS;
    const seq = this.nextSequence++;
    const flags = NLM_F_REQUEST | (isDump ? NLM_F_DUMP : NLM_F_ACK);
    const message = yield* this.putMessage(skb, portid, seq, id ?? 0, GENL_HDRLEN, flags);
    const { memory } = this.core;
    memory.store(message + NLMSG_HDRLEN, 1, cmd);
    memory.store(message + NLMSG_HDRLEN + 1, 1, version);
    memory.store(message + NLMSG_HDRLEN + 2, 2, 0);
    const at = yield* this.skbs.put(skb, attributes.length);
    memory.touch(at, attributes.length, true);
    memory.bytesAt(at, attributes.length).set(attributes);
    this.end(skb, message);
    memory.store(skb + CB, 4, portid);
    const locks = this.lockPlaces;
    yield* this.locks.sleepLock(locks.cb_lock, {
      flavour: "rwsem",
      isRead: true,
      callee: "down_read",
      where: RWSEM.down_read,
    });
    const request = { skb, message, cmd, portid, seq, isDump };
    const result = yield* this.core.steps("genl_rcv_msg", this.receiveRequest(request, socket));
    this.locks.release(locks.cb_lock, { flavour: "rwsem", isRead: true });
    this.skbs.free(skb);
    return result;
  }

  /** Takes part in a multicast group: 0, or -ENOENT. */
  join(portid: number, family: string, group: string): number {
    const socket = this.socketOf(portid);
    if (socket === undefined) return -errno.EBADF;
    const known = [...this.families.values()].find(({ name }) => name === family);
    if (known?.groups.includes(group) !== true) return -errno.ENOENT;
    socket.groups.add(`${family} ${group}`);
    return 0;
  }

  /** Takes the next message, at most so long: its command, or -EAGAIN. */
  *receive(portid: number, millis: number): Steps<number> {
    const socket = this.socketOf(portid);
    if (socket === undefined) return -errno.EBADF;
    socket.current = yield* socket.inbox.take(millis, "a netlink message");
    return socket.current?.cmd ?? (this.core.context.signalPending ? -errno.EINTR : -errno.EAGAIN);
  }

  /** An attribute of the message that was received last. */
  attributeOf(portid: number, type: number): Uint8Array | undefined {
    return this.socketOf(portid)?.current?.attributes.get(type);
  }

  private *receiveRequest(request: Request, socket: Socket): Steps<number> {
    const type = this.message.get(request.message, "nlmsg_type");
    const family = [...this.families.values()].find(({ id }) => id === type);
    if (family === undefined) return -errno.ENOENT;
    const { stack } = this.statics;
    const mark = stack.mark();
    const extack = stack.push(netlink_ext_ack.size, netlink_ext_ack.align);
    this.core.memory.bytesAt(extack, netlink_ext_ack.size).fill(0);
    const result = yield* this.perform(family.address, request, extack);
    const { memory } = this.core;
    const [text, bad] = [memory.peek(extack, 4), memory.peek(extack + 4, 4)];
    socket.complaint = text === 0 ? "" : textAt(memory, text);
    socket.badAttribute = bad === 0 ? 0 : this.netlink.typeOf(bad);
    stack.release(mark);
    return result;
  }

  /** genl_family_rcv_msg_doit() and genl_family_rcv_msg_dumpit(), but for the locks around the driver's functions. */
  private *perform(family: number, request: Request, extack: number): Steps<number> {
    const { message, cmd, isDump } = request;
    const header = GENL_HDRLEN + this.fields.get(family, "hdrsize");
    const bytes = this.message.get(message, "nlmsg_len") - align(NLMSG_HDRLEN + header);
    if (bytes < 0) return -errno.EINVAL;
    const operation = operationsOf(this.core.memory, family).find((one) => one.cmd === cmd);
    if (operation === undefined || (isDump ? operation.dumpit : operation.doit) === 0) return -errno.EOPNOTSUPP;
    const { maxattr, policy, validate } = operation;
    let attrs = 0;
    if (maxattr > 0) {
      attrs = yield* this.slab.kmalloc(4 * (maxattr + 1), GFP_KERNEL, "genl_family_rcv_msg_attrs_parse");
      if (attrs === 0) return -errno.ENOMEM;
      const isStrict = (validate & (isDump ? GENL_DONT_VALIDATE_DUMP_STRICT : GENL_DONT_VALIDATE_STRICT)) === 0;
      const head = message + align(NLMSG_HDRLEN + header);
      const error = this.netlink.parse(attrs, maxattr, head, bytes, policy, isStrict, extack);
      if (error < 0) {
        this.slab.kfree(attrs);
        return error;
      }
    }
    const { stack } = this.statics;
    const mark = stack.mark();
    const info = stack.push(genl_info.size, genl_info.align);
    this.core.memory.bytesAt(info, genl_info.size).fill(0);
    for (const [member, value] of Object.entries({
      snd_seq: request.seq,
      snd_portid: request.portid,
      family,
      nlhdr: message,
      genlhdr: message + NLMSG_HDRLEN,
      attrs,
      extack,
    })) {
      this.info.set(info, member, value);
    }
    const result = yield* isDump
      ? this.dump(family, operation, request, info)
      : this.locked(family, () => this.around(family, operation.doit, request.skb, info));
    stack.release(mark);
    if (attrs !== 0) this.slab.kfree(attrs);
    return result;
  }

  /** Runs a function of the driver under genl_mutex, where the family does not do without. */
  private *locked(family: number, work: () => Steps<number>): Steps<number> {
    if (this.fields.get(family, "parallel_ops") !== 0) return yield* work();
    yield* this.locks.mutexLock(this.lockPlaces.genl_mutex, "genl_lock", false);
    const result = yield* work();
    this.locks.mutexUnlock(this.lockPlaces.genl_mutex);
    return result;
  }

  /** netlink_dump_start() and netlink_dump() until the driver has no more: 0, or a negative errno. */
  private *dump(family: number, { start, dumpit, done }: Operation, request: Request, info: number): Steps<number> {
    const { core, skbs } = this;
    const { stack } = this.statics;
    const mark = stack.mark();
    const cb = stack.push(netlink_callback.size, netlink_callback.align);
    core.memory.bytesAt(cb, netlink_callback.size).fill(0);
    const fields = new CheckedStruct(core.memory, netlink_callback);
    const { skb, message } = request;
    const members = { skb, nlh: message, data: info, extack: this.info.get(info, "extack") };
    for (const [member, value] of Object.entries(members)) fields.set(cb, member, value);
    const call = (fn: number, args: readonly number[]): Steps<number> =>
      this.locked(family, () => core.callDriver(fn, args));
    let result = start === 0 ? 0 : yield* call(start, [cb]);
    if (result === 0) {
      do {
        const page = yield* skbs.alloc(NLMSG_GOODSIZE, GFP_KERNEL, "netlink_dump");
        if (page === 0) {
          result = -errno.ENOBUFS;
          break;
        }
        result = yield* core.steps("netlink_dump", call(dumpit, [page, cb]));
        this.deliver(
          page,
          this.sockets.filter(({ portid }) => portid === request.portid),
        );
        skbs.free(page);
      } while (result > 0);
      if (done !== 0) yield* call(done, [cb]);
    }
    stack.release(mark);
    return result;
  }

  /** What the kernel said of a socket's latest request, and of which attribute. */
  complaintOf(portid: number): { readonly text: string; readonly attribute: number } {
    const socket = this.socketOf(portid);
    return { text: socket?.complaint ?? "", attribute: socket?.badAttribute ?? 0 };
  }

  /** The function of the command, between what the family has done before and after each. */
  private *around(family: number, doit: number, skb: number, info: number): Steps<number> {
    const { core } = this;
    const before = this.fields.get(family, "pre_doit");
    const after = this.fields.get(family, "post_doit");
    if (before !== 0) {
      const error = yield* core.callDriver(before, [0, skb, info]);
      if (error !== 0) return error;
    }
    const result = yield* core.callDriver(doit, [skb, info]);
    if (after !== 0) yield* core.callDriver(after, [0, skb, info]);
    return result;
  }

  /** Copies the messages of a buffer to programs. */
  private deliver(skb: number, sockets: readonly Socket[]): void {
    const { memory } = this.core;
    let at = this.skbs.get(skb, "data");
    const end = at + this.skbs.get(skb, "len");
    while (at + NLMSG_HDRLEN + GENL_HDRLEN <= end) {
      const bytes = this.message.get(at, "nlmsg_len");
      const attributes = new Map<number, Uint8Array>();
      const head = at + NLMSG_HDRLEN + GENL_HDRLEN;
      for (const nla of this.netlink.attributesOf(head, Math.max(0, at + bytes - head))) {
        const length = this.netlink.lengthOf(nla);
        attributes.set(this.netlink.typeOf(nla), memory.bytesAt(nla + NLA_HDRLEN, length).slice());
      }
      const message = { cmd: memory.load(at + NLMSG_HDRLEN, 1, false), attributes };
      for (const socket of sockets) {
        socket.inbox.push(message);
      }
      at += Math.max(NLMSG_HDRLEN, align(bytes));
    }
  }

  private socketOf(portid: number): Socket | undefined {
    return this.sockets.find((one) => one.portid === portid);
  }

  private *lockAll(callee: string): Steps<void> {
    const { cb_lock, genl_mutex } = this.lockPlaces;
    yield* this.locks.sleepLock(cb_lock, { flavour: "rwsem", callee, where: RWSEM.down_write });
    yield* this.locks.sleepLock(genl_mutex, { flavour: "mutex", callee, where: MUTEX });
  }

  private unlockAll(): void {
    this.locks.mutexUnlock(this.lockPlaces.genl_mutex);
    this.locks.release(this.lockPlaces.cb_lock, { flavour: "rwsem" });
  }

  private get lockPlaces(): { readonly cb_lock: number; readonly genl_mutex: number } {
    if (this.lockAddresses === undefined) {
      const cb_lock = this.statics.global(rw_semaphore.size, rw_semaphore.align, "cb_lock");
      const genl_mutex = this.statics.global(mutex.size, mutex.align, "genl_mutex");
      this.locks.init(cb_lock, "rwsem", "cb_lock");
      this.locks.init(genl_mutex, "mutex", "genl_mutex");
      this.lockAddresses = { cb_lock, genl_mutex };
    }
    return this.lockAddresses;
  }
}
