// Buffers that a function was given to dispose of: by the kernel, or as its other ways out show.

import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { callsOf } from "./calls-of.ts";
import { type Owned, type PathState, START } from "./state.ts";
import { stripCasts } from "./summary.ts";

/** The state in which a function begins: it has what it was given. */
export function startOf(program: Program, fn: Func): PathState {
  const owned = new Map<string, Owned>();
  for (const [index, param] of fn.def.params.entries()) {
    if (param.type.pointers !== 1) continue;
    const { start, end } = fn.def.nameSpan;
    const rest = { key: param.name, what: "memory", isPointer: true, isNumber: false, at: { start, end } };
    const role = program.entries.find((each) => each.fn === fn.name && each.takes === index)?.role;
    const releasedBy = releasesOf(program, param.type.base);
    if (role !== undefined) owned.set(param.name, { ...rest, from: role, releasedBy, given: "kernel" });
    else if (freesItself(fn, param.name, releasedBy))
      owned.set(param.name, { ...rest, from: fn.name, releasedBy, given: "caller" });
  }
  return owned.size === 0 ? START : { ...START, owned };
}

/** What frees a packet. Other types have too many owners. */
function releasesOf({ knowledge }: Program, type: string): readonly string[] {
  return type === "struct sk_buff" ? (knowledge.fn("alloc_skb")?.obtains?.releasedBy ?? []) : [];
}

function freesItself(fn: Func, param: string, releasedBy: readonly string[]): boolean {
  return callsOf(fn).some(
    ({ name, expr }) =>
      name !== undefined && releasedBy.includes(name) && expr.args.some((arg) => placeOf(stripCasts(arg)) === param),
  );
}
