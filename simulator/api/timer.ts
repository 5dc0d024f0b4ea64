// linux/timer and linux/hrtimer: functions that are called when their time has come.
import type { Steps } from "../engine/interfaces.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  HRTIMER_NORESTART,
  HRTIMER_RESTART,
} from "../kernel/hrtimers.ts";
import { HZ } from "../kernel/jiffies.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { hrtimer as hrtimer_layout, timer_list } from "../kernel/time-layouts.ts";
import { TIMER_DEFERRABLE, TIMER_IRQSAFE, TIMER_PINNED } from "../kernel/timers.ts";
import { Header } from "./header.ts";

export function timer(kernel: Kernel): Header {
  const { core, timers, statics } = kernel;
  const header = new Header(core);
  header.layout("timer_list", timer_list);
  header.constants({ TIMER_DEFERRABLE, TIMER_PINNED, TIMER_IRQSAFE });

  /** A static timer of this name with a function, ready to be set. At file scope. Its address. */
  header.plain("DEFINE_TIMER", ["string", "callback"], timer_list, (name: number, fn: number) => {
    const address = statics.global(timer_list.size, timer_list.align, kernel.textAt(name));
    timers.setup(address, fn, 0);
    return address;
  });
  /** Makes a timer ready to be set, with its function. Any context. */
  header.plain("timer_setup", [timer_list, "callback", "u32"], "void", (t: number, fn: number, flags: number) =>
    timers.setup(t, fn, flags),
  );
  /** Sets a timer for a time in jiffies, whether it waits or not. Any context. 1 when it did, else 0. */
  header.plain("mod_timer", [timer_list, "u32"], "int", (t: number, expires: number) => timers.modify(t, expires));
  /** The same, unless the timer does not wait. Any context. 1 when it did, else 0. */
  header.plain("mod_timer_pending", [timer_list, "u32"], "int", (t: number, expires: number) =>
    timers.isPending(t) ? timers.modify(t, expires) : 0,
  );
  /** Sets a timer for a time that is earlier than its own, or when it does not wait. Any context. 1 when it waited, else 0. */
  header.plain("timer_reduce", [timer_list, "u32"], "int", (t: number, expires: number) =>
    timers.modify(t, expires, { onlyEarlier: true }),
  );
  /** Sets a timer, which must not wait, for its `expires`. Any context. */
  header.plain("add_timer", [timer_list], "void", (t: number) => timers.add(t));
  /** The same on a CPU. Any context. */
  header.plain("add_timer_on", [timer_list, "int"], "void", (t: number, cpu: number) => timers.add(t, cpu));
  /** Whether a timer waits. Any context. */
  header.plain("timer_pending", [timer_list], "int", (t: number) => timers.isPending(t));

  for (const name of ["timer_delete", "del_timer"]) {
    /** Takes a timer back; its function may still run. Any context. 1 when it waited, else 0. */
    header.plain(name, [timer_list], "int", (t: number) => timers.delete(t));
  }
  for (const name of ["timer_delete_sync", "del_timer_sync"]) {
    /** Takes a timer back and waits until its function does not run. Task and softirq context. 1 when it waited, else 0. */
    header.steps(name, [timer_list], "int", (t: number) => timers.deleteSync(t));
  }
  /** timer_delete for good: it cannot be set any more. Any context. 1 when it waited, else 0. */
  header.plain("timer_shutdown", [timer_list], "int", (t: number) => timers.delete(t, true));
  /** timer_delete_sync for good: it cannot be set any more. Task and softirq context. 1 when it waited, else 0. */
  header.steps("timer_shutdown_sync", [timer_list], "int", (t: number) => timers.deleteSync(t, true));
  rounding(header, kernel);
  return header;
}

/** Whole seconds, so that CPUs wake together; each CPU a few ticks later than the one before. */
function rounding(header: Header, { core, timers }: Kernel): void {
  const round = (ticks: number, up: boolean): number => {
    const skew = core.engine.cpu * 3;
    const rest = (ticks + skew) % HZ;
    const down = rest < HZ / 4 && !up;
    const rounded = (down ? ticks + skew - rest : ticks + skew - rest + HZ) - skew;
    return ((rounded - timers.jiffies) | 0) > 0 ? rounded : ticks;
  };
  const relative = (delta: number, up: boolean): number => {
    const now = timers.jiffies;
    return round((delta + now) >>> 0, up) - now;
  };
  /** A time rounded to a whole second, down if it is just after one. Any context. */
  header.plain("round_jiffies", ["u32"], "u32", (ticks: number) => round(ticks, false));
  /** A span that ends at a whole second. Any context. */
  header.plain("round_jiffies_relative", ["u32"], "u32", (delta: number) => relative(delta, false));
  /** A time rounded up to a whole second. Any context. */
  header.plain("round_jiffies_up", ["u32"], "u32", (ticks: number) => round(ticks, true));
  /** A span that ends at a whole second, rounded up. Any context. */
  header.plain("round_jiffies_up_relative", ["u32"], "u32", (delta: number) => relative(delta, true));
}

export function hrtimer({ core, hrtimers }: Kernel): Header {
  const header = new Header(core);
  header.layout("hrtimer", hrtimer_layout);
  header.constants({ CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, HRTIMER_NORESTART, HRTIMER_RESTART });
  for (const [kind, bit] of Object.entries({ ABS: 0, REL: 1 })) {
    header.constants({
      [`HRTIMER_MODE_${kind}`]: bit,
      [`HRTIMER_MODE_${kind}_PINNED`]: bit | 2,
      [`HRTIMER_MODE_${kind}_SOFT`]: bit | 4,
      [`HRTIMER_MODE_${kind}_PINNED_SOFT`]: bit | 6,
      [`HRTIMER_MODE_${kind}_HARD`]: bit | 8,
      [`HRTIMER_MODE_${kind}_PINNED_HARD`]: bit | 10,
    });
  }

  /** Makes a timer ready to be started; its function is set by hand. Any context. */
  header.plain("hrtimer_init", [hrtimer_layout, "u32", "u32"], "void", (t: number, clock: number, mode: number) =>
    hrtimers.init(t, clock, mode),
  );
  /** Starts a timer, anew if it is started already. Any context. */
  header.plain("hrtimer_start", [hrtimer_layout, "s64", "u32"], "void", (t: number, time: bigint, mode: number) =>
    hrtimers.start(t, time, mode),
  );
  /** The same, and it may be later by so many nanoseconds, which it never is. Any context. */
  header.plain(
    "hrtimer_start_range_ns",
    [hrtimer_layout, "s64", "u64", "u32"],
    "void",
    (t: number, time: bigint, _delta: bigint, mode: number) => hrtimers.start(t, time, mode),
  );
  for (const name of ["hrtimer_restart", "hrtimer_start_expires"]) {
    /** Starts a timer for the time that it has. Any context. */
    header.plain(name, name.endsWith("s") ? [hrtimer_layout, "u32"] : [hrtimer_layout], "void", (t: number) =>
      hrtimers.restart(t),
    );
  }
  /** Takes a timer back and waits until its function does not run. Not from its function. 1 when it was active, else 0. */
  header.steps("hrtimer_cancel", [hrtimer_layout], "int", (t: number): Steps<number> => hrtimers.cancel(t));
  /** Takes a timer back without waiting. Any context. 1 when it was active, 0 when not, -1 while its function runs. */
  header.plain("hrtimer_try_to_cancel", [hrtimer_layout], "int", (t: number) => hrtimers.tryToCancel(t));
  /** Whether a timer is started or its function runs. Any context. */
  header.plain(
    "hrtimer_active",
    [hrtimer_layout],
    "bool",
    (t: number) => hrtimers.isQueued(t) || hrtimers.isRunning(t),
  );
  /** Whether a timer is started. Any context. */
  header.plain("hrtimer_is_queued", [hrtimer_layout], "bool", (t: number) => hrtimers.isQueued(t));
  /** Whether its function runs. Any context. */
  header.plain("hrtimer_callback_running", [hrtimer_layout], "int", (t: number) => hrtimers.isRunning(t));
  /** Moves its time on by whole intervals until it is after `now`. In its function. How many. */
  header.plain("hrtimer_forward", [hrtimer_layout, "s64", "s64"], "u64", (t: number, now: bigint, interval: bigint) =>
    hrtimers.forward(t, now, interval),
  );
  /** The same with the time of its clock. In its function. How many. */
  header.plain("hrtimer_forward_now", [hrtimer_layout, "s64"], "u64", (t: number, interval: bigint) =>
    hrtimers.forward(t, hrtimers.now(t), interval),
  );
  /** The time for which it is. Any context. */
  header.plain("hrtimer_get_expires", [hrtimer_layout], "s64", (t: number) => hrtimers.expires(t));
  /** Gives it another time; it must not be started. Any context. */
  header.plain("hrtimer_set_expires", [hrtimer_layout, "s64"], "void", (t: number, time: bigint) =>
    hrtimers.setExpires(t, time),
  );
  /** The time that is left. Any context. */
  header.plain("hrtimer_get_remaining", [hrtimer_layout], "s64", (t: number) => hrtimers.expires(t) - hrtimers.now(t));
  return header;
}
