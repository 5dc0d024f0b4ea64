// Messages that may come in floods: so many in a while, and later how many there would have been.
// Source: lib/ratelimit.c
import type { Core } from "./core.ts";
import type { Log } from "./printk.ts";

/** DEFAULT_RATELIMIT_INTERVAL and DEFAULT_RATELIMIT_BURST. */
const INTERVAL = 5e9;
const BURST = 10;

interface State {
  began: number;
  printed: number;
  missed: number;
}

export class RateLimits {
  private readonly core: Core;
  private readonly log: Log;
  private readonly states = new Map<string, State>();

  constructor(core: Core, log: Log) {
    this.core = core;
    this.log = log;
  }

  /** ___ratelimit(): whether one more message may be printed under a key; `fn` asks for it. */
  allows(key: string, fn: string): boolean {
    const { nanos } = this.core.engine.clock;
    let state = this.states.get(key);
    if (state === undefined || nanos > state.began + INTERVAL) {
      if (state !== undefined && state.missed > 0) this.log.write(`${fn}: ${state.missed} callbacks suppressed`);
      state = { began: nanos, printed: 0, missed: 0 };
      this.states.set(key, state);
    }
    if (state.printed < BURST) {
      state.printed += 1;
      return true;
    }
    state.missed += 1;
    return false;
  }

  /** The function of the driver that runs. */
  get caller(): string {
    return this.core.stack().find(({ site }) => site !== undefined)?.fn ?? "printk";
  }
}
