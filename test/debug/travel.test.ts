// The ways back over the protocol: into calls, out of them, to lines, writes and reports, from the end, and late log points.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LoggedPast, Moments } from "../../simulator/protocol.ts";
import { Client, edu } from "./client.ts";
import { beats, Walk } from "./walk.ts";

let client: Client;
beforeEach(async () => {
  client = await Client.start();
});
afterEach(() => client.stop());

async function back(walk: Walk, request: string, args: object = {}): Promise<void> {
  await client.custom(`driverlab/${request}`, { threadId: walk.threadId, ...args });
  await walk.halt(request);
}

test("ways back", async () => {
  const walk = new Walk(client);
  await walk.launch({ program: beats });
  const line = walk.lineOf("spin_unlock(b.lock);");
  await walk.setLines(beats, { line, condition: "b.count === 3" });
  await walk.begin();
  walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
  const info = await client.dap.customRequest("dataBreakpointInfo", { name: "b.count" });
  await walk.setLines(beats);
  walk.say("-- driverlab/reverseStepIn, driverlab/reverseStepOut");
  for (const request of ["reverseStepIn", "reverseStepOut", "reverseStepIn"]) await back(walk, request);
  await back(walk, "reverseStepIn");
  walk.heading("supportsRestartFrame");
  await client.dap.customRequest("restartFrame", { frameId: (await client.frame(walk.threadId)).id });
  await walk.halt("restartFrame");
  walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
  walk.say("-- driverlab/runBackTo");
  await back(walk, "runBackTo", { path: beats, line: walk.lineOf("const seen = b.count") });
  walk.say("-- driverlab/lastWrite");
  for (const _ of [1, 2, 3]) await back(walk, "lastWrite", { dataId: info.body.dataId });
  walk.say("-- from the end");
  await walk.go("continue");
  await walk.go("continue");
  walk.say("-- driverlab/logPast");
  const message = "{b.count} on the way to {b.count + 1}";
  const past = await client.custom<LoggedPast>("driverlab/logPast", { path: beats, line: line - 2, message });
  for (const { text } of past.lines) walk.say(`  ${text}`);
  await back(walk, "seek", { clock: past.lines[1]!.clock });
  walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
  await walk.go("continue");
  await walk.go("stepBack");
  await walk.go("reverseContinue");
  await walk.go("reverseContinue");
  walk.check("travel");
});

test("reports and their moments", async () => {
  const walk = new Walk(client);
  await walk.launch({ program: edu.replace("edu.ts", "mistakes.ts") });
  await client.dap.setExceptionBreakpointsRequest({ filters: ["use-after-free", "double-free"] });
  await walk.begin();
  await back(walk, "nextReport");
  await back(walk, "previousReport");
  const { reports } = await client.custom<Moments>("driverlab/moments");
  const { title, related } = reports.at(-1)!;
  walk.say(`${title}: ${related.map(({ what }) => what).join(", ")}`);
  for (const { what, clock } of related) {
    walk.say(`  ${what}:`);
    await back(walk, "seek", { clock });
  }
  walk.check("moments");
});

test("a session ends with the run where that is wanted", async () => {
  await client.launch({ program: beats, exitAtEnd: true });
  expect(await client.halt()).toEqual({ kind: "terminated" });
});

test("a client that does not know what a request does is told that the run goes on", async () => {
  const walk = new Walk(client);
  await walk.launch({ program: beats, stopOnEntry: true });
  await walk.begin();
  for (const request of ["driverlab/nextReport", "restart"]) {
    await client.custom(request, {});
    expect(await client.next("continued", "stopped")).toMatchObject({
      event: "continued",
      body: { allThreadsContinued: true },
    });
    await client.halt();
  }
});

test("what cannot be is refused", async () => {
  const walk = new Walk(client);
  await walk.launch({ program: beats, stopOnEntry: true });
  await walk.begin();
  const refused = async (request: string, args: object): Promise<void> => {
    await expect(client.custom(`driverlab/${request}`, args)).rejects.toThrow(/is to be/);
  };
  await refused("runBackTo", { path: beats, line: 0 });
  await refused("runBackTo", { line: 1 });
  await refused("lastWrite", { dataId: "nonsense" });
  await refused("lastWrite", { dataId: '{"kind":"memory","address":1}' });
  await refused("logPast", { path: beats, line: 1 });
  await refused("logPast", { path: beats, line: 10_000, message: "never" });
});
