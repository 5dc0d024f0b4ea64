// The callbacks through which a device that is registered is used: those of its tables, and of its attributes.
import { functionName } from "../program/entries.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import { addressed } from "./driver-objects.ts";
import { orderOf, type Point, pointsOf } from "./order.ts";
import { stripCasts } from "./summary.ts";

/** A function of the driver, and how a person names it. */
export interface Operation {
  readonly fn: string;
  readonly role: string;
}

/** Kernel functions from which on users or other drivers reach the device. */
export const REGISTERS =
  /^(misc_register|register_netdev|cdev_add|cdev_device_add|input_register_device|(devm_)?iio_device_register|(devm_)?rtc_register_device|(devm_)?watchdog_register_device|video_register_device|(devm_)?spi_register_(controller|master)|(devm_)?i2c_add(_numbered)?_adapter|mmc_add_host|(devm_)?gpiochip_add_data|(devm_)?led_classdev_register|(devm_)?pwmchip_add|uart_add_one_port|(devm_)?hwrng_register|(devm_)?hwmon_device_register_with_info|(devm_)?power_supply_register|(devm_)?rc_register_device|(dma|dmaenginem)_async_device_register|proc_create(_data)?|debugfs_create_file|add_disk|device_add_disk)$/;

/** Kernel functions that give a device attributes, which user space may read as soon as they are there. */
export const ATTRIBUTES = /^(devm_)?(device_create_file|device_add_groups?|sysfs_create_groups?)$/;

/** Calls that give an object its table: `cdev_init(&cdev, &fops)`. */
const SETS_TABLE = /^(cdev_init|v4l2_(i2c|spi)_subdev_init|v4l2_subdev_init|snd_pcm_set_ops|kobject_init)$/;

/** Members that the kernel calls only for a device that someone has used. */
const LEAVES = /release|remove|close|stop|exit|shutdown|suspend|resume|unbind|disconnect|free|uninit|flush/;

/** The callbacks of an object that is handed over, as far as the function has set them, and of a table. */
export function operationsOf(program: Program, fn: Func, point: Point, arg: Expr): readonly Operation[] {
  const object = addressed(arg);
  const table = object === undefined ? [] : tableOf(program, fn, object);
  if (table.length > 0) return table;
  const place = placeOf(object ?? stripCasts(arg));
  if (place === undefined) return [];
  const order = orderOf(fn);
  return pointsOf(fn).flatMap((each) => {
    const { event } = each;
    if (event.kind === "call" && SETS_TABLE.test(event.name ?? "") && order.canFollow(point, each)) {
      const [first, ...others] = event.expr.args.map((other) => addressed(other) ?? stripCasts(other));
      return first !== undefined && placeOf(first) === place
        ? others.flatMap((other) => tableOf(program, fn, other))
        : [];
    }
    if (event.kind !== "assign" || event.value === undefined || event.target.kind !== "member") return [];
    if (placeOf(event.target.base) !== place || !order.canFollow(point, each)) return [];
    const { field } = event.target;
    const name = functionName(event.value);
    if (name !== undefined && program.functions.has(name))
      return LEAVES.test(field) ? [] : [{ fn: name, role: `.${field}` }];
    const value = addressed(event.value);
    return value === undefined ? [] : tableOf(program, fn, value);
  });
}

/** The functions of a table of the file. */
function tableOf(program: Program, fn: Func, expr: Expr, depth = 3): readonly Operation[] {
  if (expr.kind !== "name" || program.types.isLocal(fn.def, expr.name)) return [];
  if (expr.name.startsWith("dev_attr_")) return attribute(program, expr.name.slice("dev_attr_".length));
  const init = program.types.global(expr.name)?.init;
  if (init?.kind !== "initializer") return [];
  return init.items.flatMap(({ path, value }) => {
    const field = path.at(-1) ?? "";
    const name = functionName(value);
    if (name !== undefined && program.functions.has(name))
      return LEAVES.test(field) ? [] : [{ fn: name, role: `.${field}` }];
    // `&foo_ops`, `foo_attrs`, `&dev_attr_foo.attr`
    const inner = addressed(value) ?? value;
    const table = inner.kind === "member" ? inner.base : inner;
    return field === "owner" || depth === 0 ? [] : tableOf(program, fn, table, depth - 1);
  });
}

/** The functions of an attribute that DEVICE_ATTR() and its kin define. */
function attribute(program: Program, name: string): readonly Operation[] {
  const macro = program.file.unit.fileMacros.find(
    (each) => each.name === "DEVICE_ATTR" && each.args[0]?.kind === "name" && each.args[0].name === name,
  );
  const fns = macro === undefined ? [`${name}_show`, `${name}_store`] : macro.args.slice(2).map(functionName);
  return fns.flatMap((fn) =>
    fn !== undefined && program.functions.has(fn) ? [{ fn, role: `attribute ${name}` }] : [],
  );
}
