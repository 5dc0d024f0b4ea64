// Builds dist/: the extension, the programs, and the bytes they read; with --package also the .vsix made of it.
import { copyFileSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";

const packaging = process.argv.includes("--package");
const production = packaging || process.argv.includes("--production");
const root = import.meta.dirname;
const out = join(root, "dist");
const resolve = createRequire(import.meta.url).resolve;

const { files, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  legalComments: "none",
  minify: production,
  sourcemap: production ? false : "linked",
  logLevel: "warning",
};

/** The programs run by name; the language server's library is CommonJS and calls `require`, which an ES module has to be given. */
const programBanner =
  '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "knowledge"), { recursive: true });
mkdirSync(join(out, "rules"), { recursive: true });

await Promise.all([
  build({
    ...shared,
    entryPoints: ["client/extension.ts"],
    outfile: "dist/driverlab-client.cjs",
    format: "cjs",
    external: ["vscode"],
  }),
  build({
    ...shared,
    platform: "browser",
    target: "es2023",
    entryPoints: { timeline: "client/debug/timeline/page.ts" },
    outdir: "dist",
    format: "iife",
  }),
  build({
    ...shared,
    entryPoints: { "driverlab-dap": "simulator/main.ts", "driverlab-sim": "simulator/cli.ts" },
    outdir: "dist",
    format: "esm",
    banner: { js: programBanner },
    define: { DRIVERLAB_VERSION: JSON.stringify(version) },
  }),
  build({
    ...shared,
    entryPoints: { "driverlab-lsp": "server/main.ts", "driverlab-check": "server/cli.ts" },
    outdir: "dist",
    format: "esm",
    banner: { js: programBanner },
  }),
]);

copyFileSync(join(root, "client/debug/timeline/page.css"), join(out, "timeline.css"));
copyFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm"), join(out, "web-tree-sitter.wasm"));
copyFileSync(resolve("tree-sitter-c/tree-sitter-c.wasm"), join(out, "tree-sitter-c.wasm"));

const factFiles = globSync("server/knowledge/data/**/*.json", { cwd: root }).sort();
const facts = factFiles.map((path) => JSON.parse(readFileSync(join(root, path), "utf8")));
writeFileSync(join(out, "knowledge/curated.json"), JSON.stringify(facts));
for (const path of globSync("server/knowledge/data/extracted/*.tsv", { cwd: root })) {
  copyFileSync(join(root, path), join(out, "knowledge", basename(path)));
}

const readme = readFileSync(join(root, "server/rules/README.md"), "utf8");
const allowing = /^## To allow one finding\n[\s\S]*?(?=^## )/m.exec(readme)[0].trimEnd();
for (const path of globSync("server/rules/*.md", { cwd: root })) {
  if (basename(path) === "README.md") continue;
  // What holds for every rule stands once in the sources, and on each page where it is read.
  const footer = allowing.replaceAll("<rule>", basename(path, ".md"));
  const page = readFileSync(join(root, path), "utf8");
  writeFileSync(join(out, "rules", basename(path)), `${page.trimEnd()}\n\n${footer}\n`);
}

cpSync(join(root, "simulator/api/declarations"), join(out, "declarations"), { recursive: true });
for (const path of globSync(["README.md", "**/*.ts"], { cwd: join(root, "simulator/examples") })) {
  cpSync(join(root, "simulator/examples", path), join(out, "examples", path));
}

if (packaging) {
  // vsce looks at every file below the folder it packs; in a folder of their own these are few.
  const stage = join(root, ".cache/vsix");
  rmSync(stage, { recursive: true, force: true });
  for (const path of globSync(["package.json", ...files], { cwd: root })) {
    cpSync(join(root, path), join(stage, path), { recursive: true });
  }
  await createVSIX({
    cwd: stage,
    packagePath: join(root, "driverlab.vsix"),
    dependencies: false,
    // There is no public repository yet that relative links could lead to.
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}
