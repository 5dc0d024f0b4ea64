// Names with `*` in them.

/** Matches names as a shell would: `*` stands for any characters. */
export function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
}
