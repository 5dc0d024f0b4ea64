// linux/wait_bit: sleeping until a bit is clear, or until a variable has another value.
import type { Steps } from "../engine/interfaces.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { wait_queue_head_t } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

/** Queues that all words share, `bit_wait_table`; who is woken for another's sake sleeps again. */
const QUEUES = 16;
const BITS_PER_LONG = 32;

export function waitBit(kernel: Kernel): Header {
  const { core, waits, statics } = kernel;
  const { memory } = core;
  const header = new Header(core);
  const queues: number[] = [];
  const queueOf = (word: number, bit: number): number => {
    const index = ((word >>> 2) + bit) % QUEUES;
    queues[index] ??= statics.global(wait_queue_head_t.size, wait_queue_head_t.align, `bit_wait_table[${index}]`);
    return queues[index];
  };
  const place = (bit: number, word: number): number => word + 4 * Math.floor(bit / BITS_PER_LONG);
  const isSet = (bit: number, word: number): boolean =>
    ((memory.load(place(bit, word), 4, false) >>> (bit % BITS_PER_LONG)) & 1) === 1;
  const change = (bit: number, word: number, isOn: boolean): void => {
    const [at, mask] = [place(bit, word), 1 << (bit % BITS_PER_LONG)];
    const old = memory.load(at, 4, false);
    memory.store(at, 4, isOn ? old | mask : old & ~mask);
  };
  const wait = function* (
    callee: string,
    where: string,
    word: number,
    bit: number,
    state: number,
    timeout?: number,
  ): Steps<number> {
    const options = { callee, where, state, ...(timeout === undefined ? {} : { timeout }) };
    const left = yield* waits.waitEvent(queueOf(word, bit), () => !isSet(bit, word), options);
    if (left < 0) return -errno.EINTR;
    return timeout !== undefined && left === 0 ? -errno.EAGAIN : 0;
  };

  /** Waits until a bit is clear, as what `mode` says. Task context, may sleep. 0, or -EINTR after a signal. */
  header.steps("wait_on_bit", ["ptr", "int", "u32"], "int", (word: number, bit: number, mode: number) =>
    wait("wait_on_bit", "include/linux/wait_bit.h:73", word, bit, mode),
  );
  /** The same for at most so many jiffies. Task context, may sleep. 0, -EINTR, or -EAGAIN: time is up. */
  header.steps(
    "wait_on_bit_timeout",
    ["ptr", "int", "u32", "u32"],
    "int",
    (word: number, bit: number, mode: number, timeout: number) =>
      wait("wait_on_bit_timeout", "include/linux/wait_bit.h:125", word, bit, mode, timeout),
  );
  /** Waits until a bit is clear, and sets it. Task context, may sleep. 0, or -EINTR after a signal. */
  header.steps(
    "wait_on_bit_lock",
    ["ptr", "int", "u32"],
    "int",
    function* (word: number, bit: number, mode: number): Steps<number> {
      const result = yield* wait("wait_on_bit_lock", "include/linux/wait_bit.h:181", word, bit, mode);
      if (result === 0) change(bit, word, true);
      return result;
    },
  );
  /** Wakes who waits for a bit, once it is clear. Any context. */
  header.plain("wake_up_bit", ["ptr", "int"], "void", (word: number, bit: number) => waits.wakeUp(queueOf(word, bit)));
  /** Clears a bit, with all that was done before, and wakes who waits for it. Any context. */
  header.plain("clear_and_wake_up_bit", ["int", "ptr"], "void", (bit: number, word: number) => {
    change(bit, word, false);
    waits.wakeUp(queueOf(word, bit));
  });
  /** Sleeps until a condition holds, which is asked again at each wake_up_var of the address. Task context, may sleep. */
  header.steps("wait_var_event", ["ptr", "callback"], "void", (variable: number, condition: number) =>
    waits.waitEvent(
      queueOf(variable, 0),
      function* () {
        return (yield* core.callDriver(condition, [])) !== 0;
      },
      { callee: "wait_var_event" },
    ),
  );
  /** Lets all who wait for a variable ask their condition again. Any context. */
  header.plain("wake_up_var", ["ptr"], "void", (variable: number) => waits.wakeUp(queueOf(variable, 0)));
  return header;
}
