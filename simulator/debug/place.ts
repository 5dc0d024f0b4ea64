// Places in source files, as clients take them.
import type { Site } from "../engine/interfaces.ts";
import { framesOf, type Task } from "../engine/task.ts";
import type { Context, Moment } from "../engine/trace.ts";
import type { StackEntry } from "../kernel/events.ts";
import type { Place } from "../protocol.ts";

export function basename(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

export function placeOf(entry: StackEntry): Place {
  const { fn, site } = entry;
  return site === undefined ? { fn } : { fn, path: site.file, line: site.line };
}

export function placeOfSite(site: Site): Place {
  return { fn: site.fn, path: site.file, line: site.line };
}

/** The innermost statement of a driver on a stack. */
export function placeOnStack(stack: readonly StackEntry[]): Place | undefined {
  const entry = stack.find(({ site }) => site !== undefined);
  return entry && placeOf(entry);
}

/** The innermost statement of what runs in a context of a task, or of the process below it. */
export function placeInContext(task: Task, context: Context): Place | undefined {
  const found = framesOf(task).find((one) => one.context === context);
  return found && placeOfSite(found.frame.site);
}

/** The statement at which a task waits, whatever interrupts it meanwhile; at which it is, when it does not wait. */
export function placeOfTask(task: Task): Place | undefined {
  return placeInContext(task, task.waiter?.context ?? "task");
}

/** Who was running: `cat/214`, `CPU 0 hardirq`. */
export function whoOf({ context, comm, task, cpu }: Moment): string {
  return context === "task" ? `${comm}/${task}` : `CPU ${cpu} ${context}`;
}

/** Of a path that is given as a URI, as nvim-dap does it for a jump. */
export function plainPath(path: string): string {
  if (!path.startsWith("file://")) return path;
  try {
    return decodeURIComponent(path.slice("file://".length)).replace(/^\/(?=[A-Za-z]:)/, "");
  } catch {
    return path;
  }
}

/** Windows writes drive letters now large, now small. */
export function samePath(a: string, b: string): boolean {
  return (
    a === b || (/^[a-z]:/i.test(a) && a.replaceAll("/", "\\").toLowerCase() === b.replaceAll("/", "\\").toLowerCase())
  );
}
