// Answers for which the run is gone through once more: made in portions, between which other requests are answered.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Portions } from "../control/run.ts";
import type { Session } from "../control/session.ts";
import { cancelled } from "./errors.ts";
import { Progress } from "./progress.ts";
import type { Send, Surroundings } from "./surroundings.ts";

/** What a request gives whose answer is to come. */
export class Later {
  /** What people are told when it takes long. */
  readonly title: string;
  readonly portions: Portions<unknown>;

  constructor(title: string, portions: Portions<unknown>) {
    this.title = title;
    this.portions = portions;
  }
}

interface Look {
  readonly portions: Portions<unknown>;
  readonly progress: Progress;
  answer(body: unknown): void;
  refuse(error: unknown): void;
}

/** Whose run is looked at. */
interface Looked {
  readonly session: Session;
  readonly surroundings: Surroundings;
  readonly send: Send;
  readonly client: DebugProtocol.InitializeRequestArguments;
}

export class Looks {
  private readonly of: Looked;
  /** One after the other, as each has the run for itself. */
  private waiting: Look[] = [];

  constructor(of: Looked) {
    this.of = of;
  }

  /** What is over soon is answered at once. */
  begin({ title, portions }: Later, answer: (body: unknown) => void, refuse: (error: unknown) => void): void {
    const { session, send, client } = this.of;
    const progress = new Progress(send, client, title);
    this.waiting.push({ portions: session.aside(portions), progress, answer, refuse });
    if (this.waiting.length === 1) this.portion();
  }

  /** The run moves or becomes another one: nothing more is found out of what it was. */
  abandon(isMeant: (id: string) => boolean = () => true): void {
    const all = this.waiting;
    this.waiting = all.filter(({ progress }) => !isMeant(progress.id));
    for (const { progress, refuse } of all) {
      if (!isMeant(progress.id)) continue;
      progress.end();
      refuse(cancelled());
    }
    if (this.waiting.length > 0 && this.waiting[0] !== all[0]) this.soon();
  }

  private soon(): void {
    const [look] = this.waiting;
    this.of.surroundings.soon(() => {
      if (look === this.waiting[0]) this.portion();
    });
  }

  private portion(): void {
    const [look] = this.waiting;
    if (look === undefined) return;
    const { surroundings, session } = this.of;
    const began = surroundings.now();
    try {
      const { done, value } = look.portions.next();
      session.took(surroundings.now() - began);
      if (done === true) this.end(() => look.answer(value));
      else look.progress.went(session.progress);
    } catch (error) {
      this.end(() => look.refuse(error));
    }
    if (this.waiting.length > 0) this.soon();
  }

  private end(tell: () => void): void {
    this.waiting.shift()?.progress.end();
    tell();
  }
}
