// What drivers see of the kernel: the types enforce what the kernel's annotations say, and every function is explained.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { headerNames, symbolTable } from "../../simulator/api/index.ts";
import { Engine } from "../../simulator/engine/engine.ts";
import { LinearMemory } from "../../simulator/engine/memory.ts";
import { SeededPolicy } from "../../simulator/engine/policy.ts";
import { Kernel } from "../../simulator/kernel/kernel.ts";
import { treeForTests } from "../knowledge/kernel-trees.ts";
import { announcedIn, errorsIn } from "./type-check.ts";

const folder = join(import.meta.dirname, "../../simulator/api/declarations");

const imports = `
import { class_create } from "linux/device";
import { IS_ERR, PTR_ERR } from "linux/err";
import { type file, file_operations, type inode } from "linux/fs";
import { IRQ_HANDLED, request_irq } from "linux/interrupt";
import { readl } from "linux/io";
import { list_entry, list_for_each_entry, list_head } from "linux/list";
import { mutex, mutex_lock } from "linux/mutex";
import { type pci_dev, pci_driver, pci_get_drvdata, pci_iomap } from "linux/pci";
import { GFP_KERNEL, kcalloc, kfree, kmalloc, kzalloc } from "linux/slab";
import { spin_lock_irqsave, spin_unlock_irqrestore, spinlock_t } from "linux/spinlock";
import {
  addr, array, cast, char, container_of, type int, iomem, type IoMem, loff_t, offsetof, on_stack, ptr, type Ref, sizeof,
  type ssize_t, struct, u32, u64, u8, type UserPtr, user,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";
import { wait_event_interruptible, wait_queue_head_t } from "linux/wait";

const part = struct("part", { id: u32 });
const dev = struct("dev", {
  regs: iomem,
  lock: spinlock_t,
  mutex: mutex,
  wait: wait_queue_head_t,
  node: list_head,
  done: u32,
  stamp: u64,
  text: array(char, 16),
  parts: array(part, 4),
  next: ptr(part),
  data: ptr(),
});
const other = struct("other", { done: u32 });
`;

function check(body: string): void {
  const source = imports + body;
  expect(errorsIn(source)).toEqual(announcedIn(source));
}

test("a driver that tests what may fail and keeps pointers apart has no errors", () =>
  check(`
function open(inode: Ref<inode>, file: Ref<file>): int {
  const d = kzalloc(dev, GFP_KERNEL);
  if (!d) return -12;
  file.private_data = d;
  const bytes = kmalloc(64, GFP_KERNEL);
  if (bytes === null) return -12;
  const text = cast(array(u8, 64), bytes);
  text[0] = text.add(2)[1];
  const many = kcalloc(4, part, GFP_KERNEL);
  if (many) many[3].id = 5;
  const cls = class_create("dev");
  if (IS_ERR(cls)) return PTR_ERR(cls);
  kfree(cls);
  return d === cast(dev, file.private_data) ? 0 : -22;
}

function read(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<loff_t>): ssize_t {
  const d = cast(dev, file.private_data);
  ppos.value += copy_to_user(buf.add(1), d.text, sizeof(dev) + offsetof(dev, "lock"));
  return wait_event_interruptible(d.wait, () => d.done !== 0);
}

function use(d: Ref<typeof dev>, io: IoMem): Ref<typeof dev> {
  const flags = spin_lock_irqsave(d.lock);
  d.done += 1;
  d.stamp = 5n;
  d.text[3] = 1;
  d.parts[1].id = addr(d.text, 2).value + addr(d, "done").value;
  d.regs = io;
  d.next = d.parts[0];
  d.data = d;
  spin_unlock_irqrestore(d.lock, flags);
  for (const one of list_for_each_entry(d.node, dev, "node")) one.done = readl(one.regs.add(4));
  const position = on_stack(loff_t);
  position.value = 0;
  return container_of(addr(list_entry(d.node, dev, "node"), "done"), dev, "done");
}

function probe(pdev: Ref<pci_dev>): int {
  const d = pci_get_drvdata(pdev, dev);
  return request_irq(pdev.irq, (irq, data) => (data === d ? IRQ_HANDLED : IRQ_HANDLED), 0, "dev", d);
}

file_operations({ open, read });
pci_driver({ name: "dev", id_table: [{ vendor: 1, device: 2 }], probe });
`));

test("a result that may be NULL or an error must be tested", () =>
  check(`
function allocate(pdev: Ref<pci_dev>, d: Ref<typeof dev>): void {
  kzalloc(dev, GFP_KERNEL).done = 1; // error: TS2531
  const p = kmalloc(dev, GFP_KERNEL);
  p.done = 1; // error: TS18047
  const q: Ref<unknown> = kmalloc(16, GFP_KERNEL); // error: TS2322
  d.regs = pci_iomap(pdev, 0, 0); // error: TS2322
  kfree(class_create("dev")); // error: TS2345
  d.next.id = 1; // error: TS18047
}
`));

test("pointers to the kernel, to user space and to a device are three things", () =>
  check(`
function mix(d: Ref<typeof dev>, buf: UserPtr, regs: IoMem): void {
  readl(buf); // error: TS2741
  readl(d); // error: TS2345
  readl(16); // error: TS2345
  copy_from_user(buf, d.text, 1); // error: TS2741
  copy_from_user(d.text, d.text, 1); // error: TS2345
  copy_to_user(regs, d, 1); // error: TS2741
  kfree(buf); // error: TS2741
  kfree(regs); // error: TS2741
  d.regs = buf; // error: TS2741
  buf.value; // error: TS2339
}
`));

test("a reference is to one struct, and its members have its types", () =>
  check(`
function confuse(d: Ref<typeof dev>, irq: int): void {
  const o: Ref<typeof other> = d; // error: TS2322
  mutex_lock(d.lock); // error: TS2345
  d.lock = d.lock; // error: TS2540
  d.nothing; // error: TS2339
  d.done = "1"; // error: TS2322
  d.stamp = 1; // error: TS2322
  container_of(d.node, dev, "lock"); // error: TS2345
  container_of(d.node, dev, "nothing"); // error: TS2345
  for (const one of list_for_each_entry(d.node, dev, "lock")) one.done = 1; // error: TS2345
  kzalloc(GFP_KERNEL, dev); // error: TS2769
}
`));

test("locks are given back with their flags, handlers say what they did, operations fit", () =>
  check(`
function handler(irq: int, d: Ref<typeof other>) {
  return IRQ_HANDLED;
}
function install(d: Ref<typeof dev>): void {
  spin_unlock_irqrestore(d.lock); // error: TS2554
  spin_unlock_irqrestore(d.lock, 0); // error: TS2345
  request_irq(1, handler, 0, "dev", d); // error: TS2345
  request_irq(1, (irq, data) => 1, 0, "dev", d); // error: TS2322
  wait_event_interruptible(d.wait, d.done); // error: TS2345
  file_operations({ open: handler }); // error: TS2322
  file_operations({ opens: handler }); // error: TS2561
  pci_driver({ name: "dev", id_table: [] }); // error: TS2741
}
`));

test("what belongs to JavaScript's own world is not there", () =>
  check(`
console.log("hello"); // error: TS2584
setTimeout(() => {}, 1); // error: TS2304
const memory = process.memoryUsage(); // error: TS2591
`));

test("every function has a comment that says in which context it may run and where it comes from", () => {
  const silent = globSync("{asm,linux}/*.d.ts", { cwd: folder }).flatMap((path) => {
    // What belongs to the language rather than to the kernel has no context.
    if (path.endsWith("types.d.ts")) return [];
    return unexplained(path, /Context: |At file scope/);
  });
  expect(silent).toEqual([]);
  expect(globSync("driverlab/*.d.ts", { cwd: folder }).flatMap((path) => unexplained(path, /\w/))).toEqual([]);
  expect(unexplained("linux/types.d.ts", /\w/)).toEqual([]);
});

const linux = treeForTests("6.12");

/** Names that 6.12's macros paste together, and the one that is a keyword here: no file has them as a word. */
const pasted = /^((Set|Clear)PageReserved|input_abs_[gs]et_val|param_[gs]et_u?int|yield_)$/;

test.runIf(linux !== undefined)("what a comment gives as its source is a file of Linux 6.12 that has the name", () => {
  const texts = new Map<string, string | undefined>();
  const textOf = (path: string) => {
    const whole = join(linux!.folder, path);
    if (!texts.has(path)) texts.set(path, existsSync(whole) ? readFileSync(whole, "utf8") : undefined);
    return texts.get(path);
  };
  const wrong = globSync("{asm,kunit,linux,net}/**/*.d.ts", { cwd: folder }).flatMap((path) => {
    const comments = readFileSync(join(folder, path), "utf8").matchAll(
      /Source: ((?:(?!\*\/)[\s\S])*)\*\/(?:\n *export function (\w+))?/g,
    );
    return [...comments].flatMap(([, source, name]) => {
      const cited = source!.match(/[\w-]+(?:\/[\w.-]+)+\.[chS]\b/g) ?? [];
      const has = (file: string) => new RegExp(`\\b${name}\\b`).test(textOf(file) ?? "");
      const missing = cited.filter((file) => textOf(file) === undefined);
      const header = `include/${path.replace(/\.d\.ts$/, ".h")}`;
      const isThere = name === undefined || pasted.test(name) || [...cited, header].some(has);
      return [...missing.map((file) => `${path}: no ${file}`), ...(isThere ? [] : [`${path}: ${name} in ${cited}`])];
    });
  });
  expect(wrong).toEqual([]);
});

test("what drivers may import is declared", () => {
  const kernel = new Kernel(new Engine(new SeededPolicy(1), 1), new LinearMemory());
  const symbols = symbolTable(kernel);
  const missing = headerNames.flatMap((header) => {
    const declared = exportsOf(readFileSync(join(folder, `${header}.d.ts`), "utf8"));
    return symbols
      .names(header)!
      .filter((name) => !declared.has(name))
      .map((name) => `${header}: ${name}`);
  });
  expect(missing).toEqual([]);
});

function exportsOf(text: string): Set<string> {
  const own = [...text.matchAll(/^export (?:function|const|let) (\w+)/gm)].map((match) => match[1]!);
  const passedOn = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) => match[1]!.match(/\w+/g) ?? []);
  return new Set([...own, ...passedOn]);
}

/** Functions without a comment that says it; an overload is explained by the first of its name. */
function unexplained(path: string, what: RegExp): string[] {
  const text = readFileSync(join(folder, path), "utf8");
  const seen = new Set<string>();
  return [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export function (\w+)/g)].flatMap(([, comment, name]) => {
    const known = seen.has(name!);
    seen.add(name!);
    return known || (comment !== undefined && what.test(comment)) ? [] : [`${path}: ${name}`];
  });
}
