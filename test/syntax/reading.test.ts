// The reading pass: each piece of kernel C comes out as long as it was and readable by plain tree-sitter-c.
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Language, type Node, Parser } from "web-tree-sitter";
import { type Reading, readKernelC } from "../../server/syntax/reading.ts";

interface Expected {
  readonly annotations?: readonly string[];
  readonly macroStatements?: readonly string[];
  readonly typeArguments?: readonly string[];
  /** Parts the shadow must contain, and must not. */
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
  readonly inactive?: number;
  readonly functions?: readonly string[];
}

let parser: Parser;

beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  const modules = join(import.meta.dirname, "../../node_modules");
  parser.setLanguage(await Language.load(join(modules, "tree-sitter-c/tree-sitter-c.wasm")));
});

function problems(node: Node): string[] {
  if (node.isError || node.isMissing) return [`${node.type} at ${node.startIndex}: ${node.text.slice(0, 60)}`];
  if (!node.hasError) return [];
  return node.children.flatMap((child) => (child ? problems(child) : []));
}

function checkShape(text: string, reading: Reading): void {
  expect(reading.shadow.length).toBe(text.length);
  for (let i = 0; i < text.length; i++) {
    if ((text[i] === "\n") !== (reading.shadow[i] === "\n")) throw new Error(`line break differs at ${i}`);
  }
}

function checkReads(text: string, expected: Expected = {}): void {
  const reading = readKernelC(text);
  checkShape(text, reading);
  const tree = parser.parse(reading.shadow)!;
  expect(problems(tree.rootNode), reading.shadow).toEqual([]);
  if (expected.annotations) {
    expect(reading.annotations.map((a) => (a.args === undefined ? a.name : `${a.name}(${a.args})`))).toEqual(
      expected.annotations,
    );
  }
  if (expected.macroStatements) expect([...reading.macroStatements.values()]).toEqual(expected.macroStatements);
  if (expected.typeArguments) {
    expect(reading.typeArguments.map(({ start, end }) => text.slice(start, end))).toEqual(expected.typeArguments);
  }
  if (expected.inactive !== undefined) expect(reading.inactive.length).toBe(expected.inactive);
  for (const part of expected.has ?? []) expect(reading.shadow).toContain(part);
  for (const part of expected.lacks ?? []) expect(reading.shadow).not.toContain(part);
  if (expected.functions) {
    const found = tree.rootNode.descendantsOfType("function_definition").map((node) => nameOf(node!));
    expect(found).toEqual(expected.functions);
  }
  tree.delete();
}

function nameOf(definition: Node): string {
  let node: Node | null = definition.childForFieldName("declarator");
  while (node?.childForFieldName("declarator")) node = node.childForFieldName("declarator");
  return node?.text ?? "";
}

/** Wraps statements in a function. */
function inFunction(body: string): string {
  return `static int demo(struct device *dev)\n{\n\t${body}\n\treturn 0;\n}\n`;
}

const files: readonly [string, string, Expected?][] = [
  ["annotations of a function", "static int __init demo_init(void)\n{\n\treturn 0;\n}\n", { annotations: ["__init"] }],
  [
    "annotations with arguments",
    "void demo_log(const char *fmt, ...) __printf(1, 2);\nint lock(void) __acquires(&demo_lock);\n",
    { annotations: ["__printf(1, 2)", "__acquires(&demo_lock)"] },
  ],
  [
    "address spaces",
    "static long demo_ioctl(struct file *f, void __user *arg);\nstatic void __iomem *base;\n",
    { annotations: ["__user", "__iomem"] },
  ],
  ["an annotation after the parameters", "static void demo(int a) __must_hold(lock)\n{\n}\n", { functions: ["demo"] }],
  [
    "a member named like an annotation",
    "int demo(struct s *p)\n{\n\treturn p->__user + p->noinline;\n}\n",
    { annotations: [] },
  ],
  [
    "packed records",
    "struct demo {\n\tu8 a;\n\tu16 b:3;\n\tu16 :5;\n} __packed __aligned(4);\n",
    { annotations: ["__packed", "__aligned(4)"] },
  ],
  [
    "an unknown macro in front of the type",
    "DEMO_SCOPE struct page *demo(int n)\n{\n\treturn NULL;\n}\n",
    { functions: ["demo"], lacks: ["DEMO_SCOPE"] },
  ],
  [
    "an unknown macro behind the parameters",
    "static int demo(int n) DEMO_LOCKS(x)\n{\n\treturn n;\n}\n",
    { functions: ["demo"] },
  ],
  [
    "an unknown macro behind the closing brace",
    "struct demo {\n\tint a;\n} DEMO_PACKED demo_list[4];\n",
    { has: ["demo_list"], lacks: ["DEMO_PACKED"] },
  ],
  ["a far pointer", "static unsigned char DEMO_MEM *demo_base = NULL;\n", { has: ["demo_base"], lacks: ["DEMO_MEM"] }],
  ["storage without a declarator", "static struct demo_stats {\n\tint reads;\n};\n"],
  [
    "module macros",
    'MODULE_LICENSE("GPL");\nMODULE_DEVICE_TABLE(of, demo_ids);\nmodule_param(debug, int, 0644);\n',
    { typeArguments: ["int"] },
  ],
  [
    "static macro invocations",
    "static DEFINE_MUTEX(demo_lock);\nstatic DEVICE_ATTR(mode, 0444, mode_show, NULL);\nstatic DECLARE_BITMAP(map, 32);\n",
    { has: ["DEFINE_MUTEX(demo_lock);", "DEVICE_ATTR(mode, 0444, mode_show, NULL);"] },
  ],
  ["macro invocations without semicolons", 'EXPORT_SYMBOL(demo_a)\n\nint a;\nMODULE_VERSION("1")\n'],
  ["a macro invocation that ends the file", 'DEMO_REGISTER(one, "two", 3)'],
  [
    "a variable declared by a macro",
    "static DEFINE_PER_CPU(struct demo, demo_cpu) = {\n\t.lock = INIT_LOCK(demo_cpu.lock),\n};\n",
    { has: ["demo_cpu", ".lock"] },
  ],
  [
    "a function defined by a macro",
    "DEMO_SYSCALL(demo_read, int, fd, char *, buf)\n{\n\treturn fd;\n}\n",
    { functions: ["demo_read"] },
  ],
  ["a static function defined by a macro", "static DEMO_SHOW(speed)\n{\n\treturn 0;\n}\n"],
  [
    "a macro that gives the type",
    "typedef DEMO_ARRAY(struct item) demo_items;\nstruct a {\n\tDEMO_PADDED(key) temp;\n};\n",
  ],
  [
    "member macros",
    "struct demo {\n\tDECLARE_BITMAP(map, 32);\n\tDECLARE_FLEX_ARRAY(u8, tail);\n\tstruct_group(addrs,\n\t\tu8 src[6];\n\t\tu8 dst[6];\n\t);\n};\n",
    { has: ["map[ 32]", "tail", "struct       addrs{", "u8 src[6];"] },
  ],
  [
    "a pointer to an array as a member",
    "struct demo {\n\tu32 (*table)[8];\n\tint (*open)(struct inode *i, struct file *f);\n};\n",
    { has: ["u32 (*table)[8];"] },
  ],
  ["a parameter that is a function", "void demo_set(u32 (*fn)(u32), s32 (*grid)[3][4]);\n"],
  [
    "designators",
    "static const struct ops demo_ops = {\n\topen: demo_open,\n\t.read = demo_read,\n\t[0 ... 3] = 1,\n\t[4] { 2 },\n};\n",
  ],
  [
    "initialiser macros without commas",
    "static const struct pm demo_pm = {\n\tSYSTEM_SLEEP_OPS(a, b)\n\tRUNTIME_OPS(c, d, NULL)\n\t.last = e,\n};\n",
    { has: [",RUNTIME_OPS"] },
  ],
  ["empty elements", "static int demo[] = { 1, , 2, };\n"],
  [
    "enumerators by macros",
    "enum demo {\n\tDEMO_A = 1,\n\tDEMO_LIST(x, y),\n\tDEMO_MORE\n\tDEMO_REST\n\tDEMO_END,\n};\n",
  ],
  ["numbers that macros paste", "static int demo = MODE(10000baseT_Full, 888PACK, 0x1f, 1_2, 3UL);\n"],
  [
    "strings glued to macros",
    'static const char *demo = KERN_INFO DEMO_NAME ": " __stringify(X) "a" PRIx64;\n',
    { has: ["KERN_INFO"] },
  ],
  ["a value in an included file", 'static const char *demo =\n#include "demo.h"\n;\n'],
  [
    "asm",
    'static int demo(int x)\n{\n\tasm volatile("nop" : [out] "=r" (x), MORE : "i" cpu_to_le32(3), CC(nz) (x) : "memory");\n\tasm goto("b %l0" : : : : out);\nout:\n\treturn x;\n}\n',
  ],
  ["an old prototype's macro", "static int demo(int a)\nDEMO_SUFFIX\n{\n\treturn a;\n}\n"],
];

const statements: readonly [string, string, Expected?][] = [
  [
    "iterators",
    "list_for_each_entry(p, &head, node) {\n\t\tuse(p);\n\t}\n\tfor_each_child(a, b)\n\t\tuse(b);",
    { macroStatements: ["list_for_each_entry", "for_each_child"] },
  ],
  [
    "guards",
    "guard(mutex)(&lock);\n\tscoped_guard(spinlock, &lock)\n\t\tuse(dev);\n\tscoped_cond_guard(mutex_intr, return -EINTR, &lock) {\n\t}",
    { macroStatements: ["scoped_guard", "scoped_cond_guard"] },
  ],
  ["cleanup", "char *p __free(kfree) = kzalloc(3, GFP_KERNEL);", { annotations: ["__free(kfree)"] }],
  ["an iterator with a short name", "each(x) {\n\t\tuse(x);\n\t}", { macroStatements: ["each"] }],
  ["an iterator without arguments", "demo_forever() {\n\t\tbreak;\n\t}", { macroStatements: ["demo_forever"] }],
  ["a loop macro that ends a do", "do {\n\t\tuse(t);\n\t} while_each_thread(g, t);"],
  [
    "types as arguments",
    "p = container_of(dev, struct demo, dev);\n\tn = min_t(unsigned int, a, b);\n\tq = va_arg(ap, struct foo *);\n\tr = va_arg(ap, u32 *);",
    { typeArguments: ["struct demo", "unsigned int", "struct foo *", "u32 *"], has: ["struct_demo", "unsigned_int"] },
  ],
  ["casts and sizes stay", "x = (struct foo __user *)arg + sizeof(struct foo) + sizeof(*x);", { typeArguments: [] }],
  ["a qualified cast", "x = (u8 DEMO_FAR *) y;"],
  ["typeof", "typeof(*p) x = 1;\n\t__typeof__(x) y = (typeof(x))2;\n\t__auto_type z = y;"],
  ["offsetof a nested member", "n = offsetof(struct demo, a.b[2]) + offsetof(struct demo, c);"],
  ["alignof an expression", "n = __alignof__(*p) + __alignof__(struct demo);"],
  ["operators as arguments", "if (compare(a, ==, b) || check(c, <))\n\t\treturn 1;"],
  ["empty arguments", "call(a, , b);\n\tcall(, x);\n\tcall(x, );"],
  ["case ranges", "switch (n) {\n\tcase 1 ... 5:\n\tcase 'a'...'z':\n\t\tbreak;\n\tdefault:\n\t}"],
  ["a label at the end of a block", "if (n) {\nout:\n\t}"],
  [
    "a macro without a semicolon",
    "DEMO_TRACE(dev)\n\tuse(dev);\n\tDEMO_DONE\n\tif (dev)\n\t\tDEMO_LOG(dev)\n\telse\n\t\tuse(dev);",
  ],
  [
    "statements as arguments",
    "poll(dev, 2000,\n\t\tif (ready(dev))\n\t\t\tbreak;\n\t);\n\tDEMO_DEBUG(if (dev) use(dev););\n\twait_cmd(q, cond, unlock(q), lock(q));",
    { has: ["if (ready(dev))", "{if (dev) use(dev);}"] },
  ],
  ["a block as an argument", "wait_event_cmd(q, ({ int r = test(q); r; }), { lock(q); }, unlock(q));"],
  ["braces as an argument", "init(dev, { 1, 2 }, .h = { 3, 4 }, [0 ... 2] = 5);"],
  [
    "a local macro declaration",
    "static DECLARE_WORK(work, demo_work);\n\tDECLARE_WAITQUEUE(wait, current);",
    { has: ["DECLARE_WORK(work, demo_work);"] },
  ],
  [
    "an arm around an else",
    "if (dev)\n\t\tuse(dev);\n#ifdef DEMO_OTHER\n\telse\n\t\tother(dev);\n#endif",
    { inactive: 1, lacks: ["other"] },
  ],
  [
    "arms that open one block",
    "#ifdef CONFIG_DEMO\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t\tuse(dev);\n\t}",
    { inactive: 1, has: ["if (a) {"], lacks: ["if (b)"] },
  ],
  ["a do without its semicolon", "do {\n\t\tuse(dev);\n\t} while (0)\n\tuse(dev);"],
  ["an if whose parentheses a macro brings", "if TIME_AFTER(a, b)\n\t\tuse(dev);"],
  ["a computed goto", "goto *table[n];"],
  ["nested functions of parentheses", "x = ((((a) + (b))) * (c ?: d));"],
  ["a range of bits", "x = BITS(val, 10:8) | y;"],
  [
    "a fallthrough",
    "switch (n) {\n\tcase 1:\n\t\tfallthrough;\n\tcase 2:\n\t\t__attribute__((fallthrough));\n\tdefault:\n\t\tbreak;\n\t}",
    { annotations: ["__attribute__((fallthrough))"] },
  ],
  ["a compound literal", "*p = (struct demo){ .a = 1, .b = { 2 } };"],
  ["local labels", "__label__ again, done;\nagain:\n\tuse(dev);\ndone:\n\tuse(dev);"],
];

describe("at file scope", () => {
  for (const [name, text, expected] of files) test(name, () => checkReads(text, expected));
});

describe("in a function", () => {
  for (const [name, body, expected] of statements) test(name, () => checkReads(inFunction(body), expected));
});

describe("preprocessor lines", () => {
  test("macros are taken with parameters, continuations joined, comments dropped", () => {
    const text = "#define DEMO(a, b) \\\n\tdo { a; /* both */ b; } while (0)\n#define EMPTY\n#define N 3 // three\n";
    const { macros } = readKernelC(text);
    expect(macros.map(({ name, params, body }) => [name, params, body.replace(/\s+/g, " ")])).toEqual([
      ["DEMO", ["a", "b"], "do { a; b; } while (0)"],
      ["EMPTY", undefined, ""],
      ["N", undefined, "3"],
    ]);
    for (const { name, nameSpan } of macros) expect(text.slice(nameSpan.start, nameSpan.end)).toBe(name);
    checkReads(text);
  });
  test("includes", () => {
    const { includes } = readKernelC('#include <linux/module.h>\n#  include "demo.h" /* ours */\n');
    expect(includes.map(({ path, system }) => [path, system])).toEqual([
      ["linux/module.h", true],
      ["demo.h", false],
    ]);
  });
  test("an arm of whole declarations stays readable and is marked", () => {
    checkReads("#ifdef CONFIG_A\nint a(void)\n{\n\treturn 1;\n}\n#else\nint b(void)\n{\n\treturn 0;\n}\n#endif\n", {
      inactive: 1,
      functions: ["a", "b"],
    });
  });
  test("an arm that is not whole goes", () => {
    checkReads("static int demo(int a\n#ifdef DEMO_MORE\n, int b\n#endif\n)\n{\n\treturn a;\n}\n", {
      inactive: 1,
      functions: ["demo"],
      lacks: ["int b"],
    });
  });
  test("comments in directives may run over lines", () => checkReads("#define A 1 /* one\n two */\nint a;\n"));
  const conditions: readonly [string, boolean][] = [
    ["#if 0", false],
    ["#if 1", true],
    ["#ifdef CONFIG_X", true],
    ["#ifndef CONFIG_X", false],
    ["#ifdef OTHER", false],
    ["#define OTHER\n#ifdef OTHER", true],
    ["#define OTHER 2\n#if OTHER > 1", true],
    ["#define OTHER\n#undef OTHER\n#ifdef OTHER", false],
    ["#if IS_ENABLED(CONFIG_X) && !defined(OTHER)", true],
    ["#if defined CONFIG_X_MODULE || UNKNOWN", true],
    ["#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)", false],
    ["#if BITS_PER_LONG == 64", true],
    ["#ifdef __BIG_ENDIAN", false],
    ["#if defined(__LITTLE_ENDIAN_BITFIELD)", true],
    ["#ifdef MODULE", true],
    ["#ifdef __KERNEL__", true],
    ["#if UNKNOWN > 3", true],
    ["#if 0 && UNKNOWN", false],
    ["#if (1 ? 0 : 1)", false],
  ];
  for (const [condition, on] of conditions) {
    test(condition.replaceAll("\n", " "), () => {
      const { shadow } = readKernelC(inFunction(`${condition}\nyes();\n#else\nno();\n#endif`));
      expect([shadow.includes("yes"), shadow.includes("no()")]).toEqual([on, !on]);
    });
  }
});

describe("any input", () => {
  const pieces = fc.constantFrom(
    ..."{ } ( ) [ ] ; , : = * & -> . ... # \" ' \\ / /* */ // ? ! < > == + ++ @".split(" "),
    ..."\n|\r\n|\r|\t| |\0|\ufeff|\\\n|é".split("|"),
    ..."if else for while do switch case default return goto break struct union enum int unsigned const static typedef".split(
      " ",
    ),
    ..."name foo FOO list_for_each_entry __user __init __free __attribute__ typeof offsetof sizeof asm 1 0x1f 3U 1_2 'c'".split(
      " ",
    ),
    '"text"',
    "#if 1\n",
    "#if 0\n",
    "#else\n",
    "#elif X\n",
    "#endif\n",
    "#define M(a) a \\\n b\n",
    "#include <a.h>\n",
    "struct_group(",
    "DECLARE_BITMAP(",
    "scoped_guard(",
    "container_of(",
  );
  test("tokens in any order keep length and line breaks", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(pieces, fc.constantFrom("", " ")), { maxLength: 120 }), (parts) => {
        const text = parts.flat().join("");
        checkShape(text, readKernelC(text));
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
  test("any characters keep length and line breaks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => checkShape(text, readKernelC(text))),
      { numRuns: 1000, seed: 7 },
    );
  });
  test("a file cut anywhere keeps length and line breaks", () => {
    const text = [...files.map(([, one]) => one), ...statements.map(([, one]) => inFunction(one))].join("\n");
    for (let cut = 0; cut < text.length; cut += 17) {
      checkShape(text.slice(0, cut), readKernelC(text.slice(0, cut)));
      checkShape(text.slice(cut, cut + 400), readKernelC(text.slice(cut, cut + 400)));
    }
  });
  test("the same text gives the same reading", () => {
    const text = inFunction(statements.map(([, body]) => body).join("\n"));
    expect(readKernelC(text)).toEqual(readKernelC(text));
  });
  test("nesting and repetition take linear time", () => {
    const many = [
      "(",
      "{",
      "[",
      "f(",
      "a ? ",
      "if (x) ",
      "({",
      "#if 1\n",
      "__printf(",
      "x = {",
      "struct a { ",
      "do ",
      '"',
      "/*",
      "a,",
      "FOO(x) ",
      "case ",
    ];
    for (const piece of many) {
      const text = piece.repeat(20_000);
      const begun = performance.now();
      checkShape(text, readKernelC(text));
      expect(performance.now() - begun, piece).toBeLessThan(2000);
    }
  });
});
