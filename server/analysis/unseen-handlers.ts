// Interrupt handlers of other files: what cannot be seen may use all that is in the object it gets.
import type { CallEvent } from "../program/cfg.ts";
import { functionName } from "../program/entries.ts";
import type { Func, Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";
import { stripCasts } from "./summary.ts";

/** Something that is set up late, as the one who does it writes it. */
export interface LateThing extends Span {
  readonly thing: string;
  readonly what: string;
  readonly place: string;
  readonly file: string;
}

export interface UnseenUse {
  readonly handler: string;
  readonly threaded: boolean;
  /** The structs that the handler is given. */
  readonly owners: ReadonlySet<string>;
  readonly things: readonly LateThing[];
}

/** Where an interrupt is requested: what of its handling cannot be seen. */
export function unseenUse(
  program: Program,
  fn: Func,
  { expr }: CallEvent,
  handlers: readonly { readonly param: number; readonly role: string }[],
): UnseenUse | undefined {
  const owners = new Set(
    expr.args.flatMap((arg) => {
      const type = program.types.typeOf(stripCasts(arg), fn.def);
      return type?.pointers === 1 && /^struct \w/.test(type.base) && !NOT_OWN.test(type.base) ? [type.base] : [];
    }),
  );
  if (owners.size === 0) return undefined;
  const names = handlers.flatMap(({ param }) => {
    const name = functionName(expr.args[param]);
    return name === undefined || name === "NULL" || program.types.isLocal(fn.def, name) ? [] : [name];
  });
  const threaded = names.length > 1 || (names.length === 1 && functionName(expr.args[handlers[0]!.param]) === "NULL");
  for (const handler of names) {
    if (!program.functions.has(handler)) return { handler, threaded, owners, things: [] };
  }
  return undefined;
}

const NOT_OWN = /^struct (device|platform_device|pci_dev|i2c_client|spi_device|usb_interface|net_device)$/;

/** What a handler would use of the object: a mutex only where it may sleep. */
export function mayUse({ owners, threaded }: UnseenUse, setUp: LateThing): readonly LateThing[] {
  const owner = setUp.thing.slice(0, setUp.thing.indexOf("."));
  if (!owners.has(owner)) return [];
  return /^(spinlock|completion|wait queue|tasklet)$/.test(setUp.what) || (threaded && setUp.what === "mutex")
    ? [setUp]
    : [];
}
