// Tests in a real editor: sets one up with a folder of files and takes a picture of each step that fails.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { findBrowser, launchBrowser } from "./browser.ts";
import { type RunningEditor, root, setUpCodeServer, startEditor } from "./code-server.ts";
import { EditorPage } from "./page.ts";

const browserPath = findBrowser();
const inCi = Boolean(process.env.CI);
if (browserPath === undefined && !inCi) {
  process.stderr.write("No Chromium on this machine (DRIVERLAB_CHROMIUM names one): the editor test was not run.\n");
}

export interface Sitting {
  readonly ui: EditorPage;
  /** The folder that is open. */
  readonly workspace: string;
  /** The page's address. */
  readonly url: string;
}

export interface SittingOptions {
  /** Files of the folder by their path in it, with their text. */
  readonly files: Readonly<Record<string, string>>;
  /** The one that is open. */
  readonly open: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export function inEditor(
  title: string,
  { files, open, viewport = { width: 1280, height: 800 } }: SittingOptions,
  define: (step: (name: string, run: (sitting: Sitting) => Promise<void>) => void) => void,
): void {
  describe.skipIf(browserPath === undefined && !inCi)(title, () => {
    const folder = mkdtempSync(join(tmpdir(), "driverlab-editor-"));
    const workspace = join(folder, "drivers");
    const vsix = join(root, "driverlab.vsix");
    let editor: RunningEditor | undefined;
    let browser: Browser | undefined;
    let sitting: Sitting | undefined;
    /** Why there is no editor to test on a person's machine, e.g. without a network. */
    let missing: string | undefined;

    beforeAll(async () => {
      if (browserPath === undefined) throw new Error("no Chromium on this machine, and CI must run the editor test");
      if (!existsSync(vsix)) throw new Error("driverlab.vsix is not packed: npm run package");
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true });
        writeFileSync(join(workspace, path), text);
      }
      try {
        setUpCodeServer((line) => process.stderr.write(`${line}\n`));
      } catch (error) {
        if (inCi) throw error;
        missing = `code-server could not be set up: the editor test was not run (${error}).`;
        process.stderr.write(`${missing}\n`);
        return;
      }
      editor = await startEditor({ profile: join(folder, "profile"), vsix, workspace, file: join(workspace, open) });
      browser = await launchBrowser(browserPath);
      const page = await browser.newPage({ viewport });
      sitting = { ui: new EditorPage(page), workspace, url: editor.url };
    });

    afterAll(async () => {
      await browser?.close();
      await editor?.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    define((name, run) => {
      test(name, async ({ skip }) => {
        if (missing !== undefined) skip(missing);
        try {
          await run(sitting!);
        } catch (error) {
          await sitting?.ui.shot(`failed: ${title} ${name}`.toLowerCase().replaceAll(/[^a-z]+/g, "-"));
          throw error;
        }
      });
    });
  });
}
