// Locks that annotations and assertions name, as expressions in the parameters: `$0->lock`, `RCU`, `rtnl_mutex`.
import type { Definition, Definitions } from "./definitions.ts";

export interface LockFacts {
  readonly acquires?: readonly string[];
  readonly releases?: readonly string[];
  readonly mustHold?: readonly string[];
}

export function locksOf(definition: Definition, definitions: Definitions): LockFacts {
  const declared = definition.isLocal ? [] : definitions.prototypesOf(definition.name);
  const gather = (annotation: string): string[] => {
    const found = new Set<string>();
    for (const each of [definition, ...declared]) {
      for (const { name, args } of each.annotations) {
        const lock = name === annotation && args !== undefined ? expressionOf(args, each) : undefined;
        if (lock !== undefined) found.add(lock);
      }
    }
    return [...found].sort();
  };
  const acquires = gather("__acquires");
  const releases = gather("__releases");
  const held = new Set(gather("__must_hold"));
  for (const each of definition.body.asserts) {
    const lock = expressionOf(each, definition);
    if (lock !== undefined) held.add(lock);
  }
  for (const each of definition.doc?.holds ?? []) {
    const lock = expressionOf(each, definition);
    // A bare name in a sentence may be any lock's; one that hangs on a parameter is a statement.
    if (lock?.includes("$")) held.add(lock);
  }
  return {
    ...(acquires.length === 0 ? {} : { acquires }),
    ...(releases.length === 0 ? {} : { releases }),
    ...(held.size === 0 ? {} : { mustHold: [...held].sort() }),
  };
}

/** Undefined for what is neither a path from a parameter nor a plain name. */
export function expressionOf(written: string, { parameters }: Pick<Definition, "parameters">): string | undefined {
  let text = written.replace(/\s+/g, "");
  while (/^[&*(]/.test(text) && (text[0] !== "(" || text.endsWith(")"))) {
    text = text[0] === "(" ? text.slice(1, -1) : text.slice(1);
  }
  const found = /^([A-Za-z_]\w*)((?:(?:->|\.)\w+)*)$/.exec(text);
  if (found === null) return undefined;
  const [, root, path] = found;
  const index = parameters.findIndex((each) => each.name === root);
  if (index >= 0) return `$${index}${path}`;
  if (/^(rcu|RCU|rcu_read_lock)$/.test(text)) return "RCU";
  // A member of something that is no parameter: a local or a global struct, which a caller could not name.
  return path === "" && isLock(root!) ? root : undefined;
}

/** Annotations also have words that are no variable: `bitlock`, `local`, `nic_access`. */
function isLock(name: string): boolean {
  return /lock|mutex|mtx|sem\b|_sem|rcu/i.test(name) && !/^(bitlock|lock)$/.test(name);
}
