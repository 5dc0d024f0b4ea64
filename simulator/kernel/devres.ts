// Managed device resources: what goes with a driver when it leaves its device, the last first.
// Source: drivers/base/devres.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";

export type Managed =
  | "memory"
  | "dma"
  | "action"
  | "irq"
  | "iomap"
  | "region"
  | "device"
  | "regions"
  | "gpio"
  | "input"
  | "i2c"
  | "clk";

interface Entry {
  readonly kind: Managed;
  /** What it is found by: an address, or an action with its argument. */
  readonly key: string;
  /** Undoes it. */
  readonly release: () => Steps<unknown>;
}

export class Devres {
  private readonly core: Core;
  private readonly entries = new Map<number, Entry[]>();

  constructor(core: Core) {
    this.core = core;
  }

  /** What a device has, in the order in which it got it, for the views. */
  of(device: number): readonly string[] {
    return (this.entries.get(device) ?? []).map(({ kind, key }) => `${kind} ${key}`);
  }

  add(device: number, kind: Managed, key: string, release: () => Steps<unknown>): void {
    const entries = this.entries.get(device) ?? [];
    entries.push({ kind, key, release });
    this.entries.set(device, entries);
  }

  has(device: number, kind: Managed, key?: string): boolean {
    return (this.entries.get(device) ?? []).some((entry) => entry.kind === kind && (key ?? entry.key) === entry.key);
  }

  /** devres_remove(): it stays, but no longer goes with the driver. The last that was added; undefined: none. */
  take(device: number, kind: Managed, key: string): (() => Steps<unknown>) | undefined {
    const entries = this.entries.get(device) ?? [];
    const index = entries.findLastIndex((entry) => entry.kind === kind && entry.key === key);
    return index < 0 ? undefined : entries.splice(index, 1)[0]!.release;
  }

  /** devres_release(): undoes one now; a device that does not have it is warned of, at a line of drivers/base/devres.c. */
  *release(device: number, kind: Managed, key: string, line: number): Steps<void> {
    const release = this.take(device, kind, key);
    if (release === undefined) this.warn(`drivers/base/devres.c:${line}`);
    else yield* release();
  }

  /** WARN_ON() of the function that runs, at `file:line` of Linux 6.12. */
  warn(where: string): void {
    this.core.emit({ kind: "warn", text: "", where, stack: this.core.stack() });
  }

  /** devres_release_all(): the driver leaves, or its probe failed. */
  *releaseAll(device: number): Steps<void> {
    const entries = this.entries.get(device);
    if (entries === undefined) return;
    this.entries.delete(device);
    for (const { release } of entries.reverse()) yield* release();
  }
}
