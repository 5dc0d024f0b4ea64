// Uninitialised memory: a value that nobody wrote is used for more than being copied.
// Source: mm/kmsan
import type { LinearMemory } from "../engine/memory.ts";
import type { Core } from "./core.ts";
import type { StackEntry } from "./events.ts";

/** Watches what drivers load; `memory` tells what is a copy. */
export function watchUninitialised(core: Core, memory: LinearMemory): void {
  let stack: readonly StackEntry[] = [];
  memory.onUnwritten({
    loaded: () => {
      stack = core.stack();
    },
    used: ({ address, bytes }) => core.emit({ kind: "uninit-use", address, bytes, stack }),
  });
}
