// Ticks of the timer interrupt, and how they stand to virtual time.

export const HZ = 1000;
const NANOS = 1e9 / HZ;
/** As in Linux the counter wraps five minutes after boot, so that drivers which do not expect it are found out. */
const INITIAL_JIFFIES = -300 * HZ;

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
