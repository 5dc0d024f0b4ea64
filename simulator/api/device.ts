// linux/device: the driver model's device, its log, and device nodes.
import type { Raw } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { device_driver, device as device_layout } from "../kernel/layouts.ts";
import { attributes } from "./attributes.ts";
import { buses } from "./bus.ts";
import { managed } from "./devres.ts";
import { Header } from "./header.ts";

const LEVELS = { err: 3, warn: 4, notice: 5, info: 6 } as const;

export function device(kernel: Kernel): Header {
  const { core, devices, dynamicDebug, log, statics } = kernel;
  const header = new Header(core);
  header.layout("device", device_layout);
  header.layout("device_driver", device_driver);

  /** The device's name. Any context. */
  header.plain("dev_name", [device_layout], "string", (dev: number) => statics.literal(devices.nameOf(dev)));
  /** dev_err … dev_info write to the log, beginning with driver and device. Any context. */
  for (const [name, level] of Object.entries(LEVELS)) {
    header.plain(`dev_${name}`, [device_layout, "format"], "void", (dev: number, format: number, ...values: Raw[]) =>
      devices.printk(dev, level, format, values),
    );
  }
  /** Writes for debugging, where insmod was given `dyndbg`. Any context. */
  header.plain("dev_dbg", [device_layout, "format"], "void", (dev: number, format: number, ...values: Raw[]) => {
    const prefix = dynamicDebug.prefix(kernel.textAt(format));
    if (prefix !== undefined) log.printk(format, values, 7, `${prefix}${devices.label(dev)}: `);
  });
  /** Writes why probe fails, unless it is only put off. Task context. Its argument `err`. */
  header.plain(
    "dev_err_probe",
    [device_layout, "int", "format"],
    "int",
    (dev: number, error: number, format: number, ...values: Raw[]) => {
      const reason = log.format(kernel.textAt(format), values);
      if (error === -errno.EPROBE_DEFER) kernel.binding.because(dev, reason);
      // There is enough output about memory that is not there already.
      if (error === -errno.EPROBE_DEFER || error === -errno.ENOMEM) return error;
      const text = statics.literal(`error %pe: ${reason.replaceAll("%", "%%")}`);
      devices.printk(dev, LEVELS.err, text, [error]);
      return error;
    },
  );
  /** What the driver stored. Any context. */
  header.plain("dev_get_drvdata", [device_layout, "like"], "like", (dev: number) => devices.getData(dev));
  /** Stores the driver's own data. Any context. */
  header.plain("dev_set_drvdata", [device_layout, "ptr"], "void", (dev: number, data: number) =>
    devices.setData(dev, data),
  );
  managed(header, kernel);
  buses(header, kernel);
  attributes(header, kernel);
  return header;
}
