// `launch`: reads and compiles a driver and its scenario; the run begins when the client has set its breakpoints.
import { Event, InitializedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { loadDriver } from "../../control/load.ts";
import { Session } from "../../control/session.ts";
import type { LaunchSettings } from "../../protocol.ts";
import type { Debuggee, Launched } from "../debuggee.ts";
import { alreadyLaunched, badSetting, brokenDriver, unreadable } from "../errors.ts";

export function launch(debuggee: Debuggee, settings: Partial<LaunchSettings>): void {
  if (debuggee.isLaunched) throw alreadyLaunched();
  debuggee.launch(makeSession(debuggee, settings));
  debuggee.afterwards(() => {
    debuggee.send(processEvent(debuggee, settings));
    debuggee.send(new InitializedEvent());
  });
}

/** A client may have to end the process in which the driver runs. */
function processEvent({ surroundings }: Debuggee, { program = "" }: Partial<LaunchSettings>): DebugProtocol.Event {
  const body = { name: program, systemProcessId: surroundings.process, isLocalProcess: true, startMethod: "launch" };
  return Object.assign(new Event("process"), { body });
}

/** Throws what a person is to mend. */
export function makeSession(debuggee: Debuggee, given: Partial<LaunchSettings>): Launched {
  const settings = checked(given);
  const { program, scenario, seed, cpus, devices, preempt, threadSize, kcsan, stopOnEntry, noDebug } = settings;
  const { sources } = debuggee;
  sources.clear();
  const read = (path: string): string | undefined => sources.read(path);
  const slashed = (path: string) => path.replaceAll("\\", "/");
  if (scenario !== undefined && read(slashed(scenario)) === undefined) throw unreadable(scenario);
  const chosen = scenario === undefined ? undefined : slashed(scenario);
  const loaded = loadDriver({ read }, slashed(program), chosen, devices?.map(slashed));
  if (loaded === undefined) throw unreadable(program);
  if (loaded.problems.length > 0) throw brokenDriver(loaded.problems);
  const recipe = {
    ...loaded.recipe,
    ...(seed === undefined ? {} : { seed }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(preempt === undefined ? {} : { preempt }),
    ...(threadSize === undefined ? {} : { threadSize }),
    ...(kcsan === undefined ? {} : { kcsan }),
  };
  const { within } = debuggee.surroundings;
  const session = new Session(recipe, { within, onLog: (text, site) => debuggee.tell("console", text, site) });
  return { session, settings, stopOnEntry: stopOnEntry === true, noDebug: noDebug === true };
}

function checked(settings: Partial<LaunchSettings>): Partial<LaunchSettings> & { program: string } {
  const { program, scenario, seed, cpus, devices, preempt, threadSize, kcsan } = settings;
  if (typeof program !== "string" || program === "") throw badSetting("program", "the path of a driver");
  if (scenario !== undefined && typeof scenario !== "string") throw badSetting("scenario", "the path of a file");
  if (seed !== undefined && !isInteger(seed, 0, 0xffffffff))
    throw badSetting("seed", "a whole number from 0 to 2³² − 1");
  if (cpus !== undefined && !isInteger(cpus, 1, 8)) throw badSetting("cpus", "a whole number from 1 to 8");
  if (devices !== undefined && !(Array.isArray(devices) && devices.every((one) => typeof one === "string"))) {
    throw badSetting("devices", "a list of names and paths");
  }
  if (preempt !== undefined && !["none", "voluntary", "full"].includes(preempt)) {
    throw badSetting("preempt", "“none”, “voluntary” or “full”");
  }
  if (threadSize !== undefined && threadSize !== 8192 && threadSize !== 16384) {
    throw badSetting("threadSize", "8192 or 16384");
  }
  if (kcsan !== undefined && typeof kcsan !== "boolean") throw badSetting("kcsan", "true or false");
  return { ...settings, program };
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
