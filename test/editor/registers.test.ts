// Registers written in the real VS Code, the kernel log as a way through time, values and contexts beside the code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./code-server.ts";
import { inEditor } from "./in-editor.ts";
import type { EditorPage } from "./page.ts";

const examples = join(root, "simulator/examples");
const driver = readFileSync(join(examples, "edu.ts"), "utf8");
const files = { "edu.ts": driver, "edu.scenario.ts": readFileSync(join(examples, "edu.scenario.ts"), "utf8") };
const lineOf = (text: string) => driver.slice(0, driver.indexOf(text)).split("\n").length;

const pane = (ui: EditorPage, view: string) => ui.page.locator(`.pane:has(.pane-header[aria-label^="${view}"])`);
const row = (ui: EditorPage, view: string, text: string | RegExp) =>
  pane(ui, view).locator(".monaco-list-row").filter({ hasText: text });

async function showOnly(ui: EditorPage, ...views: string[]): Promise<void> {
  const all = ["Variables", "Watch", "Call Stack", "Loaded Scripts", "Breakpoints"];
  for (const view of [...all, "Contexts", "Locks", "Memory", "Device Registers"]) {
    const header = ui.page.locator(`.pane-header[aria-label^="${view}"]`).first();
    const isOpen = views.includes(view);
    if (isOpen) await ui.see(header, `the view ${view}`);
    if (!(await header.isVisible())) continue;
    if ((await header.getAttribute("aria-expanded")) !== String(isOpen)) await header.click();
  }
}

inEditor("registers in VS Code", { files, open: "edu.ts", viewport: { width: 1440, height: 900 } }, (step) => {
  step("the driver stops in its interrupt handler", async ({ ui, url }) => {
    await ui.page.goto(url, { timeout: 60_000 });
    await ui.see(ui.line("A driver for QEMU's edu device"), "the driver's text", 90_000);
    await ui.see(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button", 60_000);
    const input = await ui.press("Control+g", ui.page.locator(".quick-input-widget input.input"), "the line box");
    await input.fill(`:${lineOf("d.computing = false;")}`);
    await ui.page.keyboard.press("Enter");
    await ui.press("F9", ui.page.locator(".monaco-editor .codicon-debug-breakpoint"), "the breakpoint");
    // Pressed twice it would start two sessions.
    await ui.page.keyboard.press("F5");
    await ui.see(ui.page.locator(".monaco-editor .debug-top-stack-frame-line"), "the line of the stop", 60_000);
    await ui.shot("registers-0-workbench");
    await showOnly(ui, "Device Registers");
    await ui.run("Kernel: Focus on Kernel Log View");
    const bar = (await ui.page.locator(".part.sidebar").boundingBox())!;
    await ui.page.mouse.move(bar.x + bar.width, 450);
    await ui.page.mouse.down();
    await ui.page.mouse.move(bar.x + bar.width + 260, 450, { steps: 5 });
    await ui.page.mouse.up();
  });

  step("a field is written as the driver would write it", async ({ ui }) => {
    const status = await ui.see(row(ui, "Device Registers", /^STATUS = /), "STATUS");
    await status.locator(".monaco-tl-twistie").click();
    const field = await ui.see(row(ui, "Device Registers", "IRQFACT = 1"), "its field IRQFACT");
    await field.click();
    const choice = ui.page.locator(".quick-input-widget .monaco-list-row");
    await ui.press("F2", choice, "the values of IRQFACT");
    await ui.shot("registers-1-write");
    await choice.filter({ hasText: "0" }).first().click();
    await ui.see(row(ui, "Device Registers", "IRQFACT = 0"), "the field as it was written");
    await ui.see(row(ui, "Device Registers", "STATUS = 0x00000000"), "the register as it was written");
  });

  step("who accessed a register is known, and it can be pinned", async ({ ui }) => {
    const accesses = row(ui, "Device Registers", "Accesses");
    await (await ui.see(accesses, "the accesses of STATUS")).locator(".monaco-tl-twistie").click();
    await ui.see(row(ui, "Device Registers", "wrote 0x00000080"), "what probe wrote");
    await ui.see(row(ui, "Device Registers", "you wrote 0x00000000"), "what was written by hand");
    const status = row(ui, "Device Registers", /^STATUS = /);
    await status.hover();
    await status.locator('.action-label[aria-label="Pin to the Top"]').click();
    await ui.see(row(ui, "Device Registers", "edu.STATUS = 0x00000000"), "the pinned register");
    await ui.shot("registers-2-accesses");
  });

  step("a line of the kernel log leads to its moment, and back again", async ({ ui }) => {
    await ui.see(ui.page.locator(".monaco-editor").getByText("status = 1").first(), "a value beside the code");
    await ui.shot("registers-3-values");
    await (await ui.see(row(ui, "Kernel Log", "edu version 1.0"), "a line of the kernel log")).click();
    const top = ui.page.locator(".monaco-editor .debug-top-stack-frame-line");
    await ui.see(top, "the line that printed it");
    await ui.see(row(ui, "Kernel Log", "You are here"), "the mark of the present");
    await ui.see(row(ui, "Device Registers", "FACTORIAL = 0x00000000"), "FACTORIAL before anybody wrote it");
    await ui.shot("registers-4-log");
  });

  step("the run stops where a field changes that one breaks on", async ({ ui }) => {
    await showOnly(ui, "Call Stack", "Device Registers");
    const status = await ui.see(row(ui, "Device Registers", /^STATUS = /), "STATUS");
    if ((await status.getAttribute("aria-expanded")) === "false") await status.locator(".monaco-tl-twistie").click();
    await (await ui.see(row(ui, "Device Registers", "COMPUTING = 0"), "its field")).click({ button: "right" });
    await ui.choose("Break on This Register or Field…");
    const choice = ui.page.locator(".quick-input-widget .monaco-list-row");
    await (await ui.see(choice.filter({ hasText: "changes" }), "on what to break")).click();
    await ui.see(row(ui, "Device Registers", /COMPUTING = 0.*breaks on change/), "its mark");
    await ui.page.locator('.debug-toolbar [aria-label^="Continue"]').click();
    await ui.see(ui.page.getByText(/edu.STATUS.COMPUTING written: 0 → 1/i), "why it stopped", 30_000);
    await ui.see(row(ui, "Device Registers", "COMPUTING = 1"), "the field as it is then");
    await ui.shot("registers-5-field");
  });
});
