// Who may use floating point: nobody in the kernel but between kernel_fpu_begin() and kernel_fpu_end().
// Source: arch/x86/kernel/fpu/core.c
import type { Core } from "./core.ts";
import type { Resources } from "./resources.ts";

export class Fpu {
  private readonly core: Core;
  /** CPUs whose registers the kernel uses: in_kernel_fpu. */
  private readonly inUse = new Set<number>();

  constructor(core: Core) {
    this.core = core;
  }

  /** irq_fpu_usable(). */
  get isUsable(): boolean {
    const { core, inUse } = this;
    if (inUse.has(core.engine.cpu)) return false;
    return !core.inHardirq || !core.inSoftirq;
  }

  begin(): void {
    const { core } = this;
    core.preemptDisable();
    if (!this.isUsable) core.warn("arch/x86/kernel/fpu/core.c", 451, "kernel_fpu_begin_mask");
    this.inUse.add(core.engine.cpu);
  }

  end(): void {
    const { core } = this;
    if (!this.inUse.delete(core.engine.cpu)) core.warn("arch/x86/kernel/fpu/core.c", 474, "kernel_fpu_end");
    core.preemptEnable();
  }

  /** A program computes with a fraction: scenarios and models of devices may. */
  used(value: number, target: string, resources: Resources): void {
    const { core } = this;
    if (this.inUse.has(core.engine.cpu)) return;
    const stack = core.stack();
    const innermost = stack.find(({ site }) => site !== undefined);
    if (innermost === undefined || resources.moduleOf([innermost]) === undefined) return;
    core.emit({ kind: "float", value, target, stack });
  }
}
