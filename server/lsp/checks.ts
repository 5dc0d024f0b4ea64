// The checks of open documents: each version of a document is checked once, and not while a person is still typing.
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Checked, type Checker, checkText } from "../features/check.ts";
import { applyLevels } from "../features/diagnostics.ts";
import type { Status } from "../protocol.ts";
import type { Finding } from "../rules/rule.ts";
import { type OpenDocuments, overlay, pathOf } from "./documents.ts";
import type { Fence } from "./fence.ts";
import type { Platform } from "./platform.ts";
import { type RememberedHost, remembered } from "./remembered.ts";
import type { SettingsStore } from "./settings.ts";
import type { Workspace } from "./workspace.ts";

export interface Outcome {
  readonly document: TextDocument;
  readonly text: string;
  /** Undefined when the document is switched off or its check failed. */
  readonly checked: Checked | undefined;
  /** Those of this document, with the severities that a person set. */
  readonly findings: readonly Finding[];
  readonly status: Status;
}

/** A pause of this length in the typing lets a check begin. */
export const quietMilliseconds = 150;

interface Kept {
  readonly version: number;
  readonly generation: number;
  readonly outcome: Outcome;
}

export class Checks {
  private readonly platform: Platform;
  private readonly documents: OpenDocuments;
  private readonly settings: SettingsStore;
  private readonly fence: Fence;
  private readonly checker: Promise<Checker>;
  private readonly kept = new Map<string, Kept>();
  private readonly changedAt = new Map<string, number>();
  private readonly disk: RememberedHost;
  /** Goes up when something besides the document itself may have changed the outcome. */
  private generation = 0;

  constructor(platform: Platform, documents: OpenDocuments, settings: SettingsStore, fence: Fence, exports: Workspace) {
    this.platform = platform;
    this.documents = documents;
    this.settings = settings;
    this.fence = fence;
    this.disk = remembered(platform.host, () => platform.clock.now());
    this.checker = platform.load().then((loaded) => ({
      ...loaded,
      host: overlay(documents, this.disk),
      exports,
      hurries: true,
    }));
    // Whoever asks for an outcome meets the failure again; here it must not end the process.
    this.checker.catch((error: unknown) => fence.log("loading", error));
  }

  async knowledge(): Promise<Checker["knowledge"]> {
    return (await this.checker).knowledge;
  }

  invalidate(): void {
    this.disk.forget();
    this.generation++;
  }

  /** Notes a change by the person at the keyboard; the first sight of a document is none. */
  touched(uri: string): void {
    this.changedAt.set(uri, this.changedAt.has(uri) ? this.platform.clock.now() : Number.NEGATIVE_INFINITY);
  }

  closed(uri: string): void {
    this.kept.delete(uri);
    this.changedAt.delete(uri);
    this.settings.forget(uri);
  }

  /** Resolves when the person has paused. */
  async quiet(uri: string): Promise<void> {
    for (;;) {
      const since = this.platform.clock.now() - (this.changedAt.get(uri) ?? Number.NEGATIVE_INFINITY);
      if (since >= quietMilliseconds) return;
      await new Promise<void>((done) => this.platform.clock.after(quietMilliseconds - since, done));
    }
  }

  /** What the last check found, of the document as it was then; undefined when there was none. */
  last(uri: string): Outcome | undefined {
    return this.kept.get(uri)?.outcome;
  }

  /** The outcome for the document as it is now; undefined when it is not open. */
  async outcome(uri: string): Promise<Outcome | undefined> {
    const [checker, settings] = await Promise.all([this.checker, this.settings.of(uri)]);
    const document = this.documents.get(uri);
    if (document === undefined) return undefined;
    const kept = this.kept.get(uri);
    if (kept?.version === document.version && kept.generation === this.generation) return kept.outcome;

    const text = document.getText();
    const path = pathOf(uri);
    const started = this.platform.clock.now();
    const made = { document, text, checked: undefined, findings: [] };
    const status = (state: Status["state"], findings = 0, more: Pick<Status, "reason" | "kernel"> = {}): Status => {
      return { uri, state, findings, milliseconds: Math.round(this.platform.clock.now() - started), ...more };
    };
    let outcome: Outcome;
    if (!settings.enable) {
      outcome = { ...made, status: status("off") };
    } else {
      try {
        const checked = checkText(checker, path, text, settings.options);
        const own = checked.findings.filter((finding) => finding.file === path);
        const findings = applyLevels(own, settings.levels);
        const { skipped, kernel } = checked;
        const told =
          skipped === undefined
            ? status("checked", findings.length, { kernel: kernel.release })
            : status("skipped", 0, { reason: skipped });
        outcome = { ...made, checked, findings, status: told };
      } catch (error) {
        this.fence.log(`checking ${uri}`, error);
        const reason = error instanceof Error ? error.message : String(error);
        outcome = { ...made, status: status("failed", 0, { reason }) };
      }
    }
    this.kept.set(uri, { version: document.version, generation: this.generation, outcome });
    return outcome;
  }
}
