// `gotoTargets`: the statements of a line at which the innermost call of whoever stopped can go on instead of its own.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { statementsOn } from "../../control/obstacles.ts";
import type { Debuggee } from "../debuggee.ts";
import { textOf } from "../statements.ts";
import { cannotJump, obstacleIn } from "./goto.ts";
import { fileOf } from "./set-breakpoints.ts";

/** A line of which no statement will do is refused with the reason; one without statements has no targets. */
export function gotoTargets(
  debuggee: Debuggee,
  { source, line }: DebugProtocol.GotoTargetsArguments,
): DebugProtocol.GotoTargetsResponse["body"] {
  const { programs } = debuggee.still;
  const task = debuggee.topShown()?.thread.task;
  const sites = statementsOn(programs, fileOf(debuggee, source), line);
  if (task === undefined || sites.length === 0) return { targets: [] };
  const obstacles = sites.map((site) => obstacleIn(debuggee, task, site));
  const reachable = sites.filter((_, index) => obstacles[index] === undefined);
  if (reachable.length === 0) throw cannotJump(line, obstacles[0]!);
  return {
    targets: reachable.map((site) => ({
      id: debuggee.handles.addSite(site),
      label: textOf(debuggee.sources, site),
      line: site.line,
      column: site.column,
      endLine: site.endLine,
      endColumn: site.endColumn,
      instructionPointerReference: debuggee.statements.referenceOf(site)!,
    })),
  };
}
