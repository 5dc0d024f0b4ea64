// A person's first minutes in a real VS Code: a finding, its chain, its page, a hover, the quick fix, a snippet.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { sleeper, userProgram } from "../lsp/drivers.ts";
import { inEditor } from "./in-editor.ts";
import type { EditorPage } from "./page.ts";

const files = { "sleeper.c": sleeper, "main.c": userProgram, Makefile: "obj-m += sleeper.o\n" };

inEditor("in VS Code", { files, open: "sleeper.c" }, (step) => {
  const squiggle = (ui: EditorPage) => ui.page.locator(".monaco-editor .squiggly-error");

  step("the finding is underlined", async ({ ui, url }) => {
    const started = performance.now();
    await ui.page.goto(url, { timeout: 60_000 });
    await ui.see(ui.page.locator(".monaco-workbench"), "the workbench", 90_000);
    await ui.see(ui.line("kmalloc\\(count, GFP_KERNEL\\)"), "the driver's text", 60_000);
    await ui.see(squiggle(ui), "a squiggle in sleeper.c", 90_000);
    process.stderr.write(`page opened to first squiggle: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    await ui.shot("1-squiggle");
  });

  step("Problems lists it with the chain that proves it", async ({ ui }) => {
    const rows = ui.page.locator(".markers-panel .monaco-list-row");
    await ui.press("Control+Shift+m", rows.filter({ hasText: "sleep-in-atomic" }), "the finding in Problems");
    await rows.filter({ hasText: "sleep-in-atomic" }).first().click();
    await ui.press("ArrowRight", rows.filter({ hasText: "[Ln 13" }), "the step where the lock is taken");
    await ui.shot("2-problems", "problems");
  });

  step("its code opens the rule's page", async ({ ui }) => {
    const link = ui.page.locator(".markers-panel .monaco-list-row a", { hasText: "sleep-in-atomic" });
    await (await ui.see(link, "the link to the rule's page")).click();
    const tab = ui.page.locator(".tab", { hasText: "sleep-in-atomic" });
    await ui.see(tab, "the preview of the rule's page");
    const inside = ui.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await ui.see(inside.locator("h1", { hasText: "sleep-in-atomic" }), "the heading of the rule's page");
    await ui.shot("3-rule-page");
    await ui.open("sleeper.c");
    await ui.dismiss("Control+j", ui.page.locator(".markers-panel"), "the Problems panel");
  });

  step("the language status counts findings", async ({ ui }) => {
    const status = ui.page.locator("#status\\.languageStatus");
    await (await ui.see(status, "the language status in the status bar")).hover();
    await ui.see(
      ui.page.locator(".hover-language-status", { hasText: "Driverlab: 1 finding" }),
      "the count of findings",
    );
    await ui.shot("4-status");
    await ui.page.mouse.move(5, 5);
  });

  step("the server restarts on request", async ({ ui }) => {
    await ui.run("Driverlab: Restart Language Server");
    await ui.page.waitForTimeout(1_000);
    await ui.see(squiggle(ui), "the squiggle after the restart");
    expect(await ui.page.locator(".notification-toast").count()).toBe(0);
  });

  step("a hover says what a kernel function does", async ({ ui }) => {
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

  step("the quick fix is applied and saved", async ({ ui, workspace }) => {
    const driver = join(workspace, "sleeper.c");
    await ui.line("kmalloc\\(count").first().click();
    await ui.page.keyboard.press("Home");
    await ui.press("F8", ui.page.locator(".marker-widget, .peekview-widget"), "the finding in the text");
    await ui.page.keyboard.press("Escape");
    const offer = ui.page.locator(".action-widget .monaco-list-row", { hasText: "GFP_ATOMIC" });
    const row = await ui.press("Control+.", offer, "the quick fix");
    await ui.shot("6-quick-fix");
    await row.click();
    await ui.see(ui.line("kmalloc\\(count, GFP_ATOMIC\\)"), "the text with the fix");
    await ui.gone(squiggle(ui), "the squiggle");
    await ui.page.keyboard.press("Control+s");
    await expect.poll(() => readFileSync(driver, "utf8"), { timeout: 10_000 }).toContain("kmalloc(count, GFP_ATOMIC)");
    expect(readFileSync(driver, "utf8")).toBe(sleeper.replace("GFP_KERNEL", "GFP_ATOMIC"));
    await ui.shot("7-fixed");
  });

  step("a snippet expands from its prefix", async ({ ui, workspace }) => {
    const driver = join(workspace, "sleeper.c");
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
    await ui.shot("9-snippet");
    await ui.page.keyboard.press("Escape");
    await ui.page.keyboard.press("Control+s");
    await expect.poll(() => readFileSync(driver, "utf8"), { timeout: 10_000 }).toContain("struct work_struct *work");
    expect(readFileSync(driver, "utf8")).not.toContain("$");
  });

  step("a program that is no kernel code is left alone", async ({ ui }) => {
    await ui.open("main.c");
    await ui.see(ui.line("malloc\\(16\\)"), "the program's text");
    await ui.page.waitForTimeout(1_500);
    expect(await ui.page.locator(".monaco-editor .squiggly-error, .monaco-editor .squiggly-warning").count()).toBe(0);
  });
});
