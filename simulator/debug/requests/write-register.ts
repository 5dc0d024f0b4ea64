// `driverlab/writeRegister`: writes a register or a field as a driver would; it becomes a part of the run's log.
import type { Device, Register } from "../../devices/device.ts";
import type { RegisterName, WriteRegister } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { badArgument } from "../errors.ts";
import { setField, setRegister } from "../register-variables.ts";

export function writeRegister(debuggee: Debuggee, { value, ...name }: WriteRegister): void {
  const { device, register } = registerOf(debuggee, name);
  if (name.field === undefined) setRegister(debuggee, device, name.register, String(value));
  else setField(debuggee, device, register, name.field, String(value));
  debuggee.changed();
}

export function registerOf(
  debuggee: Debuggee,
  { device, register, field }: RegisterName,
): { readonly device: Device; readonly register: Register } {
  const found = debuggee.devices.find(({ name }) => name === device);
  if (found === undefined) throw badArgument("device", "a device of the machine");
  const named = found.registers.find(({ name }) => name === register);
  if (named === undefined) throw badArgument("register", `a register of ${device}`);
  if (field !== undefined && !named.fields?.some(({ name }) => name === field)) {
    throw badArgument("field", `a field of ${register}`);
  }
  return { device: found, register: named };
}
