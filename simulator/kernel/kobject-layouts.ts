// The structs of kobjects and their attributes as drivers see them.
import { layOut } from "../engine/layout.ts";
import { kref, list_head } from "./link-layouts.ts";

const fn = { kind: "pointer", to: "function" } as const;
const anything = { kind: "pointer", to: "void" } as const;
const string = { kind: "pointer", to: "s8" } as const;
const u32 = { kind: "scalar", scalar: "u32" } as const;

export const attribute = layOut("attribute", [
  ["name", string],
  ["mode", { kind: "scalar", scalar: "u16" }],
]);

/** `struct attribute *`, an element of a list of them that NULL ends. */
const attribute_entry = layOut("attribute_entry", [["attr", { kind: "pointer", to: attribute }]]);

/** All kinds of attributes look the same; their functions differ. */
const attributeOf = (name: string) =>
  layOut(name, [
    ["attr", { kind: "struct", layout: attribute }],
    ["show", fn],
    ["store", fn],
  ]);

export const kobj_attribute = attributeOf("kobj_attribute");
export const device_attribute = attributeOf("device_attribute");
export const bus_attribute = attributeOf("bus_attribute");
export const driver_attribute = attributeOf("driver_attribute");
export const class_attribute = attributeOf("class_attribute");

export const attribute_group = layOut("attribute_group", [
  ["name", string],
  ["is_visible", fn],
  ["attrs", { kind: "pointer", to: attribute_entry }],
]);

export const sysfs_ops = layOut("sysfs_ops", [
  ["show", fn],
  ["store", fn],
]);

export const kobj_type = layOut("kobj_type", [
  ["release", fn],
  ["sysfs_ops", { kind: "pointer", to: sysfs_ops }],
  ["default_groups", anything],
]);

export const kobject = layOut("kobject", [
  ["name", string],
  ["entry", { kind: "struct", layout: list_head }],
  ["parent", anything],
  ["kset", anything],
  ["ktype", { kind: "pointer", to: kobj_type }],
  ["sd", anything],
  ["kref", { kind: "struct", layout: kref }],
  ["state_initialized", u32],
  ["state_in_sysfs", u32],
]);
