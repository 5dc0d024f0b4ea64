// `setExceptionBreakpoints`: which checks' reports stop the run, and under which conditions; an oops always does.
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type Condition, conditionOf } from "../conditions.ts";
import type { Debuggee } from "../debuggee.ts";

type Arguments = DebugProtocol.SetExceptionBreakpointsArguments;

export function setExceptionBreakpoints(
  debuggee: Debuggee,
  args: Arguments,
): DebugProtocol.SetExceptionBreakpointsResponse["body"] {
  const { filters = [], filterOptions = [], exceptionOptions = [] } = args;
  /** Any of a filter's conditions will do; without one, every report. */
  const wanted = new Map<string, Condition[]>(filters.map((id) => [id, [always]]));
  const add = (id: string, condition: Condition): void => void wanted.set(id, [...(wanted.get(id) ?? []), condition]);
  const answers = filterOptions.map(({ filterId, condition }) => {
    try {
      add(filterId, condition ? conditionOf(condition) : always);
      return { verified: true };
    } catch (error) {
      return { verified: false, message: (error as Error).message };
    }
  });
  const choices = exceptionOptions.map(choiceOf);
  debuggee.session.setStopsAt((report, task) => {
    const { id } = report;
    if (!debuggee.isStopping) return false;
    // The last that speaks of a report decides.
    const choice = choices.findLast(({ means }) => means(id));
    if (choice !== undefined) return choice.stops;
    return (wanted.get(id) ?? (id === "oops" ? [always] : [])).some((condition) => condition(report, task));
  });
  debuggee.wishes.note("exceptions", [], () => setExceptionBreakpoints(debuggee, args));
  return { breakpoints: [...filters.map(() => ({ verified: true })), ...answers] };
}

const always: Condition = () => true;

/** A path of one segment names reports by their ids, one of two those below `report` or `oops`; an empty one means all. */
function choiceOf({ path = [], breakMode }: DebugProtocol.ExceptionOptions): {
  readonly stops: boolean;
  means(id: string): boolean;
} {
  const segment = path.at(-1);
  return {
    stops: breakMode !== "never",
    means: (id) => segment === undefined || segment.names.includes(id) !== (segment.negate === true),
  };
}
