// Files of the simulated machine as the console reads them: without running any driver.
import type { Debuggee } from "../debuggee.ts";

export type ConsolePath =
  | { readonly kind: "text"; readonly text: string }
  /** A driver writes it whenever it is read. */
  | { readonly kind: "driver" | "directory" | "none" };

const NONE: ConsolePath = { kind: "none" };

export function kernelText(debuggee: Debuggee, path: string): ConsolePath {
  const { kernel } = debuggee.still;
  const [, mount, rest = ""] = /^\/(proc|sys|dev)\/(.+)$/.exec(path) ?? [];
  if (listOf(debuggee, path) !== undefined) return { kind: "directory" };
  const [parent, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
  if (mount === "proc") {
    const text = kernel.proc.textOf(rest);
    if (text !== undefined) return { kind: "text", text };
  }
  if (mount === "sys") {
    const parameter = parameterOf(debuggee, rest);
    if (parameter !== undefined) return { kind: "text", text: parameter };
  }
  return listOf(debuggee, parent)?.includes(name) ? { kind: "driver" } : NONE;
}

/** The names in a directory, those of directories with a slash behind them. */
export function listOf(debuggee: Debuggee, path: string): readonly string[] | undefined {
  const { kernel } = debuggee.still;
  const names = path.split("/").filter((one) => one !== "");
  const [mount, ...rest] = names;
  switch (mount) {
    case undefined:
      return ["dev/", "proc/", "sys/"];
    case "dev":
      return rest.length === 0 ? kernel.chardevs.all.map(({ name }) => name) : undefined;
    case "proc":
      return kernel.proc.list(rest.join("/"));
    case "sys":
      return sysfsNames(debuggee, rest);
    default:
      return undefined;
  }
}

function sysfsNames(debuggee: Debuggee, path: readonly string[]): readonly string[] | undefined {
  const { kernel } = debuggee.still;
  const own = moduleNames(debuggee, path);
  let at: (typeof kernel.sysfs)["root"] | undefined = kernel.sysfs.root;
  for (const name of path) at = at?.directories.get(name);
  if (at === undefined) return own;
  const found = [...[...at.directories.keys()].map((name) => `${name}/`), ...at.files.keys()];
  return [...new Set([...found, ...(own ?? [])])];
}

/** /sys/module/NAME/parameters, which are no files of a directory. */
function moduleNames({ still: { kernel } }: Debuggee, [top, module, parameters, ...rest]: readonly string[]) {
  const { all } = kernel.modules;
  if (top === undefined) return all.length > 0 ? ["module/"] : undefined;
  if (top !== "module" || rest.length > 0) return undefined;
  if (module === undefined) return all.map(({ name }) => `${name}/`);
  if (!all.some(({ name }) => name === module)) return undefined;
  if (parameters === undefined) return ["parameters/"];
  return parameters === "parameters"
    ? kernel.params
        .of(module)
        .filter(({ perm }) => perm !== 0)
        .map(({ name }) => name)
    : undefined;
}

/** A parameter that no function of the driver shows. */
function parameterOf({ still: { kernel } }: Debuggee, path: string): string | undefined {
  const [, module = "", name] = /^module\/([^/]+)\/parameters\/([^/]+)$/.exec(path) ?? [];
  const found = kernel.params.of(module).find((one) => one.name === name && one.perm !== 0);
  if (found === undefined || found.type === "cb" || found.array !== undefined) return undefined;
  return kernel.params.show(found.type, found.address);
}
