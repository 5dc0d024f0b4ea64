// What the extraction reads in headers and sources: declarations, exports, macros, scopes, members, and the merged tables.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parameterOf } from "../../server/knowledge/extract/declarations.ts";
import type { Harvest } from "../../server/knowledge/extract/harvest.ts";
import { harvestFile } from "../../server/knowledge/extract/harvest-file.ts";
import { versionIn } from "../../server/knowledge/extract/tree.ts";
import { mentionsIn, usesIn } from "../../server/knowledge/extract/uses.ts";
import { decodeGone } from "../../server/knowledge/gone.ts";
import { decodeTable } from "../../server/knowledge/table.ts";
import { createParser, type Parser } from "../../server/syntax/parser.ts";
import { root } from "../checker.ts";

let parser: Parser;

beforeAll(async () => {
  parser = await createParser({
    runtime: readFileSync(join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(join(root, "node_modules/tree-sitter-c/tree-sitter-c.wasm")),
  });
});

function header(text: string): Harvest {
  return harvestFile(parser, "include/linux/tap.h", text);
}

describe("prototypes", () => {
  const one = (text: string) => {
    const { prototypes } = header(text);
    expect(prototypes).toHaveLength(1);
    return prototypes[0]!;
  };

  test("types as written, storage classes left out", () => {
    expect(one("extern const struct tap *tap_get(struct device *dev, const char *id);")).toEqual({
      name: "tap_get",
      line: 1,
      returnType: "const struct tap *",
      parameters: [
        { type: "struct device *", name: "dev" },
        { type: "const char *", name: "id" },
      ],
      variadic: false,
      annotations: [],
    });
  });

  test("annotations before, between and behind", () => {
    const found = one(
      "__must_check int __sched\ntap_lock(struct tap *t, void __user *p) __acquires(&t->lock) __must_hold(RCU);",
    );
    expect(found.annotations).toEqual([
      { name: "__must_check" },
      { name: "__sched" },
      { name: "__acquires", args: "&t->lock" },
      { name: "__must_hold", args: "RCU" },
    ]);
    expect(found.returnType).toBe("int");
    expect(found.parameters[1]).toEqual({ type: "void __user *", name: "p" });
    expect(found.line).toBe(2);
  });

  test("an annotation of the declaration before is not taken", () => {
    const { prototypes } = header("void a(void) __releases(x);\nint b(void);");
    expect(prototypes.map((each) => each.annotations.length)).toEqual([1, 0]);
  });

  test("an __iomem result, a variable number of arguments, no arguments", () => {
    expect(one("void __iomem *tap_map(const char *fmt, ...);")).toMatchObject({
      returnType: "void __iomem *",
      parameters: [{ type: "const char *", name: "fmt" }],
      variadic: true,
    });
    expect(one("unsigned long tap_count(void);").parameters).toEqual([]);
  });

  test("the parameters of attributes are not its own", () => {
    expect(one("void tap_log(const char *, ...) __attribute__((format(printf, 1, 2)));").parameters).toHaveLength(1);
  });

  test.each([
    ["int (*fn)(void *)", "int (*)(void *)", "fn"],
    ["void fn(int)", "void (int)", "fn"],
    ["u8 mac[6]", "u8 [6]", "mac"],
    ["unsigned int", "unsigned int", ""],
    ["struct tap", "struct tap", ""],
    ["struct tap **taps", "struct tap **", "taps"],
    ["const u32", "const u32", ""],
    ["u32 x __maybe_unused", "u32", "x"],
    ["const void *const p", "const void * const", "p"],
    ["char __user *", "char __user *", ""],
    ["int (*)(struct tap *)", "int (*)(struct tap *)", ""],
  ])("%s", (text, type, name) => expect(parameterOf(text)).toEqual({ type, name }));
});

describe("functions", () => {
  test("inlines are told from definitions", () => {
    const { functions } = header(`static inline int tap_on(struct tap *t) { return t->on; }
static __always_inline int tap_off(struct tap *t) { return !t->on; }
int tap_any(void)\n{\n\treturn 0;\n}`);
    expect(functions.map((each) => [each.name, each.isStatic, each.isInline, each.line])).toEqual([
      ["tap_on", true, true, 1],
      ["tap_off", true, true, 2],
      ["tap_any", false, false, 3],
    ]);
  });

  test("a stub for a configuration without the subsystem does not count beside the real one", () => {
    const { functions, prototypes } = header(`#ifdef CONFIG_TAP
int tap_open(struct tap *t);
#else
static inline int tap_open(struct tap *t) { return -ENODEV; }
static inline int tap_only_here(struct tap *t) { return 0; }
#endif`);
    expect(prototypes.map(({ name }) => name)).toEqual(["tap_open"]);
    expect(functions.map(({ name, inactive }) => [name, inactive])).toEqual([["tap_only_here", true]]);
  });

  test("real-time kernels are not the usual configuration", () => {
    const { macros, prototypes } = header(`#ifdef CONFIG_PREEMPT_RT
#define tap_lock(t) rt_tap_lock(t)
#else
void tap_lock(struct tap *t);
#endif`);
    expect(prototypes.map(({ name }) => name)).toEqual(["tap_lock"]);
    expect(macros).toEqual([]);
  });
});

test("macros: with arguments, or the name of something; constants are left out", () => {
  const { macros } = header(`#define TAP_MAX 12
#define tap_put(t) tap_release(t)
#define tap_say(fmt, ...) printk(fmt, ##__VA_ARGS__)
#define tap_old tap_new
#define tap_old2 (tap_new)
#define tap_self tap_self`);
  expect(macros.map(({ name, line, parameters, standsFor }) => [name, line, parameters, standsFor])).toEqual([
    ["tap_put", 2, ["t"], undefined],
    ["tap_say", 3, ["fmt", "..."], undefined],
    ["tap_old", 4, undefined, "tap_new"],
  ]);
});

test("exports: to all, under the GPL, in a namespace, by a subsystem's own macro; not those for tests, nor in comments", () => {
  const { exports } = harvestFile(
    parser,
    "drivers/tap/tap.c",
    `int a(void) { return 0; }
EXPORT_SYMBOL(a);
EXPORT_SYMBOL_GPL(b);
EXPORT_SYMBOL_NS_GPL(c, TAP);
EXPORT_SYMBOL_NS(d, "TAP");
ACPI_EXPORT_SYMBOL(e)
EXPORT_SYMBOL_IF_KUNIT(f);
/* EXPORT_SYMBOL(g); */
EXPORT_TRACEPOINT_SYMBOL_GPL(h);`,
  );
  expect(exports).toEqual([
    { name: "a", gpl: false },
    { name: "b", gpl: true },
    { name: "c", gpl: true },
    { name: "d", gpl: false },
    { name: "e", gpl: false },
  ]);
});

test("exports of assembly", () => {
  const text = "SYM_FUNC_START(fill)\n\tret\nSYM_FUNC_END(fill)\nEXPORT_SYMBOL(fill)\n";
  expect(harvestFile(parser, "arch/x86/lib/fill.S", text).exports).toEqual([{ name: "fill", gpl: false }]);
});

test("scopes: what their beginning and their end call", () => {
  const { scopes } = header(`DEFINE_GUARD(tap, struct tap *, tap_lock(_T), tap_unlock(_T))
DEFINE_GUARD_COND(tap, _try, tap_trylock(_T))
DEFINE_LOCK_GUARD_1(pin, struct pin, pin_lock(_T->lock),
		    pin_unlock(_T->lock))
DEFINE_LOCK_GUARD_0(quiet, quiet_begin(), quiet_end())
DEFINE_FREE(tap, struct tap *, if (!IS_ERR_OR_NULL(_T)) tap_put(_T))
DEFINE_CLASS(tap_ref, struct tap *, tap_put(_T), tap_get(id), int id)
EXTEND_CLASS(tap_ref, _now, tap_get_now(id), int id)`);
  expect(
    scopes.map(({ kind, name, type, enters, leaves, conditional }) => [kind, name, type, enters, leaves, conditional]),
  ).toEqual([
    ["guard", "tap", "struct tap *", ["tap_lock"], ["tap_unlock"], undefined],
    ["guard", "tap_try", "struct tap *", ["tap_trylock"], ["tap_unlock"], true],
    ["guard", "pin", "struct pin *", ["pin_lock"], ["pin_unlock"], undefined],
    ["guard", "quiet", "", ["quiet_begin"], ["quiet_end"], undefined],
    ["free", "tap", "struct tap *", [], ["tap_put"], undefined],
    ["class", "tap_ref", "struct tap *", ["tap_get"], ["tap_put"], undefined],
    ["class", "tap_ref_now", "struct tap *", ["tap_get_now"], ["tap_put"], undefined],
  ]);
  expect(scopes.map(({ line }) => line)).toEqual([1, 2, 3, 5, 6, 7, 8]);
});

test("members: callbacks without the names of their parameters, unnamed unions, arms that are not read", () => {
  const { members } = header(`struct tap_ops {
	int (*open)(struct tap *tap, int);
	union {
		u32 low, *high;
		struct list_head node;
	};
	u8 bits : 3;
#ifndef CONFIG_TAP
	void *rest;
#endif
	char name[16];
};`);
  expect(members.map(({ struct, member, type, line }) => [struct, member, type, line])).toEqual([
    ["struct tap_ops", "open", "int (*)(struct tap *, int)", 2],
    ["struct tap_ops", "low", "u32", 4],
    ["struct tap_ops", "high", "u32 *", 4],
    ["struct tap_ops", "node", "struct list_head", 5],
    ["struct tap_ops", "bits", "u8", 7],
    ["struct tap_ops", "name", "char[16]", 11],
    ["struct tap_ops", "rest", "", 9],
  ]);
});

test("uses: calls, references and tags; no comments, strings, members or declarations", () => {
  const wanted = new Set(["a", "b", "c", "d", "e", "f", "g", "struct tap"]);
  const text = `/* a() */ // a()
static struct tap t = { .open = b, .e = 1 };
int x = c(1) + t.d(2) + p->d; char *s = "f(1)"; int g;`;
  expect([...usesIn(text, wanted)]).toEqual(["struct tap", "b", "c"]);
  expect([...mentionsIn("#define x a\n/* b */ int c; // d", wanted)]).toEqual(["a", "c"]);
});

test("the version of a tree", () => {
  expect(versionIn("# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\n")).toBe("6.12.117");
  expect(versionIn("all:\n")).toBeUndefined();
});

describe("the program", () => {
  const folder = mkdtempSync(join(tmpdir(), "driverlab-extract-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tree = (name: string, patch: number, files: Readonly<Record<string, string>>): string => {
    const makefile = `VERSION = 6\nPATCHLEVEL = ${patch}\nSUBLEVEL = 3\n`;
    for (const [path, text] of Object.entries({ Makefile: makefile, "include/linux/kernel.h": "", ...files })) {
      const full = join(folder, name, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
    return join(folder, name);
  };
  const driver = "int f(struct tap *t)\n{\n\ttap_open(t, 0);\n\ttap_shut(t);\n\treturn tap_quick(t);\n}\n";
  const source = "int tap_open(struct tap *t, int how)\n{\n\treturn 0;\n}\nEXPORT_SYMBOL_GPL(tap_open);\n";
  const shared = "static inline int tap_quick(struct tap *t) { return 0; }\n";
  const older = tree("older", 1, {
    "include/linux/tap.h": `${shared}struct tap { int (*fn)(int); int old; };\nint tap_open(struct tap *, int);\nvoid tap_shut(struct tap *t);\nint tap_close(struct tap *);\n`,
    "drivers/tap/tap.c": `${source}int tap_close(struct tap *t) { return 0; }\nEXPORT_SYMBOL(tap_close);\n`,
    "drivers/tap/use.c": `${driver}int g(struct tap *t) { return tap_close(t); }\n`,
  });
  const newer = tree("newer", 12, {
    "include/linux/tap.h": `${shared}struct tap { int (*fn)(long); int fresh; };\n/* tap_close() went. */\nint tap_open(struct tap *, int);\n#define tap_shut(t) tap_shut_by(t, 0)\n`,
    "drivers/tap/tap.c": `\n${source}`,
    "drivers/tap/use.c": driver,
  });
  const run = (...args: string[]) => {
    const program = join(root, "server/knowledge/extract/main.ts");
    return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  };
  const written = (out: string): string[] =>
    ["functions.tsv", "gone.tsv", "members.tsv", "scopes.tsv"].map((name) =>
      readFileSync(join(folder, out, name), "utf8"),
    );

  test("writes the same for any number of workers, and tree by tree", () => {
    expect(run("--tree", newer, "--tree", older, "--out", join(folder, "a"), "--workers", "1").status).toBe(0);
    expect(run("--tree", older, "--tree", newer, "--out", join(folder, "b"), "--workers", "3").status).toBe(0);
    expect(written("b")).toEqual(written("a"));
    expect(run("--tree", newer, "--out", join(folder, "b")).status).toBe(0);
    expect(written("b")).toEqual(written("a"));
  });

  test("one line for what two versions have alike, two for what differs, and what is gone", () => {
    const [functions = "", gone = "", members = ""] = written("a");
    const table = decodeTable("functions", functions);
    expect([...table.keys()]).toEqual(["6.1.3", "6.12.3"]);
    expect(table.get("6.12.3")?.map(({ name, kind, line, uses }) => [name, kind, line, uses])).toEqual([
      ["tap_open", "function", 2, 1],
      ["tap_quick", "inline", 1, 1],
      ["tap_shut", "macro", 5, 1],
    ]);
    expect(functions.match(/^tap_open\t/gm)).toHaveLength(1);
    expect(functions.match(/^tap_shut\t/gm)).toHaveLength(2);
    expect(decodeGone(gone)).toEqual([
      { name: "tap_close", path: "drivers/tap/tap.c", line: 6, last: "6.1.3", first: "6.12.3" },
    ]);
    const held = decodeTable("members", members);
    expect(held.get("6.1.3")?.map(({ member, type }) => [member, type])).toEqual([
      ["fn", "int (*)(int)"],
      ["old", "int"],
    ]);
    expect(held.get("6.12.3")?.map(({ member }) => member)).toEqual(["fn", "fresh"]);
  });

  test.each([
    [[], "Which kernel?"],
    [["--tree", join(root, "no-such-folder")], "does not exist"],
    [["--tree", root], "is not a kernel tree"],
    [["--tree", newer, "--tree", newer], "of version 6.12.3"],
    [["--tree", newer, "--workers", "0"], "--workers"],
    [["--unknown"], "Usage:"],
  ])("refuses %j", (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
