// The world outside as both halves see it: reading, listing and caching, injected by main, cli and the tests.

/** What the language server may ask of the machine it runs on. Paths are absolute, with forward slashes. */
export interface Host {
  /** The text of a file, or undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** The names in a folder, sorted, or an empty list when it cannot be listed. */
  list(folder: string): readonly string[];
  /** A short text that changes with a file or folder, told without reading it; undefined for a link to another. */
  stamp?(path: string): string | undefined;
  /** What outlives the program; absent where nothing may be kept. */
  readonly cache?: Cache;
}

/** Texts kept by name. An entry may vanish at any time; all of them do when the program itself changes. */
export interface Cache {
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}
