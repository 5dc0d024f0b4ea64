// linux/poll: what a driver's poll operation is made of.

import { EVENTS, poll_table } from "../kernel/file-events.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { file, wait_queue_head_t } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

export function poll({ core, events }: Kernel): Header {
  const header = new Header(core);
  header.layout("poll_table", poll_table);
  header.constants(EVENTS);
  /** Lets the caller of poll be woken with a queue; does not wait itself. In a driver's poll. */
  header.plain("poll_wait", [file, wait_queue_head_t, poll_table], "void", (_: number, queue: number, table: number) =>
    events.pollWait(queue, table),
  );
  /** Whether the caller of poll will not wait. In a driver's poll. */
  header.plain("poll_does_not_wait", [poll_table], "bool", (table: number) => events.doesNotWait(table));
  /** The events that the caller of poll asks for. In a driver's poll. */
  header.plain("poll_requested_events", [poll_table], "u32", (table: number) => events.requested(table));
  return header;
}
