// Which files Kbuild links with a file into one module, or what driverlab.json says instead.
import type { Host } from "../text/host.ts";
import { type Makefile, readMakefile, resolvePath } from "./makefile.ts";

/** How far up a Makefile may name objects of folders below it (`core/foo.o`). */
const LEVELS = 4;

/** Larger modules are known by the files nearest to the one that is checked. */
const FILES = 160;

const NESTING = 4;

/** Paths of the other C files of the module, those of the same folder first; empty for a file that is a module alone. */
export function moduleFiles(path: string, host: Host): readonly string[] {
  const own = folderOf(path);
  const files = new Set(namedTogether(path, host) ?? builtTogether(path, host));
  files.delete(path);
  const near = (file: string): number => (folderOf(file) === own ? 0 : 1);
  return [...files].sort((a, b) => near(a) - near(b) || (a < b ? -1 : 1)).slice(0, FILES);
}

/** `{"modules": {"foo": ["foo_main.c", "foo_hw.c"]}}` in a driverlab.json of the file's folder or one above. */
function namedTogether(path: string, host: Host): readonly string[] | undefined {
  let folder = folderOf(path);
  for (let level = 0; level <= LEVELS && folder !== ""; level++, folder = folderOf(folder)) {
    const text = host.read(`${folder}/driverlab.json`);
    for (const names of text === undefined ? [] : modulesIn(text)) {
      const files = names.map((name) => resolvePath(folder, name));
      if (files.includes(path)) return files;
    }
  }
  return undefined;
}

function modulesIn(text: string): readonly (readonly string[])[] {
  try {
    const { modules }: { modules?: unknown } = Object(JSON.parse(text));
    return Object.values(Object(modules)).flatMap((files) =>
      Array.isArray(files) ? [files.filter((file) => typeof file === "string")] : [],
    );
  } catch {
    // A file that is being written.
    return [];
  }
}

function builtTogether(path: string, host: Host): readonly string[] {
  const files: string[] = [];
  let folder = folderOf(path);
  for (let level = 0; level <= LEVELS && folder !== ""; level++, folder = folderOf(folder)) {
    const makefile = readMakefile(folder, host);
    if (makefile === undefined) continue;
    const object = path.slice(folder.length + 1).replace(/\.c$/, ".o");
    for (const objects of linked(makefile)) {
      if (!objects.has(object)) continue;
      for (const each of objects) files.push(resolvePath(folder, each.replace(/\.o$/, ".c")));
    }
    // A folder that is linked as a whole, and a module: the nearest Makefile that names the object says it all.
    if (files.length > 0) return files;
  }
  return files;
}

/** The objects of each module of a Makefile, and of what it links into the kernel. */
function linked(makefile: Makefile): readonly ReadonlySet<string>[] {
  let known = modules.get(makefile);
  if (known === undefined) {
    known = linkedIn(makefile);
    modules.set(makefile, known);
  }
  return known;
}

const modules = new WeakMap<Makefile, readonly ReadonlySet<string>[]>();

function linkedIn(makefile: Makefile): readonly ReadonlySet<string>[] {
  const parts = new Map<string, string[]>();
  for (const name of makefile.names) {
    const match = /^([\w.+/-]+)-(y|m|objs|\$\([\w-]+\))$/.exec(name);
    if (match === null || match[1] === "obj" || /^(subdir-)?(ccflags|asflags|ldflags)$/.test(match[1]!)) continue;
    const words = makefile.words(name).filter((word) => /^[\w./+-]+\.o$/.test(word));
    const known = parts.get(match[1]!);
    if (known === undefined) parts.set(match[1]!, [...words]);
    else known.push(...words);
  }
  const whole = (object: string, depth: number): readonly string[] => {
    const inner = depth < NESTING ? parts.get(object.replace(/\.o$/, "")) : undefined;
    // `foo-y := foo.o bar.o` names the module and its first part alike.
    return inner === undefined
      ? [object]
      : inner.flatMap((each) => (each === object ? [each] : whole(each, depth + 1)));
  };
  const inner = new Set([...parts.values()].flat());
  const modules = [...parts.keys()].filter((name) => !inner.has(`${name}.o`) || parts.get(name)!.includes(`${name}.o`));
  const builtIn = makefile.words("obj-y").filter((word) => /^[\w./+-]+\.o$/.test(word));
  return [builtIn, ...modules.map((name) => [`${name}.o`])].map(
    (objects) => new Set(objects.flatMap((each) => whole(each, 0))),
  );
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
