// Every capability that the adapter announces, each with a session in which it changes what happens.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Client, edu } from "./client.ts";
import { beats, endless, Walk } from "./walk.ts";

describe("capabilities", () => {
  let client: Client;
  beforeEach(async () => {
    client = await Client.start();
  });
  afterEach(() => client.stop());

  test("each has a transcript, and nothing else is announced", async () => {
    const capabilities = (await client.dap.initializeRequest()).body as Record<string, unknown>;
    const announced = Object.keys(capabilities).filter((name) => capabilities[name] !== false);
    const texts = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".transcript"));
    const shown = texts.flatMap((name) => {
      const text = readFileSync(join(import.meta.dirname, name), "utf8");
      return [...text.matchAll(/^== (\w+)/gm)].map((match) => match[1]!);
    });
    expect([...new Set(shown)].sort()).toEqual(announced.sort());
    expect(announced.length).toBe(41);
  });

  test("breakpoints", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    walk.heading("supportsFunctionBreakpoints", "a name, its last word, a pattern");
    await walk.setFunctions({ name: "beats_init" }, { name: "ioctl" }, { name: "*_work", hitCondition: "2" });
    await walk.begin();
    for (const _ of [1, 2]) await walk.go("continue");
    walk.heading("supportsFunctionBreakpoints", "events of the kernel");
    await walk.setFunctions(
      { name: "timer:*" },
      { name: "work:beats_*" },
      { name: "syscall:delete_module" },
      { name: "no:such" },
    );
    for (const _ of [1, 2, 3]) await walk.go("continue");
    walk.heading("supportsConditionalBreakpoints");
    await walk.setFunctions();
    await walk.setLines(beats, { line: walk.lineOf("spin_lock(b.lock);"), condition: "b.count === 3" });
    await walk.go("continue");
    walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
    walk.heading("supportsHitConditionalBreakpoints", "the second from now");
    await walk.go("goBackToStart");
    await walk.setLines(beats, { line: walk.lineOf("b.count += 1"), hitCondition: "2" });
    await walk.go("continue");
    walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
    walk.heading("supportsLogPoints");
    await walk.setLines(beats, { line: walk.lineOf("this_cpu_inc(hits)"), logMessage: "counted to {b.count}" });
    await walk.go("continue");
    walk.say(client.output("console").trimEnd());
    walk.check("breakpoints");
  });

  test("where breakpoints can stand, and in which contexts", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    walk.heading("supportsConfigurationDoneRequest", "nothing runs before it");
    walk.say(`  events so far: ${client.events.map(({ event }) => event).join(", ")}`);
    walk.heading("supportsBreakpointLocationsRequest");
    const line = walk.lineOf("if (b.count < 4)");
    const { breakpoints } = (await client.dap.customRequest("breakpointLocations", { source: { path: beats }, line }))
      .body;
    for (const at of breakpoints)
      walk.say(`  ${walk.placed(at.line)}:${at.column} to ${walk.placed(at.endLine)}:${at.endColumn}`);
    walk.heading("breakpointModes", "in spin_unlock's line of a softirq, but only in task context");
    await walk.setLines(
      beats,
      { line: walk.lineOf("b.count += 1"), mode: "task" },
      { line: walk.lineOf("const seen = b.count"), mode: "task" },
    );
    await walk.begin();
    walk.heading("breakpointModes", "in softirqs");
    await walk.setLines(beats, { line: walk.lineOf("b.count += 1"), mode: "softirq" });
    await walk.go("continue");
    walk.heading("supportsDelayedStackTraceLoading", "one frame, and how many there are");
    const { body } = await client.dap.stackTraceRequest({ threadId: walk.threadId, startFrame: 1, levels: 1 });
    walk.say(`  ${body.stackFrames.map(({ name }) => name).join(", ")} of ${body.totalFrames}`);
    walk.heading("supportsInstructionBreakpoints");
    await walk.setLines(beats);
    const [frame] = (await client.stack(walk.threadId)).filter(({ source }) => source !== undefined);
    const instructionReference = frame!.instructionPointerReference!;
    const set = await client.dap.customRequest("setInstructionBreakpoints", {
      breakpoints: [{ instructionReference, offset: 4 }, { instructionReference: "0x10" }],
    });
    for (const one of set.body.breakpoints)
      walk.say(`  ${one.verified ? `verified at beats.ts:${walk.placed(one.line)}` : one.message}`);
    await walk.go("continue");
    walk.heading("supportsDisassembleRequest");
    const listing = await client.dap.customRequest("disassemble", {
      memoryReference: instructionReference,
      instructionOffset: -1,
      instructionCount: 3,
    });
    for (const one of listing.body.instructions as DebugProtocol.DisassembledInstruction[]) {
      walk.say(`  ${walk.placed(one.line!)} ${one.symbol ?? ""} ${one.instruction}`);
    }
    const outside = await client.dap.customRequest("disassemble", {
      memoryReference: "0x7e000000",
      instructionOffset: -2,
      instructionCount: 2,
    });
    walk.say(`  before the first: ${outside.body.instructions.map((one: { instruction: string }) => one.instruction)}`);
    walk.heading("supportsStepInTargetsRequest", "a line that calls two functions");
    const { targets } = (
      await client.dap.customRequest("stepInTargets", { frameId: (await client.frame(walk.threadId)).id })
    ).body;
    walk.say(`  ${targets.map(({ label }: { label: string }) => label).join(", ")}`);
    await walk.go("stepIn", { targetId: targets[0].id });
    walk.heading("supportsSteppingGranularity", "“if (b.count < 4) mod_timer(…)” has two statements");
    await client.dap.customRequest("setInstructionBreakpoints", { breakpoints: [] });
    await walk.setLines(beats, { line });
    await walk.go("continue");
    const columns = async () => walk.say(`  column ${(await client.frame(walk.threadId)).column}`);
    await columns();
    await walk.go("next", { granularity: "instruction" });
    await columns();
    await walk.go("continue");
    await columns();
    await walk.go("next", { granularity: "line" });
    walk.check("places");
  });

  test("jumps", async () => {
    const walk = new Walk(client);
    const targets = async (part: string, path = beats): Promise<readonly DebugProtocol.GotoTarget[]> => {
      const args = { source: { path }, line: walk.lineOf(part) };
      try {
        return (await client.dap.customRequest("gotoTargets", args)).body.targets;
      } catch (error) {
        walk.say(`  ${(error as Error).message.replace(/line (\d+)/g, (_, line) => walk.placed(Number(line)))}`);
        return [];
      }
    };
    const go = async (part: string): Promise<void> => {
      const [{ id, label }] = (await targets(part)) as [DebugProtocol.GotoTarget];
      walk.say(`  target: ${label}`);
      await client.dap.customRequest("goto", { threadId: walk.threadId, targetId: id });
      await walk.halt("goto");
      walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
    };
    await walk.launch({ program: beats });
    walk.heading("supportsGotoTargetsRequest", "back, to count once more");
    await walk.setLines(beats, { line: walk.lineOf("this_cpu_inc(hits)") });
    await walk.begin();
    await walk.setLines(beats);
    await go("spin_lock(b.lock);");
    await walk.go("next");
    await walk.go("next");
    walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
    walk.heading("supportsGotoTargetsRequest", "the same again after going back to before it");
    for (const _ of [1, 2, 3]) await walk.go("stepBack");
    for (const _ of [1, 2, 3]) await walk.go("next");
    walk.say(`  b.count is ${await walk.evaluate("b.count")}`);
    walk.heading("supportsGotoTargetsRequest", "forwards, past the unlock");
    await walk.setLines(beats, { line: walk.lineOf("spin_unlock(b.lock);") });
    await walk.go("continue");
    await walk.setLines(beats);
    await go("this_cpu_inc(hits);");
    await walk.go("continue");
    walk.heading("supportsGotoTargetsRequest", "where it cannot lead");
    await walk.go("goBackToStart");
    await walk.setFunctions({ name: "beats_tick" });
    await walk.go("continue");
    for (const part of ["const period_ms", "return n * 2;", "b.count += 1;"]) await targets(part);
    await walk.go("next");
    const two = await targets("if (b.count < 4)");
    walk.say(`  a line of two: ${two.map(({ label, column }) => `${label} in column ${column}`).join(" and ")}`);
    walk.say(`  a line without statements: ${(await targets("module_param,")).length} targets`);
    walk.say(`  by a URI: ${(await targets("const b = from_timer", `file://${beats}`)).length} target`);
    const answer = await client.dap
      .customRequest("goto", { threadId: walk.threadId, targetId: 0 })
      .catch((error) => error);
    walk.say(`  ${answer.message}`);
    walk.check("jumps");
  });

  test("reports", async () => {
    const walk = new Walk(client);
    const mistakes = edu.replace("edu.ts", "mistakes.ts");
    await walk.launch({ program: mistakes });
    walk.heading("exceptionBreakpointFilters", "only use-after-free");
    const set = async (args: object) => {
      const { body } = await client.dap.customRequest("setExceptionBreakpoints", { filters: [], ...args });
      for (const one of body?.breakpoints ?? []) walk.say(`  ${one.verified ? "verified" : one.message}`);
    };
    await set({ filters: ["use-after-free"] });
    await walk.begin();
    walk.heading("supportsExceptionInfoRequest");
    const { body } = await client.dap.exceptionInfoRequest({ threadId: walk.threadId });
    walk.say(`  ${body.exceptionId}: ${body.description}`);
    walk.say(
      body
        .details!.stackTrace!.split("\n")
        .slice(0, 3)
        .map((one) => `  ${one}`.trimEnd())
        .join("\n")
        .replaceAll(/[0-9a-f]{8}/g, "…"),
    );
    walk.heading("supportsExceptionFilterOptions", "with conditions");
    await walk.go("goBackToStart");
    await set({
      filterOptions: [
        { filterId: "use-after-free", condition: 'func == "no_such"' },
        { filterId: "double-free", condition: 'cpu < 8 && func != "" && !(context == "hardirq")' },
        { filterId: "double-lock", condition: "cpu = 1" },
        { filterId: "out-of-bounds", condition: "cup == 1" },
      ],
    });
    await walk.go("continue");
    walk.heading("supportsExceptionOptions", "everything but two kinds");
    await walk.go("goBackToStart");
    await set({
      exceptionOptions: [
        { breakMode: "always" },
        { breakMode: "never", path: [{ names: ["report"] }, { names: ["sleep-in-atomic", "use-after-free"] }] },
      ],
    });
    await walk.go("continue");
    walk.check("reports");
  });

  test("the session as a whole", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats, stopOnEntry: true }, { supportsANSIStyling: true });
    await walk.begin();
    await walk.setFunctions({ name: "beats_work" });
    await walk.go("continue");
    walk.heading("supportsANSIStyling", "an error in red");
    walk.say(`  ${JSON.stringify(client.output("stderr").split("\n")[0])}`);
    walk.heading("supportsLoadedSourcesRequest");
    const { sources } = (await client.dap.customRequest("loadedSources")).body;
    walk.say(`  ${sources.map(({ name }: { name: string }) => name).join(", ")}`);
    walk.heading("supportedChecksumAlgorithms");
    const { createHash } = await import("node:crypto");
    const [{ algorithm, checksum }] = sources.find(({ path }: { path: string }) => path === beats).checksums;
    const own = createHash("sha256").update(readFileSync(beats)).digest("hex");
    walk.say(`  ${algorithm}: ${checksum === own ? "the file as it is" : "another file"}`);
    walk.heading("supportsModulesRequest");
    const { modules } = (await client.dap.modulesRequest({})).body;
    for (const one of modules) walk.say(`  ${one.name} ${one.version}`);
    walk.heading("additionalModuleColumns");
    const { additionalModuleColumns = [] } = (await Client.capabilities()) as DebugProtocol.Capabilities;
    for (const { attributeName, label } of additionalModuleColumns) {
      walk.say(`  ${label}: ${(modules[0] as unknown as Record<string, unknown>)[attributeName]}`);
    }
    walk.heading("supportsRestartRequest", "the breakpoints are still there, under their numbers");
    await walk.setLines(beats, { line: walk.lineOf("spin_unlock(b.lock);") });
    const halt = await client.dap.customRequest("restart", {}).then(() => client.halt());
    walk.say(`  ${halt.kind === "stopped" && halt.reason}`);
    const changed = client.events.filter(({ event }) => event === "breakpoint");
    walk.say(`  told of anew: ${changed.map(({ body }) => walk.placed(body.breakpoint.line)).join(", ")}`);
    await walk.go("continue");
    walk.heading("supportsStepBack");
    await walk.go("next");
    await walk.go("stepBack");
    walk.heading("supportsTerminateRequest");
    await client.dap.terminateRequest();
    await walk.halt("terminate");
    walk.check("session");
  });

  test("what a client leaves behind", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    await walk.setFunctions({ name: "beats_init" });
    await walk.begin();
    walk.heading("supportTerminateDebuggee", "with it nothing runs any more; without it the run goes on to its end");
    const other = await Client.start();
    const second = new Walk(other);
    await second.launch({ program: beats });
    await second.setFunctions({ name: "beats_init" });
    await second.begin();
    await client.leave({ terminateDebuggee: true });
    await other.leave({ terminateDebuggee: false });
    await other.next("terminated");
    walk.say(`  with it: ${client.output("stdout").includes("rmmod: 0") ? "ran on" : "ended"}`);
    walk.say(`  without it: ${other.output("stdout").includes("rmmod: 0") ? "ran on" : "ended"}`);
    walk.check("leaving");
  });

  test("a long way back, given up", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: endless }, { supportsProgressReporting: true });
    await client.dap.configurationDoneRequest();
    // Far enough that the way back takes several portions, however busy the machine is.
    for (let clock = 0; clock < 3_000_000; ) {
      await new Promise((done) => setTimeout(done, 200));
      await client.dap.pauseRequest({ threadId: 1 });
      await client.halt();
      clock = (await client.next("driverlab/changed")).body.clock;
      if (clock < 3_000_000) await client.dap.continueRequest({ threadId: 1 });
    }
    walk.heading("supportsCancelRequest");
    await client.custom("driverlab/runBackTo", { path: endless, line: walk.lineOf("let n") });
    const start = await client.next("progressStart");
    walk.say(`  ${start.body.title}, ${start.body.cancellable ? "" : "not "}cancellable`);
    await client.dap.customRequest("cancel", { progressId: start.body.progressId });
    await client.next("progressEnd");
    await walk.halt("cancel");
    walk.check("cancel");
  });

  test("threads", async () => {
    const walk = new Walk(client);
    await walk.launch({ program: beats });
    await walk.setFunctions({ name: "beats_ioctl" });
    await walk.begin();
    walk.heading("supportsSingleThreadExecutionRequests", "no timer comes while only the worker may run");
    await walk.setFunctions({ name: "beats_work" });
    await walk.go("continue");
    await walk.setFunctions({ name: "beats_tick" });
    const answer = await client.dap.continueRequest({ threadId: walk.threadId, singleThread: true });
    walk.say(`  allThreadsContinued: ${answer.body.allThreadsContinued}`);
    await walk.halt("continue");
    await walk.go("continue");
    walk.heading("supportsSingleThreadExecutionRequests", "as it was, so it is again");
    await walk.go("stepBack");
    await walk.go("continue");
    walk.heading("supportsTerminateThreadsRequest", "the process that waits is killed, and its waitpid() returns");
    const { threads } = (await client.dap.threadsRequest()).body;
    walk.say(`  threads: ${threads.map(({ name }) => name).join(", ")}`);
    const scenario = threads.find(({ name }) => name.startsWith("scenario"))!;
    await client.dap.customRequest("terminateThreads", { threadIds: [scenario.id] });
    const refused = await client.dap
      .customRequest("terminateThreads", { threadIds: [walk.threadId] })
      .catch((error) => error);
    walk.say(`  ${refused.message}`);
    await walk.setFunctions();
    await walk.go("continue");
    const log = client.output("stdout");
    walk.say(`  rmmod has ${log.includes("rmmod") ? "" : "not "}been called`);
    walk.check("threads");
  });
});
