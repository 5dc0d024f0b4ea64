// Dynamic debug: which pr_debug() and dev_dbg() of a module print, as its parameter `dyndbg` says.
// Source: lib/dynamic_debug.c
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { Resources } from "./resources.ts";

/** Calls that fit are changed: `func probe +p`. */
interface Rule {
  readonly module: string;
  readonly matches: ReadonlyMap<string, string>;
  readonly operation: string;
  readonly flags: string;
}

const KEYWORDS = ["func", "file", "line", "module", "format"];

export class DynamicDebug {
  private readonly core: Core;
  private readonly resources: Resources;
  private rules: readonly Rule[] = [];

  constructor(core: Core, resources: Resources) {
    this.core = core;
    this.resources = resources;
  }

  /** ddebug_exec_queries() for one module: 0, or -EINVAL. */
  set(module: string, queries: string): number {
    for (const query of queries.split(/[;\n]/).filter((text) => text.trim() !== "")) {
      const words = query.trim().split(/\s+/);
      const [, operation, flags] = /^([-+=])([pflmst]+|_)$/.exec(words.pop()!) ?? [];
      const matches = new Map<string, string>();
      for (let at = 0; at < words.length; at += 2) matches.set(words[at]!, words[at + 1] ?? "");
      const isKnown = [...matches].every(([word, value]) => KEYWORDS.includes(word) && value !== "");
      if (operation === undefined || !isKnown) return -errno.EINVAL;
      this.rules = [...this.rules, { module, matches, operation, flags: flags!.replace("_", "") }];
    }
    return 0;
  }

  forget(module: string): void {
    this.rules = this.rules.filter((rule) => rule.module !== module);
  }

  /** What stands before a message of the statement that runs; undefined when it does not print. */
  prefix(format: string): string | undefined {
    if (this.rules.length === 0) return undefined;
    const stack = this.core.stack();
    const entry = stack.find(({ site }) => site !== undefined);
    const module = this.resources.moduleOf(stack);
    if (entry?.site === undefined || module === undefined) return undefined;
    const file = entry.site.file.replace(/^.*\//, "");
    const here = { func: entry.site.fn, file, line: `${entry.site.line}`, module, format };
    let flags = "";
    for (const rule of this.rules) {
      if (rule.module !== module || ![...rule.matches].every(([word, value]) => fits(here, word, value))) continue;
      const kept = rule.operation === "=" ? "" : [...flags].filter((flag) => !rule.flags.includes(flag)).join("");
      flags = rule.operation === "-" ? kept : kept + rule.flags;
    }
    if (!flags.includes("p")) return undefined;
    const parts = Object.entries({ m: module, s: file, f: here.func, l: here.line });
    const words = parts.filter(([flag]) => flags.includes(flag)).map(([, text]) => `${text}:`);
    const thread = this.core.inInterrupt ? "<intr> " : `[${this.core.task.id}] `;
    return `${flags.includes("t") ? thread : ""}${words.join("")}${words.length > 0 ? " " : ""}`;
  }
}

function fits(here: Readonly<Record<string, string>>, word: string, value: string): boolean {
  const own = here[word]!;
  if (word === "format") return own.includes(value);
  if (word !== "line") return own === value;
  const [first = "", last = first] = value.split("-");
  return Number(own) >= Number(first || 0) && Number(own) <= Number(last || Number.POSITIVE_INFINITY);
}
