// Accesses to device memory where there is no register, in words of ours.
import { expect, test } from "vitest";
import { at, inKernel, trial } from "./trial.ts";

const stack = [inKernel("readl"), at("foo_probe", 12)];

test("an offset without a register", () => {
  const { feed, text, reports } = trial();
  const access = { address: 0xfe00000c, bytes: 4, isWrite: false, device: "edu", offset: 0xc };
  feed({ kind: "mmio-out-of-range", ...access, stack });
  expect(text()).toBe(`
MMIO: edu: read of size 4 at offset 0xc, where it has no such register
The device answers with all ones.
CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1
Hardware name: driverlab
Call Trace:
 <TASK>
 readl
 foo_probe (foo.ts:12) foo
 </TASK>
`);
  expect(reports[0]).toMatchObject({ id: "mmio-out-of-range", site: { line: 12 } });
});

test("an address beyond every mapping", () => {
  const { feed, reports } = trial();
  const access = { address: 0xfe100000, bytes: 1, isWrite: true, device: undefined, offset: 0 };
  feed({ kind: "mmio-out-of-range", ...access, stack });
  expect(reports[0]?.lines.slice(0, 2)).toEqual([
    "MMIO: write of size 1 at addr fe100000, where nothing is mapped",
    "CPU: 0 UID: 0 PID: 214 Comm: cat Not tainted 6.12.0 #1",
  ]);
});
