// What views of peripherals that know nothing of us ask for: memory at the addresses of an SVD file.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseSvd } from "../../simulator/devices/svd.ts";
import type { Registers } from "../../simulator/protocol.ts";
import { adapterProgram, Client, edu } from "./client.ts";

function lineOf(part: string): number {
  const text = readFileSync(edu, "utf8");
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

let client: Client;
beforeEach(async () => {
  client = await Client.start();
});
afterEach(() => client.stop());

test("registers are read and written through plain memory requests, where the exported file has them", async () => {
  const sim = join(adapterProgram, "../driverlab-sim.js");
  const { baseAddress, bytes, registers } = parseSvd(
    execFileSync(process.execPath, [sim, "svd", "edu"], { encoding: "utf8" }),
  ).peripheral("edu")!;
  await client.launch({ program: edu }, [{ line: lineOf("d.computing = false;") }]);
  await client.halt();

  const read = async (args: DebugProtocol.ReadMemoryArguments) =>
    (await client.dap.customRequest("readMemory", args)) as DebugProtocol.ReadMemoryResponse;

  // A view reads the block in one go, and looks registers up in it.
  const block = await read({
    memoryReference: `0x${baseAddress.toString(16)}`,
    offset: 0,
    count: bytes,
  });
  expect(block.body).toMatchObject({ address: `0x${baseAddress.toString(16)}` });
  expect(block.body).not.toHaveProperty("unreadableBytes");
  const data = Buffer.from(block.body!.data!, "base64");
  expect(data.length).toBe(bytes);
  const { devices } = await client.custom<Registers>("driverlab/registers");
  const shown = new Map(devices[0]!.registers.map(({ name, value }) => [name, value]));
  for (const { name, offset, bits, access } of registers) {
    if (access === "write-only") continue;
    const value = bits === 64 ? data.readBigUInt64LE(offset) : BigInt(data.readUInt32LE(offset));
    expect([name, value]).toEqual([name, BigInt(shown.get(name)!)]);
  }
  expect(data.readUInt32LE(0)).toBe(0x010000ed);
  expect(BigInt(shown.get("FACTORIAL")!)).toBe(120n);

  // It writes the bytes of the one register that was edited.
  const { offset } = registers.find(({ name }) => name === "LIVENESS")!;
  const memoryReference = `0x${(baseAddress + offset).toString(16)}`;
  await client.dap.customRequest("writeMemory", {
    memoryReference,
    data: Buffer.from([0xff, 0, 0, 0]).toString("base64"),
  });
  const after = await read({ memoryReference, count: 4 });
  expect(Buffer.from(after.body!.data!, "base64").readUInt32LE()).toBe(0xffffff00);
});
