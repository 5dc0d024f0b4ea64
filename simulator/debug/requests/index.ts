// Every request that the adapter answers, by its name in the protocol.
import type { Debuggee } from "../debuggee.ts";
import { disconnect } from "./disconnect.ts";
import { initialize } from "./initialize.ts";

/** What comes over the wire is not of the declared type just because it says so: each function tests what it uses. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are those that the protocol declares for the request.
export type Handler = (debuggee: Debuggee, args: any) => unknown;

export const requests: Readonly<Record<string, Handler>> = { disconnect, initialize };
