// Rows of calls within a file whose frames lie on the stack together.
import type { CallEvent } from "../program/cfg.ts";
import type { Func } from "../program/program.ts";
import { callsOf } from "./calls-of.ts";
import type { StackUse } from "./stack.ts";

export interface StackFrame {
  readonly fn: Func;
  readonly use: StackUse;
}

/** A function and what it calls, the deepest way down. */
export interface StackChain {
  /** Bytes of all frames: a lower bound. */
  readonly total: number;
  /** From the first that takes stack on; `call` is what leads there from the one before. */
  readonly frames: readonly (StackFrame & { readonly call?: CallEvent })[];
}

/** The deepest way down from one function. */
interface Depth {
  readonly total: number;
  readonly call: CallEvent | undefined;
}

/**
 * Chains that together take more than `most` bytes, no two of which have a function in common. A frame of more than
 * `single` bytes is a matter of its own, and a function that calls itself is as well: a chain ends before them.
 */
export function stackChains(frames: ReadonlyMap<string, StackFrame>, single: number, most: number): StackChain[] {
  const sizes = new Map([...frames].filter(([, { use }]) => use.total <= single));
  const all = [...sizes.values()].reduce((sum, { use }) => sum + use.total, 0);
  if (all <= most) return [];
  const depths = depthsOf(sizes);
  const said = new Set<string>();
  const deep = [...depths].filter(([, { total }]) => total > most).sort(([, a], [, b]) => b.total - a.total);
  return deep.flatMap(([name, { total }]) => {
    const chain = chainFrom(name, sizes, depths);
    if (chain.some(({ fn }) => said.has(fn.name))) return [];
    for (const { fn } of chain) said.add(fn.name);
    return [{ total, frames: chain.slice(chain.findIndex(({ use }) => use.total > 0)) }];
  });
}

function depthsOf(sizes: ReadonlyMap<string, StackFrame>): ReadonlyMap<string, Depth> {
  const depths = new Map<string, Depth>();
  const open = new Set<string>();
  const visit = (name: string, frame: StackFrame): Depth => {
    open.add(name);
    let deepest: Depth = { total: 0, call: undefined };
    for (const call of callsOf(frame.fn)) {
      const callee = call.name === undefined ? undefined : sizes.get(call.name);
      if (callee === undefined || open.has(call.name!)) continue;
      const { total } = depths.get(call.name!) ?? visit(call.name!, callee);
      if (total > deepest.total) deepest = { total, call };
    }
    open.delete(name);
    const depth = { total: frame.use.total + deepest.total, call: deepest.call };
    depths.set(name, depth);
    return depth;
  };
  for (const [name, frame] of sizes) if (!depths.has(name)) visit(name, frame);
  return depths;
}

function chainFrom(
  from: string,
  sizes: ReadonlyMap<string, StackFrame>,
  depths: ReadonlyMap<string, Depth>,
): StackChain["frames"] {
  const chain: (StackFrame & { readonly call?: CallEvent })[] = [];
  let call: CallEvent | undefined;
  for (let name: string | undefined = from; name !== undefined; name = call?.name) {
    const before = chain.length === 0 ? {} : { call: call! };
    chain.push({ ...sizes.get(name)!, ...before });
    call = depths.get(name)?.call;
  }
  return chain;
}
