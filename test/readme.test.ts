// The pages that people read first: their links lead somewhere, what they name exists, what they quote is printed.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkText } from "../server/features/check.ts";
import { createChecker, root } from "./checker.ts";

const pages = ["README.md", ...globSync("{server,simulator,test}/**/README.md", { cwd: root }), "CHANGELOG.md"];
const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("package.json"));

describe.each(pages)("%s", (page) => {
  const text = read(page);
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!);

  test("links to files that are there", () => {
    const links = all(/\]\(([^)#\s:]+)(?:#[\w-]+)?\)/g);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test("names files, scripts, benches and settings that exist", () => {
    const files = all(/`((?:test|server|simulator|client)\/[\w./-]+)`/g);
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const scripts = all(/\bnpm run (?:--silent )?([\w:]+)/g);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const benches = all(/\bnpm run bench -- ([a-z-]+)/g);
    expect(benches.filter((name) => !existsSync(join(root, `test/bench/${name}.ts`)))).toEqual([]);
    const settings = all(/`(driverlab\.\w+(?:\.\w+)*)`/g).filter((name) => !/\.(json|vsix)$/.test(name));
    expect(settings.filter((name) => !(name in manifest.contributes.configuration.properties))).toEqual([]);
  });
});

test("the page of the benches has each of them", () => {
  const names = globSync("*.ts", { cwd: join(root, "test/bench"), exclude: ["run.ts"] });
  const rows = [...read("test/bench/README.md").matchAll(/^\| `([\w-]+)[^|]*\| \S/gm)].map((match) => `${match[1]}.ts`);
  expect(rows.sort()).toEqual([...names].sort());
});

test("the README quotes what the demo prints", async () => {
  const path = "server/examples/ringbuf.c";
  const { program, findings } = checkText(await createChecker(), `/${path}`, read(path));
  const at = (start: number) => {
    const { line, column } = program.file.lines.position(start);
    return `${path}:${line + 1}:${column + 1}`;
  };
  const printed = findings.flatMap(({ start, severity, message, rule, related }) => [
    `${at(start)}: ${severity}: ${message} [${rule}]`,
    ...related.map((step) => `${at(step.start)}: note: ${step.message}`),
  ]);
  const quoted = [...read("README.md").matchAll(/^ {4}(server\/examples\/.*)$/gm)].map((match) => match[1]!);
  expect(quoted.length).toBeGreaterThan(3);
  expect(quoted.filter((line) => !printed.includes(line))).toEqual([]);
});
