// linux/delay: waiting for time to pass.
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

/** What one CPU waits for at a time while others may run. */
const LONG_NANOS = 1e7;

export function delay({ core }: Kernel): Header {
  const header = new Header(core);
  /** Spins for nanoseconds. Any context. */
  header.steps("ndelay", ["u32"], "void", (nanos: number) => spin(core, nanos));
  /** Spins for microseconds. Any context. */
  header.steps("udelay", ["u32"], "void", (micros: number) => spin(core, micros * 1e3));
  /** Spins for milliseconds. Any context. */
  header.steps("mdelay", ["u32"], "void", (millis: number) => spin(core, millis * 1e6));
  /** Sleeps for milliseconds. Task context, may sleep. */
  header.steps("msleep", ["u32"], "void", (millis: number) => core.sleep(millis * 1e6, "msleep"));
  /** Sleeps for milliseconds or until a signal comes. Task context, may sleep. Milliseconds left. */
  header.steps("msleep_interruptible", ["u32"], "u32", (millis: number) => sleep(core, millis));
  /** Sleeps between so many microseconds: for the fewest. Task context, may sleep. */
  header.steps("usleep_range", ["u32", "u32"], "void", (min: number) => core.sleep(min * 1e3, "usleep_range"));
  /** Sleeps for seconds. Task context, may sleep. */
  header.steps("ssleep", ["u32"], "void", (seconds: number) => core.sleep(seconds * 1e9, "ssleep"));
  /** Waits for microseconds, spinning up to 10 of them. Task context, may sleep. */
  header.steps("fsleep", ["u32"], "void", (micros: number) =>
    micros <= 10 ? spin(core, micros * 1e3) : core.sleep(micros * 1e3, "fsleep"),
  );
  return header;
}

/** Interrupts that fall due meanwhile come before the next statement; other CPUs have their share of a long wait. */
function* spin(core: Core, nanos: number): Steps<void> {
  let left = nanos;
  for (; left > LONG_NANOS; left -= LONG_NANOS) {
    core.engine.delay(LONG_NANOS);
    yield { kind: "yield" };
  }
  core.engine.delay(left);
  yield* core.letIn();
}

function* sleep(core: Core, millis: number): Steps<number> {
  const until = core.engine.clock.nanos + millis * 1e6;
  const early = yield* core.sleep(millis * 1e6, "msleep_interruptible", true);
  return early ? Math.ceil((until - core.engine.clock.nanos) / 1e6) : 0;
}
