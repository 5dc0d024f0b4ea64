// What the adapter is given of the machine it runs on, and how it speaks to its client.
import type { DebugProtocol } from "@vscode/debugprotocol";

/** What the adapter is given of the machine it runs on. */
export interface Surroundings {
  /** The text of a file; undefined when there is none that may be read. */
  read(path: string): string | undefined;
  /** Runs something for so many milliseconds at most, and ends it then in the midst of what it does; whether it came to its end. */
  within(millis: number, run: () => void): boolean;
  /** Runs something after whatever has arrived by then has been looked at. */
  soon(run: () => void): void;
  /** A line for who looks for a mistake of ours. */
  log(text: string): void;
  /** Milliseconds since some moment. */
  now(): number;
  /** Bytes of objects that this process holds, and how many it may. */
  heap(): { readonly used: number; readonly limit: number };
  /** The number of this process, in which the driver runs. */
  readonly process: number;
  /** SHA-256 in hexadecimal digits. */
  sha256(text: string): string;
  /** Ends the process. */
  end(): void;
}

export type Send = (event: DebugProtocol.Event) => void;
