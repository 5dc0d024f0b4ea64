// Registers written as CMSIS-SVD and read back: they are what they were.
import { describe, expect, test } from "vitest";
import type { Field, Register } from "../../../simulator/devices/device.ts";
import { devices } from "../../../simulator/devices/index.ts";
import { parseSvd } from "../../../simulator/devices/svd.ts";
import { svdOf } from "../../../simulator/devices/svd-export.ts";
import { Bench } from "./bench.ts";

const START = 0x4000_0000;

/** What a file has no words for is left out. */
function comparable({ when, span, alternate, description, fields = [], ...rest }: Register): object {
  const words = [description, when && `There while ${when}.`].filter(Boolean).join(" ");
  return { ...rest, reset: BigInt(rest.reset), fields: fields.map(plain), ...(words && { description: words }) };
}

function plain({ values, ...rest }: Field): object {
  return { ...rest, ...(values === undefined ? {} : { values: { ...values } }) };
}

describe("as a file", () => {
  test.each(devices.filter(({ bus }) => bus !== "i2c").map((model) => [model.name, model] as const))(
    "%s",
    (_, model) => {
      const { registers } = model.create(new Bench());
      const placed = registers.map((register) => ({ ...register, address: START + register.offset }));
      const read = parseSvd(svdOf("chip", [{ name: "it", registers: placed }])).peripheral("it")!;
      expect(read.notes).toEqual([]);
      expect(read.baseAddress).toBe(START);
      const byOffset = [...registers].sort((a, b) => a.offset - b.offset);
      expect(read.registers.map(comparable)).toEqual(byOffset.map(comparable));
    },
  );

  test("names the register under another view of it, and not that under a pair of which one is read and one written", () => {
    const at = (name: string, access: Register["access"]) =>
      ({ name, offset: 0, bits: 8, access, reset: 0, address: START }) as const;
    const all = [at("READ", "read-only"), at("WRITE", "write-only"), at("VIEW", "read-write")];
    const read = parseSvd(svdOf("a <b> & c", [{ name: "it", registers: all }]));
    expect(read.name).toBe("a <b> & c");
    expect(read.peripheral("it")!.registers.map(({ name, alternate = false }) => [name, alternate])).toEqual([
      ["READ", false],
      ["WRITE", false],
      ["VIEW", true],
    ]);
  });
});
