// Finds comparisons that bit 31 makes fail: JavaScript's bitwise results are signed, the kernel's are not.
import type { Emission } from "./emission.ts";
import { type Expression, type OfType, untyped } from "./syntax.ts";

type Binary = OfType<Expression, "BinaryExpression">;

const COMPARISONS: ReadonlySet<string> = new Set(["==", "===", "!=", "!==", "<", "<=", ">", ">="]);
const BITWISE: ReadonlySet<string> = new Set(["&", "|", "^", "<<"]);
const UNSIGNED_CASTS: ReadonlySet<string> = new Set(["u32", "readl", "ioread32"]);

/** Reports `(status & mask) === 0x80000000` and its kin. */
export function comparedAsSigned(emission: Emission, node: Binary): void {
  if (!COMPARISONS.has(node.operator)) return;
  const left = untyped(node.left as Expression);
  const right = untyped(node.right);
  const bitwise = isBitwise(left) ? left : isBitwise(right) ? right : undefined;
  const other = bitwise === left ? right : left;
  if (bitwise === undefined || !isUnsigned(emission, other)) return;
  emission.problem(
    node,
    `comparison of a signed bitwise result with an unsigned value: '${bitwise.operator}' gives a negative number when bit 31 is set; cast it with u32(…)`,
  );
}

function isBitwise(node: Expression): node is Binary {
  return node.type === "BinaryExpression" && BITWISE.has(node.operator) && !keepsBit31Clear(node);
}

/** A mask below bit 31 cannot give a negative number. */
function keepsBit31Clear(node: Binary): boolean {
  if (node.operator !== "&") return false;
  return [node.left as Expression, node.right]
    .map(untyped)
    .some((one) => one.type === "NumericLiteral" && one.value <= 0x7fffffff);
}

function isUnsigned(emission: Emission, node: Expression): boolean {
  if (node.type === "Identifier") return emission.module.unsigned.has(node.name) && !emission.isLocal(node.name);
  if (node.type === "NumericLiteral") return node.value > 0x7fffffff;
  if (node.type === "BinaryExpression") return node.operator === ">>>";
  return node.type === "CallExpression" && node.callee.type === "Identifier" && UNSIGNED_CASTS.has(node.callee.name);
}
