// A buffer that a function was given to dispose of, and that some way out forgets.
import { callsOf } from "../analysis/calls-of.ts";
import type { FunctionFacts } from "../analysis/facts.ts";
import type { FunctionExit } from "../analysis/outcome.ts";
import type { Owned } from "../analysis/state.ts";
import { NEGATIVE, POSITIVE, ZERO } from "../analysis/values.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Finding } from "./rule.ts";
import { related } from "./wording.ts";

/** Results by which a transmit function says that the packet is no longer the kernel's. */
const TAKEN = /^(NETDEV_TX_OK|NET_XMIT_(SUCCESS|DROP|CN))$/;

export function givenAway(program: Program, { fn, outcome }: FunctionFacts, rule: string): readonly Finding[] {
  if (outcome.cut) return [];
  const found = new Map<string, Finding>();
  for (const exit of outcome.exits) {
    for (const owned of exit.owned.values()) {
      if (owned.given === undefined || found.has(owned.key)) continue;
      const forgotten =
        owned.given === "kernel"
          ? isTaken(fn.def.returns.base, exit)
          : isOdd(outcome.exits, exit, owned) && !callerFrees(program, fn, owned);
      if (forgotten) found.set(owned.key, finding(program, fn.name, rule, exit, owned));
    }
  }
  return [...found.values()];
}

function isTaken(returns: string, { variable, value, implicit }: FunctionExit): boolean {
  return returns === "void" || (!implicit && (value.mask === ZERO || TAKEN.test(variable ?? "")));
}

/** It fails, and every other way out, the successful ones too, frees the buffer. */
function isOdd(exits: readonly FunctionExit[], exit: FunctionExit, { key }: Owned): boolean {
  const others = exits.filter((each) => each.start !== exit.start);
  const fails = (each: FunctionExit): boolean =>
    !(each.value.mask & ZERO) || /^(ret|err|error|rc)$/.test(each.variable ?? "");
  // `return 1` among errors and 0 may say that the buffer is still the caller's.
  if (exit.value.mask === POSITIVE) return false;
  if (!fails(exit) || others.length === 0 || !others.every((each) => each.given.has(key))) return false;
  const masks = others.reduce((mask, each) => mask | each.value.mask, 0);
  return (masks & ZERO) !== 0 && (masks & (NEGATIVE | POSITIVE)) !== 0;
}

/** Whoever calls it gives the buffer back when it fails. */
function callerFrees(program: Program, { name, def }: Func, { key, releasedBy }: Owned): boolean {
  const index = def.params.findIndex((param) => param.name === key);
  return [...program.functions.values()].some((caller) => {
    const calls = callsOf(caller);
    const given = calls.filter((call) => call.name === name).map(({ expr }) => expr.args[index]);
    return given.some((arg) => {
      const place = arg === undefined ? undefined : placeOf(arg);
      return calls.some(
        (call) => releasedBy.includes(call.name ?? "") && call.expr.args.some((each) => placeOf(each) === place),
      );
    });
  });
}

function finding(program: Program, fn: string, rule: string, exit: FunctionExit, owned: Owned): Finding {
  const why =
    owned.given === "kernel" ? `whoever calls a ${owned.from} has given it away` : "the other ways out free it";
  return {
    rule,
    severity: "warning",
    message: `\`${owned.key}\` is not freed before the function returns here: ${why}`,
    file: program.path,
    function: fn,
    start: exit.start,
    end: exit.end,
    related: [related(program, owned.at, `the function is given \`${owned.key}\`; ${owned.releasedBy[0]}() frees it`)],
    fixes: [],
  };
}
