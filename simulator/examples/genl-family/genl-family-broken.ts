// genl-family.ts with one mistake: the message of an answer is lost while nothing was measured.
import { EMSGSIZE, ENODATA, ENOMEM } from "linux/errno";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import type { sk_buff } from "linux/skbuff";
import { GFP_KERNEL } from "linux/slab";
import { bool, type int, type Ref, s32, struct } from "linux/types";
import {
  GENLMSG_DEFAULT_SIZE,
  genl_family,
  type genl_info,
  genl_register_family,
  genl_unregister_family,
  genlmsg_cancel,
  genlmsg_end,
  genlmsg_multicast,
  genlmsg_new,
  genlmsg_put,
  genlmsg_put_reply,
  genlmsg_reply,
} from "net/genetlink";
import {
  NLA_NUL_STRING,
  NLA_S32,
  NLA_U32,
  NLA_VALIDATE_RANGE,
  nla_get_s32,
  nla_get_u32,
  nla_put_s32,
  nla_put_string,
  nla_put_u32,
  nlmsg_free,
} from "net/netlink";

// Commands and attributes; genl-family.scenario.ts has them too.
const THERM_CMD_GET = 1;
const THERM_CMD_SET_LIMIT = 2;
const THERM_CMD_MEASURED = 3;
const THERM_CMD_ALARM = 4;
const THERM_A_TEMPERATURE = 1;
const THERM_A_LIMIT = 2;
const THERM_A_NAME = 3;
const THERM_A_MAX = 3;
/** Index in `mcgrps`. */
const THERM_GROUP_ALARMS = 0;

/** Commands of a family come one after another, so that this needs no lock of its own. */
const therm = struct("therm", { measured: bool, temperature: s32, limit: s32 })({ limit: 50 });

function therm_get(skb: Ref<sk_buff>, info: Ref<genl_info>): int {
  const msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL); // reports: missing-release
  if (!msg) return -ENOMEM;
  if (!therm.measured) return -ENODATA;

  err_free: {
    const head = genlmsg_put_reply(msg, info, therm_family, 0, THERM_CMD_GET);
    if (!head) break err_free;

    err_cancel: {
      if (nla_put_s32(msg, THERM_A_TEMPERATURE, therm.temperature)) break err_cancel;
      if (nla_put_u32(msg, THERM_A_LIMIT, therm.limit)) break err_cancel;
      if (nla_put_string(msg, THERM_A_NAME, "core")) break err_cancel;
      genlmsg_end(msg, head);
      // The message is not ours any more, whatever this returns.
      return genlmsg_reply(msg, info);
    }
    genlmsg_cancel(msg, head);
  }
  nlmsg_free(msg);
  return -EMSGSIZE;
}

function therm_set_limit(skb: Ref<sk_buff>, info: Ref<genl_info>): int {
  const limit = info.attrs[THERM_A_LIMIT];
  // The policy looked at what is there; what must be there is up to the command.
  if (!limit) return -ENODATA;

  therm.limit = nla_get_u32(limit);
  return 0;
}

/** Tells all who joined; nobody has to. */
function therm_alarm(): int {
  const msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
  if (!msg) return -ENOMEM;

  const head = genlmsg_put(msg, 0, 0, therm_family, 0, THERM_CMD_ALARM);
  if (!head || nla_put_s32(msg, THERM_A_TEMPERATURE, therm.temperature)) {
    nlmsg_free(msg);
    return -EMSGSIZE;
  }
  genlmsg_end(msg, head);
  genlmsg_multicast(therm_family, msg, 0, THERM_GROUP_ALARMS, GFP_KERNEL);
  return 0;
}

/** A program measured: this thermometer has no sensor. */
function therm_measured(skb: Ref<sk_buff>, info: Ref<genl_info>): int {
  const temperature = info.attrs[THERM_A_TEMPERATURE];
  if (!temperature) return -ENODATA;

  therm.temperature = nla_get_s32(temperature);
  therm.measured = true;
  return therm.temperature > therm.limit ? therm_alarm() : 0;
}

const therm_family = genl_family({
  name: "therm",
  version: 1,
  maxattr: THERM_A_MAX,
  // By the number of the attribute; 0 is none.
  policy: [
    {},
    { type: NLA_S32 },
    { type: NLA_U32, validation_type: NLA_VALIDATE_RANGE, min: 1, max: 120 },
    { type: NLA_NUL_STRING, len: 15 },
  ],
  module: THIS_MODULE,
  ops: [
    { cmd: THERM_CMD_GET, doit: therm_get },
    { cmd: THERM_CMD_SET_LIMIT, doit: therm_set_limit },
    { cmd: THERM_CMD_MEASURED, doit: therm_measured },
  ],
  n_ops: 3,
  mcgrps: [{ name: "alarms" }],
  n_mcgrps: 1,
});

function therm_init(): int {
  return genl_register_family(therm_family);
}

function therm_exit(): void {
  genl_unregister_family(therm_family);
}

module_init(therm_init);
module_exit(therm_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A thermometer behind generic netlink");
