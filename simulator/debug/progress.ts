// What is told of a long journey through the run, and how it is given up.
import { ProgressEndEvent, ProgressStartEvent, ProgressUpdateEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Send } from "./surroundings.ts";

/** Portions after which a journey is long: less is over before anybody has read of it. */
const LONG = 5;

let last = 0;

export class Progress {
  readonly id = `driverlab-${++last}`;
  private readonly send: Send;
  private readonly isWanted: boolean;
  private readonly title: string;
  private portions = 0;

  constructor(send: Send, client: DebugProtocol.InitializeRequestArguments, title: string) {
    this.send = send;
    this.title = title;
    this.isWanted = client.supportsProgressReporting === true;
  }

  /** Another portion is done; `part`: how much of the whole, from 0 to 1, where that is known. */
  went(part: number | undefined): void {
    this.portions++;
    if (!this.isWanted || this.portions < LONG) return;
    const percentage = part === undefined ? undefined : Math.floor(100 * part);
    if (this.portions > LONG)
      this.send(new ProgressUpdateEvent(this.id, percentage === undefined ? "" : `${percentage} %`));
    else {
      const event: DebugProtocol.ProgressStartEvent = new ProgressStartEvent(this.id, this.title);
      event.body.cancellable = true;
      if (percentage !== undefined) event.body.percentage = percentage;
      this.send(event);
    }
  }

  end(): void {
    if (this.isWanted && this.portions >= LONG) this.send(new ProgressEndEvent(this.id));
  }
}
