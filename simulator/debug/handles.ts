// The numbers under which a client asks for frames and variables: they hold as long as the machine stands still.
import type { Frame, Site, Variable } from "../engine/interfaces.ts";
import { gone } from "./errors.ts";
import type { ThreadView } from "./threads.ts";

/** A frame as it was shown; the kernel's own have nothing to look into. */
export interface ShownFrame {
  readonly thread: ThreadView;
  readonly frame: Frame | undefined;
  /** Its place among the frames of its task. */
  readonly index: number;
}

/** Something that opens to variables. */
export interface Container {
  children(start?: number, count?: number): readonly Variable[];
  /** The expression that names a child, in the language of the driver. */
  path?(name: string): string;
  /** Gives what an expression names the value of another. */
  setPath?(path: string, source: string): Variable;
  /** Gives a child another value, where it has no expression: a register, a field of one. */
  set?(name: string, source: string): Variable;
}

/** Numbers are never given twice, so that one of an earlier stop is refused and not mistaken. */
export class Handles {
  private next = 1;
  private readonly frames = new Map<number, ShownFrame>();
  private readonly containers = new Map<number, Container>();
  private readonly sites = new Map<number, Site>();
  private readonly targets = new Map<number, string>();

  clear(): void {
    this.frames.clear();
    this.containers.clear();
    this.sites.clear();
    this.targets.clear();
  }

  addFrame(frame: ShownFrame): number {
    this.frames.set(this.next, frame);
    return this.next++;
  }

  addContainer(container: Container): number {
    this.containers.set(this.next, container);
    return this.next++;
  }

  /** A place in the source that something leads to. */
  addSite(site: Site): number {
    this.sites.set(this.next, site);
    return this.next++;
  }

  /** A function that a step may lead into. */
  addTarget(fn: string): number {
    this.targets.set(this.next, fn);
    return this.next++;
  }

  site(reference: unknown): Site {
    const site = this.sites.get(reference as number);
    if (site === undefined) throw gone("place");
    return site;
  }

  target(id: unknown): string {
    const target = this.targets.get(id as number);
    if (target === undefined) throw gone("function to step into");
    return target;
  }

  frame(id: unknown): ShownFrame {
    const frame = this.frames.get(id as number);
    if (frame === undefined) throw gone("frame");
    return frame;
  }

  container(reference: unknown): Container {
    const container = this.containers.get(reference as number);
    if (container === undefined) throw gone("variable");
    return container;
  }
}
