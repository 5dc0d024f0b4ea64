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

const variable = (ui: EditorPage, name: string) => ui.page.locator(".debug-variables").getByText(name).first();

async function expand(ui: EditorPage, view: string, isOpen: boolean): Promise<void> {
  const header = ui.page.locator(`.pane-header[aria-label="${view} Section"]`);
  await ui.see(header, `the view ${view}`);
  if ((await header.getAttribute("aria-expanded")) !== String(isOpen)) await header.click();
}

/** Lists draw only the rows in sight. */
async function scrollTo(ui: EditorPage, view: string, text: string): Promise<void> {
  await rows(ui, view).first().hover();
  await ui.page.mouse.wheel(0, 45);
  await ui.see(row(ui, view, text), `${text} in ${view}`);
}

/** The cursor of the editor is there: a debugger that stops moves it, after it has shown its stack. */
const cursorAt = (ui: EditorPage, line: number) =>
  ui.see(ui.page.locator(".statusbar-item", { hasText: `Ln ${line},` }), `the cursor at line ${line}`);

const at = async (ui: EditorPage, text: string) => {
  const frame = ui.page.locator(".debug-call-stack .stack-frame", { hasText: `${lineOf(text)}:` });
  await ui.see(frame, `a stop at line ${lineOf(text)}: ${text}`, 30_000);
  await cursorAt(ui, lineOf(text));
};

const button = (ui: EditorPage, name: string) =>
  ui.page.locator(`.debug-toolbar [aria-label^="${name}"]:not(.disabled)`);

async function click(ui: EditorPage, name: string): Promise<void> {
  await (await ui.see(button(ui, name), `${name} in the toolbar`)).click();
}

/** Writes a line into the debug console and waits for what it answers. */
async function say(ui: EditorPage, line: string, answer: string | RegExp): Promise<void> {
  await ui.run("Debug Console: Focus on Debug Console View");
  await ui.see(ui.page.locator(".repl-input-wrapper .monaco-editor.focused"), "the console's input");
  await ui.page.keyboard.type(line);
  await ui.page.keyboard.press("Enter");
  await ui.see(ui.page.locator(".repl .monaco-list-row").filter({ hasText: answer }), `the answer to ${line}`);
}

const timeline = (ui: EditorPage) => ui.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");

async function goTo(ui: EditorPage, line: number): Promise<void> {
  const input = await ui.press("Control+g", ui.page.locator(".quick-input-widget input.input"), "the line box");
  await input.fill(`:${line}`);
  await ui.page.keyboard.press("Enter");
  await ui.gone(ui.page.locator(".quick-input-widget"), "the line box");
  await cursorAt(ui, line);
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
    await ui.press("F5", ui.page.locator(".debug-toolbar"), "the debug toolbar", 2, 20_000);
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
    await ui.run("Kernel: Focus on Kernel Log View");
    for (const view of ["Locks", "Device Registers"]) await expand(ui, view, true);
    await ui.widenSideBar(130);
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
      await click(ui, "Step Back");
      await at(ui, text);
    }
    await ui.see(row(ui, "Device Registers", "IRQ_STATUS = 0x00000001"), "IRQ_STATUS before it was acknowledged");
    await ui.see(rows(ui, "Device Registers").locator(".highlight", { hasText: "0x00000001" }), "its value as changed");
    await ui.see(ui.page.getByText("No lock is held or waited for at this moment."), "why Locks is empty");
    await ui.see(stopped(ui), "the line at which the driver stopped");
    await ui.see(variable(ui, "status"), "the local variables");
    await ui.page.mouse.move(900, 1040);
    await ui.shot("debug-3-back");
  });

  step("the debug console answers as a shell of the stopped machine", async ({ ui }) => {
    await say(ui, "lx-ps", "calculator");
    await say(ui, "cat /proc/interrupts", /11:.*edu/);
    await ui.shot("debug-4-console");
  });

  step("a data breakpoint on a register, and back to its last write", async ({ ui }) => {
    const rows = ui.page.locator(".debug-variables .monaco-list-row");
    await rows.filter({ hasText: /^Registers/ }).click();
    await (await ui.see(rows.filter({ hasText: /^edu/ }), "the device in Variables")).click();
    // Its rows come later than the click, and only those in sight are drawn.
    const register = rows.filter({ hasText: /^IRQ_STATUS/ });
    const scroll = async () => {
      await ui.page.mouse.wheel(0, 45);
      return register.isVisible();
    };
    await expect.poll(scroll, { timeout: 20_000 }).toBe(true);
    await ui.page.mouse.wheel(0, 45);
    await register.click({ button: "right" });
    await ui.shot("debug-5-menu");
    await ui.choose("Break on Value Change");
    await click(ui, "Continue");
    await at(ui, "spin_lock(d.lock);");
    await ui.see(ui.page.getByText(/edu.IRQ_STATUS written: 1 → 0/i), "why it stopped");
    await ui.shot("debug-5-data-breakpoint");
    await click(ui, "Continue");
    await at(ui, stopAt);
    await ui.run("Driverlab: Go Back to Last Write");
    const input = ui.page.locator(".quick-input-widget input.input");
    await (await ui.see(input, "the question of what")).fill("edu.IRQ_STATUS");
    await ui.page.keyboard.press("Enter");
    await at(ui, "writel(status, ");
  });

  step("back to the cursor, and by the toolbar's buttons", async ({ ui }) => {
    await goTo(ui, lineOf("const status = readl("));
    await ui.run("Driverlab: Run Back to Cursor");
    await at(ui, "const status = readl(");
    await click(ui, "Reverse Step Into");
    await at(ui, "return idle;");
    await ui.gone(ui.page.locator(".debug-call-stack").getByText("<IRQ>"), "the interrupt");
    await ui.shot("debug-6-reverse-into");
    await click(ui, "Reverse Step Out");
    await at(ui, "wait_event_interruptible(d.wait");
  });

  step("the timeline shows what ran, and travels where it is clicked", async ({ ui }) => {
    await ui.run("Kernel: Focus on Timeline View");
    const page = timeline(ui);
    await ui.see(page.locator(".name", { hasText: "calculator 2" }), "the lane of a task", 30_000);
    await ui.see(page.locator("#chart .future"), "what was run and is to come again");
    await ui.shot("debug-7-timeline");
    const interrupt = await ui.see(page.locator("#chart .span.hardirq"), "the interrupt on its CPU's lane");
    await interrupt.hover();
    await ui.see(page.locator("#tip", { hasText: "hardirq: irq 11 (edu)" }), "what it is");
    await interrupt.click();
    await ui.see(ui.page.locator(".debug-call-stack").getByText("<IRQ>"), "a stop in the interrupt");
    await ui.shot("debug-7-scrubbed");
    await page.locator("#scroller").focus();
    await ui.page.keyboard.press("Home");
    await ui.see(page.locator("#told", { hasText: "scenario 1" }), "the first event, told");
    await ui.page.keyboard.press("Enter");
    await ui.gone(ui.page.locator(".debug-call-stack").getByText("<IRQ>"), "the interrupt, at the beginning");
    // The focus goes to the editor with the stop, and comes back: a key before that goes astray.
    const first = await page.locator("#told").textContent();
    const next = async () => {
      await ui.page.keyboard.press("ArrowRight");
      return page.locator("#told").textContent();
    };
    await expect.poll(next, { timeout: 10_000 }).not.toBe(first);
    await ui.shot("debug-7-keyboard");
  });

  step("it continues to the end", async ({ ui }) => {
    await ui.run("Remove All Breakpoints");
    await ui.run("Debug Console: Focus on Debug Console View");
    const toolbar = ui.page.locator(".debug-toolbar");
    const resume = toolbar.locator('[aria-label^="Continue"]:not(.disabled)');
    const last = ui.page.locator(".repl").getByText("rmmod: 0").nth(1);
    for (let stops = 0; stops < 30 && !(await last.isVisible()); stops++) {
      await resume.click({ timeout: 1_000 }).catch(() => undefined);
    }
    await ui.see(last, "the last line of the kernel log");
    // The run is over, and the session is not: one can go back.
    await ui.see(button(ui, "Step Back"), "the button for going back, at the end");
    await ui.shot("debug-8-end");
  });

  step("the whole run is in the timeline, and dragging goes back in it", async ({ ui }) => {
    await ui.run("Kernel: Focus on Timeline View");
    const page = timeline(ui);
    await ui.see(page.locator(".name", { hasText: "at 5000" }), "the lane of the last process", 30_000);
    const place = await page.locator("#chart").boundingBox();
    if (place === null) throw new Error("there is no chart");
    const y = place.y + 150;
    await ui.page.mouse.move(place.x + place.width - 4, y);
    await ui.page.mouse.down();
    await ui.page.mouse.move(place.x + place.width * 0.6, y, { steps: 12 });
    await ui.page.mouse.up();
    await ui.see(page.locator("#chart .future"), "what was run and is to come again");
    await ui.gone(ui.page.locator(".debug-call-stack").getByText("The run has ended"), "the end of the run");
    await ui.gone(page.locator("#chart .hand"), "the hand, where the machine is now");
    await page.locator("#chart .span.hardirq").first().hover();
    await ui.see(page.locator("#tip", { hasText: "hardirq: irq 11 (edu)" }), "what it is");
    await ui.shot("debug-9-whole", "timeline");
    await page.getByRole("button", { name: "Virtual Time" }).click();
    await ui.see(page.locator(".tick", { hasText: "2 s" }), "the axis of virtual time");
    await ui.shot("debug-9-time");
  });

  step("Jump to Cursor goes on at the line, and says why it cannot", async ({ ui }) => {
    await ui.open("edu.ts");
    await goTo(ui, lineOf("const status = readl("));
    await ui.run("Driverlab: Run Back to Cursor");
    await at(ui, "const status = readl(");
    await goTo(ui, lineOf("writel(status, "));
    await ui.run("Debug: Jump to Cursor");
    await ui.see(ui.page.getByText(/Cannot jump to line \d+: 'status' would have no value/), "why it cannot jump");
    await ui.shot("debug-10-refused");
    await ui.page.getByRole("button", { name: "OK" }).click();
    await goTo(ui, lineOf("return IRQ_HANDLED;"));
    await ui.run("Debug: Jump to Cursor");
    await at(ui, "return IRQ_HANDLED;");
    await ui.see(ui.page.getByText(/Paused after a jump/i), "that it jumped");
    await ui.shot("debug-10-jump");
  });

  step("Stop ends the session", async ({ ui }) => {
    const toolbar = ui.page.locator(".debug-toolbar");
    await toolbar.locator('[aria-label^="Stop"]').click();
    await ui.gone(toolbar, "the debug toolbar");
  });

  step("a plain TypeScript file has no run button of ours", async ({ ui }) => {
    await ui.open("plain.ts");
    await ui.gone(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button");
  });
});
