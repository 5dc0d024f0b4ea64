// `driverlab/locks`: every lock that is held or waited for.

import { hex } from "../../engine/interfaces.ts";
import type { Locks } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { placeOf } from "../place.ts";

export function locks(debuggee: Debuggee): Locks {
  const used = debuggee.still.kernel.locks.all().filter(({ owner, waiters }) => owner || waiters.length > 0);
  return {
    locks: used.map(({ name, address, flavour, owner, waiters, takenAt }) => ({
      name,
      address: hex(address),
      flavour,
      ...(owner === undefined ? {} : { owner: `${owner.name}/${owner.id} on CPU ${owner.cpu}` }),
      takenAt: owner === undefined ? [] : takenAt.map(placeOf),
      waiters: waiters.map((task) => `${task.name}/${task.id}`),
    })),
  };
}
