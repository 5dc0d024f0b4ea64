// How often a driver's source tests the pointer that a function gives it, before it follows it or instead.

export interface TestCount {
  /** Stores of a result after which the function tests the pointer or follows it. */
  kept: number;
  /** Those after which it tests it. */
  tested: number;
}

/** `p = name(…)` for each of the names wanted; what is neither tested nor followed is handed on, and does not count. */
export function testsIn(text: string, wanted: { has(name: string): boolean }): Map<string, TestCount> {
  const counts = new Map<string, TestCount>();
  for (const match of text.matchAll(/([A-Za-z_](?:\w|->|\.)*) = ([A-Za-z_]\w*)\(/g)) {
    const [whole, place = "", name = ""] = match;
    if (!wanted.has(name)) continue;
    const stored = text.indexOf(";", match.index + whole.length);
    const end = stored < 0 ? -1 : text.indexOf("\n}\n", stored);
    if (end < 0) continue;
    const after = text.slice(stored + 1, end);
    const pointer = place.replaceAll(".", "\\.");
    const tested = new RegExp(tests(pointer)).test(after);
    if (!tested && !new RegExp(`(?<![\\w>.])${pointer}(?:->|\\[)|\\*${pointer}\\b`).test(after)) continue;
    const count = counts.get(name) ?? { kept: 0, tested: 0 };
    count.kept += 1;
    if (tested) count.tested += 1;
    counts.set(name, count);
  }
  return counts;
}

/** `IS_ERR(p)`, `!p`, `p == NULL`, and p alone as a condition or a half of one. */
function tests(pointer: string): string {
  const itself = `(?<![\\w>.])${pointer}(?![\\w.([]|->)`;
  return [
    `(?:IS_ERR|PTR_ERR)\\w*\\(\\s*${itself}`,
    `!\\s*${itself}`,
    `${itself}\\s*[!=]=\\s*NULL`,
    `(?:if|while|likely) \\(${itself}\\)`,
    `(?:&&|\\|\\|)\\s*${itself}\\s*(?:\\)|&&|\\|\\|)`,
    `\\(${itself}\\s*(?:&&|\\|\\|)`,
    `${itself}\\s*\\?`,
  ].join("|");
}
