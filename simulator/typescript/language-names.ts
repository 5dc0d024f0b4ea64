// The names that belong to the language of drivers rather than to the kernel, and the headers that have them.

/** Change nothing, so that they may be called while looking. */
const PURE: readonly string[] = [
  "ARRAY_SIZE",
  "ERR_PTR",
  "IS_ERR",
  "IS_ERR_OR_NULL",
  "PTR_ERR",
  "PTR_ERR_OR_ZERO",
  "addr",
  "cast",
  "char",
  "container_of",
  "dev_t",
  "from_tasklet",
  "from_timer",
  "int",
  "list_entry",
  "loff_t",
  "long",
  "of_match_ptr",
  "offsetof",
  "s16",
  "s32",
  "s64",
  "s8",
  "sector_t",
  "size_t",
  "sizeof",
  "ssize_t",
  "u16",
  "u32",
  "u64",
  "u8",
  "uint",
  "ulong",
  "user",
];

const OTHERS: readonly string[] = [
  "__rq_for_each_bio",
  "bio_for_each_segment",
  "rq_for_each_segment",
  "NULL",
  "array",
  "bool",
  "charp",
  "for_each_online_cpu",
  "for_each_possible_cpu",
  "for_each_present_cpu",
  "for_each_process",
  "iomem",
  "hlist_for_each_entry",
  "hlist_for_each_entry_rcu",
  "hlist_for_each_entry_safe",
  "list_first_entry",
  "list_first_entry_or_null",
  "list_for_each",
  "list_first_or_null_rcu",
  "list_for_each_entry",
  "list_for_each_entry_rcu",
  "list_for_each_entry_reverse",
  "list_for_each_entry_safe",
  "list_for_each_safe",
  "list_last_entry",
  "on_stack",
  "ptr",
  "struct",
];

/** Headers besides linux/types in which the kernel has them. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  "linux/bio": ["bio_for_each_segment"],
  "linux/blk-mq": ["__rq_for_each_bio", "rq_for_each_segment"],
  "linux/container_of": ["container_of"],
  "linux/cpumask": ["for_each_online_cpu", "for_each_possible_cpu", "for_each_present_cpu"],
  "linux/err": ["ERR_PTR", "IS_ERR", "IS_ERR_OR_NULL", "PTR_ERR", "PTR_ERR_OR_ZERO"],
  "linux/interrupt": ["from_tasklet"],
  "linux/kernel": ["ARRAY_SIZE", "container_of"],
  "linux/list": [
    "hlist_for_each_entry",
    "hlist_for_each_entry_safe",
    "list_entry",
    "list_first_entry",
    "list_first_entry_or_null",
    "list_for_each_entry",
    "list_for_each_entry_reverse",
    "list_for_each_entry_safe",
    "list_for_each",
    "list_for_each_safe",
    "list_last_entry",
  ],
  "linux/sched/signal": ["for_each_process"],
  "linux/of": ["of_match_ptr"],
  "linux/rculist": ["hlist_for_each_entry_rcu", "list_first_or_null_rcu", "list_for_each_entry_rcu"],
  "linux/stddef": ["NULL", "offsetof"],
  "linux/timer": ["from_timer"],
};

export const PURE_NAMES: ReadonlySet<string> = new Set(PURE);
const ALL: ReadonlySet<string> = new Set([...PURE, ...OTHERS]);

export function isLanguageName(header: string, name: string): boolean {
  return header === "linux/types" ? ALL.has(name) : (HOMES[header]?.includes(name) ?? false);
}

/** Names of a header that the language provides; undefined when it has none there. */
export function languageNames(header: string): readonly string[] | undefined {
  return header === "linux/types" ? [...ALL].sort() : HOMES[header];
}

export function languageHeaders(): readonly string[] {
  return ["linux/types", ...Object.keys(HOMES)];
}
