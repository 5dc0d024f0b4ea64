// Of linux/gpio/consumer, and linux/gpio/machine: lines by the names that devices have for them.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import { GPIO_ACTIVE_LOW, GPIOD, gpiod_lookup, gpiod_lookup_table } from "../kernel/gpio-lookups.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device, offsetOf } from "../kernel/layouts.ts";
import { gpio_desc } from "../kernel/model-layouts.ts";
import { Header } from "./header.ts";

export function namedLines(header: Header, kernel: Kernel): void {
  const { devices, gpio, gpioLookups } = kernel;
  header.constants(GPIOD);
  const text = (name: number): string => (name === 0 ? "" : kernel.textAt(name));
  for (const isManaged of [false, true]) {
    for (const isOptional of [false, true]) {
      const get = function* (dev: number, name: number, index: number, flags: number): Steps<number> {
        const desc = yield* gpioLookups.get(dev, text(name), index, flags);
        if (desc === -errno.ENOENT && isOptional) return 0;
        if (desc > 0 && isManaged) devices.managed.add(dev, "gpio", `${desc}`, () => gpioLookups.put(desc));
        return desc;
      };
      const prefix = isManaged ? "devm_" : "";
      const suffix = isOptional ? "_optional" : "";
      const extra = { mayBeErrPtr: true, mayBeNull: true };
      /** The line that a device calls by a name, made an input or output; with devm_ it goes with the driver. Task context, may sleep. It, NULL where an optional one is not there, or an ERR_PTR. */
      header.steps(
        `${prefix}gpiod_get${suffix}`,
        [device, "string", "u32"],
        gpio_desc,
        (dev: number, name: number, flags: number) => get(dev, name, 0, flags),
        extra,
      );
      /** The n-th of the lines that a device has under a name. Task context, may sleep. As above. */
      header.steps(`${prefix}gpiod_get_index${suffix}`, [device, "string", "u32", "u32"], gpio_desc, get, extra);
    }
  }
  /** How many lines a device has under a name. Task context, may sleep. It, or -ENOENT. */
  header.plain("gpiod_count", [device, "string"], "int", (dev: number, name: number) =>
    gpioLookups.count(dev, text(name)),
  );
  /** Gives a line back; NULL is fine. Task context, may sleep. */
  header.steps("gpiod_put", [gpio_desc], "void", (desc: number) => gpioLookups.put(desc));
  /** Gives a line of devm_gpiod_get back now. Task context, may sleep. */
  header.steps("devm_gpiod_put", [device, gpio_desc], "void", (dev: number, desc: number) =>
    devices.managed.release(dev, "gpio", `${desc}`, 1077),
  );
  /** Whether a low line means 1. Any context. */
  header.plain("gpiod_is_active_low", [gpio_desc], "int", (desc: number) => gpio.physical(desc, 0));
}

/** What a board tells of its lines. */
export function gpioMachine(kernel: Kernel): Header {
  const { core, gpioLookups, statics } = kernel;
  const header = new Header(core);
  header.layout("gpiod_lookup", gpiod_lookup);
  header.layout("gpiod_lookup_table", gpiod_lookup_table);
  header.constants({ GPIO_ACTIVE_HIGH: 0, GPIO_ACTIVE_LOW });
  const entry = (members: Readonly<Record<string, readonly [bytes: 2 | 4, value: number]>>): number => {
    const address = statics.global(gpiod_lookup.size, gpiod_lookup.align, "gpiod_lookup");
    for (const [member, [bytes, value]] of Object.entries(members)) {
      core.memory.poke(address + offsetOf(gpiod_lookup, member), bytes, value);
    }
    return address;
  };
  /** An entry: the line of a chip that a device has under a name. At file scope. */
  header.plain(
    "GPIO_LOOKUP",
    ["string", "u16", "string", "u32"],
    gpiod_lookup,
    (key: number, line: number, name: number, flags: number) =>
      entry({ key: [4, key], chip_hwnum: [2, line], con_id: [4, name], flags: [4, flags] }),
  );
  /** The same for the n-th line under a name. At file scope. */
  header.plain(
    "GPIO_LOOKUP_IDX",
    ["string", "u16", "string", "u32", "u32"],
    gpiod_lookup,
    (key: number, line: number, name: number, idx: number, flags: number) =>
      entry({ key: [4, key], chip_hwnum: [2, line], con_id: [4, name], idx: [4, idx], flags: [4, flags] }),
  );
  /** Devices find lines by this table. Task context, may sleep. */
  header.plain("gpiod_add_lookup_table", [gpiod_lookup_table], "void", (table: number) => gpioLookups.add(table));
  /** They do not any more. Task context, may sleep. */
  header.plain("gpiod_remove_lookup_table", [gpiod_lookup_table], "void", (table: number) => gpioLookups.remove(table));
  return header;
}
