// linux/rcupdate and linux/rculist: readers that never wait, and what is done once they have left.
import type { KernelFunction, Raw, Steps, Type } from "../engine/interfaces.ts";
import { SOFTIRQ_DISABLE_OFFSET } from "../kernel/core.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { hlist_head, hlist_node, list_head } from "../kernel/layouts.ts";
import { rcu_head } from "../kernel/rcu.ts";
import { Header } from "./header.ts";
import { list } from "./list.ts";

export function rcupdate(kernel: Kernel): Header {
  const { core, rcu, slab } = kernel;
  const header = new Header(core);
  header.layout("rcu_head", rcu_head);
  readers(header, kernel);
  pointers(header, kernel);

  /** Waits until all readers have left that are there now. Task context, may sleep. */
  header.steps("synchronize_rcu", [], "void", () => rcu.synchronize("synchronize_rcu"));
  /** The same, sooner in Linux. Task context, may sleep. */
  header.steps("synchronize_rcu_expedited", [], "void", () => rcu.synchronize("synchronize_rcu_expedited"));
  /** Has a function called with the head, in a softirq, once all readers have left that are there now. Any context. */
  header.plain("call_rcu", [rcu_head, "callback"], "void", (head: number, func: number) => rcu.call(head, func));
  const freeLater = (object: number): void => {
    if (object === 0) return;
    slab.doom(object);
    rcu.post(function* (): Steps<void> {
      slab.kfree(object);
      yield* [];
    });
  };
  /** Frees an object, of whose members one is named that is a rcu_head, once all readers have left. Any context. */
  header.plain("kfree_rcu", ["ptr", "string"], "void", freeLater);
  /** The same without such a member. Task context, may sleep. */
  header.plain("kfree_rcu_mightsleep", ["ptr"], "void", (object: number) => {
    core.mightSleep("kfree_rcu_mightsleep", "kernel/rcu/tree.c:3822");
    freeLater(object);
  });
  /** Waits until all functions have been called that call_rcu has taken. Task context, may sleep. */
  header.steps("rcu_barrier", [], "void", () => rcu.barrier());
  return header;
}

function readers(header: Header, kernel: Kernel): void {
  const { core, rcu } = kernel;
  /** A reader begins: what it finds is not freed until it ends. It may be preempted, and not sleep. Any context. */
  header.plain("rcu_read_lock", [], "void", () => rcu.readLock());
  /** It ends. Any context. */
  header.plain("rcu_read_unlock", [], "void", () => rcu.readUnlock());
  /** The same with bottom halves off. Any context. */
  header.plain("rcu_read_lock_bh", [], "void", () => {
    core.preemptDisable(SOFTIRQ_DISABLE_OFFSET);
    rcu.hold("rcu_read_lock_bh");
  });
  /** It ends. Any context. */
  header.steps("rcu_read_unlock_bh", [], "void", function* (): Steps<void> {
    if (rcu.release("rcu_read_lock_bh")) yield* core.bhEnable();
  });
  /** The same with preemption off. Any context. */
  header.plain("rcu_read_lock_sched", [], "void", () => {
    core.preemptDisable();
    rcu.hold("rcu_read_lock_sched");
  });
  /** It ends. Any context. */
  header.steps("rcu_read_unlock_sched", [], "void", function* (): Steps<void> {
    if (!rcu.release("rcu_read_lock_sched")) return;
    core.preemptEnable();
    yield* core.letIn();
  });
  /** Whether the caller is such a reader. Any context. */
  header.plain("rcu_read_lock_held", [], "int", () => rcu.isRead);
  header.plain("rcu_read_lock_bh_held", [], "int", () => core.inSoftirq || core.context.irqsDisabled);
  header.plain("rcu_read_lock_sched_held", [], "int", () => core.inAtomic || core.context.irqsDisabled);
  /** Whether the caller is a reader of any kind. Any context. */
  header.plain("rcu_read_lock_any_held", [], "int", () => rcu.isAnyRead);
  /** Reports a use of RCU that is wrong when the condition holds. Any context. */
  header.plain("RCU_LOCKDEP_WARN", ["bool", "string"], "void", (condition: number, text: number) => {
    if (condition) rcu.suspectMacro(kernel.textAt(text));
  });
}

function pointers(header: Header, { core, rcu }: Kernel): void {
  const isBh = (): boolean => core.inSoftirq || core.context.irqsDisabled;
  const isSched = (): boolean => core.inAtomic || core.context.irqsDisabled;
  for (const [suffix, isHeld] of [
    ["", () => rcu.isRead],
    ["_bh", isBh],
    ["_sched", isSched],
  ] as const) {
    const check = (p: Raw, condition: number): Raw => {
      if (!condition && !isHeld()) rcu.suspectMacro("suspicious rcu_dereference_check() usage");
      return p;
    };
    /** A pointer that readers may follow; told when the caller is none. Any context. The pointer. */
    header.plain(`rcu_dereference${suffix}`, ["any"], "first", (p: Raw) => check(p, 0));
    /** The same, right under a condition too, such as a lock that is held. Any context. The pointer. */
    header.plain(`rcu_dereference${suffix}_check`, ["any", "bool"], "first", check);
  }
  /** A pointer that nobody changes because of a lock; told when the condition does not hold. Any context. The pointer. */
  header.plain("rcu_dereference_protected", ["any", "bool"], "first", (p: Raw, condition: number) => {
    if (!condition) rcu.suspectMacro("suspicious rcu_dereference_protected() usage");
    return p;
  });
  /** A pointer that is compared and not followed, or for which somebody else answers. Any context. The pointer. */
  for (const name of ["rcu_access_pointer", "rcu_dereference_raw"]) {
    header.plain(name, ["any"], "first", (p: Raw) => p);
  }
  /** The pointer to store where readers find it, once all is stored that it points to: `d.ptr = rcu_assign_pointer(p)`. Any context. */
  header.plain("rcu_assign_pointer", ["any"], "first", (p: Raw) => {
    core.emit({ kind: "barrier", name: "smp_store_release" });
    return p;
  });
  /** The same where no reader is there yet. Any context. */
  header.plain("RCU_INIT_POINTER", ["any"], "first", (p: Raw) => p);
}

export function rculist(kernel: Kernel): Header {
  const { core, rcu } = kernel;
  const { memory } = core;
  const header = new Header(core);
  const { exports } = list(kernel);
  /** The function of linux/list; then what a reader who is at the entry needs is put back. */
  const like = (name: string, params: readonly Type[], keepsNext: boolean): void => {
    const plain = exports.get(name) as KernelFunction;
    header.plain(`${name}_rcu`, params, "void", (...args: number[]) => {
      const next = memory.peek(args[0]!, 4);
      plain.call(args);
      if (keepsNext) memory.poke(args[0]!, 4, next);
    });
  };
  /** Insert for readers to find: first, last, in the place of another. Any context, one writer at a time. */
  like("list_add", [list_head, list_head], false);
  like("list_add_tail", [list_head, list_head], false);
  like("hlist_add_head", [hlist_node, hlist_head], false);
  like("list_replace", [list_head, list_head], true);
  /** Take out, with the link to the next left for readers who are there. Any context, one writer at a time. */
  like("list_del", [list_head], true);
  like("hlist_del", [hlist_node], true);
  like("hlist_del_init", [hlist_node], true);
  /** What the loops over such lists begin with: told when the caller is no reader and the condition does not hold. Any context. */
  header.plain("__list_check_rcu", ["bool"], "void", (condition: number) => {
    if (!condition && !rcu.isAnyRead) rcu.suspectMacro("RCU-list traversed in non-reader section!");
  });
  return header;
}
