// linux/completion: waiting until something is done, once.
import { TASK_INTERRUPTIBLE, TASK_KILLABLE, TASK_UNINTERRUPTIBLE } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { completion as layout } from "../kernel/layouts.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

export function completion(kernel: Kernel): Header {
  const { core, waits, statics } = kernel;
  const header = new Header(core);
  header.layout("completion", layout);
  /** A static completion of this name, ready for use. At file scope. Its address. */
  header.plain("DECLARE_COMPLETION", ["string"], layout, (name: number) => {
    const address = statics.global(layout.size, layout.align, kernel.textAt(name));
    waits.initCompletion(address, kernel.textAt(name));
    return address;
  });
  /** One that is a local variable. Task context. Its address. */
  header.plain("DECLARE_COMPLETION_ONSTACK", ["string"], layout, (name: number) => {
    const address = statics.stack.push(layout.size, layout.align);
    waits.initCompletion(address, kernel.textAt(name));
    return address;
  });
  /** Makes a completion ready for use, named by the expression. Any context. */
  header.plain(
    "init_completion",
    [layout],
    "void",
    (it: number, text?: number) => waits.initCompletion(it, lockName(kernel, it, text)),
    { stringizes: [0] },
  );
  /** Makes a completion that was completed usable again. Any context. */
  header.plain("reinit_completion", [layout], "void", (it: number) => core.memory.store(it, 4, 0));
  /** Lets one waiter go on, now or later. Any context. */
  header.plain("complete", [layout], "void", (it: number) => waits.complete(it, false));
  /** Lets all waiters go on, now and later. Any context. */
  header.plain("complete_all", [layout], "void", (it: number) => waits.complete(it, true));
  /** Whether a wait would end at once. Any context. */
  header.plain("completion_done", [layout], "bool", (it: number) => core.memory.load(it, 4, false) !== 0);
  /** Takes one if a wait would end at once. Any context. */
  header.plain("try_wait_for_completion", [layout], "bool", (it: number) => waits.tryCompletion(it));
  for (const [suffix, state] of [
    ["", TASK_UNINTERRUPTIBLE],
    ["_interruptible", TASK_INTERRUPTIBLE],
    ["_killable", TASK_KILLABLE],
    ["_io", TASK_UNINTERRUPTIBLE],
  ] as const) {
    const isSignalled = state !== TASK_UNINTERRUPTIBLE;
    const callee = `wait_for_completion${suffix}`;
    /** Sleeps until it is completed, or a signal comes that such a sleep ends with. Task context, may sleep. 0, or -ERESTARTSYS. */
    header.steps(callee, [layout], isSignalled ? "int" : "void", (it: number) =>
      waits.waitForCompletion(it, { callee, state }),
    );
    const timed = `${callee}_timeout`;
    /** The same for at most so many jiffies. Task context, may sleep. Jiffies left, 0: time is up; or -ERESTARTSYS. */
    header.steps(timed, [layout, "u32"], isSignalled ? "int" : "u32", (it: number, timeout: number) =>
      waits.waitForCompletion(it, { callee: timed, state, timeout }),
    );
  }
  return header;
}
