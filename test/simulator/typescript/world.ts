// A world for compiled drivers without a kernel: flat memory, a few functions, a log of what was called.
import type {
  Activation,
  Image,
  KernelExport,
  KernelFunction,
  Memory,
  Program,
  Raw,
  Site,
  Stop,
  SymbolTable,
  World,
} from "../../../simulator/engine/interfaces.ts";
import { MemoryFault } from "../../../simulator/engine/interfaces.ts";
import { type Layout, layOut } from "../../../simulator/engine/layout.ts";
import { compile } from "../../../simulator/typescript/compile.ts";

const SIZE = 0x10000;

class FlatMemory implements Memory {
  readonly view = new DataView(new ArrayBuffer(SIZE));
  /** Checked accesses, in order. */
  readonly accesses: string[] = [];

  private at(address: number, bytes: number, isWrite: boolean): number {
    if (address < 0x1000 || address + bytes > SIZE) throw new MemoryFault(address, isWrite);
    return address;
  }

  load(address: number, bytes: 1 | 2 | 4, signed: boolean): number {
    this.at(address, bytes, false);
    this.accesses.push(`load ${bytes}`);
    const word = this.peek(address, bytes);
    const unused = 32 - 8 * bytes;
    return signed ? (word << unused) >> unused : word;
  }

  store(address: number, bytes: 1 | 2 | 4, value: number): void {
    this.at(address, bytes, true);
    this.accesses.push(`store ${bytes}`);
    this.poke(address, bytes, value);
  }

  load64(address: number, signed: boolean): bigint {
    this.at(address, 8, false);
    return signed ? this.view.getBigInt64(address, true) : this.view.getBigUint64(address, true);
  }

  store64(address: number, value: bigint): void {
    this.view.setBigUint64(this.at(address, 8, true), BigInt.asUintN(64, value), true);
  }

  peek(address: number, bytes: 1 | 2 | 4): number {
    if (bytes === 1) return this.view.getUint8(address);
    return bytes === 2 ? this.view.getUint16(address, true) : this.view.getUint32(address, true);
  }

  poke(address: number, bytes: 1 | 2 | 4, value: number): void {
    if (bytes === 1) this.view.setUint8(address, value);
    else if (bytes === 2) this.view.setUint16(address, value, true);
    else this.view.setUint32(address, value, true);
  }
}

const listHead: Layout = layOut("list_head", [
  ["next", { kind: "pointer", to: "void" }],
  ["prev", { kind: "pointer", to: "void" }],
]);
export const spinlock: Layout = layOut("spinlock_t", [["raw", { kind: "scalar", scalar: "u32" }]]);
const fileOperations: Layout = layOut("file_operations", [
  ["open", { kind: "pointer", to: "function" }],
  ["read", { kind: "pointer", to: "function" }],
  ["name", { kind: "pointer", to: "u8" }],
]);

type Call = KernelFunction["call"];

function fn(
  name: string,
  params: KernelFunction["params"],
  returns: KernelFunction["returns"],
  call: Call,
): KernelFunction {
  return { kind: "function", name, params, returns, call, steps: false };
}

export class FakeWorld implements World, SymbolTable {
  readonly memory = new FlatMemory();
  readonly functions = new Map<number, { image: Image; name: string; entry: unknown }>();
  readonly literals = new Map<string, number>();
  readonly log: string[] = [];
  readonly floats: string[] = [];
  readonly symbols = this;
  jumps: readonly Site[] = [];
  private top = 0x2000;
  private stackTop = 0x8000;
  readonly headers: Record<string, Record<string, KernelExport>>;

  constructor() {
    this.headers = {
      "linux/module": { module_init: fn("module_init", ["callback"], "void", ([f]) => this.note(`init ${f}`)) },
      "linux/printk": {
        KERN_INFO: { kind: "constant", value: "6" },
        pr_info: fn("pr_info", ["format"], "int", (args) => this.note(this.formatted(args)) ?? 0),
      },
      "linux/slab": {
        GFP_KERNEL: { kind: "constant", value: 0xcc0 },
        kzalloc: { ...fn("kzalloc", ["size", "u32"], "arg0", ([bytes]) => this.room(Number(bytes))), mayBeNull: true },
        kfree: fn("kfree", ["ptr"], "void", ([address]) => this.note(`kfree ${hex(address)}`)),
      },
      "linux/spinlock": {
        spinlock_t: spinlock,
        spin_lock_init: {
          ...fn("spin_lock_init", [spinlock], "void", ([, text]) => this.note(`init ${this.textAt(Number(text))}`)),
          stringizes: [0],
        },
        spin_lock: fn("spin_lock", [spinlock], "void", ([lock]) => this.note(`lock ${hex(lock)}`)),
      },
      "linux/list": { list_head: listHead },
      "linux/fs": {
        file_operations: fileOperations,
        register: fn("register", ["string", fileOperations], "int", ([name, fops]) => {
          this.note(`register ${this.textAt(Number(name))} ${hex(fops)}`);
          return 0;
        }),
        find: { ...fn("find", ["int"], spinlock, ([id]) => Math.min(Number(id), 0)), mayBeErrPtr: true },
        priv: fn("priv", ["ptr", "like"], "like", ([address]) => address),
        readl: fn("readl", ["iomem"], "u32", ([address]) => this.memory.peek(Number(address), 4)),
        ioremap: fn("ioremap", ["u32"], "iomem", ([address]) => address),
        wide: fn("wide", ["u64"], "u64", ([value]) => value),
        narrow: fn("narrow", ["int", "u8"], "int", ([a, b]) => this.note(`narrow ${a} ${b}`) ?? 0),
      },
      "driverlab/scenario": {
        ioctl: {
          ...fn("ioctl", ["int", "u32", "u32"], "int", ([a, b, c]) => this.note(`ioctl ${a} ${b} ${c}`) ?? 0),
          optional: 1,
        },
      },
      "linux/wait": {
        schedule: { ...fn("schedule", [], "int", () => this.blocking()), steps: true },
        call: { ...fn("call", ["callback", "int"], "int", ([f, x]) => this.calling(Number(f), x)), steps: true },
      },
    };
  }

  find(header: string, name: string): KernelExport | undefined {
    const names = this.headers[header];
    return names && Object.hasOwn(names, name) ? names[name] : undefined;
  }

  names(header: string): readonly string[] | undefined {
    const names = this.headers[header];
    return names && Object.keys(names).sort();
  }

  addFunction(image: Image, name: string, entry: unknown): number {
    const address = 0x7f000000 + 16 * this.functions.size;
    this.functions.set(address, { image, name, entry });
    return address;
  }

  literal(text: string): number {
    let address = this.literals.get(text);
    if (address === undefined) {
      address = this.room(text.length + 1);
      for (let i = 0; i < text.length; i++) this.memory.poke(address + i, 1, text.charCodeAt(i));
      this.literals.set(text, address);
    }
    return address;
  }

  textAt(address: number): string {
    let text = "";
    for (let at = address; this.memory.peek(at, 1) !== 0; at++) text += String.fromCharCode(this.memory.peek(at, 1));
    return text;
  }

  readonly stack = {
    push: (bytes: number): number => {
      this.stackTop -= (bytes + 7) & ~7;
      return this.stackTop;
    },
    mark: (): number => this.stackTop,
    release: (mark: number): void => {
      this.stackTop = mark;
    },
  };

  global(bytes: number): number {
    return this.room(bytes);
  }

  onFloat(value: number, target: string): void {
    this.floats.push(`${value} ${target}`);
  }

  room(bytes: number): number {
    const address = this.top;
    this.top += (bytes + 15) & ~15;
    return address;
  }

  private note(text: string): undefined {
    this.log.push(text);
  }

  private formatted(args: readonly Raw[]): string {
    return [this.textAt(Number(args[0])), ...args.slice(1).map(String)].join("|");
  }

  private *blocking(): Generator<Stop, Raw, Raw> {
    const woken = yield { kind: "block", on: { words: "a test" } };
    return woken ?? 0;
  }

  private *calling(address: number, x: Raw): Generator<Stop, Raw, Raw> {
    return yield { kind: "call", address, args: [x] };
  }
}

function hex(raw: Raw): string {
  return Number(raw).toString(16);
}

export interface Started {
  readonly program: Program;
  readonly world: FakeWorld;
  readonly image: Image;
}

/** A program in a world of its own, with its file scope run. */
/** `canJump`: calls of every function can leave one statement for another. */
export function start(text: string, more: Record<string, string> = {}, canJump = false): Started {
  const files = [{ path: "driver.ts", text }, ...Object.entries(more).map(([path, each]) => ({ path, text: each }))];
  const program = compile(files);
  const world = new FakeWorld();
  if (canJump) world.jumps = program.sites;
  const image = program.link(world);
  const problems = [...program.problems, ...(image.problems ?? [])];
  if (problems.length > 0)
    throw new Error(problems.map((one) => `${one.line}:${one.column} ${one.message}`).join("\n"));
  finish({ program, world, image }, image.start());
  return { program, world, image };
}

/** Statements as `run` stopped before them, and how it ended. */
export interface Ran {
  readonly sites: readonly number[];
  readonly end: Stop;
  readonly used: number;
}

/** Runs an activation to its end in slices, answering calls and blocks as a kernel would. */
export function finish(started: Started, activation: Activation, slice: () => number = () => 1e9): Ran {
  const sites: number[] = [];
  let used = 0;
  let value: Raw;
  for (;;) {
    const budget = slice();
    const stop = activation.run(budget, value);
    used += activation.used;
    if (activation.used > budget) throw new Error(`used ${activation.used} of ${budget}`);
    value = undefined;
    if (stop.kind === "done" || stop.kind === "fault") return { sites, end: stop, used };
    if (stop.kind === "budget" || stop.kind === "breakpoint") sites.push(activation.frames()[0]!.site.id);
    if (stop.kind === "block") value = 7;
    if (stop.kind === "call") {
      const { image, entry } = started.world.functions.get(stop.address)!;
      const inner = finish(started, image.call(entry, stop.args), slice);
      if (inner.end.kind !== "done") return inner;
      value = inner.end.value;
      used += inner.used;
    }
  }
}

/** The text of a fault, or the value. */
export function outcome(end: Stop): Raw | string {
  if (end.kind === "fault") return end.fault.message;
  return end.kind === "done" ? end.value : end.kind;
}
