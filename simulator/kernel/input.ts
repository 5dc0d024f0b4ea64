// Input devices: what they say they have, filtering of what they report, autorepeat, and polled devices.
// Source: drivers/input/input.c and input-poller.c
import { MemoryFault, type Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import { Evdev, type EventNode, type EventSource, type InputValue } from "./evdev.ts";
import type { FileEvents } from "./file-events.ts";
import type { Files } from "./files.ts";
import { inputIoctl } from "./input-ioctls.ts";
import { BITMAPS, input_dev } from "./input-layouts.ts";
import { ABS_CNT, EV, FLUSH, InputState, TO_DEVICE, TO_HANDLERS } from "./input-state.ts";
import { HZ } from "./jiffies.ts";
import { kernelFunction } from "./kernel-functions.ts";
import type { Kobjects } from "./kobjects.ts";
import { device, offsetOf } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import type { Struct } from "./struct.ts";
import type { Sysfs } from "./sysfs.ts";
import { delayed_work } from "./task-layouts.ts";
import { textAt } from "./text.ts";
import { timer_list } from "./time-layouts.ts";
import type { Timers } from "./timers.ts";
import type { UserMemory } from "./user.ts";
import type { WaitQueues } from "./wait.ts";
import type { Workqueues } from "./workqueues.ts";

const EV_MAX = 0x1f;
const KEY_CNT = 0x300;
/** Values of a packet that a device may report before it says SYN_REPORT; tuned when it is registered. */
const FIRST_ROOM = 10;
const REP_DELAY = 250;
const REP_PERIOD = 33;
const EVENT_LOCK = offsetOf(input_dev, "event_lock");
const MUTEX = offsetOf(input_dev, "mutex");
const PARENT = offsetOf(device, "parent");

interface Poller {
  readonly poll: number;
  readonly work: number;
  interval: number;
}

interface InputDevice {
  readonly address: number;
  readonly name: string;
  /** The device with which it goes, 0 for none. */
  readonly manager: number;
  values: InputValue[];
  room: number;
  hint: number;
  node: EventNode | undefined;
  poller: Poller | undefined;
  isGoing: boolean;
  /** The driver's, and that of an event node. */
  references: number;
}

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly locks: Locks;
  readonly waits: WaitQueues;
  readonly timers: Timers;
  readonly workqueues: Workqueues;
  readonly resources: Resources;
  readonly devices: Devices;
  readonly kobjects: Kobjects;
  readonly sysfs: Sysfs;
  readonly events: FileEvents;
  readonly user: UserMemory;
  readonly files: Files;
}

export class Input {
  private readonly parts: Parts;
  private readonly core: Core;
  private readonly state: InputState;
  private readonly fields: Struct;
  private readonly absinfo: Struct;
  private readonly evdev: Evdev;
  private readonly all = new Map<number, InputDevice>();
  private readonly pollers = new Map<number, InputDevice>();
  private readonly repeat: number;
  private readonly pollWork: number;
  private count = 0;

  constructor(parts: Parts) {
    const { core } = parts;
    this.parts = parts;
    this.core = core;
    this.state = new InputState(core.memory);
    this.fields = this.state.fields;
    this.absinfo = this.state.absinfo;
    this.evdev = new Evdev(parts);
    const timer = this.fields.at(0, "timer");
    this.repeat = kernelFunction(core.engine, "input_repeat_key", (it) => this.repeatKey(this.at(it! - timer)));
    this.pollWork = kernelFunction(core.engine, "input_dev_poller_work", (work) => this.pollAgain(work!));
  }

  /** input_allocate_device(), and devm_input_allocate_device() for a manager: 0 when there is no memory. */
  *allocate(manager: number, callee: string): Steps<number> {
    const { slab, locks, timers, devices, resources } = this.parts;
    const address = yield* slab.reserveFor(this.fields.size, "input_dev", callee);
    if (address === 0) return 0;
    locks.init(address + EVENT_LOCK, "spinlock", "&dev->event_lock");
    locks.init(address + MUTEX, "mutex", "&dev->mutex");
    timers.setup(this.fields.at(address, "timer"), 0, 0);
    const state = { values: [], room: FIRST_ROOM, hint: 0, node: undefined, poller: undefined, isGoing: false };
    this.all.set(address, { address, name: `input${this.count++}`, manager, ...state, references: 1 });
    if (manager === 0) {
      resources.obtain(`input_dev ${address}`, "struct input_dev");
      return address;
    }
    this.core.memory.poke(this.fields.at(address, "dev") + PARENT, 4, manager);
    const put = (): Steps<void> => this.putSteps(address);
    devices.managed.add(manager, "input", `${address}`, put);
    return address;
  }

  /** input_free_device(), of one that was never registered. */
  free(address: number): void {
    if (address === 0) return;
    this.fields.use(address);
    const dev = this.all.get(address);
    if (dev === undefined) return;
    if (dev.manager !== 0) this.parts.devices.managed.take(dev.manager, "input", `${address}`);
    this.giveUp(dev);
  }

  /** input_register_device(): 0, or a negative errno. */
  *register(address: number): Steps<number> {
    const { log, resources, devices, kobjects, sysfs } = this.parts;
    this.core.mightSleep("input_register_device", "kernel/locking/mutex.c:586");
    const dev = this.at(address);
    if (this.state.has(dev.address, "evbit", EV.ABS) && this.fields.get(address, "absinfo") === 0) {
      log.write(`input ${dev.name}: Absolute device without dev->absinfo, refusing to register`, 3);
      return -errno.EINVAL;
    }
    this.state.setBit(dev.address, "evbit", EV.SYN, true);
    this.state.setBit(dev.address, "keybit", 0, false);
    for (const [type, { has }] of Object.entries(BITMAPS)) {
      if (!this.state.has(dev.address, "evbit", Number(type))) this.state.bitmap(dev.address, has).fill(0);
    }
    this.tune(dev);
    this.prepareRepeat(dev);
    if (dev.poller !== undefined && dev.poller.interval === 0) dev.poller.interval = 500;
    const own = this.fields.at(address, "dev");
    devices.add(own, dev.name, "input", 0, this.core.memory.peek(own + PARENT, 4));
    const name = this.fields.get(address, "name");
    const at = kobjects.at(own);
    const path = at === undefined ? `/devices/virtual/input/${dev.name}` : sysfs.pathOf(at);
    const title = name === 0 ? "Unspecified device" : textAt(this.core.memory, name);
    log.write(`input: ${title} as ${path}`, 6);
    dev.references++;
    dev.node = this.evdev.connect(this.source(dev));
    if (dev.manager === 0) resources.obtain(`input ${address}`, `input device ${title}`);
    else devices.managed.add(dev.manager, "input", `registered ${address}`, () => this.withdraw(dev));
    yield* [];
    return 0;
  }

  /** input_unregister_device(): it is gone for who has it open, and freed with the last of them. */
  *unregister(address: number): Steps<void> {
    this.core.mightSleep("input_unregister_device", "kernel/locking/mutex.c:586");
    const dev = this.at(address);
    if (dev.manager !== 0) this.parts.devices.managed.take(dev.manager, "input", `registered ${address}`);
    yield* this.withdraw(dev);
    if (dev.manager === 0) this.giveUp(dev);
  }

  /** input_event(): what the device does not have is dropped. */
  *event(address: number, type: number, code: number, value: number): Steps<void> {
    const dev = this.at(address);
    if (type > EV_MAX || !this.state.has(dev.address, "evbit", type)) return;
    const flags = yield* this.parts.locks.spinLock(address + EVENT_LOCK, "_irqsave");
    yield* this.handle(dev, type, code, value);
    yield* this.parts.locks.spinUnlock(address + EVENT_LOCK, "_irqsave", Number(flags));
  }

  /** input_set_capability(). */
  *setCapability(address: number, type: number, code: number): Steps<void> {
    const { log } = this.parts;
    const dev = this.at(address);
    const map = BITMAPS[type];
    if (map !== undefined && code > map.most) {
      log.write(`input: input_set_capability: invalid code ${code} for type ${type}`, 3);
      this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
      return;
    }
    if (map === undefined && type !== EV.PWR) {
      log.write(`input: input_set_capability: unknown type ${type} (code ${code})`, 3);
      this.core.emit({ kind: "dump-stack", stack: this.core.stack() });
      return;
    }
    if (type === EV.ABS) yield* this.allocateAbsinfo(dev);
    if (map !== undefined) this.state.setBit(dev.address, map.has, code, true);
    this.state.setBit(dev.address, "evbit", type, true);
  }

  /** input_set_abs_params(). */
  *setAbsParams(address: number, axis: number, params: Readonly<Record<string, number>>): Steps<void> {
    const dev = this.at(address);
    this.state.setBit(dev.address, "evbit", EV.ABS, true);
    this.state.setBit(dev.address, "absbit", axis, true);
    yield* this.allocateAbsinfo(dev);
    const at = this.state.axis(dev.address, axis);
    if (at !== 0) for (const [member, value] of Object.entries(params)) this.absinfo.set(at, member, value);
  }

  /** A member of an axis, 0 where there is none: input_abs_get_val() and its kin. */
  abs(address: number, axis: number, member: string): number {
    const at = this.state.axis(this.at(address).address, axis);
    return at === 0 ? 0 : this.absinfo.get(at, member);
  }

  setAbs(address: number, axis: number, member: string, value: number): void {
    const at = this.state.axis(this.at(address).address, axis);
    if (at !== 0) this.absinfo.set(at, member, value);
  }

  /** input_setup_polling(): 0, or -ENOMEM. */
  *setupPolling(address: number, poll: number): Steps<number> {
    const { slab, workqueues, log } = this.parts;
    const dev = this.at(address);
    const work = yield* slab.reserveFor(delayed_work.size, "input_dev_poller", "input_setup_polling");
    if (work === 0) {
      log.write(`input ${dev.name}: input_setup_polling: unable to allocate poller structure`, 3);
      return -errno.ENOMEM;
    }
    workqueues.initDelayed(work, this.pollWork);
    dev.poller = { poll, work, interval: 0 };
    this.pollers.set(work, dev);
    return 0;
  }

  /** input_set_poll_interval(), in milliseconds. */
  setPollInterval(address: number, interval: number): void {
    const dev = this.at(address);
    if (dev.poller === undefined) this.parts.log.write(`input ${dev.name}: poller structure has not been set up`, 3);
    else dev.poller.interval = interval;
  }

  intervalOf(address: number): number {
    return this.at(address).poller?.interval ?? -errno.EINVAL;
  }

  /** input_enable_softrepeat(), in milliseconds. */
  softRepeat(address: number, delay: number, period: number): void {
    const { memory } = this.core;
    memory.poke(this.fields.at(address, "timer") + offsetOf(timer_list, "function"), 4, this.repeat);
    memory.poke(this.fields.at(address, "rep"), 4, delay);
    memory.poke(this.fields.at(address, "rep") + 4, 4, period);
  }

  getData(address: number): number {
    return this.parts.devices.getData(this.fields.at(address, "dev"));
  }

  setData(address: number, data: number): void {
    this.parts.devices.setData(this.fields.at(address, "dev"), data);
  }

  /** The input device whose `struct device` this is. */
  ofDevice(dev: number): number | undefined {
    const address = dev - this.fields.at(0, "dev");
    return this.all.has(address) ? address : undefined;
  }

  /** The device at an address, whose memory is used. */
  private at(address: number): InputDevice {
    this.fields.use(address);
    const dev = this.all.get(address);
    // What is no input device leads its pointers anywhere.
    if (dev === undefined) throw new MemoryFault(address, false);
    return dev;
  }

  private *putSteps(address: number): Steps<void> {
    const dev = this.all.get(address);
    if (dev !== undefined) this.put(dev);
    yield* [];
  }

  /** The driver has it no longer. */
  private giveUp(dev: InputDevice): void {
    this.parts.resources.giveBack(`input_dev ${dev.address}`);
    this.put(dev);
  }

  /** input_put_device(). */
  private put(dev: InputDevice): void {
    if (--dev.references > 0) return;
    const { slab } = this.parts;
    slab.kfree(this.fields.get(dev.address, "absinfo"));
    if (dev.poller !== undefined) {
      this.pollers.delete(dev.poller.work);
      slab.kfree(dev.poller.work);
    }
    this.all.delete(dev.address);
    slab.kfree(dev.address);
  }

  /** __input_unregister_device(). */
  private *withdraw(dev: InputDevice): Steps<void> {
    const { locks, timers, devices, resources } = this.parts;
    const { address } = dev;
    yield* locks.mutexLock(address + MUTEX, "input_unregister_device", false);
    dev.isGoing = true;
    locks.mutexUnlock(address + MUTEX);
    const flags = yield* locks.spinLock(address + EVENT_LOCK, "_irqsave");
    yield* this.releaseKeys(dev);
    yield* locks.spinUnlock(address + EVENT_LOCK, "_irqsave", Number(flags));
    const { node } = dev;
    dev.node = undefined;
    dev.references++;
    if (node !== undefined) yield* this.evdev.disconnect(node);
    yield* timers.deleteSync(this.fields.at(address, "timer"));
    devices.remove(this.fields.at(address, "dev"));
    resources.giveBack(`input ${address}`);
    this.put(dev);
  }

  private source(dev: InputDevice): EventSource {
    return {
      hint: dev.hint,
      open: () => this.open(dev),
      close: () => this.close(dev),
      inject: ({ type, code, value }) => this.event(dev.address, type, code, value),
      ioctl: (command, argument) => inputIoctl(this.parts, this.state, dev.address, command, argument),
      left: () => this.put(dev),
    };
  }

  /** input_open_device(): the first one calls the driver's open, and starts polling. */
  private *open(dev: InputDevice): Steps<number> {
    const { locks } = this.parts;
    const { address, poller } = dev;
    const interrupted = yield* locks.mutexLock(address + MUTEX, "input_open_device", true);
    if (interrupted !== 0) return interrupted;
    let error = dev.isGoing ? -errno.ENODEV : 0;
    if (error === 0) {
      this.fields.set(address, "users", 1);
      const open = this.fields.get(address, "open");
      error = open === 0 ? 0 : yield* this.core.callDriver(open, [address]);
      if (error !== 0) this.fields.set(address, "users", 0);
      else if (poller !== undefined && poller.interval > 0) yield* this.poll(dev, poller);
      if (error === 0) this.repeatAgain(dev);
    }
    locks.mutexUnlock(address + MUTEX);
    return error;
  }

  private *close(dev: InputDevice): Steps<void> {
    const { locks, workqueues } = this.parts;
    const { address, poller } = dev;
    yield* locks.mutexLock(address + MUTEX, "input_close_device", false);
    this.fields.set(address, "users", 0);
    if (poller !== undefined) yield* workqueues.cancelSync(poller.work, "cancel_delayed_work_sync");
    const close = this.fields.get(address, "close");
    if (close !== 0) yield* this.core.callDriver(close, [address]);
    locks.mutexUnlock(address + MUTEX);
  }

  private *poll({ address }: InputDevice, { poll, work, interval }: Poller): Steps<void> {
    const { workqueues } = this.parts;
    yield* this.core.callDriver(poll, [address]);
    // Whole seconds are rounded, so that such devices wake the machine together.
    const delay = interval >= HZ ? Math.round(interval / HZ) * HZ : interval;
    workqueues.queueDelayed(workqueues.systemQueue("system_freezable_wq"), work, delay);
  }

  private *pollAgain(work: number): Steps<undefined> {
    const dev = this.pollers.get(work);
    if (dev?.poller !== undefined) yield* this.core.steps("input_dev_poller_work", this.poll(dev, dev.poller));
    return undefined;
  }

  /** input_handle_event(), with event_lock held. */
  private *handle(dev: InputDevice, type: number, code: number, value: number): Steps<void> {
    const known = this.state.dispose(dev.address, type, code, value);
    const { to } = known;
    const event = this.fields.get(dev.address, "event");
    if ((to & TO_DEVICE) !== 0 && event !== 0) yield* this.core.callDriver(event, [dev.address, type, code, value]);
    if ((to & TO_HANDLERS) !== 0) dev.values.push({ type, code, value: known.value });
    if ((to & FLUSH) !== 0) {
      if (dev.values.length >= 2) this.pass(dev);
      dev.values = [];
    } else if (dev.values.length >= dev.room - 2) {
      dev.values.push({ type: EV.SYN, code: 0, value: 1 });
      this.pass(dev);
      dev.values = [];
    }
  }

  /** input_pass_values(). */
  private pass(dev: InputDevice): void {
    const { timers } = this.parts;
    if (dev.node !== undefined) this.evdev.pass(dev.node, dev.values);
    if (!this.state.has(dev.address, "evbit", EV.REP) || !this.state.has(dev.address, "evbit", EV.KEY)) return;
    for (const { type, code, value } of dev.values) {
      if (type !== EV.KEY || value === 2) continue;
      const timer = this.fields.at(dev.address, "timer");
      const [delay, period] = this.state.repeatTimes(dev.address);
      if (value === 0) timers.delete(timer);
      else if (delay > 0 && period > 0) {
        this.fields.set(dev.address, "repeat_key", code);
        timers.modify(timer, timers.jiffies + delay);
      }
    }
  }

  /** A key that is still held repeats for who has just come. */
  private repeatAgain(dev: InputDevice): void {
    const { timers } = this.parts;
    const { address } = dev;
    const timer = this.fields.at(address, "timer");
    const [delay, period] = this.state.repeatTimes(address);
    const key = this.fields.get(address, "repeat_key");
    const isHeld = this.state.has(address, "evbit", EV.REP) && key !== 0 && this.state.has(address, "key", key);
    if (isHeld && delay > 0 && period > 0 && !timers.isPending(timer)) timers.modify(timer, timers.jiffies + period);
  }

  private *repeatKey(dev: InputDevice): Steps<undefined> {
    const { locks, timers } = this.parts;
    const { address } = dev;
    const flags = yield* locks.spinLock(address + EVENT_LOCK, "_irqsave");
    const key = this.fields.get(address, "repeat_key");
    if (this.state.has(dev.address, "key", key) && this.state.has(dev.address, "keybit", key)) {
      yield* this.handle(dev, EV.KEY, key, 2);
      yield* this.handle(dev, EV.SYN, 0, 1);
      const [, period] = this.state.repeatTimes(dev.address);
      // Where nobody listens it would go on for ever unseen: it goes on with the next who opens the device.
      if (period > 0 && dev.node !== undefined && dev.node.clients.size > 0)
        timers.modify(this.fields.at(address, "timer"), timers.jiffies + period);
    }
    yield* locks.spinUnlock(address + EVENT_LOCK, "_irqsave", Number(flags));
    return undefined;
  }

  /** input_dev_release_keys(): who goes lets all keys go. */
  private *releaseKeys(dev: InputDevice): Steps<void> {
    if (!this.state.has(dev.address, "evbit", EV.KEY)) return;
    let some = false;
    for (let code = 0; code < KEY_CNT; code++) {
      if (!this.state.has(dev.address, "key", code)) continue;
      yield* this.handle(dev, EV.KEY, code, 0);
      some = true;
    }
    if (some) yield* this.handle(dev, EV.SYN, 0, 1);
  }

  /** input_device_tune_vals(). */
  private tune(dev: InputDevice): void {
    const axes = this.state.ones(dev.address, "absbit") + this.state.ones(dev.address, "relbit");
    dev.hint = Math.max(this.fields.get(dev.address, "hint_events_per_packet"), 1 + axes + 7);
    this.fields.set(dev.address, "hint_events_per_packet", dev.hint);
    dev.room = Math.max(dev.room, dev.hint + 2);
  }

  private prepareRepeat(dev: InputDevice): void {
    const [delay, period] = this.state.repeatTimes(dev.address);
    if (delay === 0 && period === 0) this.softRepeat(dev.address, REP_DELAY, REP_PERIOD);
  }

  private *allocateAbsinfo({ address }: InputDevice): Steps<void> {
    if (this.fields.get(address, "absinfo") !== 0) return;
    const bytes = ABS_CNT * this.absinfo.size;
    this.fields.set(
      address,
      "absinfo",
      yield* this.parts.slab.reserveFor(bytes, "input_absinfo", "input_alloc_absinfo"),
    );
  }
}
