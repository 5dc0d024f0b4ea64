// Holds the curated facts to their schema, checks them against each other, and against facts everybody knows.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadKnowledge } from "../server/knowledge/knowledge.ts";
import type { Fact, FactFile, FunctionFact } from "../server/knowledge/schema.ts";

const folder = join(import.meta.dirname, "../server/knowledge/data/curated");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => ({ name, file: JSON.parse(readFileSync(join(folder, name), "utf8")) as FactFile }));
const knowledge = loadKnowledge(files.map(({ file }) => file));
const functions = [...knowledge.functions()];

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === "string" && value !== "";
const flag: Check = (value) => value === true;
const index: Check = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 12;
const version: Check = (value) => typeof value === "string" && /^\d+\.\d+$/.test(value);
/** Of what is gone: releases before 3.0 had three numbers. */
const release: Check = (value) => typeof value === "string" && /^(2\.6\.\d+|[3-9]\.\d+)$/.test(value);
const source: Check = (value) => typeof value === "string" && /^[\w.-]+(\/[\w.,+-]+)+(:\d+)?$/.test(value);
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(check);
const mapTo =
  (check: Check): Check =>
  (value) =>
    typeof value === "object" && value !== null && Object.keys(value).length > 0 && Object.values(value).every(check);
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const record =
  (required: Shape, optional: Shape = {}): Check =>
  (value) =>
    problems(value, required, optional).length === 0;

function problems(value: unknown, required: Shape, optional: Shape): string[] {
  if (typeof value !== "object" || value === null) return ["no object"];
  const missing = Object.keys(required).filter((key) => !(key in value));
  const wrong = Object.entries(value).filter(([key, each]) => !(required[key] ?? optional[key])?.(each));
  return [...missing.map((key) => `${key} is missing`), ...wrong.map(([key]) => `${key} is unknown or wrong`)];
}

const context = oneOf("process", "softirq", "hardirq", "atomic");
const flavours = ["spin", "raw-spin", "read-spin", "write-spin", "mutex", "read-sleep", "write-sleep", "semaphore"];
const flavour = oneOf(...flavours, "rcu", "srcu", "preempt", "bh", "irq", "fpu", "seq-write");
const irq = oneOf("none", "irq", "irqsave", "bh");
const heldWhen = oneOf("nonzero", "zero");
const lock = record({ flavour }, { param: index, irq, heldWhen, global: text, nests: flag });
const obtains = record(
  { what: text, handle: either(index, oneOf("return")), releasedBy: listOf(text) },
  {
    out: flag,
    member: text,
    evenOnFailure: flag,
    failureTest: text,
    heldTest: text,
    beside: flag,
    unless: text,
    successIs: oneOf("positive", "zero-or-positive"),
    managedBy: listOf(text),
  },
);
const returns = oneOf(
  ...["void", "null-on-failure", "errptr-on-failure", "null-or-errptr", "negative-errno", "zero-on-failure"],
  ...["nonzero-on-failure", "bytes-not-copied", "boolean", "value"],
);
const callable: readonly [Shape, Shape] = [
  { name: text, kind: text, maySleep: oneOf("never", "always", "flags", "conditional", "unknown"), source },
  {
    sleepCondition: text,
    gfpParam: index,
    sleepParam: index,
    contexts: listOf(context),
    returns,
    mustCheck: flag,
    waits: flag,
    acquires: listOf(lock),
    releases: listOf(lock),
    callerHolds: text,
    obtains,
    handleParam: index,
    callbacks: listOf(record({ param: index, context, role: text }, { suffix: text, unless: text })),
    derefs: listOf(index),
    passesErrors: listOf(index),
    borrows: either(oneOf("all"), listOf(index)),
    noreturn: flag,
    takes: listOf(index),
    keeps: listOf(index),
    contradicts: text,
    since: version,
    until: version,
  },
];
const govern: readonly [Shape, Shape] = [
  { name: text, kind: text, source },
  { assigns: listOf(index), deleteSafe: flag, elementReleasedBy: text, since: version, until: version },
];
const libc: readonly [Shape, Shape] = [
  { name: text, kind: text, source },
  { kernel: text, header: text, sameArguments: flag },
];
const shapes: Readonly<Record<Fact["kind"], readonly [Shape, Shape]>> = {
  function: callable,
  macro: callable,
  iterator: govern,
  scope: govern,
  guard: [
    { name: text, kind: text, flavour, source },
    { irq, conditional: flag },
  ],
  ops: [
    { struct: text, kind: text, members: mapTo(context), role: text, source },
    { unless: mapTo(text), takes: mapTo(index) },
  ],
  type: [{ name: text, kind: text, bytes: byteCount, source }, {}],
  "libc-function": libc,
  "libc-header": libc,
  "uapi-headers": [{ name: text, kind: text, headers: listOf(text), source }, {}],
  removed: [
    {
      name: text,
      kind: text,
      what: oneOf("name", "call", "type", "header", "member", "arguments", "argument-type", "callback"),
      instead: text,
      source,
    },
    {
      since: release,
      missing: release,
      successor: release,
      foretold: flag,
      arguments: listOf(index),
      type: text,
      parameters: index,
      first: text,
      constParameter: index,
      written: flag,
      fix: record(
        {},
        {
          rename: text,
          resultUnused: flag,
          drop: index,
          when: listOf(text),
          insert: text,
          at: index,
          remove: flag,
          set: text,
          clear: text,
        },
      ),
    },
  ],
};

function byteCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function nameOf(fact: Fact): string {
  return fact.kind === "ops" ? fact.struct : fact.name;
}

describe.each(files)("$name", ({ file }) => {
  test("keeps to the schema, unknown keys included", () => {
    expect(Object.keys(file).sort()).toEqual(["area", "facts", "schema"]);
    const wrong = file.facts.flatMap((fact) => {
      const shape = shapes[fact.kind];
      if (shape === undefined) return [`${nameOf(fact)}: kind ${fact.kind}`];
      return problems(fact, ...shape).map((problem) => `${nameOf(fact)}: ${problem}`);
    });
    expect(wrong).toEqual([]);
  });

  test("is sorted by name", () => {
    const names = file.facts.map(nameOf);
    const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(names).toEqual(sorted);
  });
});

test("no name has two entries of one sort", () => {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const { file } of files) {
    for (const fact of file.facts) {
      const key = `${fact.kind === "macro" ? "function" : fact.kind} ${nameOf(fact)}`;
      if (seen.has(key)) twice.push(key);
      seen.add(key);
    }
  }
  expect(twice).toEqual([]);
});

describe("functions", () => {
  const complaints = (complain: (fact: FunctionFact) => string | false | undefined): string[] =>
    functions.flatMap((fact) => {
      const complaint = complain(fact);
      return complaint ? [`${fact.name}: ${complaint}`] : [];
    });

  test("that sleep by their flags say which argument the flags are, the others on which condition", () => {
    const wrong = complaints(
      (fact) =>
        (fact.maySleep === "flags" && fact.gfpParam === undefined && "no gfpParam") ||
        ((fact.maySleep === "conditional") !== (fact.sleepCondition !== undefined) && "sleepCondition") ||
        (fact.sleepParam !== undefined && fact.maySleep !== "conditional" && "sleepParam"),
    );
    expect(wrong).toEqual([]);
  });

  test("that give something back have an entry that says which argument it is", () => {
    const wrong = complaints((fact) => {
      const missing = fact.obtains?.releasedBy.filter((name) => knowledge.fn(name)?.handleParam === undefined) ?? [];
      return missing.length > 0 && missing.join(", ");
    });
    expect(wrong).toEqual([]);
  });

  test("of the device core that give back by themselves obtain nothing", () => {
    expect(complaints((fact) => /^(devm|pcim|dmam)_/.test(fact.name) && fact.obtains && "obtains")).toEqual([]);
  });

  test("that take a sleeping lock may sleep, unless they only try", () => {
    const sleeping = new Set(["mutex", "read-sleep", "write-sleep", "semaphore"]);
    const wrong = complaints((fact) => {
      const takes = fact.acquires?.some((effect) => sleeping.has(effect.flavour) && effect.heldWhen !== "nonzero");
      return takes && fact.maySleep !== "always" && !/try|downgrade/.test(fact.name) && fact.maySleep;
    });
    expect(wrong).toEqual([]);
  });

  test("that take or release a spinlock never sleep", () => {
    const spinning = new Set(["spin", "raw-spin", "read-spin", "write-spin", "seq-write"]);
    const wrong = complaints((fact) => {
      const spins = [...(fact.acquires ?? []), ...(fact.releases ?? [])].some((each) => spinning.has(each.flavour));
      return spins && fact.maySleep !== "never" && fact.maySleep;
    });
    expect(wrong).toEqual([]);
  });

  test("are known: at most one in fifty has an unknown maySleep", () => {
    const unknown = functions.filter((fact) => fact.maySleep === "unknown");
    expect(unknown.length).toBeLessThan(functions.length / 50);
  });

  test("that take over or keep an argument do not only borrow it", () => {
    const wrong = complaints(({ borrows, keeps = [], takes = [] }) =>
      [...keeps, ...takes].some((each) => borrows === "all" || borrows?.includes(each)) ? "borrows it" : false,
    );
    expect(wrong).toEqual([]);
  });

  test("can be asked for by what they release", () => {
    expect(knowledge.acquirersOf("kfree")).toContain("kmalloc");
    expect(knowledge.acquirersOf("msleep")).toEqual([]);
  });
});

/** What every kernel developer knows, written down a second time. */
type Known = readonly [name: string, maySleep: FunctionFact["maySleep"], rest?: Partial<FunctionFact>];
const known: readonly Known[] = [
  ["kmalloc", "flags", { gfpParam: 1, returns: "null-on-failure" }],
  ["kzalloc", "flags", { gfpParam: 1, returns: "null-on-failure" }],
  ["kcalloc", "flags", { gfpParam: 2, returns: "null-on-failure" }],
  ["kfree", "never", { handleParam: 0 }],
  ["vmalloc", "always", { returns: "null-on-failure" }],
  ["devm_kzalloc", "flags", { gfpParam: 2, returns: "null-on-failure" }],
  ["kmem_cache_free", "never", { handleParam: 1 }],
  ["mutex_lock", "always", { acquires: [{ flavour: "mutex", param: 0 }] }],
  ["mutex_trylock", "never"],
  ["mutex_unlock", "never", { releases: [{ flavour: "mutex", param: 0 }] }],
  ["spin_lock", "never", { acquires: [{ flavour: "spin", param: 0, irq: "none" }] }],
  ["spin_lock_irqsave", "never", { acquires: [{ flavour: "spin", param: 0, irq: "irqsave" }] }],
  ["spin_unlock_irqrestore", "never", { releases: [{ flavour: "spin", param: 0, irq: "irqsave" }] }],
  ["down_interruptible", "always", { acquires: [{ flavour: "semaphore", param: 0, heldWhen: "zero" }] }],
  ["rcu_read_lock", "never", { acquires: [{ flavour: "rcu" }] }],
  ["synchronize_rcu", "always"],
  ["copy_from_user", "always", { returns: "bytes-not-copied" }],
  ["copy_to_user", "always", { returns: "bytes-not-copied" }],
  ["get_user", "always", { returns: "negative-errno" }],
  ["msleep", "always"],
  ["udelay", "never"],
  ["mdelay", "never"],
  ["schedule", "always"],
  ["wait_event_interruptible", "always"],
  ["wake_up", "never"],
  ["wait_for_completion", "always"],
  ["complete", "never"],
  ["schedule_work", "never"],
  ["cancel_work_sync", "always"],
  ["flush_work", "always"],
  ["mod_timer", "never"],
  ["del_timer_sync", "conditional"],
  ["request_irq", "always", { callbacks: [{ param: 1, context: "hardirq", role: "interrupt handler" }] }],
  ["free_irq", "always", { handleParam: 0 }],
  ["disable_irq_nosync", "never"],
  ["timer_setup", "never", { callbacks: [{ param: 1, context: "softirq", role: "timer function" }] }],
  [
    "INIT_WORK",
    "never",
    { callbacks: [{ param: 1, context: "process", role: "work function", unless: "system_bh_wq" }] },
  ],
  ["printk", "never"],
  ["dev_err", "never"],
  ["readl", "never"],
  ["ioremap", "always", { returns: "null-on-failure" }],
  ["clk_prepare_enable", "always", { returns: "negative-errno" }],
  ["clk_enable", "never"],
  ["i2c_transfer", "always"],
  ["spi_sync", "always"],
  ["usb_submit_urb", "flags", { gfpParam: 1 }],
  ["gpiod_set_value", "never"],
  ["gpiod_set_value_cansleep", "always"],
  ["class_create", "always", { returns: "errptr-on-failure" }],
  ["put_device", "never", { handleParam: 0 }],
  ["vfree", "conditional"],
];

test.each(known.map(([name, maySleep, rest]) => ({ name, maySleep, rest })))("$name: $maySleep", (fact) => {
  expect(knowledge.fn(fact.name)).toMatchObject({ name: fact.name, maySleep: fact.maySleep, ...fact.rest });
});

test.each([
  ["file_operations", "read", "process"],
  ["net_device_ops", "ndo_start_xmit", "atomic"],
  ["net_device_ops", "ndo_open", "process"],
  ["irq_chip", "irq_mask", "atomic"],
  ["clk_ops", "enable", "atomic"],
  ["clk_ops", "prepare", "process"],
  ["uart_ops", "start_tx", "atomic"],
  ["hc_driver", "irq", "hardirq"],
])("struct %s .%s runs in %s context", (struct, member, where) => {
  expect(knowledge.ops(`struct ${struct}`)?.members[member]).toBe(where);
});

test("loops assign what their heads name", () => {
  expect(knowledge.govern("list_for_each_entry")?.assigns).toEqual([0]);
  expect(knowledge.govern("list_for_each_entry_safe")).toMatchObject({ assigns: [0, 1], deleteSafe: true });
  expect(knowledge.govern("for_each_child_of_node")).toMatchObject({ assigns: [1], elementReleasedBy: "of_node_put" });
});

test("the C library's names point to the kernel's", () => {
  expect(knowledge.libcFunction("printf")).toMatchObject({ kernel: "pr_info", sameArguments: true });
  expect(knowledge.libcFunction("malloc")?.sameArguments).toBeUndefined();
  expect(knowledge.libcFunction("memcpy")).toBeUndefined();
  expect(knowledge.libcHeader("stdio.h")?.kernel).toBe("linux/printk.h");
  expect(knowledge.type("u32")?.bytes).toBe(4);
});

test("what kernels lost is known by the word that is written", () => {
  expect(knowledge.removed("class_create")).toMatchObject([{ what: "arguments", since: "6.4", arguments: [2] }]);
  expect(knowledge.removed("alloc_disk")).toMatchObject([{ what: "name", since: "5.15" }]);
  expect(knowledge.removed("probe_new")).toMatchObject([{ name: "struct i2c_driver.probe_new", since: "6.6" }]);
  expect(knowledge.removed("timeval")).toMatchObject([{ name: "struct timeval", what: "type" }]);
  expect(knowledge.removed("linux/genhd.h")).toMatchObject([{ what: "header", since: "5.18" }]);
  expect(knowledge.removed("remove").map(({ name }) => name)).toContain("struct platform_driver.remove");
  expect(knowledge.removed("kmalloc")).toEqual([]);
});

/** The names of kernels in published drivers for teaching that no kernel has any more. */
test.each([
  ...[
    "check_mem_region",
    "check_region",
    "cli",
    "restore_flags",
    "save_flags",
    "alloc_disk",
    "bdev_check_media_change",
  ],
  ...["bio_cur_bytes", "blk_alloc_queue", "blk_cleanup_queue", "blk_mq_init_sq_queue", "blk_queue_logical_block_size"],
  ...["kdev_t_to_nr", "alloc_tty_driver", "put_tty_driver", "uart_circ_chars_pending", "uart_circ_empty"],
  ...["blk_mq_init_queue", "blkdev_get_by_path", "blkdev_put", "NIPQUAD"],
])("%s is known to be gone", (name) => {
  expect(knowledge.removed(name).filter(({ since, missing }) => since ?? missing)).toHaveLength(1);
});

test("malformed facts are refused, with their file and name", () => {
  const load = (fact: object): unknown => loadKnowledge([{ schema: 1, area: "trial", facts: [fact as Fact] }]);
  const sound = { name: "f", kind: "function", maySleep: "never", source: "a/b.c" };
  expect(() => load(sound)).not.toThrow();
  expect(() => load({ ...sound, maySleep: "sometimes" })).toThrow(/trial, f: maySleep/);
  expect(() => load({ ...sound, maySleep: "flags" })).toThrow(/trial, f: .*gfpParam/);
  expect(() => load({ ...sound, source: undefined })).toThrow(/trial, f: no source/);
  expect(() => load({ ...sound, kind: "rumour" })).toThrow(/trial, f: unknown kind/);
  expect(() => load({ name: "f", kind: "removed", what: "name", source: "a/b.c" })).toThrow(/trial, f: no release/);
  expect(() => load({ kind: "function" })).toThrow(/trial, entry 0: no name/);
  expect(() => loadKnowledge([{ schema: 2 as 1, area: "trial", facts: [] }])).toThrow(/trial: not a fact file/);
});
