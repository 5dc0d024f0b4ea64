// The browser in which the editor is tested: whichever Chromium the machine has.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  process.env.DRIVERLAB_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export function findBrowser(): string | undefined {
  return places.find((place) => place !== undefined && existsSync(place));
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  const off = ["quic", "gpu", "background-networking", "component-update", "sync"].map((part) => `--disable-${part}`);
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...off], timeout: 60_000 });
}
