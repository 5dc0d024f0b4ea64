// What the views of registers, of the log and of lines ask for: writes that replay, accesses, lines with their moments.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Accesses, KernelLog, LinesRun, Registers, RegisterValue } from "../../simulator/protocol.ts";
import { Client, edu } from "./client.ts";
import { Walk } from "./walk.ts";

let client: Client;
let walk: Walk;
beforeEach(async () => {
  client = await Client.start();
  walk = new Walk(client);
  await walk.launch({ program: edu });
  await walk.setLines(edu, { line: walk.lineOf("d.computing = false;") });
  await walk.begin();
});
afterEach(() => client.stop());

const register = async (name: string): Promise<RegisterValue> =>
  (await client.custom<Registers>("driverlab/registers")).devices[0]!.registers.find((one) => one.name === name)!;
const log = (): Promise<KernelLog> => client.custom<KernelLog>("driverlab/kernelLog");
const accesses = async (name: string): Promise<string[]> =>
  (await client.custom<Accesses>("driverlab/accesses", { device: "edu", register: name })).accesses.map(
    ({ kind, who, value, cause, place }) => [kind, who, value, cause, place?.fn].filter(Boolean).join(" "),
  );

test("registers say what accesses do, and a field that is written leaves the others alone", async () => {
  const status = await register("STATUS");
  expect(status).toMatchObject({ value: "0x00000080", access: "read-write", width: 32 });
  expect(status.fields).toMatchObject([
    { name: "COMPUTING", access: "read-only", width: 1 },
    { name: "IRQFACT", access: "read-write", value: "1" },
  ]);
  expect(await register("IRQ_ACK")).toMatchObject({ access: "write-only", writeEffect: "oneToClear" });
  const value = "0";
  await client.custom("driverlab/writeRegister", { device: "edu", register: "STATUS", field: "IRQFACT", value });
  expect(await register("STATUS")).toMatchObject({ value: "0x00000000" });
  const wrong = { device: "edu", register: "STATUS", field: "NONE", value };
  await expect(client.custom("driverlab/writeRegister", wrong)).rejects.toThrow(/a field of STATUS/);
});

test("accesses: by the driver, by the device, by a person, and those to come", async () => {
  const before = [
    "change 0x00000001",
    "read CPU 0 hardirq 0x00000001 edu_irq",
    "change CPU 0 hardirq 0x00000000 IRQ_ACK edu_irq",
  ];
  expect(await accesses("IRQ_STATUS")).toEqual(before);
  await walk.go("goBackToStart");
  expect(await accesses("IRQ_STATUS")).toEqual(before);
  await client.custom("driverlab/writeRegister", { device: "edu", register: "LIVENESS", value: "0xff" });
  expect(await accesses("LIVENESS")).toEqual(["input 0x000000ff"]);
  // It is another future.
  expect(await accesses("IRQ_STATUS")).toEqual([]);
});

test("the run stops where a field changes, also by the device itself, until that is taken back", async () => {
  const field = { device: "edu", register: "IRQ_STATUS", field: "FACT" };
  await client.custom("driverlab/breakOn", { ...field, access: "write" });
  expect((await register("IRQ_STATUS")).fields[0]).toMatchObject({ name: "FACT", breaksOn: "write" });
  await client.setBreakpoints(edu, []);
  await client.dap.continueRequest({ threadId: walk.threadId });
  expect(await client.halt()).toMatchObject({
    reason: "data breakpoint",
    text: expect.stringContaining("IRQ_STATUS.FACT change"),
  });
  await client.custom("driverlab/breakOn", field);
  expect((await register("IRQ_STATUS")).fields[0]).not.toHaveProperty("breaksOn");
  await client.dap.continueRequest({ threadId: walk.threadId });
  expect(await client.halt()).toMatchObject({ reason: "pause", description: expect.stringContaining("ended") });
});

test("lines of the log say who printed them, lead to their moments, and stay when one goes there", async () => {
  const { lines, present } = await log();
  expect(present).toBe(lines.length);
  const line = lines.find(({ message }) => message.includes("edu version"))!;
  expect(line).toMatchObject({ message: "edu 0000:00:04.0: edu version 1.0", level: 6, who: "scenario/1" });
  await client.custom("driverlab/seek", { clock: line.clock });
  await walk.halt("seek");
  const then = await log();
  expect(then.lines.map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
  expect(then.lines[then.present]).toMatchObject({ text: line.text });
  expect((await client.frame(walk.threadId)).line).toBe(line.place!.line);
  await client.custom("driverlab/writeRegister", { device: "edu", register: "LIVENESS", value: "1" });
  const other = await log();
  expect(other.lines).toHaveLength(other.present);
});

test("lines of the driver know the contexts in which they ran", async () => {
  const { lines, isWhole } = await client.custom<LinesRun>("driverlab/linesRun", { path: edu });
  expect(isWhole).toBe(true);
  const at = (text: string) => lines.find(({ line }) => line === walk.lineOf(text));
  expect(at("const status = readl")).toMatchObject({ fn: "edu_irq", runs: [{ context: "hardirq", cpu: 0, times: 1 }] });
  expect(at("d.computing = true;")).toMatchObject({ fn: "edu_write", runs: [{ context: "task", times: 1 }] });
  // It is about to run.
  expect(at("d.computing = false;")).toBeUndefined();
});
