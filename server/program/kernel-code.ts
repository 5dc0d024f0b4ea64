// What counts as kernel code: everything else is met with silence.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { ParsedFile } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { kbuildFacts } from "./kbuild.ts";

/** Why the file is no kernel code, or undefined when it is built for the kernel or shows that it is meant to be. */
export function whyNotKernel(file: ParsedFile, knowledge: Knowledge, host: Host): string | undefined {
  const kbuild = kbuildFacts(file.path, host);
  if (kbuild.hostProgram) return "it is built as a program that runs on the build machine, not in the kernel";
  if (kbuild.builtForKernel) return undefined;
  const { unit } = file;
  if (unit.fileMacros.some((each) => MODULE_MACROS.has(each.name))) return undefined;
  const kernelHeader = unit.includes.some(
    (each) =>
      /^(linux|asm)\//.test(each.path) && (knowledge.uapiHeader(each.path) === undefined || IN_PRACTICE.has(each.path)),
  );
  if (kernelHeader) return undefined;
  return "no Kbuild builds it for the kernel, it includes no kernel header and has no module macro";
}

/** Headers that user space has by name too (include/uapi/linux), but that only kernel code includes. */
const IN_PRACTICE: ReadonlySet<string> = new Set(["linux/kernel.h", "linux/module.h"]);

/** Macros of include/linux/module.h and init.h that only kernel code has. */
const MODULE_MACROS: ReadonlySet<string> = new Set([
  "MODULE_LICENSE",
  "MODULE_AUTHOR",
  "MODULE_DESCRIPTION",
  "MODULE_DEVICE_TABLE",
  "module_init",
  "module_exit",
  "EXPORT_SYMBOL",
  "EXPORT_SYMBOL_GPL",
]);
