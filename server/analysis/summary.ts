// What a caller needs to know of a function: where it may sleep, what it does to locks and to what it is given.

import { placeOf, pointeeOf, renameRoot, rootOf, textOf } from "../program/places.ts";
import type { Func, Program } from "../program/program.ts";
import type { Expr } from "../syntax/ast.ts";
import type { Span } from "../text/lines.ts";
import type { FreeKind, Held, Owned } from "./state.ts";
import type { Value } from "./values.ts";

/** One call on the way to a site: `foo_fill()` called here. */
export interface CallStep extends Span {
  readonly callee: string;
  /** Path of the file in which the call stands. */
  readonly file: string;
}

/** A site happens only when a parameter, or a member of some object, has one of these values. */
export interface Condition {
  /** Index of the parameter; absent for a member, and for what is unclear of a function further down. */
  readonly param?: number;
  /** The condition is whether the parameter has this flag. */
  readonly flag?: string;
  /** A test of the parameter that nobody can compare with an argument, such as `flags & (A | B)`. */
  readonly unclear?: true;
  /** Name of the member: another function knows the object under another name, but the member under the same. */
  readonly member?: string;
  readonly value: Value;
}

/** Something that happens inside a function, at the end of a chain of calls. */
export interface Site extends Span {
  /** Calls from the function down to the one that holds the site; empty when it stands in the function itself. */
  readonly steps: readonly CallStep[];
  /** The function it stands in, and the path of its file. */
  readonly fn: string;
  readonly file: string;
  readonly conditions: readonly Condition[];
  /** Locks of the caller that were released when it happens. */
  readonly dropped: ReadonlySet<string>;
}

export interface SleepSite extends Site {
  /** The kernel function that may sleep. */
  readonly callee: string;
  /** The gfp flags as written, for an allocation. */
  readonly gfp?: string;
  /** The flags are this parameter, and the caller decides. */
  readonly gfpParam?: number;
  /** What the parameter says is how long it sleeps, not the flags: 0 is not at all. */
  readonly isDelay?: true;
}

/** A lock is taken, in words of the function's parameters. */
export interface AcquireSite extends Site {
  readonly key: string;
  readonly held: Held;
}

/** What a function obtains for its caller and returns. */
export interface Gift {
  /** The kernel function that it came from. */
  readonly from: string;
  readonly what: string;
  readonly releasedBy: readonly string[];
  /** The signs of the result when there is nothing to give. */
  readonly failedMask: number;
}

/** How a function that returns a pointer says that it failed. */
export interface Fails {
  /** ZERO for NULL, NEGATIVE for an error pointer. */
  readonly mask: number;
  /** It allocates, so that it may fail at any time. */
  readonly allocates: boolean;
}

/** Something that a function has obtained when it succeeds and that a place of its caller leads to. */
export type Acquired = Omit<Owned, "at" | "aliases" | "pins" | "through">;

/** Memory of the caller that a function frees. */
export interface FreeEffect extends Span {
  /** In words of the function's parameters. */
  readonly place: string;
  /** The signs of the result with which it is freed on every path. */
  readonly mask: number;
  readonly by: string;
  readonly how: FreeKind;
  /** The function it is freed in, and the path of its file. */
  readonly fn: string;
  readonly file: string;
}

/** How a function may end, as far as locks go. */
export interface LockExit {
  readonly mask: number;
  readonly held: readonly Held[];
  readonly dropped: readonly string[];
}

/** A function as its callers need to know it. */
export interface Callee {
  readonly name: string;
  /** Path of the file it stands in. */
  readonly file: string;
  readonly isStatic: boolean;
  /** Names of its parameters. */
  readonly params: readonly string[];
  /** Locals that its summary names: a caller has no name for what they hold. */
  readonly locals: readonly string[];
  /** Variables that its summary names and that other files do not know, as far as declarations tell. */
  readonly statics: readonly string[];
}

export interface Summary {
  readonly fn: Callee;
  /** All of it was understood; otherwise it may do more than is said here. */
  readonly complete: boolean;
  readonly sleeps: readonly SleepSite[];
  readonly acquires: readonly AcquireSite[];
  /** Undefined when what it does to locks is not understood. */
  readonly lockExits: readonly LockExit[] | undefined;
  /** The signs its result may have. */
  readonly returns: number;
  /** Names of the kernel's release functions it may call, itself or through others of the driver. */
  readonly releases: ReadonlySet<string>;
  /** Parameters of which it neither keeps nor frees the pointer. */
  readonly borrows: ReadonlySet<number>;
  /** Set when every successful result has to be given back by the caller. */
  readonly gives?: Gift;
  /** Set when it may return NULL or an error pointer. */
  readonly fails?: Fails;
  /** What its caller has to give back after it succeeded, in words of its parameters. */
  readonly leaves?: readonly Acquired[];
  /** What it frees; absent in what an older version kept. */
  readonly frees?: readonly FreeEffect[];
  /** Parameters that it follows, or hands to someone who does. */
  readonly follows?: ReadonlySet<number>;
}

/** A place of a called function in the caller's words; undefined where the caller has no name for it. */
export function toCaller(named: string, callee: Callee, args: readonly Expr[], program: Program): string | undefined {
  if (named[0] === "@") return named;
  const place = named.includes("[") ? withIndices(named, callee, args) : named;
  if (place === undefined) return undefined;
  const root = rootOf(place);
  const param = callee.params.indexOf(root);
  if (param < 0) {
    if (callee.locals.includes(root)) return undefined;
    // Another file's static variable: the name means something else here.
    return callee.file !== program.path && callee.statics.includes(root) ? undefined : place;
  }
  const arg = args[param];
  if (arg === undefined) return undefined;
  if (place === `*${root}`) return pointeeOf(arg);
  const arrow = `${root}->`;
  if (place.startsWith(arrow)) {
    const inner = stripCasts(arg);
    if (inner.kind === "unary" && inner.op === "&") {
      const base = placeOf(inner.operand);
      return base === undefined ? undefined : `${base}.${place.slice(arrow.length)}`;
    }
  }
  const base = placeOf(arg);
  return base === undefined ? undefined : renameRoot(place, root, base);
}

/** `bufs->page[index]` with the caller's words for `index`; undefined when it has none, as for a local of the callee. */
function withIndices(place: string, callee: Callee, args: readonly Expr[]): string | undefined {
  let known = true;
  const renamed = place.replace(/\[([^\]]*)\]/g, (_, index: string) => {
    const text = index.replace(/(?<![\w.>])[A-Za-z_]\w*/g, (word) => {
      const arg = args[callee.params.indexOf(word)];
      const inCaller = arg === undefined ? undefined : textOf(stripCasts(arg));
      known &&= inCaller !== undefined || /^[A-Z][A-Z0-9_]*$/.test(word);
      return inCaller ?? word;
    });
    return `[${text}]`;
  });
  return known ? renamed : undefined;
}

export function stripCasts(expr: Expr): Expr {
  return expr.kind === "cast" ? stripCasts(expr.operand) : expr;
}

/** What callers need to know of a function whose summary names these places. */
export function calleeOf(fn: Func, program: Program, places: readonly string[]): Callee {
  const params = fn.def.params.map((each) => each.name);
  const roots = new Set(places.flatMap((place) => (place[0] === "@" ? [] : [rootOf(place)])));
  const named = [...roots].filter((root) => !params.includes(root));
  return {
    name: fn.name,
    file: fn.file,
    isStatic: fn.def.isStatic,
    params,
    locals: named.filter((root) => program.types.isLocal(fn.def, root)),
    statics: named.filter((root) => !program.types.isShared(root)),
  };
}
