// A debug session made of random requests, sensible ones and nonsense: for finding what breaks or hangs the adapter.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Dice } from "../dice.ts";
import { Client, edu } from "./client.ts";
import { beats, endless } from "./walk.ts";

const programs = [edu, edu.replace("edu.ts", "mistakes.ts"), beats, endless];
/** A movement that has not ended by itself by then is paused. */
const patienceMilliseconds = 200;
/** Answers that take longer are a hang. */
const hangMilliseconds = 10_000;

const expressions = [
  ...[
    "d",
    "d.result",
    "b.history",
    "status",
    "b.count + 1",
    "1 / 0",
    "no_such",
    "(",
    "b.count = 3",
    "this",
    "{}",
    "'a'",
  ],
  ...[
    "lx-ps",
    "lx-dmesg",
    "lx-lsmod",
    "lx-iomem",
    "lx-timerlist",
    "lx-slabinfo",
    "lx-device-list-tree",
    "$lx_current()",
  ],
  ...[
    "$lx_per_cpu(hits)",
    "cat /proc/interrupts",
    "cat /sys/kernel/count",
    "ls /",
    "! cat /sys/kernel/count",
    "rmmod beats",
  ],
  ...[
    "insmod beats period_ms=1",
    "irq 11",
    "fail kmalloc 2",
    "fail pages",
    "unplug edu",
    "plug edu",
    "help",
    "echo 1 > /dev/x",
  ],
] as const;
const names = [
  "probe",
  "*_irq",
  "irq:11",
  "timer:*",
  "work:*",
  "syscall:*",
  "beats_tick",
  "nothing",
  "*",
  "softirq:TIMER",
];
const conditions = ["", "true", "d.result > 3", "no_such", "b.count % 2"];
const nonsense = [
  null,
  undefined,
  -1,
  2 ** 53,
  Number.NaN,
  "",
  "x".repeat(1000),
  {},
  [],
  true,
  "0x",
  1e308,
  "__proto__",
];
const movements = ["continue", "next", "stepIn", "stepOut", "stepBack", "reverseContinue"];
const views = [
  ...["accesses", "breakOn", "contexts", "kernelLog", "linesRun", "locks", "logPast", "memory", "moments", "registers"],
  ...["timeline", "writeRegister"],
].map((name) => `driverlab/${name}`);
const others = ["threads", "modules", "loadedSources", "exceptionInfo", ...views];

export interface Finding {
  readonly seed: number;
  readonly request: string;
  readonly problem: string;
}

/** What is known of the session, to make sense of it. */
interface Known {
  threads: number[];
  frames: DebugProtocol.StackFrame[];
  references: number[];
  addresses: string[];
}

/** Runs so many requests; what is found of mistakes of the adapter. */
export async function randomSession(seed: number, requests: number): Promise<readonly Finding[]> {
  const dice = new Dice(seed);
  const client = await Client.start();
  const findings: Finding[] = [];
  const program = dice.of(programs);
  const known: Known = { threads: [1], frames: [], references: [], addresses: ["0x10000000", "0x7e000000"] };
  let last = "";
  const send = async (command: string, args: unknown): Promise<unknown> => {
    last = `${command} ${JSON.stringify(args)}`;
    try {
      return (await within(client.dap.customRequest(command, args))).body;
    } catch (error) {
      const { message } = error as Error;
      if (/made a mistake|no answer/.test(message)) findings.push({ seed, request: last, problem: message });
      if (/no answer/.test(message)) throw error;
      return undefined;
    }
  };
  try {
    await client.dap.initializeRequest();
    const recipe = { program, seed: dice.below(100), cpus: 1 + dice.below(3), stopOnEntry: dice.chance(2) };
    await client.dap.launchRequest(recipe as never);
    await client.dap.configurationDoneRequest();
    for (let count = 0; count < requests; count++) {
      if (dice.chance(12)) await send(dice.of(SENSIBLE), garbage(dice));
      else if (dice.chance(5)) await move(client, dice, known, send);
      else await look(dice, known, program, send);
    }
    await settle(client, send);
    if ((await send("threads", {})) === undefined) findings.push({ seed, request: last, problem: "no threads" });
  } catch (error) {
    if (findings.length === 0) findings.push({ seed, request: last, problem: String(error) });
  } finally {
    await client.stop().catch(() => {});
  }
  return findings;
}

type Send = (command: string, args: unknown) => Promise<unknown>;

async function move(client: Client, dice: Dice, known: Known, send: Send): Promise<void> {
  const threadId = dice.of(known.threads);
  const granularity = dice.of(["line", "statement", "instruction"]);
  if (dice.chance(20)) await send("restart", {});
  else if (dice.chance(6)) await send("driverlab/seek", { clock: dice.below(100_000) });
  else if (dice.chance(5)) await jump(dice, threadId, send);
  else await send(dice.of(movements), { threadId, granularity, singleThread: dice.chance(5) });
  known.frames = [];
  known.references = [];
  // Some requests come while it runs.
  if (dice.chance(3)) await look(dice, known, beats, send);
  await settle(client, send);
}

/** To a line near the one at which a thread is, or to nowhere. */
async function jump(dice: Dice, threadId: number, send: Send): Promise<void> {
  const stack = (await send("stackTrace", { threadId })) as DebugProtocol.StackTraceResponse["body"] | undefined;
  const frame = stack?.stackFrames.find(({ source }) => source !== undefined);
  const args = { source: frame?.source ?? {}, line: (frame?.line ?? 1) + dice.below(9) - 4 };
  const body = (await send("gotoTargets", args)) as DebugProtocol.GotoTargetsResponse["body"] | undefined;
  const ids = body?.targets.map(({ id }) => id) ?? [];
  await send("goto", { threadId, targetId: ids.length === 0 ? dice.below(99) : dice.of(ids) });
}

/** Waits until the run stands still; pauses it when that takes its time. */
async function settle(client: Client, send: Send): Promise<void> {
  for (let waited = 0; waited < hangMilliseconds; waited += patienceMilliseconds) {
    const still = await send("scopes", { frameId: 0 }).then(() => send("driverlab/locks", {}));
    if (still !== undefined) return;
    await send("pause", { threadId: 1 });
    await new Promise((done) => setTimeout(done, patienceMilliseconds / 10));
    if (client.events.some(({ event }) => event === "terminated")) return;
  }
  throw new Error("the run cannot be paused");
}

async function look(dice: Dice, known: Known, program: string, send: Send): Promise<void> {
  const threadId = dice.of(known.threads);
  const frameId = known.frames.length === 0 ? undefined : dice.of(known.frames).id;
  const line = 1 + dice.below(300);
  const format = dice.chance(3) ? { hex: true } : undefined;
  const memoryReference = dice.of(known.addresses);
  const choices: readonly (() => Promise<unknown>)[] = [
    async () => {
      const body = (await send("threads", {})) as DebugProtocol.ThreadsResponse["body"] | undefined;
      known.threads = body?.threads.map(({ id }) => id) ?? known.threads;
      if (known.threads.length === 0) known.threads = [1];
    },
    async () => {
      const args = { threadId, startFrame: dice.below(2), levels: dice.below(5), format };
      const body = (await send("stackTrace", args)) as DebugProtocol.StackTraceResponse["body"] | undefined;
      known.frames = body?.stackFrames ?? known.frames;
      known.addresses.push(...(known.frames.map((one) => one.instructionPointerReference ?? "0x7e000010") ?? []));
    },
    async () => {
      const body = (await send("scopes", { frameId })) as DebugProtocol.ScopesResponse["body"] | undefined;
      known.references.push(...(body?.scopes.map((one) => one.variablesReference) ?? []));
    },
    async () => {
      if (known.references.length === 0) return;
      const filter = dice.of([undefined, "named", "indexed"]);
      const args = {
        variablesReference: dice.of(known.references),
        filter,
        start: dice.below(400),
        count: dice.below(50),
        format,
      };
      const body = (await send("variables", args)) as DebugProtocol.VariablesResponse["body"] | undefined;
      for (const { variablesReference, memoryReference } of body?.variables ?? []) {
        if (variablesReference > 0) known.references.push(variablesReference);
        if (memoryReference !== undefined) known.addresses.push(memoryReference);
      }
    },
    () =>
      send("evaluate", {
        expression: dice.of(expressions),
        frameId,
        context: dice.of(["watch", "hover", "repl", "clipboard"]),
        format,
      }),
    () => send("setExpression", { expression: dice.of(expressions), value: String(dice.below(9)), frameId }),
    async () => {
      if (known.references.length === 0) return;
      const name = dice.of(["d", "b", "count", "result", "IRQ_STATUS", "[3]", "i"]);
      await send("setVariable", {
        variablesReference: dice.of(known.references),
        name,
        value: dice.of(["1", "0x10", "null", "("]),
      });
    },
    () => send("readMemory", { memoryReference, offset: dice.below(64) - 32, count: dice.below(300) }),
    () =>
      send("writeMemory", {
        memoryReference,
        data: Buffer.from([dice.below(256), 0]).toString("base64"),
        allowPartial: dice.chance(2),
      }),
    () =>
      send("disassemble", {
        memoryReference,
        instructionOffset: dice.below(40) - 20,
        instructionCount: dice.below(40),
      }),
    () =>
      send("setInstructionBreakpoints", {
        breakpoints: [{ instructionReference: memoryReference, offset: 4 * dice.below(9) }],
      }),
    () =>
      send("setBreakpoints", {
        source: { path: program },
        breakpoints: dice.chance(3)
          ? []
          : [
              {
                line,
                condition: dice.of(conditions),
                hitCondition: dice.of(["", "2", "> 1"]),
                mode: dice.of(["any", "hardirq"]),
              },
            ],
      }),
    () =>
      send("setFunctionBreakpoints", {
        breakpoints: dice.chance(3) ? [] : [{ name: dice.of(names), condition: dice.of(conditions) }],
      }),
    () =>
      send("setExceptionBreakpoints", {
        filters: dice.chance(2) ? [] : ["use-after-free"],
        filterOptions: [{ filterId: "double-free", condition: dice.of(["cpu == 1", "(", 'func == "a"']) }],
      }),
    () => send("dataBreakpointInfo", { name: dice.of(["d.result", "b.count", "edu.STATUS"]), frameId }),
    () => send("breakpointLocations", { source: { path: program }, line, endLine: line + dice.below(5) }),
    () => send("completions", { text: dice.of(expressions), column: 1 + dice.below(8), frameId }),
    () => send("stepInTargets", { frameId }),
    () => send("terminateThreads", { threadIds: [threadId] }),
    () => send(dice.of(others), { threadId }),
  ];
  await dice.of(choices)();
}

const SENSIBLE = [
  ...[
    "initialize",
    "launch",
    "configurationDone",
    "setBreakpoints",
    "setFunctionBreakpoints",
    "setDataBreakpoints",
    "scopes",
  ],
  ...[
    "setExceptionBreakpoints",
    "setInstructionBreakpoints",
    "variables",
    "evaluate",
    "readMemory",
    "writeMemory",
    "source",
  ],
  ...[
    "disassemble",
    "completions",
    "stackTrace",
    "threads",
    "cancel",
    "locations",
    "setVariable",
    "setExpression",
    "goto",
    "gotoTargets",
  ],
  ...[
    "next",
    "dataBreakpointInfo",
    "modules",
    "driverlab/seek",
    "driverlab/runBackTo",
    "driverlab/lastWrite",
    "toString",
  ],
  ...views,
];

function garbage(dice: Dice): unknown {
  const keys = ["threadId", "frameId", "variablesReference", "expression", "breakpoints", "source", "memoryReference"];
  const more = [
    "count",
    "offset",
    "data",
    "text",
    "column",
    "filters",
    "name",
    "value",
    "clock",
    "path",
    "line",
    "arguments",
  ];
  if (dice.chance(6)) return dice.of(nonsense);
  return Object.fromEntries(
    Array.from({ length: 1 + dice.below(5) }, () => [dice.of([...keys, ...more]), dice.of(nonsense)]),
  );
}

async function within<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error("no answer")), hangMilliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
