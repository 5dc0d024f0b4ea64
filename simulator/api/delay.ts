// linux/delay, linux/jiffies and linux/ktime: waiting for time to pass, and reading it.
import type { Steps } from "../engine/interfaces.ts";
import { HZ, jiffiesAt, nanosOf } from "../kernel/jiffies.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function delay({ core }: Kernel): Header {
  const header = new Header(core);
  const spin = (nanos: number): void => core.engine.delay(nanos);

  /** Spins for nanoseconds. Any context. */
  header.plain("ndelay", ["u32"], "void", (nanos: number) => spin(nanos));
  /** Spins for microseconds. Any context. */
  header.plain("udelay", ["u32"], "void", (micros: number) => spin(micros * 1e3));
  /** Spins for milliseconds. Any context. */
  header.plain("mdelay", ["u32"], "void", (millis: number) => spin(millis * 1e6));
  /** Sleeps for milliseconds. Task context, may sleep. */
  header.steps("msleep", ["u32"], "void", (millis: number) => core.sleep(millis * 1e6, "msleep"));
  /** Sleeps for milliseconds or until a signal comes. Task context, may sleep. Milliseconds left. */
  header.steps("msleep_interruptible", ["u32"], "u32", function* (millis: number): Steps<number> {
    const until = core.engine.clock.nanos + millis * 1e6;
    const early = yield* core.sleep(millis * 1e6, "msleep_interruptible", true);
    return early ? Math.ceil((until - core.engine.clock.nanos) / 1e6) : 0;
  });
  /** Sleeps between so many microseconds: for the fewest. Task context, may sleep. */
  header.steps("usleep_range", ["u32", "u32"], "void", (min: number) => core.sleep(min * 1e3, "usleep_range"));
  /** Sleeps for seconds. Task context, may sleep. */
  header.steps("ssleep", ["u32"], "void", (seconds: number) => core.sleep(seconds * 1e9, "ssleep"));
  /** Waits for microseconds, spinning up to 10 of them. Task context, may sleep. */
  header.steps("fsleep", ["u32"], "void", function* (micros: number): Steps<void> {
    if (micros <= 10) spin(micros * 1e3);
    else yield* core.sleep(micros * 1e3, "fsleep");
  });
  return header;
}

export function jiffies({ core }: Kernel): Header {
  const header = new Header(core);
  const { clock } = core.engine;
  header.constant("HZ", HZ);

  /** Ticks so far, 32 bits that wrap. Any context. */
  header.plain("jiffies", [], "u32", () => jiffiesAt(clock.nanos));
  /** Ticks so far, 64 bits. Any context. */
  header.plain("get_jiffies_64", [], "u64", () => BigInt(Math.floor(clock.nanos / nanosOf(1)) - 300 * HZ));
  /** Milliseconds as ticks, rounded up. Any context. */
  header.plain("msecs_to_jiffies", ["u32"], "u32", (millis: number) => Math.ceil((millis * HZ) / 1000));
  /** Ticks as milliseconds. Any context. */
  header.plain("jiffies_to_msecs", ["u32"], "u32", (ticks: number) => Math.floor((ticks * 1000) / HZ));
  /** Whether a is later than b, though the counter wraps. Any context. */
  header.plain("time_after", ["u32", "u32"], "bool", (a: number, b: number) => ((b - a) | 0) < 0);
  /** Whether a is earlier than b, though the counter wraps. Any context. */
  header.plain("time_before", ["u32", "u32"], "bool", (a: number, b: number) => ((a - b) | 0) < 0);
  return header;
}

export function ktime({ core }: Kernel): Header {
  const header = new Header(core);
  const now = (): bigint => BigInt(Math.floor(core.engine.clock.nanos));

  /** Time since boot. Any context. */
  header.plain("ktime_get", [], "s64", now);
  /** Time since boot in nanoseconds. Any context. */
  header.plain("ktime_get_ns", [], "u64", now);
  /** A time in nanoseconds. Any context. */
  header.plain("ktime_to_ns", ["s64"], "s64", (time: bigint) => time);
  /** A time in microseconds. Any context. */
  header.plain("ktime_to_us", ["s64"], "s64", (time: bigint) => time / 1000n);
  /** A time in milliseconds. Any context. */
  header.plain("ktime_to_ms", ["s64"], "s64", (time: bigint) => time / 1_000_000n);
  /** later − earlier in microseconds. Any context. */
  header.plain("ktime_us_delta", ["s64", "s64"], "s64", (later: bigint, earlier: bigint) => (later - earlier) / 1000n);
  return header;
}
