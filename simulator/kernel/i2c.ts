// I2C: adapters, the devices behind them, and transfers by which drivers talk to those.
// Source: drivers/i2c/i2c-core-*.c
import type { I2cTarget } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Buses } from "./bus.ts";
import type { Core } from "./core.ts";
import type { DeviceTree } from "./device-tree.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { Hardware, I2cSlot } from "./hardware.ts";
import { device, device_driver, offsetOf } from "./layouts.ts";
import { i2c_adapter, i2c_client, i2c_device_id, i2c_driver, i2c_msg } from "./model-layouts.ts";
import type { Statics } from "./statics.ts";
import { putText, textAt } from "./text.ts";

export const I2C_M_RD = 1;
const CLIENT = offsetOf(i2c_client, "dev");
const DRIVER = offsetOf(i2c_driver, "driver");
/** A byte with its acknowledgement takes nine clocks, at 100 kHz. */
const BYTE_NANOS = 90_000;
/** rt_mutex_lock() of the bus, kernel/locking/rtmutex_api.c. */
const LOCKS = "kernel/locking/rtmutex_api.c:29";

interface Message {
  readonly address: number;
  readonly isRead: boolean;
  /** In memory of the kernel. */
  readonly buffer: number;
  readonly bytes: number;
}

export class I2c {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly devices: Devices;
  private readonly buses: Buses;
  private readonly tree: DeviceTree;
  private readonly hardware: Hardware;
  private readonly bus: number;
  private readonly adapters = new Map<string, { readonly at: number; readonly number: number }>();
  private isBusy = false;

  constructor(core: Core, statics: Statics, devices: Devices, buses: Buses, tree: DeviceTree, hardware: Hardware) {
    this.core = core;
    this.statics = statics;
    this.devices = devices;
    this.buses = buses;
    this.tree = tree;
    this.hardware = hardware;
    const call = (driver: number, member: string): number => this.read(driver, i2c_driver, member);
    this.bus = buses.own({
      name: "i2c",
      match: (dev, drv) => this.match(dev, drv),
      *probe(dev, drv) {
        const probe = call(drv - DRIVER, "probe");
        if (probe === 0) return -errno.EINVAL;
        return yield* core.steps("i2c_device_probe", core.callDriver(probe, [dev - CLIENT]));
      },
      *remove(dev, drv) {
        const remove = call(drv - DRIVER, "remove");
        if (remove !== 0) yield* core.steps("i2c_device_remove", core.callDriver(remove, [dev - CLIENT]));
      },
      *shutdown(dev, drv) {
        const shutdown = drv === 0 ? 0 : call(drv - DRIVER, "shutdown");
        if (shutdown !== 0) yield* core.steps("i2c_device_shutdown", core.callDriver(shutdown, [dev - CLIENT]));
      },
    });
    hardware.whenI2c = (slot) => this.enumerate(slot);
  }

  register(driver: number): Steps<number> {
    this.core.memory.store(driver + DRIVER + offsetOf(device_driver, "bus"), 4, this.bus);
    return this.buses.registerDriver(driver + DRIVER);
  }

  unregister(driver: number): Steps<void> {
    return this.buses.unregisterDriver(driver + DRIVER);
  }

  /** i2c_transfer(): how many messages went over the bus, or what i2c-designware makes of a missing acknowledgement. */
  *transfer(messages: readonly Message[], callee = "i2c_transfer"): Steps<number> {
    this.core.mightSleep(callee, LOCKS);
    while (this.isBusy) yield* this.core.sleep(BYTE_NANOS, "i2c");
    this.isBusy = true;
    let target: I2cTarget | undefined;
    let result = messages.length;
    for (const message of messages) {
      target = this.at(message.address);
      yield* this.core.sleep(BYTE_NANOS * (1 + message.bytes), "i2c");
      result = this.move(target, message);
      if (result < 0) break;
      result = messages.length;
    }
    target?.stop();
    this.isBusy = false;
    return result;
  }

  /** The messages of an array of `struct i2c_msg`. */
  messagesAt(first: number, count: number): readonly Message[] {
    return Array.from({ length: count }, (_, index) => {
      const at = first + index * i2c_msg.size;
      const half = (member: string): number => this.core.memory.load(at + offsetOf(i2c_msg, member), 2, false);
      const buffer = this.core.memory.load(at + offsetOf(i2c_msg, "buf"), 4, false);
      return { address: half("addr"), isRead: (half("flags") & I2C_M_RD) !== 0, buffer, bytes: half("len") };
    });
  }

  addressOf(client: number): number {
    return this.core.memory.load(client + offsetOf(i2c_client, "addr"), 2, false);
  }

  /** i2c_smbus_…(): a command, bytes that follow it, and how many are read: what was read, or a negative errno. */
  *smbus(client: number, sent: readonly number[], wanted: number): Steps<number | readonly number[]> {
    this.core.mightSleep("i2c_smbus_xfer", LOCKS);
    const target = this.at(this.addressOf(client));
    yield* this.core.sleep(BYTE_NANOS * (2 + sent.length + wanted), "i2c");
    const isSent = sent.length === 0 || (target?.start(false) === true && sent.every((byte) => target.write(byte)));
    const isRead = wanted === 0 || (isSent && target?.start(true) === true);
    const taken = isRead ? Array.from({ length: wanted }, () => target!.read()) : [];
    target?.stop();
    return isSent && isRead ? taken : -errno.EREMOTEIO;
  }

  private move(target: I2cTarget | undefined, { isRead, buffer, bytes }: Message): number {
    if (target === undefined || !target.start(isRead)) return -errno.EREMOTEIO;
    for (let index = 0; index < bytes; index++) {
      if (isRead) this.core.memory.store(buffer + index, 1, target.read());
      else if (!target.write(this.core.memory.load(buffer + index, 1, false))) return -errno.EREMOTEIO;
    }
    return 0;
  }

  private at(address: number): I2cTarget | undefined {
    const slot = this.hardware.i2c.find((one) => one.address === address);
    return slot?.device.faults?.isRemoved ? undefined : slot?.device.target;
  }

  /** A device behind one of the machine's controllers, whose adapter is there with the first of them. */
  private enumerate(slot: I2cSlot): void {
    const { memory } = this.core;
    const adapter = this.adapterOf(slot.behind);
    const name = `${adapter.number}-${slot.address.toString(16).padStart(4, "0")}`;
    const client = this.statics.global(i2c_client.size, i2c_client.align, name);
    const compatible = slot.device.i2c?.compatible ?? [];
    // The client is called as what follows the vendor.
    putText(memory, client + offsetOf(i2c_client, "name"), (compatible[0] ?? "").replace(/^.*,/, "").slice(0, 19));
    memory.poke(client + offsetOf(i2c_client, "addr"), 2, slot.address);
    memory.poke(client + offsetOf(i2c_client, "adapter"), 4, adapter.at);
    const node = this.tree.add(`${slot.device.name}@${slot.address.toString(16)}`, { compatible, reg: [slot.address] });
    memory.poke(client + CLIENT + offsetOf(device, "of_node"), 4, node);
    this.buses.enumerate(this.bus, client + CLIENT, name, adapter.at + offsetOf(i2c_adapter, "dev"));
  }

  private adapterOf(controller: string): { readonly at: number; readonly number: number } {
    const known = this.adapters.get(controller);
    if (known !== undefined) return known;
    const { memory } = this.core;
    const number = this.adapters.size;
    const at = this.statics.global(i2c_adapter.size, i2c_adapter.align, `i2c-${number}`);
    memory.poke(at + offsetOf(i2c_adapter, "nr"), 4, number);
    putText(memory, at + offsetOf(i2c_adapter, "name"), "Synopsys DesignWare I2C adapter");
    this.devices.add(at + offsetOf(i2c_adapter, "dev"), `i2c-${number}`, "");
    this.adapters.set(controller, { at, number });
    return { at, number };
  }

  private *match(dev: number, drv: number): Steps<number> {
    yield* [];
    const table = this.read(drv, device_driver, "of_match_table");
    if (this.tree.match(table, this.read(dev, device, "of_node")) !== 0) return 1;
    return this.idOf(dev - CLIENT, drv - DRIVER) === 0 ? 0 : 1;
  }

  /** The entry of a driver's id table for a client; 0: none. */
  private idOf(client: number, driver: number): number {
    const { memory } = this.core;
    const name = textAt(memory, client + offsetOf(i2c_client, "name"));
    let id = this.read(driver, i2c_driver, "id_table");
    if (id === 0) return 0;
    for (; memory.load(id, 1, false) !== 0; id += i2c_device_id.size) if (textAt(memory, id) === name) return id;
    return 0;
  }

  /** i2c_client_get_device_id(). */
  deviceId(client: number): number {
    const driver = this.read(client + CLIENT, device, "driver");
    return driver === 0 ? 0 : this.idOf(client, driver - DRIVER);
  }

  private read(address: number, layout: typeof device, member: string): number {
    return this.core.memory.load(address + offsetOf(layout, member), 4, false);
  }
}
