// Lock guards, classes and cleanup functions that a file defines with the macros of linux/cleanup.h.
import type { ExtractedScope } from "../extracted.ts";
import { squeeze } from "./declarations.ts";
import { closing, splitAtCommas } from "./source.ts";

const statement = /^[ \t]*(DEFINE_(?:LOCK_)?GUARD(?:_[01])?(?:_COND)?|DEFINE_FREE|DEFINE_CLASS|EXTEND_CLASS)[ \t]*\(/gm;

/**
 * Of a conditional guard, `enters` is what it tries; its type and its `leaves` are those of the guard that it extends,
 * where that stands in the same file. `clean` is the text without comments and preprocessor lines.
 */
export function scopesOf(path: string, clean: string, line: (offset: number) => number): ExtractedScope[] {
  if (!/DEFINE_(?:LOCK_)?GUARD|DEFINE_FREE|_CLASS\b/.test(clean)) return [];
  const found = new Map<string, ExtractedScope>();
  for (const match of clean.matchAll(statement)) {
    const open = match.index + match[0].length - 1;
    const close = closing(clean, open);
    if (close < 0) continue;
    const args = splitAtCommas(clean, open + 1, close).map(({ start, end }) => squeeze(clean.slice(start, end)));
    const place = { path, line: line(match.index + match[0].search(/\S/)) };
    const scope = scopeOf(match[1]!, args, (kind, name) => found.get(`${kind} ${name}`));
    if (scope !== undefined) found.set(`${scope.kind} ${scope.name}`, { ...scope, ...place });
  }
  return [...found.values()];
}

type Made = Omit<ExtractedScope, "path" | "line">;

function scopeOf(
  macro: string,
  args: readonly string[],
  extended: (kind: string, name: string) => ExtractedScope | undefined,
): Made | undefined {
  const [name = "", second = "", third = "", fourth = ""] = args;
  if (!/^\w+$/.test(name)) return undefined;
  switch (macro) {
    case "DEFINE_GUARD":
      return { name, kind: "guard", type: typeText(second), enters: callsIn(third), leaves: callsIn(fourth) };
    case "DEFINE_LOCK_GUARD_1":
      return { name, kind: "guard", type: pointerTo(second), enters: callsIn(third), leaves: callsIn(fourth) };
    case "DEFINE_LOCK_GUARD_0":
      return { name, kind: "guard", type: "", enters: callsIn(second), leaves: callsIn(third) };
    case "DEFINE_GUARD_COND":
    case "DEFINE_LOCK_GUARD_1_COND": {
      const base = extended("guard", name);
      const { type = "", leaves = [] } = base ?? {};
      return { name: `${name}${second}`, kind: "guard", type, enters: callsIn(third), leaves, conditional: true };
    }
    case "DEFINE_FREE":
      return { name, kind: "free", type: typeText(second), enters: [], leaves: callsIn(third) };
    case "DEFINE_CLASS":
      return { name, kind: "class", type: typeText(second), enters: callsIn(fourth), leaves: callsIn(third) };
    case "EXTEND_CLASS": {
      const base = extended("class", name);
      const { type = "", leaves = [] } = base ?? {};
      return { name: `${name}${second}`, kind: "class", type, enters: callsIn(third), leaves };
    }
    default:
      return undefined;
  }
}

function typeText(text: string): string {
  return text.replace(/\s*\*/g, " *").replace(/\* \*/g, "**");
}

function pointerTo(type: string): string {
  return type.endsWith("*") ? `${typeText(type)}*` : `${type} *`;
}

const noCalls = new Set(["if", "while", "for", "do", "switch", "return", "sizeof", "likely", "unlikely", "typeof"]);
/** Conditions of a cleanup, not what it does: `if (!IS_ERR_OR_NULL(_T)) kfree(_T)`. */
const tests = /^(?:IS_ERR|IS_ERR_OR_NULL|PTR_ERR|WARN_ON|WARN_ON_ONCE)$/;

function callsIn(text: string): string[] {
  const names = [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map((found) => found[1]!);
  return [...new Set(names.filter((name) => !noCalls.has(name) && !tests.test(name)))];
}
