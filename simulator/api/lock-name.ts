// How locks and wait queues get their names.
// A static one is called as it is declared, others by the expression of their initialisation.
import type { Layout } from "../engine/layout.ts";
import type { LockFlavour } from "../kernel/events.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Header } from "./header.ts";

/** `d.lock` of TypeScript is the address of a member, `&d->lock` in C; a static one goes by its own name. */
export function lockName(kernel: Kernel, address: number, text: number | undefined): string {
  if (text === undefined || text === 0) return kernel.statics.nameAt(address) ?? "";
  const expression = kernel.textAt(text);
  return /^[\w.$[\]]+$/.test(expression) && expression.includes(".")
    ? `&${expression.replaceAll(".", "->")}`
    : expression;
}

/** The two macros that every kind of lock has: a static one of a name, and the initialisation of one in a struct. */
export function initialised(
  header: Header,
  kernel: Kernel,
  flavour: Exclude<LockFlavour, "rcu">,
  layout: Layout,
  { define, init }: { readonly define: string; readonly init: string },
): void {
  const { locks, statics } = kernel;
  /** A static lock of this name, ready for use. At file scope. Its address. */
  header.plain(define, ["string"], layout, (name: number) => {
    const text = kernel.textAt(name);
    const address = statics.global(layout.size, layout.align, text);
    locks.init(address, flavour, text);
    return address;
  });
  /** Makes a lock ready for use, named by the expression. Any context. */
  header.plain(
    init,
    [layout],
    "void",
    (lock: number, text?: number) => locks.init(lock, flavour, lockName(kernel, lock, text)),
    { stringizes: [0] },
  );
}
