// linux/i2c: devices on an I2C bus and their drivers.
import type { Steps } from "../engine/interfaces.ts";
import { I2C_M_RD } from "../kernel/i2c.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { i2c_adapter, i2c_client, i2c_device_id, i2c_driver, i2c_msg } from "../kernel/model-layouts.ts";
import { Header } from "./header.ts";

const DEV = offsetOf(i2c_client, "dev");

export function i2c(kernel: Kernel): Header {
  const { core, devices, i2c, modules } = kernel;
  const header = new Header(core);
  for (const layout of [i2c_adapter, i2c_client, i2c_device_id, i2c_driver, i2c_msg])
    header.layout(layout.name, layout);
  header.constants({ I2C_M_RD });

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
  for (const [name, isRead] of [
    ["i2c_master_send", false],
    ["i2c_master_recv", true],
  ] as const) {
    /** Sends or receives bytes in one message. Task context, may sleep. How many, or a negative errno. */
    header.steps(name, [i2c_client, "ptr", "int"], "int", function* (client: number, buffer: number, bytes: number) {
      const message = { address: i2c.addressOf(client), isRead, buffer, bytes };
      const result = yield* i2c.transfer([message]);
      return result === 1 ? bytes : result;
    });
  }
  /** Sends messages with repeated starts between them. Task context, may sleep. How many, or a negative errno. */
  header.steps("i2c_transfer", [i2c_adapter, i2c_msg, "int"], "int", (_adapter: number, first: number, count: number) =>
    i2c.transfer(i2c.messagesAt(first, count)),
  );
  smbus(header, kernel);
  return header;
}

function smbus(header: Header, { i2c }: Kernel): void {
  const reading = function* (client: number, sent: readonly number[], wanted: number): Steps<number> {
    const result = yield* i2c.smbus(client, sent, wanted);
    return typeof result === "number"
      ? result
      : result.reduce((value, byte, index) => value | (byte << (8 * index)), 0);
  };
  /** Reads a byte. Task context, may sleep. It, or a negative errno. */
  header.steps("i2c_smbus_read_byte", [i2c_client], "int", (client: number) => reading(client, [], 1));
  /** Sends a byte. Task context, may sleep. 0, or a negative errno. */
  header.steps("i2c_smbus_write_byte", [i2c_client, "u8"], "int", (client: number, byte: number) =>
    reading(client, [byte], 0),
  );
  for (const [size, wanted] of [
    ["byte", 1],
    ["word", 2],
  ] as const) {
    /** Reads after a command. Task context, may sleep. The value, or a negative errno. */
    header.steps(`i2c_smbus_read_${size}_data`, [i2c_client, "u8"], "int", (client: number, command: number) =>
      reading(client, [command], wanted),
    );
    /** Sends a value after a command. Task context, may sleep. 0, or a negative errno. */
    header.steps(
      `i2c_smbus_write_${size}_data`,
      [i2c_client, "u8", "u16"],
      "int",
      (client: number, command: number, value: number) =>
        reading(client, [command, value & 0xff, value >> 8].slice(0, 1 + wanted), 0),
    );
  }
}
