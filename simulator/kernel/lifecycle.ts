// Where modules, drivers and devices are in their lives, for the views: looking changes nothing.
import type { Binding } from "./binding.ts";
import type { Buses } from "./bus.ts";
import type { DeviceState, Devices } from "./devices.ts";
import type { Modules } from "./modules.ts";
import type { Resources } from "./resources.ts";
import type { RuntimePm } from "./runtime-pm.ts";

export interface ModuleLife {
  readonly name: string;
  readonly state: "unloaded" | "loading" | "loaded" | "unloading";
}

export interface DriverLife {
  readonly name: string;
  readonly bus: string;
  /** That registered it. */
  readonly module: string | undefined;
  /** It is `bound` to these devices, or `unbound`. */
  readonly state: "bound" | "unbound";
  readonly devices: readonly string[];
}

export interface DeviceLife {
  readonly name: string;
  /** Its bus or class. */
  readonly subsystem: string;
  readonly driver: string | undefined;
  readonly state: DeviceState;
  /** Why its probe was put off, if it was; empty: nobody said. */
  readonly deferred: string | undefined;
  /** Of runtime PM: `unsupported` while that is off. */
  readonly runtime: string;
  readonly users: number;
  /** What goes with its driver, in the order in which it was obtained. */
  readonly managed: readonly string[];
}

/** The parts of the kernel that know. */
export interface Living {
  readonly modules: Modules;
  readonly buses: Buses;
  readonly devices: Devices;
  readonly binding: Binding;
  readonly runtime: RuntimePm;
  readonly resources: Resources;
}

const STATES = { loading: "loading", live: "loaded", going: "unloading", gone: "unloaded" } as const;

export function modulesOf({ modules }: Living): readonly ModuleLife[] {
  return modules.names.map((name) => ({ name, state: STATES[modules.find(name)?.state ?? "gone"] }));
}

/** The names of a driver's devices. */
function boundTo(devices: Devices, drv: number): readonly string[] {
  return devices.all.filter((dev) => devices.driverOf(dev) === drv).map((dev) => devices.nameOf(dev));
}

/** A module is about to go: each of its drivers that still has devices is told, where it was registered. */
export function tellBound(living: Living, module: string): void {
  const { buses, devices, resources } = living;
  for (const { bus, drv, name } of buses.drivers) {
    if (resources.moduleThatHas(`driver ${drv}`) !== module) continue;
    const bound = boundTo(devices, drv);
    if (bound.length === 0) continue;
    const text = `${bus} driver ${name} is still bound to ${bound.join(", ")}, and its module ${module} is gone`;
    devices.misuse(text, resources.stackOf(`driver ${drv}`));
  }
}

export function driversOf({ buses, devices, resources }: Living): readonly DriverLife[] {
  return buses.drivers.map(({ bus, drv, name }) => {
    const own = boundTo(devices, drv);
    const module = resources.moduleThatHas(`driver ${drv}`);
    return { name, bus, module, state: own.length > 0 ? "bound" : "unbound", devices: own };
  });
}

export function devicesOf({ buses, devices, binding, runtime }: Living): readonly DeviceLife[] {
  const names = new Map(buses.drivers.map(({ drv, name }) => [drv, name] as const));
  return devices.all.map((dev) => {
    const { status, disabled, usage } = runtime.of(dev);
    const name = devices.nameOf(dev);
    return {
      ...{ name, subsystem: devices.subsystemOf(dev), driver: names.get(devices.driverOf(dev)) },
      ...{ state: devices.stateOf(dev)!, deferred: binding.waiting.find(({ device }) => device === name)?.reason },
      ...{ runtime: disabled > 0 ? "unsupported" : status, users: usage, managed: devices.managed.of(dev) },
    };
  });
}
