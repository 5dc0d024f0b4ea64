// A driver stepped in a real VS Code: breakpoint in the interrupt handler, locals, locks, registers, one line back.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { root } from "./code-server.ts";
import { inEditor } from "./in-editor.ts";
import type { EditorPage } from "./page.ts";

const examples = join(root, "simulator/examples");
const driver = readFileSync(join(examples, "edu.ts"), "utf8");
const files = {
  "edu.ts": driver,
  "edu.scenario.ts": readFileSync(join(examples, "edu.scenario.ts"), "utf8"),
  "plain.ts": "export const answer = 42;\n",
};

/** In the handler, under the lock, when the result has been read and the interrupt acknowledged. */
const stopAt = "d.computing = false;";
const lineOf = (text: string) => driver.slice(0, driver.indexOf(text)).split("\n").length;

const stopped = (ui: EditorPage) => ui.page.locator(".monaco-editor .debug-top-stack-frame-line");
const rows = (ui: EditorPage, view: string) =>
  ui.page.locator(`.pane:has(.pane-header[aria-label="${view} Section"]) .monaco-list-row`);
const row = (ui: EditorPage, view: string, text: string | RegExp) => rows(ui, view).filter({ hasText: text });

const back = (ui: EditorPage) => ui.page.locator('.debug-toolbar [aria-label^="Step Back"]:not(.disabled)');
const variable = (ui: EditorPage, name: string) => ui.page.locator(".debug-variables").getByText(name).first();

async function expand(ui: EditorPage, view: string, isOpen: boolean): Promise<void> {
  const header = ui.page.locator(`.pane-header[aria-label="${view} Section"]`);
  await ui.see(header, `the view ${view}`);
  if ((await header.getAttribute("aria-expanded")) !== String(isOpen)) await header.click();
}

/** Draws the side bar wider by its edge. */
async function widen(ui: EditorPage): Promise<void> {
  const bar = await ui.page.locator(".part.sidebar").boundingBox();
  if (bar === null) throw new Error("there is no side bar");
  const y = bar.y + bar.height / 2;
  await ui.page.mouse.move(bar.x + bar.width, y);
  await ui.page.mouse.down();
  await ui.page.mouse.move(bar.x + bar.width + 130, y, { steps: 5 });
  await ui.page.mouse.up();
}

/** Lists draw only the rows in sight. */
async function scrollTo(ui: EditorPage, view: string, text: string): Promise<void> {
  await rows(ui, view).first().hover();
  await ui.page.mouse.wheel(0, 45);
  await ui.see(row(ui, view, text), `${text} in ${view}`);
}

async function goTo(ui: EditorPage, line: number): Promise<void> {
  const input = await ui.press("Control+g", ui.page.locator(".quick-input-widget input.input"), "the line box");
  await input.fill(`:${line}`);
  await ui.page.keyboard.press("Enter");
  await ui.gone(ui.page.locator(".quick-input-widget"), "the line box");
}

inEditor("debugging in VS Code", { files, open: "edu.ts", viewport: { width: 1440, height: 1160 } }, (step) => {
  step("the driver's text is there, with a run button", async ({ ui, url }) => {
    await ui.page.goto(url, { timeout: 60_000 });
    await ui.see(ui.page.locator(".monaco-workbench"), "the workbench", 90_000);
    await ui.see(ui.line("A driver for QEMU's edu device"), "the driver's text", 60_000);
    await ui.see(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button", 60_000);
  });

  step("the kernel's declarations are copied into the project", async ({ ui, workspace }) => {
    await ui.see(ui.page.locator(".monaco-editor .squiggly-error"), "squiggles of unknown headers", 60_000);
    await ui.run("Driverlab: Add Kernel Declarations to This Project");
    await expect.poll(() => existsSync(join(workspace, "tsconfig.json")), { timeout: 10_000 }).toBe(true);
    expect(existsSync(join(workspace, "driverlab-types/linux/spinlock.d.ts"))).toBe(true);
    await ui.gone(ui.page.locator(".monaco-editor .squiggly-error"), "the squiggles of unknown headers", 60_000);
    await ui.run("Notifications: Clear All Notifications");
  });

  step("F5 stops at a breakpoint in the interrupt handler", async ({ ui }) => {
    await goTo(ui, lineOf(stopAt));
    await ui.press("F9", ui.page.locator(".monaco-editor .codicon-debug-breakpoint"), "the breakpoint");
    await ui.press("F5", ui.page.locator(".debug-toolbar"), "the debug toolbar", 2);
    await ui.see(stopped(ui), "the line at which the driver stopped", 30_000);
    const stack = ui.page.locator(".debug-call-stack");
    await ui.see(stack.getByText("edu_irq"), "edu_irq in the call stack");
    await ui.see(stack.getByText("<IRQ>"), "the interrupt's mark in the call stack");
    await ui.see(variable(ui, "status"), "a local variable");
    await ui.shot("debug-1-stopped");
  });

  step("Locks shows the held lock, Device Registers the acknowledged interrupt", async ({ ui }) => {
    for (const view of ["Watch", "Breakpoints", "Loaded Scripts"]) {
      const header = ui.page.locator(`.pane-header[aria-label="${view} Section"]`);
      if (await header.isVisible()) await expand(ui, view, false);
    }
    for (const view of ["Locks", "Device Registers", "Kernel Log"]) await expand(ui, view, true);
    await widen(ui);
    await ui.see(row(ui, "Locks", /lock/), "the held lock");
    await ui.see(row(ui, "Device Registers", "IRQ_STATUS = 0x00000000"), "IRQ_STATUS");
    await ui.see(row(ui, "Kernel Log", "edu version"), "a line of the kernel log");
    await scrollTo(ui, "Device Registers", "IRQ_STATUS");
    await ui.page.mouse.move(900, 1040);
    await ui.shot("debug-2-views", "debugging");
  });

  step("line by line back, the earlier values are back", async ({ ui }) => {
    await ui.see(row(ui, "Device Registers", "IRQ_STATUS = 0x00000000"), "IRQ_STATUS acknowledged");
    for (const text of ["d.result = readl(", "if (status & EDU_IRQ_FACT)", "spin_lock(d.lock);", "writel(status, "]) {
      await (await ui.see(back(ui), "Step Back in the toolbar")).click();
      const frame = ui.page.locator(".debug-call-stack .stack-frame", { hasText: `${lineOf(text)}:` });
      await ui.see(frame, `a stop at line ${lineOf(text)}: ${text}`);
    }
    await ui.see(row(ui, "Device Registers", "IRQ_STATUS = 0x00000001"), "IRQ_STATUS before it was acknowledged");
    await ui.see(rows(ui, "Device Registers").locator(".highlight", { hasText: "0x00000001" }), "its value as changed");
    await ui.see(ui.page.getByText("No lock is held or waited for at this moment."), "why Locks is empty");
    await ui.see(stopped(ui), "the line at which the driver stopped");
    await ui.see(variable(ui, "status"), "the local variables");
    await ui.page.mouse.move(900, 1040);
    await ui.shot("debug-3-back");
  });

  step("it continues to the end", async ({ ui }) => {
    const toolbar = ui.page.locator(".debug-toolbar");
    const resume = toolbar.locator('[aria-label^="Continue"]:not(.disabled)');
    const last = ui.page.locator(".repl").getByText("rmmod: 0").nth(1);
    for (let stops = 0; stops < 30 && !(await last.isVisible()); stops++) {
      await resume.click({ timeout: 1_000 }).catch(() => undefined);
    }
    await ui.see(last, "the last line of the kernel log");
    // The run is over, and the session is not: one can go back.
    await ui.see(back(ui), "the button for going back, at the end");
    await ui.shot("debug-4-end");
    await toolbar.locator('[aria-label^="Stop"]').click();
    await ui.gone(toolbar, "the debug toolbar");
  });

  step("a plain TypeScript file has no run button of ours", async ({ ui }) => {
    await ui.open("plain.ts");
    await ui.gone(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button");
  });
});
