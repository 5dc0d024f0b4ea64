// KUnit: net/netlink and net/genetlink, with a family whose commands the scenario sends.

import { htonl, htons } from "asm/byteorder";
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_PTR_EQ,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { E2BIG, ECONNREFUSED, EEXIST, EINVAL, EMSGSIZE, ENOENT, ENOMEM, EPERM, ERANGE, ESRCH } from "linux/errno";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { consume_skb, type sk_buff } from "linux/skbuff";
import { GFP_KERNEL } from "linux/slab";
import { array, cast, char, type int, on_stack, ptr, type Ref, struct, u8 } from "linux/types";
import {
  GENL_DONT_VALIDATE_STRICT,
  GENL_SET_ERR_MSG,
  GENL_SET_ERR_MSG_FMT,
  GENLMSG_DEFAULT_SIZE,
  genl_family,
  genl_has_listeners,
  type genl_info,
  genl_info_dump,
  genl_info_net,
  genl_register_family,
  genl_unregister_family,
  genlmsg_cancel,
  genlmsg_end,
  genlmsg_multicast,
  genlmsg_new,
  genlmsg_put,
  genlmsg_put_reply,
  genlmsg_reply,
  genlmsg_unicast,
  init_net,
} from "net/genetlink";
import {
  NETLINK_CB,
  NL_SET_BAD_ATTR,
  NL_SET_ERR_MSG,
  NL_SET_ERR_MSG_ATTR,
  NL_SET_ERR_MSG_FMT,
  NLA_BINARY,
  NLA_F_NESTED,
  NLA_HDRLEN,
  NLA_NESTED,
  NLA_NUL_STRING,
  NLA_U8,
  NLA_U16,
  NLA_U32,
  NLA_VALIDATE_MAX,
  NLA_VALIDATE_RANGE,
  NLM_F_MULTI,
  NLMSG_DEFAULT_SIZE,
  type netlink_callback,
  nla_data,
  nla_get_be16,
  nla_get_be32,
  nla_get_flag,
  nla_get_s32,
  nla_get_u8,
  nla_get_u16,
  nla_get_u32,
  nla_get_u64,
  nla_len,
  nla_nest_cancel,
  nla_nest_end,
  nla_nest_start,
  nla_parse_nested,
  nla_policy,
  nla_put,
  nla_put_be16,
  nla_put_be32,
  nla_put_flag,
  nla_put_s32,
  nla_put_string,
  nla_put_u8,
  nla_put_u16,
  nla_put_u32,
  nla_put_u64_64bit,
  nla_reserve,
  nla_strscpy,
  nla_total_size,
  nla_type,
  nlattr,
  nlmsg_free,
  nlmsg_new,
} from "net/netlink";

const A_NUMBER = 1;
const A_TEXT = 2;
const A_MAX = 4;
const CMD_ECHO = 1;
const CMD_EVENT = 2;
const CMD_LOOSE = 3;
const CMD_LIST = 4;
const CMD_WORDS = 5;

const counts = struct("counts", { before: u8, after: u8, dumps: u8, text: array(char, 8) })({});

function echo_pre_doit(): int {
  counts.before += 1;
  return 0;
}
function echo_post_doit(): void {
  counts.after += 1;
}

function echo_doit(skb: Ref<sk_buff>, info: Ref<genl_info>): int {
  const number = info.attrs[A_NUMBER];
  const text = info.attrs[A_TEXT];
  if (!number) return -EINVAL;
  const msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
  if (!msg) return -ENOMEM;
  const head = genlmsg_put_reply(msg, info, echo, 0, CMD_ECHO);
  if (!head) {
    nlmsg_free(msg);
    return -EMSGSIZE;
  }
  let err = nla_put_u32(msg, A_NUMBER, nla_get_u32(number) + 1);
  if (!err && text && nla_strscpy(counts.text, text, 8) >= 0) err = nla_put_string(msg, A_TEXT, counts.text);
  if (err) {
    genlmsg_cancel(msg, head);
    nlmsg_free(msg);
    return err;
  }
  genlmsg_end(msg, head);
  return info.genlhdr.version === 2
    ? genlmsg_unicast(genl_info_net(info), msg, info.snd_portid)
    : genlmsg_reply(msg, info);
}

/** Tells the group of a number. */
function event_doit(skb: Ref<sk_buff>, info: Ref<genl_info>): int {
  if (!genl_has_listeners(echo, genl_info_net(info), 0)) return -ESRCH;
  const msg = genlmsg_new(nla_total_size(4), GFP_KERNEL);
  if (!msg) return -ENOMEM;
  const head = genlmsg_put(msg, 0, 0, echo, 0, CMD_EVENT);
  nla_put_u32(msg, A_NUMBER, 77);
  genlmsg_end(msg, head!);
  return genlmsg_multicast(echo, msg, 0, 0, GFP_KERNEL);
}

function list_start(cb: Ref<netlink_callback>): int {
  const from = genl_info_dump(cb).attrs[A_NUMBER];
  cb.args[0] = from ? nla_get_u32(from) : 0;
  if (cb.args[0] < 90) return 0;
  NL_SET_ERR_MSG_FMT(cb.extack, "there is no %d", cb.args[0]);
  return -EINVAL;
}
/** Two numbers a time, up to 5. */
function list_dumpit(skb: Ref<sk_buff>, cb: Ref<netlink_callback>): int {
  for (let i = 0; i < 2 && cb.args[0] < 5; i++) {
    cb.args[0] += 1;
    const head = genlmsg_put(skb, NETLINK_CB(cb.skb).portid, cb.nlh.nlmsg_seq, echo, NLM_F_MULTI, CMD_LIST);
    nla_put_u32(skb, A_NUMBER, cb.args[0]);
    genlmsg_end(skb, head!);
  }
  return skb.len;
}
function list_done(): int {
  counts.dumps += 1;
  return 0;
}

/** Refuses in words. */
function words_doit(_skb: Ref<sk_buff>, info: Ref<genl_info>): int {
  const number = info.attrs[A_NUMBER]!;
  switch (nla_get_u32(number)) {
    case 1:
      NL_SET_ERR_MSG(info.extack, "plain");
      break;
    case 2:
      NL_SET_ERR_MSG_ATTR(info.extack, number, "of a number");
      break;
    case 3:
      NL_SET_BAD_ATTR(info.extack, number);
      break;
    case 4:
      GENL_SET_ERR_MSG(info, "in general");
      break;
    case 5:
      GENL_SET_ERR_MSG_FMT(info, "%d of %s", 5, "five");
      break;
    case 6:
      NL_SET_ERR_MSG(null, "nobody hears this");
      break;
    default:
      return counts.dumps;
  }
  return -EPERM;
}

const echo = genl_family({
  name: "echo",
  version: 2,
  maxattr: A_MAX,
  policy: [
    {},
    { type: NLA_U32, validation_type: NLA_VALIDATE_RANGE, min: 1, max: 100 },
    { type: NLA_NUL_STRING, len: 8 },
    { type: NLA_BINARY, len: 4 },
    { type: NLA_U8, validation_type: NLA_VALIDATE_MAX, max: 7 },
  ],
  pre_doit: echo_pre_doit,
  post_doit: echo_post_doit,
  module: THIS_MODULE,
  ops: [
    { cmd: CMD_ECHO, doit: echo_doit },
    { cmd: CMD_EVENT, doit: event_doit },
    { cmd: CMD_LIST, start: list_start, dumpit: list_dumpit, done: list_done },
    { cmd: CMD_WORDS, doit: words_doit },
  ],
  n_ops: 4,
  small_ops: [{ cmd: CMD_LOOSE, doit: echo_doit, validate: GENL_DONT_VALIDATE_STRICT }],
  n_small_ops: 1,
  mcgrps: [{ name: "events" }],
  n_mcgrps: 1,
  resv_start_op: CMD_WORDS + 1,
});
const twin = genl_family({ name: "echo" });
const twice = genl_family({
  name: "twice",
  ops: [
    { cmd: 1, doit: echo_doit },
    { cmd: 1, doit: echo_doit },
  ],
  n_ops: 2,
});

function genl_test_families(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, genl_register_family(twin), -EEXIST);
  KUNIT_EXPECT_EQ(test, genl_register_family(twice), -EINVAL);
  KUNIT_EXPECT_EQ(test, genl_unregister_family(twin), -ENOENT);
  KUNIT_EXPECT_TRUE(test, echo.id > 16);
  KUNIT_EXPECT_FALSE(test, genl_has_listeners(echo, init_net, 0));
  const msg = genlmsg_new(8, GFP_KERNEL)!;
  KUNIT_EXPECT_NOT_NULL(test, genlmsg_put(msg, 0, 0, echo, 0, CMD_EVENT));
  KUNIT_EXPECT_EQ(test, genlmsg_multicast(echo, msg, 0, 0, GFP_KERNEL), -ESRCH);
  const taken_back = genlmsg_new(8, GFP_KERNEL)!;
  const head = genlmsg_put(taken_back, 0, 0, echo, 0, CMD_EVENT)!;
  nla_put_u32(taken_back, A_NUMBER, 1);
  KUNIT_EXPECT_EQ(test, taken_back.len, 28);
  genlmsg_cancel(taken_back, head);
  KUNIT_EXPECT_EQ(test, taken_back.len, 0);
  nlmsg_free(taken_back);
  KUNIT_EXPECT_EQ(test, genlmsg_unicast(init_net, genlmsg_new(8, GFP_KERNEL)!, 1), -ECONNREFUSED);
}

const inner = nla_policy({ type: 0 });

function genl_test_attributes(test: Ref<kunit>): void {
  const msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL)!;
  KUNIT_ASSERT_NOT_NULL(test, msg);
  KUNIT_EXPECT_EQ(test, nla_put_u8(msg, 1, 0x12), 0);
  KUNIT_EXPECT_EQ(test, msg.len, 8);
  const first = cast(nlattr, msg.data);
  KUNIT_EXPECT_EQ(test, nla_get_u8(first), 0x12);
  KUNIT_EXPECT_EQ(test, nla_len(first), 1);
  KUNIT_EXPECT_EQ(test, nla_type(first), 1);
  KUNIT_EXPECT_EQ(test, nla_data(first)[0], 0x12);
  KUNIT_EXPECT_TRUE(test, nla_get_flag(first));
  KUNIT_EXPECT_FALSE(test, nla_get_flag(null));
  const next = (): Ref<nlattr> => cast(nlattr, msg.data.add(msg.len));
  let at = next();
  nla_put_u16(msg, 2, 0x1234);
  KUNIT_EXPECT_EQ(test, nla_get_u16(at), 0x1234);
  at = next();
  nla_put_s32(msg, 3, -5);
  KUNIT_EXPECT_EQ(test, nla_get_s32(at), -5);
  at = next();
  nla_put_u64_64bit(msg, 4, 0x123456789abcdefn, 0);
  KUNIT_EXPECT_EQ(test, nla_get_u64(at), 0x123456789abcdefn);
  at = next();
  nla_put_be16(msg, 5, htons(5));
  KUNIT_EXPECT_EQ(test, nla_get_be16(at), htons(5));
  at = next();
  nla_put_be32(msg, 6, htonl(6));
  KUNIT_EXPECT_EQ(test, nla_get_be32(at), htonl(6));
  at = next();
  nla_put_flag(msg, 7);
  KUNIT_EXPECT_EQ(test, nla_len(at), 0);
  KUNIT_EXPECT_EQ(test, nla_type(at), 7);
  at = next();
  nla_put_string(msg, 8, "a long text");
  KUNIT_EXPECT_EQ(test, nla_strscpy(counts.text, at, 8), -E2BIG);
  KUNIT_EXPECT_STREQ(test, counts.text, "a long ");
  at = next();
  nla_put(msg, 9, 4, counts.text);
  KUNIT_EXPECT_EQ(test, nla_data(at)[3], 0x6f);
  const room = nla_reserve(msg, 10, 4);
  KUNIT_EXPECT_NOT_NULL(test, room);
  nla_data(room!)[0] = 1;
  KUNIT_EXPECT_EQ(test, nla_total_size(5), NLA_HDRLEN + 8);
  KUNIT_EXPECT_NULL(test, nla_reserve(msg, 11, 5000));
  nlmsg_free(msg);
}

function genl_test_nests(test: Ref<kunit>): void {
  const msg = nlmsg_new(100, GFP_KERNEL)!;
  const nest = nla_nest_start(msg, 1)!;
  nla_put_u32(msg, 1, 42);
  const failed = nla_nest_start(msg, 2)!;
  nla_put_u32(msg, 1, 43);
  nla_nest_cancel(msg, failed);
  nla_nest_end(msg, nest);
  KUNIT_EXPECT_EQ(test, nla_len(nest), 8);
  KUNIT_EXPECT_EQ(test, nest.nla_type, 1 | NLA_F_NESTED);
  const tb = on_stack(array(ptr(nlattr), 2));
  KUNIT_EXPECT_EQ(test, nla_parse_nested(tb, 1, nest, null, null), 0);
  KUNIT_EXPECT_NULL(test, tb[0]);
  KUNIT_EXPECT_EQ(test, nla_get_u32(tb[1]!), 42);
  KUNIT_EXPECT_EQ(test, nla_parse_nested(tb, 1, tb[1]!, inner, null), -EINVAL);
  KUNIT_EXPECT_EQ(test, NLA_NESTED + NLA_U16, 10);
  KUNIT_EXPECT_EQ(test, -ERANGE, -34);
  KUNIT_EXPECT_PTR_EQ(test, nest, cast(nlattr, msg.data));
  consume_skb(msg);
}

kunit_test_suite(
  kunit_suite({
    name: "genetlink",
    test_cases: [KUNIT_CASE(genl_test_families), KUNIT_CASE(genl_test_attributes), KUNIT_CASE(genl_test_nests)],
  }),
);

function echo_init(): int {
  return genl_register_family(echo);
}
function echo_exit(): void {
  genl_unregister_family(echo);
}
module_init(echo_init);
module_exit(echo_exit);

MODULE_LICENSE("GPL");
