// Members that an interrupt and process context both change, of which one side takes the lock and the other does not.
import type { AssignEvent } from "../program/cfg.ts";
import { placeOf, textOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Reach } from "./contexts.ts";
import { type Frame, first } from "./frame.ts";
import { lockClass, objectClass } from "./lock-class.ts";
import type { Change, Outcome } from "./outcome.ts";
import type { PathState } from "./state.ts";

/** Two changes of one member that can lose one another. */
export interface LostUpdate {
  readonly fn: string;
  readonly file: string;
  readonly change: Change;
  /** How the function is reached that takes no lock. */
  readonly reach: Reach;
  /** The struct and member of the lock: `struct foo.lock`. */
  readonly lock: string;
  /** The other side, which takes it. */
  readonly other: { readonly fn: string; readonly file: string; readonly change: Change; readonly reach: Reach };
}

/** Notes a member that is read and written back: `x->flags |= F`, `x->count++`. */
export function noteChange(frame: Frame, state: PathState, event: AssignEvent): void {
  const { target, value } = event;
  if (target.kind !== "member" || event.isInit) return;
  if (value !== undefined && !(value.kind === "binary" && textOf(value.left) === placeOf(target))) return;
  const held = [...state.locks.values()];
  if (!first(frame, "change", event, `${held.map(({ key }) => key)}${state.uncertain}`)) return;
  frame.outcome.changes.push({ target, held, uncertain: state.uncertain, start: event.start, end: event.end });
}

interface Part {
  readonly fn: Func;
  readonly outcome: Outcome;
  readonly reaches: readonly Reach[];
}

interface Use {
  readonly part: Part;
  readonly change: Change;
  readonly side: "interrupt" | "process" | undefined;
  readonly locks: readonly string[];
}

export function lostUpdates(program: Program, parts: readonly Part[]): readonly LostUpdate[] {
  const uses = new Map<string, Use[]>();
  for (const part of parts) {
    for (const change of part.outcome.changes) {
      const member = objectClass(program, part.fn, change.target);
      if (member === undefined) continue;
      const locks = change.held.flatMap((held) => lockClass(program, part.fn, held) ?? []);
      const list = uses.get(member) ?? [];
      list.push({ part, change, side: sideOf(part), locks });
      uses.set(member, list);
    }
  }
  return [...uses].flatMap(([member, list]) => lostOf(member, list));
}

function lostOf(member: string, uses: readonly Use[]): LostUpdate[] {
  const owner = member.slice(0, member.indexOf("."));
  const lock = uses.flatMap(({ locks }) => locks).find((each) => each.startsWith(`${owner}.`));
  if (lock === undefined) return [];
  // Another lock may do as well, and what is not known may be one.
  if (uses.some(({ change, locks }) => change.held.length > 0 && !locks.includes(lock))) return [];
  const locked = uses.filter(({ locks }) => locks.includes(lock));
  const bare = uses.filter(({ side, change, part }) => isBare(change) && side !== undefined && !part.outcome.cut);
  const side = bare[0]?.side;
  // The other side always takes it, and this one somewhere too: it is there for this member.
  if (side === undefined || bare.some((each) => each.side !== side) || locked.length < 2) return [];
  const runsOn = (use: Use, on: Use["side"]): boolean => use.part.reaches.some((way) => sideOfWay(way) === on);
  const across = side === "process" ? "interrupt" : "process";
  if (!locked.some((each) => runsOn(each, side))) return [];
  if (uses.some((each) => isBare(each.change) && runsOn(each, across))) return [];
  const other = locked.find((each) => runsOn(each, across));
  const theirWay = other?.part.reaches.find((way) => sideOfWay(way) === across);
  if (other === undefined || theirWay === undefined) return [];
  const seen = new Set<string>();
  return bare.flatMap(({ part, change }) => {
    const reach = part.reaches.find((way) => side === "interrupt" || isRunning(part, way));
    if (reach === undefined || seen.has(part.fn.name)) return [];
    seen.add(part.fn.name);
    const { fn } = other.part;
    const theirs = { fn: fn.name, file: fn.file, change: other.change, reach: theirWay };
    return [{ fn: part.fn.name, file: part.fn.file, change, reach, lock, other: theirs }];
  });
}

function isBare({ held, uncertain }: Change): boolean {
  return held.length === 0 && !uncertain;
}

function sideOfWay({ entry }: Reach): Use["side"] {
  if (entry.context === "process") return "process";
  return entry.context === "atomic" ? undefined : "interrupt";
}

/** Where a function runs, when every way to it says the same and none holds a lock. */
function sideOf({ reaches }: Part): Use["side"] {
  if (reaches.length === 0 || reaches.some(({ certain }) => !certain)) return undefined;
  if (reaches.every(({ entry, steps }) => /^(hard|soft)irq$/.test(entry.context) && steps.length === 0))
    return "interrupt";
  const isPlain = ({ entry, atomic, irqsOff, bhOff }: Reach): boolean =>
    entry.context === "process" && !atomic && !irqsOff && !bhOff;
  return reaches.every(isPlain) ? "process" : undefined;
}

/** Not while the device is set up or taken down, and not where the function itself keeps the interrupt away. */
function isRunning({ fn }: Part, { entry }: Reach): boolean {
  if (/init|exit|power management/.test(entry.role) || SETTING_UP.test(entry.role)) return false;
  return !fn.cfg.blocks.some(({ events }) =>
    events.some((event) => event.kind === "call" && KEEPS.test(event.name ?? "")),
  );
}

const SETTING_UP =
  /\.\w*(probe|remove|shutdown|disconnect|open|close|release|start|stop|startup|suspend|resume|prepare|attach|detach|bind|unbind|enable|disable|hw_params|hw_free|setup|reset)$/;
const KEEPS =
  /(disable|mask|free|request|synchronize|stop).*(irq|intr?)|(irq|intr?).*(disable|mask)|napi_|tasklet_|timer|cancel_/;
