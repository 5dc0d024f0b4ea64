// linux/jiffies: time in ticks.
import { HZ, jiffiesAt, MAX_JIFFY_OFFSET, nanosOf, ticksAt } from "../kernel/jiffies.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

const NANOS = BigInt(nanosOf(1));
const INITIAL = BigInt(-300 * HZ) & 0xffffffffn;

/** Spans longer than it are as good as for ever. */
function toTicks(nanos: number): number {
  return Math.min(MAX_JIFFY_OFFSET, Math.ceil(nanos / nanosOf(1)));
}

export function jiffies({ core }: Kernel): Header {
  const header = new Header(core);
  const { clock } = core.engine;
  header.constants({ HZ, MAX_JIFFY_OFFSET, INITIAL_JIFFIES: Number(INITIAL) });
  const now = (): number => jiffiesAt(clock.nanos);

  /** Ticks so far, 32 bits that wrap. Any context. */
  header.plain("jiffies", [], "u32", now);
  /** Ticks so far, 64 bits that begin where the 32 bits do. Any context. */
  header.plain("get_jiffies_64", [], "u64", () => INITIAL + BigInt(ticksAt(clock.nanos)));
  /** The same: a variable in C. Any context. */
  header.plain("jiffies_64", [], "u64", () => INITIAL + BigInt(ticksAt(clock.nanos)));

  /** Milliseconds as ticks, rounded up. Any context. */
  header.plain("msecs_to_jiffies", ["u32"], "u32", (millis: number) =>
    millis > 0x7fffffff ? MAX_JIFFY_OFFSET : toTicks(millis * 1e6),
  );
  /** Microseconds as ticks, rounded up. Any context. */
  header.plain("usecs_to_jiffies", ["u32"], "u32", (micros: number) => toTicks(micros * 1e3));
  /** Nanoseconds as ticks, rounded down. Any context. */
  header.plain("nsecs_to_jiffies", ["u64"], "u32", (nanos: bigint) => Number(BigInt.asUintN(32, nanos / NANOS)));
  /** Nanoseconds as ticks, rounded down, 64 bits. Any context. */
  header.plain("nsecs_to_jiffies64", ["u64"], "u64", (nanos: bigint) => nanos / NANOS);
  /** Ticks as milliseconds. Any context. */
  header.plain("jiffies_to_msecs", ["u32"], "u32", (ticks: number) => Math.floor((ticks * 1000) / HZ));
  /** Ticks as microseconds. Any context. */
  header.plain("jiffies_to_usecs", ["u32"], "u32", (ticks: number) => (ticks * (1e6 / HZ)) >>> 0);
  /** Ticks as nanoseconds. Any context. */
  header.plain("jiffies_to_nsecs", ["u32"], "u64", (ticks: number) => BigInt(ticks) * NANOS);
  /** 64 bits of ticks as nanoseconds. Any context. */
  header.plain("jiffies64_to_nsecs", ["u64"], "u64", (ticks: bigint) => ticks * NANOS);
  /** 64 bits of ticks as milliseconds. Any context. */
  header.plain("jiffies64_to_msecs", ["u64"], "u64", (ticks: bigint) => (ticks * NANOS) / 1_000_000n);
  /** A difference of ticks as milliseconds; 0 when it is negative. Any context. */
  header.plain("jiffies_delta_to_msecs", ["int"], "u32", (ticks: number) => Math.max(0, (ticks * 1000) / HZ));
  comparisons(header, now);
  return header;
}

function comparisons(header: Header, now: () => number): void {
  const isAfter = (a: number, b: number): boolean => ((b - a) | 0) < 0;
  const isSince = (a: number, b: number): boolean => ((a - b) | 0) >= 0;
  /** Whether a is later than b, though the counter wraps. Any context. */
  header.plain("time_after", ["u32", "u32"], "bool", isAfter);
  /** Whether a is earlier than b, though the counter wraps. Any context. */
  header.plain("time_before", ["u32", "u32"], "bool", (a: number, b: number) => isAfter(b, a));
  /** Whether a is later than b or the same. Any context. */
  header.plain("time_after_eq", ["u32", "u32"], "bool", isSince);
  /** Whether a is earlier than b or the same. Any context. */
  header.plain("time_before_eq", ["u32", "u32"], "bool", (a: number, b: number) => isSince(b, a));
  /** Whether a is in [b, c]. Any context. */
  header.plain(
    "time_in_range",
    ["u32", "u32", "u32"],
    "bool",
    (a: number, b: number, c: number) => isSince(a, b) && isSince(c, a),
  );
  /** Whether a is in [b, c). Any context. */
  header.plain(
    "time_in_range_open",
    ["u32", "u32", "u32"],
    "bool",
    (a: number, b: number, c: number) => isSince(a, b) && isAfter(c, a),
  );
  /** Whether a is later than b, 64 bits. Any context. */
  header.plain("time_after64", ["u64", "u64"], "bool", (a: bigint, b: bigint) => BigInt.asIntN(64, b - a) < 0n);
  /** Whether a is earlier than b, 64 bits. Any context. */
  header.plain("time_before64", ["u64", "u64"], "bool", (a: bigint, b: bigint) => BigInt.asIntN(64, a - b) < 0n);
  /** Whether a is over. Any context. */
  header.plain("time_is_before_jiffies", ["u32"], "bool", (a: number) => isAfter(now(), a));
  /** Whether a is still to come. Any context. */
  header.plain("time_is_after_jiffies", ["u32"], "bool", (a: number) => isAfter(a, now()));
  /** Whether a is over or now. Any context. */
  header.plain("time_is_before_eq_jiffies", ["u32"], "bool", (a: number) => isSince(now(), a));
  /** Whether a is now or still to come. Any context. */
  header.plain("time_is_after_eq_jiffies", ["u32"], "bool", (a: number) => isSince(a, now()));
}
