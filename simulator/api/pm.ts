// linux/pm: what drivers do when the system or their device sleeps.
import type { Steps } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { kernelFunction } from "../kernel/kernel-functions.ts";
import { dev_pm_ops, offsetOf } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

const SLEEP: readonly (readonly string[])[] = [
  ["suspend", "freeze", "poweroff"],
  ["resume", "thaw", "restore"],
];
const RUNTIME = ["runtime_suspend", "runtime_resume", "runtime_idle"];

export function pm(kernel: Kernel): Header {
  const { core, statics } = kernel;
  const header = new Header(core);
  header.layout("dev_pm_ops", dev_pm_ops);
  const define = (name: number, set: ReadonlyMap<string, number>): number => {
    const ops = statics.global(dev_pm_ops.size, dev_pm_ops.align, kernel.textAt(name));
    for (const [member, fn] of set) core.memory.poke(ops + offsetOf(dev_pm_ops, member), 4, fn);
    return ops;
  };
  for (const name of ["SIMPLE_DEV_PM_OPS", "DEFINE_SIMPLE_DEV_PM_OPS"]) {
    /** Operations for system sleep and hibernation, of two functions. At file scope. */
    header.plain(name, ["string", "callback", "callback"], dev_pm_ops, (text: number, ...fns: number[]) =>
      define(text, new Map(SLEEP.flatMap((members, index) => members.map((member) => [member, fns[index]!] as const)))),
    );
  }
  const { engine } = core;
  const { runtime } = kernel;
  // Made once, when a driver first asks for them.
  const forced = new Map<string, number>();
  const force = (name: string, run: (dev: number) => Steps<number>): number => {
    const known = forced.get(name) ?? kernelFunction(engine, name, (dev) => run(dev!));
    forced.set(name, known);
    return known;
  };
  /** Operations for runtime PM, which system sleep uses too. At file scope. */
  header.plain(
    "DEFINE_RUNTIME_DEV_PM_OPS",
    ["string", "callback", "callback", "callback"],
    dev_pm_ops,
    (text: number, ...fns: number[]) => {
      const suspend = force("pm_runtime_force_suspend", (dev) => runtime.forceSuspend(dev));
      const resume = force("pm_runtime_force_resume", (dev) => runtime.forceResume(dev));
      const sleep = SLEEP.flatMap((members, i) => members.map((member) => [member, [suspend, resume][i]!] as const));
      return define(text, new Map([...RUNTIME.map((member, i) => [member, fns[i]!] as const), ...sleep]));
    },
  );
  for (const name of ["pm_ptr", "pm_sleep_ptr"]) {
    /** The operations, since this kernel has power management. At file scope. */
    header.plain(name, [dev_pm_ops], dev_pm_ops, (ops: number) => ops, { mayBeNull: true });
  }
  return header;
}
