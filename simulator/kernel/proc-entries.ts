// What the kernel itself shows in /proc: its tables of interrupts, bus addresses, modules, device numbers and caches.
import { roundUp } from "../engine/layout.ts";
import { PAGE_SIZE } from "./addresses.ts";
import type { Block } from "./block.ts";
import type { Caches } from "./caches.ts";
import type { CharDevices } from "./char-devices.ts";
import type { Core } from "./core.ts";
import type { Interrupts } from "./irq.ts";
import { module as module_layout } from "./layouts.ts";
import type { Modules } from "./modules.ts";
import type { Procfs } from "./procfs.ts";
import type { ResourceTree } from "./resource-tree.ts";

/** Three digits are the narrowest, kernel/irq/proc.c. */
const IRQ_DIGITS = 3;

/** The parts of the kernel whose tables are shown. */
interface Tables {
  readonly core: Core;
  readonly irqs: Interrupts;
  readonly regions: ResourceTree;
  readonly modules: Modules;
  readonly chardevs: CharDevices;
  readonly block: Block;
  readonly caches: Caches;
  readonly proc: Procfs;
}

export function addProcEntries(kernel: Tables): void {
  const { proc } = kernel;
  proc.addText("interrupts", () => interrupts(kernel));
  proc.addText("iomem", () => claims(kernel, "iomem", 8));
  proc.addText("ioports", () => claims(kernel, "ioports", 4));
  proc.addText("modules", () => modules(kernel));
  proc.addText("devices", () => devices(kernel));
  proc.addText("slabinfo", () => slabinfo(kernel));
}

function interrupts({ irqs, core }: Tables): string {
  const { cpuCount } = core.engine;
  const cpus = Array.from({ length: cpuCount }, (_, cpu) => cpu);
  const head = `${" ".repeat(IRQ_DIGITS + 8)}${cpus.map((cpu) => `CPU${String(cpu).padEnd(8)}`).join("")}\n`;
  const lines = [...irqs.all]
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => a.irq - b.irq)
    .map(({ irq, counts, type, names }) => {
      const number = String(irq).padStart(IRQ_DIGITS);
      const each = cpus.map((cpu) => `${String(counts[cpu] ?? 0).padStart(10)} `).join("");
      return `${number}: ${each} ${"GIC".padStart(8)} ${number} ${type.padEnd(8)}  ${names.join(", ")}\n`;
    });
  return head + lines.join("");
}

function claims({ regions }: Tables, kind: "iomem" | "ioports", digits: number): string {
  const text = (value: number): string => value.toString(16).padStart(digits, "0");
  return regions
    .of(kind)
    .map(({ start, end, name }) => `${text(start)}-${text(end)} : ${name}\n`)
    .join("");
}

/** The last that was loaded comes first. */
function modules({ modules: loaded }: Tables): string {
  const states = { loading: "Loading", live: "Live", going: "Unloading", gone: "" };
  return [...loaded.all]
    .reverse()
    .map(({ name, references, init, exit, state, address }) => {
      const users = init !== 0 && exit === 0 ? "[permanent]," : "-";
      const size = roundUp(module_layout.size, PAGE_SIZE);
      const at = `0x${address.toString(16).padStart(8, "0")}`;
      return `${name} ${size} ${references} ${users} ${states[state]} ${at} (O)\n`;
    })
    .join("");
}

function devices({ chardevs, block }: Tables): string {
  const line = ({ major, name }: { readonly major: number; readonly name: string }): string =>
    `${String(major).padStart(3)} ${name}\n`;
  const [characters, blocks] = [chardevs.majors, block.disks.registered].map((all) => all.map(line).join(""));
  return `Character devices:\n${characters}\nBlock devices:\n${blocks}`;
}

function slabinfo({ caches }: Tables): string {
  const head =
    "slabinfo - version: 2.1\n" +
    "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>" +
    " : tunables <limit> <batchcount> <sharedfactor>" +
    " : slabdata <active_slabs> <num_slabs> <sharedavail>\n";
  const lines = [...caches.all].reverse().map(({ name, objectSize, active }) => {
    const size = roundUp(objectSize, 8);
    const each = Math.max(1, Math.floor(PAGE_SIZE / size));
    const pages = Math.max(1, Math.ceil(size / PAGE_SIZE));
    const slabs = Math.ceil(active / each);
    const [objects, all, bytes] = [active, slabs * each, size].map((value) => String(value).padStart(6));
    const [six, four] = [(value: number) => String(value).padStart(6), (value: number) => String(value).padStart(4)];
    return (
      `${name.padEnd(17)} ${objects} ${all} ${bytes} ${four(each)} ${four(pages)}` +
      ` : tunables ${four(0)} ${four(0)} ${four(0)} : slabdata ${six(slabs)} ${six(slabs)} ${six(0)}\n`
    );
  });
  return head + lines.join("");
}
