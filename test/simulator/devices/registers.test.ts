// What the words of CMSIS-SVD do to a register that a model leaves alone.
import { describe, expect, test } from "vitest";
import type { Field, Register } from "../../../simulator/devices/device.ts";
import { RegisterDevice } from "../../../simulator/devices/register-device.ts";
import { type AccessRules, RegisterMap } from "../../../simulator/devices/registers.ts";
import { Bench } from "./bench.ts";

class Plain extends RegisterDevice {
  readonly name = "plain";
}

const bench = new Bench();

function plain(registers: readonly Partial<Register>[], rules: AccessRules = {}): Plain {
  const whole = registers.map(
    (one, index): Register => ({
      name: `R${index}`,
      offset: 4 * index,
      bits: 32,
      access: "read-write",
      reset: 0,
      ...one,
    }),
  );
  return new Plain(new RegisterMap(whole, rules), bench);
}

function of(words: Partial<Register> & { readonly fields?: readonly Field[] }): Plain {
  return plain([{ reset: 0xa5a5a5a5, ...words }]);
}

describe("a write", () => {
  test.each([
    ["oneToClear", 0xa5a5a5a0],
    ["oneToSet", 0xa5a5a5af],
    ["oneToToggle", 0xa5a5a5aa],
    ["zeroToClear", 0x00000005],
    ["zeroToSet", 0xfffffff5],
    ["zeroToToggle", 0x5a5a5a55],
    ["clear", 0],
    ["set", 0xffffffff],
    ["modify", 0xf],
    [undefined, 0xf],
  ] as const)("of 0xf with %s", (modifiedWriteValues, after) => {
    const device = of(modifiedWriteValues === undefined ? {} : { modifiedWriteValues });
    device.write(0, 4, 0xfn);
    expect(device.read(0, 4)).toBe(BigInt(after));
  });

  test("is by field: each has its own words, and reserved bits stay", () => {
    const device = of({
      fields: [
        { name: "RO", high: 3, low: 0, access: "read-only" },
        { name: "W1C", high: 7, low: 4, modifiedWriteValues: "oneToClear" },
        { name: "RW", high: 15, low: 8 },
      ],
    });
    device.write(0, 4, 0xffffffffn);
    expect(device.read(0, 4)).toBe(0xa5a5ff05n);
    expect(bench.messages.pop()).toBe("write of 0xffffffff to R0: 0x5a5a0000 is reserved");
  });

  test("is taken once where that is so", () => {
    for (const access of ["read-writeOnce", "writeOnce"] as const) {
      const device = of({ access });
      device.write(0, 4, 1n);
      device.write(0, 4, 2n);
      expect(device.held(device.registers[0]!)).toBe(1n);
      device.reset();
      device.write(0, 4, 2n);
      expect(device.held(device.registers[0]!)).toBe(2n);
    }
  });
});

describe("a read", () => {
  test.each([
    ["clear", 0n],
    ["set", 0xffffffffn],
    ["modifyExternal", 0xa5a5a5a5n],
  ] as const)("with %s", (readAction, after) => {
    const device = of({ readAction });
    expect([device.peek(0, 4), device.read(0, 4), device.read(0, 4)]).toEqual([0xa5a5a5a5n, 0xa5a5a5a5n, after]);
  });

  test("does not show fields that are write-only", () => {
    const device = of({
      fields: [
        { name: "GO", high: 0, low: 0, access: "write-only" },
        { name: "N", high: 7, low: 1 },
      ],
    });
    expect(device.read(0, 4)).toBe(0xa5a5a5a4n);
  });

  test("clears by field", () => {
    const device = of({
      fields: [
        { name: "RC", high: 3, low: 0, readAction: "clear" },
        { name: "RW", high: 7, low: 4 },
      ],
    });
    expect([device.read(0, 4), device.read(0, 4)]).toEqual([0xa5a5a5a5n, 0xa5a5a5a0n]);
  });
});

describe("an access", () => {
  test("meets the half of a 64-bit register that it is about", () => {
    const device = plain([{ bits: 64, reset: 0x1122334455667788n }]);
    expect([device.read(0, 4), device.read(4, 4), device.read(0, 8), device.read(0, 2)]).toEqual([
      0x55667788n,
      0x11223344n,
      0x1122334455667788n,
      0xffffn,
    ]);
    device.write(4, 4, 0xdeadbeefn);
    expect(device.read(0, 8)).toBe(0xdeadbeef55667788n);
  });

  test("meets one register when it reads and another when it writes", () => {
    const device = plain([
      { name: "IN", offset: 0, access: "read-only", reset: 7 },
      { name: "OUT", offset: 0, access: "write-only" },
    ]);
    device.write(0, 4, 9n);
    expect([device.read(0, 4), device.held(device.registers[1]!)]).toEqual([7n, 9n]);
  });

  test("meets the register that a field banks to", () => {
    const device = plain([
      { name: "SEL", fields: [{ name: "BANK", high: 1, low: 0 }] },
      { name: "A", offset: 4, when: "SEL.BANK=0", reset: 1 },
      { name: "B", offset: 4, when: "SEL.BANK=2", reset: 2 },
    ]);
    expect(device.read(4, 4)).toBe(1n);
    device.write(0, 4, 2n);
    expect(device.read(4, 4)).toBe(2n);
    device.write(0, 4, 1n);
    expect(device.read(4, 4)).toBe(0xffffffffn);
  });

  test("is as wide as the rules allow", () => {
    const device = plain([{ bits: 8, reset: 0x42 }], { widths: [4] });
    expect([device.read(0, 1), device.read(0, 4), device.read(0, 2)]).toEqual([0x42n, 0x42n, 0xffffn]);
  });
});

test("a map that contradicts itself does not come to be", () => {
  const a = { name: "A", offset: 0 };
  expect(() => plain([a, { name: "B", offset: 0 }])).toThrow("B does not lie behind A");
  expect(() => plain([a, { name: "B", offset: 0, alternate: true }])).not.toThrow();
  expect(() => plain([a, { name: "B", offset: 4, when: "A.X=1" }])).toThrow("B is there when A.X=1: no such field");
});
