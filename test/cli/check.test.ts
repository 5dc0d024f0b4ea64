// The program `driverlab-check` as a person or a script calls it: output, formats, exit codes, odd files.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonReport } from "../../server/features/report-json.ts";
import { sleeper, sleeperFixed, userProgram } from "../lsp/drivers.ts";

const program = join(import.meta.dirname, "../../dist/driverlab-check.js");
let folder = "";

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function check(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function json(...args: string[]): JsonReport {
  return JSON.parse(check("--format", "json", ...args).out);
}

beforeAll(() => {
  if (!existsSync(program)) throw new Error("dist/ is not built: npm run build");
  folder = mkdtempSync(join(tmpdir(), "driverlab-cli-"));
  write("bad/b.c", sleeper);
  write("bad/a.c", sleeper.replaceAll("\n", "\r\n"));
  write("bad/a.h", sleeper);
  write("bad/.git/hidden.c", sleeper);
  write("bad/node_modules/hidden.c", sleeper);
  write("good/a.c", sleeperFixed);
  write(
    "allowed/a.c",
    sleeper.replace(/^.*kmalloc\(.*$/m, "/* driverlab: allow sleep-in-atomic -- one CPU only */\n$&"),
  );
  write("user/main.c", userProgram);
  write("odd/binary.c", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2));
  write("odd/bom.c", `\uFEFF${sleeper}`);
  write("odd/broken.c", sleeper.slice(0, sleeper.indexOf("kfree")));
  write("odd/empty.c", "");
  write("odd/latin1.c", Buffer.from(`/* J\u00f6rg */\n${sleeper}`, "latin1"));
  write("odd/notes.txt", "kmalloc");
  symlinkSync("nowhere.c", join(folder, "odd/dangling.c"));
  symlinkSync("..", join(folder, "odd/loop"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("text", () => {
  test("shows place, message, source line and chain", () => {
    const { code, out } = check("bad/b.c");
    expect(code).toBe(1);
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^bad\/b\.c:15:19: error: .+ \[sleep-in-atomic\]$/);
    expect(lines[1]).toBe("   15 |         sleeper_buffer = kmalloc(count, GFP_KERNEL);");
    expect(lines[2]).toMatch(/^ {6}\| {26}\^~*$/);
    expect(out).toMatch(/^bad\/b\.c:13:2: note: .+\n {3}13 \| {9}spin_lock\(&sleeper_lock\);\n/m);
  });

  test("has no colour where it is not a terminal", () => expect(check("bad").out).not.toContain("\x1b"));
  test("sums up on the other stream", () => expect(check("good").err).toMatch(/^0 findings in 1 file, \d+\.\d s\n$/));
});

describe("json", () => {
  test("has the documented shape, positions from 1, files as given", () => {
    const report = json("bad/b.c");
    expect(Object.keys(report)).toEqual(["schema", "findings", "problems", "files", "milliseconds"]);
    expect(report).toMatchObject({ schema: 1, files: 1, problems: [] });
    expect(report.findings).toHaveLength(1);
    const [finding] = report.findings;
    expect(finding).toMatchObject({
      rule: "sleep-in-atomic",
      severity: "error",
      file: "bad/b.c",
      line: 15,
      column: 19,
      endLine: 15,
      function: "sleeper_fill",
    });
    expect(finding!.related[0]).toMatchObject({ file: "bad/b.c", line: 13, column: 2 });
    expect(Object.keys(finding!)).toEqual([
      ...["rule", "severity", "message", "file", "line", "column", "endLine", "endColumn", "function", "related"],
    ]);
  });

  test("is the same with CRLF line ends, a byte order mark, or bytes that are no UTF-8", () => {
    expect(json("bad/a.c").findings[0]).toMatchObject({ line: 15, column: 19 });
    expect(json("odd/bom.c").findings[0]).toMatchObject({ line: 15, column: 19 });
    expect(json("odd/latin1.c").findings[0]).toMatchObject({ line: 16, column: 19 });
  });

  test("keeps to the order of names in a folder, and leaves out what is not source", () => {
    const report = json("bad/");
    expect(report.findings.map((finding) => finding.file)).toEqual(["bad/a.c", "bad/b.c"]);
    expect(report.files).toBe(2);
  });

  test("takes a header that is named", () => expect(json("bad/a.h").findings).toHaveLength(1));

  test("takes absolute paths as given", () => {
    const path = join(folder, "bad/b.c");
    expect(json(path).findings[0]).toMatchObject({ file: path });
  });

  test("lists problems instead of failing", () => {
    const { code, out } = check("--format", "json", "odd", "odd/notes.txt");
    const report: JsonReport = JSON.parse(out);
    expect(report.problems).toMatchObject([
      { file: "odd/binary.c", kind: "not-c" },
      { file: "odd/dangling.c", kind: "unreadable" },
      { file: "odd/notes.txt", kind: "not-c" },
    ]);
    expect(report.files).toBe(6);
    expect(code).toBe(1);
  });

  test("is the same whatever the number of jobs", () => {
    const said = (jobs: string) => ({ ...json("--jobs", jobs, "bad", "odd", "user", "good"), milliseconds: 0 });
    expect(said("3")).toEqual(said("1"));
  });

  test("gives up on a file that takes too long, and goes on", () => {
    write(
      "long/a.c",
      sleeper.replace(/^static (\w|\W)*/m, (body) => body.repeat(6000)),
    );
    write("long/b.c", sleeper);
    const { problems, findings } = json("--limit", "1", "long");
    expect(problems).toMatchObject([{ file: "long/a.c", kind: "gave-up", message: "gave up after 1 s" }]);
    expect(findings).toMatchObject([{ file: "long/b.c" }]);
  });

  test("tells of skipped files only when asked", () => {
    expect(json("user")).toMatchObject({ files: 1, findings: [], problems: [] });
    expect(json("--verbose", "user").problems).toMatchObject([{ file: "user/main.c", kind: "skipped" }]);
  });
});

describe("sarif", () => {
  test("has what code hosts need", () => {
    const { code, out } = check("--format", "sarif", "bad/b.c");
    expect(code).toBe(1);
    const { version, runs } = JSON.parse(out);
    expect(version).toBe("2.1.0");
    const { tool, results } = runs[0];
    expect(results).toHaveLength(1);
    const [result] = results;
    expect(tool.driver.rules[result.ruleIndex]).toMatchObject({ id: "sleep-in-atomic" });
    expect(tool.driver.rules[result.ruleIndex].help.markdown).toContain("sleep-in-atomic");
    expect(result.locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "bad/b.c" },
      region: { startLine: 15, startColumn: 19 },
    });
    expect(result.codeFlows[0].threadFlows[0].locations.length).toBeGreaterThan(1);
    expect(result.partialFingerprints["driverlab/v1"]).toMatch(/^[0-9a-f]{16}:1$/);
  });

  test("tells of what a comment allows, with the reason, and no other format does", () => {
    const { code, out } = check("--format", "sarif", "allowed");
    expect(code).toBe(0);
    expect(JSON.parse(out).runs[0].results.map((each: { suppressions: unknown }) => each.suppressions)).toEqual([
      [{ kind: "inSource", justification: "one CPU only" }],
    ]);
    expect(json("allowed").findings).toEqual([]);
    expect(check("allowed").out).toBe("");
  });

  test("has fingerprints that stay when lines move", () => {
    const print = (path: string) =>
      JSON.parse(check("--format", "sarif", path).out).runs[0].results[0].partialFingerprints["driverlab/v1"];
    expect(print("odd/latin1.c")).toBe(print("bad/b.c"));
  });
});

describe("exit codes", () => {
  test("0 when clean", () => expect(check("good").code).toBe(0));
  test("0 for files that are not kernel code", () => expect(check("user").code).toBe(0));
  test("0 when told so", () => expect(check("--exit-zero", "bad").code).toBe(0));
  test("1 with findings", () => expect(check("bad", "good").code).toBe(1));
  test.each([[[]], [["--format", "xml", "bad"]], [["--fast", "bad"]], [["--jobs", "0", "bad"]], [["missing"]]])(
    "2 for %j",
    (args) => {
      const { code, out, err } = check(...args);
      expect(code).toBe(2);
      expect(out).toBe("");
      expect(err).toMatch(/^driverlab-check: /);
    },
  );
  test("2 for a path that is not there, which is also a problem", () => {
    const { code, out } = check("--format", "json", "missing.c", "good");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ files: 1, problems: [{ file: "missing.c", kind: "missing" }] });
  });
  test("0 for --help and --version", () => {
    expect(check("--help")).toMatchObject({ code: 0, err: "" });
    expect(check("--version").out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
