// Lines and columns of a text: offsets are UTF-16 code units, lines and columns count from 0.

/** A half-open range of offsets in one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A position counted from 0, as the language server protocol has it. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class Lines {
  private readonly text: string;
  private found: number[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Found when someone asks: many texts are read of which no line is. */
  private get starts(): readonly number[] {
    if (this.found !== undefined) return this.found;
    const starts = [0];
    for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.found = starts;
    return starts;
  }

  get count(): number {
    return this.starts.length;
  }

  /** The offset at which a line begins; past the last line, the end of the text. */
  start(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - this.starts[low]! };
  }

  offset(position: Position): number {
    return Math.min(this.start(position.line) + position.column, this.start(position.line + 1));
  }
}
