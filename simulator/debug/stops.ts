// Why the machine stands still, in the words that a client shows.
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Session } from "../control/session.ts";
import type { Reason } from "../control/stop.ts";
import { nameOf } from "../control/targets.ts";
import type { Access } from "../control/watches.ts";
import type { Task } from "../engine/task.ts";
import { basename } from "./place.ts";

type Body = DebugProtocol.StoppedEvent["body"];

/** What is asked of the session that stopped. */
interface Asked {
  readonly session: Session;
  idForClient(id: number): number;
}

const kinds = { functions: "function breakpoint", statements: "instruction breakpoint" } as const;

export function wordsOf(reason: Reason, asked: Asked): Partial<Body> {
  const { session } = asked;
  const numbers = (ids: readonly number[]): number[] => ids.map((id) => asked.idForClient(id));
  switch (reason.kind) {
    case "breakpoint": {
      const groups = reason.ids.map((id) => session.breakpoints.groupOf(id));
      const kind = groups.every((group) => group === groups[0]) ? groups[0] : undefined;
      return { reason: kind === undefined ? "breakpoint" : kinds[kind], hitBreakpointIds: numbers(reason.ids) };
    }
    case "data": {
      return {
        reason: "data breakpoint",
        description: reason.accesses.map(shortWords).join(", "),
        text: reason.accesses.map((access) => accessWords(access, session.clock)).join("; "),
        ...(reason.ids.length === 0 ? {} : { hitBreakpointIds: numbers(reason.ids) }),
      };
    }
    case "report":
      return { reason: "exception", description: reason.report.title, text: reason.report.title };
    case "limit":
      return { reason: "pause", description: "Paused: the run has reached its limit of statements" };
    case "ended":
      return { reason: "pause", description: "The run has ended: go back, restart or stop" };
    case "entry":
      return { reason: "entry", description: "Paused at the start of the run" };
    case "goto":
      return { reason: "goto", description: "Paused at another moment" };
    case "jump":
      return { reason: "goto", description: "Paused after a jump" };
    case "cancelled":
      return { reason: "pause", description: "Cancelled: the run stands where it stood" };
    default:
      return { reason: reason.kind };
  }
}

/** `LSR.THRE written: 1 → 0`, for the line above a stack. */
function shortWords({ watch, isWrite, before, after }: Access): string {
  return `${nameOf(watch.target)} ${isWrite ? `written: ${before} → ${after}` : `read: ${before}`}`;
}

/** `LSR.THRE changed from 1 to 0 at uart.ts:20`; what is about to be done is said so. */
function accessWords({ watch, isWrite, before, after, site, clock }: Access, now: number): string {
  const where = site === undefined ? "" : ` at ${basename(site.file)}:${site.line}`;
  const isAhead = clock >= now;
  if (!isWrite) return `${nameOf(watch.target)} ${isAhead ? "is read" : "was read"}${where}: ${before}`;
  if (before === after)
    return `${nameOf(watch.target)} ${isAhead ? "is written" : "was written"}${where}: ${after} again`;
  return `${nameOf(watch.target)} ${isAhead ? "changes" : "changed"} from ${before} to ${after}${where}`;
}

export function aloneWords(task: Task | undefined): Partial<DebugProtocol.StoppedEvent["body"]> {
  const words = task?.waitingOn?.words;
  const why = words === undefined ? "cannot get its CPU" : `waits for ${words}`;
  return { reason: "pause", description: `Paused: ${task?.name} ${task?.id} ${why}, and the others are frozen` };
}
