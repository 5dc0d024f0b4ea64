// linux/netfilter: functions that see IP packets on their way.
import type { Kernel } from "../kernel/kernel.ts";
import { nf_hook_ops, nf_hook_state } from "../kernel/net-layouts.ts";
import {
  NF_ACCEPT,
  NF_DROP,
  NF_INET_LOCAL_IN,
  NF_INET_LOCAL_OUT,
  NF_INET_POST_ROUTING,
  NF_INET_PRE_ROUTING,
  NF_STOLEN,
  NFPROTO_IPV4,
} from "../kernel/netfilter.ts";
import { Header } from "./header.ts";

export function netfilter(kernel: Kernel): Header {
  const { core, net } = kernel;
  const header = new Header(core);
  header.layout("nf_hook_ops", nf_hook_ops);
  header.layout("nf_hook_state", nf_hook_state);
  header.constants({ NF_DROP, NF_ACCEPT, NF_STOLEN, NFPROTO_IPV4, PF_INET: 2 });
  header.constants({ NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN, NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING });
  header.constants({ NF_IP_PRI_FIRST: -0x80000000, NF_IP_PRI_FILTER: 0, NF_IP_PRI_LAST: 0x7fffffff });
  header.constant("init_net", net.initNet);
  /** Has a function called for the packets of a hook. Task context, may sleep. 0, or a negative errno. */
  header.steps("nf_register_net_hook", ["ptr", nf_hook_ops], "int", (_net: number, ops: number) =>
    net.netfilter.register(ops),
  );
  /** Not any more; it may still be running. Task context, may sleep. */
  header.steps("nf_unregister_net_hook", ["ptr", nf_hook_ops], "void", (_net: number, ops: number) =>
    net.netfilter.unregister(ops),
  );
  return header;
}
