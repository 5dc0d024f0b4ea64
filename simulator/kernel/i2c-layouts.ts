// Structs of I2C: adapters and how they transfer, devices on them and their drivers.
import { type Layout, layOut, type MemberType } from "../engine/layout.ts";
import { device, device_driver, device_node, module, mutex } from "./layouts.ts";

const u8: MemberType = { kind: "scalar", scalar: "u8" };
const u16: MemberType = { kind: "scalar", scalar: "u16" };
const u32: MemberType = { kind: "scalar", scalar: "u32" };
const s32: MemberType = { kind: "scalar", scalar: "s32" };
const fn: MemberType = { kind: "pointer", to: "function" };
const anything: MemberType = { kind: "pointer", to: "void" };
const string: MemberType = { kind: "pointer", to: "s8" };

export const I2C_SMBUS_BLOCK_MAX = 32;

function nested(layout: Layout): MemberType {
  return { kind: "struct", layout };
}

function bytes(length: number): MemberType {
  return { kind: "array", of: u8, length };
}

const algorithm = layOut("i2c_algorithm", [
  ["xfer", fn],
  ["xfer_atomic", fn],
  ["smbus_xfer", fn],
  ["smbus_xfer_atomic", fn],
  ["functionality", fn],
]);

/** `xfer` has an older name, in a union with it. */
export const i2c_algorithm: Layout = {
  ...algorithm,
  members: [
    ...algorithm.members,
    { name: "master_xfer", type: fn, offset: 0 },
    { name: "master_xfer_atomic", type: fn, offset: 4 },
  ],
};

export const i2c_adapter = layOut("i2c_adapter", [
  ["owner", { kind: "pointer", to: module }],
  ["class", u32],
  ["algo", { kind: "pointer", to: i2c_algorithm }],
  ["algo_data", anything],
  ["bus_lock", nested(mutex)],
  ["timeout", s32],
  ["retries", s32],
  ["dev", nested(device)],
  ["nr", s32],
  ["name", bytes(48)],
]);

export const i2c_board_info = layOut("i2c_board_info", [
  ["type", bytes(20)],
  ["flags", u16],
  ["addr", u16],
  ["dev_name", string],
  ["platform_data", anything],
  ["of_node", { kind: "pointer", to: device_node }],
  ["irq", s32],
]);

export const i2c_device_id = layOut("i2c_device_id", [
  ["name", bytes(20)],
  ["driver_data", u32],
]);

export const i2c_client = layOut("i2c_client", [
  ["flags", u16],
  ["addr", u16],
  ["name", bytes(20)],
  ["adapter", { kind: "pointer", to: i2c_adapter }],
  ["dev", nested(device)],
  ["init_irq", s32],
  ["irq", s32],
]);

export const i2c_driver = layOut("i2c_driver", [
  ["probe", fn],
  ["remove", fn],
  ["shutdown", fn],
  ["driver", nested(device_driver)],
  ["id_table", { kind: "pointer", to: i2c_device_id }],
]);

export const i2c_msg = layOut("i2c_msg", [
  ["addr", u16],
  ["flags", u16],
  ["len", u16],
  ["buf", anything],
]);

const data = layOut("i2c_smbus_data", [["block", bytes(I2C_SMBUS_BLOCK_MAX + 2)]]);

/** A union: its members lie on each other. */
export const i2c_smbus_data: Layout = {
  ...data,
  align: 2,
  members: [{ name: "byte", type: u8, offset: 0 }, { name: "word", type: u16, offset: 0 }, ...data.members],
};
