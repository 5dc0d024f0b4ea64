// The settings in force for a document: asked of the client, or as it last sent them, never trusted to be well-formed.
import type { Connection } from "vscode-languageserver";
import { type CheckOptions, defaultOptions } from "../features/check.ts";
import { parseRelease } from "../knowledge/versions.ts";
import type { Settings } from "../protocol.ts";
import type { Client } from "./client.ts";

export interface ActiveSettings {
  readonly enable: boolean;
  readonly levels: Readonly<Record<string, unknown>>;
  readonly options: CheckOptions;
  readonly contextHints: boolean;
}

/** Every value may be missing or of the wrong type: a person may write anything into a settings file. */
export function readSettings(given: unknown): ActiveSettings {
  const { enable, rules, profile, stackLimitBytes, kernelVersion, inlayHints } = (given ?? {}) as {
    [key in keyof Settings]: unknown;
  };
  const limit = typeof stackLimitBytes === "number" && stackLimitBytes > 0 ? stackLimitBytes : undefined;
  return {
    enable: enable !== false,
    levels: typeof rules === "object" && rules !== null ? (rules as Record<string, unknown>) : {},
    contextHints: (inlayHints as { contexts?: unknown } | null | undefined)?.contexts !== false,
    options: {
      stackLimitBytes: limit ?? defaultOptions.stackLimitBytes,
      profile: profile === "learner" ? "learner" : "professional",
      kernel: typeof kernelVersion === "string" ? (parseRelease(kernelVersion) ?? "") : "",
    },
  };
}

export class SettingsStore {
  private readonly connection: Connection;
  private readonly client: Client;
  private sent: unknown;
  private readonly asked = new Map<string, Promise<ActiveSettings>>();

  constructor(connection: Connection, client: Client) {
    this.connection = connection;
    this.client = client;
    this.sent = client.options.settings;
  }

  of(uri: string): Promise<ActiveSettings> {
    if (!this.client.configures) return Promise.resolve(this.read(this.sent));
    const known = this.asked.get(uri);
    if (known !== undefined) return known;
    const answer = this.connection.workspace
      .getConfiguration({ scopeUri: uri, section: "driverlab" })
      .then((found) => this.read(found ?? this.sent));
    this.asked.set(uri, answer);
    // An answer that failed is not kept, so that the next check asks again.
    answer.catch(() => this.asked.delete(uri));
    return answer;
  }

  /** `settings` is what the client sent along, if it sends any. */
  changed(settings: unknown): void {
    this.asked.clear();
    const section = (settings as { driverlab?: unknown } | null | undefined)?.driverlab;
    if (section !== undefined && section !== null) this.sent = section;
  }

  forget(uri: string): void {
    this.asked.delete(uri);
  }

  private read(given: unknown): ActiveSettings {
    const version = (given as Settings | null | undefined)?.kernelVersion;
    if (typeof version === "string" && version !== "" && parseRelease(version) === undefined)
      this.connection.console.warn(
        `driverlab.kernelVersion: no such kernel version: ${version}; expected one such as 6.12`,
      );
    return readSettings(given);
  }
}
