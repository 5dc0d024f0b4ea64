// Every request that the adapter answers, by its name in the protocol.
import type { Debuggee } from "../debuggee.ts";
import { configurationDone } from "./configuration-done.ts";
import { continueRun } from "./continue.ts";
import { disconnect } from "./disconnect.ts";
import { evaluate } from "./evaluate.ts";
import { exceptionInfo } from "./exception-info.ts";
import { initialize } from "./initialize.ts";
import { kernelLog } from "./kernel-log.ts";
import { launch } from "./launch.ts";
import { locks } from "./locks.ts";
import { next } from "./next.ts";
import { pause } from "./pause.ts";
import { registers } from "./registers.ts";
import { reverseContinue } from "./reverse-continue.ts";
import { scopes } from "./scopes.ts";
import { seek } from "./seek.ts";
import { setBreakpoints } from "./set-breakpoints.ts";
import { setExceptionBreakpoints } from "./set-exception-breakpoints.ts";
import { setVariable } from "./set-variable.ts";
import { stackTrace } from "./stack-trace.ts";
import { stepBack } from "./step-back.ts";
import { stepIn } from "./step-in.ts";
import { stepOut } from "./step-out.ts";
import { terminate } from "./terminate.ts";
import { threads } from "./threads.ts";
import { variables } from "./variables.ts";

/** The arguments are what the protocol declares for the request, if the client keeps to it: a fence is around each. */
// biome-ignore lint/suspicious/noExplicitAny: every request has arguments of its own.
export type Handler = (debuggee: Debuggee, args: any) => unknown;

export const requests: Readonly<Record<string, Handler>> = {
  configurationDone,
  continue: continueRun,
  disconnect,
  evaluate,
  exceptionInfo,
  initialize,
  launch,
  next,
  pause,
  reverseContinue,
  scopes,
  setBreakpoints,
  setExceptionBreakpoints,
  setVariable,
  stackTrace,
  stepBack,
  stepIn,
  stepOut,
  terminate,
  threads,
  variables,
  "driverlab/kernelLog": kernelLog,
  "driverlab/locks": locks,
  "driverlab/registers": registers,
  "driverlab/seek": seek,
};
