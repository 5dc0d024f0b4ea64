// The words in which facts about functions are told, curated and extracted ones alike.

/**
 * Where code runs. `process`: a task that may sleep. `softirq`, `hardirq`: as the kernel names them.
 * `atomic`: a task or a softirq that may not sleep because its caller holds a spinlock or has preemption off.
 */
export type Context = "process" | "softirq" | "hardirq" | "atomic";

/**
 * never: safe in any context. always: may sleep whatever its arguments. flags: sleeps when its gfp argument allows
 * reclaim. conditional: see `sleepCondition`. unknown: no statement.
 */
export type MaySleep = "never" | "always" | "flags" | "conditional" | "unknown";

/** How failure shows in the return value. */
export type Returns =
  | "void"
  | "null-on-failure"
  | "errptr-on-failure"
  | "null-or-errptr"
  | "negative-errno"
  | "zero-on-failure"
  | "nonzero-on-failure"
  | "bytes-not-copied"
  | "boolean"
  | "value";
