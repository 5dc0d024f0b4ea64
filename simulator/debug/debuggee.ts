// What is debugged: the one run of a driver that an adapter has, and what its client is told of it.
import type { DebugProtocol } from "@vscode/debugprotocol";

/** What the adapter is given of the machine it runs on. */
export interface Surroundings {
  readText(path: string): string;
  exists(path: string): boolean;
  /** Runs something after whatever has arrived by then has been looked at. */
  soon(run: () => void): void;
  /** A line for who looks for a mistake of ours. */
  log(text: string): void;
  /** Ends the process. */
  end(): void;
}

export type Send = (event: DebugProtocol.Event) => void;

export class Debuggee {
  readonly surroundings: Surroundings;
  readonly send: Send;
  private readonly queue: (() => void)[] = [];

  constructor(surroundings: Surroundings, send: Send) {
    this.surroundings = surroundings;
    this.send = send;
  }

  /** Does something after the request at hand has been answered. */
  afterwards(run: () => void): void {
    this.queue.push(run);
  }

  answered(): void {
    for (const run of this.queue.splice(0)) run();
  }
}
