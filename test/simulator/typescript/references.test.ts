// Structs and pointers of drivers, and how values cross to the kernel and back.
import { describe, expect, test } from "vitest";
import { finish, outcome, type Started, start } from "./world.ts";

const HEAD = `import { module_init } from "linux/module"; import { kzalloc, kfree, GFP_KERNEL } from "linux/slab"; import { list_head, list_for_each_entry, list_for_each_entry_safe } from "linux/list";
import { spinlock_t, spin_lock } from "linux/spinlock"; import { file_operations, register, find, priv, readl, ioremap, wide, narrow } from "linux/fs"; import { pr_info } from "linux/printk"; import { call } from "linux/wait";
import { struct, u8, s8, u16, u32, s32, u64, s64, bool, ptr, array, iomem, user, char, loff_t, size_t, on_stack, addr, cast, container_of, NULL, IS_ERR, PTR_ERR, ERR_PTR, sizeof, offsetof, type Ref, type UserPtr, type int, type long } from "linux/types";
const edu = struct("edu", { regs: iomem, lock: spinlock_t, a: u8, b: s8, c: u16, n: u32, big: u64, neg: s64, on: bool, buf: array(u8, 4), words: array(u32, 2), next: ptr(() => edu), any: ptr(), fn: ptr(), node: list_head, pos: loff_t });
`;

function run(body: string): Started & { result: unknown } {
  const started = start(`${HEAD}${body}\nmodule_init(main);`);
  const fn = [...started.world.functions.values()].find((one) => one.name === "main")!;
  return { ...started, result: outcome(finish(started, fn.image.call(fn.entry, [])).end) };
}

/** Expressions that must hold. */
function holds(setup: string, ...conditions: string[]): void {
  for (const condition of conditions) {
    expect(
      run(`function main(): int { const d = kzalloc(edu, GFP_KERNEL)!; ${setup}; return (${condition}) ? 1 : 0; }`)
        .result,
      condition,
    ).toBe(1);
  }
}

describe("a reference", () => {
  test("is one for each address, so that === compares pointers", () => {
    holds(
      "const e = kzalloc(edu, GFP_KERNEL)!; d.next = e; e.next = d",
      "d !== e",
      "d.next === e",
      "d.next!.next === d",
      "d.lock === d.lock",
      "container_of(d.node, edu, 'node') === d",
      "cast(edu, d.any) === null",
      "cast(edu, addr(d, 'n')) !== d",
      "d.buf === d.buf",
      "d.next!.next!.next === e",
      "d.next !== NULL",
    );
  });

  test("holds no data: members are read and written in memory, with their types", () => {
    holds(
      "d.a = 300; d.b = 200; d.c = -1; d.n = -1; d.big = 2n ** 64n + 5n; d.neg = -3n; d.on = true; d.pos = 5000000000",
      "d.a === 44",
      "d.b === -56",
      "d.c === 65535",
      "d.n === 4294967295",
      "d.big === 5n",
      "d.neg === -3n",
      "d.on === true",
      "d.pos === 5000000000",
    );
    holds("d.n = 1; d.n += 2; d.n++; d.n <<= 4; d.on = 2 as any", "d.n === 64", "d.on === true");
  });

  test("has aggregates by address, arrays by index", () => {
    holds(
      "d.buf[0] = 257; d.buf[3] = -1; d.words[1] = 9; let s = 0; for (const x of d.buf) s += x; const q = addr(d, 'n'); q.value = 8; const r = addr(d.words, 1)",
      "d.buf[0] === 1",
      "d.buf[3] === 255",
      "s === 256",
      "d.buf.length === 4",
      "d.n === 8",
      "q.value === 8",
      "r.value === 9",
      "d.words.add(1) === r",
      "sizeof(d.words) === 8",
    );
  });

  test("takes elements by numbers and by texts, and leaves arrays and objects to JavaScript", () => {
    holds(
      "const at = 1; let i = 0; const of: any[] = [d.words, [7, 8], { 1: 9 }]; const w = d.words; w[i++] = 4; w[i] = w[0] + i; w['1'] += 1; of[1][at] = 10; of[2][at] = of[1][at] + 1",
      "i === 1",
      "d.words[0] === 4",
      "w[at] === 6",
      "w.value === 4",
      "of[0][at] === 6",
      "of[1][at] === 10",
      "of[2][at] === 11",
      "of[1][of[1].length] === undefined",
      "(w[at] = 300) === 300",
      "((d.buf[at] = 300) as number) === 300",
      "(d.buf[at] = 300, d.buf[at]) === 44",
      "w.add(at).value === 6",
      "[...d.words].length === 2",
    );
    const wrong = (statement: string): unknown =>
      run(
        `function main() { const d = kzalloc(edu, GFP_KERNEL)!; const half = 0.5; const none: any = null; let x: any; ${statement}; return 0; }`,
      ).result;
    expect(wrong("x = d.words[half]")).toBe("a pointer has no member '0.5'");
    expect(wrong("d.words[half] = 1")).toBe("a pointer has no member '0.5'");
    expect(wrong("d.words['no' as any] = 1")).toMatch(
      /^request for member 'no' in something not a structure: .*Ref<typeof foo>/,
    );
    expect(wrong("(d.words as any).length = 1")).toBe("a pointer has no member 'length'");
    expect(wrong("x = none[half]")).toBe("BUG: kernel NULL pointer dereference, address: 00000000");
    expect(wrong("none[half] = 1")).toBe("BUG: kernel NULL pointer dereference, address: 00000000");
    expect(wrong("x = x[half]")).toBe(
      "the driver stopped: TypeError: Cannot read properties of undefined (reading '0.5')",
    );
  });

  test("of a pointer member is null, a reference, or what it points to", () => {
    holds(
      "d.regs = ioremap(0x4000)!; d.any = d; d.fn = main as any; d.next = null",
      "d.regs === ioremap(0x4000)",
      "d.regs.add(4) === ioremap(0x4004)",
      "cast(edu, d.any) === d",
      "d.next === null",
      "d.any !== null",
    );
  });

  test("says that C's arithmetic is a call", () => {
    const result = (expression: string): unknown =>
      run(`function main() { const d = kzalloc(edu, 0) as any; d.regs = ioremap(0x4000); return ${expression}; }`)
        .result;
    const how = "is used as a number or a text: p + n of C is written p.add(n)";
    expect(result("d.regs + 4")).toBe(`an __iomem pointer ${how}`);
    expect(result("d.words + 1")).toBe(`a pointer ${how}`);
    expect(result("d + 1")).toBe(`struct edu ${how}`);
  });

  test("says which member it lacks", () => {
    expect(run("function main(): int { return (kzalloc(edu, 0) as any).nn; }").result).toBe(
      "struct edu has no member named 'nn'",
    );
    expect(run("function main() { (kzalloc(edu, 0) as any).nn = 1; }").result).toBe(
      "struct edu has no member named 'nn'",
    );
    expect(run("function main() { (kzalloc(edu, 0) as any).lock = 1; }").result).toBe(
      "edu.lock: a struct is no number",
    );
  });

  test("knows sizes and offsets", () => {
    holds(
      "",
      "sizeof(u32) === 4",
      "sizeof(array(u16, 3)) === 6",
      "offsetof(edu, 'lock') === 4",
      "offsetof(edu, 'big') === 16",
      "sizeof(edu) % 8 === 0",
    );
  });

  test("on the stack is given back", () => {
    const { result } =
      run(`function g() { const v = on_stack(edu); v.n = 3; const w = on_stack(u32); w.value = v.n + 1; return w; }
      function main(): int { const a = g(); const b = g(); return a === b && b.value === 4 ? 1 : 0; }`);
    expect(result).toBe(1);
  });

  test("walks lists, while entries are taken out too", () => {
    const build = `const head = on_stack(list_head); const items: any[] = []; let prev: any = head;
      for (const n of [1, 2, 3]) { const e = kzalloc(edu, 0)!; e.n = n; prev.next = e.node; prev = e.node; items.push(e); } prev.next = head; let s = "";`;
    holds(`${build} for (const p of list_for_each_entry(head, edu, "node")) s += p.n`, 's === "123"');
    holds(
      `${build} for (const p of list_for_each_entry_safe(head, edu, "node")) { s += p.n; p.node.next = null; }`,
      's === "123"',
    );
    holds(
      `${build} for (const p of list_for_each_entry(head, edu, "node")) { if (p.n === 2) break; s += p.n; }`,
      's === "1"',
    );
  });
});

describe("casts and conversions", () => {
  test("wrap", () => {
    holds(
      "",
      "u8(-1) === 255",
      "s8(255) === -1",
      "u16(65536) === 0",
      "u32(-1) === 4294967295",
      "s32(4294967295) === -1",
      "u64(-1) === 2n ** 64n - 1n",
      "s64(2n ** 63n) === -(2n ** 63n)",
      "size_t(-1) === 4294967295",
      "bool(7) === true",
      "char(-1) === 255",
    );
  });

  test("name a macro's argument as it was written", () => {
    const { world } = run(`import { spin_lock_init } from "linux/spinlock";
      function main() { const d = kzalloc(edu, 0)!; spin_lock_init(d.lock); const other = d; spin_lock_init(other!.lock); }`);
    expect(world.log.slice(1)).toEqual(["init d.lock", "init other.lock"]);
  });

  test("fill in what a scenario leaves out, and take pointers as numbers", () => {
    const { world } = run(`import { ioctl } from "driverlab/scenario";
      function main() { ioctl(3, 1); ioctl(3, 1, user(0x44)); }`);
    expect(world.log.slice(1)).toEqual(["ioctl 3 1 0", "ioctl 3 1 68"]);
  });

  test("wrap arguments and results", () => {
    const { world } = run(
      "function main() { narrow(4294967295, 257); return wide(-1) === 2n ** 64n - 1n && wide(5n) === 5n ? 0 : 1; }",
    );
    expect(world.log.at(-1)).toBe("narrow -1 1");
  });

  test("report fractions where they become integers", () => {
    const { world } = run(
      `function main() { const d = kzalloc(edu, 0)!; d.n = 7 / 2; d.c = Math.trunc(7 / 2); d.a = (7 / 2) | 0; narrow(1 / 4, 0); return u32(1.5); }`,
    );
    expect(world.floats).toEqual(["3.5 edu.n", "0.25 argument 1 of narrow", "1.5 u32"]);
  });

  test("give error pointers", () => {
    holds(
      "const p = find(-12), q = find(0)",
      "IS_ERR(p)",
      "PTR_ERR(p as any) === -12",
      "!IS_ERR(q)",
      "q === null",
      "IS_ERR(ERR_PTR(-5))",
      "PTR_ERR(ERR_PTR(-5)) === -5",
      "ERR_PTR(-12) === p",
    );
  });

  test("type results like a layout, or like what was allocated", () => {
    holds(
      "d.n = 5; const raw = kzalloc(16, 0) as any; raw[2] = 300",
      "(priv(d, edu) as any).n === 5",
      "priv(d, edu) === d",
      "raw[2] === 44",
      "cast(u32, raw).value === 44 << 16",
      "(kzalloc(array(u32, 2), 0) as any).length === 2",
    );
  });

  test("refuse what is neither number nor pointer", () => {
    expect(run("function main() { narrow({} as any, 1); }").result).toBe(
      "argument 1 of narrow: a number is expected, not a pointer or an object",
    );
    expect(run("function main() { kfree({} as any); }").result).toBe(
      "argument 1 of kfree: a pointer is expected, not a object",
    );
    expect(run("function main() { const d = kzalloc(edu, 0)!; d.n = undefined as any; }").result).toBe(
      "edu.n: a number is expected, not undefined",
    );
  });
});

describe("tables of operations", () => {
  test("are structs at file scope, with functions by address", () => {
    const { world } =
      run(`function open(f: Ref<unknown>): int { return 7; } const fops = file_operations({ open, read: () => 8, name: "edu" });
      function main(): int { return register("edu0", fops) + (fops.open as any)(null); }`);
    const text = world.log.find((one) => one.startsWith("register"))!;
    const address = Number.parseInt(text.split(" ")[2]!, 16);
    expect(text).toMatch(/^register edu0 /);
    expect(world.functions.get(world.memory.peek(address, 4))!.name).toBe("open");
    expect(world.functions.get(world.memory.peek(address + 4, 4))!.name).toBe("read");
    expect(world.textAt(world.memory.peek(address + 8, 4))).toBe("edu");
  });

  test("may have arrays of structs written in place, which end with an empty one", () => {
    const { result } =
      run(`const id = struct("id", { vendor: u32, name: array(char, 6) }); const drv = struct("drv", { ids: ptr(id), one: id });
      const it = drv({ ids: [{ vendor: 1, name: "one" }, { vendor: 2 }] as any, one: { vendor: 9 } as any });
      function main(): int { const t = cast(array(id, 3), it.ids) as any; return t[0].vendor + t[1].vendor * 10 + t[2].vendor * 100 + (t[0].name[1] === 110 ? 1000 : 0) + it.one.vendor * 10000; }`);
    expect(result).toBe(1 + 20 + 1000 + 90000);
  });
});

describe("the kernel's arguments", () => {
  const called = (annotation: string, raw: number | bigint, test: string): unknown => {
    const started = start(
      `${HEAD}type Mine = Ref<typeof edu>; function main(x: ${annotation}) { return (${test}) ? 1 : 0; } module_init(main);`,
    );
    const { image, entry } = [...started.world.functions.values()][0]!;
    return outcome(image.call(entry, [raw]).run(100));
  };

  test.each([
    ["int", 0xffffffff, "x === -1"],
    ["u32", -1, "x === 4294967295"],
    ["number", 5, "x === 5"],
    ["boolean", 2, "x === true"],
    ["bigint", 5, "x === 5n"],
    ["loff_t", 5_000_000_000n, "x === 5000000000"],
    ["Ref<typeof edu>", 0x2000, "x === cast(edu, 0x2000 as any)"],
    ["Ref<typeof edu> | null", 0, "x === null"],
    ["Mine", 0x2000, "sizeof(x) === sizeof(edu)"],
    ["Ref<spinlock_t>", 0x2000, "sizeof(x) === 4"],
    ["Ref<ArrayOf<typeof edu>>", 0x2000, "x[1] === cast(edu, (0x2000 + sizeof(edu)) as any)"],
    ["Ref<ArrayOf<typeof edu>> | null", 0, "x === null"],
    ["Ref<typeof loff_t>", 0x2000, "(x.value = 5, x.value === 5)"],
    ["UserPtr", 0x2000, "x.add(4) === user(0x2004)"],
    ["Ref<unknown>", 0x2000, "cast(edu, x) === cast(edu, 0x2000 as any)"],
    ["any", 0x2000, "x !== null"],
  ])("%s of %s", (annotation, raw, condition) => expect(called(annotation, raw, condition)).toBe(1));

  test.each([
    ["null", 0],
    ["true", 1],
    ["-5", -5],
    ["5n", 5n],
    ["undefined", undefined],
    ["ERR_PTR(-12)", 0xfffffff4],
    ["cast(edu, 0x3000 as any)", 0x3000],
  ])("and results: %s", (value, raw) => expect(run(`function main(): any { return ${value}; }`).result).toBe(raw));
});
