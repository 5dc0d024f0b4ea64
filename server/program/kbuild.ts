// What the Makefile or Kbuild beside a file says about how the file is built.
import type { Host } from "../text/host.ts";

export interface KbuildFacts {
  /** Named as an object of the kernel or of a module. */
  readonly builtForKernel: boolean;
  /** Named under hostprogs or userprogs, or lies in a kernel tree's tools/ or scripts/. */
  readonly hostProgram: boolean;
  /** Compiled with the flags that allow floating point (CC_FLAGS_FPU). */
  readonly floatAllowed: boolean;
}

export function kbuildFacts(path: string, host: Host): KbuildFacts {
  const slash = path.lastIndexOf("/");
  const folder = slash < 0 ? "" : path.slice(0, slash);
  const stem = path.slice(slash + 1).replace(/\.[ch]$/, "");
  const own = makefile(folder, host);
  const object = new RegExp(`(^|[\\s=/])${escaped(stem)}\\.o(\\s|$|\\\\)`, "m");
  const lines = own.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  const named = (line: string): boolean => new RegExp(`(^|[\\s=])${escaped(stem)}(\\s|$)`).test(line);
  const hostProgram =
    lines.some((line) => /^\s*(always-)?(hostprogs|userprogs|TEST_GEN_PROGS)\b/.test(line) && named(line)) ||
    inTreeTools(folder, host);
  const builtForKernel = lines.some((line) => /^\s*(obj-|lib-|[\w$()/.-]+-(objs|y|m|\$\())/.test(line) && object.test(line));
  return { builtForKernel, hostProgram, floatAllowed: floatFlags(folder, host) };
}

function makefile(folder: string, host: Host): string {
  return host.read(`${folder}/Kbuild`) ?? host.read(`${folder}/Makefile`) ?? "";
}

/** CC_FLAGS_FPU is set for whole folders from a Makefile further up (drivers/gpu/drm/amd/display/dc/dml/Makefile). */
function floatFlags(folder: string, host: Host): boolean {
  let current = folder;
  for (let depth = 0; depth < 5 && current !== ""; depth++) {
    if (/CC_FLAGS_FPU|-mhard-float|-msse\b|-mfpu=/.test(makefile(current, host))) return true;
    current = current.slice(0, current.lastIndexOf("/"));
  }
  return false;
}

function inTreeTools(folder: string, host: Host): boolean {
  const match = /^(.*?)\/(tools|scripts|usr)(\/|$)/.exec(folder);
  return match !== null && host.read(`${match[1]}/MAINTAINERS`) !== undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
