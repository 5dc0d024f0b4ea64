// `npm run vscode`: opens a VS Code with the extension and the example drivers, the installed one or else code-server.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { cache, root, setUpCodeServer, startEditor } from "./code-server.ts";

const examples = join(root, "server/examples");
const say = (line: string) => process.stdout.write(`${line}\n`);
const shell = process.platform === "win32";
const npm = (script: string) =>
  execFileSync("npm", ["run", "--silent", script], { cwd: root, shell, stdio: "inherit" });

if (spawnSync("code", ["--version"], { shell }).status === 0) {
  npm("build");
  execFileSync("code", ["--new-window", `--extensionDevelopmentPath=${root}`, examples], { shell, stdio: "inherit" });
} else {
  npm("package");
  setUpCodeServer(say);
  const port = process.env.PORT === undefined ? {} : { port: Number(process.env.PORT) };
  const editor = await startEditor({
    ...port,
    profile: join(cache, "profile"),
    vsix: join(root, "driverlab.vsix"),
    workspace: examples,
  });
  say(`VS Code is ready: ${editor.url}\nCtrl+C ends it.`);
  process.once("SIGINT", () => void editor.stop());
  process.once("SIGTERM", () => void editor.stop());
  await editor.exited;
}
