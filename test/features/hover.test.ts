// What a hover says of the driver's own functions and of the kernel's.
import { describe, expect, test } from "vitest";
import { checkText } from "../../server/features/check.ts";
import { hover } from "../../server/features/hover.ts";
import type { ExtractedFunction } from "../../server/knowledge/extracted.ts";
import { loadKnowledge } from "../../server/knowledge/knowledge.ts";
import type { Fact } from "../../server/knowledge/schema.ts";
import { encodeTable } from "../../server/knowledge/table.ts";
import { createChecker } from "../checker.ts";

const real = await createChecker();

/** The card of what stands first in the text, `after` its first occurrence of that. */
function cardIn(text: string, piece: string, checker = real, kernel = ""): string | undefined {
  const checked = checkText(checker, "/drivers/box.c", text, { stackLimitBytes: 2048, kernel });
  return hover(checker.knowledge, checked, text, text.indexOf(piece))?.markdown;
}

describe("with what is known of the kernel", () => {
  const driver = `#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

static void *box_take(gfp_t gfp)
{
	return kmalloc(8, GFP_KERNEL);
}

static void box_note(void)
{
}

static irqreturn_t box_irq(int irq, void *data)
{
	box_note();
	return IRQ_HANDLED;
}

static int __init box_init(void)
{
	kfree(box_take(GFP_KERNEL));
	return request_irq(1, box_irq, 0, "box", NULL);
}
module_init(box_init);
MODULE_LICENSE("GPL");
`;
  const cardAt = (piece: string) => cardIn(driver, piece);

  test("the driver's own function: its contexts, and how it is reached", () => {
    expect(cardAt("box_irq")).toBe(
      "**box_irq()** in this driver\n\n- Runs in **hardirq** context; it may not sleep there (interrupt handler, line 23).",
    );
    expect(cardAt("box_note")).toContain(
      "- Runs in **hardirq** context, called from `box_irq()`; it may not sleep there",
    );
    expect(cardAt("box_take")).toContain("- **May sleep**: `kmalloc(…, GFP_KERNEL)` in line 7.");
  });

  test("a kernel function: what it does and where that is known from", () => {
    expect(cardAt("kmalloc")).toMatch(
      /\*\*May sleep\*\* if .+ lets it.*On failure returns NULL.*Obtains memory.*`[\w/.]+:\d+`/s,
    );
    expect(cardAt("request_irq")).toMatch(/Calls .+, an interrupt handler, in hardirq context/);
  });

  test("nothing else", () => {
    expect(cardAt("GPL")).toBeUndefined();
    expect(cardAt("{")).toBeUndefined();
  });
});

describe("the card of", () => {
  const made = (name: string, rest: Partial<ExtractedFunction> = {}): ExtractedFunction => ({
    name,
    kind: "function",
    path: "kernel/box.c",
    line: 10,
    returnType: "int",
    parameters: [{ type: "struct box *", name: "box" }],
    uses: 0,
    ...rest,
  });
  const box = [{ type: "struct box *", name: "box" }];
  const facts: Fact[] = [
    {
      name: "box_lock_bh",
      kind: "function",
      maySleep: "never",
      acquires: [{ flavour: "spin", param: 0, irq: "bh" }],
      source: "kernel/box.c:1",
    },
    {
      name: "box_alloc",
      kind: "macro",
      maySleep: "flags",
      gfpParam: 1,
      returns: "null-on-failure",
      obtains: { what: "box", handle: "return", releasedBy: ["box_free"] },
      source: "kernel/box.c:1",
    },
    { name: "box_free", kind: "function", maySleep: "never", handleParam: 0, source: "kernel/box.c:1" },
    {
      name: "request_box",
      kind: "function",
      maySleep: "always",
      callbacks: [{ param: 1, context: "hardirq", role: "interrupt handler" }],
      obtains: { what: "irq", handle: 0, releasedBy: ["free_box"] },
      keeps: [2],
      takes: [0],
      source: "kernel/box.c:1",
    },
    {
      name: "for_each_box",
      kind: "iterator",
      assigns: [0],
      deleteSafe: true,
      elementReleasedBy: "box_free",
      source: "include/linux/box.h:7",
    },
    {
      struct: "struct box_ops",
      kind: "ops",
      members: { fill: "atomic", "pm.wake": "process" },
      role: "box operation",
      source: "include/linux/box.h:9",
    },
  ];
  const functions = [
    made("box_wait", {
      exported: "gpl",
      returnType: "long",
      parameters: [...box, { type: "void (*)(struct box *)", name: "done" }],
      sleeps: { may: "always", by: "derived", via: ["wait_for_box", "might_sleep"] },
      returns: { kind: "negative-errno", by: "derived" },
      mustCheck: true,
      mustHold: ["$0->lock"],
      uses: 12,
    }),
    made("box_poke", {
      returnType: "void",
      parameters: [],
      variadic: true,
      sleeps: { may: "never", by: "documented" },
    }),
    made("box_peek", { sleeps: { may: "never", by: "derived" } }),
    made("box_sync", { sleeps: { may: "always", by: "derived", via: ["a", "b", "c", "might_sleep"] } }),
    made("box_alloc", { kind: "macro", returnType: "", parameters: [], variadic: true, aliasOf: "box_alloc_noprof" }),
    made("box_alloc_noprof", {
      returnType: "void *",
      parameters: [
        { type: "size_t", name: "size" },
        { type: "gfp_t", name: "flags" },
      ],
    }),
    made("devm_box_alloc", { managed: true }),
    made("request_box", {
      parameters: [
        { type: "unsigned int", name: "irq" },
        { type: "irq_handler_t", name: "handler" },
        { type: "void *", name: "dev" },
      ],
    }),
    made("box_count", { kind: "macro", returnType: "", parameters: [{ type: "", name: "b" }] }),
  ];
  const knowledge = loadKnowledge([{ schema: 1, area: "box", facts }], {
    functions: encodeTable(
      "functions",
      new Map([
        ["6.1.192", [made("box_old", { line: 8 })]],
        ["6.12.117", functions],
      ]),
    ),
    scopes: encodeTable(
      "scopes",
      new Map([
        [
          "6.12.117",
          [
            {
              name: "box",
              kind: "guard",
              path: "include/linux/box.h",
              line: 3,
              type: "struct box *",
              enters: ["box_lock_bh"],
              leaves: ["box_unlock_bh"],
            },
            {
              name: "box_free",
              kind: "free",
              path: "include/linux/box.h",
              line: 4,
              type: "void *",
              enters: [],
              leaves: ["box_free"],
            },
          ],
        ],
      ]),
    ),
    members: encodeTable(
      "members",
      new Map([
        [
          "6.12.117",
          [
            {
              struct: "struct box_ops",
              member: "fill",
              path: "include/linux/box.h",
              line: 11,
              type: "int (*)(struct box *)",
            },
          ],
        ],
      ]),
    ),
  });
  const checker = { ...real, knowledge };
  const card = (statement: string, piece = statement) =>
    cardIn(`#include <linux/box.h>\nstatic void f(void)\n{\n\t${statement};\n}\n`, piece, checker);
  const list = (...lines: string[]) => lines.map((line) => `- ${line}`).join("\n");

  test("what the tree alone knows", () => {
    expect(card("box_wait(b, f)")).toBe(
      [
        "```c\nlong box_wait(struct box *box, void (*done)(struct box *))\n```",
        list(
          "**May sleep** (calls `wait_for_box()`, which calls `might_sleep()`): only in process context, with no spinlock held.",
          "On failure returns a negative errno; the result must be checked.",
          "To be called with `box->lock` held.",
        ),
        "`kernel/box.c:10` · exported (GPL) · used in 12 driver files · added after 6.1",
      ].join("\n\n"),
    );
    expect(card("box_poke()")).toContain("void box_poke(...)");
    expect(card("box_peek()")).toContain("- Does not sleep (as what it calls shows).");
    expect(card("box_sync()")).toContain("**May sleep** (calls `a()`, which leads to `might_sleep()`): only in");
    expect(card("box_poke()")).toContain("- Does not sleep (as its documentation says): safe in any context.");
  });

  test("a macro that hands on to another function, with the signature of that", () => {
    const shown = card("box_alloc(8, flags)");
    expect(shown).toContain("```c\nvoid *box_alloc(size_t size, gfp_t flags)\n```");
    expect(shown).toContain("**May sleep** if `flags` lets it: with `GFP_KERNEL`, not");
    expect(shown).toContain("Obtains box; give it back with `box_free()`.");
    expect(shown).toContain("Managed counterpart: `devm_box_alloc()`.");
    expect(card("devm_box_alloc()")).toContain("Managed: undone when the device is unbound; by hand: `box_alloc()`.");
  });

  test("what gives back, takes and keeps", () => {
    expect(card("box_free(b)")).toContain("Gives back argument 1, which `box_alloc()` gave.");
    const shown = card("request_box(b, f, dev)");
    expect(shown).toContain("Calls `handler`, an interrupt handler, in hardirq context.");
    expect(shown).toContain("Keeps a pointer to `dev` until `free_box()`.");
    expect(shown).toContain("Takes over `irq`: it is not the caller's afterwards.");
  });

  test("locks, guards and loops", () => {
    expect(card("box_lock_bh(b)")).toContain("Acquires spinlock argument 1, with softirqs off.");
    const guard = card("guard(box)(b)", "box)");
    expect(guard).toContain("guard(box) // struct box *");
    expect(guard).toContain("Holds spinlock, with softirqs off.");
    expect(guard).toContain("Ends, with its scope, by `box_unlock_bh()`.");
    expect(card("void *p __free(box_free) = q", "box_free")).toContain("__free(box_free) // void *");
    expect(card("for_each_box(b) f()")).toContain("gives it back with `box_free()`");
  });

  test("what the chosen kernel lacks", () => {
    expect(card("box_old(b)")).toMatch(/^\*\*Not found in Linux 6\.12\.\*\*.*kernel\/box\.c:8.*removed after 6\.1$/s);
    expect(cardIn("#include <linux/box.h>\nvoid f(void) { box_old(b); }", "box_old", checker, "6.1")).toMatch(/^```c/);
  });

  test("a member of a table of callbacks", () => {
    const table =
      "#include <linux/box.h>\nstatic const struct box_ops ops = { .fill = f, .pm = { .wake = g }, .name = 1 };\n";
    expect(cardIn(table, "fill", checker)).toBe(
      "```c\nstruct box_ops: int (*fill)(struct box *)\n```\n\n- Runs in **atomic** context.\n- It may not sleep.\n\n`include/linux/box.h:11`",
    );
    expect(cardIn(table, "wake", checker)).toContain("- Runs in **process** context.\n- It may sleep.");
    expect(cardIn(table, "name", checker)).toBeUndefined();
  });

  test("no variable and no member that a macro shares its name with", () => {
    expect(card("box_count(b)")).toContain("#define box_count(b)");
    expect(card("dev->box_count = 1", "box_count")).toBeUndefined();
    expect(card("int box_wait = 1", "box_wait")).toBeUndefined();
    expect(card("use(box_wait)", "box_wait")).toBeDefined();
  });
});
