// Mistakes with what outlives its data, with lists, and with what goes to and comes from user space and devices.
import type { Expr } from "../../../server/syntax/ast.ts";
import {
  callOf,
  callsIn,
  drop,
  leaves,
  type Mutation,
  mentionsName,
  type Operator,
  type Subject,
  textAt,
} from "./mutation.ts";

const STOPS =
  /^(cancel_work_sync|cancel_delayed_work_sync|del_timer_sync|timer_delete_sync|timer_shutdown_sync|tasklet_kill|free_irq|hrtimer_cancel)$/;

/** What remove() stops is not stopped: it is the only call of its kind for this in the file. */
const notStopped: Operator = (subject) => {
  const { fn, program, places } = subject;
  const isRemove =
    /(^|_)(remove|disconnect|detach|shutdown_one|remove_one)$/.test(fn.name) &&
    program.entries.some((each) => each.fn === fn.name);
  if (!isRemove) return [];
  return places.flatMap(({ stmt }): Mutation[] => {
    const call = callOf(stmt);
    if (call === undefined || !STOPS.test(call.name)) return [];
    const of = /(\w+)$/.exec(textAt(subject, call.expr.args[0] ?? call.expr))?.[1] ?? "";
    const others = subject.text.split("\n").filter((line) => /cancel|del_timer|timer_|kill|free_irq/.test(line));
    if (call.name !== "free_irq" && others.filter((line) => mentionsName(line.replaceAll("->", " "), of)).length > 1)
      return [];
    const expects =
      call.name === "free_irq"
        ? ["irq-requested-before-ready", "missing-cancel-on-remove", "missing-release-on-error-path", "use-after-free"]
        : ["missing-cancel-on-remove", "use-after-free"];
    return [{ operator: call.name === "free_irq" ? "irq-not-freed" : "not-stopped", expects, changes: [drop(stmt)] }];
  });
};

/** `list_del(&p->list); kfree(p);` without the first. */
const stillListed: Operator = (subject) =>
  subject.places.flatMap(({ stmt, list, index }): Mutation[] => {
    const call = callOf(stmt);
    if (call === undefined || !/^(list_del|list_del_init|hlist_del)$/.test(call.name) || stmt.kind === "label")
      return [];
    const of = /^&(\w+)->/.exec(textAt(subject, call.expr.args[0] ?? call.expr))?.[1];
    const free = list.slice(index + 1).find((each) => callOf(each)?.name === "kfree");
    if (of === undefined || free === undefined || textAt(subject, free) !== `kfree(${of});`) return [];
    const expects = ["use-after-free", "list-del-in-non-safe-iteration", "missing-cancel-on-remove"];
    return [{ operator: "still-listed", expects, fn: subject.fn.name, changes: [drop(stmt)] }];
  });

/** `list_for_each_entry_safe(p, tmp, …)` that frees p → the form that is not safe. */
const unsafeLoop: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    if (stmt.kind !== "macro" || stmt.name !== "list_for_each_entry_safe") return [];
    const [of, tmp] = stmt.args;
    if (of?.kind !== "name" || tmp === undefined || stmt.body.kind !== "compound") return [];
    const isTaken = stmt.body.body.some((each) => /^(kfree|list_del|list_move)/.test(callOf(each)?.name ?? ""));
    const ends = leaves(stmt.body) || stmt.body.body.at(-1)?.kind === "break";
    if (!isTaken || ends || mentionsName(textAt(subject, stmt.body), textAt(subject, tmp))) return [];
    const changes = [
      { start: stmt.nameSpan.start, end: stmt.nameSpan.end, text: "list_for_each_entry" },
      { start: tmp.start, end: stmt.args[2]?.start ?? tmp.end, text: "" },
    ];
    return [
      {
        operator: "unsafe-loop",
        expects: ["list-del-in-non-safe-iteration", "use-after-free"],
        fn: subject.fn.name,
        changes,
      },
    ];
  });

/** The test that bounds a length before copy_from_user() is left out. */
const unbounded: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    if (stmt.kind !== "if" || stmt.otherwise !== undefined || stmt.test.kind !== "binary") return [];
    const { left, op } = stmt.test;
    if (!/^>=?$/.test(op) || left.kind !== "name") return [];
    const rest = subject.text.slice(stmt.end, subject.fn.def.end);
    const copy = /copy_from_user\(([^,]+),[^,]+,([^;]*)\)/.exec(rest);
    if (copy === null || !mentionsName(copy[2]!, left.name)) return [];
    const to = copy[1]!.trim();
    const isArray = subject.fn.def.body.body.some(
      (each) =>
        each.kind === "declaration" && each.variables.some((one) => one.name === to && one.type.dimensions.length > 0),
    );
    if (!isArray) return [];
    return [
      { operator: "no-bound", expects: ["user-copy-unchecked-length"], fn: subject.fn.name, changes: [drop(stmt)] },
    ];
  });

/** A struct that goes to user space is no longer cleared. */
const notCleared: Operator = (subject) => {
  const body = textAt(subject, subject.fn.def.body);
  const copied = [...body.matchAll(/copy_to_user\([^,]+,\s*&(\w+),\s*sizeof/g)].map((each) => each[1]!);
  return subject.places.flatMap(({ stmt }): Mutation[] => {
    const expects = ["info-leak-to-user", "uninitialized-use"];
    const call = callOf(stmt);
    const of = copied.find(
      (each) => call !== undefined && textAt(subject, call.expr.args[0] ?? call.expr) === `&${each}`,
    );
    if (call?.name === "memset" && of !== undefined)
      return [{ operator: "not-cleared", expects, fn: subject.fn.name, changes: [drop(stmt)] }];
    if (stmt.kind !== "declaration") return [];
    return stmt.variables.flatMap(({ name, nameSpan, init }): Mutation[] => {
      if (init?.kind !== "initializer" || init.items.length > 1 || !copied.includes(name)) return [];
      const changes = [{ start: nameSpan.end, end: init.end, text: "" }];
      return [{ operator: "not-cleared", expects, fn: subject.fn.name, changes }];
    });
  });
};

function calls(
  subject: Subject,
  name: RegExp,
): readonly { readonly args: readonly Expr[]; readonly start: number; readonly end: number }[] {
  const found: { args: readonly Expr[]; start: number; end: number }[] = [];
  for (const { stmt } of subject.places) {
    const call = callOf(stmt);
    if (call !== undefined && name.test(call.name))
      found.push({ args: call.expr.args, start: call.expr.start, end: call.expr.end });
  }
  return found;
}

/** `writel(v, base + REG)` → `*(u32 *)(base + REG) = v`. */
const followedIomem: Operator = (subject) =>
  calls(subject, /^(writel|iowrite32|writel_relaxed)$/).flatMap(({ args, start, end }): Mutation[] => {
    const [value, address] = args;
    if (value === undefined || address?.kind !== "binary") return [];
    const text = `*(u32 *)(${textAt(subject, address)}) = ${textAt(subject, value)}`;
    return [
      { operator: "iomem-followed", expects: ["iomem-deref"], fn: subject.fn.name, changes: [{ start, end, text }] },
    ];
  });

/** `if (copy_from_user(&x, p, n)) return -EFAULT` → `memcpy(&x, p, n)`. */
const followedUser: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    if (stmt.kind !== "if" || stmt.otherwise !== undefined) return [];
    if (stmt.test.kind !== "call" || callsIn(stmt.test)[0] !== "copy_from_user") return [];
    const text = `${textAt(subject, stmt.test).replace("copy_from_user", "memcpy")};`;
    const changes = [{ start: stmt.start, end: stmt.end, text }];
    return [{ operator: "user-followed", expects: ["user-pointer-deref"], fn: subject.fn.name, changes }];
  });

/** `copy_from_user()` whose result nobody looks at. */
const ignoredCopy: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    if (stmt.kind !== "if" || stmt.otherwise !== undefined || !leaves(stmt.consequence)) return [];
    const name = stmt.test.kind === "call" ? callsIn(stmt.test)[0] : undefined;
    if (name === undefined || !/^(copy_from_user|copy_to_user|get_user|clk_prepare_enable|request_irq)$/.test(name))
      return [];
    const changes = [{ start: stmt.start, end: stmt.end, text: `${textAt(subject, stmt.test)};` }];
    const expects = ["ignored-must-check", "unchecked-result", "uninitialized-use"];
    return [{ operator: "result-ignored", expects, fn: subject.fn.name, changes }];
  });

export const lifetimeOperators: readonly Operator[] = [
  notStopped,
  stillListed,
  unsafeLoop,
  unbounded,
  notCleared,
  followedIomem,
  followedUser,
  ignoredCopy,
];
