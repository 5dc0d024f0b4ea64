// Of driverlab/scenario: what user space does with drivers and devices through sysfs.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Header } from "./header.ts";

export function lifecycle(header: Header, kernel: Kernel): void {
  const { buses, power, processes } = kernel;
  const text = (address: number): string => kernel.textAt(address);
  /** Writes a device's name to the file `bind` of a driver. User space. 0, -EBUSY, -ENODEV. */
  header.steps("bind", ["string", "string"], "int", (driver: number, device: number) =>
    processes.syscall("write", buses.byName(text(driver), text(device), "bind")),
  );
  /** Writes a device's name to the file `unbind` of its driver. User space. 0, or -ENODEV. */
  header.steps("unbind", ["string", "string"], "int", (driver: number, device: number) =>
    processes.syscall("write", buses.byName(text(driver), text(device), "unbind")),
  );
  /** Puts the system to sleep. User space. 0, or a negative errno. */
  header.steps("suspend", [], "int", () => processes.syscall("write", power.suspend()));
  /** Wakes it up. User space. 0, or -EINVAL when it does not sleep. */
  header.steps("resume", [], "int", () => processes.syscall("write", power.resume()));
  /** Shuts the system down: shutdown functions run, the youngest device first. User space. 0. */
  header.steps("reboot", [], "int", () => processes.syscall("reboot", power.shutdown()));
  listeners(header, kernel);
}

/** Programs that listen to what the kernel says of devices. */
function listeners(header: Header, kernel: Kernel): void {
  const { model, processes, statics } = kernel;
  const { uevents } = model;
  /** Listens to what is told of devices from now on. User space. A number. */
  header.plain("udev_monitor", [], "int", () => uevents.listen());
  /** Waits for the next message, at most so many milliseconds. User space. `add@/devices/…`, or an empty text. */
  header.steps("udev_receive", ["int", "u32"], "string", function* (monitor: number, millis: number): Steps<number> {
    let text = "";
    const receive = function* (): Steps<number> {
      const message = yield* uevents.receive(monitor, millis);
      if (message !== undefined) text = `${message.action}@${message.path}`;
      return 0;
    };
    yield* processes.syscall("recvmsg", receive());
    return statics.literal(text);
  });
  /** A variable of the message that was received last. User space. Its value, or an empty text. */
  header.plain("udev_property", ["int", "string"], "string", (monitor: number, name: number) =>
    statics.literal(uevents.variable(monitor, kernel.textAt(name))),
  );
}
