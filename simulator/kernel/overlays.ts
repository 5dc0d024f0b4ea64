// Device tree overlays: what a board has besides the machine's own devices, added while the system runs.
// Source: drivers/of/overlay.c, drivers/of/platform.c
import type { Steps } from "../engine/interfaces.ts";
import type { DeviceTree, Property } from "./device-tree.ts";
import { type Cell, type Fragment, readDeviceTree, SourceError, type SourceNode } from "./device-tree-source.ts";
import { errno } from "./errno.ts";
import type { I2c } from "./i2c.ts";
import type { Platform } from "./platform.ts";
import type { Log } from "./printk.ts";

/** The parts of the kernel that it stands on. */
interface Parts {
  readonly log: Log;
  readonly tree: DeviceTree;
  readonly platform: Platform;
  readonly i2c: I2c;
}

/** of_overlay_fdt_apply() of what a compiler would make of this source: 0, or -EINVAL. */
export function* applyOverlay({ log, tree, platform, i2c }: Parts, text: string): Steps<number> {
  let fragments: readonly Fragment[];
  try {
    fragments = readDeviceTree(text);
    for (const { target, line } of fragments) {
      if (target !== "/" && tree.labelled(target) === 0) throw new SourceError(line, `there is no node &${target}`);
    }
    for (const { body } of fragments) name(tree, body);
    for (const { target, body } of fragments) add(tree, tree.labelled(target), body);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    log.write(`OF: overlay: line ${error.line}: ${error.message}`, 3);
    return -errno.EINVAL;
  }
  for (const { target, body } of fragments) {
    for (const { name: full } of body.children) {
      const node = tree.named(full);
      if (!tree.has(node, "compatible") || !tree.isAvailable(node)) continue;
      if (target === "/") yield* platform.populate(node, full);
      else yield* i2c.populate(tree.labelled(target), node);
    }
  }
  return 0;
}

/** Nodes with a label can be pointed to before they are there. */
function name(tree: DeviceTree, node: SourceNode): void {
  if (node.label !== undefined) tree.reserve(node.label);
  for (const child of node.children) name(tree, child);
}

function add(tree: DeviceTree, target: number, body: SourceNode): void {
  for (const [property, values] of body.properties) {
    if (target !== 0) tree.set(target, property, resolved(tree, values));
  }
  for (const child of body.children) {
    const properties = [...child.properties].map(([own, values]) => [own, resolved(tree, values)] as const);
    const node = tree.add(child.name, Object.fromEntries(properties), child.label);
    add(tree, node, { ...child, properties: new Map() });
  }
}

function resolved(tree: DeviceTree, values: readonly (Cell | string)[]): Property {
  return values.map((value) => {
    if (typeof value !== "object") return value;
    const phandle = tree.phandleOf(value.label);
    if (phandle === 0) throw new SourceError(value.line, `there is no node &${value.label}`);
    return phandle;
  }) as unknown as Property;
}
