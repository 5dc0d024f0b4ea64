// The driver's own headers: what a file includes from its folder and from the folders its Makefile names.
import type { ParsedFile } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { kernelTree, readMakefile, resolvePath } from "./makefile.ts";
import type { Readings } from "./readings.ts";

/** Bounds for one file: what lies beyond them is not read, and what it declares is not known. */
const HEADERS = 48;
const CHARACTERS = 320 << 10;
const LONGEST = 128 << 10;
const DEPTH = 8;

/** How far up a Makefile may set flags for the folders below it (subdir-ccflags-y). */
const LEVELS = 6;

/** Headers nearest to the file first; each once, however often and from where it is included. */
export function readHeaders(file: ParsedFile, readings: Readings, host: Host): readonly ParsedFile[] {
  if (file.path === "") return [];
  const folders = includeFolders(file.path, host);
  const found: ParsedFile[] = [];
  const met = new Set([file.path]);
  const absent = new Set<string>();
  const contents = new Map<string, ReadonlySet<string>>();
  // Looking into a list is cheaper than failing to open a file for every folder and every header.
  const holds = (folder: string, path: string): boolean => {
    const names = contents.get(folder) ?? new Set(host.list(folder));
    contents.set(folder, names);
    const first = path.split("/", 1)[0]!;
    return first.startsWith(".") || names.has(first);
  };
  let left = CHARACTERS;
  const open = (path: string): ParsedFile | undefined => {
    const header = found.length >= HEADERS ? undefined : readings.read(host, path, Math.min(LONGEST, left));
    left -= header?.text.length ?? 0;
    return header;
  };
  let nearest: readonly ParsedFile[] = [file];
  for (let depth = 0; depth < DEPTH && nearest.length > 0; depth++) {
    const next: ParsedFile[] = [];
    for (const from of nearest) {
      for (const { path, system } of from.unit.includes) {
        if (!path.endsWith(".h")) continue;
        const beside = system ? [] : [folderOf(from.path)];
        for (const folder of [...beside, ...folders]) {
          if (!holds(folder, path)) continue;
          const place = resolvePath(folder, path);
          if (met.has(place)) break;
          if (absent.has(place)) continue;
          const header = open(place);
          if (header === undefined) {
            absent.add(place);
            continue;
          }
          met.add(place);
          found.push(header);
          next.push(header);
          break;
        }
      }
    }
    nearest = next;
  }
  return found;
}

/** What `-I` names in the flags for the file, as far as it belongs to drivers: the kernel's own headers are not read. */
function includeFolders(path: string, host: Host): readonly string[] {
  const own = folderOf(path);
  const object = path.slice(own.length + 1).replace(/\.c$/, ".o");
  const folders: string[] = [];
  let folder = own;
  for (let level = 0; level < LEVELS && folder !== ""; level++, folder = folderOf(folder)) {
    const makefile = readMakefile(folder, host);
    if (makefile === undefined || !makefile.text.includes("-I")) continue;
    for (const name of makefile.names) {
      const counts =
        /^subdir-ccflags-/.test(name) ||
        (level === 0 && (/^(ccflags-|EXTRA_CFLAGS$)/.test(name) || name === `CFLAGS_${object}`));
      if (!counts) continue;
      const flags = makefile.words(name).join(" ");
      for (const match of flags.matchAll(/(?:^|\s)-I\s*(\S+)/g)) {
        const named = match[1]!;
        const base = named.startsWith("/") ? "" : (kernelTree(folder, host) ?? folder);
        const place = resolvePath(base, named);
        if (
          !/\/(arch\/\w+\/include|include)(\/(uapi|generated|linux|asm).*)?$/.test(place) ||
          !isKernelTree(place, host)
        )
          if (!folders.includes(place)) folders.push(place);
      }
    }
  }
  return folders;
}

/** Whether a folder of headers lies at the root of a kernel tree: `include`, `arch/x86/include`. */
function isKernelTree(place: string, host: Host): boolean {
  const tree = kernelTree(place, host);
  return tree !== undefined && /^\/(include|arch)(\/|$)/.test(place.slice(tree.length));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
