// `driverlab/accesses`: who read, wrote and changed a register, as far as the run was seen.
import { accessesOf, type RegisterAccess as Told } from "../../control/accesses.ts";
import type { Portions } from "../../control/run.ts";
import type { Device, Register } from "../../devices/device.ts";
import type { Accesses, RegisterAccess, RegisterName } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { Later } from "../looks.ts";
import { placeOfSite, whoOf } from "../place.ts";
import { registerOf } from "./write-register.ts";

/** As many as a person looks through. */
const MOST = 500;

export function accesses(debuggee: Debuggee, name: RegisterName): Later {
  const { device, register } = registerOf(debuggee, name);
  return new Later("Looking for the accesses to a register", accessesTo(debuggee, device, register));
}

function* accessesTo({ session }: Debuggee, device: Device, register: Register): Portions<Accesses> {
  const target = { kind: "register", device: device.name, register: register.name } as const;
  const all = yield* session.look((run, to) => accessesOf(run, target, to));
  return {
    accesses: all.slice(-MOST).map((one) => shown(one, register.bits)),
    omitted: Math.max(0, all.length - MOST),
  };
}

function shown({ kind, value, before, after, cause, moment, clock }: Told, bits: number): RegisterAccess {
  const hex = (number: bigint): string => `0x${number.toString(16).padStart(bits / 4, "0")}`;
  const { site, nanos } = moment;
  const isDriver = kind !== "input" && site !== undefined;
  return {
    clock,
    time: (Math.floor(nanos / 1000) / 1e6).toFixed(6),
    kind,
    who: isDriver ? whoOf(moment) : "",
    value: hex(value),
    before: hex(before),
    after: hex(after),
    ...(cause === undefined ? {} : { cause }),
    ...(isDriver ? { place: placeOfSite(site) } : {}),
  };
}
