// What a client wants of every session, breakpoints above all: it is said again after a restart, under the same numbers.
import type { DebugProtocol } from "@vscode/debugprotocol";

/** The answer to a request that sets breakpoints. */
export interface Answer {
  readonly breakpoints?: readonly DebugProtocol.Breakpoint[];
}

interface Wish {
  /** Numbers of the breakpoints that came of it, as the client knows them. */
  readonly ids: readonly number[];
  readonly repeat: () => Answer | undefined;
}

export class Wishes {
  private readonly wishes = new Map<string, Wish>();
  private readonly clientIds = new Map<number, number>();
  private isRepeating = false;

  /** Notes what is wanted, in the place of what was wanted before by the same name; `set` are the breakpoints of it. */
  note(name: string, set: readonly { readonly id: number }[], repeat: () => Answer | undefined): void {
    const ids = set.map(({ id }) => id);
    const before = this.isRepeating ? this.wishes.get(name)?.ids : undefined;
    for (const [index, id] of ids.entries()) if (before?.[index] !== undefined) this.clientIds.set(id, before[index]);
    this.wishes.set(name, { ids: before ?? ids, repeat });
  }

  /**
   * Says everything again to another session, or one thing; gives what became of the breakpoints, whose statements may be
   * others.
   */
  repeat(name?: string): readonly DebugProtocol.Breakpoint[] {
    const wishes = [...this.wishes].filter(([key]) => name === undefined || key === name);
    this.isRepeating = true;
    try {
      return wishes.flatMap(([, { repeat }]) => repeat()?.breakpoints ?? []);
    } finally {
      this.isRepeating = false;
    }
  }

  has(name: string): boolean {
    return this.wishes.has(name);
  }

  /** The number under which the client knows a breakpoint. */
  idForClient(id: number): number {
    return this.clientIds.get(id) ?? id;
  }
}
