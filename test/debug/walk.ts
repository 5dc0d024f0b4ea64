// A walk through a debug session that writes down what it meets, in words that stay the same.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { LaunchSettings } from "../../simulator/protocol.ts";
import { type Client, root } from "./client.ts";
import { Transcript } from "./transcript.ts";

export const beats = join(root, "test/debug/drivers/beats.ts");

export const endless = join(root, "test/debug/drivers/endless.ts");

type Movement = "continue" | "next" | "stepIn" | "stepOut" | "stepBack" | "reverseContinue";

export class Walk {
  threadId = 1;
  private readonly client: Client;
  private readonly transcript: Transcript;
  private program = beats;

  constructor(client: Client) {
    this.client = client;
    this.transcript = new Transcript(client);
  }

  say(text: string): void {
    for (const line of text.split("\n")) this.transcript.say(line);
  }

  /** What follows shows a capability. */
  heading(capability: string, what = ""): void {
    this.say(`== ${capability}${what && `: ${what}`}`);
  }

  check(name: string): void {
    this.transcript.check(name);
  }

  async launch(
    settings: LaunchSettings,
    client: Partial<DebugProtocol.InitializeRequestArguments> = {},
  ): Promise<void> {
    this.program = settings.program;
    const args = { adapterID: "driverlab", linesStartAt1: true, columnsStartAt1: true, pathFormat: "path", ...client };
    await this.client.dap.initializeRequest(args);
    await this.client.dap.launchRequest(settings as DebugProtocol.LaunchRequestArguments);
    await this.client.next("initialized");
  }

  async begin(): Promise<void> {
    await this.client.dap.configurationDoneRequest();
    await this.halt("begin");
  }

  async go(movement: Movement | "goBackToStart", args: object = {}): Promise<void> {
    if (movement === "goBackToStart") await this.client.custom("driverlab/seek", { clock: 0 });
    else await this.client.dap.customRequest(movement, { threadId: this.threadId, ...args });
    await this.halt(movement);
  }

  /** Where it stands: why, who, and the innermost frames. */
  async halt(after: string): Promise<void> {
    const halt = await this.client.halt();
    if (halt.kind === "terminated") {
      this.say(`> ${after}: the end`);
      return;
    }
    this.threadId = halt.threadId!;
    const { threads } = (await this.client.dap.threadsRequest()).body;
    const name = threads.find(({ id }) => id === halt.threadId)?.name ?? "nobody";
    const frames = (await this.client.stack(halt.threadId!)).filter(({ source }) => source !== undefined);
    const place = frames[0] === undefined ? "" : ` at ${this.placeOf(frames[0])}`;
    this.say(
      `> ${after}: ${[halt.reason, halt.description]
        .filter(Boolean)
        .join(", ")
        .replaceAll(/\b[0-9a-f]{8}\b/g, "…")} in ${name}${place}`,
    );
  }

  /** Every frame of whoever stopped, those without a source in parentheses with what they are. */
  async stack(): Promise<void> {
    for (const { name, source, presentationHint } of await this.client.stack(this.threadId)) {
      this.say(`  ${source === undefined ? `(${presentationHint}) ` : ""}${name}`);
    }
  }

  placeOf({ name, source, line }: DebugProtocol.StackFrame): string {
    return `${name} ${source?.name}:${this.placed(line, source?.path)}`;
  }

  /** A line by its text: numbers of lines say nothing to who reads this. */
  placed(line: number, path = this.program): string {
    return `“${readFileSync(path, "utf8").split("\n")[line - 1]?.trim()}”`;
  }

  lineOf(part: string, path = this.program): number {
    const text = readFileSync(path, "utf8");
    const at = text.indexOf(part);
    if (at < 0) throw new Error(`${basename(path)} has no ${part}`);
    return text.slice(0, at).split("\n").length;
  }

  async setFunctions(...breakpoints: DebugProtocol.FunctionBreakpoint[]): Promise<void> {
    const { body } = await this.client.dap.setFunctionBreakpointsRequest({ breakpoints });
    body.breakpoints.forEach(({ verified, message, line }, index) => {
      const place = line === undefined ? "" : ` at ${this.placed(line)}`;
      this.say(`  ${breakpoints[index]!.name}: ${verified ? `verified${place}` : message}`);
    });
  }

  async setLines(path: string, ...breakpoints: DebugProtocol.SourceBreakpoint[]): Promise<void> {
    const set = await this.client.setBreakpoints(path, breakpoints);
    for (const { verified, line, message } of set) this.say(`  ${verified ? `set at ${this.placed(line!)}` : message}`);
  }

  async evaluate(expression: string, args: object = {}): Promise<string> {
    const frames = await this.client.stack(this.threadId);
    const frame = frames.find(({ source }) => source !== undefined) ?? frames[0];
    const frameId = frame === undefined ? {} : { frameId: frame.id };
    try {
      return (await this.client.dap.evaluateRequest({ expression, ...frameId, context: "watch", ...args })).body.result;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** A line in the debug console. */
  async type(line: string): Promise<void> {
    this.say(`$ ${line}`);
    const text = await this.evaluate(line, { context: "repl" });
    const same = text
      .replaceAll(/\b(0x)?[0-9a-f]{8}\b/g, "…")
      .replaceAll(/\[ *\d+\.\d+\]/g, "[…]")
      .replaceAll(/in \d+\.\d+ ms/g, "in … ms");
    this.say(same.replaceAll(/^/gm, "  "));
  }
}
