// A binary heap whose entries know their places, so that one in the middle is taken out as quickly as the first.

/** What lies in a heap; `place` is the heap's own. */
export interface Placed {
  place: number;
}

/** Its first entry is one that no other comes before. */
export class Heap<T extends Placed> {
  private readonly entries: T[] = [];
  private readonly isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.isBefore = isBefore;
  }

  get first(): T | undefined {
    return this.entries[0];
  }

  get size(): number {
    return this.entries.length;
  }

  /** In no order that means anything. */
  get all(): readonly T[] {
    return this.entries;
  }

  push(entry: T): void {
    entry.place = this.entries.length;
    this.entries.push(entry);
    this.rise(entry);
  }

  /** Takes out the first; undefined when there is none. */
  shift(): T | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes an entry out; one that is not in the heap is left alone. */
  remove(entry: T): void {
    const { place } = entry;
    if (this.entries[place] !== entry) return;
    const last = this.entries.pop()!;
    entry.place = -1;
    if (last === entry) return;
    this.put(last, place);
    this.rise(last);
    this.sink(last);
  }

  private rise(entry: T): void {
    while (entry.place > 0) {
      const parent = this.entries[(entry.place - 1) >> 1]!;
      if (!this.isBefore(entry, parent)) return;
      this.swap(entry, parent);
    }
  }

  private sink(entry: T): void {
    for (;;) {
      const left = this.entries[2 * entry.place + 1];
      const right = this.entries[2 * entry.place + 2];
      const child = right !== undefined && this.isBefore(right, left!) ? right : left;
      if (child === undefined || !this.isBefore(child, entry)) return;
      this.swap(entry, child);
    }
  }

  private swap(a: T, b: T): void {
    const { place } = a;
    this.put(a, b.place);
    this.put(b, place);
  }

  private put(entry: T, place: number): void {
    this.entries[place] = entry;
    entry.place = place;
  }
}
