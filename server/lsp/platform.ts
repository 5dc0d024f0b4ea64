// What the language server needs of the machine it runs on, so that it can run under Node and in a browser's worker.
import type { Checker } from "../features/check.ts";
import type { Host } from "../text/host.ts";

export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Runs later; calling what it returns calls that off. */
  after(milliseconds: number, run: () => void): () => void;
}

export interface Platform {
  readonly host: Host;
  readonly clock: Clock;
  readonly version: string;
  /** URI of a rule's page, with `{id}` in place of the rule's id. */
  readonly rulePage: string;
  /** Called once, while the client is still being answered. */
  readonly load: () => Promise<Omit<Checker, "host">>;
}
