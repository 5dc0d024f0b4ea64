// What modules obtained from the kernel and have to give back: handlers, regions, mappings, device numbers.
import type { Core } from "./core.ts";
import type { StackEntry } from "./events.ts";

export interface Resource {
  /** As a report names it: `irq 11`. */
  readonly what: string;
  readonly bytes: number;
  readonly module: string | undefined;
  readonly stack: readonly StackEntry[];
}

export class Resources {
  private readonly core: Core;
  /** Source file → module. */
  private readonly modules = new Map<string, string>();
  private readonly held = new Map<string, Resource>();

  constructor(core: Core) {
    this.core = core;
  }

  /** The statements of these files are a module's. */
  own(files: Iterable<string>, module: string): void {
    for (const file of files) this.modules.set(file, module);
  }

  /** The module whose code stands innermost on a stack. */
  moduleOf(stack: readonly StackEntry[]): string | undefined {
    const entry = stack.find(({ site }) => site !== undefined && this.modules.has(site.file));
    return entry === undefined ? undefined : this.modules.get(entry.site!.file);
  }

  /** Notes something obtained; `key` finds it again. */
  obtain(key: string, what: string, bytes = 0): void {
    const stack = this.core.stack();
    this.held.set(key, { what, bytes, module: this.moduleOf(stack), stack });
  }

  giveBack(key: string): void {
    this.held.delete(key);
  }

  /** Who obtained what is found by a key. */
  moduleThatHas(key: string): string | undefined {
    return this.held.get(key)?.module;
  }

  /** Where it was obtained. */
  stackOf(key: string): readonly StackEntry[] {
    return this.held.get(key)?.stack ?? [];
  }

  /** What a module still has, in the order in which it obtained it. */
  heldBy(module: string): readonly Resource[] {
    return [...this.held.values()].filter((resource) => resource.module === module);
  }

  /** Forgets what a module leaked, once that is reported. */
  forget(module: string): void {
    for (const [key, resource] of this.held) if (resource.module === module) this.held.delete(key);
  }
}
