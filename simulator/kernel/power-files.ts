// /sys/devices/…/power: what user space sees of runtime PM, and says about it.
// Source: drivers/base/power/sysfs.c
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "./errno.ts";
import type { ModelFiles } from "./model-files.ts";
import type { RuntimePm } from "./runtime-pm.ts";

export function addPowerFiles(files: ModelFiles, runtime: RuntimePm): void {
  const add = (
    name: string,
    show: (dev: number) => string,
    store?: (dev: number, text: string) => Steps<number>,
  ): void =>
    files.provide({
      directory: "power",
      name,
      show: (dev) => `${show(dev)}\n`,
      isFor: () => true,
      ...(store && { store }),
    });
  add(
    "control",
    (dev) => (runtime.of(dev).isAuto ? "auto" : "on"),
    function* (dev, text) {
      if (text === "auto") yield* runtime.allow(dev);
      else if (text === "on") yield* runtime.forbid(dev);
      else return -errno.EINVAL;
      return 0;
    },
  );
  add("runtime_status", (dev) => {
    const { error, disabled, status } = runtime.of(dev);
    return error !== 0 ? "error" : disabled > 0 ? "unsupported" : status;
  });
  add("runtime_usage", (dev) => `${runtime.of(dev).usage}`);
  add("runtime_active_kids", (dev) => `${runtime.of(dev).children}`);
  add("runtime_enabled", (dev) => {
    const { disabled, isAuto } = runtime.of(dev);
    const off = isAuto ? "disabled" : "disabled & forbidden";
    return disabled > 0 ? off : isAuto ? "enabled" : "forbidden";
  });
  add(
    "autosuspend_delay_ms",
    (dev) => `${runtime.of(dev).delay}`,
    function* (dev, text) {
      if (!runtime.of(dev).usesAutosuspend) return -errno.EIO;
      if (!/^-?[0-9]+$/.test(text)) return -errno.EINVAL;
      yield* runtime.setAutosuspend(dev, { delay: Number(text) });
      return 0;
    },
  );
}
