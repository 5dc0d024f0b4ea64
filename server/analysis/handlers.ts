// What a function that the kernel calls back uses of the driver's own data, and what it asks before it does so.
import { functionName } from "../program/entries.ts";
import { placeOf, walkExpr } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import { addressed, derivedFrom, isDerived, memberClass, rootName } from "./driver-objects.ts";
import { orderOf, type Point, pointsOf } from "./order.ts";
import { type CallStep, stripCasts } from "./summary.ts";

/** An object is handed to the kernel by its address, a pointer is followed, the driver's data is asked for. */
export type UseKind = "object" | "pointer" | "drvdata";

export interface Use extends Span {
  readonly kind: UseKind;
  /** As `memberClass` names it. */
  readonly thing: string;
  /** As it is written. */
  readonly place: string;
  /** The kernel function that it is given to. */
  readonly callee?: string;
  readonly fn: string;
  readonly file: string;
  /** Calls from the handler to the function with the use. */
  readonly steps: readonly CallStep[];
  /** Members that are tested on the way: with one outcome the use is not reached. `?`: something else that is not known. */
  readonly gates: ReadonlySet<string>;
}

/** Calls below a handler that are followed. */
const DEPTH = 4;

/** The functions that an expression may hand over: a name, or a member that tables of the file fill in. */
export function handlersOf(program: Program, expr: Expr | undefined): readonly string[] {
  const name = functionName(expr);
  if (name !== undefined) return program.functions.has(name) ? [name] : [];
  const inner = expr === undefined ? undefined : stripCasts(expr);
  if (inner?.kind !== "member") return [];
  const found = new Set<string>();
  for (const { init } of program.file.unit.variables) {
    if (init?.kind !== "initializer") continue;
    for (const { path, value } of init.items) {
      const each = path.at(-1) === inner.field ? functionName(value) : undefined;
      if (each !== undefined && program.functions.has(each)) found.add(each);
    }
  }
  return [...found];
}

/** Uses of the wanted things, found through the last parameter of a handler, or through any parameter or variable. */
export function usesOf(
  program: Program,
  handler: string,
  params: "last" | "all",
  wanted: ReadonlySet<string>,
): readonly Use[] {
  const fn = program.functions.get(handler);
  if (fn === undefined) return [];
  const { length } = fn.def.params;
  const search = { program, wanted, globals: params === "all", visited: new Set([handler]), uses: [] as Use[] };
  const own = params === "last" ? [length - 1] : [...Array(length).keys()];
  collect(search, fn, own, [], new Set());
  return search.uses;
}

interface Search {
  readonly program: Program;
  readonly wanted: ReadonlySet<string>;
  /** What variables of the file lead to counts, too: a file operation may find its device that way. */
  readonly globals: boolean;
  readonly visited: Set<string>;
  readonly uses: Use[];
}

function collect(
  search: Search,
  fn: Func,
  params: readonly number[],
  steps: readonly CallStep[],
  above: ReadonlySet<string>,
): void {
  const { program, wanted, visited } = search;
  const derived = new Set(derivedFrom(fn, params));
  const asked = search.globals ? gotFromCalls(fn) : NONE;
  const leads = (expr: Expr): boolean => {
    const root = rootName(expr);
    if (root === undefined) return false;
    if (derived.has(root)) return true;
    if (!program.types.isLocal(fn.def, root)) return program.types.global(root) !== undefined;
    // An operation may ask anyone for its device: `foo = foo_get_master()->foo`.
    return search.globals && asked.has(root);
  };
  if (search.globals)
    for (const { event } of pointsOf(fn))
      if (event.kind === "assign" && event.target.kind === "name" && event.value !== undefined && leads(event.value))
        derived.add(event.target.name);
  for (const point of pointsOf(fn)) {
    const { event } = point;
    const note = (kind: UseKind, thing: Expr | "@drvdata", callee?: string): void => {
      const name = thing === "@drvdata" ? thing : memberClass(program, fn, thing);
      if (name === undefined || !wanted.has(name) || (thing !== "@drvdata" && !leads(thing))) return;
      const gates = gatesOf(program, fn, point, derived);
      search.uses.push({
        kind,
        thing: name,
        place: thing === "@drvdata" ? "" : (placeOf(thing) ?? name),
        ...(callee === undefined ? {} : { callee }),
        fn: fn.name,
        file: fn.file,
        steps,
        gates: new Set([...above, ...gates]),
        start: event.start,
        end: event.end,
      });
    };
    if (event.kind === "guard") {
      const lock = event.lock === undefined ? undefined : addressed(event.lock);
      if (lock !== undefined) note("object", lock);
    } else if (event.kind === "deref") {
      const base = stripCasts(event.base);
      if (base.kind === "member" && isPointer(program, fn, base)) note("pointer", base);
    } else if (event.kind === "call" && event.name !== undefined) {
      const callee = program.functions.get(event.name);
      const given = event.expr.args.flatMap((arg, index) => (isDerived(derived, arg) ? [index] : []));
      if (callee !== undefined) {
        if (visited.has(event.name) || steps.length >= DEPTH || given.length === 0) continue;
        visited.add(event.name);
        const step = { callee: event.name, file: fn.file, start: event.start, end: event.end };
        const gates = new Set([...above, ...gatesOf(program, fn, point, derived)]);
        collect(search, callee, given, [...steps, step], gates);
        continue;
      }
      const work = search.globals ? undefined : workOf(program, fn, event.name, event.expr.args);
      if (work !== undefined && !visited.has(work.name) && leads(work.object)) {
        visited.add(work.name);
        const gates = new Set([...above, ...gatesOf(program, fn, point, derived)]);
        const step = { callee: event.name, file: fn.file, start: event.start, end: event.end };
        if (steps.length < DEPTH) collect(search, work.fn, [0], [...steps, step], gates);
      }
      if (GETS_DRVDATA.test(event.name) && given.length > 0) note("drvdata", "@drvdata", event.name);
      const fact = program.knowledge.fn(event.name);
      for (const [index, arg] of event.expr.args.entries()) {
        const object = addressed(arg);
        if (object !== undefined) note("object", object, event.name);
        const value = stripCasts(arg);
        const pointer = value.kind === "binary" && value.op === "+" ? stripCasts(value.left) : value;
        if (pointer.kind !== "member" || !isPointer(program, fn, pointer)) continue;
        if (value.kind === "binary" || fact?.derefs?.includes(index) === true) note("pointer", pointer, event.name);
        else if (QUEUES.test(event.name)) note("object", pointer, event.name);
      }
    }
  }
}

const SCHEDULES =
  /^(schedule_(delayed_)?work(_on)?|(queue|mod)_(delayed_)?work(_on)?|kthread_(queue|mod)_(delayed_)?work|tasklet_(hi_)?schedule)$/;
const SETS_FUNCTION = /^(INIT_(DELAYED_|DEFERRABLE_)?WORK|kthread_init_(delayed_)?work|tasklet_setup)$/;

/** The function of the file that a work runs at once, when it is scheduled: `INIT_WORK(&foo->work, foo_work)`. */
function workOf(
  program: Program,
  from: Func,
  name: string,
  args: readonly Expr[],
): { readonly name: string; readonly fn: Func; readonly object: Expr } | undefined {
  if (!SCHEDULES.test(name)) return undefined;
  const object = args.flatMap((arg) => addressed(arg) ?? [])[0];
  const thing = object === undefined ? undefined : memberClass(program, from, object);
  if (object === undefined || thing === undefined) return undefined;
  for (const fn of program.functions.values())
    for (const { event } of pointsOf(fn)) {
      if (event.kind !== "call" || !SETS_FUNCTION.test(event.name ?? "")) continue;
      const [first, second] = event.expr.args;
      const own = first === undefined ? undefined : addressed(first);
      const work = program.functions.get(functionName(second) ?? "");
      if (own !== undefined && work !== undefined && memberClass(program, fn, own) === thing)
        return { name: work.name, fn: work, object };
    }
  return undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** Locals that hold what a call without arguments gave, or a member of that. */
function gotFromCalls(fn: Func): ReadonlySet<string> {
  const got = new Set<string>();
  for (const { event } of pointsOf(fn)) {
    if (event.kind !== "assign" || event.target.kind !== "name" || event.value === undefined) continue;
    const value = stripCasts(event.value);
    const root = rootName(value);
    if ((value.kind === "call" && value.args.length === 0) || (root !== undefined && got.has(root)))
      got.add(event.target.name);
  }
  return got;
}

/** Calls whose first argument is the workqueue that takes the work. */
const QUEUES = /^(queue|mod)_(delayed_|rcu_)?work(_on)?$|^kthread_(queue|mod)_/;

export const GETS_DRVDATA = /^\w+_get_(drv|client|intf)data$/;

function isPointer(program: Program, fn: Func, expr: Expr): boolean {
  const type = program.types.typeOf(expr, fn.def);
  return type !== undefined && type.pointers === 1 && type.dimensions.length === 0 && !type.callable;
}

/** What decides on the way to an event whether it happens at all, as far as it is the driver's own data. */
export function gatesOf(program: Program, fn: Func, point: Point, derived: ReadonlySet<string>): ReadonlySet<string> {
  const order = orderOf(fn);
  const gates = new Set<string>();
  for (const { id, exit } of fn.cfg.blocks) {
    if (exit.kind !== "branch" && exit.kind !== "switch") continue;
    if (!order.leadsTo(fn.cfg.entry, id)) continue;
    const to =
      exit.kind === "branch" ? [exit.whenTrue, exit.whenFalse] : [...exit.arms.map((arm) => arm.to), exit.otherwise];
    const reaching = to.filter((each) => order.leadsTo(each, point.block));
    if (reaching.length === 0 || reaching.length === to.length) continue;
    for (const gate of asked(program, fn, exit.kind === "branch" ? exit.test : exit.value, derived)) gates.add(gate);
  }
  return gates;
}

/** Calls that only look at the driver's own state, and calls that ask the kernel whether the device is in use. */
const LOOKS = /^(test_bit|atomic\w*_read|READ_ONCE|smp_load_acquire|list_empty\w*|kref_read|refcount_read|IS_ERR\w*)$/;
const ASKS = /running|enabled|active|busy|present|suspended|ready|pending|online|opened|is_up|in_use|trylock|not_zero/;

function asked(program: Program, fn: Func, test: Expr, derived: ReadonlySet<string>, deep = true): readonly string[] {
  const expr = stripCasts(test);
  switch (expr.kind) {
    case "call": {
      const name = expr.callee.kind === "name" ? expr.callee.name : "";
      if (LOOKS.test(name)) return expr.args.flatMap((arg) => asked(program, fn, addressed(arg) ?? arg, derived));
      return ASKS.test(name) ? ["?"] : [];
    }
    case "member": {
      const thing = memberClass(program, fn, expr);
      return [thing ?? "?"];
    }
    case "index":
      return ["?"];
    case "name": {
      if (!program.types.isLocal(fn.def, expr.name))
        return program.types.global(expr.name) === undefined ? [] : [expr.name];
      if (derived.has(expr.name) || !deep) return derived.has(expr.name) ? held(program, fn, expr.name) : [];
      // A local that holds a member: `req = dev->req; if (!req)`.
      return pointsOf(fn).flatMap(({ event }) =>
        event.kind === "assign" && event.target.kind === "name" && event.target.name === expr.name && event.value
          ? asked(program, fn, event.value, derived, false)
          : [],
      );
    }
    case "unary":
      return asked(program, fn, expr.operand, derived, deep);
    case "binary":
      return [...asked(program, fn, expr.left, derived, deep), ...asked(program, fn, expr.right, derived, deep)];
    case "assign":
      return asked(program, fn, expr.value, derived, deep);
    case "cast":
    case "comma":
    case "conditional": {
      const found: string[] = [];
      walkExpr(expr, (each) => {
        if (each.kind === "member") found.push(memberClass(program, fn, each) ?? "?");
      });
      return found;
    }
    default:
      return [];
  }
}

/** The members that a derived local was read from: the handler asks whether it is there yet. */
function held(program: Program, fn: Func, name: string): readonly string[] {
  return pointsOf(fn).flatMap(({ event }) => {
    if (event.kind !== "assign" || event.target.kind !== "name" || event.target.name !== name) return [];
    const value = event.value === undefined ? undefined : stripCasts(event.value);
    if (value?.kind === "member") return [memberClass(program, fn, value) ?? "?"];
    return value?.kind === "call" && GETS_DRVDATA.test(value.callee.kind === "name" ? value.callee.name : "")
      ? ["@drvdata"]
      : [];
  });
}
