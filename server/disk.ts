// The machine as the programs see it: files of the disk, and the bytes that the build laid beside the programs.
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { threadId } from "node:worker_threads";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { TableTexts } from "./knowledge/knowledge.ts";
import type { FactFile } from "./knowledge/schema.ts";
import type { ParserBytes } from "./syntax/parser.ts";
import type { Cache, Host } from "./text/host.ts";

/** Everything the checker is made from. */
export interface Assets {
  readonly parser: ParserBytes;
  readonly facts: readonly FactFile[];
  readonly tables: TableTexts;
}

/** Larger files are tables that a generator wrote; nobody reads findings in them. */
const largestBytes = 8 << 20;

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function loadAssets(): Promise<Assets> {
  // The tables are ASCII, and are read as what takes a byte a character.
  const table = (kind: string) => readFile(beside(`knowledge/${kind}.tsv`), "latin1");
  const [runtime, grammar, facts, functions, scopes, members, gone] = await Promise.all([
    readFile(beside("web-tree-sitter.wasm")),
    readFile(beside("tree-sitter-c.wasm")),
    readFile(beside("knowledge/curated.json"), "utf8"),
    table("functions"),
    table("scopes"),
    table("members"),
    table("gone"),
  ]);
  return { parser: { runtime, grammar }, facts: JSON.parse(facts), tables: { functions, scopes, members, gone } };
}

export function programVersion(): string {
  return JSON.parse(readFileSync(beside("../package.json"), "utf8")).version;
}

/** URI of a rule's page beside the program, with `{id}` in place of the rule's id. */
export function rulePages(): string {
  return `${pathToFileURL(beside("rules")).href}/{id}.md`;
}

export function rulePage(rule: string): string | undefined {
  try {
    return readFileSync(beside(`rules/${rule}.md`), "utf8");
  } catch {
    return undefined;
  }
}

/** Absolute, with forward slashes, as the rest of the server has paths. */
export function absolutePath(path: string): string {
  return resolve(path).replaceAll("\\", "/");
}

/** The text of a C file, or why there is none. */
export function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const found = statSync(path);
    if (!found.isFile()) return { problem: "not a regular file" };
    if (found.size > largestBytes) return { problem: `larger than ${largestBytes >> 20} MB` };
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    return text.includes("\0") ? { problem: "binary, not C" } : { text };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export const disk: Host = {
  read(path) {
    const found = readText(path);
    return "text" in found ? found.text : undefined;
  },
  list(folder) {
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  },
  stamp(path) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined || found.isSymbolicLink() ? undefined : `${found.size} ${found.mtimeMs}`;
  },
};

/** Files in the cache, a few kilobytes each, before the older half of them goes: two for each file of drivers/. */
const LIMIT = 50_000;

/** The cache of this very build; nothing is kept where the folder cannot be written. */
export function diskCache(version: string): Cache {
  const all = join(cacheFolder(), "driverlab");
  const folder = join(all, `${version}-${buildName()}`);
  let usable: boolean | undefined;
  const prepare = (): boolean => {
    try {
      mkdirSync(folder, { recursive: true });
      for (const other of readdirSync(all))
        if (join(all, other) !== folder) rmSync(join(all, other), { recursive: true });
      thin(folder);
      return true;
    } catch {
      return false;
    }
  };
  const place = (name: string): string => join(folder, `${createHash("sha1").update(name).digest("hex")}.z`);
  return {
    read(name) {
      try {
        return inflateRawSync(readFileSync(place(name))).toString("utf8");
      } catch {
        return undefined;
      }
    },
    write(name, text) {
      usable ??= prepare();
      if (!usable) return;
      try {
        // Another server may read it at this moment.
        const draft = `${place(name)}.${process.pid}-${threadId}`;
        writeFileSync(draft, deflateRawSync(text, { level: 1 }));
        renameSync(draft, place(name));
      } catch {
        usable = false;
      }
    },
  };
}

function cacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === "win32" && process.env.LOCALAPPDATA) return process.env.LOCALAPPDATA;
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/** Changes with the program and with what it knows. */
function buildName(): string {
  const hash = createHash("sha1");
  for (const file of [import.meta.url, new URL("knowledge/curated.json", import.meta.url).href]) {
    const found = statSync(fileURLToPath(file), { throwIfNoEntry: false });
    hash.update(`${found?.size} ${found?.mtimeMs}`);
  }
  return hash.digest("hex").slice(0, 12);
}

function thin(folder: string): void {
  const names = readdirSync(folder);
  if (names.length < LIMIT) return;
  const aged = names.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs })).sort((a, b) => a.at - b.at);
  for (const { name } of aged.slice(0, LIMIT / 2)) rmSync(join(folder, name));
}
