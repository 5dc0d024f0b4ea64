// `exceptionInfo`: the report at which the driver stopped, in the kernel's own words.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { noReport } from "../errors.ts";

export function exceptionInfo(debuggee: Debuggee): DebugProtocol.ExceptionInfoResponse["body"] {
  const { report } = debuggee;
  if (report === undefined) throw noReport();
  // The heading is shown above the details already.
  const details = report.lines[0] === report.title ? report.lines.slice(1) : report.lines;
  return {
    exceptionId: report.id,
    description: report.title,
    breakMode: "always",
    details: { typeName: report.id, message: report.title, stackTrace: details.join("\n") },
  };
}
