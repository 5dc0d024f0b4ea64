// What /sys shows of I2C: names, and the files by which user space says what is on a bus that cannot tell.
// Source: drivers/i2c/i2c-core-base.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { ModelFiles } from "./model-files.ts";
import type { Log } from "./printk.ts";
import { textAt } from "./text.ts";

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly core: Core;
  readonly log: Log;
  readonly devices: Devices;
  readonly model: ModelFiles;
}

/** Adapters and devices, as the core of I2C knows them. */
interface Known {
  /** The adapter whose `struct device` this is. */
  adapterWith(dev: number): number | undefined;
  /** Where the name of a device on the bus, or of an adapter, stands. */
  nameAt(dev: number): number | undefined;
  clientName(client: number): string;
  newNamed(adapter: number, name: string, addr: number): Steps<number>;
  removeClient(client: number): Steps<void>;
}

/** The longest name of a client. */
const NAME_LENGTH = 19;

/** Gives adapters and their devices the file `name`, and adapters `new_device` and `delete_device`. */
export function addI2cFiles(i2c: Known, { core, log, devices, model }: Parts): void {
  /** Devices that user space made, by adapter and address. */
  const made = new Map<string, number>();
  const say = (dev: number, text: string, level = 3): void => void log.write(`${devices.label(dev)}: ${text}`, level);
  const isAdapter = (dev: number): boolean => i2c.adapterWith(dev) !== undefined;

  function* create(dev: number, text: string): Steps<number> {
    const [name = "", address, ...more] = text.trim().split(" ");
    const addr = numberOf(address);
    const wrong =
      address === undefined
        ? "Missing parameters"
        : name.length > NAME_LENGTH
          ? "Invalid device name"
          : addr === undefined
            ? "Can't parse I2C address"
            : more.length > 0
              ? "Extra parameters"
              : undefined;
    if (wrong !== undefined || addr === undefined) {
      say(dev, `new_device: ${wrong}`);
      return -errno.EINVAL;
    }
    const client = yield* i2c.newNamed(i2c.adapterWith(dev)!, name, addr);
    if (client < 0) return client;
    made.set(`${dev} ${addr}`, client);
    say(dev, `new_device: Instantiated device ${name} at ${hex(addr)}`, 6);
    return 0;
  }

  function* remove(dev: number, text: string): Steps<number> {
    const addr = numberOf(text.trim());
    const client = made.get(`${dev} ${addr}`);
    if (addr === undefined || client === undefined) {
      say(dev, `delete_device: ${addr === undefined ? "Can't parse I2C address" : "Can't find device in list"}`);
      return addr === undefined ? -errno.EINVAL : -errno.ENOENT;
    }
    say(dev, `delete_device: Deleting device ${i2c.clientName(client)} at ${hex(addr)}`, 6);
    made.delete(`${dev} ${addr}`);
    yield* i2c.removeClient(client);
    return 0;
  }

  model.provide({
    directory: "",
    name: "name",
    show: (dev) => `${textAt(core.memory, i2c.nameAt(dev)!)}\n`,
    isFor: (dev) => i2c.nameAt(dev) !== undefined,
  });
  model.provide({ directory: "", name: "new_device", store: create, isFor: isAdapter });
  model.provide({ directory: "", name: "delete_device", store: remove, isFor: isAdapter });
}

/** As %hi reads it: decimal, octal with 0, or hexadecimal with 0x. */
function numberOf(text = ""): number | undefined {
  return /^(0x[\da-f]+|\d+)$/i.test(text) ? Number.parseInt(text, /^0[0-7]/.test(text) ? 8 : undefined) : undefined;
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}
