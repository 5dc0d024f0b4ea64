// Netfilter: functions that see the IP packets on their way, and say whether they may go on.
// Source: net/netfilter/core.c
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { mutex } from "./layouts.ts";
import type { Locks } from "./locks.ts";
import { nf_hook_ops, nf_hook_state } from "./net-layouts.ts";
import type { Rcu } from "./rcu.ts";
import type { Resources } from "./resources.ts";
import type { SkBuffs } from "./skbuff.ts";
import type { Statics } from "./statics.ts";
import { CheckedStruct } from "./struct.ts";

/** htons(ETH_P_IP) */
export const ETH_P_IP = 0x0008;
export const NFPROTO_IPV4 = 2;
export const NF_INET_PRE_ROUTING = 0;
export const NF_INET_LOCAL_IN = 1;
export const NF_INET_LOCAL_OUT = 3;
export const NF_INET_POST_ROUTING = 4;
export const NF_DROP = 0;
export const NF_ACCEPT = 1;
export const NF_STOLEN = 2;
const NF_REPEAT = 4;
const HOOKS = 5;

export class Netfilter {
  private readonly core: Core;
  private readonly locks: Locks;
  private readonly statics: Statics;
  private readonly rcu: Rcu;
  private readonly skbs: SkBuffs;
  private readonly resources: Resources;
  private readonly ops: CheckedStruct;
  private readonly state: CheckedStruct;
  /** For each hook, in the order in which they are called. */
  private readonly hooks: number[][] = Array.from({ length: HOOKS }, () => []);
  private mutexAddress = 0;

  constructor(core: Core, locks: Locks, statics: Statics, rcu: Rcu, skbs: SkBuffs, resources: Resources) {
    this.core = core;
    this.locks = locks;
    this.statics = statics;
    this.rcu = rcu;
    this.skbs = skbs;
    this.resources = resources;
    this.ops = new CheckedStruct(core.memory, nf_hook_ops);
    this.state = new CheckedStruct(core.memory, nf_hook_state);
  }

  /** nf_register_net_hook(): 0, or -EOPNOTSUPP for anything but IPv4. */
  *register(ops: number): Steps<number> {
    if (this.ops.get(ops, "pf") !== NFPROTO_IPV4) return -errno.EOPNOTSUPP;
    const own = this.hooks[this.ops.get(ops, "hooknum")];
    if (own === undefined) return -errno.EINVAL;
    yield* this.locks.mutexLock(this.mutex, "nf_register_net_hook", false);
    const priority = this.ops.get(ops, "priority");
    const after = own.findIndex((other) => this.ops.get(other, "priority") >= priority);
    own.splice(after < 0 ? own.length : after, 0, ops);
    this.locks.mutexUnlock(this.mutex);
    this.resources.obtain(`nf_hook ${ops}`, "netfilter hook");
    return 0;
  }

  /** nf_unregister_net_hook(): it may still be running. */
  *unregister(ops: number): Steps<void> {
    yield* this.locks.mutexLock(this.mutex, "nf_unregister_net_hook", false);
    const own = this.hooks.find((hooks) => hooks.includes(ops));
    own?.splice(own.indexOf(ops), 1);
    this.locks.mutexUnlock(this.mutex);
    this.resources.giveBack(`nf_hook ${ops}`);
  }

  /** nf_hook(): NF_ACCEPT, or what became of the buffer, which is not the caller's any more then. */
  *run(hook: number, skb: number, from: number, to: number): Steps<number> {
    const own = this.hooks[hook]!;
    if (own.length === 0) return NF_ACCEPT;
    const { stack } = this.statics;
    this.rcu.readLock();
    const mark = stack.mark();
    const state = stack.push(nf_hook_state.size, nf_hook_state.align);
    this.core.memory.bytesAt(state, nf_hook_state.size).fill(0);
    this.state.set(state, "hook", hook);
    this.state.set(state, "pf", NFPROTO_IPV4);
    this.state.set(state, "in", from);
    this.state.set(state, "out", to);
    let verdict = NF_ACCEPT;
    for (const ops of [...own]) {
      const fn = this.ops.get(ops, "hook");
      do {
        verdict = yield* this.core.steps(
          "nf_hook_slow",
          this.core.callDriver(fn, [this.ops.get(ops, "priv"), skb, state]),
        );
        verdict &= 0xff;
      } while (verdict === NF_REPEAT);
      if (verdict !== NF_ACCEPT) break;
    }
    stack.release(mark);
    this.rcu.readUnlock();
    if (verdict === NF_DROP) this.skbs.free(skb);
    return verdict;
  }

  private get mutex(): number {
    if (this.mutexAddress === 0) {
      this.mutexAddress = this.statics.global(mutex.size, mutex.align, "nf_hook_mutex");
      this.locks.init(this.mutexAddress, "mutex", "nf_hook_mutex");
    }
    return this.mutexAddress;
  }
}
