// Every request that the adapter answers, by its name in the protocol.
import type { Debuggee } from "../debuggee.ts";
import { accesses } from "./accesses.ts";
import { breakOn } from "./break-on.ts";
import { breakpointLocations } from "./breakpoint-locations.ts";
import { cancel } from "./cancel.ts";
import { completions } from "./completions.ts";
import { configurationDone } from "./configuration-done.ts";
import { contexts } from "./contexts.ts";
import { continueRun } from "./continue.ts";
import { dataBreakpointInfo } from "./data-breakpoint-info.ts";
import { disassemble } from "./disassemble.ts";
import { disconnect } from "./disconnect.ts";
import { evaluate } from "./evaluate.ts";
import { exceptionInfo } from "./exception-info.ts";
import { goTo } from "./goto.ts";
import { gotoTargets } from "./goto-targets.ts";
import { initialize } from "./initialize.ts";
import { kernelLog } from "./kernel-log.ts";
import { lastWrite } from "./last-write.ts";
import { launch } from "./launch.ts";
import { linesRun } from "./lines-run.ts";
import { loadedSources } from "./loaded-sources.ts";
import { locations } from "./locations.ts";
import { locks } from "./locks.ts";
import { logPast } from "./log-past.ts";
import { memory } from "./memory.ts";
import { modules } from "./modules.ts";
import { moments } from "./moments.ts";
import { next } from "./next.ts";
import { pause } from "./pause.ts";
import { readMemory } from "./read-memory.ts";
import { registers } from "./registers.ts";
import { nextReport, previousReport } from "./reports.ts";
import { restart } from "./restart.ts";
import { restartFrame } from "./restart-frame.ts";
import { reverseContinue } from "./reverse-continue.ts";
import { reverseStepIn, reverseStepOut } from "./reverse-steps.ts";
import { runBackTo } from "./run-back-to.ts";
import { scopes } from "./scopes.ts";
import { seek } from "./seek.ts";
import { setBreakpoints } from "./set-breakpoints.ts";
import { setDataBreakpoints } from "./set-data-breakpoints.ts";
import { setExceptionBreakpoints } from "./set-exception-breakpoints.ts";
import { setExpression } from "./set-expression.ts";
import { setFunctionBreakpoints } from "./set-function-breakpoints.ts";
import { setInstructionBreakpoints } from "./set-instruction-breakpoints.ts";
import { setVariable } from "./set-variable.ts";
import { stackTrace } from "./stack-trace.ts";
import { stepBack } from "./step-back.ts";
import { stepIn } from "./step-in.ts";
import { stepInTargets } from "./step-in-targets.ts";
import { stepOut } from "./step-out.ts";
import { terminate } from "./terminate.ts";
import { terminateThreads } from "./terminate-threads.ts";
import { threads } from "./threads.ts";
import { timeline } from "./timeline.ts";
import { variables } from "./variables.ts";
import { writeMemory } from "./write-memory.ts";
import { writeRegister } from "./write-register.ts";

/** The arguments are what the protocol declares for the request, if the client keeps to it: a fence is around each. */
// biome-ignore lint/suspicious/noExplicitAny: every request has arguments of its own.
export type Handler = (debuggee: Debuggee, args: any) => unknown;

export const requests: Readonly<Record<string, Handler>> = {
  breakpointLocations,
  cancel,
  completions,
  configurationDone,
  continue: continueRun,
  dataBreakpointInfo,
  disassemble,
  disconnect,
  evaluate,
  exceptionInfo,
  goto: goTo,
  gotoTargets,
  initialize,
  launch,
  loadedSources,
  locations,
  modules,
  next,
  pause,
  readMemory,
  restart,
  restartFrame,
  reverseContinue,
  scopes,
  setBreakpoints,
  setDataBreakpoints,
  setExceptionBreakpoints,
  setExpression,
  setFunctionBreakpoints,
  setInstructionBreakpoints,
  setVariable,
  stackTrace,
  stepBack,
  stepIn,
  stepInTargets,
  stepOut,
  terminate,
  terminateThreads,
  threads,
  variables,
  writeMemory,
  "driverlab/accesses": accesses,
  "driverlab/breakOn": breakOn,
  "driverlab/contexts": contexts,
  "driverlab/kernelLog": kernelLog,
  "driverlab/lastWrite": lastWrite,
  "driverlab/linesRun": linesRun,
  "driverlab/locks": locks,
  "driverlab/logPast": logPast,
  "driverlab/memory": memory,
  "driverlab/moments": moments,
  "driverlab/nextReport": nextReport,
  "driverlab/previousReport": previousReport,
  "driverlab/registers": registers,
  "driverlab/reverseStepIn": reverseStepIn,
  "driverlab/reverseStepOut": reverseStepOut,
  "driverlab/runBackTo": runBackTo,
  "driverlab/seek": seek,
  "driverlab/writeRegister": writeRegister,
  "driverlab/timeline": timeline,
};
