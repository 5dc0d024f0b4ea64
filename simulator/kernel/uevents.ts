// What user space is told of devices that come, go and change, and programs that listen as udev does.
// Source: lib/kobject_uevent.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { Inbox } from "./inbox.ts";

/** A message, as `udevadm monitor` shows it. */
export interface Uevent {
  readonly action: string;
  /** Within /sys. */
  readonly path: string;
  /** The class or bus; empty: none. */
  readonly subsystem: string;
  /** `NAME=value`, in their order. */
  readonly environment: readonly string[];
  readonly nanos: number;
}

interface Monitor {
  readonly inbox: Inbox<Uevent>;
  current: Uevent | undefined;
}

export class Uevents {
  private readonly core: Core;
  private readonly told: Uevent[] = [];
  private readonly monitors: Monitor[] = [];

  constructor(core: Core) {
    this.core = core;
  }

  /** All that was told, in that order. */
  get all(): readonly Uevent[] {
    return this.told;
  }

  /** kobject_uevent_env(): `variables` are the device's own. */
  tell(action: string, path: string, subsystem: string, variables: readonly string[]): void {
    const first = [`ACTION=${action}`, `DEVPATH=${path}`, ...(subsystem === "" ? [] : [`SUBSYSTEM=${subsystem}`])];
    const environment = [...first, ...variables, `SEQNUM=${this.told.length + 1}`];
    const message = { action, path, subsystem, environment, nanos: this.core.engine.clock.nanos };
    this.told.push(message);
    this.core.emit({ kind: "uevent", action, path, environment });
    for (const { inbox } of this.monitors) inbox.push(message);
  }

  /** A program listens from now on: its number. */
  listen(): number {
    this.monitors.push({ inbox: new Inbox(this.core), current: undefined });
    return this.monitors.length;
  }

  /** Takes the next message, at most so long: undefined when there is none. */
  *receive(monitor: number, millis: number): Steps<Uevent | undefined> {
    const listener = this.monitors[monitor - 1];
    if (listener === undefined) return undefined;
    listener.current = yield* listener.inbox.take(millis, "a uevent");
    return listener.current;
  }

  /** A variable of the message that was taken last; empty: it has none of this name. */
  variable(monitor: number, name: string): string {
    const line = this.monitors[monitor - 1]?.current?.environment.find((one) => one.startsWith(`${name}=`));
    return line?.slice(name.length + 1) ?? "";
  }
}
