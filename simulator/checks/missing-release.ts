// Reports what a module obtained and did not give back before it was gone: memory in kmemleak's words, the rest in ours.

import { hex } from "../engine/interfaces.ts";
import type { Moment } from "../engine/trace.ts";
import type { StackEntry } from "../kernel/events.ts";
import { jiffiesAt } from "../kernel/jiffies.ts";
import type { Check, MemoryView } from "./check.ts";
import { warnLines } from "./oops.ts";
import { caller, frame, siteOf } from "./wording.ts";

/** What is allocated now: kmemleak's record of an object. */
interface Allocation {
  readonly address: number;
  readonly bytes: number;
  readonly moment: Moment;
  readonly stack: readonly StackEntry[];
}

const HEX_ROWS = 2;
const HEX_ROW_BYTES = 16;

export const missingRelease: Check = {
  id: "missing-release",
  summary: "A module leaves behind what it obtained",
  start(bench) {
    const live = new Map<number, Allocation>();
    return {
      alloc: ({ address, bytes, stack }, moment) => live.set(address, { address, bytes, moment, stack }),
      free: ({ address }) => live.delete(address),
      "objects-remain": ({ cache, objects, stack }, moment) => {
        const title = `BUG ${cache} (${bench.ledger.tainted}): Objects remaining on __kmem_cache_shutdown()`;
        const lines = [
          "=".repeat(77),
          title,
          "-".repeat(77),
          "",
          ...objects.flatMap(({ address, allocated }) => [
            `Object 0x${hex(address)}`,
            `Allocated in ${frame(allocated.stack.find(({ site }) => site !== undefined) ?? allocated.stack[0])} pid=${allocated.task}`,
          ]),
          ...warnLines(
            `kmem_cache_destroy ${cache}: Slab cache still has objects when called from ${frame(caller(stack))}`,
            stack,
            moment,
            bench.ledger,
          ),
        ];
        bench.report({ title, lines, site: siteOf(objects[0]?.allocated.stack ?? stack) ?? siteOf(stack) });
        bench.ledger.taint("W");
      },
      "module-leak": (event) => {
        const leaked = event.bytes > 0 ? [...live.values()].filter(({ stack }) => isSame(stack, event.stack)) : [];
        const title =
          leaked.length > 0
            ? `kmemleak: ${leaked.length} new suspected memory leaks (see /sys/kernel/debug/kmemleak)`
            : `${event.module}: gone, but ${event.count} ${event.what} it obtained ${event.count === 1 ? "is" : "are"} still there`;
        const lines =
          leaked.length > 0
            ? leaked.flatMap((allocation) => unreferenced(allocation, bench.memory))
            : ["  backtrace:", ...event.stack.map((entry) => `    ${frame(entry)}`)];
        bench.report({ title, lines: [title, ...lines], site: siteOf(event.stack) });
      },
    };
  },
};

/** Obtained by the same statement. */
function isSame(a: readonly StackEntry[], b: readonly StackEntry[]): boolean {
  const [one, other] = [siteOf(a), siteOf(b)];
  return one !== undefined && one === other;
}

/** `print_unreferenced()`: mm/kmemleak.c. */
function unreferenced({ address, bytes, moment, stack }: Allocation, memory: MemoryView): string[] {
  const jiffies = jiffiesAt(moment.nanos);
  const content = Array.from({ length: bytes }, (_, index) => memory.peek(address + index, 1));
  const shown = Math.min(bytes, HEX_ROWS * HEX_ROW_BYTES);
  const lines = [
    `unreferenced object 0x${hex(address)} (size ${bytes}):`,
    `  comm "${moment.comm}", pid ${moment.task}, jiffies ${jiffies}`,
    `  hex dump (first ${shown} bytes):`,
  ];
  for (let at = 0; at < shown; at += HEX_ROW_BYTES) lines.push(hexRow(content.slice(at, Math.min(at + 16, shown))));
  lines.push(`  backtrace (crc ${crc32(content).toString(16)}):`);
  return [...lines, ...stack.map((entry) => `    ${frame(entry)}`)];
}

function hexRow(bytes: readonly number[]): string {
  const codes = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const text = bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
  return `    ${codes.padEnd(HEX_ROW_BYTES * 3 - 1)}  ${text}`;
}

/** As the kernel calls it: little endian, from 0, without the final complement. */
function crc32(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320);
  }
  return crc >>> 0;
}
