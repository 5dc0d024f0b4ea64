// The language server with Neovim's own client, headless: diagnostics arrive, and a quick fix changes the buffer.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { sleeper, sleeperFixed } from "./drivers.ts";
import { serverProgram } from "./raw-client.ts";

const found = spawnSync("nvim", ["--version"]).error === undefined;
const inCi = Boolean(process.env.CI);
if (!found && !inCi) process.stderr.write("No nvim on this machine: the test with Neovim was not run.\n");

test.skipIf(!found && !inCi)("Neovim shows the findings and applies a fix", async () => {
  const folder = mkdtempSync(join(tmpdir(), "driverlab-nvim-"));
  try {
    const driver = join(folder, "sleeper.c");
    const result = join(folder, "result.json");
    writeFileSync(driver, sleeper);
    const script = join(import.meta.dirname, "neovim.lua");
    await promisify(execFile)("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${script}`], {
      timeout: 60_000,
      env: {
        ...process.env,
        HOME: folder,
        SERVER_NODE: process.execPath,
        SERVER_PROGRAM: serverProgram,
        DRIVER: driver,
        RESULT: result,
      },
    });
    const seen = JSON.parse(readFileSync(result, "utf8"));
    expect(seen.problem).toBeUndefined();
    expect(seen.diagnostics).toMatchObject([{ line: 15, severity: 1, code: "sleep-in-atomic" }]);
    expect(seen.diagnostics[0].chain).toBeGreaterThan(0);
    expect(seen.text).toBe(sleeperFixed);
    expect(seen.cleared).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
