// Notices that a debug adapter has been asked and does not answer.

/** What may take its time: a driver and all that it includes is read and compiled. */
const slow: ReadonlySet<string> = new Set(["launch", "restart"]);

/** A message of the debug adapter protocol, as far as it matters here. */
export interface Message {
  readonly type?: string;
  readonly seq?: number;
  readonly command?: string;
  readonly request_seq?: number;
}

export class Unanswered {
  private readonly millis: number;
  private readonly onSilence: () => void;
  private readonly waiting = new Map<number, ReturnType<typeof setTimeout>>();
  private isTold = false;

  /** `onSilence` is told once when a request has waited for so long, and again only after the adapter has answered. */
  constructor(millis: number, onSilence: () => void) {
    this.millis = millis;
    this.onSilence = onSilence;
  }

  /** The adapter has not answered, and that has been told. */
  get isSilent(): boolean {
    return this.isTold && this.waiting.size > 0;
  }

  asked({ type, seq, command }: Message): void {
    if (type !== "request" || seq === undefined || command === undefined || slow.has(command)) return;
    this.waiting.set(
      seq,
      setTimeout(() => this.tell(), this.millis),
    );
  }

  answered({ type, request_seq: seq }: Message): void {
    if (type !== "response" || seq === undefined) return;
    clearTimeout(this.waiting.get(seq));
    this.waiting.delete(seq);
    this.isTold = false;
  }

  /** Nobody waits any more. */
  forget(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private tell(): void {
    if (this.isTold) return;
    this.isTold = true;
    this.onSilence();
  }
}
