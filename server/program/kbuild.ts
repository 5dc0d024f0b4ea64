// What the Makefile or Kbuild beside a file says about how the file is built.
import type { Host } from "../text/host.ts";
import { logicalLines } from "./makefile.ts";

export interface KbuildFacts {
  /** Named as an object of the kernel or of a module. */
  readonly builtForKernel: boolean;
  /** Named under hostprogs or userprogs, or lies in a kernel tree's tools/ or scripts/. */
  readonly hostProgram: boolean;
  /** Compiled with the flags that allow floating point (CC_FLAGS_FPU). */
  readonly floatAllowed: boolean;
}

/** How far up a Makefile may name objects in folders below it (`gt/intel_gt.o` of drivers/gpu/drm/i915). */
const LEVELS = 6;

export function kbuildFacts(path: string, host: Host): KbuildFacts {
  const parts = path.split("/");
  const stem = parts.pop()!.replace(/\.[ch]$/, "");
  const folder = parts.join("/");
  const lines = logicalLines(makefile(folder, host));
  const named = new RegExp(`(^|[\\s=])${escaped(stem)}(\\s|$)`);
  const hostProgram =
    lines.some((line) => /^\s*(always-)?(hostprogs|userprogs|TEST_GEN_PROGS)\b/.test(line) && named.test(line)) ||
    inTreeTools(folder, host);
  return { builtForKernel: namedAbove(parts, stem, host), hostProgram, floatAllowed: floatFlags(parts, host) };
}

function namedAbove(folders: readonly string[], stem: string, host: Host): boolean {
  let object = `${stem}.o`;
  for (let depth = folders.length; depth > Math.max(0, folders.length - LEVELS); depth--) {
    const text = makefile(folders.slice(0, depth).join("/"), host);
    // `$(addprefix $(DALPATH)/dc/opp/dcn20/, dcn20_opp.o)` names an object of a folder below by its last part only.
    const names = text.includes("$(addprefix") ? [object, `${stem}.o`] : [object];
    if (text !== "" && isKbuild(text) && names.some((name) => mentionsObject(text, name))) return true;
    object = `${folders[depth - 1]}/${object}`;
  }
  return false;
}

function mentionsObject(text: string, object: string): boolean {
  return new RegExp(`(^|[\\s=/)])${escaped(object)}(\\s|$|\\\\)`, "m").test(text);
}

/** A Makefile that lists objects for the kernel's own build, rather than one with rules of its own. */
function isKbuild(text: string): boolean {
  return /^\s*(obj-|lib-|ccflags-|subdir-ccflags-|[\w.-]+-(y|m|objs)\b|AMD_)|\$\(addprefix/m.test(text);
}

function makefile(folder: string, host: Host): string {
  return host.read(`${folder}/Kbuild`) ?? host.read(`${folder}/Makefile`) ?? "";
}

/** CC_FLAGS_FPU is set for whole folders from a Makefile further up (drivers/gpu/drm/amd/display/dc/dml/Makefile). */
function floatFlags(folders: readonly string[], host: Host): boolean {
  for (let depth = folders.length; depth > Math.max(0, folders.length - LEVELS); depth--)
    if (/CC_FLAGS_FPU|-mhard-float|-msse\b|-mfpu=/.test(makefile(folders.slice(0, depth).join("/"), host))) return true;
  return false;
}

function inTreeTools(folder: string, host: Host): boolean {
  const match = /^(.*?)\/(tools|scripts|usr)(\/|$)/.exec(folder);
  return match !== null && host.read(`${match[1]}/MAINTAINERS`) !== undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
