// How a listener to the trace says which events it waits for.
import type { Moment } from "../engine/trace.ts";
import type { KernelEvent } from "../kernel/events.ts";

/** What to do at an event, by its kind: of others nobody is told, so that they cost nothing. */
export type Handlers = {
  readonly [Kind in KernelEvent["kind"]]?: (event: Extract<KernelEvent, { kind: Kind }>, moment: Moment) => void;
};
