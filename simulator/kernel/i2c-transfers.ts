// I2C transfers: messages that go over the bus of an adapter, whose lock they take, and SMBus commands made of messages.
// Source: drivers/i2c/i2c-core-{base,smbus}.c
import type { StackAllocator, Steps } from "../engine/interfaces.ts";
import type { LinearMemory } from "../engine/memory.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { I2C_SMBUS_BLOCK_MAX, i2c_adapter, i2c_algorithm, i2c_client, i2c_msg, i2c_smbus_data } from "./i2c-layouts.ts";
import { HZ } from "./jiffies.ts";
import type { Locks } from "./locks.ts";
import type { Log } from "./printk.ts";
import { CheckedStruct } from "./struct.ts";

export const I2C_M = { I2C_M_RD: 1, I2C_M_TEN: 0x10, I2C_M_DMA_SAFE: 0x200, I2C_M_RECV_LEN: 0x400 } as const;
const { I2C_M_RD, I2C_M_TEN, I2C_M_RECV_LEN } = I2C_M;
/** I2C_SMBUS_READ and I2C_SMBUS_WRITE, and the sizes of a command. */
export const READ = 1;
export const WRITE = 0;
export const SIZES = {
  I2C_SMBUS_QUICK: 0,
  I2C_SMBUS_BYTE: 1,
  I2C_SMBUS_BYTE_DATA: 2,
  I2C_SMBUS_WORD_DATA: 3,
  I2C_SMBUS_PROC_CALL: 4,
  I2C_SMBUS_BLOCK_DATA: 5,
  I2C_SMBUS_BLOCK_PROC_CALL: 7,
  I2C_SMBUS_I2C_BLOCK_DATA: 8,
} as const;
const BLOCKS: readonly number[] = [
  SIZES.I2C_SMBUS_BLOCK_DATA,
  SIZES.I2C_SMBUS_BLOCK_PROC_CALL,
  SIZES.I2C_SMBUS_I2C_BLOCK_DATA,
];
const TICK_NANOS = 1e9 / HZ;
/** rt_mutex_lock() of the bus, kernel/locking/rtmutex_api.c. */
const LOCKS = "kernel/locking/rtmutex_api.c:29";

/** An SMBus command: `data` is the address of a `union i2c_smbus_data`. */
export interface Command {
  readonly address: number;
  readonly flags: number;
  readonly direction: number;
  readonly command: number;
  readonly size: number;
  readonly data: number;
}

interface Message {
  readonly addr: number;
  readonly flags: number;
  readonly len: number;
  readonly buf: number;
}

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly locks: Locks;
  readonly devices: Devices;
  readonly statics: { readonly stack: StackAllocator };
}

export class I2cTransfers {
  private readonly parts: Parts;
  private readonly core: Core;
  private readonly memory: LinearMemory;
  private readonly adapter: CheckedStruct;
  private readonly algorithm: CheckedStruct;
  private readonly client: CheckedStruct;
  private readonly message: CheckedStruct;
  private readonly data: CheckedStruct;

  constructor(parts: Parts) {
    const { memory } = parts.core;
    this.parts = parts;
    this.core = parts.core;
    this.memory = memory;
    this.adapter = new CheckedStruct(memory, i2c_adapter);
    this.algorithm = new CheckedStruct(memory, i2c_algorithm);
    this.client = new CheckedStruct(memory, i2c_client);
    this.message = new CheckedStruct(memory, i2c_msg);
    this.data = new CheckedStruct(memory, i2c_smbus_data);
  }

  /** i2c_lock_bus() */
  *lock(adapter: number, callee: string): Steps<void> {
    yield* this.parts.locks.sleepLock(this.adapter.at(adapter, "bus_lock"), { flavour: "mutex", callee, where: LOCKS });
  }

  unlock(adapter: number): void {
    this.parts.locks.mutexUnlock(this.adapter.at(adapter, "bus_lock"));
  }

  /** i2c_transfer(): how many messages went over the bus, or a negative errno. */
  *transfer(adapter: number, first: number, count: number, callee = "i2c_transfer"): Steps<number> {
    yield* this.lock(adapter, callee);
    const result = yield* this.core.steps("__i2c_transfer", this.transferLocked(adapter, first, count));
    this.unlock(adapter);
    return result;
  }

  /** __i2c_transfer(), whose caller has the bus. */
  *transferLocked(adapter: number, first: number, count: number): Steps<number> {
    const xfer = this.operation(adapter, "xfer");
    if (xfer === 0) return -errno.EOPNOTSUPP;
    if (first === 0 || count < 1) {
      this.core.warn("drivers/i2c/i2c-core-base.c", 2253, "__i2c_transfer");
      return -errno.EINVAL;
    }
    return yield* this.retried(adapter, () => this.core.callDriver(xfer, [adapter, first, count]));
  }

  /** i2c_transfer_buffer_flags(): bytes in one message; how many, or a negative errno. */
  *buffer(client: number, buffer: number, count: number, flags: number): Steps<number> {
    const own = { ...this.addressOf(client), len: count & 0xffff, buf: buffer };
    const result = yield* this.messages([{ ...own, flags: own.flags | flags }], (first) =>
      this.transfer(this.client.get(client, "adapter"), first, 1),
    );
    return result === 1 ? count : result;
  }

  /** Bytes that are sent, and so many that come back: these, or a negative errno. For register maps. */
  *exchange(client: number, sent: readonly number[], wanted: number): Steps<number | readonly number[]> {
    const { memory } = this;
    const { stack } = this.parts.statics;
    const mark = stack.mark();
    const [out, back] = [stack.push(Math.max(1, sent.length), 4), stack.push(Math.max(1, wanted), 4)];
    for (const [index, byte] of sent.entries()) memory.store(out + index, 1, byte);
    const { addr, flags } = this.addressOf(client);
    const list = [{ addr, flags, len: sent.length, buf: out }];
    if (wanted > 0) list.push({ addr, flags: flags | I2C_M_RD, len: wanted, buf: back });
    const result = yield* this.messages(list, (first) =>
      this.transfer(this.client.get(client, "adapter"), first, list.length),
    );
    const bytes = result < 0 ? [] : Array.from({ length: wanted }, (_, index) => memory.load(back + index, 1, false));
    stack.release(mark);
    return result < 0 ? result : bytes;
  }

  /** One of the client's SMBus commands: 0, or a negative errno. */
  smbus(client: number, direction: number, command: number, size: number, data: number): Steps<number> {
    const { addr: address, flags } = this.addressOf(client);
    return this.smbusXfer(this.client.get(client, "adapter"), { address, flags, direction, command, size, data });
  }

  /** Room for a `union i2c_smbus_data` while a command is performed. */
  *withData<T>(body: (data: number) => Steps<T>): Steps<T> {
    const { stack } = this.parts.statics;
    const mark = stack.mark();
    const result = yield* body(stack.push(i2c_smbus_data.size, i2c_smbus_data.align));
    stack.release(mark);
    return result;
  }

  /** i2c_smbus_xfer(): 0, or a negative errno. */
  *smbusXfer(adapter: number, command: Command): Steps<number> {
    yield* this.lock(adapter, "i2c_smbus_xfer");
    const result = yield* this.core.steps("__i2c_smbus_xfer", this.smbusLocked(adapter, command));
    this.unlock(adapter);
    return result;
  }

  private *smbusLocked(adapter: number, command: Command): Steps<number> {
    const { address, flags, direction, size, data } = command;
    const isGiven = BLOCKS.includes(size) && !(size === SIZES.I2C_SMBUS_BLOCK_DATA && direction === READ);
    const length = isGiven && data !== 0 ? this.memory.load(data, 1, false) : 1;
    if (length === 0 || length > I2C_SMBUS_BLOCK_MAX) return -errno.EINVAL;
    const own = this.operation(adapter, "smbus_xfer");
    if (own !== 0) {
      const args = [adapter, address, flags & I2C_M_TEN, direction, command.command, size, data];
      const result = yield* this.retried(adapter, () => this.core.callDriver(own, args));
      if (result !== -errno.EOPNOTSUPP || this.operation(adapter, "xfer") === 0) return result;
    }
    return yield* this.core.steps("i2c_smbus_xfer_emulated", this.emulated(adapter, command));
  }

  /** i2c_smbus_xfer_emulated(): the command as one or two messages. */
  private *emulated(adapter: number, { address, flags, direction, command, size, data }: Command): Steps<number> {
    const { memory } = this;
    const { stack } = this.parts.statics;
    const byte = (at: number): number => memory.load(data + at, 1, false);
    const block = (from: number): number[] => Array.from({ length: byte(0) + 1 - from }, (_, i) => byte(from + i));
    const word = (): number[] => [byte(0), byte(1)];
    // What is written after the command, and how much is read; a block that is read says its length itself.
    const kinds: Record<number, readonly [write: () => number[], read: () => number]> = {
      [SIZES.I2C_SMBUS_BYTE_DATA]: [() => [byte(0)], () => 1],
      [SIZES.I2C_SMBUS_WORD_DATA]: [word, () => 2],
      [SIZES.I2C_SMBUS_BLOCK_DATA]: [() => block(0), () => 1],
      [SIZES.I2C_SMBUS_I2C_BLOCK_DATA]: [() => block(1), () => byte(0)],
      [SIZES.I2C_SMBUS_PROC_CALL]: [word, () => 2],
      [SIZES.I2C_SMBUS_BLOCK_PROC_CALL]: [() => block(0), () => 1],
    };
    const isCall = size === SIZES.I2C_SMBUS_PROC_CALL || size === SIZES.I2C_SMBUS_BLOCK_PROC_CALL;
    const isRead = direction === READ || isCall;
    const isShort = size === SIZES.I2C_SMBUS_QUICK || size === SIZES.I2C_SMBUS_BYTE;
    const kind = kinds[size];
    if (kind === undefined && !isShort) {
      this.error(adapter, `Unsupported transaction ${size}`);
      return -errno.EOPNOTSUPP;
    }
    const mark = stack.mark();
    const [out, back] = [stack.push(I2C_SMBUS_BLOCK_MAX + 3, 1), stack.push(I2C_SMBUS_BLOCK_MAX + 2, 1)];
    const sent = [command, ...(kind !== undefined && (direction !== READ || isCall) ? kind[0]() : [])];
    for (const [index, one] of sent.entries()) memory.store(out + index, 1, one);
    const wanted = isRead ? (kind?.[1]() ?? size) : 0;
    const receives = size === SIZES.I2C_SMBUS_BLOCK_DATA || size === SIZES.I2C_SMBUS_BLOCK_PROC_CALL;
    const reading = flags | I2C_M_RD | (receives ? I2C_M_RECV_LEN : 0);
    const list: Message[] = isShort
      ? [{ addr: address, flags: isRead ? reading : flags, len: size, buf: isRead ? back : out }]
      : [{ addr: address, flags, len: sent.length, buf: out }];
    if (isRead && kind !== undefined) list.push({ addr: address, flags: reading, len: wanted, buf: back });
    const result = yield* this.messages(list, (first) => this.transferLocked(adapter, first, list.length));
    const status = result < 0 ? result : result === list.length ? 0 : -errno.EIO;
    const answer = status === 0 && isRead ? this.answer(adapter, size, back, wanted, data) : status;
    stack.release(mark);
    return answer;
  }

  /** What was read, to where the caller wants it: 0, or -EPROTO. */
  private answer(adapter: number, size: number, from: number, bytes: number, data: number): number {
    const { memory } = this;
    const copy = (to: number, count: number): void => {
      for (let at = 0; at < count; at++) memory.store(to + at, 1, memory.load(from + at, 1, false));
    };
    if (size === SIZES.I2C_SMBUS_BLOCK_DATA || size === SIZES.I2C_SMBUS_BLOCK_PROC_CALL) {
      const length = memory.load(from, 1, false);
      if (length > I2C_SMBUS_BLOCK_MAX) {
        this.error(adapter, `Invalid block size returned: ${length}`);
        return -errno.EPROTO;
      }
      copy(data, length + 1);
    } else copy(size === SIZES.I2C_SMBUS_I2C_BLOCK_DATA ? data + 1 : data, bytes);
    return 0;
  }

  /** A word of the union, as SMBus commands return it. */
  wordOf(data: number): number {
    return this.data.get(data, "word");
  }

  setWord(data: number, value: number): void {
    this.data.set(data, "word", value);
  }

  private addressOf(client: number): { readonly addr: number; readonly flags: number } {
    return { addr: this.client.get(client, "addr"), flags: this.client.get(client, "flags") & I2C_M_TEN };
  }

  /** Lays messages out in memory for whoever transfers them. */
  private *messages(list: readonly Message[], transfer: (first: number) => Steps<number>): Steps<number> {
    const { stack } = this.parts.statics;
    const mark = stack.mark();
    const first = stack.push(list.length * i2c_msg.size, i2c_msg.align);
    for (const [index, one] of list.entries()) {
      for (const [member, value] of Object.entries(one)) {
        this.message.set(first + index * i2c_msg.size, member, value);
      }
    }
    const result = yield* transfer(first);
    stack.release(mark);
    return result;
  }

  /** Again, where another master had the bus, until the adapter's time is up. */
  private *retried(adapter: number, perform: () => Steps<number>): Steps<number> {
    const { clock } = this.core.engine;
    const end = clock.nanos + this.adapter.get(adapter, "timeout") * TICK_NANOS;
    let result = 0;
    for (let tries = this.adapter.get(adapter, "retries"); tries >= 0; tries--) {
      result = yield* perform();
      if (result !== -errno.EAGAIN || clock.nanos > end) break;
    }
    return result;
  }

  private operation(adapter: number, name: string): number {
    return this.algorithm.get(this.adapter.get(adapter, "algo"), name);
  }

  private error(adapter: number, text: string): void {
    this.parts.log.write(`${this.parts.devices.label(this.adapter.at(adapter, "dev"))}: ${text}`, 3);
  }
}
