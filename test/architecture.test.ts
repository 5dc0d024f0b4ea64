// The house rules that the compiler cannot hold: who imports whom, cycles, headers, sizes, names, and the list of rules.
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Path from the root, with forward slashes → text. */
type Tree = ReadonlyMap<string, string>;

interface Room {
  /** Rooms and single files it may import, besides itself. */
  readonly rooms: readonly string[];
  readonly packages?: readonly string[];
  /** May use Node's own modules. */
  readonly node?: true;
}

const pureServer = ["text", "knowledge", "syntax", "program", "analysis", "rules", "features"].map(
  (r) => `server/${r}`,
);
const allServer = [...pureServer, "server/lsp", "server/disk.ts", "server/protocol.ts"];
const simulated = ["engine", "devices", "kernel", "checks", "api", "machine.ts", "typescript", "c", "control"].map(
  (room) => `simulator/${room}`,
);
const protocols = ["simulator/protocol.ts", "simulator/contexts", "simulator/timeline"];
const allSimulator = [...simulated, "simulator/confinement.ts", "simulator/debug", ...protocols];

/** The longest matching path wins, so that a file may differ from its folder. */
const rooms: Readonly<Record<string, Room>> = {
  "server/text": { rooms: [] },
  "server/knowledge": { rooms: [] },
  "server/knowledge/extract": { rooms: ["server/knowledge", "server/text", "server/syntax"], node: true },
  "server/syntax": { rooms: ["server/text"], packages: ["web-tree-sitter"] },
  "server/program": { rooms: ["server/text", "server/syntax", "server/knowledge"] },
  // The syntax is plain data with one file for its shape; the parser behind it stays out of sight.
  "server/analysis": { rooms: ["server/text", "server/program", "server/knowledge", "server/syntax/ast.ts"] },
  "server/rules": {
    rooms: ["server/text", "server/program", "server/analysis", "server/knowledge", "server/syntax/ast.ts"],
  },
  "server/features": {
    rooms: ["server/text", "server/program", "server/analysis", "server/rules", "server/knowledge"],
    packages: ["vscode-languageserver-types"],
  },
  "server/protocol.ts": { rooms: [] },
  "server/lsp": {
    rooms: allServer.filter((room) => room !== "server/disk.ts"),
    packages: [
      "vscode-languageserver",
      "vscode-languageserver-textdocument",
      "vscode-languageserver-types",
      "vscode-uri",
    ],
  },
  "server/disk.ts": { rooms: ["server/text", "server/knowledge", "server/syntax"], node: true },
  "server/main.ts": { rooms: allServer, packages: ["vscode-languageserver"], node: true },
  "server/check-worker.ts": { rooms: allServer, node: true },
  "server/check-pool.ts": { rooms: ["server/check-worker.ts"], node: true },
  "server/cli.ts": { rooms: [...allServer, "server/check-pool.ts", "server/check-worker.ts"], node: true },
  "simulator/engine": { rooms: [] },
  "simulator/devices": { rooms: ["simulator/engine"] },
  "simulator/devices/svd-tree.ts": { rooms: [], packages: ["@rgrove/parse-xml"] },
  "simulator/kernel": { rooms: ["simulator/engine", "simulator/devices/device.ts"] },
  "simulator/checks": { rooms: ["simulator/engine", "simulator/kernel"] },
  "simulator/api": { rooms: ["simulator/kernel", "simulator/engine", "simulator/devices/device.ts"] },
  // What drivers see: it stands beside the kernel's faces, and no code of ours imports it.
  "simulator/api/declarations": { rooms: [] },
  "simulator/examples": { rooms: [], packages: ["asm", "linux", "net", "driverlab", "kunit"] },
  "simulator/machine.ts": {
    rooms: ["engine", "devices", "kernel", "checks", "api"].map((room) => `simulator/${room}`),
  },
  "simulator/typescript": { rooms: ["simulator/engine"], packages: ["@babel/parser"] },
  "simulator/c": { rooms: ["simulator/engine"], packages: ["web-tree-sitter"] },
  "simulator/control": {
    rooms: [
      "simulator/engine",
      "simulator/devices/device.ts",
      "simulator/kernel/events.ts",
      "simulator/kernel/kern-levels.ts",
      "simulator/machine.ts",
      "simulator/typescript",
      "simulator/c",
    ],
  },
  "simulator/protocol.ts": { rooms: [] },
  "simulator/contexts": { rooms: ["simulator/protocol.ts"] },
  "simulator/timeline": { rooms: ["simulator/protocol.ts"] },
  "simulator/confinement.ts": { rooms: [], node: true },
  "simulator/debug": { rooms: allSimulator, packages: ["@vscode/debugadapter", "@vscode/debugprotocol"] },
  "simulator/main.ts": { rooms: allSimulator, packages: ["@vscode/debugadapter"], node: true },
  "simulator/cli.ts": { rooms: allSimulator, node: true },
  client: {
    rooms: ["server/protocol.ts", ...protocols],
    packages: ["vscode", "vscode-languageclient"],
    node: true,
  },
};

/** Names that would let the world outside into a room, by room. */
const banned: readonly { readonly rooms: readonly string[]; readonly pattern: RegExp; readonly why: string }[] = [
  {
    rooms: simulated,
    pattern: /\b(Date\.now|new Date|Math\.random|setTimeout|setInterval|queueMicrotask|performance\.now)\b/,
    why: "the simulated world has its own clock and its own dice",
  },
  {
    rooms: [...simulated, ...pureServer, "server/lsp"],
    pattern: /(?<![.\w])(console\.(log|error|warn|info|debug)\(|globalThis\b)/,
    why: "only the entry points speak to the machine",
  },
  {
    rooms: ["engine", "kernel", "devices", "checks", "api", "machine.ts"].map((room) => `simulator/${room}`),
    pattern: /(?<!\bthis)\.\w+ = (\([^()]*\)(: [^=]+)? =>|\w+ =>|function\b)/,
    why: "it keeps the machine until everything is collected, see hook()",
  },
];

function within(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

function roomOf(path: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => within(path, room))
    .sort((a, b) => b.length - a.length)[0];
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^;"'`]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm,
  );
  return [...statements].map((match) => {
    const name = match[2] ?? match[3]!;
    const target = name.startsWith(".") ? normalize(join(dirname(path), name)).replaceAll("\\", "/") : name;
    return { target, typeOnly: match[1] !== undefined };
  });
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function forbiddenImports(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    const name = roomOf(path);
    if (within(path, "test")) continue;
    if (name === undefined) {
      found.push(`${path}: stands in no room`);
      continue;
    }
    const room = rooms[name]!;
    for (const { target, typeOnly } of importsOf(path, text)) {
      if (target.startsWith("node:")) {
        if (!room.node) found.push(`${path}: imports ${target}, but ${name} compiles without Node`);
      } else if (!/^(server|simulator|client|test|snippets)\//.test(target)) {
        if (!room.packages?.includes(packageOf(target))) found.push(`${path}: imports the package ${target}`);
      } else if (!within(target, name) && !room.rooms.some((allowed) => within(target, allowed))) {
        found.push(`${path}: imports ${target}`);
      } else if (target.endsWith("/protocol.ts") && !typeOnly) {
        found.push(`${path}: imports ${target} other than as types`);
      }
    }
  }
  return found;
}

/** One line for each cycle; imports of types count, since they too make two parts one. */
function cycles(tree: Tree): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) found.push([...trail.slice(at), path].join(" -> "));
    if (at !== -1 || done.has(path)) return;
    for (const { target } of importsOf(path, tree.get(path)!)) {
      if (tree.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of tree.keys()) visit(path, []);
  return found;
}

function badFiles(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    const lines = text.split("\n");
    if (!/^\/\/ \S.*[.!?]\r?$/.test(lines[0]!))
      found.push(`${path}: the first line is no sentence that says what it is for`);
    if (lines.length > 501) found.push(`${path}: ${lines.length - 1} lines, the limit is 500`);
    // Declarations bear the names of the kernel's headers.
    const isHeader = within(path, "simulator/api/declarations");
    if (!isHeader && !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|bench|scenario|d))?\.(ts|mjs)$/.test(basename(path))) {
      found.push(`${path}: the name is not in kebab case`);
    }
    if (/(^|\/)(utils?|helpers?|common|types|misc)(\/|\.ts$)/.test(path)) found.push(`${path}: the name says nothing`);
    for (const { rooms: where, pattern, why } of banned) {
      if (!where.some((room) => within(path, room))) continue;
      lines.forEach((line, index) => {
        const name = pattern.exec(line.replace(/^\s*(\/\/|\*|\/\*).*/, ""))?.[0];
        if (name !== undefined) found.push(`${path}:${index + 1}: ${name}: ${why}`);
      });
    }
    if (basename(path) === "protocol.ts" && /^(?!export (interface|type) |import type |[\s})\]|;&/*]|$)/m.test(text)) {
      found.push(`${path}: holds more than types`);
    }
  }
  return found;
}

function projectTree(): Tree {
  const paths = globSync(["{server,simulator,client,test}/**/*.{ts,mjs}", "*.{ts,mjs}"], { cwd: root });
  return new Map(paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(root, path), "utf8")]));
}

describe("the project", () => {
  const tree = projectTree();
  const inRooms = new Map([...tree].filter(([path]) => path.includes("/")));

  test("imports only what the table allows", () => expect(forbiddenImports(inRooms)).toEqual([]));
  test("has no import cycle", () => {
    // The kernel's headers speak of each other's structs, and so do their declarations.
    const code = new Map([...inRooms].filter(([path]) => !within(path, "simulator/api/declarations")));
    expect(cycles(code)).toEqual([]);
  });
  test("has files with a header, of bearable size, with names that say something", () => {
    expect(badFiles(tree)).toEqual([]);
  });
  test("keeps files at the top level only where a tool asks for them", () => {
    expect([...tree.keys()].filter((path) => !path.includes("/")).sort()).toEqual(["esbuild.mjs", "vitest.config.ts"]);
  });
});

describe("the rules", () => {
  let ids: string[] = [];
  beforeAll(async () => {
    const { rules } = await import("../server/rules/index.ts");
    ids = rules.map((rule) => rule.id);
  });

  test("are listed in order", () => expect(ids).toEqual([...ids].sort()));
  test("have a file each", () => {
    const files = globSync("server/rules/*.ts", { cwd: root }).filter((path) =>
      /:\s*Rule\s*=/.test(readFileSync(join(root, path), "utf8")),
    );
    expect(files.map((path) => basename(path, ".ts")).sort()).toEqual(ids);
  });
  test("have a page each", () => {
    const pages = globSync("server/rules/*.md", { cwd: root }).map((path) => basename(path, ".md"));
    expect(pages.filter((name) => name !== "README").sort()).toEqual(ids);
  });
  test("have a fixture and a fixed fixture each", () => {
    for (const id of ids) {
      expect.soft(existsSync(join(root, `test/rules/${id}.c`)), `test/rules/${id}.c`).toBe(true);
      expect.soft(existsSync(join(root, `test/rules/${id}.fixed.c`)), `test/rules/${id}.fixed.c`).toBe(true);
    }
  });
  test("are the ones that the settings know", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(Object.keys(manifest.contributes.configuration.properties["driverlab.rules"].properties)).toEqual(ids);
  });
});

describe("these checks", () => {
  const header = "// Says what it is for.\n";
  const tree = (files: Record<string, string>): Tree =>
    new Map(Object.entries(files).map(([path, text]) => [path, header + text]));

  test("find an import that the table does not allow", () => {
    expect(
      forbiddenImports(
        tree({
          "server/rules/a.ts": 'import { b } from "../syntax/b.ts";\nimport type { c } from "../text/c.ts";',
          "server/syntax/b.ts": 'import { x } from "web-tree-sitter";\nimport {\n  y,\n} from "vscode";',
          "server/text/c.ts": 'import { readFileSync } from "node:fs";',
          "simulator/kernel/d.ts": 'import { e } from "../devices/device.ts";\nexport { f } from "../devices/uart.ts";',
          "client/g.ts": 'import { Status } from "../server/protocol.ts";\nawait import("../server/main.ts");',
          "server/odd.ts": "",
        }),
      ),
    ).toEqual([
      "server/rules/a.ts: imports server/syntax/b.ts",
      "server/syntax/b.ts: imports the package vscode",
      "server/text/c.ts: imports node:fs, but server/text compiles without Node",
      "simulator/kernel/d.ts: imports simulator/devices/uart.ts",
      "client/g.ts: imports server/protocol.ts other than as types",
      "client/g.ts: imports server/main.ts",
      "server/odd.ts: stands in no room",
    ]);
  });

  test("find a cycle of types", () => {
    expect(
      cycles(
        tree({
          "server/text/a.ts": 'import type { B } from "./b.ts";',
          "server/text/b.ts": 'import type { C } from "./c.ts";',
          "server/text/c.ts": 'import type { A } from "./a.ts";',
          "server/text/d.ts": 'import type { A } from "./a.ts";',
        }),
      ),
    ).toEqual(["server/text/a.ts -> server/text/b.ts -> server/text/c.ts -> server/text/a.ts"]);
  });

  test("find files without a header, too long, badly named, or reaching outside", () => {
    expect(
      badFiles(
        new Map([
          ["server/text/a.ts", "export const a = 1;\n"],
          ["server/text/b.ts", header + "\n".repeat(500)],
          ["server/text/utils.ts", header],
          ["server/text/camelCase.ts", header],
          ["simulator/engine/e.ts", `${header}// Math.random is banned.\nconst x = Math.random();\n`],
          ["simulator/kernel/f.ts", `${header}core.whenState = (task, state) => show(task, state);\n`],
          ["server/protocol.ts", `${header}export interface A {\n  a: 1;\n}\nexport const b = 1;\n`],
          ["simulator/protocol.ts", `${header}\n/** A. */\nexport type A =\n  | 1\n  | 2;\n`],
        ]),
      ),
    ).toEqual([
      "server/text/a.ts: the first line is no sentence that says what it is for",
      "server/text/b.ts: 501 lines, the limit is 500",
      "server/text/utils.ts: the name says nothing",
      "server/text/camelCase.ts: the name is not in kebab case",
      "simulator/engine/e.ts:3: Math.random: the simulated world has its own clock and its own dice",
      "simulator/kernel/f.ts:2: .whenState = (task, state) =>: it keeps the machine until everything is collected, see hook()",
      "server/protocol.ts: holds more than types",
    ]);
  });
});
