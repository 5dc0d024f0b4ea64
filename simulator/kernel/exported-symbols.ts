// Functions of modules by their names, as EXPORT_SYMBOL() offers them.
// Source: include/linux/export.h, kernel/kallsyms.c

export class ExportedSymbols {
  private readonly byName = new Map<string, number>();

  add(name: string, address: number): void {
    this.byName.set(name, address);
  }

  /** 0 when nobody exports it. */
  find(name: string): number {
    return this.byName.get(name) ?? 0;
  }
}
