// linux/i2c: adapters, devices on them and their drivers, and transfers.
import type { Steps } from "../engine/interfaces.ts";
import { FUNCTIONS } from "../kernel/i2c.ts";
import {
  I2C_SMBUS_BLOCK_MAX,
  i2c_adapter,
  i2c_algorithm,
  i2c_board_info,
  i2c_client,
  i2c_device_id,
  i2c_driver,
  i2c_msg,
  i2c_smbus_data,
} from "../kernel/i2c-layouts.ts";
import { I2C_M, READ, SIZES, WRITE } from "../kernel/i2c-transfers.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device, offsetOf } from "../kernel/layouts.ts";
import { putText, textAt } from "../kernel/text.ts";
import { Header } from "./header.ts";
import { smbus } from "./i2c-smbus.ts";

const DEV = offsetOf(i2c_client, "dev");
const LAYOUTS = [
  ...[i2c_adapter, i2c_algorithm, i2c_board_info, i2c_client, i2c_device_id, i2c_driver, i2c_msg, i2c_smbus_data],
];

export function i2c(kernel: Kernel): Header {
  const { core, devices, i2c, modules } = kernel;
  const header = new Header(core);
  for (const layout of LAYOUTS) header.layout(layout.name, layout);
  header.constants({ ...I2C_M, ...FUNCTIONS, ...SIZES, I2C_SMBUS_READ: READ, I2C_SMBUS_WRITE: WRITE });
  header.constants({
    I2C_SMBUS_BLOCK_MAX,
    I2C_CLIENT_TEN: I2C_M.I2C_M_TEN,
    I2C_LOCK_ROOT_ADAPTER: 1,
    I2C_LOCK_SEGMENT: 2,
  });

  /** Registers a driver; its probe runs for every device that fits. Task context, may sleep. 0, or a negative errno. */
  header.steps("i2c_add_driver", [i2c_driver], "int", (driver: number) => i2c.register(driver));
  /** Unregisters it; its remove runs for each of its devices. Task context, may sleep. */
  header.steps("i2c_del_driver", [i2c_driver], "void", (driver: number) => i2c.unregister(driver));
  /** Makes init and exit of a module that is nothing but this driver. At file scope. */
  header.plain("module_i2c_driver", [i2c_driver], "void", (driver: number) =>
    modules.setDriver({ register: () => i2c.register(driver), unregister: () => i2c.unregister(driver) }),
  );
  /** What the driver stored. Any context. */
  header.plain("i2c_get_clientdata", [i2c_client, "like"], "like", (client: number) => devices.getData(client + DEV));
  /** Stores the driver's own data. Any context. */
  header.plain("i2c_set_clientdata", [i2c_client, "ptr"], "void", (client: number, data: number) =>
    devices.setData(client + DEV, data),
  );
  /** The entry of the id table by which the driver was found. Any context. NULL: none. */
  header.plain("i2c_client_get_device_id", [i2c_client], i2c_device_id, (client: number) => i2c.deviceId(client), {
    mayBeNull: true,
  });
  /** The client whose device this is. Any context. NULL: it is none. */
  header.plain("i2c_verify_client", [device], i2c_client, (dev: number) => (i2c.isClient(dev) ? dev - DEV : 0), {
    mayBeNull: true,
  });
  clients(header, kernel);
  adapters(header, kernel);
  transfers(header, kernel);
  smbus(header, kernel);
  return header;
}

/** Devices that cannot be found, and are told of. */
function clients(header: Header, kernel: Kernel): void {
  const { core, devices, i2c, statics } = kernel;
  /** What there is to say of a device: its name and address. Any context. */
  header.plain("I2C_BOARD_INFO", ["string", "u16"], i2c_board_info, (type: number, addr: number) => {
    const at = statics.global(i2c_board_info.size, i2c_board_info.align, "i2c_board_info");
    putText(core.memory, at, textAt(core.memory, type).slice(0, 19));
    core.memory.poke(at + offsetOf(i2c_board_info, "addr"), 2, addr);
    return at;
  });
  /** Makes a device; a driver that fits is bound before it returns. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "i2c_new_client_device",
    [i2c_adapter, i2c_board_info],
    i2c_client,
    (adapter: number, info: number) => i2c.newClient(adapter, info),
    { mayBeErrPtr: true },
  );
  /** Makes a device for a further address of one that has a driver. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "i2c_new_dummy_device",
    [i2c_adapter, "u16"],
    i2c_client,
    (adapter: number, addr: number) => i2c.newNamed(adapter, "dummy", addr),
    { mayBeErrPtr: true },
  );
  /** The same; it goes with the driver of `dev`. Task context, may sleep. It, or an ERR_PTR. */
  header.steps(
    "devm_i2c_new_dummy_device",
    [device, i2c_adapter, "u16"],
    i2c_client,
    function* (dev: number, adapter: number, addr: number): Steps<number> {
      const client = yield* i2c.newNamed(adapter, "dummy", addr);
      if (client > 0) devices.managed.add(dev, "i2c", `${client}`, () => i2c.removeClient(client));
      return client;
    },
    { mayBeErrPtr: true },
  );
  /** Its driver leaves, and the device goes; NULL and errors are fine. Task context, may sleep. */
  header.steps("i2c_unregister_device", [i2c_client], "void", (client: number) => i2c.removeClient(client));
}

function adapters(header: Header, kernel: Kernel): void {
  const { devices, i2c } = kernel;
  /** Registers an adapter under the next free number. Task context, may sleep. 0, or a negative errno. */
  header.steps("i2c_add_adapter", [i2c_adapter], "int", (adapter: number) => i2c.addAdapter(adapter, -1));
  /** The same under its own `nr`, unless that is -1. Task context, may sleep. 0, or a negative errno. */
  header.steps("i2c_add_numbered_adapter", [i2c_adapter], "int", (adapter: number) =>
    i2c.addAdapter(adapter, i2c.numberOf(adapter)),
  );
  /** i2c_add_adapter; it goes with the driver. Task context, may sleep. 0, or a negative errno. */
  header.steps(
    "devm_i2c_add_adapter",
    [device, i2c_adapter],
    "int",
    function* (dev: number, adapter: number): Steps<number> {
      const error = yield* i2c.addAdapter(adapter, -1);
      if (error === 0) devices.managed.add(dev, "i2c", `${adapter}`, () => i2c.delAdapter(adapter));
      return error;
    },
  );
  /** Its devices go, and then the adapter, once nobody has it any more. Task context, may sleep. */
  header.steps("i2c_del_adapter", [i2c_adapter], "void", (adapter: number) => i2c.delAdapter(adapter));
  /** The adapter with a number, with a reference. Task context, may sleep. NULL: there is none. */
  header.plain("i2c_get_adapter", ["int"], i2c_adapter, (number: number) => i2c.getAdapter(number), {
    mayBeNull: true,
  });
  /** Gives the reference back. Any context. */
  header.plain("i2c_put_adapter", [i2c_adapter], "void", (adapter: number) => i2c.putAdapter(adapter));
  /** Its number. Any context. */
  header.plain("i2c_adapter_id", [i2c_adapter], "int", (adapter: number) => i2c.numberOf(adapter));
  /** What the driver of the adapter stored. Any context. */
  header.plain("i2c_get_adapdata", [i2c_adapter, "like"], "like", (adapter: number) => i2c.getAdapterData(adapter));
  /** Stores data of the adapter's driver. Any context. */
  header.plain("i2c_set_adapdata", [i2c_adapter, "ptr"], "void", (adapter: number, data: number) =>
    i2c.setAdapterData(adapter, data),
  );
  /** What an adapter can do. Contexts as the adapter's. Bits of I2C_FUNC_…. */
  header.steps("i2c_get_functionality", [i2c_adapter], "u32", (adapter: number) => i2c.functions(adapter));
  /** Whether an adapter can do all of this. Contexts as the adapter's. */
  header.steps(
    "i2c_check_functionality",
    [i2c_adapter, "u32"],
    "bool",
    function* (adapter: number, wanted: number): Steps<boolean> {
      return ((yield* i2c.functions(adapter)) & wanted) >>> 0 === wanted;
    },
  );
}

function transfers(header: Header, { core, i2c: { transfers } }: Kernel): void {
  for (const suffix of ["", "_dmasafe"]) {
    for (const [name, flags] of [
      ["i2c_master_send", 0],
      ["i2c_master_recv", I2C_M.I2C_M_RD],
    ] as const) {
      const all = flags | (suffix === "" ? 0 : I2C_M.I2C_M_DMA_SAFE);
      /** Sends or receives bytes in one message. Task context, may sleep. How many, or a negative errno. */
      header.steps(`${name}${suffix}`, [i2c_client, "ptr", "int"], "int", (client: number, at: number, bytes: number) =>
        transfers.buffer(client, at, bytes, all),
      );
    }
  }
  /** Sends messages with repeated starts between them. Task context, may sleep. How many, or a negative errno. */
  header.steps("i2c_transfer", [i2c_adapter, i2c_msg, "int"], "int", (adapter: number, first: number, count: number) =>
    transfers.transfer(adapter, first, count),
  );
  /** The same for who has locked the bus. Task context, may sleep. How many, or a negative errno. */
  header.steps(
    "__i2c_transfer",
    [i2c_adapter, i2c_msg, "int"],
    "int",
    (adapter: number, first: number, count: number) => transfers.transferLocked(adapter, first, count),
  );
  /** Has a bus alone. Task context, may sleep. */
  header.steps("i2c_lock_bus", [i2c_adapter, "u32"], "void", (adapter: number) =>
    transfers.lock(adapter, "i2c_lock_bus"),
  );
  /** Lets others have the bus. Task context. */
  header.plain("i2c_unlock_bus", [i2c_adapter, "u32"], "void", (adapter: number) => transfers.unlock(adapter));
  /** The byte with which a message begins on the wire. Any context. */
  header.plain("i2c_8bit_addr_from_msg", [i2c_msg], "u8", (message: number) => {
    const half = (member: string): number => core.memory.load(message + offsetOf(i2c_msg, member), 2, false);
    return (half("addr") << 1) | (half("flags") & I2C_M.I2C_M_RD);
  });
}
