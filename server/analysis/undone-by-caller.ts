// Whether those who call a function undo what it has done when it fails: then it may leave that to them.
import { type Block, type CallEvent, successors } from "../program/cfg.ts";
import { placeOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import { storeOf } from "./ownership.ts";
import { calledBelow } from "./pairs.ts";
import { refinementOf, resultKey, ZERO } from "./values.ts";

type Undoes = (name: string, call?: CallEvent) => boolean;

/** `undoes` tells of a call, or of a function of the driver that is called there, whether it undoes it. */
export function undoneByCaller(program: Program, fn: string, undoes: Undoes): boolean {
  for (const caller of program.functions.values()) {
    if (caller.name === fn) continue;
    for (const block of caller.cfg.blocks)
      for (const [index, event] of block.events.entries()) {
        if (event.kind !== "call" || event.name !== fn) continue;
        const failed = failureOf(caller, block, index, event);
        if (failed !== undefined && reachesUndoing(program, caller, failed, undoes)) return true;
      }
  }
  return false;
}

/** The block to which a failure of the call leads, where that is tested at once. */
function failureOf({ cfg }: Func, from: Block, index: number, event: CallEvent): number | undefined {
  const stored = storeOf(event, from.events, index)?.target;
  const variable = stored === undefined ? undefined : placeOf(stored);
  let block = from;
  while (block.exit.kind === "jump") {
    const next = cfg.blocks[block.exit.to]!;
    if (next.events.some((each) => each.kind === "call") || next.inLoop !== block.inLoop) return undefined;
    block = next;
  }
  if (block.exit.kind !== "branch") return undefined;
  const told = refinementOf(block.exit.test);
  if (told === undefined || (told.key !== variable && told.key !== resultKey(event.expr))) return undefined;
  return told.whenTrue.mask & ZERO ? block.exit.whenFalse : block.exit.whenTrue;
}

function reachesUndoing(program: Program, { cfg, name: caller }: Func, from: number, undoes: Undoes): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    const { events, exit } = cfg.blocks[id]!;
    for (const event of events) {
      if (event.kind !== "call" || event.name === undefined || event.name === caller) continue;
      if (undoes(event.name, event)) return true;
      if ([...calledBelow(program, event.name)].some((each) => undoes(each))) return true;
    }
    for (const to of successors(exit)) seen.add(to);
  }
  return false;
}
