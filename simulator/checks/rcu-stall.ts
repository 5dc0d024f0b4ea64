// The wording of a grace period of RCU that does not end: kernel/rcu/tree_stall.h, without what only that code counts.
import type { Moment } from "../engine/trace.ts";
import type { RcuStall, Staller } from "../kernel/events.ts";
import type { Report } from "./check.ts";
import type { Ledger } from "./ledger.ts";
import { dumpStack, siteOf } from "./wording.ts";

/** The flavour's name, with CONFIG_PREEMPT_RCU. */
const NAME = "rcu_preempt";

export function rcuStall(stall: RcuStall, moment: Moment, ledger: Ledger): Report {
  const { cpus, blocked, by, jiffies, sequence, callbacks, ofCpus } = stall;
  const isSelf = cpus.some(({ cpu }) => cpu === by);
  const title = isSelf
    ? `rcu: INFO: ${NAME} self-detected stall on CPU`
    : `rcu: INFO: ${NAME} detected stalls on CPUs/tasks:`;
  // Who tells of himself knows of nobody else.
  const told: readonly Staller[] = isSelf ? cpus.filter(({ cpu }) => cpu === by) : [...cpus, ...blocked];
  const numbers = `g=${sequence}${isSelf ? "" : ","} q=${callbacks} ncpus=${ofCpus}`;
  const readers = blocked.map(({ id, nesting }) => ` P${id}/${nesting}:b..l`).join("");
  const lines = [
    title,
    ...cpus
      .filter(({ cpu }) => !isSelf || cpu === by)
      .map(({ cpu }) => `rcu: \t${cpu}-....: (${jiffies} ticks this GP)`),
    ...(isSelf || blocked.length === 0
      ? []
      : [`rcu: \tTasks blocked on level-0 rcu_node (CPUs 0-${ofCpus - 1}):${readers}`]),
    isSelf
      ? `rcu: \t(t=${jiffies} jiffies ${numbers})`
      : `rcu: \t(detected by ${by}, t=${jiffies} jiffies, ${numbers})`,
    ...told.flatMap(({ cpu, id, comm, stack }) => dumpStack({ ...moment, cpu, task: id, comm }, stack, ledger)),
  ];
  return { title, lines, site: siteOf(told[0]?.stack ?? []) };
}
