// The interrupt that runs on a CPU, by its number and who asked for it: `11 (edu)`.
import type { Machine } from "../machine.ts";

export function interruptOn({ kernel }: Machine, cpu: number): string {
  const line = kernel.irqs.all.find(({ runningOn }) => runningOn === cpu);
  return line === undefined ? "" : `${line.irq} (${line.names.join(", ")})`;
}
