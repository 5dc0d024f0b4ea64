// The packed extension: small, nothing native, nothing of the workshop in it, and made from what is in dist/ now.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const vsix = join(root, "driverlab.vsix");

interface Entry {
  readonly name: string;
  readonly crc: number;
}

/** The central directory of a zip file: PKWARE's APPNOTE.TXT, sections 4.3.12 and 4.3.16. */
function zipEntries(bytes: Buffer): Entry[] {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    entries.push({ name: bytes.toString("utf8", at + 46, at + 46 + name), crc: bytes.readUInt32LE(at + 16) });
    at += 46 + name + extra + comment;
  }
  return entries;
}

describe("driverlab.vsix", () => {
  let entries: Entry[] = [];
  let names: string[] = [];
  beforeAll(() => {
    if (!existsSync(vsix)) throw new Error("driverlab.vsix is not packed: npm run package");
    entries = zipEntries(readFileSync(vsix));
    names = entries.map((entry) => entry.name);
  });

  test("is below 5 MB", () => expect(readFileSync(vsix).length).toBeLessThan(5_000_000));

  test("holds what it needs", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const named = [
      ...[manifest.main, manifest.icon, ...Object.values(manifest.bin)],
      ...manifest.contributes.snippets.map(({ path }: { path: string }) => path),
      ...manifest.contributes.languages.map(({ configuration }: { configuration: string }) => configuration),
      ...[
        "dist/knowledge/curated.json",
        "dist/knowledge/functions.tsv",
        "dist/tree-sitter-c.wasm",
        "dist/web-tree-sitter.wasm",
      ],
      ...["package.json", "package.nls.json", "readme.md", "changelog.md", "LICENSE.txt"],
      ...Object.keys(manifest.contributes.configuration.properties["driverlab.rules"].properties).map(
        (rule) => `dist/rules/${rule}.md`,
      ),
    ];
    expect(names).toEqual(expect.arrayContaining(named.map((path) => `extension/${path.replace(/^\.\//, "")}`)));
  });

  test("holds no test, no source, no source map, nothing native", () => {
    const own = names.filter((name) => !/^extension\/dist\/(declarations\/.*\.d|examples\/.*)\.ts$/.test(name));
    expect(own.filter((name) => /\.(map|ts|node|so|dylib|dll|exe|c|vsix)$|node_modules|\/test\//.test(name))).toEqual(
      [],
    );
    const expected =
      /^(extension\/(client\/|dist\/|snippets\/|[^/]+$)|extension\.vsixmanifest$|\[Content_Types\]\.xml$)/;
    expect(names.filter((name) => !expected.test(name))).toEqual([]);
  });

  test("has the programs that the other tests run", () => {
    for (const { name, crc } of entries.filter((entry) => entry.name.startsWith("extension/dist/"))) {
      expect.soft(crc32(readFileSync(join(root, name.replace("extension/", "")))), name).toBe(crc);
    }
  });

  test("says everything in words that can be translated", () => {
    const manifest = readFileSync(join(root, "package.json"), "utf8");
    const words = Object.keys(JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")));
    const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!);
    expect([...new Set(used)].sort()).toEqual(words.sort());
    const bundle = JSON.parse(readFileSync(join(root, "client/l10n/bundle.l10n.json"), "utf8"));
    const client = globSync("client/**/*.ts", { cwd: root })
      .map((file) => readFileSync(join(root, file), "utf8"))
      .join("\n");
    const messages = [...client.matchAll(/l10n\.t\(\s*"([^"]+)"/g)].map((match) => match[1]!);
    expect(Object.keys(bundle).sort()).toEqual([...new Set(messages)].sort());
  });
});
