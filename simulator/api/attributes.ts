// Macros of attributes in /sys, and functions that add them to devices, buses, drivers and classes.
import type { Raw, Steps } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import { GFP_KERNEL } from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import {
  attribute,
  attribute_group,
  bus_attribute,
  class_attribute,
  device_attribute,
  driver_attribute,
} from "../kernel/kobject-layouts.ts";
import { bus_type, class_layout, device, device_driver, offsetOf } from "../kernel/layouts.ts";
import type { Header } from "./header.ts";

/** The macros that make a static attribute: of any mode where there is such a macro, and read, written, or both. */
export function attributeMacros(
  header: Header,
  { core, statics, textAt }: Pick<Kernel, "core" | "statics"> & { textAt(address: number): string },
  layout: Layout,
  prefix: string,
  ofAnyMode = false,
): void {
  const make = (name: number, mode: number, show: number, store: number): number => {
    const address = statics.global(layout.size, layout.align, textAt(name));
    core.memory.poke(address, 4, name);
    core.memory.poke(address + offsetOf(attribute, "mode"), 2, mode);
    core.memory.poke(address + offsetOf(layout, "show"), 4, show);
    core.memory.poke(address + offsetOf(layout, "store"), 4, store);
    return address;
  };
  if (ofAnyMode) header.plain(prefix, ["string", "u16", "callback", "callback"], layout, make);
  header.plain(`${prefix}_RO`, ["string", "callback"], layout, (name: number, show: number) =>
    make(name, 0o444, show, 0),
  );
  header.plain(`${prefix}_WO`, ["string", "callback"], layout, (name: number, store: number) =>
    make(name, 0o200, 0, store),
  );
  header.plain(`${prefix}_RW`, ["string", "callback", "callback"], layout, (name: number, ...fns: number[]) =>
    make(name, 0o644, fns[0]!, fns[1]!),
  );
}

/** Of linux/device. */
export function attributes(header: Header, kernel: Kernel): void {
  const { devices, kobjects, model } = kernel;
  const source = { ...kernel, textAt: (address: number) => kernel.textAt(address) };
  header.layout("device_attribute", device_attribute);
  header.layout("bus_attribute", bus_attribute);
  header.layout("driver_attribute", driver_attribute);
  header.layout("class_attribute", class_attribute);
  attributeMacros(header, source, device_attribute, "DEVICE_ATTR", true);
  attributeMacros(header, source, bus_attribute, "BUS_ATTR");
  attributeMacros(header, source, driver_attribute, "DRIVER_ATTR");
  attributeMacros(header, source, class_attribute, "CLASS_ATTR");

  for (const [kind, owner, layout] of [
    ["device", device, device_attribute],
    ["bus", bus_type, bus_attribute],
    ["driver", device_driver, driver_attribute],
    ["class", class_layout, class_attribute],
  ] as const) {
    /** Adds an attribute to a device, bus, driver or class. Task context, may sleep. 0, or a negative errno. */
    header.plain(`${kind}_create_file`, [owner, layout], "int", (it: number, attr: number) => {
      kernel.slab.mightAlloc(GFP_KERNEL, `${kind}_create_file`);
      return kobjects.createFile(it, attr);
    });
    /** Removes it, when the calls of its functions are over. Task context, may sleep. */
    header.steps(`${kind}_remove_file`, [owner, layout], "void", (it: number, attr: number) =>
      kobjects.removeFile(it, attr),
    );
  }
  /** Adds the attributes of a list of groups. Task context, may sleep. 0, or a negative errno. */
  header.steps("device_add_groups", [device, "ptr"], "int", (dev: number, groups: number) =>
    model.addGroups(dev, groups),
  );
  /** Removes them. Task context, may sleep. */
  header.steps("device_remove_groups", [device, "ptr"], "void", (dev: number, groups: number) =>
    model.removeGroups(dev, groups),
  );
  /** Adds the attributes of a group; they go with the driver. Task context, may sleep. 0, or a negative errno. */
  header.steps(
    "devm_device_add_group",
    [device, attribute_group],
    "int",
    function* (dev: number, group: number): Steps<number> {
      const result = yield* kobjects.createGroup(dev, group);
      if (result === 0) devices.managed.add(dev, "action", `group ${group}`, () => kobjects.removeGroup(dev, group));
      return result;
    },
  );
  classes(header, kernel);
}

function classes(header: Header, kernel: Kernel): void {
  const { chardevs, core, log, model, resources } = kernel;
  header.layout("class_", class_layout);
  /** Makes a class of one that the caller has room for. Task context, may sleep. 0, or a negative errno. */
  header.steps("class_register", [class_layout], "int", function* (cls: number): Steps<number> {
    kernel.slab.mightAlloc(GFP_KERNEL, "class_register");
    const result = yield* model.addClass(cls);
    if (result === 0) resources.obtain(`class ${cls}`, `class ${kernel.textAt(core.memory.load(cls, 4, false))}`);
    return result;
  });
  /** Removes it. Task context, may sleep. */
  header.steps("class_unregister", [class_layout], "void", function* (cls: number): Steps<void> {
    core.mightSleep("class_unregister", "kernel/locking/mutex.c:586");
    yield* model.removeClass(cls);
    resources.giveBack(`class ${cls}`);
  });
  /** Makes a class for device nodes. Task context, may sleep. Its address, or an ERR_PTR. */
  header.steps(
    "class_create",
    ["string"],
    class_layout,
    function* (name: number): Steps<number> {
      const cls = chardevs.classCreate(name);
      const result = yield* model.addClass(cls);
      if (result === 0) return cls;
      chardevs.classDestroy(cls);
      return result;
    },
    { mayBeErrPtr: true },
  );
  /** Removes a class. Task context, may sleep. */
  header.steps("class_destroy", [class_layout], "void", function* (cls: number): Steps<void> {
    core.mightSleep("class_unregister", "kernel/locking/mutex.c:586");
    yield* model.removeClass(cls);
    chardevs.classDestroy(cls);
  });
  const create = function* (
    [cls, parent, devt, data, groups]: readonly number[],
    format: number,
    values: readonly Raw[],
  ): Steps<number> {
    const dev = chardevs.deviceCreate(cls!, parent!, devt!, data!, log.format(kernel.textAt(format), values));
    const own = core.memory.load(cls! + offsetOf(class_layout, "dev_groups"), 4, false);
    for (const list of dev > 0 ? [own, groups!] : []) {
      const failed = yield* model.addGroups(dev, list);
      if (failed === 0) continue;
      yield* chardevs.deviceDestroy(cls!, devt!);
      return failed;
    }
    return dev;
  };
  /** Makes a device and its node in /dev. Task context, may sleep. Its address, or an ERR_PTR. */
  header.steps(
    "device_create",
    [class_layout, device, "u32", "ptr", "format"],
    device,
    (cls: number, parent: number, devt: number, data: number, format: number, ...values: Raw[]) =>
      create([cls, parent, devt, data, 0], format, values),
    { mayBeErrPtr: true },
  );
  /** The same with attributes, before user space is told. Task context, may sleep. Its address, or an ERR_PTR. */
  header.steps(
    "device_create_with_groups",
    [class_layout, device, "u32", "ptr", "ptr", "format"],
    device,
    (cls: number, parent: number, devt: number, data: number, groups: number, format: number, ...values: Raw[]) =>
      create([cls, parent, devt, data, groups], format, values),
    { mayBeErrPtr: true },
  );
  /** Removes a device that device_create made. Task context, may sleep. */
  header.steps("device_destroy", [class_layout, "u32"], "void", (cls: number, devt: number) =>
    chardevs.deviceDestroy(cls, devt),
  );
}
