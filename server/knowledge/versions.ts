// Kernel versions as trees name them (`6.12.117`), and the releases for which facts are said to hold (`6.12`).

/** What a tree's Makefile names: `6.12.117`. */
export type KernelVersion = string;

/** Negative when `a` is the older one. Parts that are missing count as 0: `6.12` is `6.12.0`. */
export function compareVersions(a: KernelVersion, b: KernelVersion): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `6.12` of `6.12.117`. */
export function releaseOf(version: KernelVersion): string {
  return version.split(".").slice(0, 2).join(".");
}

/** The release in what people and `uname -r` write: `6.12`, `v6.12-rc3`, `6.1.0-18-amd64`; undefined when there is none. */
export function parseRelease(text: string): string | undefined {
  const found = /^v?(\d{1,3})\.(\d{1,3})(?![\d])/.exec(text.trim());
  return found === null ? undefined : `${Number(found[1])}.${Number(found[2])}`;
}
