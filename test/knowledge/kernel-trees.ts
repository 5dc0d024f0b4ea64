// The kernel trees that facts are held against; `npm run kernel` fetches the sources that Debian packs and unpacks them.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface KernelTree {
  /** `6.12`. */
  readonly release: string;
  /** `6.12.117`, as its Makefile says. */
  readonly version: string;
  readonly folder: string;
}

/** The versions of which the facts are, by release. Debian has later ones of the same release, which differ by lines. */
export const factVersions: Readonly<Record<string, string>> = { "6.1": "6.1.192", "6.12": "6.12.117" };

const home = join(import.meta.dirname, "../../.cache/kernel");

/** The unpacked sources of a release, when they are there. */
export function kernelTree(release: string): KernelTree | undefined {
  const folder = join(home, `linux-source-${release}`);
  const makefile = join(folder, "Makefile");
  if (!existsSync(makefile)) return undefined;
  const text = readFileSync(makefile, "utf8");
  const part = (name: string) => new RegExp(`^${name} = (\\d+)$`, "m").exec(text)?.[1];
  return { release, version: `${part("VERSION")}.${part("PATCHLEVEL")}.${part("SUBLEVEL")}`, folder };
}

/** What a test needs of a release. Without a tree it says that it was not run; where CI is set, that is a failure. */
export function treeForTests(release: string): KernelTree | undefined {
  const tree = kernelTree(release);
  if (tree !== undefined) return tree;
  if (process.env.CI) throw new Error(`No sources of Linux ${release} in .cache/kernel, and CI must test with them`);
  process.stderr.write(
    `No sources of Linux ${release}: tests that open them were not run (npm run kernel gets them).\n`,
  );
  return undefined;
}

/** Fetches and unpacks what is missing, some 1.6 GB a release. Throws with what is to be done when it cannot. */
async function setUp(release: string, version: string, say: (line: string) => void): Promise<void> {
  const name = `linux-source-${release}`;
  const present = kernelTree(release);
  if (present !== undefined) {
    say(`${name}: ${present.version} is there`);
    return;
  }
  const work = join(home, `${name}.part`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const wanted = await packageOf(name, version);
    say(`${name}: fetching ${wanted}, some 150 MB`);
    // Without a user of its own for the download, apt needs no folder that this user can write.
    await run(work, "apt-get", ["-q", "-o", "APT::Sandbox::User=root", "download", wanted]);
    const archive = readdirSync(work).find((file) => file.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get download ${wanted} brought no package`);
    say(`${name}: unpacking`);
    await run(work, "dpkg-deb", ["-x", archive, "."]);
    await run(work, "tar", ["-I", "xz -T0", "-xf", `usr/src/${name}.tar.xz`]);
    renameSync(join(work, name), join(home, name));
    say(`${name}: ${kernelTree(release)?.version} is in .cache/kernel`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The package of the very version of the facts, where apt still offers it; otherwise the newest. */
async function packageOf(name: string, version: string): Promise<string> {
  const offered = await run(home, "apt-cache", ["madison", name]).catch(() => "");
  const exact = offered
    .split("\n")
    .map((line) => line.split("|")[1]?.trim() ?? "")
    .find((each) => each.startsWith(`${version}-`));
  return exact === undefined ? name : `${name}=${exact}`;
}

/** The standard output. Throws with what the program said when it fails. */
function run(cwd: string, program: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let complaint = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (complaint += data));
    child.on("error", () => fail(new Error(`${program} is not on this machine`)));
    child.on("close", (status) => {
      if (status === 0) done(out);
      else fail(new Error(`${program} ${args.join(" ")}: ${complaint.trim() || `exit status ${status}`}`));
    });
  });
}

if (import.meta.main) {
  mkdirSync(home, { recursive: true });
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const wanted = Object.entries(factVersions);
  const ended = await Promise.allSettled(wanted.map(([release, version]) => setUp(release, version, say)));
  ended.forEach((each, i) => {
    if (each.status === "fulfilled") return;
    say(`Linux ${wanted[i]?.[0]}: ${each.reason instanceof Error ? each.reason.message : String(each.reason)}`);
    process.exitCode = 1;
  });
  if (process.exitCode === 1) {
    say(
      "The sources come from Debian's packages linux-source-VERSION, by apt-get (`apt-get update` renews its lists).\n" +
        "Elsewhere, unpack the same release from kernel.org as .cache/kernel/linux-source-VERSION.",
    );
  }
}
