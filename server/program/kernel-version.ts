// For which kernel a file is written: what its own tree, its Makefile or the machine say.
import { compareVersions, parseRelease } from "../knowledge/versions.ts";
import type { Host } from "../text/host.ts";

export interface KernelVersion {
  /** `6.12`. */
  readonly release: string;
  /** Where that was found: `Makefile` of a path, or a folder of /lib/modules. */
  readonly from: string;
}

/** The Makefile of an external module lies beside its files, or a few folders above. */
const LEVELS = 4;

/**
 * Looks in this order, and stops at the first answer: the top Makefile of the kernel tree that the file lies in; the
 * kernel folder that a Makefile beside or above the file names as an absolute path (`KDIR ?= /usr/src/linux`); the
 * running kernel, where such a Makefile asks for it (`uname -r`) and its headers are installed; the newest kernel below
 * /lib/modules of which headers are installed, where a Makefile builds modules at all. Undefined: nothing says it, and
 * the newest kernel known is as good as any. `path` is absolute, or empty for text that was never saved.
 */
export function kernelVersion(path: string, host: Host): KernelVersion | undefined {
  const folders = path.split("/").slice(0, -1);
  const makefiles: string[] = [];
  for (let depth = folders.length; depth > 0; depth--) {
    const folder = folders.slice(0, depth).join("/");
    const makefile = host.read(`${folder}/Makefile`);
    if (makefile === undefined) continue;
    const own = releaseOfTree(makefile);
    if (own !== undefined) return { release: own, from: `${folder}/Makefile` };
    if (folders.length - depth < LEVELS) makefiles.push(makefile, host.read(`${folder}/Kbuild`) ?? "");
  }
  for (const makefile of makefiles) {
    const found = named(makefile, host);
    if (found !== undefined) return found;
  }
  return makefiles.some((makefile) => /\bobj-[my]\b/.test(makefile)) ? newestInstalled(host) : undefined;
}

/** The release that the top Makefile of a kernel tree names in its first lines. */
function releaseOfTree(makefile: string): string | undefined {
  const head = makefile.slice(0, 1000);
  const major = /^VERSION = (\d+)$/m.exec(head)?.[1];
  const minor = /^PATCHLEVEL = (\d+)$/m.exec(head)?.[1];
  return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}

function named(makefile: string, host: Host): KernelVersion | undefined {
  for (const [, folder] of makefile.matchAll(/^\s*(?:export\s+)?\w+\s*[:?]?=\s*(\/[\w./+-]+)\s*$/gm)) {
    const found = ofFolder(folder ?? "", host);
    if (found !== undefined) return found;
  }
  if (!/\buname -r\b/.test(makefile)) return undefined;
  const running = host.read("/proc/sys/kernel/osrelease")?.trim();
  return running === undefined ? undefined : installed(running, host);
}

/** A folder that has a kernel's Makefile, or the release among its names: `/usr/src/linux-headers-6.1.0-18-amd64`. */
function ofFolder(folder: string, host: Host): KernelVersion | undefined {
  const own = releaseOfTree(host.read(`${folder}/Makefile`) ?? "");
  if (own !== undefined) return { release: own, from: `${folder}/Makefile` };
  const name = /^\/lib\/modules\/([^/]+)\/build$|^\/usr\/src\/linux-(?:headers-)?([^/]+)$/.exec(folder);
  const release = parseRelease(name?.[1] ?? name?.[2] ?? "");
  return release === undefined ? undefined : { release, from: folder };
}

function newestInstalled(host: Host): KernelVersion | undefined {
  const all = host.list("/lib/modules").flatMap((name) => installed(name, host) ?? []);
  return all.sort((a, b) => compareVersions(b.release, a.release))[0];
}

/** A kernel of which the headers to build modules with are there. */
function installed(name: string, host: Host): KernelVersion | undefined {
  const release = parseRelease(name);
  const folder = `/lib/modules/${name}/build`;
  return release === undefined || host.list(folder).length === 0 ? undefined : { release, from: folder };
}
