// What is written to the rest of a register when one of its fields is set by hand.
import { expect, test } from "vitest";
import type { Register } from "../../../simulator/devices/device.ts";
import { afterWrite, unchanging } from "../../../simulator/devices/registers.ts";

const CONTROL: Register = {
  name: "CONTROL",
  offset: 0,
  bits: 8,
  access: "read-write",
  reset: 0,
  fields: [
    { name: "MODE", high: 1, low: 0 },
    { name: "PENDING", high: 3, low: 2, modifiedWriteValues: "oneToClear" },
    { name: "MASKED", high: 5, low: 4, modifiedWriteValues: "zeroToSet" },
  ],
};

test("bits that a 1 clears are written as 0, bits that a 0 sets as 1, and the register stays as it is", () => {
  const held = 0b00_01_11_10n;
  expect(unchanging(CONTROL, held)).toBe(0b00_11_00_10n);
  expect(afterWrite(CONTROL, held, unchanging(CONTROL, held))).toBe(held);
});
