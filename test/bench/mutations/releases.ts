// Mistakes with what has to be given back: on error paths, at labels, out of loops over device nodes.
import type { Stmt } from "../../../server/syntax/ast.ts";
import {
  callOf,
  chainOf,
  drop,
  governing,
  handlesOf,
  type Mutation,
  mentionsName,
  type Operator,
  type Place,
  RULES,
  type Subject,
  textAt,
  type Undoing,
  undoing,
} from "./mutation.ts";

interface Undo {
  readonly kind: Undoing;
  readonly handles: readonly string[];
}

function undosOf(subject: Subject, chain: readonly Stmt[]): readonly Undo[] {
  return chain.flatMap((stmt) => {
    const call = callOf(stmt);
    const kind = call === undefined ? undefined : undoing(subject.program.knowledge, call.name);
    return call === undefined || kind === undefined ? [] : [{ kind, handles: handlesOf(subject, call.expr) }];
  });
}

/** What is undone was there before, and is not what just failed. */
function isDue(subject: Subject, place: Place, { kind, handles }: Undo): boolean {
  const test = governing(place);
  const from = (test ?? place.stmt).start;
  const before = subject.text.slice(subject.fn.def.body.start, from);
  if (handles.length === 0) return false;
  if (kind === "lock") return handles.some((each) => mentionsName(before, each));
  const tested = test === undefined ? "" : textAt(subject, test.test);
  const last = place.above.length > 0 ? before.slice(before.lastIndexOf(";", before.trimEnd().length - 2)) : "";
  return handles.every(
    (each) => mentionsName(before, each) && !mentionsName(tested, each) && !mentionsName(last, each),
  );
}

const isInteger = ({ fn }: Subject): boolean =>
  fn.def.returns.pointers === 0 && /^(int|ssize_t|long|irqreturn_t)$/.test(fn.def.returns.base);

/** `goto err` → `return ret`. */
const returnForGoto: Operator = (subject) => {
  if (!isInteger(subject)) return [];
  return subject.places.flatMap((place): Mutation[] => {
    const { stmt } = place;
    if (stmt.kind !== "goto" || stmt.label === undefined || governing(place) === undefined) return [];
    const chain = chainOf(subject, stmt.label);
    const last = chain?.at(-1);
    if (chain === undefined || last?.kind !== "return" || last.value?.kind !== "name") return [];
    const due = undosOf(subject, chain).find((each) => isDue(subject, place, each));
    if (due === undefined) return [];
    const changes = [{ start: stmt.start, end: stmt.end, text: `return ${last.value.name};` }];
    return [{ operator: `return-for-goto-${due.kind}`, expects: RULES[due.kind], fn: subject.fn.name, changes }];
  });
};

/** `goto err_a` → `goto err_b`, the label after what is to be undone. */
const lateLabel: Operator = (subject) =>
  subject.places.flatMap((place): Mutation[] => {
    const { stmt } = place;
    if (stmt.kind !== "goto" || stmt.label === undefined || governing(place) === undefined) return [];
    const chain = chainOf(subject, stmt.label);
    const from = subject.places.find((each) => each.stmt.kind === "label" && each.stmt.name === stmt.label);
    const next = from?.list.slice(from.index + 1).find((each) => each.kind === "label");
    if (chain === undefined || next?.kind !== "label") return [];
    const between = chain.filter((each) => each.start < next.start && each.start > (from?.stmt.start ?? 0));
    const due = undosOf(subject, between).find((each) => each.kind !== "lock" && isDue(subject, place, each));
    if (due === undefined || between.some((each) => each.kind === "goto" || each.kind === "return")) return [];
    const changes = [{ start: stmt.start, end: stmt.end, text: `goto ${next.name};` }];
    return [{ operator: `late-label-${due.kind}`, expects: RULES[due.kind], fn: subject.fn.name, changes }];
  });

/** A release at a label is left out. */
const releaseAtLabel: Operator = (subject) => {
  const labels = new Set(subject.places.flatMap(({ stmt }) => (stmt.kind === "goto" ? (stmt.label ?? []) : [])));
  const seen = new Set<number>();
  return [...labels].flatMap((label) =>
    (chainOf(subject, label) ?? []).flatMap((stmt): Mutation[] => {
      const call = callOf(stmt);
      const kind = call === undefined ? undefined : undoing(subject.program.knowledge, call.name);
      if (call === undefined || kind === undefined || seen.has(stmt.start)) return [];
      if (handlesOf(subject, call.expr).length === 0) return [];
      seen.add(stmt.start);
      return [{ operator: `drop-at-label-${kind}`, expects: RULES[kind], fn: subject.fn.name, changes: [drop(stmt)] }];
    }),
  );
};

/** A release before an error return, or before a loop is left, is left out. */
const releaseBeforeLeaving: Operator = (subject) =>
  subject.places.flatMap((place): Mutation[] => {
    const call = callOf(place.stmt);
    const kind = call === undefined ? undefined : undoing(subject.program.knowledge, call.name);
    if (call === undefined || kind === undefined || place.stmt.kind === "label") return [];
    const rest = place.list.slice(place.index + 1);
    const last = rest.at(-1);
    const isNested = governing(place) !== undefined;
    const leavesLoop = kind === "reference" && (last?.kind === "break" || last?.kind === "goto");
    if (last?.kind !== "return" && !leavesLoop) return [];
    if (!isNested && kind !== "lock") return [];
    if (rest.slice(0, -1).some((each) => each.kind !== "expression")) return [];
    const operator = isNested ? `drop-before-leaving-${kind}` : "drop-unlock-at-end";
    return [{ operator, expects: RULES[kind], fn: subject.fn.name, changes: [drop(place.stmt)] }];
  });

/** `for_each_child_of_node_scoped(np, child)` → the form without a scope, where the loop is left early. */
const unscopedLoop: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    if (stmt.kind !== "macro" || !/_of_node_scoped$/.test(stmt.name)) return [];
    const child = stmt.args.at(-1);
    const isLeft = subject.places.some(
      ({ stmt: each, above }) => above.includes(stmt) && (each.kind === "return" || each.kind === "goto"),
    );
    if (child?.kind !== "name" || !isLeft) return [];
    const text = `struct device_node *${child.name};\n${stmt.name.replace(/_scoped$/, "")}`;
    const changes = [{ start: stmt.nameSpan.start, end: stmt.nameSpan.end, text }];
    return [{ operator: "unscoped-loop", expects: ["refcount-leak"], fn: subject.fn.name, changes }];
  });

/** An error path's `goto` or release of what a `return` in front of it leaves held. */
const unlockForLock: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    const call = callOf(stmt);
    if (call === undefined || !/^(mutex|spin)_unlock$/.test(call.name)) return [];
    const { start, end } = call.expr.callee;
    const changes = [{ start, end, text: call.name.replace("unlock", "lock") }];
    return [{ operator: "lock-for-unlock", expects: ["double-lock", "missing-unlock"], fn: subject.fn.name, changes }];
  });

/** What the goto's label frees is freed before it as well. */
const freeTwice: Operator = (subject) =>
  subject.places.flatMap((place): Mutation[] => {
    const { stmt } = place;
    if (stmt.kind !== "goto" || stmt.label === undefined || governing(place) === undefined) return [];
    const free = (chainOf(subject, stmt.label) ?? []).find((each) => callOf(each)?.name === "kfree");
    const call = callOf(free);
    if (free === undefined || call === undefined) return [];
    const handles = handlesOf(subject, call.expr);
    if (!isDue(subject, place, { kind: "known", handles })) return [];
    const changes = [
      { start: stmt.start, end: stmt.end, text: `{ ${textAt(subject, free)} ${textAt(subject, stmt)} }` },
    ];
    return [{ operator: "free-twice", expects: ["double-free", "use-after-free"], fn: subject.fn.name, changes }];
  });

/** `foo(p); kfree(p);` → `kfree(p); foo(p);`. */
const freeFirst: Operator = (subject) =>
  subject.places.flatMap((place): Mutation[] => {
    const call = callOf(place.stmt);
    const before = place.list[place.index - 1];
    if (call === undefined || before === undefined || place.stmt.kind === "label") return [];
    if (!/^(kfree|kvfree|vfree|put_device|of_node_put|kfree_skb|free_netdev)$/.test(call.name)) return [];
    const [handle] = handlesOf(subject, call.expr);
    const used = textAt(subject, before);
    if (before.kind !== "expression" || handle === undefined || !used.includes(`${handle}->`)) return [];
    const changes = [
      { start: before.start, end: before.end, text: textAt(subject, place.stmt) },
      { start: place.stmt.start, end: place.stmt.end, text: used },
    ];
    return [{ operator: "free-first", expects: ["use-after-free", "double-free"], fn: subject.fn.name, changes }];
  });

export const releaseOperators: readonly Operator[] = [
  returnForGoto,
  lateLabel,
  releaseAtLabel,
  releaseBeforeLeaving,
  unscopedLoop,
  unlockForLock,
  freeTwice,
  freeFirst,
];
