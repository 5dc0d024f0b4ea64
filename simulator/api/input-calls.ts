// driverlab/scenario: what processes do with event nodes.
import type { Steps } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { errno } from "../kernel/errno.ts";
import { INPUT_CODES } from "../kernel/input-codes.ts";
import { input_event } from "../kernel/input-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Header } from "./header.ts";

const MOST = 64;
/** Prefixes of the names of codes, by the type of their events. */
const PREFIXES: Readonly<Record<number, readonly string[]>> = {
  0: ["SYN_"],
  1: ["KEY_", "BTN_"],
  2: ["REL_"],
  3: ["ABS_"],
  4: ["MSC_"],
  5: ["SW_"],
  17: ["LED_"],
  18: ["SND_"],
  20: ["REP_"],
};

export function inputCalls(header: Header, kernel: Kernel): void {
  const { core, files, processes, statics, user } = kernel;
  const buffers = new Map<Task, number>();
  const bufferOf = (task: Task): number => {
    let buffer = buffers.get(task);
    if (buffer === undefined) {
      buffer = user.allocate(MOST * input_event.size);
      buffers.set(task, buffer);
    }
    return buffer;
  };
  const decode = (at: number): string => {
    const [type, code, value] = [
      core.memory.peek(at + 8, 2),
      core.memory.peek(at + 10, 2),
      core.memory.peek(at + 12, 4) | 0,
    ];
    return `${nameOf(type, code)} ${value}`;
  };
  const read = function* (fd: number): Steps<number> {
    const buffer = bufferOf(core.task);
    const bytes = yield* processes.syscall("read", files.read(fd, buffer, MOST * input_event.size));
    if (bytes < 0) return statics.literal(errorName(bytes));
    const events: string[] = [];
    for (let at = 0; at < bytes; at += input_event.size) events.push(decode(buffer + at));
    return statics.literal(events.join(", "));
  };
  /** Reads events and names them: `KEY_ENTER 1, SYN_REPORT 0`; `-EAGAIN` and its kin for an error. User space. */
  header.steps("read_events", ["int"], "string", read);
}

function nameOf(type: number, code: number): string {
  const prefixes = PREFIXES[type] ?? [];
  const found = Object.entries(INPUT_CODES).find(
    ([name, value]) =>
      value === code && prefixes.some((prefix) => name.startsWith(prefix)) && !/_(MAX|CNT)$/.test(name),
  );
  return found?.[0] ?? `event ${type} ${code}`;
}

function errorName(error: number): string {
  return `-${Object.entries(errno).find(([, value]) => value === -error)?.[0] ?? -error}`;
}
