// evdev: nodes /dev/input/event…, from which processes read what input devices report.
// Source: drivers/input/evdev.c
import type { Steps } from "../engine/interfaces.ts";
import { mkdev } from "./char-devices.ts";
import { type Core, TASK_INTERRUPTIBLE } from "./core.ts";
import { errno } from "./errno.ts";
import { EVENTS, type FileEvents } from "./file-events.ts";
import { type Entry, type Files, O_NONBLOCK } from "./files.ts";
import { input_event } from "./input-layouts.ts";
import { BOOT_SECONDS } from "./jiffies.ts";
import { atOnce } from "./kernel-functions.ts";
import { file, inode as inode_layout, offsetOf, wait_queue_head_t } from "./layouts.ts";
import { ownOperations } from "./own-operations.ts";
import { SIGNALS } from "./signals.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import type { UserMemory } from "./user.ts";
import type { WaitQueues } from "./wait.ts";

const INPUT_MAJOR = 13;
const EVDEV_MINOR_BASE = 64;
const EVDEV_MIN_BUFFER_SIZE = 64;
const EVDEV_BUF_PACKETS = 8;
const SYN_REPORT = 0;
const SYN_DROPPED = 3;
const S_IFCHR = 0o020000;
/** Where a client's `fasync` is, behind its wait queue. */
const FASYNC = wait_queue_head_t.size;
/** _IOW('E', 0x90, int) */
const EVIOCGRAB = 0x40044590;

export interface InputValue {
  readonly type: number;
  readonly code: number;
  readonly value: number;
}

interface StampedValue extends InputValue {
  readonly nanos: number;
}

/** An open file of a node. */
interface Client {
  readonly node: EventNode;
  readonly bufferSize: number;
  /** Where it waits: a wait queue head in memory, and behind it the list of whom SIGIO goes to. */
  readonly wait: number;
  queue: StampedValue[];
  /** Values up to the end of the last whole packet. */
  ready: number;
}

/** What an event node does with its device. */
export interface EventSource {
  readonly hint: number;
  open(): Steps<number>;
  close(): Steps<void>;
  inject(value: InputValue): Steps<void>;
  ioctl(command: number, argument: number): Steps<number>;
  /** The last file is closed after the device has gone. */
  left(): void;
}

export interface EventNode {
  readonly number: number;
  readonly source: EventSource;
  readonly clients: Set<Client>;
  exists: boolean;
  /** Who alone gets the events. */
  grab: Client | undefined;
}

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly waits: WaitQueues;
  readonly events: FileEvents;
  readonly user: UserMemory;
  readonly files: Files;
}

export class Evdev {
  private readonly parts: Parts;
  private readonly core: Core;
  private readonly nodes: EventNode[] = [];
  private readonly clients = new Map<number, Client>();
  private table: number | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
    this.core = parts.core;
    parts.files.mount("/dev/input", (name) => this.lookup(name));
  }

  /** evdev_connect(). */
  connect(source: EventSource): EventNode {
    let number = 0;
    while (this.nodes.some((node) => node.number === number)) number++;
    const node: EventNode = { number, source, clients: new Set(), exists: true, grab: undefined };
    this.nodes.push(node);
    return node;
  }

  /** evdev_disconnect(): files that are open get -ENODEV from now on. */
  *disconnect(node: EventNode): Steps<void> {
    node.exists = false;
    for (const { wait } of node.clients) {
      this.parts.events.kill(wait + FASYNC, SIGNALS.SIGIO);
      this.parts.waits.wakeUp(wait);
    }
    this.nodes.splice(this.nodes.indexOf(node), 1);
    if (node.clients.size > 0) yield* node.source.close();
    else node.source.left();
  }

  /** evdev_events(): whole packets wake readers. */
  pass(node: EventNode, values: readonly InputValue[]): void {
    const { nanos } = this.core.engine.clock;
    for (const client of node.grab === undefined ? node.clients : [node.grab]) {
      let isWhole = false;
      for (const value of values) {
        const isReport = value.type === 0 && value.code === SYN_REPORT;
        // An empty packet says nothing.
        if (isReport && client.ready === client.queue.length) continue;
        this.put(client, { ...value, nanos });
        if (isReport) {
          client.ready = client.queue.length;
          this.parts.events.kill(client.wait + FASYNC, SIGNALS.SIGIO);
        }
        isWhole ||= isReport;
      }
      if (isWhole) this.parts.waits.wakeUp(client.wait);
    }
  }

  /** __pass_event(): when there is no room, all but the newest is lost, and that is told. */
  private put(client: Client, value: StampedValue): void {
    client.queue.push(value);
    if (client.queue.length < client.bufferSize) return;
    client.queue = [{ type: 0, code: SYN_DROPPED, value: 0, nanos: value.nanos }, value];
    client.ready = 0;
  }

  private lookup(name: string): Entry | number {
    const node = this.nodes.find(({ number }) => name === `event${number}`);
    if (node === undefined) return -errno.ENOENT;
    return {
      mode: S_IFCHR | 0o660,
      devt: mkdev(INPUT_MAJOR, EVDEV_MINOR_BASE + node.number),
      fops: this.operations,
      via: "chrdev_open",
      owners: [],
    };
  }

  private get operations(): number {
    this.table ??= ownOperations(this.core, this.parts.statics, "evdev_fops", {
      open: ["evdev_open", (inode, it) => this.open(inode!, it!)],
      release: ["evdev_release", (_, it) => this.release(it!)],
      read: ["evdev_read", (it, to, count) => this.read(it!, to!, count!)],
      write: ["evdev_write", (it, from, count) => this.write(it!, from!, count!)],
      poll: ["evdev_poll", (it, table) => this.poll(it!, table!)],
      fasync: ["evdev_fasync", (fd, it, on) => atOnce(this.fasync(fd!, it!, on!))],
      unlocked_ioctl: ["evdev_ioctl", (it, command, argument) => this.ioctl(it!, command!, argument!)],
    });
    return this.table;
  }

  private *open(inode: number, it: number): Steps<number> {
    const number =
      this.core.memory.peek(inode + offsetOf(inode_layout, "i_rdev"), 4) - mkdev(INPUT_MAJOR, EVDEV_MINOR_BASE);
    const node = this.nodes.find((one) => one.number === number);
    if (node === undefined) return -errno.ENXIO;
    const wait = this.parts.slab.reserve(FASYNC + 4, "evdev_client");
    this.parts.waits.init(wait, "&client->wait");
    const wanted = Math.max(node.source.hint * EVDEV_BUF_PACKETS, EVDEV_MIN_BUFFER_SIZE);
    const client: Client = { node, bufferSize: 2 ** Math.ceil(Math.log2(wanted)), wait, queue: [], ready: 0 };
    node.clients.add(client);
    this.clients.set(it, client);
    const error = node.clients.size > 1 ? 0 : yield* node.source.open();
    if (error !== 0) this.forget(it, client);
    return error;
  }

  private *release(it: number): Steps<number> {
    const client = this.clients.get(it)!;
    const { node } = client;
    this.forget(it, client);
    if (node.clients.size > 0) return 0;
    if (node.exists) yield* node.source.close();
    else node.source.left();
    return 0;
  }

  private forget(it: number, client: Client): void {
    this.clients.delete(it);
    client.node.clients.delete(client);
    if (client.node.grab === client) client.node.grab = undefined;
    this.parts.slab.kfree(client.wait);
  }

  private *read(it: number, to: number, count: number): Steps<number> {
    const client = this.clients.get(it)!;
    const { node } = client;
    if (count !== 0 && count < input_event.size) return -errno.EINVAL;
    for (;;) {
      if (!node.exists) return -errno.ENODEV;
      if (client.ready === 0 && this.isNonblocking(it)) return -errno.EAGAIN;
      if (count === 0) return 0;
      let done = 0;
      while (done + input_event.size <= count && client.ready > 0) {
        const value = client.queue.shift()!;
        client.ready--;
        if (yield* this.copy(to + done, value)) done += input_event.size;
        else return -errno.EFAULT;
      }
      if (done > 0) return done;
      const isReady = (): boolean => client.ready > 0 || !node.exists;
      const options = { callee: "evdev_read", state: TASK_INTERRUPTIBLE };
      const error = yield* this.parts.waits.waitEvent(client.wait, isReady, options);
      if (error !== 0) return error;
    }
  }

  /** input_event_to_user(): false for a bad address. */
  private *copy(to: number, { type, code, value, nanos }: StampedValue): Steps<boolean> {
    const { stack } = this.parts.statics;
    const { memory } = this.core;
    const mark = stack.mark();
    const at = stack.push(input_event.size, input_event.align);
    const micros = Math.floor(nanos / 1000);
    memory.poke(at, 4, Number(BOOT_SECONDS) + Math.floor(micros / 1e6));
    memory.poke(at + 4, 4, micros % 1e6);
    memory.poke(at + 8, 2, type);
    memory.poke(at + 10, 2, code);
    memory.poke(at + 12, 4, value);
    const left = yield* this.parts.user.copyTo(to, at, input_event.size);
    stack.release(mark);
    return left === 0;
  }

  private *write(it: number, from: number, count: number): Steps<number> {
    const { node } = this.clients.get(it)!;
    if (count !== 0 && count < input_event.size) return -errno.EINVAL;
    if (!node.exists) return -errno.ENODEV;
    const { stack } = this.parts.statics;
    const { memory } = this.core;
    let done = 0;
    while (done + input_event.size <= count) {
      const mark = stack.mark();
      const at = stack.push(input_event.size, input_event.align);
      const left = yield* this.parts.user.copyFrom(at, from + done, input_event.size);
      const value = { type: memory.peek(at + 8, 2), code: memory.peek(at + 10, 2), value: memory.peek(at + 12, 4) | 0 };
      stack.release(mark);
      if (left > 0) return -errno.EFAULT;
      yield* node.source.inject(value);
      done += input_event.size;
    }
    return done;
  }

  private *poll(it: number, table: number): Steps<number> {
    const client = this.clients.get(it)!;
    this.parts.events.pollWait(client.wait, table);
    yield* [];
    const mask = client.node.exists ? EVENTS.EPOLLOUT | EVENTS.EPOLLWRNORM : EVENTS.EPOLLHUP | EVENTS.EPOLLERR;
    return client.ready > 0 ? mask | EVENTS.EPOLLIN | EVENTS.EPOLLRDNORM : mask;
  }

  private fasync(fd: number, it: number, on: number): number {
    return this.parts.events.helper(fd | 0, it, on !== 0, this.clients.get(it)!.wait + FASYNC);
  }

  private *ioctl(it: number, command: number, argument: number): Steps<number> {
    const client = this.clients.get(it)!;
    const { node } = client;
    if (!node.exists) return -errno.ENODEV;
    if (command >>> 0 !== EVIOCGRAB) return yield* node.source.ioctl(command, argument);
    if (argument === 0) {
      if (node.grab !== client) return -errno.EINVAL;
      node.grab = undefined;
    } else if (node.grab !== undefined) return -errno.EBUSY;
    else node.grab = client;
    return 0;
  }

  private isNonblocking(it: number): boolean {
    return (this.core.memory.peek(it + offsetOf(file, "f_flags"), 4) & O_NONBLOCK) !== 0;
  }
}
