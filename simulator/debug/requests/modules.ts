// `modules`: what is loaded into the kernel, with its addresses, users and licence.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../../engine/interfaces.ts";
import type { Debuggee } from "../debuggee.ts";

/** Columns beyond those of the protocol, in the order in which they are shown. */
export const moduleColumns: readonly DebugProtocol.ColumnDescriptor[] = [
  { attributeName: "state", label: "State", type: "string" },
  { attributeName: "references", label: "Used by", type: "number" },
  { attributeName: "license", label: "License", type: "string" },
  { attributeName: "parameters", label: "Parameters", type: "string" },
];

export function modules(
  debuggee: Debuggee,
  { startModule = 0, moduleCount = 0 }: DebugProtocol.ModulesArguments,
): DebugProtocol.ModulesResponse["body"] {
  const { kernel } = debuggee.still;
  const all = kernel.modules.all.map(({ name, address, image, state, references, info }) => {
    const path = image.program.sites[0]?.file;
    const version = info.get("version");
    const parameters = kernel.params.of(name).map((one) => one.name);
    return {
      id: name,
      name,
      ...(path === undefined ? {} : { path }),
      isUserCode: true,
      ...(version === undefined ? {} : { version }),
      symbolStatus: "Statements and variables are known.",
      addressRange: `0x${hex(address)}`,
      state,
      references,
      license: info.get("license") ?? "unspecified",
      parameters: parameters.join(", "),
    };
  });
  const end = moduleCount > 0 ? startModule + moduleCount : all.length;
  return { modules: all.slice(startModule, end), totalModules: all.length };
}
