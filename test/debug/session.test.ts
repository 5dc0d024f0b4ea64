// The debug adapter on the example driver: stops, looks, goes back, and ends.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KernelLog, Locks, Registers } from "../../simulator/protocol.ts";
import { Client, edu, type Halt } from "./client.ts";
import { Transcript } from "./transcript.ts";

const text = readFileSync(edu, "utf8");

/** The line of the driver on which a text stands, counted from 1. */
function lineOf(part: string): number {
  const at = text.indexOf(part);
  if (at < 0) throw new Error(`edu.ts has no ${part}`);
  return text.slice(0, at).split("\n").length;
}

/** In the interrupt handler, under its lock, when the interrupt is acknowledged and the result read. */
const inHandler = lineOf("d.computing = false;");

function threadOf(halt: Halt): number {
  if (halt.kind === "terminated") throw new Error("the run has ended");
  return halt.threadId!;
}

describe("the debug adapter on edu.ts", () => {
  let client: Client;
  beforeEach(async () => {
    client = await Client.start();
  });
  afterEach(() => client.stop());

  const registerOf = async (name: string) => {
    const { devices } = await client.custom<Registers>("driverlab/registers");
    return devices.flatMap(({ registers }) => registers).find((register) => register.name === name)!;
  };
  const local = async (threadId: number, name: string) => {
    const { id } = await client.frame(threadId);
    const variables = [...(await client.scope(id, "Locals")), ...(await client.scope(id, "Arguments"))];
    return variables.find((variable) => variable.name === name);
  };
  const toTheEnd = async () => {
    for (let stops = 0; stops < 100; stops++) {
      await client.dap.continueRequest({ threadId: 1 });
      const halt = await client.halt();
      if (halt.kind === "terminated") return;
    }
    throw new Error("the run does not end");
  };

  test("goes through an interrupt, back and to the end", async () => {
    const transcript = new Transcript(client);
    const [breakpoint] = await client.launch({ program: edu, seed: 1 }, [{ line: inHandler }]);
    expect(breakpoint).toMatchObject({ verified: true, line: inHandler });

    const halt = await client.halt();
    expect(halt).toMatchObject({ reason: "breakpoint", allThreadsStopped: true, hitBreakpointIds: [breakpoint!.id] });
    const frame = await transcript.halt(halt);
    await transcript.scope(frame, "Locals", 2);
    await transcript.scope(frame, "Arguments", 2);
    await transcript.scope(frame, "Context", 2);
    await transcript.locks();
    await transcript.registers();

    const { locks } = await client.custom<Locks>("driverlab/locks");
    expect(locks.map(({ flavour }) => flavour)).toContain("spinlock");
    expect(await registerOf("IRQ_STATUS")).toMatchObject({ value: "0x00000000" });
    const threadId = threadOf(halt);
    expect((await client.stack(threadId))[0]).toMatchObject({ name: "<IRQ>", presentationHint: "label" });

    for (let steps = 0; steps < 4; steps++) {
      await client.dap.stepBackRequest({ threadId });
      const back = await client.halt();
      expect(back).toMatchObject({ reason: "step" });
      transcript.say("< step back");
      await transcript.scope(await transcript.halt(back), "Arguments", 2);
      await transcript.registers();
      if ((await registerOf("IRQ_STATUS")).value === "0x00000001") break;
    }
    expect(await registerOf("IRQ_STATUS")).toMatchObject({ value: "0x00000001" });
    expect((await client.custom<Locks>("driverlab/locks")).locks).toEqual([]);

    await client.setBreakpoints(edu, []);
    await client.dap.continueRequest({ threadId });
    transcript.say("> continue");
    await transcript.halt(await client.halt());
    transcript.check("edu-interrupt");
    expect(client.output("stdout")).toContain("5! = 120");
    expect(client.output("stderr")).toBe("");
  });

  test("steps over, into and out of functions", async () => {
    const transcript = new Transcript(client);
    await client.launch({ program: edu, seed: 1 }, [{ line: lineOf("err = edu_check(pdev, d);") }]);
    const halt = await client.halt();
    await transcript.halt(halt);
    const threadId = threadOf(halt);
    for (const [name, request] of [
      ["step in", () => client.dap.stepInRequest({ threadId })],
      ["step out", () => client.dap.stepOutRequest({ threadId })],
      ["step over", () => client.dap.nextRequest({ threadId })],
      ["step back", () => client.dap.stepBackRequest({ threadId })],
    ] as const) {
      await request();
      transcript.say(`> ${name}`);
      await transcript.halt(await client.halt());
    }
    transcript.check("edu-steps");
  });

  test("stops on entry, and going back from there says so", async () => {
    await client.launch({ program: edu, stopOnEntry: true });
    const entry = await client.halt();
    expect(entry).toMatchObject({ reason: "entry" });
    await client.dap.reverseContinueRequest({ threadId: 1 });
    expect(await client.halt()).toMatchObject({ reason: "entry" });
    await client.dap.stepBackRequest({ threadId: 1 });
    expect(await client.halt()).toMatchObject({ kind: "stopped" });
    await toTheEnd();
  });

  test("runs back to the breakpoint before", async () => {
    await client.launch({ program: edu }, [{ line: inHandler }]);
    const first = await client.halt();
    await client.dap.nextRequest({ threadId: threadOf(first) });
    await client.halt();
    await client.dap.reverseContinueRequest({ threadId: threadOf(first) });
    expect(await client.halt()).toMatchObject({ reason: "breakpoint" });
    await client.dap.reverseContinueRequest({ threadId: threadOf(first) });
    expect(await client.halt()).toMatchObject({ reason: "entry" });
  });

  test("keeps conditions, counts and messages of breakpoints", async () => {
    const breakpoints = await client.launch({ program: edu }, [
      { line: inHandler, condition: "status === 0xdead" },
      { line: inHandler + 1, logMessage: "status is {status}" },
      { line: inHandler + 2, hitCondition: "nonsense" },
    ]);
    expect(breakpoints.map(({ verified }) => verified)).toEqual([true, true, false]);
    expect(await client.halt()).toEqual({ kind: "terminated" });
    expect(client.output("console")).toContain("status is 1");
  });

  test("evaluates without changing anything, and sets variables", async () => {
    await client.launch({ program: edu }, [{ line: inHandler }]);
    const threadId = threadOf(await client.halt());
    const { id: frameId } = await client.frame(threadId);
    const evaluate = async (expression: string, context: string) =>
      (await client.dap.evaluateRequest({ expression, frameId, context })).body.result;
    expect(await evaluate("status & EDU_IRQ_FACT", "watch")).toBe("1");
    expect(await evaluate("d.computing", "hover")).toBe("true");
    await expect(evaluate("d.computing = false", "repl")).rejects.toThrow();
    await expect(evaluate("no_such_name", "hover")).rejects.toThrow(/no_such_name/);
    await expect(evaluate("status +", "watch")).rejects.toThrow();
    expect(await evaluate("d.computing", "hover")).toBe("true");

    const d = await local(threadId, "d");
    const scopes = (await client.dap.scopesRequest({ frameId })).body.scopes;
    await client.dap.setVariableRequest({
      variablesReference: d!.variablesReference,
      name: "result",
      value: "7",
    });
    await client.next("invalidated");
    expect(await evaluate("d.result", "watch")).toBe("7");
    expect(scopes.map(({ name }) => name)).toEqual(expect.arrayContaining(["Locals", "Context", "Registers"]));
  });

  test("pauses a run, and shows the kernel log", async () => {
    await client.launch({ program: edu }, [{ line: inHandler }]);
    await client.halt();
    const { lines } = await client.custom<KernelLog>("driverlab/kernelLog");
    expect(lines.map((line) => line.text).join("\n")).toContain("edu version");
    await client.dap.pauseRequest({ threadId: 1 });
    await toTheEnd();
  });

  test("runs without debugging", async () => {
    await client.launch({ program: edu, noDebug: true }, [{ line: inHandler }]);
    expect(await client.halt()).toEqual({ kind: "terminated" });
    expect(client.output("stdout")).toContain("edu version");
  });

  test("says the same in every run", async () => {
    await client.launch({ program: edu, seed: 3 });
    await client.halt();
    const again = await Client.start();
    await again.launch({ program: edu, seed: 3 });
    await again.halt();
    await again.stop();
    expect(again.output("stdout")).toBe(client.output("stdout"));
  });
});

describe("the debug adapter on mistakes.ts", () => {
  const mistakes = edu.replace("edu.ts", "mistakes.ts");
  let client: Client;
  beforeEach(async () => {
    client = await Client.start();
    await client.dap.initializeRequest();
    await client.dap.launchRequest({ program: mistakes, exitAtEnd: true } as never);
    await client.next("initialized");
  });
  afterEach(() => client.stop());

  test("stops at the reports that are wanted, each with its text", async () => {
    await client.dap.setExceptionBreakpointsRequest({ filters: ["use-after-free", "double-free"] });
    await client.dap.configurationDoneRequest();
    const seen: string[] = [];
    for (let halt = await client.halt(); halt.kind === "stopped"; halt = await client.halt()) {
      expect(halt.reason).toBe("exception");
      const { body } = await client.dap.exceptionInfoRequest({ threadId: halt.threadId ?? 1 });
      expect(halt.description).toBe(body.description);
      expect(body.details?.stackTrace).toContain("Call Trace");
      seen.push(body.exceptionId);
      await client.dap.continueRequest({ threadId: 1 });
    }
    expect(seen).toEqual(expect.arrayContaining(["use-after-free", "double-free"]));
    expect(seen.filter((id) => !["use-after-free", "double-free", "oops"].includes(id))).toEqual([]);
  });

  test("goes back from a report, and forwards to it again", async () => {
    await client.dap.setExceptionBreakpointsRequest({ filters: ["sleep-in-atomic"] });
    await client.dap.configurationDoneRequest();
    const halt = await client.halt();
    expect(halt).toMatchObject({ reason: "exception" });
    const threadId = halt.kind === "stopped" ? halt.threadId! : 0;
    const here = await client.frame(threadId);
    await client.dap.stepBackRequest({ threadId });
    await client.halt();
    expect(await client.frame(threadId)).not.toMatchObject({ line: here.line });
    await client.dap.continueRequest({ threadId });
    expect(await client.halt()).toMatchObject({ reason: "exception" });
    expect(await client.frame(threadId)).toMatchObject({ line: here.line });
  });

  test("passes over reports that are not", async () => {
    await client.dap.setExceptionBreakpointsRequest({ filters: [] });
    await client.dap.configurationDoneRequest();
    for (let halt = await client.halt(); halt.kind === "stopped"; halt = await client.halt()) {
      const { body } = await client.dap.exceptionInfoRequest({ threadId: 1 });
      expect(body.exceptionId).toBe("oops");
      await client.dap.continueRequest({ threadId: 1 });
    }
    expect(client.output("stderr")).toContain("BUG: KASAN: slab-use-after-free");
  });
});
