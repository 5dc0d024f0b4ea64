// I2C: adapters, those of the machine and those of drivers, the devices on them, and the drivers of these.
// Source: drivers/i2c/i2c-core-{base,of}.c
import { hook } from "../engine/hook.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import type { Buses } from "./bus.ts";
import type { Core } from "./core.ts";
import type { DeviceTree } from "./device-tree.ts";
import type { Devices } from "./devices.ts";
import { errno, isErrPtr } from "./errno.ts";
import { GFP_KERNEL } from "./gfp.ts";
import type { Hardware, I2cSlot } from "./hardware.ts";
import { addI2cFiles } from "./i2c-files.ts";
import { i2c_adapter, i2c_algorithm, i2c_board_info, i2c_client, i2c_device_id, i2c_driver } from "./i2c-layouts.ts";
import { I2C_M, I2cTransfers } from "./i2c-transfers.ts";
import { I2cWires } from "./i2c-wires.ts";
import { HZ } from "./jiffies.ts";
import { device, device_driver, offsetOf } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import type { ModelFiles } from "./model-files.ts";
import type { Modules } from "./modules.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { CheckedStruct } from "./struct.ts";
import { putText, textAt } from "./text.ts";

const CLIENT = offsetOf(i2c_client, "dev");
const DRIVER = offsetOf(i2c_driver, "driver");
const NAME_SIZE = 20;
const MUTEX = "kernel/locking/mutex.c:586";

/** Bits of I2C_FUNC_…. */
export const FUNCTIONS = {
  I2C_FUNC_I2C: 0x1,
  I2C_FUNC_10BIT_ADDR: 0x2,
  I2C_FUNC_SMBUS_PEC: 0x8,
  I2C_FUNC_SMBUS_QUICK: 0x10000,
  I2C_FUNC_SMBUS_READ_BYTE: 0x20000,
  I2C_FUNC_SMBUS_WRITE_BYTE: 0x40000,
  I2C_FUNC_SMBUS_BYTE: 0x60000,
  I2C_FUNC_SMBUS_READ_BYTE_DATA: 0x80000,
  I2C_FUNC_SMBUS_WRITE_BYTE_DATA: 0x100000,
  I2C_FUNC_SMBUS_BYTE_DATA: 0x180000,
  I2C_FUNC_SMBUS_READ_WORD_DATA: 0x200000,
  I2C_FUNC_SMBUS_WRITE_WORD_DATA: 0x400000,
  I2C_FUNC_SMBUS_WORD_DATA: 0x600000,
  I2C_FUNC_SMBUS_PROC_CALL: 0x800000,
  I2C_FUNC_SMBUS_READ_BLOCK_DATA: 0x1000000,
  I2C_FUNC_SMBUS_WRITE_BLOCK_DATA: 0x2000000,
  I2C_FUNC_SMBUS_BLOCK_DATA: 0x3000000,
  I2C_FUNC_SMBUS_READ_I2C_BLOCK: 0x4000000,
  I2C_FUNC_SMBUS_WRITE_I2C_BLOCK: 0x8000000,
  I2C_FUNC_SMBUS_I2C_BLOCK: 0xc000000,
  I2C_FUNC_SMBUS_EMUL: 0xeff0008,
} as const;
/** DW_IC_DEFAULT_FUNCTIONALITY of i2c-designware-core.h, and ten bits. */
const DESIGNWARE =
  FUNCTIONS.I2C_FUNC_I2C |
  FUNCTIONS.I2C_FUNC_10BIT_ADDR |
  FUNCTIONS.I2C_FUNC_SMBUS_BYTE |
  FUNCTIONS.I2C_FUNC_SMBUS_BYTE_DATA |
  FUNCTIONS.I2C_FUNC_SMBUS_WORD_DATA |
  FUNCTIONS.I2C_FUNC_SMBUS_BLOCK_DATA |
  FUNCTIONS.I2C_FUNC_SMBUS_I2C_BLOCK;

interface Adapter {
  readonly at: number;
  readonly number: number;
  /** References of i2c_get_adapter(), for which i2c_del_adapter() waits. */
  references: number;
  readonly waiters: Task[];
}

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly slab: Slab;
  readonly statics: Statics;
  readonly locks: Locks;
  readonly resources: Resources;
  readonly modules: Modules;
  readonly devices: Devices;
  readonly buses: Buses;
  readonly model: ModelFiles;
  readonly tree: DeviceTree;
  readonly hardware: Hardware;
}

export class I2c {
  readonly transfers: I2cTransfers;
  private readonly parts: Parts;
  private readonly core: Core;
  private readonly wires: I2cWires;
  private readonly bus: number;
  private readonly client: CheckedStruct;
  private readonly adapter: CheckedStruct;
  private readonly info: CheckedStruct;
  private readonly adapters: Adapter[] = [];
  /** Adapters of the machine's controllers. */
  private readonly own = new Map<string, Adapter>();
  private readonly clients: number[] = [];

  constructor(parts: Parts) {
    const { core, statics, buses, hardware } = parts;
    this.parts = parts;
    this.core = core;
    this.transfers = new I2cTransfers(parts);
    this.wires = new I2cWires(core, statics, hardware);
    this.client = new CheckedStruct(core.memory, i2c_client);
    this.adapter = new CheckedStruct(core.memory, i2c_adapter);
    this.info = new CheckedStruct(core.memory, i2c_board_info);
    const call = (driver: number, member: string): number => this.read(driver, i2c_driver, member);
    this.bus = buses.own({
      name: "i2c",
      match: (dev, drv) => this.match(dev, drv),
      probe: (dev, drv) => core.steps("i2c_device_probe", this.probe(dev, drv - DRIVER)),
      *remove(dev, drv) {
        const remove = call(drv - DRIVER, "remove");
        if (remove !== 0) yield* core.steps("i2c_device_remove", core.callDriver(remove, [dev - CLIENT]));
      },
      *shutdown(dev, drv) {
        const shutdown = drv === 0 ? 0 : call(drv - DRIVER, "shutdown");
        if (shutdown !== 0) yield* core.steps("i2c_device_shutdown", core.callDriver(shutdown, [dev - CLIENT]));
      },
    });
    addI2cFiles(this, parts);
    hook(hardware, "whenI2c", (slot) => this.enumerate(slot));
  }

  register(driver: number): Steps<number> {
    this.core.memory.store(driver + DRIVER + offsetOf(device_driver, "bus"), 4, this.bus);
    return this.parts.buses.registerDriver(driver + DRIVER);
  }

  unregister(driver: number): Steps<void> {
    return this.parts.buses.unregisterDriver(driver + DRIVER);
  }

  /** i2c_add_adapter(), and i2c_add_numbered_adapter() for a number that is not -1: 0, or a negative errno. */
  *addAdapter(at: number, wanted: number): Steps<number> {
    const { log, locks, buses, resources } = this.parts;
    this.core.mightSleep("i2c_add_adapter", MUTEX);
    const name = textAt(this.core.memory, this.adapter.at(at, "name"));
    const number = wanted < 0 ? this.freeNumber() : wanted;
    if (this.adapters.some((one) => one.number === number)) {
      this.core.warn("drivers/i2c/i2c-core-base.c", 1638, "__i2c_add_numbered_adapter", "couldn't get idr");
      return -errno.EBUSY;
    }
    if (name === "") {
      this.core.warn("drivers/i2c/i2c-core-base.c", 1520, "i2c_register_adapter", "i2c adapter has no name");
      return -errno.EINVAL;
    }
    if (this.adapter.get(at, "algo") === 0) {
      log.write(`i2c-core: adapter '${name}': no algo supplied!`, 3);
      return -errno.EINVAL;
    }
    this.adapter.set(at, "nr", number);
    if (this.adapter.get(at, "timeout") === 0) this.adapter.set(at, "timeout", HZ);
    locks.init(this.adapter.at(at, "bus_lock"), "mutex", "&adap->bus_lock");
    const dev = this.adapter.at(at, "dev");
    this.core.memory.store(dev + offsetOf(device, "bus"), 4, this.bus);
    buses.initialise(dev, () => {});
    buses.setName(dev, `i2c-${number}`);
    const made: Adapter = { at, number, references: 0, waiters: [] };
    this.adapters.push(made);
    const error = yield* buses.add(dev);
    if (error !== 0) this.adapters.splice(this.adapters.indexOf(made), 1);
    else resources.obtain(`i2c ${at}`, `I2C adapter i2c-${number}`);
    return error;
  }

  /** i2c_del_adapter(): its devices go, and it waits for those who have it by its number. */
  *delAdapter(at: number): Steps<void> {
    const { buses, resources } = this.parts;
    this.core.mightSleep("i2c_del_adapter", MUTEX);
    const found = this.adapters.find((one) => one.at === at);
    if (found === undefined) return;
    for (const client of [...this.clients].reverse()) {
      if (this.client.get(client, "adapter") === at) yield* this.removeClient(client);
    }
    const dev = this.adapter.at(at, "dev");
    yield* buses.del(dev);
    yield* buses.put(dev);
    while (found.references > 0) {
      found.waiters.push(this.core.task);
      yield* this.core.schedule({ words: `users of adapter i2c-${found.number}` });
    }
    this.adapters.splice(this.adapters.indexOf(found), 1);
    resources.giveBack(`i2c ${at}`);
  }

  /** i2c_get_adapter(): with a reference; 0: there is none of this number. */
  getAdapter(number: number): number {
    this.core.mightSleep("i2c_get_adapter", MUTEX);
    const found = this.adapters.find((one) => one.number === number);
    if (found === undefined || !this.parts.modules.get(this.adapter.get(found.at, "owner"))) return 0;
    found.references++;
    return found.at;
  }

  putAdapter(at: number): void {
    const found = this.adapters.find((one) => one.at === at);
    if (found === undefined) return;
    this.parts.modules.put(this.adapter.get(at, "owner"));
    if (--found.references > 0) return;
    for (const waiter of found.waiters.splice(0)) this.core.engine.wake(waiter);
  }

  numberOf(adapter: number): number {
    return this.adapter.get(adapter, "nr");
  }

  /** i2c_get_functionality() */
  *functions(adapter: number): Steps<number> {
    const functionality = this.read(this.adapter.get(adapter, "algo"), i2c_algorithm, "functionality");
    return functionality === 0 ? 0 : yield* this.core.callDriver(functionality, [adapter]);
  }

  getAdapterData(adapter: number): number {
    return this.parts.devices.getData(this.adapter.at(adapter, "dev"));
  }

  setAdapterData(adapter: number, data: number): void {
    this.parts.devices.setData(this.adapter.at(adapter, "dev"), data);
  }

  /** i2c_new_client_device(): its address, or a negative errno. */
  *newClient(adapter: number, info: number): Steps<number> {
    const { memory } = this.core;
    const word = (member: string): number => this.info.get(info, member);
    const name = textAt(memory, info, NAME_SIZE);
    const own = word("dev_name");
    return yield* this.create(adapter, name, {
      addr: word("addr"),
      flags: word("flags"),
      irq: word("irq"),
      data: word("platform_data"),
      node: word("of_node"),
      called: own === 0 ? undefined : `i2c-${textAt(memory, own)}`,
    });
  }

  /** A device of this name, as i2c_new_dummy_device() makes one: its address, or a negative errno. */
  newNamed(adapter: number, name: string, addr: number): Steps<number> {
    return this.create(adapter, name, { addr, flags: 0, irq: 0, data: 0, node: 0, called: undefined });
  }

  /** of_i2c_register_device() for a node of an overlay below the node of a controller of the machine. */
  *populate(controller: number, node: number): Steps<void> {
    const { tree } = this.parts;
    const adapter = [...this.own].find(([name]) => tree.labelled(name.replace(/\W/g, "_")) === controller)?.[1];
    const addr = tree.cell(node, "reg", 0);
    if (adapter === undefined || addr === undefined) return;
    const [compatible = ""] = tree.values(node, "compatible") ?? [];
    const name = String(compatible).replace(/^.*,/, "");
    yield* this.create(adapter.at, name, { addr, flags: 0, irq: 0, data: 0, node, called: undefined });
  }

  /** i2c_unregister_device(): NULL and errors are fine. */
  *removeClient(client: number): Steps<void> {
    if (client === 0 || isErrPtr(client)) return;
    this.core.mightSleep("i2c_unregister_device", MUTEX);
    this.client.use(client);
    const index = this.clients.indexOf(client);
    if (index < 0) return;
    this.clients.splice(index, 1);
    yield* this.parts.buses.del(client + CLIENT);
    yield* this.parts.buses.put(client + CLIENT);
  }

  clientName(client: number): string {
    return textAt(this.core.memory, client + offsetOf(i2c_client, "name"));
  }

  /** i2c_verify_client(): whether a device is one on an I2C bus. */
  isClient(dev: number): boolean {
    return this.clients.includes(dev - CLIENT);
  }

  private *create(
    adapter: number,
    name: string,
    how: { addr: number; flags: number; irq: number; data: number; node: number; called: string | undefined },
  ): Steps<number> {
    const { slab, log, devices, buses } = this.parts;
    const client = yield* slab.kzalloc(i2c_client.size, GFP_KERNEL, "i2c_new_client_device");
    if (client === 0) return -errno.ENOMEM;
    const { addr, flags, irq, data, node, called } = how;
    const label = devices.label(this.adapter.at(adapter, "dev"));
    const hex = addr.toString(16).padStart(2, "0");
    const most = (flags & I2C_M.I2C_M_TEN) !== 0 ? 0x3ff : 0x7f;
    const isValid = addr <= most && (addr > 0 || most === 0x3ff);
    const isTaken = this.clients.some(
      (one) => this.client.get(one, "adapter") === adapter && this.client.get(one, "addr") === addr,
    );
    if (!isValid || isTaken) {
      if (!isValid) log.write(`${label}: Invalid ${most === 0x3ff ? 10 : 7}-bit I2C address 0x${hex}`, 3);
      else log.write(`${label}: Failed to register i2c client ${name} at 0x${hex} (${-errno.EBUSY})`, 3);
      slab.kfree(client);
      return isValid ? -errno.EBUSY : -errno.EINVAL;
    }
    this.fill(client, adapter, name, { addr, flags, init_irq: irq });
    const dev = client + CLIENT;
    this.core.memory.store(dev + offsetOf(device, "platform_data"), 4, data);
    this.core.memory.store(dev + offsetOf(device, "of_node"), 4, node);
    this.core.memory.store(dev + offsetOf(device, "bus"), 4, this.bus);
    this.core.memory.store(dev + offsetOf(device, "parent"), 4, this.adapter.at(adapter, "dev"));
    buses.initialise(dev, () => slab.kfree(client));
    buses.setName(dev, called ?? this.nameOf(adapter, addr));
    this.clients.push(client);
    const error = yield* buses.add(dev);
    if (error === 0) return client;
    this.clients.splice(this.clients.indexOf(client), 1);
    log.write(`${label}: Failed to register i2c client ${name} at 0x${hex} (${error})`, 3);
    yield* buses.put(dev);
    return error;
  }

  private fill(client: number, adapter: number, name: string, members: Readonly<Record<string, number>>): void {
    putText(this.core.memory, client + offsetOf(i2c_client, "name"), name.slice(0, NAME_SIZE - 1));
    for (const [member, value] of Object.entries({ ...members, adapter })) this.client.set(client, member, value);
  }

  private nameOf(adapter: number, addr: number): string {
    return `${this.numberOf(adapter)}-${addr.toString(16).padStart(4, "0")}`;
  }

  private freeNumber(): number {
    let number = 0;
    while (this.adapters.some((one) => one.number === number)) number++;
    return number;
  }

  /** A device behind one of the machine's controllers, whose adapter is there with the first of them. */
  private enumerate({ device: model, behind, address }: I2cSlot): void {
    const { statics, tree, buses } = this.parts;
    const adapter = this.adapterOf(behind);
    const name = this.nameOf(adapter.at, address);
    const client = statics.global(i2c_client.size, i2c_client.align, name);
    const compatible = model.i2c?.compatible ?? [];
    // The client is called as what follows the vendor.
    this.fill(client, adapter.at, (compatible[0] ?? "").replace(/^.*,/, ""), { addr: address });
    const node = tree.add(`${model.name}@${address.toString(16)}`, { compatible, reg: [address] });
    this.core.memory.poke(client + CLIENT + offsetOf(device, "of_node"), 4, node);
    this.clients.push(client);
    buses.enumerate(this.bus, client + CLIENT, name, this.adapter.at(adapter.at, "dev"));
  }

  private adapterOf(controller: string): Adapter {
    const known = this.own.get(controller);
    if (known !== undefined) return known;
    const { statics, locks, buses } = this.parts;
    const number = this.freeNumber();
    const at = statics.global(i2c_adapter.size, i2c_adapter.align, `i2c-${number}`);
    const algo = this.wires.connect(at, controller, DESIGNWARE);
    for (const [member, value] of Object.entries({ nr: number, timeout: HZ, algo })) {
      this.adapter.set(at, member, value);
    }
    putText(this.core.memory, this.adapter.at(at, "name"), "Synopsys DesignWare I2C adapter");
    locks.init(this.adapter.at(at, "bus_lock"), "mutex", "&adap->bus_lock");
    const adapter: Adapter = { at, number, references: 0, waiters: [] };
    this.adapters.push(adapter);
    this.own.set(controller, adapter);
    buses.enumerate(this.bus, this.adapter.at(at, "dev"), `i2c-${number}`);
    return adapter;
  }

  /** The adapter whose `struct device` this is. */
  adapterWith(dev: number): number | undefined {
    return this.adapters.find(({ at }) => this.adapter.at(at, "dev") === dev)?.at;
  }

  /** Where the name of a device on the bus, or of an adapter, stands; undefined: it is neither. */
  nameAt(dev: number): number | undefined {
    const adapter = this.adapterWith(dev);
    if (adapter !== undefined) return this.adapter.at(adapter, "name");
    return this.isClient(dev) ? dev - CLIENT + offsetOf(i2c_client, "name") : undefined;
  }

  private *probe(dev: number, driver: number): Steps<number> {
    const client = dev - CLIENT;
    this.client.set(client, "irq", this.client.get(client, "init_irq"));
    const probe = this.read(driver, i2c_driver, "probe");
    if (probe === 0) return -errno.EINVAL;
    return yield* this.core.callDriver(probe, [client]);
  }

  private *match(dev: number, drv: number): Steps<number> {
    yield* [];
    if (!this.isClient(dev)) return 0;
    const { tree } = this.parts;
    const table = this.read(drv, device_driver, "of_match_table");
    if (tree.match(table, this.read(dev, device, "of_node")) !== 0) return 1;
    const name = this.clientName(dev - CLIENT);
    if (tree.hasName(table, name)) return 1;
    return this.idOf(name, drv - DRIVER) === 0 ? 0 : 1;
  }

  /** The entry of a driver's id table for a client; 0: none. */
  private idOf(name: string, driver: number): number {
    const { memory } = this.core;
    let id = this.read(driver, i2c_driver, "id_table");
    if (id === 0) return 0;
    for (; memory.load(id, 1, false) !== 0; id += i2c_device_id.size) if (textAt(memory, id) === name) return id;
    return 0;
  }

  /** i2c_client_get_device_id(). */
  deviceId(client: number): number {
    const driver = this.read(client + CLIENT, device, "driver");
    return driver === 0 ? 0 : this.idOf(this.clientName(client), driver - DRIVER);
  }

  private read(address: number, layout: typeof device, member: string): number {
    return this.core.memory.load(address + offsetOf(layout, member), 4, false);
  }
}
