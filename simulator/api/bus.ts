// Of linux/device: buses, devices on them, their references, and drivers.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { bus_type, device, device_driver } from "../kernel/layouts.ts";
import type { Header } from "./header.ts";

export function buses(header: Header, kernel: Kernel): void {
  const { buses, log } = kernel;
  header.layout("bus_type", bus_type);
  /** Makes a bus. Task context, may sleep. 0, or a negative errno. */
  header.steps("bus_register", [bus_type], "int", (bus: number) => buses.register(bus));
  /** Removes it. Task context, may sleep. */
  header.steps("bus_unregister", [bus_type], "void", (bus: number) => buses.unregister(bus));
  /** A device of a bus, with one more reference. Task context, may sleep. NULL: there is none. */
  header.plain(
    "bus_find_device_by_name",
    [bus_type, device, "string"],
    device,
    (bus: number, _start: number, name: number) => buses.findDevice(bus, kernel.textAt(name)),
    { mayBeNull: true },
  );
  /** Makes a device ready, with one reference. Any context. */
  header.plain("device_initialize", [device], "void", (dev: number) => buses.initialise(dev));
  /** Names a device that is not added yet. Task context, may sleep. 0, or -ENOMEM. */
  header.plain("dev_set_name", [device, "format"], "int", (dev: number, format: number, ...values: Raw[]) =>
    buses.setName(dev, log.format(kernel.textAt(format), values)),
  );
  /** Puts it on its bus; a driver that fits is probed. Task context, may sleep. 0, or a negative errno. */
  header.steps("device_add", [device], "int", (dev: number) => buses.add(dev));
  /** device_initialize and device_add. Task context, may sleep. 0, or a negative errno. */
  header.steps("device_register", [device], "int", (dev: number) => {
    buses.initialise(dev);
    return buses.add(dev);
  });
  /** Takes it off its bus; its driver leaves. Task context, may sleep. */
  header.steps("device_del", [device], "void", (dev: number) => buses.del(dev));
  /** device_del and put_device. Task context, may sleep. */
  header.steps("device_unregister", [device], "void", function* (dev: number) {
    yield* buses.del(dev);
    yield* buses.put(dev);
  });
  /** One more reference; NULL is ignored. Any context. The device. */
  header.plain("get_device", [device], device, (dev: number) => buses.get(dev), { mayBeNull: true });
  /** One reference less: the last calls its release function. Any context where that may run. */
  header.steps("put_device", [device], "void", (dev: number) => buses.put(dev));
  /** Waits until devices whose probe was put off have had their turn. Task context, may sleep. */
  header.steps("wait_for_device_probe", [], "void", function* (): Steps<void> {
    kernel.core.mightSleep("wait_for_device_probe", "kernel/workqueue.c:4172");
    yield* kernel.binding.flush();
  });
  /** Registers a driver with its bus; devices that fit are probed. Task context, may sleep. 0, or a negative errno. */
  header.steps("driver_register", [device_driver], "int", (drv: number) => buses.registerDriver(drv));
  /** Unregisters it; it leaves its devices. Task context, may sleep. */
  header.steps("driver_unregister", [device_driver], "void", (drv: number) => buses.unregisterDriver(drv));
}
