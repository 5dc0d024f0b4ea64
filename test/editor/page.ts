// The parts of VS Code's window that the flow looks at and acts on, each wait with a message that says what was missing.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "./code-server.ts";

const shots = join(root, "test-results/editor");
const pictures = join(root, "client/media");

export class EditorPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async see(locator: Locator, what: string, milliseconds = 20_000): Promise<Locator> {
    const first = locator.first();
    try {
      await first.waitFor({ state: "visible", timeout: milliseconds });
    } catch {
      throw new Error(`not seen within ${milliseconds / 1000} s: ${what}`);
    }
    return first;
  }

  async gone(locator: Locator, what: string, milliseconds = 20_000): Promise<void> {
    try {
      await locator.first().waitFor({ state: "hidden", timeout: milliseconds });
    } catch {
      throw new Error(`still there after ${milliseconds / 1000} s: ${what}`);
    }
  }

  /** Draws the side bar wider by its edge. */
  async widenSideBar(pixels: number): Promise<void> {
    const { mouse } = this.page;
    const bar = await this.page.locator(".part.sidebar").boundingBox();
    if (bar === null) throw new Error("there is no side bar");
    const y = bar.y + bar.height / 2;
    await mouse.move(bar.x + bar.width, y);
    await mouse.down();
    await mouse.move(bar.x + bar.width + pixels, y, { steps: 5 });
    await mouse.up();
  }

  /** A busy editor sometimes swallows a key: it is pressed again until its effect shows, which may take so long. */
  async press(key: string, effect: Locator, what: string, tries = 6, milliseconds = 2_500): Promise<Locator> {
    for (let left = tries; left > 1; left--) {
      await this.page.keyboard.press(key);
      const seen = await this.see(effect, what, milliseconds).catch(() => undefined);
      if (seen !== undefined) return seen;
    }
    await this.page.keyboard.press(key);
    return this.see(effect, `${what}, after ${key} was pressed ${tries} times`, milliseconds);
  }

  /** Presses a key that toggles something, only as long as that something shows. */
  async dismiss(key: string, target: Locator, what: string, tries = 4): Promise<void> {
    for (let left = tries; left > 1 && (await target.first().isVisible()); left--) {
      await this.page.keyboard.press(key);
      await this.gone(target, what, 2_500).catch(() => undefined);
    }
    await this.gone(target, what, 2_500);
  }

  /** Of the context menu that is open; it may leave a click alone that comes too early. */
  async choose(item: string, tries = 4): Promise<void> {
    const entry = await this.see(this.page.locator(".monaco-menu").getByText(item), `${item} in the context menu`);
    for (let left = tries; left > 1 && (await entry.isVisible()); left--) {
      await entry.click({ timeout: 5_000 }).catch(() => undefined);
      await this.gone(entry, item, 1_500).catch(() => undefined);
    }
    await this.gone(entry, `${item}, clicked ${tries} times`, 1_500);
  }

  /** The palette goes when something else takes the focus, as a debugger that stops does: it is then opened again. */
  async run(command: string, tries = 3): Promise<void> {
    const input = await this.press("F1", this.page.locator(".quick-input-widget input.input"), "the command palette");
    const row = this.page.locator(".quick-input-widget .monaco-list-row", { hasText: command });
    try {
      await input.fill(`>${command}`, { timeout: 5_000 });
      await row.first().click({ timeout: 10_000 });
    } catch (error) {
      if (tries <= 1) throw new Error(`not to be run: the command ${command} (${error})`);
      await this.page.keyboard.press("Escape");
      await this.run(command, tries - 1);
    }
  }

  /** What was open last is listed first: who clicks before the list is filtered gets what then moves to that place. */
  async open(name: string): Promise<void> {
    const input = await this.press("Control+p", this.page.locator(".quick-input-widget input.input"), "quick open");
    await input.fill(name);
    const best = this.page.locator('.quick-input-widget .monaco-list-row[data-index="0"]', {
      hasText: new RegExp(`^${name.replaceAll(".", "\\.")}`),
    });
    await (await this.see(best, `${name} as the best match`)).click();
    await this.see(this.page.locator(`.monaco-editor[data-uri$="/${name}"]`), `an editor with ${name}`);
  }

  /** The characters of a line on the screen; the editor uses no-break spaces. */
  line(text: string): Locator {
    return this.page.locator(".view-line", { hasText: new RegExp(text.replaceAll(" ", "[ \\u00a0]")) });
  }

  /** A screenshot for who looks into a failure; one with a name of a picture may also become that picture. */
  async shot(name: string, picture?: string): Promise<void> {
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}.png`) });
    if (picture !== undefined && process.env.DRIVERLAB_PICTURES) {
      await this.page.screenshot({ path: join(pictures, `${picture}.png`) });
    }
  }
}
