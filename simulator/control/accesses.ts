// The accesses to a register over a run: what drivers read and wrote, what the device changed by itself, what a person did.
import type { Moment } from "../engine/trace.ts";
import { asKernelEvent } from "../kernel/events.ts";
import type { Portions, Run } from "./run.ts";
import { cut, heldBy, partOf, type RegisterTarget } from "./targets.ts";

export interface RegisterAccess {
  /** Statements run before the one that made it. */
  readonly clock: number;
  readonly moment: Moment;
  /** `change`: nobody named the register; `input`: a person wrote or read it. */
  readonly kind: "read" | "write" | "change" | "input";
  /** What was read or written; of a change what came of it. */
  readonly value: bigint;
  readonly before: bigint;
  readonly after: bigint;
  /** The register whose write or read made a change. */
  readonly cause?: string;
}

type Open = Omit<RegisterAccess, "after">;

/** Those up to a moment, in their order. */
export function* accessesOf(run: Run, target: RegisterTarget, to: number): Portions<readonly RegisterAccess[]> {
  const found: RegisterAccess[] = [];
  let end = (): void => {};
  yield* run.scan(0, to, {
    plant: () => run.planting.nowhere(),
    begin: () => {
      const { engine } = run.machine;
      const part = partOf(run.machine, target);
      if (part === undefined) return;
      const now = (): bigint => cut(heldBy(part), part.register, undefined);
      const inputs = run.inputs.list.filter(
        ({ action }) =>
          (action.kind === "register" || action.kind === "read") &&
          action.device === target.device &&
          action.register === target.register,
      );
      let held = now();
      /** What is being done: what comes of it is seen at the next look. */
      let open: Open | undefined;
      /** Another register of the device that is being written or was read. */
      let cause: { readonly name: string; readonly moment: Moment } | undefined;
      const changed = (after: bigint): void => {
        const moment = cause?.moment ?? { ...engine.moment(), site: undefined };
        const named = cause === undefined ? {} : { cause: cause.name };
        found.push({ clock: moment.clock, moment, kind: "change", value: after, before: held, after, ...named });
        held = after;
      };
      const look = (): void => {
        const value = now();
        if (open !== undefined) found.push({ ...open, after: value });
        else {
          while (inputs[0] !== undefined && inputs[0].clock <= engine.clock.statements) {
            const { clock, action } = inputs.shift()!;
            const written = action.kind === "register" ? action.value : held;
            found.push({ clock, moment: engine.moment(), kind: "input", value: written, before: held, after: value });
            held = value;
          }
          if (value !== held) changed(value);
        }
        open = undefined;
        cause = undefined;
        held = value;
      };
      engine.clock.afterAlarm = look;
      const leave = engine.trace.listen((traced, moment) => {
        const event = asKernelEvent(traced);
        if (event.kind !== "mmio" || event.device !== target.device) {
          look();
          return;
        }
        const { isWrite, register } = event;
        const isOurs = register === target.register;
        const value = cut(event.value, part.register, undefined);
        // A write is told before it is made, and a read when it is over.
        if (isWrite || open !== undefined) look();
        else if (isOurs && cause !== undefined && value !== held) changed(value);
        if (isOurs) open = { clock: moment.clock, moment, kind: isWrite ? "write" : "read", value, before: held };
        else if (register !== undefined) cause = { name: register, moment };
        if (!isWrite) look();
      });
      end = () => {
        look();
        leave();
        engine.clock.afterAlarm = undefined;
      };
    },
    visit: () => {},
    end: () => end(),
  });
  return found;
}
