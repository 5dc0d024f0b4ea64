// Contexts, Locks and Memory in a real VS Code: an interrupt handler under its lock, and two tasks that wait for each other.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { root } from "./code-server.ts";
import { inEditor } from "./in-editor.ts";
import type { EditorPage } from "./page.ts";

const text = (path: string) => readFileSync(join(root, path), "utf8");
const driver = text("simulator/examples/edu.ts");
const files = {
  "edu.ts": driver,
  "edu.scenario.ts": text("simulator/examples/edu.scenario.ts"),
  "abba.ts": text("test/debug/drivers/abba.ts"),
  "abba.scenario.ts": text("test/debug/drivers/abba.scenario.ts"),
  "freed.ts": `import { module_init } from "linux/module";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { struct, u32 } from "linux/types";

const point = struct("point", { x: u32 });

function freed_init(): number {
  const p = kmalloc(point, GFP_KERNEL)!;
  kfree(p);
  p.x = 1;
  return 0;
}

module_init(freed_init);
`,
};

/** In the handler, under the lock. */
const stopAt = driver.slice(0, driver.indexOf("d.computing = false;")).split("\n").length;

const views = ["Contexts", "Locks", "Memory"];
const others = ["Variables", "Watch", "Call Stack", "Breakpoints", "Loaded Scripts", "Device Registers"];

const header = (ui: EditorPage, view: string) => ui.page.locator(`.pane-header[aria-label="${view} Section"]`);
const row = (ui: EditorPage, view: string, hasText: string | RegExp) =>
  ui.page.locator(`.pane:has(.pane-header[aria-label="${view} Section"]) .monaco-list-row`).filter({ hasText });

async function expand(ui: EditorPage, view: string, isOpen: boolean): Promise<void> {
  const its = header(ui, view);
  if ((await its.getAttribute("aria-expanded")) !== String(isOpen)) await its.click();
}

/** A row opens by the arrow at its left edge: a click beside it would go to the source. */
async function open(ui: EditorPage, view: string, hasText: string | RegExp): Promise<void> {
  const its = await ui.see(row(ui, view, hasText), `${hasText} in ${view}`);
  if ((await its.getAttribute("aria-expanded")) === "false") await its.locator(".monaco-tl-twistie").click();
}

const toolbar = (ui: EditorPage) => ui.page.locator(".debug-toolbar");

/** Once: a second F5 would begin a second session. */
async function begin(ui: EditorPage): Promise<void> {
  await ui.page.keyboard.press("F5");
  await ui.see(toolbar(ui), "the debug toolbar", 30_000);
}

inEditor("the machine's views", { files, open: "edu.ts", viewport: { width: 1440, height: 1300 } }, (step) => {
  step("in the handler of an interrupt", async ({ ui, url }) => {
    await ui.page.goto(url, { timeout: 60_000 });
    await ui.see(ui.line("A driver for QEMU's edu device"), "the driver's text", 90_000);
    await ui.see(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button", 60_000);
    const input = await ui.press("Control+g", ui.page.locator(".quick-input-widget input.input"), "the line box");
    await input.fill(`:${stopAt}`);
    await ui.page.keyboard.press("Enter");
    await ui.gone(ui.page.locator(".quick-input-widget"), "the line box");
    await ui.press("F9", ui.page.locator(".monaco-editor .codicon-debug-breakpoint"), "the breakpoint");
    await begin(ui);
    await ui.see(ui.page.locator(".monaco-editor .debug-top-stack-frame-line"), "the stop", 30_000);
    await ui.see(header(ui, "Contexts"), "the view Contexts");
    for (const view of others) if (await header(ui, view).isVisible()) await expand(ui, view, false);
    for (const view of views) await expand(ui, view, true);
    await ui.widenSideBar(330);
    await ui.see(row(ui, "Contexts", /CPU 0.*hardirq 11 \(edu\), stopped here/), "the CPU in its interrupt");
    await ui.see(row(ui, "Contexts", /preempt_count = 0x00010001.*preempt 1, hardirq 1/), "preempt_count");
    await ui.see(row(ui, "Contexts", "interrupts off"), "that interrupts are off");
    await ui.see(row(ui, "Contexts", /calculator 2.*S \(sleeping\), waits for &d->wait/), "who waits");
    await ui.see(row(ui, "Contexts", /edu.*pci driver, bound/), "the driver");
    await ui.see(row(ui, "Contexts", /0000:00:04.0.*pci device, bound/), "its device");
    await ui.see(row(ui, "Locks", /&d->lock.*spinlock, held by swapper\/0\/0 on CPU 0/), "the held lock");
    await ui.see(row(ui, "Locks", "{-...}"), "its use in hardirqs");
    await ui.shot("machine-1-handler");
    for (const view of ["Contexts", "Locks"]) await expand(ui, view, false);
    await open(ui, "Memory", /kzalloc\(\).*84 bytes, kmalloc-96.*edu_probe/);
    await open(ui, "Memory", /0x1[0-9a-f]{7}.*84 bytes, allocated/);
    await ui.see(row(ui, "Memory", /shadow.*fc fc 00×10 04 fc fc/), "its shadow");
    await ui.see(row(ui, "Memory", /00×10.*may be touched/), "the shadow of its bytes in words");
    await open(ui, "Memory", "To Be Released by edu");
    await ui.see(row(ui, "Memory", /irq 11 \(edu\).*edu_probe/), "what the module has to give back");
    await ui.shot("machine-2-memory");
    for (const view of ["Contexts", "Locks"]) await expand(ui, view, true);
    await toolbar(ui).locator('[aria-label^="Stop"]').click();
    await ui.gone(toolbar(ui), "the debug toolbar");
  });

  step("two tasks wait for each other's locks", async ({ ui }) => {
    await ui.open("abba.ts");
    await ui.see(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button");
    await begin(ui);
    await ui.see(row(ui, "Locks", /Deadlock.*back\/3 → forth\/2 → back\/3/), "the deadlock", 30_000);
    await ui.see(row(ui, "Locks", /back\/3 waits for &d->first.*abba_take/), "who waits in it");
    await ui.see(row(ui, "Contexts", /forth 2.*D \(disk sleep\), waits for mutex &d->second, held by back 3/), "forth");
    await open(ui, "Contexts", /forth 2.*D \(disk sleep\)/);
    await ui.see(row(ui, "Contexts", /taken by back 3.*abba_take/), "where its lock was taken");
    await (await ui.see(row(ui, "Contexts", /^lock.*@ /), "its lock")).click();
    await ui.see(row(ui, "Locks", /^&d->second/).and(ui.page.locator(".focused")), "the lock that it waits for");
    await ui.shot("machine-3-waits");
    for (const view of ["Contexts", "Memory"]) await expand(ui, view, false);
    const closing = row(ui, "Locks", /then &d->first.*closes a cycle/);
    await ui.see(closing, "the edge that closes the cycle");
    await ui.shot("machine-3-deadlock");
    await closing.first().click();
    await ui.see(ui.page.locator(".monaco-editor .line-numbers.active-line-number", { hasText: "47" }), "its line");
    await toolbar(ui).locator('[aria-label^="Stop"]').click();
    await ui.gone(toolbar(ui), "the debug toolbar");
  });

  step("a report leads to where its object was allocated and freed", async ({ ui }) => {
    await ui.open("freed.ts");
    await ui.see(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button");
    await begin(ui);
    await ui.run("Kernel: Focus on Kernel Log View");
    await open(ui, "Kernel Log", /KASAN: slab-use-after-free in freed_init/);
    await ui.see(row(ui, "Kernel Log", /^freed/), "the moment of its free");
    await ui.shot("machine-4-report");
    await (await ui.see(row(ui, "Kernel Log", /^allocated/), "the moment of its allocation")).click();
    await ui.see(ui.page.locator(".statusbar-item", { hasText: "Ln 8," }), "the cursor at the allocation");
    await ui.see(ui.page.locator(".monaco-editor .debug-top-stack-frame-line"), "a stop there");
    await toolbar(ui).locator('[aria-label^="Stop"]').click();
    await ui.gone(toolbar(ui), "the debug toolbar");
  });

  step("a driver begun from an example runs", async ({ ui, workspace }) => {
    await ui.run("Driverlab: New Driver from Example");
    const input = await ui.see(ui.page.locator(".quick-input-widget input.input"), "the list of examples");
    await ui.see(ui.page.locator(".quick-input-widget .monaco-list-row", { hasText: "hello" }), "the example hello");
    await input.fill("hello");
    await ui.page.keyboard.press("Enter");
    await ui.see(ui.page.locator('.monaco-editor[data-uri$="hello/hello.ts"]'), "the driver");
    for (const name of ["hello.ts", "hello.scenario.ts", "hello-broken.ts"]) {
      expect(existsSync(join(workspace, "hello", name)), name).toBe(true);
    }
    await ui.see(ui.page.locator('.editor-actions [aria-label*="Debug Driver"]'), "the run button");
    await begin(ui);
    await ui.see(row(ui, "Kernel Log", "Hello, dear"), "what it printed", 30_000);
    await ui.shot("machine-5-example");
  });
});
