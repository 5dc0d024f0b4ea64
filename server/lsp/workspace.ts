// What the files of the workspace export to each other, looked at a few at a time while nobody waits.
import { ExportIndex, type Exports, exportsName } from "../program/exports.ts";
import type { Host } from "../text/host.ts";
import type { Clock } from "./platform.ts";

/** How long the server may be busy with it at a time, and how long others come first. */
const SLICE_MILLISECONDS = 8;
const PAUSE_MILLISECONDS = 4;

/** A workspace with more names in it than a few kernel trees have is somebody's home; nothing is said of it. */
const NAMES = 400_000;

export class Workspace implements Exports {
  private readonly host: Host;
  private readonly clock: Clock;
  private readonly folders: readonly string[];
  private readonly index: ExportIndex;
  private complete = false;

  /** `folders` are the absolute paths of those that the editor shows. */
  constructor(host: Host, clock: Clock, folders: readonly string[]) {
    this.host = host;
    this.clock = clock;
    this.folders = folders;
    this.index = new ExportIndex(folders.length === 0 ? undefined : host.cache?.read(exportsName(folders)));
  }

  /** Until all files were looked at, another one may export the same name. */
  fileOf(name: string): string | undefined {
    return this.complete ? this.index.fileOf(name) : undefined;
  }

  /** Looks at all files; `done` is called when there is something to know. */
  read(done: () => void): void {
    if (this.folders.length === 0) return;
    const waiting = [...this.folders].reverse();
    let names = 0;
    const slice = (): void => {
      const until = this.clock.now() + SLICE_MILLISECONDS;
      while (this.clock.now() < until) {
        const path = waiting.pop();
        if (path === undefined || names > NAMES) {
          if (path === undefined) this.end(done);
          return;
        }
        // What a link leads to has its own place, or is not of the workspace.
        if (this.host.stamp !== undefined && this.host.stamp(path) === undefined) continue;
        if (path.endsWith(".c")) {
          this.index.look(this.host, path);
          continue;
        }
        for (const name of this.host.list(path)) {
          names++;
          if (name.endsWith(".c") || !(name.includes(".") || name === "node_modules")) waiting.push(`${path}/${name}`);
        }
      }
      this.clock.after(PAUSE_MILLISECONDS, slice);
    };
    this.clock.after(PAUSE_MILLISECONDS, slice);
  }

  /** A file changed on the disk, came or went. */
  changed(path: string): void {
    const isInside = this.folders.some((folder) => path.startsWith(`${folder}/`));
    if (isInside && path.endsWith(".c")) this.index.look(this.host, path);
  }

  private end(done: () => void): void {
    this.complete = true;
    const kept = this.index.freeze();
    if (kept !== undefined) this.host.cache?.write(exportsName(this.folders), kept);
    if (this.index.unique().length > 0) done();
  }
}
