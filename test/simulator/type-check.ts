// Runs the TypeScript compiler over drivers, as an editor does for who writes them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const examples = join(import.meta.dirname, "../../simulator/examples");
const compiler = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

/** What the compiler says of a project, one line for each error. */
export function compile(project: string): string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [compiler, "--project", project, "--pretty", "false"],
    { encoding: "utf8" },
  );
  if (status === null || stderr !== "") throw new Error(`the compiler failed: ${stderr}`);
  return stdout.split("\n").filter((line) => line.includes("error TS"));
}

/** The errors in one file that stands for a project with the examples' settings: `14 TS2345`. */
export function errorsIn(source: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "driverlab-types-"));
  try {
    writeFileSync(join(folder, "driver.ts"), source);
    const settings = { extends: join(examples, "tsconfig.json"), include: ["driver.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    return compile(folder).map((line) => {
      const found = /driver\.ts\((\d+),\d+\): error (TS\d+)/.exec(line);
      if (!found) throw new Error(line);
      return `${found[1]} ${found[2]}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The errors that the comments announce: `// error: TS2345` stands on the line that it speaks of. */
export function announcedIn(source: string): string[] {
  return source.split("\n").flatMap((line, index) => {
    const found = /\/\/ error: (.*)$/.exec(line);
    return found ? found[1]!.split(", ").map((code) => `${index + 1} ${code}`) : [];
  });
}
