// Functions of which only the contract is known: they say so when they are called, check their context, and let the driver go on.
import { expect, test } from "vitest";
import contracts from "../../simulator/api/contracts.json" with { type: "json" };
import { __GFP_DIRECT_RECLAIM } from "../../simulator/kernel/gfp.ts";
import { createChecker } from "../checker.ts";
import { Bench } from "./kernel/fake-driver.ts";

/** Calls one with nothing but zeros, and gfp flags where it has some. */
function called(name: string, args: readonly number[], isAtomic: boolean): { readonly bench: Bench; result: number } {
  const bench = new Bench();
  let result = 0;
  bench.do(function* (k) {
    if (isAtomic) yield* k.call("preempt_disable");
    result = (yield* k.call(name, ...args)) as number;
    yield* k.call(name, ...args);
    if (isAtomic) yield* k.call("preempt_enable");
    return 0;
  });
  return { bench, result };
}

test.each(contracts.map((contract) => [contract.name, contract] as const))("%s", (name, contract) => {
  const gfp = "gfp" in contract ? contract.gfp : undefined;
  const args = contract.params.map((_, index) => (index === gfp ? __GFP_DIRECT_RECLAIM : 0));
  const { bench, result } = called(name, args, true);
  const said = bench.of("printk").filter(({ text }) => text.startsWith(`${name}() is not simulated`));
  expect(said.length).toBe(1);
  const sleeps = contract.maySleep === "always" || (contract.maySleep === "flags" && gfp !== undefined);
  const bad = bench.of("might-sleep").filter(({ callee, state }) => callee === name && state.inAtomic);
  expect(bad.length > 0).toBe(sleeps);
  if (contract.returns === "ptr") expect(result).not.toBe(0);
  else if (contract.returns !== "void") expect(Number(result)).toBe("result" in contract ? contract.result : 0);
  if (gfp !== undefined)
    expect(
      called(
        name,
        contract.params.map(() => 0),
        true,
      ).bench.of("might-sleep"),
    ).toEqual([]);
});

test("what they say of sleeping is what the knowledge base says", async () => {
  const knowledge = (await createChecker()).knowledge.at("6.12");
  expect(contracts.map(({ name, maySleep }) => `${name} ${maySleep}`)).toEqual(
    contracts.map(({ name }) => `${name} ${knowledge.fact(name)?.maySleep}`),
  );
});
