// Array methods that call back, as generators: the callback of a driver may be suspended.

export type Delegated<T> = Generator<unknown, T, unknown>;
/** Calls a function of any kind and runs it to its end. */
export type Step = (callback: unknown, args: readonly unknown[]) => Delegated<unknown>;

type Method = (items: readonly unknown[], args: readonly unknown[], step: Step) => Delegated<unknown>;

export const METHODS: Readonly<Record<string, Method>> = {
  *every(items, [callback], step) {
    for (let i = 0; i < items.length; i++) if (!(yield* step(callback, [items[i], i, items]))) return false;
    return true;
  },
  *filter(items, [callback], step) {
    const kept: unknown[] = [];
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (yield* step(callback, [item, i, items])) kept.push(item);
    }
    return kept;
  },
  *find(items, [callback], step) {
    const at = yield* search(items, callback, step, false);
    return items[at];
  },
  *findIndex(items, [callback], step) {
    return yield* search(items, callback, step, false);
  },
  *findLast(items, [callback], step) {
    const at = yield* search(items, callback, step, true);
    return items[at];
  },
  *findLastIndex(items, [callback], step) {
    return yield* search(items, callback, step, true);
  },
  *flatMap(items, [callback], step) {
    const mapped: unknown[] = [];
    for (let i = 0; i < items.length; i++) mapped.push(yield* step(callback, [items[i], i, items]));
    return mapped.flat();
  },
  *forEach(items, [callback], step) {
    for (let i = 0; i < items.length; i++) if (i in items) yield* step(callback, [items[i], i, items]);
  },
  *map(items, [callback], step) {
    const mapped: unknown[] = [];
    for (let i = 0; i < items.length; i++) mapped.push(yield* step(callback, [items[i], i, items]));
    return mapped;
  },
  *reduce(items, args, step) {
    return yield* reduced(items, args, step, false);
  },
  *reduceRight(items, args, step) {
    return yield* reduced(items, args, step, true);
  },
  *some(items, [callback], step) {
    for (let i = 0; i < items.length; i++) if (yield* step(callback, [items[i], i, items])) return true;
    return false;
  },
  *sort(items, [callback], step) {
    const sorted = yield* mergeSort([...items], callback, step);
    return Object.assign(items as unknown[], sorted);
  },
  *toSorted(items, [callback], step) {
    return yield* mergeSort([...items], callback, step);
  },
};

function* search(items: readonly unknown[], callback: unknown, step: Step, fromEnd: boolean): Delegated<number> {
  for (let n = 0; n < items.length; n++) {
    const i = fromEnd ? items.length - 1 - n : n;
    if (yield* step(callback, [items[i], i, items])) return i;
  }
  return -1;
}

function* reduced(
  items: readonly unknown[],
  args: readonly unknown[],
  step: Step,
  fromEnd: boolean,
): Delegated<unknown> {
  const order = items.map((_, i) => (fromEnd ? items.length - 1 - i : i));
  if (args.length < 2 && order.length === 0) throw new TypeError("Reduce of empty array with no initial value");
  let value = args.length < 2 ? items[order.shift()!] : args[1];
  for (const i of order) value = yield* step(args[0], [value, items[i], i, items]);
  return value;
}

/** Stable, undefined last, as JavaScript sorts. */
function* mergeSort(items: unknown[], callback: unknown, step: Step): Delegated<unknown[]> {
  if (callback === undefined) return items.sort();
  const defined = items.filter((one) => one !== undefined);
  const rest = items.filter((one) => one === undefined);
  return [...(yield* merged(defined, callback, step)), ...rest];
}

function* merged(items: unknown[], callback: unknown, step: Step): Delegated<unknown[]> {
  if (items.length < 2) return items;
  const middle = items.length >> 1;
  const left = yield* merged(items.slice(0, middle), callback, step);
  const right = yield* merged(items.slice(middle), callback, step);
  const result: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const order = Number(yield* step(callback, [left[i], right[j]]));
    result.push(order > 0 ? right[j++] : left[i++]);
  }
  return [...result, ...left.slice(i), ...right.slice(j)];
}
