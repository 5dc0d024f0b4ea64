// Which statements a call that stands still can go on at instead of its own, and why not at others.
import type { Program, Site } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { siteFor } from "./breakpoints.ts";

/** Why the innermost call of a task cannot go on at a statement; undefined when it can. */
export function obstacleTo(task: Task, to: Site): string | undefined {
  const activation = task.layers.at(-1)?.activation;
  if (activation?.isAtStatement !== true) {
    const words = task.waitingOn?.words;
    if (words !== undefined) return `${task.name} ${task.id} waits for ${words}`;
    return `${task.name} ${task.id} stands before no statement of the driver`;
  }
  const frame = activation.frames()[0];
  return frame?.obstacle === undefined ? "this program cannot be jumped in" : frame.obstacle(to);
}

/** The statements that begin on a line, in their order, or else the one that the line is a part of. */
export function statementsOn(programs: readonly Program[], file: string, line: number): readonly Site[] {
  const sites = programs.flatMap((program) => program.sites).filter((site) => site.file === file && site.line === line);
  if (sites.length > 0) return sites.sort((a, b) => a.column - b.column);
  const around = siteFor(programs, file, line);
  return around !== undefined && around.line < line ? [around] : [];
}
