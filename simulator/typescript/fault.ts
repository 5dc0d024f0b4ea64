// What ends a driver's task: exceptions of the driver and of the machine, in the kernel's words.
import { type Fault, faultOfAccess, MemoryFault, pageFault } from "../engine/interfaces.ts";

/** Thrown by the run time itself; no driver catches it. */
export class DriverFault extends Error {}

/** What a driver threw, on its way to a driver's catch. */
export class Thrown {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

export function faultOf(error: unknown): Fault {
  if (error instanceof MemoryFault) return faultOfAccess(error);
  if (error instanceof DriverFault) return { message: error.message };
  if (error instanceof Thrown) return { message: `uncaught exception: ${safeText(error.value)}` };
  if (error instanceof RangeError && /call stack/.test(error.message))
    return { message: STACK_OVERFLOW, isOverflow: true };
  if (error instanceof TypeError && /\bof null\b|as it is null\b|\bnull is not iterable/.test(error.message)) {
    const isWrite = error.message.startsWith("Cannot set");
    return { message: pageFault(0), access: { address: 0, bytes: 1, isWrite } };
  }
  // Variables of blocks have names of their own, see locals.ts.
  if (error instanceof Error) {
    return { message: `the driver stopped: ${error.name}: ${error.message.replaceAll(/\$\d+\$/g, "")}` };
  }
  return { message: "the driver stopped" };
}

export const STACK_OVERFLOW = "BUG: TASK stack guard page was hit: calls are nested too deeply";

/** Text of a value whose own conversion may fail. */
function safeText(value: unknown): string {
  if (value === null || typeof value !== "object") return typeof value === "function" ? "a function" : String(value);
  const { name, message } = value as { name?: unknown; message?: unknown };
  return typeof message === "string" ? `${typeof name === "string" ? name : "Error"}: ${message}` : "an object";
}
