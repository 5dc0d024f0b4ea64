// A person's first minutes in a real VS Code: a finding, its chain, its page, a hover, the quick fix, a snippet.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sleeper, userProgram } from "../lsp/drivers.ts";
import { findBrowser, launchBrowser } from "./browser.ts";
import { type RunningEditor, root, setUpCodeServer, startEditor } from "./code-server.ts";
import { EditorPage } from "./page.ts";

const browserPath = findBrowser();
const inCi = Boolean(process.env.CI);
if (browserPath === undefined && !inCi) {
  process.stderr.write("No Chromium on this machine (DRIVERLAB_CHROMIUM names one): the editor test was not run.\n");
}

describe.skipIf(browserPath === undefined && !inCi)("in VS Code", () => {
  const folder = mkdtempSync(join(tmpdir(), "driverlab-editor-"));
  const workspace = join(folder, "drivers");
  const driver = join(workspace, "sleeper.c");
  const vsix = join(root, "driverlab.vsix");
  let editor: RunningEditor | undefined;
  let browser: Browser | undefined;
  let ui: EditorPage;
  /** Why there is no editor to test on a person's machine, e.g. without a network. */
  let missing: string | undefined;

  beforeAll(async () => {
    if (browserPath === undefined) throw new Error("no Chromium on this machine, and CI must run the editor test");
    if (!existsSync(vsix)) throw new Error("driverlab.vsix is not packed: npm run package");
    mkdirSync(workspace);
    writeFileSync(driver, sleeper);
    writeFileSync(join(workspace, "main.c"), userProgram);
    writeFileSync(join(workspace, "Makefile"), "obj-m += sleeper.o\n");
    try {
      setUpCodeServer((line) => process.stderr.write(`${line}\n`));
    } catch (error) {
      if (inCi) throw error;
      missing = `code-server could not be set up: the editor test was not run (${error}).`;
      process.stderr.write(`${missing}\n`);
      return;
    }
    editor = await startEditor({ profile: join(folder, "profile"), vsix, workspace, file: driver });
    browser = await launchBrowser(browserPath);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    ui = new EditorPage(page);
  });

  afterAll(async () => {
    await browser?.close();
    await editor?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A step that fails leaves a picture of what was on the screen. */
  function step(name: string, run: () => Promise<void>): void {
    test(name, async ({ skip }) => {
      if (missing !== undefined) skip(missing);
      try {
        await run();
      } catch (error) {
        await ui?.shot(`failed: ${name}`.replaceAll(/[^a-z]+/g, "-"));
        throw error;
      }
    });
  }

  const squiggle = () => ui.page.locator(".monaco-editor .squiggly-error");

  step("the finding is underlined", async () => {
    const started = performance.now();
    await ui.page.goto(editor!.url, { timeout: 60_000 });
    await ui.see(ui.page.locator(".monaco-workbench"), "the workbench", 90_000);
    await ui.see(ui.line("kmalloc\\(count, GFP_KERNEL\\)"), "the driver's text", 60_000);
    await ui.see(squiggle(), "a squiggle in sleeper.c", 90_000);
    process.stderr.write(`page opened to first squiggle: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    await ui.shot("1-squiggle");
  });

  step("Problems lists it with the chain that proves it", async () => {
    const rows = ui.page.locator(".markers-panel .monaco-list-row");
    await ui.press("Control+Shift+m", rows.filter({ hasText: "sleep-in-atomic" }), "the finding in Problems");
    await rows.filter({ hasText: "sleep-in-atomic" }).first().click();
    await ui.press("ArrowRight", rows.filter({ hasText: "[Ln 13" }), "the step where the lock is taken");
    await ui.shot("2-problems", "problems");
  });

  step("its code opens the rule's page", async () => {
    const link = ui.page.locator(".markers-panel .monaco-list-row a", { hasText: "sleep-in-atomic" });
    await (await ui.see(link, "the link to the rule's page")).click();
    const tab = ui.page.locator(".tab", { hasText: "sleep-in-atomic" });
    await ui.see(tab, "the preview of the rule's page");
    const inside = ui.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await ui.see(inside.locator("h1", { hasText: "sleep-in-atomic" }), "the heading of the rule's page");
    await ui.shot("3-rule-page", "rule");
    await ui.open("sleeper.c");
    await ui.dismiss("Control+j", ui.page.locator(".markers-panel"), "the Problems panel");
  });

  step("the language status counts findings", async () => {
    const status = ui.page.locator("#status\\.languageStatus");
    await (await ui.see(status, "the language status in the status bar")).hover();
    await ui.see(
      ui.page.locator(".hover-language-status", { hasText: "Driverlab: 1 finding" }),
      "the count of findings",
    );
    await ui.shot("4-status");
    await ui.page.mouse.move(5, 5);
  });

  step("the server restarts on request", async () => {
    await ui.run("Driverlab: Restart Language Server");
    await ui.page.waitForTimeout(1_000);
    await ui.see(squiggle(), "the squiggle after the restart");
    expect(await ui.page.locator(".notification-toast").count()).toBe(0);
  });

  step("a hover says what a kernel function does", async () => {
    const name = ui.line("kmalloc\\(count").locator("span", { hasText: /^kmalloc$/ });
    const card = ui.page.locator(".monaco-hover:visible", { hasText: "May sleep" });
    const target = await ui.see(name, "kmalloc on the screen");
    for (let tries = 4; ; tries--) {
      await ui.page.mouse.move(5, 5);
      await target.hover();
      const seen = await ui.see(card, "the card of kmalloc", 5_000).catch((error) => error);
      if (!(seen instanceof Error)) break;
      if (tries === 1) throw seen;
    }
    await ui.shot("5-hover", "hover");
    await ui.page.keyboard.press("Escape");
    await ui.page.mouse.move(5, 5);
  });

  step("the quick fix is applied and saved", async () => {
    await ui.line("kmalloc\\(count").first().click();
    await ui.page.keyboard.press("Home");
    await ui.press("F8", ui.page.locator(".marker-widget, .peekview-widget"), "the finding in the text");
    await ui.page.keyboard.press("Escape");
    const offer = ui.page.locator(".action-widget .monaco-list-row", { hasText: "GFP_ATOMIC" });
    const row = await ui.press("Control+.", offer, "the quick fix");
    await ui.shot("6-quick-fix", "quick-fix");
    await row.click();
    await ui.see(ui.line("kmalloc\\(count, GFP_ATOMIC\\)"), "the text with the fix");
    await ui.gone(squiggle(), "the squiggle");
    await ui.page.keyboard.press("Control+s");
    await expect.poll(() => readFileSync(driver, "utf8"), { timeout: 10_000 }).toContain("kmalloc(count, GFP_ATOMIC)");
    expect(readFileSync(driver, "utf8")).toBe(sleeper.replace("GFP_KERNEL", "GFP_ATOMIC"));
    await ui.shot("7-fixed");
  });

  step("a snippet expands from its prefix", async () => {
    await ui.line("kmalloc\\(count").first().click();
    await ui.page.keyboard.press("Control+End");
    await ui.page.keyboard.type("\nk-work", { delay: 30 });
    const offer = ui.page.locator(".suggest-widget .monaco-list-row", { hasText: "k-work" });
    const seen = await ui.see(offer, "the snippet among the suggestions", 5_000).catch(() => undefined);
    if (seen === undefined) await ui.press("Control+Space", offer, "the snippet among the suggestions");
    await ui.shot("8-suggestion");
    await ui.page.keyboard.press("Enter");
    const expanded = await ui.see(ui.line("struct work_struct \\*work"), "the expanded snippet");
    await expanded.hover();
    await ui.page.mouse.wheel(0, 500);
    await ui.page.waitForTimeout(500);
    await ui.shot("9-snippet", "snippet");
    await ui.page.keyboard.press("Escape");
    await ui.page.keyboard.press("Control+s");
    await expect.poll(() => readFileSync(driver, "utf8"), { timeout: 10_000 }).toContain("struct work_struct *work");
    expect(readFileSync(driver, "utf8")).not.toContain("$");
  });

  step("a program that is no kernel code is left alone", async () => {
    await ui.open("main.c");
    await ui.see(ui.line("malloc\\(16\\)"), "the program's text");
    await ui.page.waitForTimeout(1_500);
    expect(await ui.page.locator(".monaco-editor .squiggly-error, .monaco-editor .squiggly-warning").count()).toBe(0);
  });
});
