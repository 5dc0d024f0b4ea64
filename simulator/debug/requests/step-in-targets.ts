// `stepInTargets`: the driver's functions that the line of a frame calls, one of which a step may lead into.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "../debuggee.ts";
import { textOf } from "../statements.ts";

export function stepInTargets(
  debuggee: Debuggee,
  { frameId }: DebugProtocol.StepInTargetsArguments,
): DebugProtocol.StepInTargetsResponse["body"] {
  const { frame } = debuggee.handles.frame(frameId);
  if (frame === undefined) return { targets: [] };
  const { site } = frame;
  const text = textOf(debuggee.sources, site, Number.MAX_SAFE_INTEGER);
  const known = new Set(debuggee.statements.all.map((statement) => statement.site.fn));
  const called = [...text.matchAll(/\b([A-Za-z_$][\w$]*)\s*\(/g)].flatMap(([, name]) =>
    known.has(name!) ? [name!] : [],
  );
  // Calls nest from the inside: the arguments of a call run before it.
  return {
    targets: [...new Set(called)].map((fn) => ({
      id: debuggee.handles.addTarget(fn),
      label: `${fn}()`,
      line: site.line,
      column: site.column,
      endLine: site.endLine,
      endColumn: site.endColumn,
    })),
  };
}
