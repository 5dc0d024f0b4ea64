// The list of run-time checks: sorted, one file each, ids that last.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { checks } from "../../../simulator/checks/index.ts";

const root = join(import.meta.dirname, "../../..");
const ids = checks.map(({ id }) => id);

test("is sorted", () => expect(ids).toEqual([...ids].sort()));

test("has a file for each", () => {
  const files = globSync("simulator/checks/*.ts", { cwd: root }).filter((path) =>
    /:\s*Check\s*=/.test(readFileSync(join(root, path), "utf8")),
  );
  expect(files.map((path) => basename(path, ".ts")).sort()).toEqual(ids);
});
