// Whether a file begins a module that has no MODULE_LICENSE in any of its files.
import type { FileMacro } from "../syntax/ast.ts";
import type { ParsedFile } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { readMakefile, resolvePath } from "./makefile.ts";
import { moduleFiles } from "./modules.ts";

/** How far up the Kconfig may stand that declares the option of a Makefile. */
const LEVELS = 3;

const LICENSE = /\bMODULE_LICENSE\s*\(|\bMODULE_INFO\s*\(\s*license\b/;

/**
 * The macro that makes the file the beginning or the end of a module, when none of the module's files states a licence;
 * undefined where the kernel's configuration only knows it as built in.
 */
export function unlicensed(file: ParsedFile, headers: readonly ParsedFile[], host: Host): FileMacro | undefined {
  const begins = file.unit.fileMacros.find(({ name }) => /^module_(init|exit|(\w+_)?driver(_probe)?)$/.test(name));
  if (begins === undefined) return undefined;
  const { path, text, unit } = file;
  if (LICENSE.test(text) || headers.some((each) => LICENSE.test(each.text))) return undefined;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const included = unit.includes.flatMap((each) => (each.path.endsWith(".c") ? [resolvePath(folder, each.path)] : []));
  for (const other of [...included, ...moduleFiles(path, host)]) {
    const known = host.read(other);
    // What cannot be read may have it.
    if (known === undefined || LICENSE.test(known)) return undefined;
  }
  return isBuiltIn(path, host) ? undefined : begins;
}

/** Its object is linked into the kernel, or depends on an option that cannot be `m`. */
export function isBuiltIn(path: string, host: Host): boolean {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const makefile = readMakefile(folder, host);
  if (makefile === undefined) return false;
  const stem = path.slice(folder.length + 1).replace(/\.c$/, "");
  const names = [...makefile.names];
  const option = (object: string, depth: number): string | undefined => {
    for (const name of names) {
      if (!makefile.words(name).includes(object)) continue;
      const kind = /^([\w.+-]+)-(y|m|objs|\$[({]CONFIG_\w+[)}])$/.exec(name);
      if (kind?.[1] === "obj") return kind[2];
      if (kind !== null && depth < 4 && `${kind[1]}.o` !== object) return option(`${kind[1]}.o`, depth + 1);
    }
    return undefined;
  };
  const by = option(`${stem}.o`, 0);
  if (by === undefined || by === "y") return by === "y";
  const symbol = /CONFIG_(\w+)/.exec(by)?.[1];
  return symbol !== undefined && isBool(symbol, folder, host);
}

/** Whether an option is never `m`; one that no Kconfig near the file declares belongs to an architecture. */
function isBool(symbol: string, from: string, host: Host): boolean {
  const declaration = new RegExp(`^(?:menu)?config ${symbol}\\n((?:[ \\t].*\\n|\\n|#.*\\n)*)`, "m");
  let read = false;
  let folder = from;
  for (let level = 0; level <= LEVELS && folder !== ""; level++, folder = folder.slice(0, folder.lastIndexOf("/"))) {
    for (const name of host.list(folder).filter((each) => each.startsWith("Kconfig"))) {
      read = true;
      const body = declaration.exec(host.read(`${folder}/${name}`) ?? "")?.[1];
      if (body !== undefined) return !/^\s+(def_)?tristate\b/m.test(body);
    }
  }
  return read;
}
