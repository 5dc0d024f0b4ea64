// The lives of modules, drivers and devices as the views see them, and as the trace tells of them.
import { join } from "node:path";
import { expect, test } from "vitest";
import { asKernelEvent } from "../../../simulator/kernel/events.ts";
import { devicesOf, driversOf, modulesOf } from "../../../simulator/kernel/lifecycle.ts";
import { createMachine } from "../../../simulator/machine.ts";
import { load } from "../drivers.ts";
import { Bench } from "./fake-driver.ts";

const driver = join(import.meta.dirname, "../../../simulator/examples/regmap-clk/regmap-clk.ts");

test("the system is suspended once before it is resumed, and resumed once", () => {
  const bench = new Bench();
  const results: number[] = [];
  bench.do(function* () {
    const { power } = bench.kernel;
    for (const step of [power.resume(), power.suspend(), power.suspend(), power.resume(), power.resume()]) {
      results.push(yield* step);
    }
    return 0;
  });
  expect(results).toEqual([-22, 0, -16, 0, -22]);
  expect(bench.of("misuse").map(({ text }) => text)).toEqual([
    "PM: resume of a system that is not suspended",
    "PM: suspend of a system that is suspended",
    "PM: resume of a system that is not suspended",
  ]);
});

test("an example is unloaded, bound, suspended, and gone again, with all that goes with it", () => {
  const machine = createMachine(load(driver).recipe);
  const { kernel } = machine;
  const states: string[] = [];
  let bound: unknown;
  const timer = (): ReturnType<typeof devicesOf>[number] =>
    devicesOf(kernel).find(({ name }) => name === "9020000.sp804")!;
  expect(modulesOf(kernel)).toEqual([{ name: "regmap_clk", state: "unloaded" }]);
  expect(timer()).toMatchObject({ subsystem: "platform", driver: undefined, state: "unbound", managed: [] });
  machine.engine.trace.listen((event) => {
    const known = asKernelEvent(event);
    if (known.kind !== "lifecycle" || known.device !== "9020000.sp804") return;
    states.push(`${known.from} > ${known.to}`);
    if (known.to === "suspended") bound ??= [modulesOf(kernel), driversOf(kernel), timer()];
  });
  machine.run(10_000_000);
  expect(bound).toMatchObject([
    [{ name: "regmap_clk", state: "loading" }],
    [{ name: "egg", bus: "platform", state: "bound", devices: ["9020000.sp804"] }],
    { driver: "egg", runtime: "suspended", users: 0 },
  ]);
  expect(states.slice(0, 3)).toEqual(["unbound > probing", "probing > bound", "bound > suspended"]);
  expect(states.slice(-2)).toEqual(["bound > removing", "removing > unbound"]);
  expect(modulesOf(kernel)).toEqual([{ name: "regmap_clk", state: "unloaded" }]);
  expect(driversOf(kernel)).toEqual([]);
  expect(timer()).toMatchObject({ driver: undefined, state: "unbound", managed: [] });
});
