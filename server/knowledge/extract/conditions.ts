// What a call hangs on: the tests above it, graded by whether a caller could know how they come out.
import type { Expr } from "../../syntax/ast.ts";
import type { When } from "./harvest.ts";

export interface Guard {
  readonly when: When;
  /** Parameters that the test names. */
  readonly tested: readonly string[];
}

/** Functions and variables that say where the code runs. */
export const contextWords: ReadonlySet<string> = new Set([
  "in_interrupt",
  "in_irq",
  "in_hardirq",
  "in_softirq",
  "in_serving_softirq",
  "in_nmi",
  "in_task",
  "in_atomic",
  "in_atomic_preempt_off",
  "in_dbg_master",
  "irqs_disabled",
  "preemptible",
  "preempt_count",
  "rcu_preempt_depth",
  "pagefault_disabled",
  "faulthandler_disabled",
  "gfpflags_allow_blocking",
  "gfpflags_normal_context",
  "oops_in_progress",
  "panic_in_progress",
  "nbcon_can_proceed",
  "__GFP_DIRECT_RECLAIM",
  "__GFP_RECLAIM",
  "__GFP_WAIT",
]);

const grades: readonly When[] = ["exit", "branch", "parameter", "context"];

/** Both hold: the stronger grade, the parameters of either. */
export function both(first: Guard | undefined, second: Guard | undefined): Guard | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const stronger = grades.indexOf(first.when) >= grades.indexOf(second.when) ? first : second;
  return { when: stronger.when, tested: [...new Set([...first.tested, ...second.tested])] };
}

/**
 * Grades a test. `isFlag` says of a name whether it is a parameter that is no pointer: what is tested of a pointer
 * parameter is the state of things, what is tested of a number is what the caller asked for.
 */
export function gradeTest(test: Expr, isFlag: (name: string) => boolean): Guard {
  const names: string[] = [];
  collectNames(test, names);
  if (names.some((name) => contextWords.has(name))) return { when: "context", tested: names.filter(isFlag) };
  const tested = names.filter(isFlag);
  return { when: tested.length > 0 ? "parameter" : "branch", tested };
}

/** Names that stand for themselves: not the members of what they point to. */
function collectNames(expr: Expr, found: string[]): void {
  switch (expr.kind) {
    case "name":
      found.push(expr.name);
      return;
    case "call":
      collectNames(expr.callee, found);
      for (const arg of expr.args) collectNames(arg, found);
      return;
    case "unary":
    case "cast":
      collectNames(expr.operand, found);
      return;
    case "binary":
      collectNames(expr.left, found);
      collectNames(expr.right, found);
      return;
    case "conditional":
      for (const each of [expr.test, expr.consequence, expr.otherwise]) if (each) collectNames(each, found);
      return;
    case "assign":
      collectNames(expr.value, found);
      return;
    case "comma":
      for (const each of expr.items) collectNames(each, found);
      return;
    default:
  }
}

/** Names that are tested for NULL: `p`, `!p`, `p == NULL`, parts of `&&` and `||`. */
export function nullTests(test: Expr): readonly string[] {
  if (test.kind === "name") return [test.name];
  if (test.kind === "unary") return test.op === "!" ? nullTests(test.operand) : [];
  if (test.kind === "call" && test.callee.kind === "name" && /^(un)?likely$/.test(test.callee.name))
    return test.args.flatMap(nullTests);
  if (test.kind !== "binary") return [];
  if (test.op === "&&" || test.op === "||") return [...nullTests(test.left), ...nullTests(test.right)];
  const isNull = test.right.kind === "name" && test.right.name === "NULL";
  return isNull && (test.op === "==" || test.op === "!=") ? nullTests(test.left) : [];
}

/** Whether a test is always true or always false; undefined when it is neither. */
export function constantTest(test: Expr | undefined): boolean | undefined {
  if (test === undefined) return true;
  if (test.kind === "number") return !/^0[xX]?0*[uUlL]*$/.test(test.text);
  if (test.kind === "name" && test.name === "true") return true;
  if (test.kind === "name" && test.name === "false") return false;
  return undefined;
}
