// Memory that is read as a whole after only parts of it were set: strings without an end, objects that are registered.
import type { AssignEvent, CallEvent, Event } from "../program/cfg.ts";
import { mentions, parts, placeOf, rootOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr, Variable } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { stripCasts } from "./summary.ts";

export interface PartlySet extends Span {
  /** string: nothing ends it. object: the rest of it holds what the memory held before. local: what the stack held. */
  readonly kind: "string" | "object" | "local";
  readonly place: string;
  /** Who reads it. */
  readonly reader: string;
  /** For a string or a local: its declaration. For an object: the call that allocated it. */
  readonly origin: Span;
  /** For an object: the allocator's name, and the one that clears what it gives. */
  readonly allocator?: string;
  readonly clearing?: string;
}

export function partlySet(program: Program, fn: Func): readonly PartlySet[] {
  if (!fn.cfg.complete) return [];
  return [...strings(program, fn), ...objects(program, fn), ...locals(program, fn)];
}

/** Functions that read a string up to its end, and which argument that is. */
const READERS: ReadonlyMap<string, number> = new Map([
  ["kstrdup", 0],
  ["devm_kstrdup", 1],
  ["strlen", 0],
  ["strcpy", 1],
  ["strcat", 1],
  ["strcmp", 0],
  ["kstrtoint", 0],
  ["kstrtouint", 0],
  ["kstrtoul", 0],
  ["kstrtol", 0],
]);

/** `char s[16]; for (i = 0; i < n; i++) s[i] = …; kstrdup(s)`: nothing puts a 0 behind the last character. */
function strings(program: Program, fn: Func): readonly PartlySet[] {
  const found: PartlySet[] = [];
  const events = fn.cfg.blocks.flatMap((block) => block.events);
  for (const event of events) {
    if (event.kind !== "declare" || !isCharArray(event.variable)) continue;
    const { name, nameSpan } = event.variable;
    if (program.types.localsOf(fn.def).get(name)?.length !== 1) continue;
    const uses = events.filter((each) => each.kind !== "declare" && each.kind !== "deref" && isUse(each, name));
    const stores = uses.filter((each): each is AssignEvent => each.kind === "assign");
    const calls = uses.filter((each): each is CallEvent => each.kind === "call");
    const [reader] = calls;
    if (reader === undefined || stores.length === 0 || uses.length !== stores.length + calls.length) continue;
    if (!stores.every((each) => isCounted(fn, each, name)) || !calls.every((each) => readsString(each, name))) continue;
    const { start, end } = reader;
    found.push({ kind: "string", place: name, reader: reader.name ?? "", origin: nameSpan, start, end });
  }
  return found;
}

function isCharArray({ type, init }: Variable): boolean {
  return /^((un)?signed )?char$|^u8$/.test(type.base) && type.pointers === 0 && type.dimensions.length === 1 && !init;
}

function isUse(event: Event, name: string): boolean {
  switch (event.kind) {
    case "assign":
      return names(event.target, name) || (event.value !== undefined && namesItself(event.value, name));
    case "call":
      return event.expr.args.some((arg) => names(arg, name));
    case "return":
      return event.value !== undefined && namesItself(event.value, name);
    case "iterate":
      return event.targets.some((each) => names(each, name));
    default:
      return false;
  }
}

/** Calls in it are events of their own. */
function namesItself(expr: Expr, name: string): boolean {
  return expr.kind !== "call" && (isName(expr, name) || parts(expr).some((each) => namesItself(each, name)));
}

function names(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (each) => (found ||= each.kind === "name" && each.name === name));
  return found;
}

/** `s[i] = x` in a loop that counts i, and whose end does not hang on what is stored. */
function isCounted({ cfg }: Func, { target, value }: AssignEvent, name: string): boolean {
  if (target.kind !== "index" || target.base.kind !== "name" || target.base.name !== name) return false;
  const index = target.index.kind === "name" ? target.index.name : undefined;
  const place = value === undefined ? undefined : placeOf(stripCasts(value));
  if (index === undefined || place === undefined || names(value!, name)) return false;
  const tests = cfg.blocks.flatMap(({ exit, inLoop }) => (exit.kind === "branch" && inLoop ? [exit.test] : []));
  const counted = tests.some((test) => test.kind === "binary" && test.op === "<" && names(test.left, index));
  return counted && tests.every((test) => !names(test, rootOf(place)));
}

function readsString({ name, expr }: CallEvent, string: string): boolean {
  const index = READERS.get(name ?? "");
  return (
    index !== undefined && expr.args.every((arg, at) => names(arg, string) === (at === index && isName(arg, string)))
  );
}

function isName(expr: Expr, name: string): boolean {
  return expr.kind === "name" && expr.name === name;
}

/** Allocators that leave the memory as it was, and those that clear it. */
const CLEARING: ReadonlyMap<string, string> = new Map([
  ["kmalloc", "kzalloc"],
  ["kmalloc_node", "kzalloc_node"],
  ["devm_kmalloc", "devm_kzalloc"],
  ["kvmalloc", "kvzalloc"],
  ["vmalloc", "vzalloc"],
]);

/** Types of which the driver sets one member, and registering sets the others. */
const WHOLE: ReadonlySet<string> = new Set(["struct clk_hw"]);

/**
 * Descriptions that a driver fills in and hands over, and of which the kernel reads every member: in drivers/ and sound/
 * of 6.12 nine of ten on the stack are cleared first. (Of the configurations of a SoundWire stream it is seven of ten:
 * sdw_config_stream() of drivers/soundwire/stream.c copies the type.)
 */
const READ_WHOLE: ReadonlySet<string> = new Set([
  "struct backlight_properties",
  "struct cfg80211_scan_info",
  "struct dma_slave_config",
  "struct i2c_board_info",
  "struct ir_raw_event",
  "struct led_init_data",
  "struct mmc_command",
  "struct mmc_request",
  "struct mtd_oob_ops",
  "struct nvmem_config",
  "struct page_pool_params",
  "struct platform_device_info",
  "struct power_supply_config",
  "struct regmap_config",
  "struct regulator_config",
  "struct sdw_stream_config",
  "struct snd_kcontrol_new",
  "struct spi_transfer",
  "struct uart_8250_port",
  "struct v4l2_event",
  "struct v4l2_subdev_format",
]);

/** `struct dma_slave_config c; c.dst_addr = …; dmaengine_slave_config(chan, &c)`. */
function locals(program: Program, fn: Func): readonly PartlySet[] {
  const found: PartlySet[] = [];
  const events = fn.cfg.blocks.flatMap((block) => block.events).sort((a, b) => a.start - b.start);
  for (const event of events) {
    if (event.kind !== "declare" || event.variable.init !== undefined) continue;
    const { name, nameSpan, type } = event.variable;
    if (!READ_WHOLE.has(type.base) || type.pointers > 0 || type.dimensions.length > 0) continue;
    if (program.types.localsOf(fn.def).get(name)?.length !== 1) continue;
    // A static one is cleared before anything runs.
    if (/\bstatic\b/.test(lineOf(program, nameSpan))) continue;
    const uses = events.filter((each) => each.kind !== "declare" && isUse(each, name));
    const reader = uses.findIndex((each) => each.kind === "call");
    const call = uses[reader];
    if (call?.kind !== "call" || reader === 0) continue;
    const isField = (each: Event): boolean =>
      each.kind === "assign" && (placeOf(each.target) ?? "").startsWith(`${name}.`);
    if (!uses.slice(0, reader).every(isField) || !handsOver(program, call, name)) continue;
    const { start, end } = call;
    found.push({ kind: "local", place: name, reader: call.name ?? "", origin: nameSpan, start, end });
  }
  return found;
}

/** `f(…, &x)` of the kernel, which does not fill it in. */
function handsOver({ knowledge }: Program, { name, expr }: CallEvent, local: string): boolean {
  if (name === undefined || knowledge.fact(name) === undefined || /mem|get|parse|fill|default|copy/.test(name))
    return false;
  return expr.args.some((arg) => {
    const inner = stripCasts(arg);
    return inner.kind === "unary" && inner.op === "&" && isName(inner.operand, local);
  });
}

function lineOf({ file }: Program, { start }: Span): string {
  return file.text.slice(file.text.lastIndexOf("\n", start) + 1, start);
}

/** `p = kmalloc(…); p->chip.ops = &ops; chip_register(&p->chip);` */
function objects(program: Program, fn: Func): readonly PartlySet[] {
  const found: PartlySet[] = [];
  const events = fn.cfg.blocks.flatMap((block) => block.events).sort((a, b) => a.start - b.start);
  for (const event of events) {
    if (event.kind !== "assign" || event.target.kind !== "name" || event.value === undefined) continue;
    const call = stripCasts(event.value);
    const allocator = call.kind === "call" && call.callee.kind === "name" ? call.callee.name : "";
    const clearing = CLEARING.get(allocator);
    if (clearing === undefined || call.kind !== "call" || call.args.some((arg) => names(arg, "__GFP_ZERO"))) continue;
    const object = event.target.name;
    const after = events.filter((each) => each.start > event.end);
    const registration = after.find((each): each is CallEvent => registered(program, each, object) !== undefined);
    const member = registration === undefined ? undefined : registered(program, registration, object);
    const place = member === undefined ? undefined : placeOf(member);
    if (registration === undefined || member === undefined || place === undefined) continue;
    const type = program.types.typeOf(member, fn.def);
    if (type === undefined ? /^(devm_)?(of_)?clk_/.test(registration.name ?? "") : WHOLE.has(type.base)) continue;
    const between = after.filter((each) => each.start < registration.start);
    const isField = between.some((each) => each.kind === "assign" && placeOf(each.target)?.startsWith(`${place}.`));
    if (!isField || between.some((each) => maySetAll(program, each, object, place))) continue;
    const { start, end } = registration;
    const reader = registration.name ?? "";
    const origin = { start: call.callee.start, end: call.callee.end };
    found.push({ kind: "object", place, reader, origin, allocator, clearing, start, end });
  }
  return found;
}

/** The member that a call of the kernel registers: `p->chip` of `chip_register(&p->chip)`. */
function registered(program: Program, event: Event, object: string): Expr | undefined {
  if (event.kind !== "call" || event.name === undefined || !/register/.test(event.name)) return undefined;
  if (/unregister/.test(event.name) || program.knowledge.fact(event.name) === undefined) return undefined;
  for (const arg of event.expr.args) {
    const inner = stripCasts(arg);
    if (inner.kind === "unary" && inner.op === "&" && placeOf(inner.operand)?.startsWith(`${object}->`))
      return inner.operand;
  }
  return undefined;
}

/** A store over the object or the member, or a call that gets either and is none of the kernel's that only keep it. */
function maySetAll({ knowledge }: Program, event: Event, object: string, place: string): boolean {
  if (event.kind === "assign") {
    const target = placeOf(event.target);
    return target !== undefined && (target === place || target === `*${object}` || target === object);
  }
  if (event.kind !== "call") return false;
  return event.expr.args.some((arg) => {
    const inner = stripCasts(arg);
    if (inner.kind === "unary" && inner.op === "&") {
      const address = placeOf(inner.operand);
      return address !== undefined && (mentions(address, place) || mentions(place, address));
    }
    return (
      isName(inner, object) && (knowledge.fact(event.name ?? "") === undefined || /mem|init|copy/.test(event.name!))
    );
  });
}
