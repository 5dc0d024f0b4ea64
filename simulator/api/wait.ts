// linux/wait and linux/completion: sleeping until something has happened.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { completion as completion_layout, wait_queue_head_t } from "../kernel/layouts.ts";
import { Header } from "./header.ts";
import { lockName } from "./lock-name.ts";

export function wait(kernel: Kernel): Header {
  const { core, waits, statics } = kernel;
  const header = new Header(core);
  header.layout("wait_queue_head_t", wait_queue_head_t);
  const asking = (condition: number) =>
    function* (): Steps<boolean> {
      return (yield* core.callDriver(condition, [])) !== 0;
    };

  /** A static wait queue of this name, ready for use. At file scope. Its address. */
  header.plain("DECLARE_WAIT_QUEUE_HEAD", ["string"], wait_queue_head_t, (name: number) => {
    const text = kernel.textAt(name);
    const address = statics.global(wait_queue_head_t.size, wait_queue_head_t.align, text);
    waits.init(address, text);
    return address;
  });
  /** Makes a wait queue ready for use, named by the expression. Any context. */
  header.plain(
    "init_waitqueue_head",
    [wait_queue_head_t],
    "void",
    (queue: number, text?: number) => waits.init(queue, lockName(kernel, queue, text)),
    { stringizes: [0] },
  );
  /** Sleeps until the condition holds. Task context, may sleep. */
  header.steps("wait_event", [wait_queue_head_t, "callback"], "void", (queue: number, condition: number) =>
    waits.waitEvent(queue, asking(condition), { callee: "wait_event" }),
  );
  /** Sleeps until the condition holds or a signal comes. Task context, may sleep. 0, or -ERESTARTSYS. */
  header.steps("wait_event_interruptible", [wait_queue_head_t, "callback"], "int", (queue: number, condition: number) =>
    waits.waitEvent(queue, asking(condition), { callee: "wait_event_interruptible", interruptible: true }),
  );
  /** Sleeps until the condition holds, at most so many jiffies. Task context, may sleep. Jiffies left, 0: time is up. */
  header.steps(
    "wait_event_timeout",
    [wait_queue_head_t, "callback", "int"],
    "int",
    (queue: number, condition: number, timeout: number) =>
      waits.waitEvent(queue, asking(condition), { callee: "wait_event_timeout", timeout }),
  );
  /** The same, ended by a signal too. Task context, may sleep. As wait_event_timeout, or -ERESTARTSYS. */
  header.steps(
    "wait_event_interruptible_timeout",
    [wait_queue_head_t, "callback", "int"],
    "int",
    (queue: number, condition: number, timeout: number) =>
      waits.waitEvent(queue, asking(condition), {
        callee: "wait_event_interruptible_timeout",
        interruptible: true,
        timeout,
      }),
  );
  /** Wakes who waits. Any context. */
  header.plain("wake_up", [wait_queue_head_t], "void", (queue: number) => waits.wakeUp(queue));
  /** Wakes everybody. Any context. */
  header.plain("wake_up_all", [wait_queue_head_t], "void", (queue: number) => waits.wakeUp(queue));
  /** Wakes who waits interruptibly. Any context. */
  header.plain("wake_up_interruptible", [wait_queue_head_t], "void", (queue: number) => waits.wakeUp(queue, true));
  /** Whether anybody waits. Any context. */
  header.plain("waitqueue_active", [wait_queue_head_t], "int", (queue: number) => waits.isActive(queue));
  return header;
}

export function completion(kernel: Kernel): Header {
  const { core, waits } = kernel;
  const header = new Header(core);
  header.layout("completion", completion_layout);

  /** Makes a completion ready for use, named by the expression. Any context. */
  header.plain(
    "init_completion",
    [completion_layout],
    "void",
    (it: number, text?: number) => waits.initCompletion(it, lockName(kernel, it, text)),
    { stringizes: [0] },
  );
  /** Makes a completion that was completed usable again. Any context. */
  header.plain("reinit_completion", [completion_layout], "void", (it: number) => core.memory.store(it, 4, 0));
  /** Lets one waiter go on, now or later. Any context. */
  header.plain("complete", [completion_layout], "void", (it: number) => waits.complete(it, false));
  /** Lets all waiters go on, now and later. Any context. */
  header.plain("complete_all", [completion_layout], "void", (it: number) => waits.complete(it, true));
  /** Whether a wait would end at once. Any context. */
  header.plain("completion_done", [completion_layout], "bool", (it: number) => core.memory.load(it, 4, false) !== 0);
  /** Sleeps until it is completed. Task context, may sleep. */
  header.steps("wait_for_completion", [completion_layout], "void", (it: number) =>
    waits.waitForCompletion(it, { callee: "wait_for_completion" }),
  );
  /** Sleeps until it is completed or a signal comes. Task context, may sleep. 0, or -ERESTARTSYS. */
  header.steps("wait_for_completion_interruptible", [completion_layout], "int", (it: number) =>
    waits.waitForCompletion(it, { callee: "wait_for_completion_interruptible", interruptible: true }),
  );
  /** Sleeps until it is completed, at most so many jiffies. Task context, may sleep. Jiffies left, 0: time is up. */
  header.steps("wait_for_completion_timeout", [completion_layout, "u32"], "u32", (it: number, timeout: number) =>
    waits.waitForCompletion(it, { callee: "wait_for_completion_timeout", timeout }),
  );
  return header;
}
