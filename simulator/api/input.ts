// linux/input and linux/input-event-codes: devices that people press, turn and touch.
import type { Steps } from "../engine/interfaces.ts";
import { INPUT_CODES } from "../kernel/input-codes.ts";
import { input_absinfo, input_dev, input_id } from "../kernel/input-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

const BUSES = { BUS_PCI: 0x01, BUS_USB: 0x03, BUS_VIRTUAL: 0x06, BUS_I2C: 0x18, BUS_HOST: 0x19 } as const;

export function inputEventCodes({ core }: Kernel): Header {
  const header = new Header(core);
  header.constants(INPUT_CODES);
  return header;
}

export function input(kernel: Kernel): Header {
  const { core, input: devices } = kernel;
  const header = new Header(core);
  header.layout("input_dev", input_dev);
  header.layout("input_id", input_id);
  header.layout("input_absinfo", input_absinfo);
  header.constants(BUSES);
  const nullable = { mayBeNull: true } as const;

  /** A new device, to be filled in and registered. Task context, may sleep. NULL: no memory. */
  header.steps("input_allocate_device", [], input_dev, () => devices.allocate(0, "input_allocate_device"), nullable);
  /** The same; it goes with the driver of a device. Task context, may sleep. NULL: no memory. */
  header.steps(
    "devm_input_allocate_device",
    [device],
    input_dev,
    (dev: number) => devices.allocate(dev, "devm_input_allocate_device"),
    nullable,
  );
  /** Frees a device that was never registered. Any context. */
  header.plain("input_free_device", [input_dev], "void", (dev: number) => devices.free(dev));
  /** Makes a device live, with its node in /dev/input. Task context, may sleep. 0, or a negative errno. */
  header.steps("input_register_device", [input_dev], "int", (dev: number) => devices.register(dev));
  /** Takes it away again, and frees it. Task context, may sleep. */
  header.steps("input_unregister_device", [input_dev], "void", (dev: number) => devices.unregister(dev));
  /** Says that a device can report a code. Any context, but for axes. */
  header.steps("input_set_capability", [input_dev, "u32", "u32"], "void", (dev: number, type: number, code: number) =>
    devices.setCapability(dev, type, code),
  );
  /** Says what values an axis has, and how noisy it is. Task context, may sleep. */
  header.steps(
    "input_set_abs_params",
    [input_dev, "u32", "int", "int", "int", "int"],
    "void",
    (dev: number, axis: number, minimum: number, maximum: number, fuzz: number, flat: number) =>
      devices.setAbsParams(dev, axis, { minimum, maximum, fuzz, flat }),
  );
  /** How an axis stands. Any context. */
  header.plain("input_abs_get_val", [input_dev, "u32"], "int", (dev: number, axis: number) =>
    devices.abs(dev, axis, "value"),
  );
  header.plain("input_abs_set_val", [input_dev, "u32", "int"], "void", (dev: number, axis: number, value: number) =>
    devices.setAbs(dev, axis, "value", value),
  );
  /** The driver's own. Any context. */
  header.plain("input_get_drvdata", [input_dev, "like"], "like", (dev: number) => devices.getData(dev));
  header.plain("input_set_drvdata", [input_dev, "ptr"], "void", (dev: number, data: number) =>
    devices.setData(dev, data),
  );
  /** Has keys repeated that are held, in milliseconds. Any context. */
  header.plain(
    "input_enable_softrepeat",
    [input_dev, "int", "int"],
    "void",
    (dev: number, delay: number, period: number) => devices.softRepeat(dev, delay, period),
  );
  reports(header, kernel);
  polling(header, kernel);
  return header;
}

function reports(header: Header, { input: devices }: Kernel): void {
  const { EV_KEY, EV_REL, EV_ABS, EV_SW } = INPUT_CODES as Readonly<Record<string, number>>;
  /** Reports something; what the device does not have, or what is no news, is dropped. Any context. */
  header.steps(
    "input_event",
    [input_dev, "u32", "u32", "int"],
    "void",
    (dev: number, type: number, code: number, value: number) => devices.event(dev, type, code, value),
  );
  /** Reports a key or button, a movement, a position, a switch. Any context. */
  const report = (name: string, type: number, of: (value: number) => number): void => {
    header.steps(
      name,
      [input_dev, "u32", "int"],
      "void",
      (dev: number, code: number, value: number): Steps<void> => devices.event(dev, type, code, of(value)),
    );
  };
  const logical = (value: number): number => (value === 0 ? 0 : 1);
  report("input_report_key", EV_KEY!, logical);
  report("input_report_rel", EV_REL!, (value) => value);
  report("input_report_abs", EV_ABS!, (value) => value);
  report("input_report_switch", EV_SW!, logical);
  /** Ends a packet: what was reported belongs together and is passed on. Any context. */
  header.steps("input_sync", [input_dev], "void", (dev: number) => devices.event(dev, 0, 0, 0));
}

function polling(header: Header, { input: devices }: Kernel): void {
  /** Has a function called again and again while somebody has the device open. Task context, may sleep. 0, or -ENOMEM. */
  header.steps("input_setup_polling", [input_dev, "callback"], "int", (dev: number, poll: number) =>
    devices.setupPolling(dev, poll),
  );
  /** How often, in milliseconds. Any context. */
  header.plain("input_set_poll_interval", [input_dev, "u32"], "void", (dev: number, interval: number) =>
    devices.setPollInterval(dev, interval),
  );
  header.plain("input_get_poll_interval", [input_dev], "int", (dev: number) => devices.intervalOf(dev));
}
