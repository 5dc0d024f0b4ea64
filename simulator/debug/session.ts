// One debug session: takes each request to its function, fences it, and answers.
import { DebugSession, Response } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { checked } from "./arguments.ts";
import { Debuggee } from "./debuggee.ts";
import { internal, RequestError, tookTooLong, unknownRequest } from "./errors.ts";
import { Later } from "./looks.ts";
import { requests } from "./requests/index.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a request may take, most of which take a few: a driver's getters may not come to an end. */
const REQUEST_MILLIS = 30_000;

/** The protocol's own library frames messages and numbers them; its table of requests is not used. */
export class DriverSession extends DebugSession {
  private readonly debuggee: Debuggee;
  private readonly surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    super();
    this.surroundings = surroundings;
    this.debuggee = new Debuggee(surroundings, (event) => this.sendEvent(event));
    // Unheard, the library's own `error` event would end the process.
    this.on("error", (event: { body?: unknown }) => surroundings.log(String(event.body ?? "bad message")));
    this.on("close", () => surroundings.end());
  }

  /** The library would leave with a delay; the answer is on its way already, and nothing else is left to be told. */
  override shutdown(): void {
    this.surroundings.end();
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const response: DebugProtocol.Response = new Response(request);
    try {
      const handle = Object.hasOwn(requests, request.command) ? requests[request.command] : undefined;
      if (handle === undefined) throw unknownRequest(request.command);
      const answer = () => {
        response.body = handle(this.debuggee, checked(request.command, request.arguments));
      };
      if (!this.surroundings.within(REQUEST_MILLIS, answer)) throw tookTooLong(request.command);
      if (response.body instanceof Later) {
        this.later(response, request.command, response.body);
        return;
      }
      if (response.body === undefined) delete response.body;
    } catch (error) {
      this.refuse(response, request.command, error);
    }
    this.sendResponse(response);
    this.debuggee.answered();
  }

  private later(response: DebugProtocol.Response, command: string, later: Later): void {
    const answer = (body: unknown): void => {
      response.body = body;
      this.sendResponse(response);
    };
    this.debuggee.looks.begin(later, answer, (error) => {
      this.refuse(response, command, error);
      this.sendResponse(response);
    });
  }

  private refuse(response: DebugProtocol.Response, command: string, error: unknown): void {
    const known = error instanceof RequestError ? error : internal(command, String(error));
    if (known !== error) this.surroundings.log(`${command}: ${error instanceof Error ? error.stack : String(error)}`);
    response.success = false;
    response.message = known.message;
    // Braces in a format would be taken for variables.
    const variables = { message: known.message };
    response.body = { error: { id: known.code, format: "{message}", variables, showUser: known.shown } };
  }
}
