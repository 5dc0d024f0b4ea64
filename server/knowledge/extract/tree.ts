// An unpacked kernel tree: its version, and which of its files say what.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface KernelTree {
  readonly root: string;
  /** `6.12.117`. */
  readonly version: string;
  /** Headers and sources whose declarations are read, sorted. */
  readonly declaring: readonly string[];
  /** Driver sources in which uses are counted, sorted. */
  readonly using: readonly string[];
}

/** Thrown with a text for people: what is wrong with the folder and what to do. */
export class NoKernelTree extends Error {}

export function openTree(root: string): KernelTree {
  const makefile = join(root, "Makefile");
  const advice =
    "Name the top folder of an unpacked kernel source, e.g. of Debian's linux-source-6.12 after `tar -xf linux-source-6.12.tar.xz`.";
  if (!existsSync(root)) throw new NoKernelTree(`${root} does not exist. ${advice}`);
  if (
    !existsSync(makefile) ||
    !existsSync(join(root, "include/linux/kernel.h")) ||
    !existsSync(join(root, "drivers"))
  ) {
    throw new NoKernelTree(`${root} is not a kernel tree: it lacks a Makefile, include/linux/ or drivers/. ${advice}`);
  }
  const version = versionIn(readFileSync(makefile, "utf8"));
  if (version === undefined) throw new NoKernelTree(`${makefile} names no VERSION and PATCHLEVEL. ${advice}`);
  return { root, version, declaring: declaringFiles(root), using: usingFiles(root) };
}

/** `VERSION = 6`, `PATCHLEVEL = 12`, `SUBLEVEL = 117` of a kernel's Makefile as `6.12.117`. */
export function versionIn(makefile: string): string | undefined {
  const [version, patch, sub] = ["VERSION", "PATCHLEVEL", "SUBLEVEL"].map(
    (name) => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\d+)`, "m").exec(makefile)?.[1],
  );
  return version === undefined || patch === undefined ? undefined : `${version}.${patch}.${sub ?? 0}`;
}

const headerFolders = ["include", "arch/x86/include"];
/** All sources are read: their functions are what exported ones call. */
const coreFolders = ["kernel", "mm", "lib", "fs", "block", "drivers/base", "net/core", "ipc", "init", "io_uring"];
/** Only sources that export something are read. */
const exportingFolders = ["net", "crypto", "security", "virt", "drivers", "sound"];
const archFolders = ["arch/x86/kernel", "arch/x86/lib", "arch/x86/mm", "arch/x86/pci", "arch/x86/crypto"];

/** Definitions for configurations other than the usual one, and data. */
const leftOut =
  /^include\/(?:dt-bindings|generated|asm-generic\/vdso)\/|^mm\/(?:nommu|slob|slab)\.c$|^kernel\/up\.c$|^kernel\/rcu\/(?:tiny|srcutiny)\.c$|^kernel\/locking\/(?:spinlock_rt|ww_rt_mutex|rwbase_rt)\.c$|^include\/linux\/(?:rwlock|spinlock)_rt\.h$|^include\/linux\/(?:rwlock|spinlock)_api_up\.h$|\/(?:tests?|kunit|selftests?|testing)\/|_(?:test|kunit)\.c$|^lib\/test_|^arch\/x86\/include\/asm\/xen\/interface|^arch\/x86\/.*_32\.[cSh]$/;

function declaringFiles(root: string): string[] {
  const headers = headerFolders.flatMap((folder) => filesBelow(root, folder, /\.h$/));
  const core = coreFolders.flatMap((folder) => filesBelow(root, folder, /\.c$/));
  const exporting = [
    ...exportingFolders.flatMap((folder) => filesBelow(root, folder, /\.c$/)),
    ...archFolders.flatMap((folder) => filesBelow(root, folder, /\.[cS]$/)),
  ].filter((path) => readFileSync(join(root, path), "latin1").includes("EXPORT_SYMBOL"));
  return [...new Set([...headers, ...core, ...exporting])].filter((path) => !leftOut.test(path)).sort();
}

function usingFiles(root: string): string[] {
  return ["drivers", "sound"].flatMap((folder) => filesBelow(root, folder, /\.c$/)).sort();
}

function filesBelow(root: string, folder: string, name: RegExp): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) visit(inner);
      else if (entry.isFile() && name.test(entry.name)) found.push(inner);
    }
  };
  if (existsSync(join(root, folder))) visit(folder);
  return found;
}
