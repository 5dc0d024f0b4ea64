// Looking at a run that stands still, and changing it: values, memory, registers, the kernel's console.
import { afterEach, beforeEach, describe, test } from "vitest";
import { Client, edu } from "./client.ts";
import { beats, Walk } from "./walk.ts";

describe("capabilities", () => {
  let client: Client;
  beforeEach(async () => {
    client = await Client.start();
  });
  afterEach(() => client.stop());

  test("values", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    await walk.setLines(beats, { line: walk.lineOf("this_cpu_inc(hits)"), condition: "b.count === 2" });
    await walk.begin();
    const frameId = async () => (await client.frame(walk.threadId)).id;
    const variable = async (scope: string, name: string) =>
      (await client.scope(await frameId(), scope)).find((one) => one.name === name)!;

    walk.heading("supportsEvaluateForHovers");
    walk.say(`  b.count: ${await walk.evaluate("b.count", { context: "hover" })}`);
    walk.say(`  b.count = 7: ${await walk.evaluate("b.count = 7", { context: "hover" })}`);
    walk.heading("supportsClipboardContext", "a struct is copied whole");
    walk.say(`  watch: ${(await walk.evaluate("b.lock")).replaceAll(/[0-9a-f]{8}/g, "…")}`);
    walk.say(
      `  clipboard: ${(await walk.evaluate("b.lock", { context: "clipboard" })).replaceAll(/[0-9a-f]{8}/g, "…")}`,
    );
    walk.heading("supportsValueFormattingOptions");
    const hex = { format: { hex: true } };
    walk.say(`  300: ${await walk.evaluate("300")}, in hex ${await walk.evaluate("300", hex)}`);
    walk.say(`  -1: ${await walk.evaluate("-1")}, in hex ${await walk.evaluate("-1", hex)}`);
    const named = await client.dap.stackTraceRequest({
      threadId: walk.threadId,
      format: { parameters: true, parameterTypes: true, parameterValues: false, module: true },
    });
    walk.say(`  ${named.body.stackFrames.filter(({ source }) => source !== undefined).map(({ name }) => name)}`);

    walk.heading("supportsSetVariable");
    const b = await variable("Locals", "b");
    await client.dap.setVariableRequest({ variablesReference: b.variablesReference, name: "count", value: "0x10" });
    walk.say(`  b.count: ${await walk.evaluate("b.count")}`);
    walk.heading("supportsSetExpression");
    const set = (
      await client.dap.customRequest("setExpression", {
        expression: "b.history[2]",
        value: "77",
        frameId: await frameId(),
      })
    ).body;
    walk.say(`  b.history[2] = ${set.value}: ${set.type}; now ${await walk.evaluate("b.history[2]")}`);
    walk.heading(
      "supportsSetExpression",
      "what was set is an input: going back takes it away, and forwards makes it again",
    );
    await walk.go("stepBack");
    walk.say(`  b.count: ${await walk.evaluate("b.count")}`);
    const locked = await client.variables((await variable("Locals", "b")).variablesReference);
    const { valueLocationReference } = locked.find(({ name }) => name === "lock")!;
    const taken = await client.dap.customRequest("locations", { locationReference: valueLocationReference });
    walk.say(`  b.lock was taken at ${walk.placed(taken.body.line)}`);
    await walk.go("next");
    walk.say(`  b.count: ${await walk.evaluate("b.count")}`);

    walk.heading("supportsReadMemoryRequest");
    const history = (await client.variables((await variable("Locals", "b")).variablesReference)).find(
      ({ name }) => name === "history",
    )!;
    walk.say(`  b.history: ${history.indexedVariables} elements`);
    const read = (
      await client.dap.customRequest("readMemory", { memoryReference: history.memoryReference!, offset: 4, count: 8 })
    ).body!;
    walk.say(`  its second and third: ${Buffer.from(read.data!, "base64").toString("hex")}`);
    const beyond = (await client.dap.customRequest("readMemory", { memoryReference: "0x0ffffffe", count: 4096 })).body!;
    walk.say(`  where nothing is: ${beyond.unreadableBytes! > 0 ? "unreadable" : "readable"}`);
    walk.heading("supportsWriteMemoryRequest");
    const data = Buffer.from([1, 2, 0, 0]).toString("base64");
    await client.dap.customRequest("writeMemory", { memoryReference: history.memoryReference!, offset: 4, data });
    await client.next("memory");
    walk.say(`  b.history[1]: ${await walk.evaluate("b.history[1]")}`);
    walk.heading("supportsWriteMemoryRequest", "a portion of the array, and where the object was allocated");
    const again = (await client.variables((await variable("Locals", "b")).variablesReference)).find(
      ({ name }) => name === "history",
    )!;
    const { variables } = (
      await client.dap.customRequest("variables", {
        variablesReference: again.variablesReference,
        filter: "indexed",
        start: 298,
        count: 5,
      })
    ).body;
    walk.say(`  ${variables.map((one: { name: string; value: string }) => `${one.name} = ${one.value}`).join(", ")}`);
    const { body: at } = await client.dap.customRequest("locations", {
      locationReference: again.valueLocationReference,
    });
    walk.say(`  allocated at ${walk.placed(at.line)}`);

    walk.heading("supportsCompletionsRequest");
    const complete = async (text: string) => {
      const { body } = await client.dap.completionsRequest({ text, column: text.length + 1, frameId: await frameId() });
      walk.say(`  ${text}: ${body.targets.map(({ label }) => label).join(" ")}`);
    };
    for (const text of ["lx-d", "b.co", "cat /proc/in", "per", "unplug ", "stick_bit edu FAC"]) await complete(text);
    walk.heading("completionTriggerCharacters", "each of them brings something");
    for (const text of ["b.", "ls /", "$", "lx-"]) await complete(text);
    walk.check("values");
  });

  test("data", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    await walk.setFunctions({ name: "beats_tick" });
    await walk.begin();
    await walk.setFunctions();
    await walk.go("next");
    const set = async (args: object) => {
      const { body: info } = await client.dap.customRequest("dataBreakpointInfo", args);
      const { body } = await client.dap.customRequest("setDataBreakpoints", {
        breakpoints: [{ dataId: info.dataId, accessType: "write" }],
      });
      walk.say(`  ${body.breakpoints[0].verified ? "watched" : body.breakpoints[0].message}`);
    };
    const locals = await client.scope((await client.frame(walk.threadId)).id, "Locals");
    const b = locals.find(({ name }) => name === "b")!;
    walk.heading("supportsDataBreakpoints", "a member of a struct");
    await set({ variablesReference: b.variablesReference, name: "count" });
    await walk.go("continue");
    walk.heading("supportsDataBreakpointBytes", "the second element of the array, by its address");
    const history = (await client.variables(b.variablesReference).catch(() => undefined)) ?? [];
    walk.say(`  ${history.length === 0 ? "variables of an earlier stop are gone" : ""}`);
    const now = (await client.scope((await client.frame(walk.threadId)).id, "Locals")).find(
      ({ name }) => name === "b",
    )!;
    const member = (await client.variables(now.variablesReference)).find(({ name }) => name === "history")!;
    const address = `0x${(Number(member.memoryReference) + 8).toString(16)}`;
    await set({ name: address, asAddress: true, bytes: 4 });
    await walk.go("continue");
    walk.say(`  b.history[2] is ${await walk.evaluate("b.history[2]")}`);
    walk.check("data");
  });

  test("the console", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    await walk.setLines(beats, { line: walk.lineOf("this_cpu_inc(hits)"), condition: "b.count === 2" });
    await walk.begin();
    walk.say("-- reading changes nothing");
    const clock = () => client.events.findLast(({ event }) => event === "driverlab/changed")!.body.clock;
    const before = clock();
    for (const line of [
      "b.count + 1",
      "lx-ps",
      "lx-dmesg 2",
      "lx-lsmod",
      "lx-interruptlist",
      "lx-timerlist",
      "lx-slabinfo",
    ]) {
      await walk.type(line);
    }
    for (const line of [
      "lx-device-list-tree",
      "$lx_current()",
      "$lx_task_by_pid(1)",
      "$lx_per_cpu(hits)",
      "$lx_per_cpu(hits, 9)",
    ]) {
      await walk.type(line);
    }
    for (const line of [
      "cat /proc/modules",
      "cat /proc/nothing",
      "cat /sys/module/beats/parameters/period_ms",
      "ls /sys/kernel",
    ]) {
      await walk.type(line);
    }
    await walk.type("cat /sys/kernel/count");
    walk.say(`  as many statements as before: ${clock() === before}`);
    walk.say("-- what runs the driver is an input of the run");
    await walk.setLines(beats);
    for (const line of ["! cat /sys/kernel/count", "echo 5 > /sys/kernel/count"]) await walk.type(line);
    await walk.setFunctions({ name: "count_show" });
    await walk.go("continue");
    await walk.setFunctions();
    await walk.type("rmmod beats");
    await walk.go("continue");
    await walk.type("lx-dmesg 8");
    walk.say("-- and is there again in a replay");
    await walk.go("goBackToStart");
    await walk.setFunctions({ name: "beats_init" });
    await walk.go("continue");
    await walk.go("continue");
    await walk.type("lx-dmesg 8");
    walk.say("-- failures, and a module loaded by hand with another parameter");
    await walk.go("goBackToStart");
    await walk.go("continue");
    await walk.type("fail everything");
    await walk.type("fail kmalloc");
    await walk.go("stepOut");
    await walk.type("insmod beats period_ms=3");
    await walk.go("continue");
    await walk.type("lx-dmesg 3");
    await walk.type("cat /sys/module/beats/parameters/period_ms");
    walk.check("console");
  });

  test("the driver model in the console", async () => {
    const walk = new Walk(client);
    const program = edu.replace("edu.ts", "regmap-clk/regmap-clk.ts");
    await walk.launch({ program, stopOnEntry: true });
    await walk.begin();
    for (const line of ["lx-device-list-tree", "lx-clk-summary"]) await walk.type(line);
    await walk.setLines(program, { line: walk.lineOf("pm_runtime_mark_last_busy(e.dev") });
    await walk.go("continue");
    for (const line of ["lx-device-list-tree", "lx-clk-summary", "udevadm monitor"]) await walk.type(line);
    walk.check("model");
  });

  test("devices", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: edu });
    await walk.setLines(edu, { line: walk.lineOf("d.computing = false;") });
    await walk.begin();
    walk.heading("supportsReadMemoryRequest", "registers at their addresses on the bus");
    const frameId = async () => (await client.frame(walk.threadId)).id;
    const scopes = (await client.dap.scopesRequest({ frameId: await frameId() })).body.scopes;
    walk.say(`  scopes: ${scopes.map(({ name }) => name).join(", ")}`);
    const device = async () => (await client.scope(await frameId(), "Registers"))[0]!;
    const registers = async () => client.variables((await device()).variablesReference);
    const factorial = (await registers()).find(({ name }) => name === "FACTORIAL")!;
    const bytes = (
      await client.dap.customRequest("readMemory", { memoryReference: factorial.memoryReference!, count: 4 })
    ).body!;
    walk.say(`  ${factorial.name} ${factorial.value}: ${Buffer.from(bytes.data!, "base64").toString("hex")}`);
    walk.heading("supportsSetVariable", "a register, which the device answers");
    const { variablesReference } = await device();
    await client.dap.setVariableRequest({ variablesReference, name: "LIVENESS", value: "0xff" });
    walk.say(`  LIVENESS: ${(await registers()).find(({ name }) => name === "LIVENESS")!.value}`);
    walk.heading("supportsWriteMemoryRequest", "a register, by its address");
    const liveness = (await registers()).find(({ name }) => name === "LIVENESS")!.memoryReference!;
    const data = Buffer.from([0, 0, 0, 0]).toString("base64");
    await client.dap.customRequest("writeMemory", { memoryReference: liveness, data });
    walk.say(`  LIVENESS: ${(await registers()).find(({ name }) => name === "LIVENESS")!.value}`);
    walk.heading("supportsSetVariable", "a device that is gone reads as all ones, until it is back");
    for (const line of ["irq 12", "irq", "unplug edu"]) await walk.type(line);
    walk.say(`  FACTORIAL: ${(await registers()).find(({ name }) => name === "FACTORIAL")!.value}`);
    await walk.type("plug edu");
    walk.say(`  FACTORIAL: ${(await registers()).find(({ name }) => name === "FACTORIAL")!.value}`);
    walk.heading("supportsSetVariable", "a bit that is stuck, until the device is mended, and what cannot be");
    await walk.type("stick_bit edu FACTORIAL 0 1");
    walk.say(`  FACTORIAL: ${(await registers()).find(({ name }) => name === "FACTORIAL")!.value}`);
    await walk.type("plug edu");
    for (const line of ["stick_bit edu FACTORIAL 0 2", "stick_bit edu NONE 0 1", "slow_dma edu many"])
      await walk.type(line);
    for (const line of [
      "lose_interrupts edu 2",
      "lose_interrupts edu",
      "plug edu",
      "fail_accesses edu 0",
      "slow_dma edu 5",
      "post_writes edu 9",
      "disturb edu",
    ])
      await walk.type(line);
    await walk.type("irq 11");
    await walk.go("stepOut");
    await walk.setFunctions({ name: "irq:11" });
    await walk.go("continue");
    await walk.type("lx-interruptlist");
    walk.check("devices");
  });

  test("contexts", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: edu, cpus: 1 });
    await walk.setLines(edu, { line: walk.lineOf("ppos.value = 0;") });
    await walk.begin();
    const scope = async (name: string) => {
      const [top] = (await client.stack(walk.threadId)).filter(({ source }) => source !== undefined);
      for (const { name: child, value } of await client.scope(top!.id, name)) walk.say(`  ${child} = ${value}`);
    };
    walk.say("-- an interrupt on top of a process");
    await walk.type("irq 11");
    await walk.setLines(edu);
    await walk.setFunctions({ name: "irq:11" });
    await walk.go("continue");
    await walk.stack();
    const { threads } = (await client.dap.threadsRequest()).body;
    walk.say(`  threads: ${threads.map(({ name }) => name).join(", ")}`);
    walk.say("-- the process below it");
    walk.threadId = threads.find(({ name }) => name.startsWith("calculator"))!.id;
    await walk.stack();
    walk.threadId = threads.find(({ name }) => name.includes("hardirq"))!.id;
    walk.say("-- the context of the interrupt");
    const context = ["context", "preempt_count", "interrupts", "locks held", "cpu", "current"];
    const [top] = (await client.stack(walk.threadId)).filter(({ source }) => source !== undefined);
    for (const { name, value } of await client.scope(top!.id, "Context")) {
      if (context.includes(name)) walk.say(`  ${name} = ${value}`);
    }
    walk.say("-- module globals");
    await scope("Module globals");
    walk.check("contexts");
  });

  test("registers that change when they are read", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats, devices: ["ns16550a"] });
    await walk.setFunctions({ name: "beats_init" });
    await walk.begin();
    const { id } = await client.frame(walk.threadId);
    const [uart] = await client.scope(id, "Registers");
    const registers = await client.variables(uart!.variablesReference);
    const reading = registers.filter(({ presentationHint }) =>
      presentationHint?.attributes?.includes("hasSideEffects"),
    );
    walk.say(`  ${reading.map(({ name }) => name).join(", ")}`);
    const parts = await client.variables(reading[0]!.variablesReference);
    const lazy = parts.find(({ presentationHint }) => presentationHint?.lazy === true)!;
    walk.say(
      `  ${reading[0]!.name}: looked at ${reading[0]!.value}, ${lazy.name} shows “${lazy.value}” before a click`,
    );
    const [read] = await client.variables(lazy.variablesReference);
    walk.say(`  read by a click: ${read!.value}`);
    walk.check("reads");
  });
});
