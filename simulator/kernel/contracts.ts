// Functions that are not simulated: who calls one is told so, its context is checked, and the driver goes on.
import type { Raw } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { __GFP_DIRECT_RECLAIM } from "./gfp.ts";
import { KERN_WARNING } from "./kern-levels.ts";
import type { Log } from "./printk.ts";
import type { Statics } from "./statics.ts";

/** What is known of a function; written by test/simulator/write-contracts.ts. */
export interface Contract {
  readonly header: string;
  readonly name: string;
  readonly params: readonly string[];
  readonly returns: string;
  readonly maySleep: string;
  /** Which argument holds the gfp flags that say whether it may sleep. */
  readonly gfp?: number;
  readonly mayBeNull?: boolean;
  /** Where it is defined in Linux 6.12. */
  readonly where: string;
  readonly result?: number;
  readonly summary: string;
}

/** What a pointer that a contract gives points to: cleared memory, enough for any struct that drivers look into. */
const OBJECT_BYTES = 1024;

export class Contracts {
  private readonly core: Core;
  private readonly log: Log;
  private readonly statics: Statics;
  private readonly told = new Set<string>();

  constructor(core: Core, log: Log, statics: Statics) {
    this.core = core;
    this.log = log;
    this.statics = statics;
  }

  call({ name, returns, maySleep, gfp, where, result = 0 }: Contract, args: readonly Raw[]): Raw {
    const flags = gfp === undefined ? undefined : Number(args[gfp] ?? 0);
    const sleeps = maySleep === "always" || (flags !== undefined && (flags & __GFP_DIRECT_RECLAIM) !== 0);
    const value = returns === "ptr" ? this.statics.global(OBJECT_BYTES, 8, name) : result;
    if (!this.told.has(name)) {
      this.told.add(name);
      const checks = sleeps ? "it may sleep, which is checked" : SLEEPS[maySleep];
      const gives = returns === "void" ? "" : `, and gives ${returns === "ptr" ? "a cleared object" : value}`;
      this.log.write(`${name}() is not simulated (${this.core.here}): ${checks}${gives}`, KERN_WARNING);
    }
    if (sleeps) this.core.mightSleep(name, where);
    return returns === "void" ? undefined : value;
  }
}

const SLEEPS: Readonly<Record<string, string>> = {
  never: "it does not sleep",
  flags: "it does not sleep with these flags",
  conditional: "it sleeps in some cases, which is not checked",
  unknown: "whether it sleeps is not known",
};
