// Mistakes with results: a test left out, the wrong kind of test, an errno that is lost.
import type { Expr, IfStmt, Stmt } from "../../../server/syntax/ast.ts";
import {
  drop,
  governing,
  leaves,
  type Mutation,
  mentionsName,
  type Operator,
  type Place,
  type Subject,
  storeOf,
  textAt,
} from "./mutation.ts";

type Test = "null" | "errptr" | "errno";

/** What the test of a result asks, and of what. */
function testOf(subject: Subject, test: Expr): { readonly kind: Test; readonly of: string } | undefined {
  if (test.kind === "unary" && test.op === "!") return { kind: "null", of: textAt(subject, test.operand) };
  if (
    test.kind === "call" &&
    test.callee.kind === "name" &&
    test.callee.name === "IS_ERR" &&
    test.args[0] !== undefined
  )
    return { kind: "errptr", of: textAt(subject, test.args[0]) };
  if (test.kind === "name") return { kind: "errno", of: test.name };
  if (test.kind === "binary" && test.op === "<" && test.right.kind === "number" && test.right.text === "0")
    return test.left.kind === "name" ? { kind: "errno", of: test.left.name } : undefined;
  return undefined;
}

interface Tested {
  readonly stmt: IfStmt;
  readonly kind: Test;
  readonly of: string;
  readonly callee: string;
  readonly place: Place;
}

/** `x = call(…); if (…x…) leave`. */
function tested(subject: Subject): readonly Tested[] {
  return subject.places.flatMap((place): Tested[] => {
    const { stmt, list, index } = place;
    if (stmt.kind !== "if" || stmt.otherwise !== undefined || !leaves(stmt.consequence)) return [];
    const store = storeOf(list[index - 1]);
    const test = testOf(subject, stmt.test);
    if (store === undefined || test === undefined || textAt(subject, store.target) !== test.of) return [];
    return [{ stmt, ...test, callee: store.name, place }];
  });
}

/** The pointer is followed in what comes after. */
function isFollowed(subject: Subject, { stmt, of }: Tested): boolean {
  return subject.text.slice(stmt.end, subject.fn.def.end).includes(`${of}->`);
}

const noTest: Operator = (subject) =>
  tested(subject).flatMap((each): Mutation[] => {
    const fact = subject.program.knowledge.fn(each.callee);
    const changes = [drop(each.stmt)];
    const fn = subject.fn.name;
    if (each.kind === "errno") {
      // The next thing that happens is another assignment, or a return of something else.
      const rest = each.place.list.slice(each.place.index + 1);
      const next = rest.find((stmt) => mentionsName(textAt(subject, stmt), each.of));
      const isLost =
        next !== undefined &&
        storeOf(next)?.target.kind === "name" &&
        textAt(subject, storeOf(next)!.target) === each.of &&
        !mentionsName(textAt(subject, storeOf(next)!.call), each.of);
      if (!isLost) return [];
      const expects = ["ignored-must-check", "unchecked-result", "wrong-errno", "uninitialized-use"];
      return [{ operator: "no-errno-test", expects, fn, changes }];
    }
    const isKnown = each.kind === "null" ? fact?.returns === "null-on-failure" : fact?.returns === "errptr-on-failure";
    if (!isFollowed(subject, each)) return [];
    const operator = `no-${each.kind}-test${isKnown ? "" : "-unknown"}`;
    return [{ operator, expects: ["unchecked-result", "err-ptr-confusion"], fn, changes }];
  });

const otherTest: Operator = (subject) =>
  tested(subject).flatMap((each): Mutation[] => {
    const returns = subject.program.knowledge.fn(each.callee)?.returns;
    const fits =
      (each.kind === "null" && returns === "null-on-failure") ||
      (each.kind === "errptr" && returns === "errptr-on-failure");
    if (!fits) return [];
    const { start, end } = each.stmt.test;
    const changes = [{ start, end, text: each.kind === "null" ? `IS_ERR(${each.of})` : `!${each.of}` }];
    const expects = ["err-ptr-confusion", "unchecked-result"];
    return [{ operator: `${each.kind}-test-swapped`, expects, fn: subject.fn.name, changes }];
  });

/** `PTR_ERR(p)` of another pointer that was tested before. */
const otherPointer: Operator = (subject) => {
  const all = tested(subject).filter(({ kind }) => kind === "errptr");
  return all.flatMap((each, index): Mutation[] => {
    const earlier = all.slice(0, index).find(({ of }) => of !== each.of);
    const body = textAt(subject, each.stmt.consequence);
    const at = body.indexOf(`PTR_ERR(${each.of})`);
    if (earlier === undefined || at === -1) return [];
    const start = each.stmt.consequence.start + at + "PTR_ERR(".length;
    const changes = [{ start, end: start + each.of.length, text: earlier.of }];
    return [
      { operator: "ptr-err-of-other", expects: ["err-ptr-confusion", "wrong-errno"], fn: subject.fn.name, changes },
    ];
  });
};

const negative = (expr: Expr | undefined): string | undefined =>
  expr?.kind === "unary" && expr.op === "-" && expr.operand.kind === "name" && /^E[A-Z0-9]+$/.test(expr.operand.name)
    ? expr.operand.name
    : undefined;

/** `return -EINVAL` → `return EINVAL`. */
const positive: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    const name = stmt.kind === "return" ? negative(stmt.value) : undefined;
    if (name === undefined || stmt.kind !== "return" || stmt.value === undefined) return [];
    const { start, end } = stmt.value;
    return [
      {
        operator: "positive-errno",
        expects: ["wrong-errno"],
        fn: subject.fn.name,
        changes: [{ start, end, text: name }],
      },
    ];
  });

/** `ret = -ENOMEM; goto err` without the assignment, where `ret` is 0 from the test before. */
const lostErrno: Operator = (subject) =>
  subject.places.flatMap((place): Mutation[] => {
    const { stmt, list } = place;
    if (stmt.kind !== "expression" || stmt.expr.kind !== "assign" || stmt.expr.target.kind !== "name") return [];
    if (negative(stmt.expr.value) === undefined || list.at(-1)?.kind !== "goto") return [];
    const { name } = stmt.expr.target;
    const test = governing(place);
    if (test === undefined || mentionsName(textAt(subject, test.test), name)) return [];
    const before = subject.text.slice(subject.fn.def.body.start, test.start);
    // The last word on it before is `if (ret) leave` or `ret = 0`.
    const last = [...before.matchAll(new RegExp(`(?<![\\w>.])${name}(?!\\w)`, "g"))].at(-1);
    if (last === undefined) return [];
    const around = before.slice(Math.max(0, last.index - 20), last.index + name.length + 12);
    const isZero =
      new RegExp(`(?<![\\w>.])${name} = 0;`).test(around) ||
      (isAsked(before, name) && /(if \(|return )/.test(around.slice(0, 20)));
    if (!isZero) return [];
    return [
      {
        operator: "lost-errno",
        expects: ["wrong-errno", "uninitialized-use"],
        fn: subject.fn.name,
        changes: [drop(stmt)],
      },
    ];
  });

function isAsked(before: string, name: string): boolean {
  const at = Math.max(before.lastIndexOf(`if (${name})`), before.lastIndexOf(`if (${name} < 0)`));
  if (at === -1) return false;
  return (
    !new RegExp(`(?<![\\w>.])${name}\\s*=[^=]`).test(before.slice(at)) && !/\bcase\b|\belse\b/.test(before.slice(at))
  );
}

/** `ret = PTR_ERR(p)` before a goto left out. */
const lostPointerErrno: Operator = (subject) =>
  subject.places.flatMap((place): Mutation[] => {
    const { stmt, list } = place;
    if (storeOf(stmt)?.name !== "PTR_ERR" || list.at(-1)?.kind !== "goto") return [];
    const { target } = storeOf(stmt)!;
    const test = governing(place);
    if (target.kind !== "name" || test === undefined) return [];
    const before = subject.text.slice(subject.fn.def.body.start, test.start);
    if (!isAsked(before, target.name)) return [];
    return [
      {
        operator: "lost-errno",
        expects: ["wrong-errno", "uninitialized-use"],
        fn: subject.fn.name,
        changes: [drop(stmt)],
      },
    ];
  });

/** `int ret = 0` without the value. */
const noInitialiser: Operator = (subject) =>
  subject.places.flatMap(({ stmt }): Mutation[] => {
    if (stmt.kind !== "declaration") return [];
    return stmt.variables.flatMap(({ name, nameSpan, init, type, isStatic }): Mutation[] => {
      if (init === undefined || isStatic || type.dimensions.length > 0 || type.callable) return [];
      const isConstant =
        init.kind === "number" || negative(init) !== undefined || (init.kind === "name" && init.name === "NULL");
      const change = { start: nameSpan.end, end: init.end, text: "" };
      if (!isConstant || !readsUnset(subject, stmt, name)) return [];
      return [
        {
          operator: "no-initialiser",
          expects: ["uninitialized-use", "wrong-errno"],
          fn: subject.fn.name,
          changes: [change],
        },
      ];
    });
  });

/** In the plain order of the outer statements, a read comes before any assignment: `ret |= x`, `count++`, `return ret`. */
function readsUnset(subject: Subject, declared: Stmt, name: string): boolean {
  const rest = subject.fn.def.body.body.filter(({ start }) => start > declared.start);
  for (const stmt of rest) {
    const text = textAt(subject, stmt);
    if (!mentionsName(text, name)) continue;
    if (text.includes(`&${name}`)) return false;
    const isAssigned = new RegExp(`(?<![\\w>.])${name} = `).test(text);
    if (stmt.kind === "return" || (stmt.kind === "expression" && !isAssigned)) return true;
    // Assigned on one side only, and then read.
    if (stmt.kind === "if" && stmt.otherwise === undefined && !mentionsName(textAt(subject, stmt.test), name)) continue;
    return false;
  }
  return false;
}

export const resultOperators: readonly Operator[] = [
  noTest,
  otherTest,
  otherPointer,
  positive,
  lostErrno,
  lostPointerErrno,
  noInitialiser,
];
