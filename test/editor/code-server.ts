// VS Code for tests: code-server from npm, laid into a cache folder once, started on the loopback with a fresh profile.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const version = "4.139.1";
export const root = join(import.meta.dirname, "../..");
export const cache = join(root, ".cache");
const home = join(cache, "code-server");
const entry = join(home, "node_modules/code-server/out/node/entry.js");
const ready = join(home, `ready-${version}-with-typescript`);

/** Settings that keep the editor from asking, fetching and advertising. */
const quietSettings = {
  "chat.disableAIFeatures": true,
  "editor.hover.above": false,
  "editor.tabSize": 8,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/**
 * Installs code-server if it is not there yet: some 800 MB, about a minute. Its install scripts would compile modules
 * that an editor in a browser does not need, so that none of them is run.
 */
export function setUpCodeServer(log: (line: string) => void): void {
  if (existsSync(ready)) return;
  log(`Setting up code-server ${version} in .cache/ (once, about a minute) …`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, "package.json"),
    JSON.stringify({ private: true, dependencies: { "code-server": version } }),
  );
  const install = (folder: string, ...args: string[]) =>
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...args], {
      cwd: folder,
      shell: process.platform === "win32",
      stdio: ["ignore", "ignore", "inherit"],
      timeout: 900_000,
      // npm hands its own settings down to the npm it starts; `npm ci --omit=…` of a person is not meant for this one.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
    });
  install(home);
  const editor = join(home, "node_modules/code-server/lib/vscode");
  install(editor, "--omit=dev");
  // TypeScript's own server, which completes and checks drivers.
  install(join(editor, "extensions"), "--omit=dev");
  writeFileSync(ready, "");
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

export interface EditorOptions {
  /** Holds the editor's profile and extensions; made if it is not there. */
  readonly profile: string;
  readonly vsix: string;
  /** The folder to open. */
  readonly workspace: string;
  /** A file to open in it. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly port?: number;
}

export interface RunningEditor {
  readonly url: string;
  /** What the server has printed so far. */
  readonly output: () => string;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export async function startEditor(options: EditorOptions): Promise<RunningEditor> {
  const { profile, workspace } = options;
  mkdirSync(join(profile, "data/User"), { recursive: true });
  mkdirSync(join(profile, "home"), { recursive: true });
  writeFileSync(join(profile, "config.yaml"), "");
  const settings = { ...quietSettings, ...options.settings };
  writeFileSync(join(profile, "data/User/settings.json"), JSON.stringify(settings, null, 2));
  const folders = [
    ...["--config", join(profile, "config.yaml"), "--user-data-dir", join(profile, "data")],
    ...["--extensions-dir", join(profile, "extensions")],
  ];
  const env = { ...process.env, HOME: join(profile, "home"), EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  const install = [entry, ...folders, "--install-extension", options.vsix, "--force"];
  const installed = spawnSync(process.execPath, install, { env, encoding: "utf8", timeout: 120_000 });
  if (installed.status !== 0) throw new Error(`code-server did not install ${options.vsix}:\n${installed.stderr}`);

  const port = options.port ?? (await freePort());
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const server = spawn(
    process.execPath,
    [
      entry,
      ...folders,
      ...quiet,
      "--disable-getting-started-override",
      "--auth",
      "none",
      "--bind-addr",
      `127.0.0.1:${port}`,
    ],
    { env, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<void>((done) => server.once("exit", () => done()));
  const stop = () => end(server, exited);
  await answers(`http://127.0.0.1:${port}/healthz`, server, () => output).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url: address(port, workspace, options.file), output: () => output, exited, stop };
}

function address(port: number, workspace: string, file: string | undefined): string {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set("folder", workspace);
  if (file !== undefined) {
    url.searchParams.set("payload", JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${file}`]]));
  }
  return url.href;
}

async function answers(url: string, server: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const found = await fetch(url).catch(() => undefined);
    if (found?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`code-server did not answer within 60 s:\n${output()}`);
}

/** Asks first: code-server then ends its own children, the extension hosts, as well. */
async function end(server: ChildProcess, exited: Promise<void>): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill("SIGTERM");
  const forced = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(forced);
}
