// The wording of KASAN's reports: what was touched, who got and gave back the memory, and the shadow around it.

import { hex } from "../engine/interfaces.ts";
import type { BadAccess } from "../engine/memory.ts";
import type { Moment } from "../engine/trace.ts";
import type { HeapObject, StackEntry } from "../kernel/events.ts";
import type { Bench, MemoryView, Report } from "./check.ts";
import { comm, dumpStack, frame, RULER, siteOf } from "./wording.ts";

/** Bytes of memory that one byte of shadow speaks for. */
const GRANULE_BYTES = 8;
const SHADOW_BYTES_A_ROW = 16;
const ROW_BYTES = SHADOW_BYTES_A_ROW * GRANULE_BYTES;
const ROWS_AROUND = 2;

/** What KASAN has found, before it is put into words. */
export interface Finding {
  /** `slab-use-after-free`. */
  readonly bug: string;
  /** `Read of size 4 at addr 10002040`. */
  readonly access: string;
  readonly address: number;
  readonly object: HeapObject | undefined;
  readonly stack: readonly StackEntry[];
  /** Whom the title names. */
  readonly culprit: StackEntry | undefined;
}

/** They report the address that they return to, mm/kasan/shadow.c. */
const BLAME_THE_CALLER: ReadonlySet<string> = new Set(["memcpy", "memmove", "memset"]);

export function kasanOfAccess(
  access: BadAccess,
  object: HeapObject | undefined,
  stack: readonly StackEntry[],
): Finding {
  const { address, bytes, isWrite, code } = access;
  return {
    bug: bugOfShadow(code, object),
    access: `${isWrite ? "Write" : "Read"} of size ${bytes} at addr ${hex(address)}`,
    address,
    object,
    stack,
    culprit: stack.find(({ fn, site: at }) => at !== undefined || !BLAME_THE_CALLER.has(fn)),
  };
}

/** `print_report()`: mm/kasan/report.c. There is no struct page to dump: the simulated slab has no pages. */
export function kasanReport(finding: Finding, moment: Moment, { memory, ledger }: Bench): Report {
  const { address, object, stack } = finding;
  const title = `BUG: KASAN: ${finding.bug} in ${frame(finding.culprit)}`;
  const lines = [RULER, title, `${finding.access} by task ${comm(moment)}`, "", ...dumpStack(moment, stack, ledger)];
  // User space has no shadow.
  if (memory.isMapped(address) && finding.bug !== "user-memory-access") {
    lines.push("");
    if (object !== undefined) lines.push(...describeObject(finding, object), "");
    lines.push(...shadowAround(address, memory));
  }
  ledger.taint("B");
  return { title, lines: [...lines, RULER], site: siteOf(stack) };
}

/** `kasan_get_bug_type()`, generic KASAN: mm/kasan/report_generic.c. */
function bugOfShadow(code: number, object: HeapObject | undefined): string {
  switch (code) {
    case 0xfa:
    case 0xfb:
      return "slab-use-after-free";
    case 0xf9:
      return "global-out-of-bounds";
    case 0xf8:
      return "vmalloc-out-of-bounds";
    case 0xf1:
    case 0xf2:
    case 0xf3:
    case 0xf4:
      return "stack-out-of-bounds";
    case 0xfc:
    case 0xfe:
      return "slab-out-of-bounds";
    case 0xff:
      // Memory that nobody has had yet; the real allocator's free pages look the same.
      return object === undefined ? "wild-memory-access" : "slab-out-of-bounds";
    default:
      return "slab-out-of-bounds";
  }
}

function describeObject({ address, bug }: Finding, object: HeapObject): string[] {
  const end = object.address + object.bytes;
  const [distance, relation] =
    address < object.address
      ? [object.address - address, "to the left"]
      : address >= end
        ? [address - end, "to the right"]
        : [address - object.address, "inside"];
  const state = { "slab-out-of-bounds": "allocated ", "slab-use-after-free": "freed " }[bug] ?? "";
  const range = `[${hex(object.address)}, ${hex(end)})`;
  return [
    ...track("Allocated", object.allocated),
    ...(object.freed === undefined ? [] : track("Freed", object.freed)),
    `The buggy address belongs to the object at ${hex(object.address)}`,
    ` which belongs to the cache ${object.cache} of size ${cacheBytes(object)}`,
    `The buggy address is located ${distance} bytes ${relation} of`,
    ` ${state}${object.bytes}-byte region ${range}`,
  ];
}

function track(what: string, { task, stack }: HeapObject["allocated"]): string[] {
  return [`${what} by task ${task}:`, ...stack.map((entry) => ` ${frame(entry)}`), ""];
}

/** A general cache says its size in its name; one of a driver's own holds objects of one size. */
function cacheBytes(object: HeapObject): number {
  const [, number, unit] = /^kmalloc-(?:\w+-)?(\d+)(k?)$/.exec(object.cache) ?? [];
  return number === undefined ? object.bytes : Number(number) * (unit === "k" ? 1024 : 1);
}

/** `print_memory_metadata()`: mm/kasan/report.c. */
function shadowAround(address: number, memory: MemoryView): string[] {
  const middle = address - (address % ROW_BYTES);
  const lines = ["Memory state around the buggy address:"];
  for (let row = -ROWS_AROUND; row <= ROWS_AROUND; row++) {
    const start = middle + row * ROW_BYTES;
    const codes = Array.from({ length: SHADOW_BYTES_A_ROW }, (_, index) =>
      memory
        .shadowAt(start + index * GRANULE_BYTES)
        .toString(16)
        .padStart(2, "0"),
    );
    lines.push(`${row === 0 ? ">" : " "}${hex(start)}: ${codes.join(" ")}`);
    if (row === 0) {
      const before = ">00000000: ".length + Math.floor((address - middle) / GRANULE_BYTES) * "00 ".length;
      lines.push(`${" ".repeat(before)}^`);
    }
  }
  return lines;
}
