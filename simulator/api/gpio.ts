// linux/gpio, linux/gpio/consumer and linux/gpio/driver: lines that are set and read, and the chips that have them.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { gpio_chip, gpio_desc } from "../kernel/model-layouts.ts";
import { namedLines } from "./gpio-names.ts";
import { Header } from "./header.ts";

/** By number, as older drivers do. */
export function gpio(kernel: Kernel): Header {
  const { core, gpio } = kernel;
  const header = new Header(core);
  /** Takes a line. Task context, may sleep. 0, -EBUSY, -EPROBE_DEFER while it is not there. */
  header.steps("gpio_request", ["u32", "string"], "int", (number: number, label: number) =>
    gpio.request(number, label === 0 ? "?" : kernel.textAt(label)),
  );
  /** Gives it back. Task context, may sleep. */
  header.steps("gpio_free", ["u32"], "void", (number: number) => gpio.free(number));
  /** Whether such a number can be a line's. Any context. */
  header.plain("gpio_is_valid", ["int"], "bool", (number: number) => number >= 0);
  /** Makes a line an input. Contexts as the chip's. 0, or a negative errno. */
  header.steps("gpio_direction_input", ["u32"], "int", (number: number) => gpio.directionInput(gpio.descOf(number)));
  /** Makes it an output with this value. Contexts as the chip's. 0, or a negative errno. */
  header.steps("gpio_direction_output", ["u32", "int"], "int", (number: number, value: number) =>
    gpio.directionOutput(gpio.descOf(number), value),
  );
  /** What is on a line. Any context. 0, 1, or a negative errno. */
  header.steps("gpio_get_value", ["u32"], "int", (number: number) => gpio.get(gpio.descOf(number)));
  /** Sets an output. Any context. */
  header.steps("gpio_set_value", ["u32", "int"], "void", (number: number, value: number) =>
    gpio.set(gpio.descOf(number), value),
  );
  /** The interrupt of a line. Task context. Its number, or a negative errno. */
  header.steps("gpio_to_irq", ["u32"], "int", (number: number) => gpio.toIrq(gpio.descOf(number)));
  return header;
}

/** By descriptor. */
export function gpioConsumer(kernel: Kernel): Header {
  const { core, gpio } = kernel;
  const header = new Header(core);
  header.layout("gpio_desc", gpio_desc);
  /** The descriptor of a number. Any context. NULL: there is no such line. */
  header.plain("gpio_to_desc", ["u32"], gpio_desc, (number: number) => gpio.descOf(number), { mayBeNull: true });
  /** The number of a descriptor. Any context. It, or a negative errno. */
  header.plain("desc_to_gpio", [gpio_desc], "int", (desc: number) => gpio.numberOf(desc));
  /** Makes a line an input. Contexts as the chip's. 0, or a negative errno. */
  header.steps("gpiod_direction_input", [gpio_desc], "int", (desc: number) => gpio.directionInput(desc));
  /** Makes it an output with this value. Contexts as the chip's. 0, or a negative errno. */
  header.steps("gpiod_direction_output", [gpio_desc, "int"], "int", (desc: number, value: number) =>
    gpio.directionOutput(desc, gpio.physical(desc, value)),
  );
  for (const suffix of ["", "_cansleep"]) {
    /** What a line means. Contexts as the chip's. 0, 1, or a negative errno. */
    header.steps(`gpiod_get_value${suffix}`, [gpio_desc], "int", function* (desc: number): Steps<number> {
      if (suffix !== "") core.mightSleep("gpiod_get_value_cansleep", "drivers/gpio/gpiolib.c:3994");
      const value = yield* gpio.get(desc);
      return value < 0 ? value : gpio.physical(desc, value);
    });
    /** Sets an output. Contexts as the chip's. */
    header.steps(
      `gpiod_set_value${suffix}`,
      [gpio_desc, "int"],
      "void",
      function* (desc: number, value: number): Steps<void> {
        if (suffix !== "") core.mightSleep("gpiod_set_value_cansleep", "drivers/gpio/gpiolib.c:4095");
        yield* gpio.set(desc, gpio.physical(desc, value));
      },
    );
  }
  namedLines(header, kernel);
  /** The interrupt of a line. Task context. Its number, or a negative errno. */
  header.steps("gpiod_to_irq", [gpio_desc], "int", (desc: number) => gpio.toIrq(desc));
  return header;
}

/** For those who have lines. */
export function gpioDriver(kernel: Kernel): Header {
  const { core, devices, gpio } = kernel;
  const header = new Header(core);
  header.layout("gpio_chip", gpio_chip);
  /** Registers a chip with data of the driver's own. Task context, may sleep. 0, or a negative errno. */
  header.plain("gpiochip_add_data", [gpio_chip, "ptr"], "int", (chip: number, data: number) =>
    gpio.addChip(chip, data),
  );
  /** The same; it goes with the driver. Task context, may sleep. 0, or a negative errno. */
  header.plain(
    "devm_gpiochip_add_data",
    [device, gpio_chip, "ptr"],
    "int",
    (dev: number, chip: number, data: number) => {
      const result = gpio.addChip(chip, data);
      if (result !== 0) return result;
      devices.managed.add(dev, "gpio", `${chip}`, function* () {
        gpio.removeChip(chip);
        yield* [];
      });
      return 0;
    },
  );
  /** Unregisters it. Task context, may sleep. */
  header.plain("gpiochip_remove", [gpio_chip], "void", (chip: number) => gpio.removeChip(chip));
  /** The driver's data. Any context. */
  header.plain("gpiochip_get_data", [gpio_chip, "like"], "like", (chip: number) => gpio.dataOf(chip));
  return header;
}
