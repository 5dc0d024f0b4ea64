// What the language server and its clients say to each other beyond the language server protocol.

/** Severity of a rule as a person sets it. */
export type RuleLevel = "off" | "hint" | "information" | "warning" | "error";

/** The section `driverlab` of the client's configuration. */
export interface Settings {
  /** False: the file is left alone. */
  readonly enable?: boolean;
  /** Rule id → level; a rule that is not listed keeps its own severity. */
  readonly rules?: Readonly<Record<string, RuleLevel>>;
  /** Whom findings are for: a learner also sees hints that a professional does not need. */
  readonly profile?: "professional" | "learner";
  /** Bytes of local variables from which `large-stack` reports a function. */
  readonly stackLimitBytes?: number;
  /** The kernel release to check against, `6.12`; empty: the one that the file's surroundings say. */
  readonly kernelVersion?: string;
  /** What stands in the text without being part of it. */
  readonly inlayHints?: {
    /** False: no contexts before functions that run in others than process context. */
    readonly contexts?: boolean;
  };
}

export interface InitializationOptions {
  /** URI of a rule's page, with `{id}` in place of the rule's id. Without it, the page in the server's own folder. */
  readonly rulePage?: string;
  /** True: the client wants `driverlab/status`. */
  readonly status?: boolean;
  /** The settings, from clients that cannot be asked for them. */
  readonly settings?: Settings;
}

/** Server → client, a notification after each check of a document. */
export type StatusMethod = "driverlab/status";

export interface Status {
  readonly uri: string;
  /**
   * `checked`: findings are complete. `skipped`: it is not kernel code, `reason` says why. `off`: switched off in the
   * settings. `failed`: the check itself failed, `reason` says how; the log has more.
   */
  readonly state: "checked" | "skipped" | "off" | "failed";
  readonly findings: number;
  readonly milliseconds: number;
  readonly reason?: string;
  /** The kernel release checked against, `6.12`; absent where nothing was checked. */
  readonly kernel?: string;
}
