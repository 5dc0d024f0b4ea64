// A fence round each request: what goes wrong inside is logged with the request's name, and fails alone.
import type { CancellationToken, Connection } from "vscode-languageserver";

export class Fence {
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  log(name: string, error: unknown): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.connection.console.error(`${name} failed: ${what}`);
  }

  /** A handler that answers with `fallback` where `run` throws, or where the client no longer wants the answer. */
  request<Params, Result>(
    name: string,
    fallback: Result,
    run: (params: Params, token: CancellationToken) => Promise<Result>,
  ): (params: Params, token: CancellationToken) => Promise<Result> {
    return async (params, token) => {
      if (token.isCancellationRequested) return fallback;
      try {
        return await run(params, token);
      } catch (error) {
        this.log(name, error);
        return fallback;
      }
    };
  }

  /** For what nobody waits for. */
  detached(name: string, run: () => Promise<unknown>): void {
    run().catch((error: unknown) => this.log(name, error));
  }
}
