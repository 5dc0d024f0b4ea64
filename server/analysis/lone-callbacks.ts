// Callbacks that come in pairs: tables that have the one and not the other.
import type { Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";

export interface LoneCallback extends Span {
  readonly table: string;
  readonly has: string;
  readonly lacks: string;
  /** What the kernel does between the two. */
  readonly between: string;
}

/** By struct: members of which the kernel calls the second to undo the first. */
const PAIRS: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  "struct dev_pm_ops": [
    ["suspend", "resume", "sleeps"],
    ["suspend_late", "resume_early", "sleeps"],
    ["suspend_noirq", "resume_noirq", "sleeps"],
    ["freeze", "thaw", "writes the image for hibernation"],
    ["runtime_suspend", "runtime_resume", "leaves the device idle"],
  ],
  "struct platform_driver": [["suspend", "resume", "sleeps"]],
  "struct seq_operations": [["start", "stop", "shows the elements"]],
  "struct net_device_ops": [["ndo_open", "ndo_stop", "uses the interface"]],
  "struct dma_buf_ops": [
    ["attach", "detach", "lets the device use the buffer"],
    ["map_dma_buf", "unmap_dma_buf", "lets the device use the buffer"],
  ],
  "struct snd_pcm_ops": [["open", "close", "plays"]],
  "struct block_device_operations": [["open", "release", "uses the disk"]],
};

export function loneCallbacks({ file }: Program): readonly LoneCallback[] {
  return file.unit.variables.flatMap(({ name, type, init }) => {
    const pairs = Object.hasOwn(PAIRS, type.base) && type.pointers === 0 ? PAIRS[type.base]! : [];
    if (init?.kind !== "initializer" || pairs.length === 0 || type.dimensions.length > 0) return [];
    // SET_SYSTEM_SLEEP_PM_OPS() and its like fill in several at once.
    if (init.items.some(({ path }) => path.length === 0)) return [];
    if (/[A-Z]_OPS\s*\(/.test(file.text.slice(init.start, init.end))) return [];
    const values = new Map(init.items.map(({ path, value }) => [path.join("."), value]));
    return pairs.flatMap(([first, second, between]): readonly LoneCallback[] => {
      const value = given(values.get(first));
      if (value === undefined || given(values.get(second)) !== undefined) return [];
      return [{ table: name, has: first, lacks: second, between, start: value.start, end: value.end }];
    });
  });
}

function given(value: Expr | undefined): Expr | undefined {
  return value === undefined || (value.kind === "name" && value.name === "NULL") ? undefined : value;
}
