// Of driverlab/scenario: what user space does with drivers and devices through sysfs.
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
}
