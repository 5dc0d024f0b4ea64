// Ticks of the timer interrupt, and how they stand to virtual time.

export const HZ = 1000;
const NANOS = 1e9 / HZ;
/** As in Linux the counter wraps five minutes after boot, so that drivers which do not expect it are found out. */
const INITIAL_JIFFIES = -300 * HZ;

/** What the real-time clock showed when the machine was switched on, in seconds since 1970: 2025-01-01 00:00:00 UTC. */
export const BOOT_SECONDS = 1_735_689_600n;

/** Whole ticks since the machine was switched on. */
export function ticksAt(nanos: number): number {
  return Math.floor(nanos / NANOS);
}

export function jiffiesAt(nanos: number): number {
  return (INITIAL_JIFFIES + Math.floor(nanos / NANOS)) >>> 0;
}

/** A span in ticks, rounded up. */
export function jiffiesOf(nanos: number): number {
  return Math.ceil(nanos / NANOS);
}

export function nanosOf(jiffies: number): number {
  return jiffies * NANOS;
}

/** The longest span in ticks, include/linux/jiffies.h: anything above is as good as for ever. */
export const MAX_JIFFY_OFFSET = 0x3ffffffe;
