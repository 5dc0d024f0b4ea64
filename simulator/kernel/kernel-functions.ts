// Functions of the kernel itself that have addresses, so that timers and the like call them as they call drivers'.
import type { Engine } from "../engine/engine.ts";
import type { Image, Raw, Steps } from "../engine/interfaces.ts";
import { KernelActivation } from "../engine/task.ts";

type Run = (...args: number[]) => Steps<Raw>;

/** The address of a function of the kernel. */
export function kernelFunction(engine: Engine, name: string, run: Run): number {
  const call = (_entry: unknown, args: readonly Raw[]): KernelActivation =>
    new KernelActivation(run(...args.map((value) => Number(value ?? 0))));
  const image: Image = {
    program: { language: "c", sites: [], problems: [], link: () => image },
    breakpoints: new Uint8Array(0),
    call,
    start: () => call(undefined, []),
    globals: () => [],
  };
  return engine.addFunction(image, name, undefined);
}

/** The same for one that neither blocks nor calls drivers. */
export function plainFunction(engine: Engine, name: string, run: (...args: number[]) => Raw): number {
  return kernelFunction(engine, name, (...args) => atOnce(run(...args)));
}

/** Steps that are over with this value. */
// biome-ignore lint/correctness/useYield: there is nothing to wait for.
export function* atOnce<T>(value: T): Steps<T> {
  return value;
}
