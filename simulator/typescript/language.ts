// What drivers import that is language rather than kernel: structs, casts, container_of, error pointers, lists.
import { alignOf, type Layout, type MemberType, type Scalar, sizeOf } from "../engine/layout.ts";
import { DriverFault } from "./fault.ts";
import { toInteger } from "./integers.ts";
import { type Kinds, layoutOf, sizeOfValue, typeOf } from "./kinds.ts";
import { ADDRESS, isPointer, memberOf, type Pointer, type References, TARGET } from "./references.ts";
import { segments } from "./segments.ts";

type Names = Readonly<Record<string, unknown>>;
type Made = (name: string) => unknown;

/** Asks a function of the kernel that neither blocks nor calls back. */
export type Ask = (header: string, name: string, ...args: number[]) => unknown;

/** What a name stands for; most drivers use few of the types. */
export function languageOf(kinds: Kinds, references: References, ask: Ask): Made {
  const types = new Map<string, unknown>();
  const names: Names = {
    ...typeMakers(kinds),
    ...pointers(references),
    ...errors(references),
    ...lists(references, ask),
    ...segments(references),
    ...loops(ask),
  };
  return (name) => {
    if (!types.has(name)) types.set(name, typeNamed(kinds, name) ?? names[name]);
    return types.get(name);
  };
}

/** Scalars, and C's own names of them on a 32-bit ARM. */
const SCALARS: Readonly<Record<string, Scalar>> = {
  u8: "u8",
  s8: "s8",
  u16: "u16",
  s16: "s16",
  u32: "u32",
  s32: "s32",
  u64: "u64",
  s64: "s64",
  bool: "bool",
  char: "u8",
  dev_t: "u32",
  int: "s32",
  long: "s32",
  size_t: "u32",
  ssize_t: "s32",
  uint: "u32",
  ulong: "u32",
};

function typeNamed(kinds: Kinds, name: string): unknown {
  const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  if (scalar !== undefined) return kinds.scalar(scalar, name);
  if (name === "loff_t" || name === "sector_t") return kinds.safe(name);
  if (name === "charp") return kinds.pointer(kinds.scalar("s8", "char"));
  return name === "iomem" || name === "user" ? kinds.opaque(name) : undefined;
}

function typeMakers(kinds: Kinds): Names {
  return {
    ptr: (to?: unknown) => kinds.pointer(to),
    array: (of: unknown, length: number) => kinds.array(of, length),
    struct: (name: string, members: Record<string, unknown>) =>
      kinds.declare(
        name,
        Object.entries(members).map(([member, type]) => [member, typeOf(type, `${name}.${member}`)] as const),
      ),
    sizeof: (value: unknown) => {
      const size = sizeOfValue(value);
      if (size === undefined) throw new DriverFault("sizeof: the size is not known");
      return size;
    },
    ARRAY_SIZE: (value: unknown) => {
      const target = isPointer(value) ? value[TARGET] : undefined;
      if (typeof target === "object" && target.kind === "elements" && target.length !== undefined) return target.length;
      throw new DriverFault("ARRAY_SIZE: an array is expected, and a pointer is none");
    },
    offsetof: (type: unknown, path: string) => placeOf(struct(type, "offsetof"), path).offset,
  };
}

function pointers(references: References): Names {
  const entry = (pointer: unknown, type: unknown, member: string): Pointer =>
    containerOf(references, pointer, type, member);
  return {
    NULL: null,
    // The table, since this kernel has device trees.
    of_match_ptr: (table: unknown) => table,
    container_of: entry,
    from_tasklet: (type: unknown, pointer: unknown, member: string) => entry(pointer, type, member),
    from_timer: (type: unknown, pointer: unknown, member: string) => entry(pointer, type, member),
    list_entry: entry,
    on_stack: (type: unknown) => {
      const of = typeOf(type, "on_stack");
      return references.to(of, references.around.stack.push(sizeOf(of), alignOf(of)));
    },
    addr: (pointer: unknown, path: string | number) => {
      const target = isPointer(pointer) ? pointer[TARGET] : undefined;
      if (pointer === null) throw new TypeError("Cannot read properties of null");
      if (typeof target !== "object") throw new DriverFault("addr: a struct or an array is expected");
      const start = addressOf(pointer, "addr");
      if (target.kind === "elements") return references.to(target.of, (start + Number(path) * sizeOf(target.of)) >>> 0);
      const { type, offset } = placeOf(target, String(path));
      return references.to(type, (start + offset) >>> 0);
    },
    cast: (type: unknown, pointer: unknown) => {
      const to = typeOf(type, "cast");
      const address = references.address(pointer, "cast");
      if (to.kind === "pointer") return references.pointer(to.to, address);
      return address === 0 ? null : references.to(to, address);
    },
  };
}

function containerOf(references: References, pointer: unknown, type: unknown, member: string): Pointer {
  const layout = struct(type, "container_of");
  return references.struct(layout, (addressOf(pointer, "container_of") - placeOf(layout, member).offset) >>> 0);
}

function errors(references: References): Names {
  const isError = (value: unknown): boolean => isPointer(value) && value[TARGET] === "error";
  return {
    IS_ERR: isError,
    IS_ERR_OR_NULL: (value: unknown) => value === null || isError(value),
    PTR_ERR: (value: unknown) => (isPointer(value) ? value[ADDRESS] | 0 : 0),
    PTR_ERR_OR_ZERO: (value: unknown) => (isPointer(value) && isError(value) ? value[ADDRESS] | 0 : 0),
    ERR_PTR: (error: number) =>
      references.pointer(
        "void",
        toInteger(error, "s32", "ERR_PTR", () => undefined),
      ),
  };
}

/** The loops of linux/list.h, as something to iterate over; `safe` reads the next entry before the body runs. */
function lists(references: References, ask: Ask): Names {
  /** What rcu_dereference_raw() says of the load just made: nothing but that it is a reader's. */
  const asReader = (address: number): number => {
    ask("linux/rcupdate", "rcu_dereference_raw", address);
    return address;
  };
  const over =
    (link: "next" | "prev", safe: boolean, isRcu = false) =>
    (head: unknown, type: unknown, member: string, cond?: unknown) => {
      const layout = struct(type, "list_for_each_entry");
      if (isRcu) ask("linux/rculist", "__list_check_rcu", cond ? 1 : 0);
      const { offset, type: node } = placeOf(layout, member);
      if (node.kind !== "struct") throw new DriverFault(`list_for_each_entry: '${member}' is no list_head`);
      const place = memberOf(node.layout, link);
      const follow = (from: number): number => {
        const to = references.address(references.load(place.type, (from + place.offset) >>> 0), "list_for_each_entry");
        return isRcu ? asReader(to) : to;
      };
      const end = addressOf(head, "list_for_each_entry");
      let at = end;
      let ahead = safe ? follow(end) : 0;
      const next = (): IteratorResult<unknown> => {
        at = safe ? ahead : follow(at);
        if (at === end) return { done: true, value: undefined };
        if (safe) ahead = follow(at);
        return { done: false, value: references.struct(layout, (at - offset) >>> 0) };
      };
      return { [Symbol.iterator]: () => ({ next }) };
    };
  /** The links themselves. */
  const links = (safe: boolean) => (head: unknown) => {
    const place = memberOf(layoutAt(head), "next");
    const follow = (from: number): number =>
      references.address(references.load(place.type, (from + place.offset) >>> 0), "list_for_each");
    const end = addressOf(head, "list_for_each");
    let at = end;
    let ahead = safe ? follow(end) : 0;
    const next = (): IteratorResult<unknown> => {
      at = safe ? ahead : follow(at);
      if (at === end) return { done: true, value: undefined };
      if (safe) ahead = follow(at);
      return { done: false, value: references.pointer(layoutAt(head), at) };
    };
    return { [Symbol.iterator]: () => ({ next }) };
  };
  const hashed =
    (safe: boolean, isRcu = false) =>
    (head: unknown, type: unknown, member: string, cond?: unknown) => {
      const layout = struct(type, "hlist_for_each_entry");
      if (isRcu) ask("linux/rculist", "__list_check_rcu", cond ? 1 : 0);
      const { offset, type: node } = placeOf(layout, member);
      if (node.kind !== "struct") throw new DriverFault(`hlist_for_each_entry: '${member}' is no hlist_node`);
      const link = memberOf(node.layout, "next");
      const load = (from: number): number => {
        const to = references.address(references.load(link.type, from), "hlist_for_each_entry");
        return isRcu ? asReader(to) : to;
      };
      let at = load(addressOf(head, "hlist_for_each_entry"));
      let started = false;
      let ahead = 0;
      const next = (): IteratorResult<unknown> => {
        if (started) at = safe ? ahead : load((at + link.offset) >>> 0);
        started = true;
        if (at === 0) return { done: true, value: undefined };
        if (safe) ahead = load((at + link.offset) >>> 0);
        return { done: false, value: references.struct(layout, (at - offset) >>> 0) };
      };
      return { [Symbol.iterator]: () => ({ next }) };
    };
  const first = (head: unknown, type: unknown, member: string): unknown => {
    for (const entry of over("next", false)(head, type, member)) return entry;
    return null;
  };
  return {
    // Of an empty list it is the struct that would be around the head, as in C.
    list_first_entry: (head: unknown, type: unknown, member: string) =>
      first(head, type, member) ?? containerOf(references, head, type, member),
    list_first_entry_or_null: first,
    list_for_each_entry: over("next", false),
    // Entries that leave meanwhile keep their link to the next one.
    list_for_each_entry_rcu: over("next", false, true),
    list_first_or_null_rcu: first,
    list_for_each_entry_reverse: over("prev", false),
    list_for_each_entry_safe: over("next", true),
    list_last_entry: (head: unknown, type: unknown, member: string) => {
      for (const entry of over("prev", false)(head, type, member)) return entry;
      return containerOf(references, head, type, member);
    },
    list_for_each: links(false),
    list_for_each_safe: links(true),
    hlist_for_each_entry: hashed(false),
    hlist_for_each_entry_rcu: hashed(false, true),
    hlist_for_each_entry_safe: hashed(true),
  };
}

/** The loops over CPUs and tasks, as something to iterate over. */
function loops(ask: Ask): Names {
  const cpus = (): number[] => Array.from({ length: Number(ask("linux/cpumask", "nr_cpu_ids")) }, (_, cpu) => cpu);
  const tasks = function* (): Generator<unknown, void> {
    const first = ask("linux/sched/signal", "init_task") as Pointer;
    const after = (task: Pointer): Pointer => ask("linux/sched/signal", "next_task", task[ADDRESS]) as Pointer;
    for (let task = after(first); task !== first; task = after(task)) yield task;
  };
  return {
    for_each_online_cpu: cpus,
    for_each_possible_cpu: cpus,
    for_each_present_cpu: cpus,
    // What is gone through is the list as it was.
    for_each_process: () => [...tasks()],
  };
}

function struct(type: unknown, user: string): Layout {
  const layout = layoutOf(type);
  if (!layout) throw new DriverFault(`${user}: a struct is expected`);
  return layout;
}

/** The struct that a pointer points to. */
function layoutAt(pointer: unknown): Layout {
  const target = isPointer(pointer) ? pointer[TARGET] : undefined;
  if (typeof target !== "object" || target.kind !== "layout")
    throw new DriverFault("list_for_each: a list_head is expected");
  return target;
}

function addressOf(pointer: unknown, user: string): number {
  if (pointer === null) return 0;
  if (!isPointer(pointer)) throw new DriverFault(`${user}: a pointer is expected`);
  return pointer[ADDRESS];
}

/** A member, or one inside an embedded struct: `dev.kobj`. */
function placeOf(layout: Layout, path: string): { type: MemberType; offset: number } {
  let type: MemberType = { kind: "struct", layout };
  let offset = 0;
  for (const name of path.split(".")) {
    if (type.kind !== "struct") throw new DriverFault(`'${path}' is no member of struct ${layout.name}`);
    const member = memberOf(type.layout, name);
    offset += member.offset;
    type = member.type;
  }
  return { type, offset };
}
