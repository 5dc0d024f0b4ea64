// What the device tree says of a device.
import type { device } from "./device.d.ts";
import type { AnyStruct, CString, InitialisedBy, int, Pointer, Ref, Struct, u32 } from "./types.d.ts";

/** `struct device_node`, a node of the device tree. Source: include/linux/of.h */
export type device_node = Struct<"device_node", { readonly name: CString; readonly full_name: CString }>;
/** `struct device_node`, a node of the device tree. Source: include/linux/of.h */
export const device_node: device_node;

/** An entry of a match table. */
export interface OfDeviceIdInit {
  name?: string;
  type?: string;
  compatible?: string;
  data?: Pointer<unknown> | null;
}
/** `struct of_device_id`, which nodes a driver is for. Source: include/linux/mod_devicetable.h */
export type of_device_id = Struct<"of_device_id", InitialisedBy<OfDeviceIdInit>>;
/** `struct of_device_id`, which nodes a driver is for. Source: include/linux/mod_devicetable.h */
export const of_device_id: of_device_id;

/** A number of a node. Context: any. Result: 0, -EINVAL when there is no such property, -ENODATA without a value, -EOVERFLOW when it is too short. Source: include/linux/of.h */
export function of_property_read_u32(np: Ref<device_node> | null, propname: string, out_value: Ref<number>): int;
/** The number at an index. Context: any. Result: as of_property_read_u32. Source: drivers/of/property.c */
export function of_property_read_u32_index(
  np: Ref<device_node> | null,
  propname: string,
  index: u32,
  out_value: Ref<number>,
): int;
/** A text of a node. Context: any. Result: 0, -EINVAL when there is no such property, -ENODATA without a value, -EILSEQ when it is no text. Source: drivers/of/property.c */
export function of_property_read_string(
  np: Ref<device_node> | null,
  propname: string,
  out_string: Pointer<unknown>,
): int;
/** Whether a node has a property. Context: any. Source: include/linux/of.h */
export function of_property_read_bool(np: Ref<device_node> | null, propname: string): boolean;
/** Whether a node has a property. Context: any. Source: include/linux/of.h */
export function of_property_present(np: Ref<device_node> | null, propname: string): boolean;
/** Whether a node is compatible with this. Context: any. Result: 0 when it is not. Source: drivers/of/base.c */
export function of_device_is_compatible(device: Ref<device_node> | null, compat: string): int;
/** The node that the n-th number of a property points to, such as a clock of `clocks`, with a reference to be given back. Context: any. Result: NULL when there is none. Source: include/linux/of.h */
export function of_parse_phandle(
  np: Ref<device_node> | null,
  phandle_name: string,
  index: int,
): Ref<device_node> | null;
/** One more reference to a node. Context: any. Result: the node. Source: drivers/of/dynamic.c */
export function of_node_get<T extends Ref<device_node> | null>(node: T): T;
/** Gives a reference back; one too many is reported. Context: any. Source: drivers/of/dynamic.c */
export function of_node_put(node: Ref<device_node> | null): void;
/** The data of the entry by which the device's driver was found, as a `layout`. Context: any. Result: NULL when there is none. Source: drivers/of/device.c */
export function of_device_get_match_data<T extends AnyStruct>(dev: Ref<device>, layout: T): Ref<T> | null;
/** The table, where the kernel has device trees, as this one has. At file scope. Source: include/linux/of.h */
export function of_match_ptr<T>(ptr: T): T;
