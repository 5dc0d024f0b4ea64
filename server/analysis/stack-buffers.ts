// Memory that cannot be handed to a device: buffers on the stack, and DMA addresses that nobody asked whether they are good.
import type { CallEvent } from "../program/cfg.ts";
import { placeOf, rootOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { callsOf } from "./calls-of.ts";
import { stripCasts } from "./summary.ts";

/** Which argument of a function a device reads or writes. */
const BUFFERS: Readonly<Record<string, number>> = {
  dma_map_single: 1,
  dma_map_single_attrs: 1,
  usb_control_msg: 6,
  usb_bulk_msg: 2,
  usb_interrupt_msg: 2,
  usb_fill_bulk_urb: 3,
  usb_fill_int_urb: 3,
  usb_fill_control_urb: 4,
  sg_init_one: 1,
  sg_set_buf: 1,
};

export interface StackBuffer extends Span {
  readonly callee: string;
  /** As written. */
  readonly what: string;
  readonly variable: Variable;
}

export function stackBuffers(program: Program, fn: Func): readonly StackBuffer[] {
  return callsOf(fn).flatMap(({ name, expr }) => {
    const index = name !== undefined && Object.hasOwn(BUFFERS, name) ? BUFFERS[name] : undefined;
    const arg = index === undefined ? undefined : expr.args[index];
    if (name === undefined || arg === undefined || program.functions.has(name) || program.macros.has(name)) return [];
    const variable = onStack(program, fn, arg);
    if (variable === undefined) return [];
    const { start, end } = arg;
    return [{ callee: name, what: program.file.text.slice(start, end), variable, start, end }];
  });
}

/** The local that an address leads into; a parameter written as an array is a pointer of the caller's. */
function onStack(program: Program, fn: Func, arg: Expr): Variable | undefined {
  const inner = stripCasts(arg);
  const isAddress = inner.kind === "unary" && inner.op === "&";
  const target = isAddress ? inner.operand : inner;
  const place = placeOf(target);
  if (place === undefined || /->|\*/.test(place)) return undefined;
  const [variable, ...more] = program.types.localsOf(fn.def).get(rootOf(place)) ?? [];
  if (variable === undefined || more.length > 0) return undefined;
  if (fn.def.params.includes(variable) && variable.type.dimensions.length > 0) return undefined;
  if (variable.type.pointers > 0 && (!isAddress || place !== variable.name)) return undefined;
  // `&buf[0]` of an array; a plain name or member is an address only if it is one.
  const type = program.types.typeOf(target, fn.def);
  return isAddress || (type !== undefined && type.dimensions.length > 0 && type.pointers === 0) ? variable : undefined;
}

export interface UnaskedMapping extends Span {
  readonly callee: string;
}

/** Mappings in a file that never asks whether one failed; the first of each function. */
export function unaskedMapping(program: Program, fn: Func): UnaskedMapping | undefined {
  if (ASKS.some((name) => program.calls.has(name))) return undefined;
  const call = callsOf(fn).find((each: CallEvent) => MAPS.has(each.name ?? "") && !program.macros.has(each.name!));
  return call === undefined ? undefined : { callee: call.name!, start: call.start, end: call.end };
}

const MAPS: ReadonlySet<string> = new Set([
  "dma_map_single",
  "dma_map_single_attrs",
  "dma_map_page",
  "dma_map_page_attrs",
]);
const ASKS = ["dma_mapping_error", "pci_dma_mapping_error", "ib_dma_mapping_error"];
