// What a command of the debug console is.
import type { Debuggee } from "../debuggee.ts";
import type { ThreadView } from "../threads.ts";

export interface Command {
  /** Its first word, or the function that it is: `lx-ps`, `$lx_current`. */
  readonly name: string;
  /** What follows: `PATH`, `[COUNT]`. */
  readonly usage: string;
  /** A sentence. */
  readonly summary: string;
  /** The text of its answer. `args` is what follows its name; `thread` whose frame is looked at. */
  run(debuggee: Debuggee, args: string, thread: ThreadView | undefined): string;
  /** What the last word of `args` may become. */
  complete?(debuggee: Debuggee, args: string): readonly string[];
}
