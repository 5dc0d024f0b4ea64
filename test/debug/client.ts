// A debug adapter protocol client without an editor: starts the built adapter and keeps what it says in order.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { LaunchSettings } from "../../simulator/protocol.ts";

export const root = join(import.meta.dirname, "../..");
/** Where the adapter was built to. */
const dist = process.env.DRIVERLAB_DIST ?? join(root, "dist");
export const adapterProgram = join(dist, "driverlab-dap.js");
export const edu = join(root, "simulator/examples/edu.ts");

const answerMilliseconds = 10_000;

type StoppedBody = DebugProtocol.StoppedEvent["body"];

/** How the machine came to stand still: a stop, or the end of the run. */
export type Halt = ({ readonly kind: "stopped" } & StoppedBody) | { readonly kind: "terminated" };

export class Client {
  readonly dap: DebugClient;
  readonly events: DebugProtocol.Event[] = [];
  private read = 0;
  private wake: (() => void) | undefined;

  private constructor(dap: DebugClient) {
    this.dap = dap;
    for (const name of [
      "initialized",
      "continued",
      "stopped",
      "terminated",
      "exited",
      "output",
      "invalidated",
      "memory",
      "breakpoint",
      "progressStart",
      "progressUpdate",
      "progressEnd",
      "driverlab/changed",
    ]) {
      dap.on(name, (event: DebugProtocol.Event) => {
        this.events.push(event);
        this.wake?.();
      });
    }
  }

  /** `walls`: under Node's permission model, as an editor starts it; it may read these folders. */
  static async start(walls?: readonly string[]): Promise<Client> {
    if (!existsSync(adapterProgram)) throw new Error("dist/ is not built: npm run build");
    const readable = [dist, ...(walls ?? [])].map((path) => `--allow-fs-read=${path}`);
    const env = { ...process.env, NODE_OPTIONS: walls === undefined ? "" : ["--permission", ...readable].join(" ") };
    const dap = new DebugClient(process.execPath, adapterProgram, "driverlab", { env }, true);
    dap.defaultTimeout = answerMilliseconds;
    await dap.start();
    return new Client(dap);
  }

  /** What an adapter says that it can do. */
  static async capabilities(): Promise<DebugProtocol.Capabilities> {
    const client = await Client.start();
    const { body } = await client.dap.initializeRequest();
    await client.stop();
    return body ?? {};
  }

  async stop(): Promise<void> {
    if (!this.isGone) await this.dap.stop();
  }

  /** Disconnects; the adapter then goes by itself. */
  async leave(args: DebugProtocol.DisconnectArguments): Promise<void> {
    this.isGone = true;
    await this.dap.customRequest("disconnect", args);
  }

  private isGone = false;

  /** Launches, unless told otherwise to end with the run, sets breakpoints at lines of the program or of other files, and lets it run. */
  async launch(
    settings: LaunchSettings,
    breakpoints: readonly DebugProtocol.SourceBreakpoint[] = [],
  ): Promise<DebugProtocol.Breakpoint[]> {
    await this.dap.initializeRequest();
    await this.dap.launchRequest({ exitAtEnd: true, ...settings } as DebugProtocol.LaunchRequestArguments);
    await this.next("initialized");
    const answer = await this.setBreakpoints(settings.program, breakpoints);
    await this.dap.configurationDoneRequest();
    return answer;
  }

  async setBreakpoints(
    path: string,
    breakpoints: readonly DebugProtocol.SourceBreakpoint[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const answer = await this.dap.setBreakpointsRequest({ source: { path }, breakpoints: [...breakpoints] });
    return answer.body.breakpoints;
  }

  /** The next event of one of these names that was not read yet; earlier ones of other names are passed over. */
  async next(...names: string[]): Promise<DebugProtocol.Event> {
    const deadline = Date.now() + answerMilliseconds;
    for (;;) {
      while (this.read < this.events.length) {
        const event = this.events[this.read++]!;
        if (names.includes(event.event)) return event;
      }
      if (Date.now() > deadline)
        throw new Error(`no event ${names.join(" or ")} within ${answerMilliseconds / 1000} s`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, 200);
        this.wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  async halt(): Promise<Halt> {
    const event = await this.next("stopped", "terminated");
    return event.event === "terminated" ? { kind: "terminated" } : { kind: "stopped", ...(event.body as StoppedBody) };
  }

  async stack(threadId: number): Promise<DebugProtocol.StackFrame[]> {
    return (await this.dap.stackTraceRequest({ threadId })).body.stackFrames;
  }

  /** The innermost frame of the driver. */
  async frame(threadId: number): Promise<DebugProtocol.StackFrame> {
    const frame = (await this.stack(threadId)).find(({ source }) => source !== undefined);
    if (frame === undefined) throw new Error("the stack has no frame of a driver");
    return frame;
  }

  async scope(frameId: number, name: string): Promise<DebugProtocol.Variable[]> {
    const { scopes } = (await this.dap.scopesRequest({ frameId })).body;
    const scope = scopes.find((candidate) => candidate.name === name);
    if (scope === undefined) throw new Error(`no scope ${name} among ${scopes.map((one) => one.name).join(", ")}`);
    return this.variables(scope.variablesReference);
  }

  async variables(variablesReference: number): Promise<DebugProtocol.Variable[]> {
    return (await this.dap.variablesRequest({ variablesReference })).body.variables;
  }

  async custom<T>(request: string, args?: unknown): Promise<T> {
    return (await this.dap.customRequest(request, args)).body as T;
  }

  /** What the run has printed, by category. */
  output(category: string): string {
    const bodies = this.events.flatMap((event) => (event.event === "output" ? [event.body] : []));
    return bodies.flatMap((body) => (body.category === category ? [body.output] : [])).join("");
  }
}
