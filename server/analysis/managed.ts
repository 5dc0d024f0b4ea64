// What the driver core gives back when the driver leaves, and the driver gives back by hand as well.
import { placeOf, rootOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { callsOf } from "./calls-of.ts";
import { storeOf } from "./ownership.ts";
import { canonical, isDriverData } from "./pointer-relations.ts";
import { stripCasts } from "./summary.ts";

/** A managed resource is released by hand as well. */
export interface ReleasedTwice extends Span {
  readonly fn: string;
  readonly place: string;
  readonly release: string;
  readonly managed: Span & { readonly by: string };
}

interface Managed extends Span {
  readonly by: string;
  readonly fn: Func;
  readonly releasedBy: readonly string[];
  /** It was there before: the same function may give it back when this call fails. */
  readonly registers: boolean;
  /** Names it goes by: `priv->clk` as `struct priv.clk`, a local by its name, a device's data by where that hangs. */
  readonly names: ReadonlySet<string>;
}

export function releasedTwice(program: Program): readonly ReleasedTwice[] {
  if (![...program.calls].some((name) => name.startsWith("devm_"))) return [];
  const functions = [...program.functions.values()];
  // What was not understood, in a function or between them, may be what obtains the other one.
  if (program.file.problems.length > 0 || functions.some((fn) => !fn.cfg.complete)) return [];
  const managed = functions
    .flatMap((fn) => managedBy(program, fn))
    .filter((each) => each.releasedBy.some((name) => program.calls.has(name)));
  if (managed.length === 0) return [];
  const found: ReleasedTwice[] = [];
  for (const fn of functions)
    for (const event of callsOf(fn)) {
      const { name: release } = event;
      if (release === undefined || FORGETS.test(release)) continue;
      const arg = event.expr.args[program.knowledge.fn(release)?.handleParam ?? 0];
      if (arg === undefined) continue;
      const names = namesOf(program, fn, arg);
      const each = managed.find(
        (one) =>
          one.releasedBy.includes(release) &&
          !(one.registers && one.fn === fn) &&
          names.some((name) => one.names.has(name) && (one.fn === fn || !name.startsWith("local "))),
      );
      const place = placeOf(stripCasts(arg));
      if (each === undefined || place === undefined || holdsOther(program, functions, names, each)) continue;
      if (callsOf(fn).some((call) => KEEPS.test(call.name ?? ""))) continue;
      const { by, start, end } = each;
      found.push({
        fn: fn.name,
        place,
        release,
        managed: { by, start, end },
        start: event.start,
        end: event.end,
      });
    }
  return found;
}

/** They find out themselves that the driver core would do it again, or may be called as often as one likes. */
const FORGETS = /^(input_|rc_|pm_runtime_|pci_|iio_trigger_put|power_supply_put|put_device|release_(mem_)?region)/;

/** Who takes one more reference gives one more back; who takes the record away does the rest by hand. */
const KEEPS = /^(get_device|kref_get|spi_(master|controller)_get|devres_\w+)$|_(remove|release)_action$/;

/** Releases that registering hands to the driver core too. */
const WITH_REGISTRATION: Readonly<Record<string, readonly string[]>> = {
  devm_spi_register_controller: ["spi_controller_put", "spi_master_put"],
  devm_spi_register_master: ["spi_controller_put", "spi_master_put"],
};

function managedBy(program: Program, fn: Func): Managed[] {
  const found: Managed[] = [];
  for (const { events } of fn.cfg.blocks)
    for (const [index, event] of events.entries()) {
      if (event.kind !== "call" || !event.name?.startsWith("devm_")) continue;
      const obtains = program.knowledge.fn(event.name.slice(5))?.obtains;
      const extra = WITH_REGISTRATION[event.name];
      const handle = extra !== undefined ? 0 : obtains?.handle;
      if (handle === undefined || obtains?.out === true) continue;
      const held = handle === "return" ? storeOf(event, events, index)?.target : event.expr.args[handle + 1];
      if (held === undefined) continue;
      found.push({
        by: event.name,
        fn,
        releasedBy: extra ?? obtains!.releasedBy,
        registers: handle !== "return",
        names: new Set([...namesOf(program, fn, held), ...copiesOf(program, fn, held)]),
        start: event.start,
        end: event.end,
      });
    }
  return found;
}

/** `priv->master = master`, where the local holds nothing else all through the function. */
function copiesOf(program: Program, fn: Func, held: Expr): string[] {
  const place = placeOf(stripCasts(held));
  if (place === undefined || !/^\w+$/.test(place)) return [];
  const stores = fn.cfg.blocks.flatMap(({ events }) => events.filter((event) => event.kind === "assign"));
  if (stores.filter((event) => placeOf(event.target) === place).length !== 1) return [];
  return stores.flatMap((event) =>
    event.value !== undefined && placeOf(stripCasts(event.value)) === place
      ? namesOf(program, fn, event.target).filter((name) => name.includes("."))
      : [],
  );
}

function namesOf(program: Program, fn: Func, expr: Expr): string[] {
  const inner = stripCasts(expr);
  const place = placeOf(inner);
  if (place === undefined) return [];
  if (inner.kind === "member") {
    const owner = program.types.typeOf(inner.base, fn.def)?.base;
    return owner === undefined ? [] : [`${owner}.${inner.field}`];
  }
  const known = canonical(fn, place);
  if (isDriverData(known)) return [`data${known.slice(rootOf(known).length)}`, `local ${place}`];
  return inner.kind === "name" && program.types.isLocal(fn.def, place) ? [`local ${place}`] : [];
}

/** The place may hold something that is not managed. */
function holdsOther(program: Program, functions: readonly Func[], names: readonly string[], managed: Managed): boolean {
  if (managed.registers) return false;
  return functions.some((fn) =>
    fn.cfg.blocks.some(({ events }) =>
      events.some((event) => {
        if (event.kind !== "assign") return false;
        const target = namesOf(program, fn, event.target);
        if (!target.some((name) => names.includes(name) && (fn === managed.fn || !name.startsWith("local "))))
          return false;
        const value = event.value === undefined ? undefined : stripCasts(event.value);
        if (value === undefined) return true;
        if (value.kind === "call")
          return !(
            value.callee.kind === "name" && /^(devm_|ERR_PTR$|.*_get_(drv|client|intf)data$)/.test(value.callee.name)
          );
        if (value.kind === "number" || (value.kind === "name" && value.name === "NULL")) return false;
        return !namesOf(program, fn, value).some((name) => managed.names.has(name) && fn === managed.fn);
      }),
    ),
  );
}
