// The device tree: a node for each device of the machine that no bus can enumerate, with its properties.
// Source: drivers/of
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { device_node, of_device_id, offsetOf } from "./layouts.ts";
import type { Statics } from "./statics.ts";
import { textAt } from "./text.ts";

/** Cells, texts, or nothing. */
export type Property = readonly number[] | readonly string[];

export class DeviceTree {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly nodes = new Map<number, Map<string, Property>>();
  private readonly byPhandle = new Map<number, number>();
  /** Phandles of labels, also of nodes that are still to come, and where nodes are that are there. */
  private readonly labels = new Map<string, { phandle: number; node: number }>();
  /** References to nodes besides the tree's own. */
  private readonly references = new Map<number, number>();

  constructor(core: Core, statics: Statics) {
    this.core = core;
    this.statics = statics;
  }

  /** A node, such as `serial@9000000`: the address of its `struct device_node`. Without a label it has its name as one. */
  add(name: string, properties: Readonly<Record<string, Property>>, label?: string): number {
    const address = this.statics.global(device_node.size, device_node.align, name);
    const { memory } = this.core;
    memory.poke(address + offsetOf(device_node, "name"), 4, this.statics.literal(name.replace(/@.*/, "")));
    memory.poke(address + offsetOf(device_node, "full_name"), 4, this.statics.literal(name));
    this.nodes.set(address, new Map(Object.entries(properties)));
    const own = label ?? name.replace(/@.*/, "").replace(/\W/g, "_");
    const phandle = this.cell(address, "phandle", 0) ?? this.labels.get(own)?.phandle ?? 0;
    if (phandle !== 0) this.byPhandle.set(phandle, address);
    this.labels.set(own, { phandle, node: address });
    return address;
  }

  /** A label whose node comes later. */
  reserve(label: string): void {
    this.labels.set(label, { phandle: this.freePhandle(), node: 0 });
  }

  /** The node with a label; 0: there is none yet. */
  labelled(label: string): number {
    return this.labels.get(label)?.node ?? 0;
  }

  /** The phandle of the node with a label, which it gets when somebody points to it; 0: there is no such label. */
  phandleOf(label: string): number {
    const known = this.labels.get(label);
    if (known === undefined) return 0;
    if (known.phandle === 0) known.phandle = this.freePhandle();
    if (known.node !== 0) this.byPhandle.set(known.phandle, known.node);
    return known.phandle;
  }

  private freePhandle(): number {
    const taken = [...this.byPhandle.keys(), ...[...this.labels.values()].map(({ phandle }) => phandle)];
    return Math.max(0, ...taken) + 1;
  }

  /** The latest node of a full name; 0: there is none. */
  named(name: string): number {
    const { memory } = this.core;
    const full = (node: number): string => textAt(memory, memory.peek(node + offsetOf(device_node, "full_name"), 4));
    return [...this.nodes.keys()].findLast((node) => full(node) === name) ?? 0;
  }

  set(node: number, name: string, value: Property): void {
    this.nodes.get(node)?.set(name, value);
  }

  /** All values of a property; undefined: there is none. */
  values(node: number, name: string): Property | undefined {
    return this.nodes.get(node)?.get(name);
  }

  /** of_device_is_available() */
  isAvailable(node: number): boolean {
    const [status] = this.values(node, "status") ?? ["okay"];
    return status === "okay" || status === "ok";
  }

  /** of_parse_phandle_with_args(): the n-th node of a property and what follows it there, or a negative errno. */
  followWithArgs(
    node: number,
    name: string,
    cellsName: string,
    index: number,
  ): { readonly node: number; readonly args: readonly number[] } | number {
    const list = (this.values(node, name) ?? []) as readonly number[];
    let left = index;
    for (let at = 0; at < list.length; left--) {
      const target = this.byPhandle.get(list[at]!) ?? 0;
      const cells = this.cell(target, cellsName, 0);
      if (cells === undefined) return -errno.EINVAL;
      if (left === 0) return { node: target, args: list.slice(at + 1, at + 1 + cells) };
      at += 1 + cells;
    }
    return -errno.ENOENT;
  }

  /** of_parse_phandle(): the node that a property points to, with a reference; 0: there is none. */
  follow(node: number, name: string, index: number): number {
    const phandle = index < 0 ? undefined : this.cell(node, name, index);
    return this.get(phandle === undefined ? 0 : (this.byPhandle.get(phandle) ?? 0));
  }

  /** of_node_get(): NULL is fine. */
  get(node: number): number {
    if (node !== 0) this.references.set(node, this.held(node) + 1);
    return node;
  }

  /** of_node_put(): NULL is fine. The tree's own reference is nobody's to give back. */
  put(node: number): void {
    if (node === 0) return;
    if (this.held(node) > 0) {
      this.references.set(node, this.held(node) - 1);
      return;
    }
    const name = textAt(this.core.memory, this.core.memory.peek(node + offsetOf(device_node, "full_name"), 4));
    const text = `OF: ERROR: of_node_release() detected bad of_node_put() on //${name}`;
    this.core.emit({ kind: "misuse", text, stack: this.core.stack() });
  }

  private held(node: number): number {
    this.core.memory.touch(node, 4, false);
    return this.references.get(node) ?? 0;
  }

  /** A number of a property; undefined: there is none. */
  cell(node: number, name: string, index: number): number | undefined {
    const value = this.nodes.get(node)?.get(name)?.[index];
    return typeof value === "number" ? value : undefined;
  }

  /** of_property_match_string(): where a text stands in a property; less than 0: nowhere. */
  indexOf(node: number, name: string, text: string): number {
    const list = this.nodes.get(node)?.get(name) as readonly string[] | undefined;
    return list?.indexOf(text) ?? -errno.EINVAL;
  }

  has(node: number, name: string): boolean {
    return this.nodes.get(node)?.has(name) ?? false;
  }

  /** Cell `index` of a property, to `*to`: 0, or a negative errno. */
  readU32(node: number, name: string, to: number, index = 0): number {
    const found = this.nodes.get(node)?.get(name);
    if (found === undefined) return -errno.EINVAL;
    if (found.length === 0) return -errno.ENODATA;
    const value = found[index];
    if (typeof value !== "number") return -errno.EOVERFLOW;
    this.core.memory.store(to, 4, value);
    return 0;
  }

  /** The first text of a property, to `*to`: 0, or a negative errno. */
  readString(node: number, name: string, to: number): number {
    const found = this.nodes.get(node)?.get(name);
    if (found === undefined) return -errno.EINVAL;
    if (found.length === 0) return -errno.ENODATA;
    if (typeof found[0] !== "string") return -errno.EILSEQ;
    this.core.memory.store(to, 4, this.statics.literal(found[0]));
    return 0;
  }

  isCompatible(node: number, compatible: string): boolean {
    const list = (this.nodes.get(node)?.get("compatible") ?? []) as readonly string[];
    return list.includes(compatible);
  }

  /** of_match_node(): the entry for what comes first in the node's list; 0: none. */
  match(table: number, node: number): number {
    if (table === 0 || node === 0) return 0;
    const list = (this.nodes.get(node)?.get("compatible") ?? []) as readonly string[];
    let best = 0;
    let rank = list.length;
    for (let id = table; !this.isEnd(id); id += of_device_id.size) {
      const found = list.indexOf(textAt(this.core.memory, id + offsetOf(of_device_id, "compatible")));
      if (found >= 0 && found < rank) [best, rank] = [id, found];
    }
    return best;
  }

  /** Whether a table has a `compatible` of this name, with or without a vendor before it. */
  hasName(table: number, name: string): boolean {
    if (table === 0 || name === "") return false;
    for (let id = table; !this.isEnd(id); id += of_device_id.size) {
      const own = textAt(this.core.memory, id + offsetOf(of_device_id, "compatible"));
      if (own === name || own.slice(own.indexOf(",") + 1) === name) return true;
    }
    return false;
  }

  private isEnd(id: number): boolean {
    const first = (member: string): number => this.core.memory.load(id + offsetOf(of_device_id, member), 1, false);
    return first("name") === 0 && first("type") === 0 && first("compatible") === 0;
  }
}
