// Sequence counters: a reader never waits for another reader, and reads again when a writer was there meanwhile.
// Source: include/linux/seqlock.h
import type { Steps } from "../engine/interfaces.ts";
import { layOut } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";
import { spinlock_t } from "./layouts.ts";

export const seqcount_t = layOut("seqcount", [["sequence", { kind: "scalar", scalar: "u32" }]]);

export const seqlock_t = layOut("seqlock", [
  ["seqcount", { kind: "struct", layout: seqcount_t }],
  ["lock", { kind: "struct", layout: spinlock_t }],
]);

/** On 32 bits, where 64-bit counters are written in two halves. */
export const u64_stats_sync = layOut("u64_stats_sync", [["seq", { kind: "struct", layout: seqcount_t }]]);

export const u64_stats_t = layOut("u64_stats", [["v", { kind: "scalar", scalar: "u64" }]]);

/** How often a reader that may lose its CPU looks again before it is taken for stuck there. */
const POLITE = 64;

export class Seqlocks {
  private readonly core: Core;
  /** Readers that spin while a writer is there, by the counter. */
  private readonly readers = new Map<number, Task[]>();

  constructor(core: Core) {
    this.core = core;
  }

  init(address: number): void {
    this.core.memory.touch(address, 4, true);
    this.core.memory.poke(address, 4, 0);
  }

  /** An even number: it is odd while a writer is there, for which this spins. */
  *begin(address: number): Steps<number> {
    const { memory } = this.core;
    for (let turns = 0; ; turns++) {
      memory.touch(address, 4, false);
      const sequence = memory.peek(address, 4);
      if ((sequence & 1) === 0) {
        this.core.emit({ kind: "order", phase: "acquire", what: "seqcount", address });
        return sequence;
      }
      // A writer that lost this CPU goes on when the reader's time is up.
      if (turns < POLITE && this.core.isPreemptible) {
        yield { kind: "yield", gives: true };
        continue;
      }
      const waiting = this.readers.get(address) ?? [];
      this.readers.set(address, [...waiting, this.core.task]);
      yield { kind: "block", on: { words: "the writer of a seqcount", spins: true } };
    }
  }

  /** Whether a writer was there since. */
  isChanged(address: number, start: number): boolean {
    this.core.memory.touch(address, 4, false);
    return this.core.memory.peek(address, 4) !== start >>> 0;
  }

  /** A writer begins, or ends. */
  step(address: number): void {
    const { memory } = this.core;
    memory.touch(address, 4, true);
    const sequence = (memory.peek(address, 4) + 1) >>> 0;
    memory.poke(address, 4, sequence);
    if ((sequence & 1) !== 0) return;
    this.core.emit({ kind: "order", phase: "release", what: "seqcount", address });
    const waiting = this.readers.get(address) ?? [];
    this.readers.delete(address);
    for (const task of waiting) this.core.engine.wake(task);
  }
}
