// linux/ktime, linux/timekeeping and linux/time64: time in nanoseconds and seconds, and the calendar.
import type { Type } from "../engine/interfaces.ts";
import { BOOT_SECONDS } from "../kernel/jiffies.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { rtc_time, timespec64 } from "../kernel/time-layouts.ts";
import { Header } from "./header.ts";

const SECOND = 1_000_000_000n;
const KTIME_MAX = 0x7fffffffffffffffn;
const KTIME_SEC_MAX = KTIME_MAX / SECOND;

export function ktime(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  clocks(header, kernel);
  const units = { ns: 1n, us: 1000n, ms: 1_000_000n } as const;
  const same: readonly [Type, Type] = ["s64", "s64"];
  for (const [unit, nanos] of Object.entries(units)) {
    /** A time in the unit. Any context. */
    header.plain(`ktime_to_${unit}`, ["s64"], "s64", (time: bigint) => time / nanos);
    if (unit !== "us") {
      /** So many of the unit as a time; 6.12 has none for microseconds. Any context. */
      header.plain(`${unit}_to_ktime`, ["u64"], "s64", (count: bigint) => count * nanos);
    }
    /** A time so many of the unit later. Any context. */
    header.plain(`ktime_add_${unit}`, ["s64", "u64"], "s64", (time: bigint, count: bigint) => time + count * nanos);
    /** A time so many of the unit earlier. Any context. */
    header.plain(`ktime_sub_${unit}`, ["s64", "u64"], "s64", (time: bigint, count: bigint) => time - count * nanos);
  }
  /** Seconds and nanoseconds as a time, at most KTIME_MAX. Any context. */
  header.plain("ktime_set", ["s64", "u32"], "s64", (seconds: bigint, nanos: number) =>
    seconds >= KTIME_SEC_MAX ? KTIME_MAX : seconds * SECOND + BigInt(nanos),
  );
  /** The sum. Any context. */
  header.plain("ktime_add", same, "s64", (a: bigint, b: bigint) => a + b);
  /** The difference. Any context. */
  header.plain("ktime_sub", same, "s64", (a: bigint, b: bigint) => a - b);
  /** Below 0, 0 or above it, as a is before, at or after b. Any context. */
  header.plain("ktime_compare", same, "int", (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0));
  /** Whether a is after b. Any context. */
  header.plain("ktime_after", same, "bool", (a: bigint, b: bigint) => a > b);
  /** Whether a is before b. Any context. */
  header.plain("ktime_before", same, "bool", (a: bigint, b: bigint) => a < b);
  /** later − earlier in microseconds. Any context. */
  header.plain("ktime_us_delta", same, "s64", (later: bigint, earlier: bigint) => (later - earlier) / 1000n);
  /** later − earlier in milliseconds. Any context. */
  header.plain("ktime_ms_delta", same, "s64", (later: bigint, earlier: bigint) => (later - earlier) / 1_000_000n);
  /** A time divided by a number. Any context. */
  header.plain("ktime_divns", same, "s64", (time: bigint, by: bigint) => (by === 0n ? 0n : time / by));
  return header;
}

export function timekeeping(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  clocks(header, kernel);
  return header;
}

/** linux/ktime includes linux/timekeeping. */
function clocks(header: Header, { core }: Kernel): void {
  const { memory } = core;
  const boot = (): bigint => BigInt(Math.floor(core.engine.clock.nanos));
  const real = (): bigint => boot() + BOOT_SECONDS * SECOND;
  const put = (address: number, nanos: bigint): void => {
    memory.store64(address + offsetOf(timespec64, "tv_sec"), nanos / SECOND);
    memory.store(address + offsetOf(timespec64, "tv_nsec"), 4, Number(nanos % SECOND));
  };
  // The machine is never suspended and nobody sets its clock: monotonic, raw and boot time are one.
  const clocksByName = { "": boot, _real: real, _boottime: boot, _raw: boot } as const;
  for (const [name, now] of Object.entries(clocksByName)) {
    /** The time of the clock. Any context. */
    header.plain(`ktime_get${name}`, [], "s64", now);
    /** The same in nanoseconds. Any context. */
    header.plain(`ktime_get${name}_ns`, [], "u64", now);
    /** The same as seconds and nanoseconds. Any context. */
    header.plain(`ktime_get${name}_ts64`, [timespec64], "void", (ts: number) => put(ts, now()));
  }
  /** The time at the last tick. Any context. */
  header.plain("ktime_get_coarse", [], "s64", () => boot() - (boot() % 1_000_000n));
  /** The time at the last tick as seconds and nanoseconds. Any context. */
  header.plain("ktime_get_coarse_ts64", [timespec64], "void", (ts: number) => put(ts, boot() - (boot() % 1_000_000n)));
  /** The time of day at the last tick as seconds and nanoseconds. Any context. */
  header.plain("ktime_get_coarse_real_ts64", [timespec64], "void", (ts: number) =>
    put(ts, real() - (real() % 1_000_000n)),
  );
  /** Whole seconds since boot. Any context. */
  header.plain("ktime_get_seconds", [], "s64", () => boot() / SECOND);
  /** Whole seconds since boot, times of suspend included. Any context. */
  header.plain("ktime_get_boottime_seconds", [], "s64", () => boot() / SECOND);
  /** Whole seconds since 1970. Any context. */
  header.plain("ktime_get_real_seconds", [], "s64", () => real() / SECOND);
}

export function time64({ core }: Kernel): Header {
  const header = new Header(core);
  const { memory } = core;
  header.layout("timespec64", timespec64);
  header.layout("tm", rtc_time);
  header.constants({
    MSEC_PER_SEC: 1000,
    USEC_PER_MSEC: 1000,
    NSEC_PER_USEC: 1000,
    NSEC_PER_MSEC: 1_000_000,
    USEC_PER_SEC: 1_000_000,
    NSEC_PER_SEC: 1_000_000_000,
  });
  const nanosAt = (address: number): bigint =>
    memory.load64(address + offsetOf(timespec64, "tv_sec"), true) * SECOND +
    BigInt(memory.load(address + offsetOf(timespec64, "tv_nsec"), 4, true));

  /** Seconds and nanoseconds as nanoseconds. Any context. */
  header.plain("timespec64_to_ns", [timespec64], "s64", nanosAt);
  /** Below 0, 0 or above it, as a is before, at or after b. Any context. */
  header.plain("timespec64_compare", [timespec64, timespec64], "int", (a: number, b: number) => {
    const [x, y] = [nanosAt(a), nanosAt(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  /** Whether two times are the same. Any context. */
  header.plain(
    "timespec64_equal",
    [timespec64, timespec64],
    "int",
    (a: number, b: number) => nanosAt(a) === nanosAt(b),
  );
  /** A date of the calendar as seconds since 1970. Any context. */
  header.plain(
    "mktime64",
    ["u32", "u32", "u32", "u32", "u32", "u32"],
    "s64",
    (year: number, month: number, day: number, hour: number, minute: number, second: number) =>
      BigInt(daysBefore(year, month, day)) * 86_400n + BigInt(hour * 3600 + minute * 60 + second),
  );
  /** Seconds since 1970, moved by an offset, as a date of the calendar. Any context. */
  header.plain("time64_to_tm", ["s64", "int", rtc_time], "void", (total: bigint, offset: number, tm: number) => {
    const seconds = total + BigInt(offset);
    const rest = Number(((seconds % 86_400n) + 86_400n) % 86_400n);
    const days = Number((seconds - BigInt(rest)) / 86_400n);
    const date = dateOf(days);
    const values = {
      tm_sec: rest % 60,
      tm_min: Math.floor(rest / 60) % 60,
      tm_hour: Math.floor(rest / 3600),
      tm_mday: date.day,
      tm_mon: date.month - 1,
      tm_year: date.year - 1900,
      tm_wday: (((days + 4) % 7) + 7) % 7,
      tm_yday: days - daysBefore(date.year, 1, 1),
    };
    for (const [member, value] of Object.entries(values)) memory.store(tm + offsetOf(rtc_time, member), 4, value);
  });
  return header;
}

/** Days from 1970-01-01 to a date, in years that begin in March so that a leap day is the last. */
function daysBefore(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const m = month > 2 ? month - 3 : month + 9;
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) +
    day -
    719_469
  );
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  let year = Math.floor(days / 365.2425) + 1970;
  while (daysBefore(year + 1, 1, 1) <= days) year++;
  while (daysBefore(year, 1, 1) > days) year--;
  let month = 12;
  while (daysBefore(year, month, 1) > days) month--;
  return { year, month, day: days - daysBefore(year, month, 1) + 1 };
}
