// What a program exports as data, copied so that nothing of the program's own objects leaves it.

/** Deeper or longer data is no register map. */
const DEEPEST = 8;
const LONGEST = 100_000;

/** Primitives, arrays and objects of them. Functions and properties that compute are left out. */
export function plainCopy(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "number":
    case "bigint":
    case "boolean":
    case "string":
      return value;
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null || depth >= DEEPEST) return undefined;
  if (Array.isArray(value)) return value.slice(0, LONGEST).map((one) => plainCopy(one, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, { value: one }] of Object.entries(Object.getOwnPropertyDescriptors(value)).slice(0, LONGEST)) {
    Object.defineProperty(copy, name, { value: plainCopy(one, depth + 1), enumerable: true });
  }
  return copy;
}
