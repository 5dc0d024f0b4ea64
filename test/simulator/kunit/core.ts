// KUnit: numbers, strings, characters, ioctl numbers, warnings, parameters: what every driver stands on.
import {
  KUNIT_ASSERT_NOT_ERR_OR_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { WARN, WARN_ON, WARN_ON_ONCE, WARN_ONCE } from "linux/bug";
import {
  isalnum,
  isalpha,
  isdigit,
  islower,
  isprint,
  ispunct,
  isspace,
  isupper,
  isxdigit,
  tolower,
  toupper,
} from "linux/ctype";
import { E2BIG, EINVAL, ERANGE } from "linux/errno";
import { _IO, _IOC, _IOC_DIR, _IOC_NR, _IOC_READ, _IOC_SIZE, _IOC_TYPE, _IOR, _IOW, _IOWR } from "linux/ioctl";
import {
  ALIGN,
  abs,
  clamp,
  DIV_ROUND_CLOSEST,
  DIV_ROUND_UP,
  dump_stack,
  IS_ALIGNED,
  kasprintf,
  kstrtobool,
  kstrtoint,
  kstrtol,
  kstrtoll,
  kstrtos8,
  kstrtos16,
  kstrtos32,
  kstrtou8,
  kstrtou16,
  kstrtou32,
  kstrtouint,
  kstrtoul,
  kstrtoull,
  lower_32_bits,
  max,
  might_sleep,
  min,
  rounddown,
  roundup,
  scnprintf,
  snprintf,
  sprintf,
  sscanf,
  swab32,
  upper_32_bits,
} from "linux/kernel";
import {
  __module_get,
  EXPORT_SYMBOL,
  EXPORT_SYMBOL_GPL,
  kallsyms_lookup_name,
  kernel_param_ops,
  MODULE_ALIAS,
  MODULE_AUTHOR,
  MODULE_DESCRIPTION,
  MODULE_FIRMWARE,
  MODULE_LICENSE,
  MODULE_PARM_DESC,
  MODULE_SOFTDEP,
  MODULE_VERSION,
  module_param,
  module_param_array,
  module_param_cb,
  module_put,
  param_get_bool,
  param_get_charp,
  param_get_int,
  param_get_uint,
  param_set_bool,
  param_set_charp,
  param_set_int,
  param_set_uint,
  sprint_symbol,
  THIS_MODULE,
  try_module_get,
} from "linux/module";
import {
  KERN_INFO,
  pr_alert,
  pr_cont,
  pr_crit,
  pr_debug,
  pr_emerg,
  pr_err,
  pr_info,
  pr_notice,
  pr_warn,
  printk,
} from "linux/printk";
import { GFP_KERNEL, kfree } from "linux/slab";
import {
  kmemdup,
  kstrdup,
  kstrndup,
  memchr,
  memcmp,
  memcpy,
  memmove,
  memset,
  strcasecmp,
  strcat,
  strchr,
  strcmp,
  strcpy,
  strim,
  strlen,
  strncmp,
  strncpy,
  strnlen,
  strrchr,
  strscpy,
  strsep,
  strstr,
  sysfs_streq,
} from "linux/string";
import {
  array,
  bool,
  char,
  charp,
  type int,
  long,
  on_stack,
  ptr,
  type Ref,
  s8,
  s16,
  s32,
  s64,
  struct,
  u8,
  u16,
  u32,
  u64,
  ulong,
} from "linux/types";

const howmany = module_param("howmany", u32, 1, 0o444);
const loud = module_param("loud", bool, false, 0o644);
const whom = module_param("whom", charp, "world", 0o444);
const given = struct("given", { count: u32, times: u32 })({ count: 0, times: 0 });
const list = module_param_array("list", s16, 4, given, 0o444);
MODULE_PARM_DESC("howmany", "How many");
const twice_ops = kernel_param_ops({
  set: (val, kp) => {
    given.times += 1;
    return param_set_int(val, kp);
  },
  get: (buffer, kp) => param_get_int(buffer, kp),
});
const cell = struct("cell", { value: s32, unsigned: u32, flag: bool, text: charp })({ value: 0 });
module_param_cb("twice", twice_ops, cell, 0o644);

function parameters(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, howmany.value, 3);
  KUNIT_EXPECT_TRUE(test, loud.value);
  KUNIT_EXPECT_STREQ(test, whom.value, "all of you");
  KUNIT_EXPECT_EQ(test, given.count, 2);
  KUNIT_EXPECT_EQ(test, list[0], -7);
  KUNIT_EXPECT_EQ(test, list[1], 8);
  KUNIT_EXPECT_EQ(test, cell.value, 42);
  KUNIT_EXPECT_EQ(test, given.times, 1);
}

function numbers(test: Ref<kunit>): void {
  const a = on_stack(s8);
  const b = on_stack(u8);
  const c = on_stack(s16);
  const d = on_stack(u16);
  const e = on_stack(s32);
  const f = on_stack(u32);
  const g = on_stack(s64);
  const h = on_stack(u64);
  const i = on_stack(long);
  const j = on_stack(ulong);
  const yes = on_stack(bool);
  KUNIT_EXPECT_EQ(test, kstrtos8("-128", 10, a), 0);
  KUNIT_EXPECT_EQ(test, a.value, -128);
  KUNIT_EXPECT_EQ(test, kstrtou8("256", 10, b), -ERANGE);
  KUNIT_EXPECT_EQ(test, kstrtou8("0xff\n", 0, b), 0);
  KUNIT_EXPECT_EQ(test, b.value, 255);
  KUNIT_EXPECT_EQ(test, kstrtos16("010", 0, c) + c.value, 8);
  KUNIT_EXPECT_EQ(test, kstrtou16("65535", 10, d) + d.value, 65535);
  KUNIT_EXPECT_EQ(test, kstrtos32("-1", 10, e) + e.value, -1);
  KUNIT_EXPECT_EQ(test, kstrtoint("12a", 10, e), -EINVAL);
  KUNIT_EXPECT_EQ(test, kstrtou32("ff", 16, f) + f.value, 255);
  KUNIT_EXPECT_EQ(test, kstrtouint("9", 10, f) + f.value, 9);
  KUNIT_EXPECT_EQ(test, kstrtoll("-5000000000", 10, g), 0);
  KUNIT_EXPECT_EQ(test, g.value, -5000000000n);
  KUNIT_EXPECT_EQ(test, kstrtoull("5000000000", 10, h), 0);
  KUNIT_EXPECT_EQ(test, upper_32_bits(h.value), 1);
  KUNIT_EXPECT_EQ(test, lower_32_bits(h.value), 705032704);
  KUNIT_EXPECT_EQ(test, kstrtol("-3", 10, i) + i.value, -3);
  KUNIT_EXPECT_EQ(test, kstrtoul("3", 10, j) + j.value, 3);
  KUNIT_EXPECT_EQ(test, kstrtobool("on", yes), 0);
  KUNIT_EXPECT_TRUE(test, yes.value);
  const text = on_stack(array(char, 8));
  KUNIT_EXPECT_EQ(test, sscanf("edu 42 0x1f", "%7s %d %x", text, e, f), 3);
  KUNIT_EXPECT_STREQ(test, text, "edu");
  KUNIT_EXPECT_EQ(test, e.value + f.value, 42 + 31);

  KUNIT_EXPECT_EQ(test, min(1, 2) + max(3, 4), 5);
  KUNIT_EXPECT_EQ(test, clamp(9, 1, 5), 5);
  KUNIT_EXPECT_EQ(test, abs(-3), 3);
  KUNIT_EXPECT_EQ(test, DIV_ROUND_UP(7, 4), 2);
  KUNIT_EXPECT_EQ(test, DIV_ROUND_CLOSEST(7, 4), 2);
  KUNIT_EXPECT_EQ(test, roundup(7, 5) - rounddown(7, 5), 5);
  KUNIT_EXPECT_EQ(test, ALIGN(5, 8), 8);
  KUNIT_EXPECT_TRUE(test, IS_ALIGNED(16, 8));
  KUNIT_EXPECT_EQ(test, swab32(0x01020304), 0x04030201);
}

function strings(test: Ref<kunit>): void {
  const text = on_stack(array(char, 16));
  KUNIT_EXPECT_EQ(test, snprintf(text, 4, "%s", "abcdef"), 6);
  KUNIT_EXPECT_EQ(test, scnprintf(text, 4, "%s", "abcdef"), 3);
  KUNIT_EXPECT_STREQ(test, text, "abc");
  KUNIT_EXPECT_EQ(test, sprintf(text, "%d-%d", 1, 2), 3);
  KUNIT_EXPECT_EQ(test, strlen(text), 3);
  strcpy(text, "edu");
  strcat(text, "0");
  KUNIT_EXPECT_EQ(test, strcmp(text, "edu0"), 0);
  KUNIT_EXPECT_EQ(test, strncmp(text, "eduX", 3), 0);
  KUNIT_EXPECT_NE(test, strncmp("eduY", "eduX", 4), 0);
  KUNIT_EXPECT_EQ(test, strcasecmp("EDU", "edu"), 0);
  KUNIT_EXPECT_EQ(test, strscpy(text, "too long for four", 4), -E2BIG);
  strncpy(text, "ab", 16);
  KUNIT_EXPECT_EQ(test, text[15], 0);
  KUNIT_EXPECT_EQ(test, strnlen("abcdef", 4), 4);
  KUNIT_EXPECT_NOT_NULL(test, strchr("edu", 0x64));
  KUNIT_EXPECT_NULL(test, strrchr("edu", 0x7a));
  KUNIT_EXPECT_NOT_NULL(test, strrchr("edu", 0x75));
  KUNIT_EXPECT_NOT_NULL(test, strstr("education", "cat"));
  KUNIT_EXPECT_TRUE(test, sysfs_streq("on\n", "on"));
  strcpy(text, "  trim ");
  KUNIT_EXPECT_STREQ(test, strim(text), "trim");
  const rest = on_stack(struct("rest", { at: ptr() }));
  strcpy(text, "a,b");
  rest.at = text;
  KUNIT_EXPECT_STREQ(test, strsep(rest, ",")!, "a");
  KUNIT_EXPECT_STREQ(test, strsep(rest, ",")!, "b");
  KUNIT_EXPECT_NULL(test, strsep(rest, ","));

  memset(text, 0x41, 4);
  KUNIT_EXPECT_EQ(test, text[3], 0x41);
  const three = kstrdup("edu", GFP_KERNEL)!;
  memcpy(text, three, 4);
  memmove(text.add(1), text, 4);
  KUNIT_EXPECT_EQ(test, memcmp(text.add(1), three, 4), 0);
  kfree(three);
  KUNIT_EXPECT_NOT_NULL(test, memchr(text, 0x75, 5));
  const copy = kstrdup("edu", GFP_KERNEL)!;
  const part = kstrndup("education", 3, GFP_KERNEL)!;
  const bytes = kmemdup(copy, 4, GFP_KERNEL)!;
  const made = kasprintf(GFP_KERNEL, "%s%d", "edu", 0)!;
  KUNIT_EXPECT_STREQ(test, copy, "edu");
  KUNIT_EXPECT_STREQ(test, part, "edu");
  KUNIT_EXPECT_STREQ(test, bytes, "edu");
  KUNIT_EXPECT_STREQ(test, made, "edu0");
  for (const one of [copy, part, bytes, made]) kfree(one);
}

function characters(test: Ref<kunit>): void {
  KUNIT_EXPECT_TRUE(test, isalpha(0x61) && isalnum(0x39) && isdigit(0x30) && islower(0x7a) && isupper(0x5a));
  KUNIT_EXPECT_TRUE(test, isspace(0x20) && isxdigit(0x46) && isprint(0x7e) && ispunct(0x21));
  KUNIT_EXPECT_FALSE(test, isdigit(0x61));
  KUNIT_EXPECT_EQ(test, toupper(0x61), 0x41);
  KUNIT_EXPECT_EQ(test, tolower(0x41), 0x61);
}

function commands(test: Ref<kunit>): void {
  const cmd = _IOC(_IOC_READ, 0xed, 3, 8);
  KUNIT_EXPECT_EQ(test, cmd, _IOR(0xed, 3, u64));
  KUNIT_EXPECT_EQ(test, _IOC_DIR(cmd), _IOC_READ);
  KUNIT_EXPECT_EQ(test, _IOC_TYPE(cmd), 0xed);
  KUNIT_EXPECT_EQ(test, _IOC_NR(cmd), 3);
  KUNIT_EXPECT_EQ(test, _IOC_SIZE(cmd), 8);
  KUNIT_EXPECT_EQ(test, _IO(0x12, 96), 0x1260);
  KUNIT_EXPECT_EQ(test, _IOW(0x57, 1, u32), 0x40045701);
  KUNIT_EXPECT_EQ(test, _IOWR(0x57, 6, u32), 0xc0045706);
}

function symbols(test: Ref<kunit>): void {
  const text = on_stack(array(char, 64));
  KUNIT_EXPECT_NE(test, kallsyms_lookup_name("exported"), 0);
  sprint_symbol(text, kallsyms_lookup_name("exported_gpl"));
  KUNIT_EXPECT_NOT_NULL(test, strstr(text, "exported_gpl"));
  KUNIT_EXPECT_TRUE(test, try_module_get(THIS_MODULE));
  __module_get(THIS_MODULE);
  module_put(THIS_MODULE);
  module_put(THIS_MODULE);
}

function parameter_functions(test: Ref<kunit>): void {
  const text = on_stack(array(char, 32));
  const kp = on_stack(struct("kernel_param_like", { name: charp, perm: u32, arg: ptr() }));
  const at = cell as never;
  kp.arg = at;
  KUNIT_EXPECT_EQ(test, param_set_int("-5", kp as never), 0);
  KUNIT_EXPECT_EQ(test, cell.value, -5);
  KUNIT_EXPECT_EQ(test, param_get_int(text, kp as never), 3);
  KUNIT_EXPECT_EQ(test, param_set_uint("-5", kp as never), -EINVAL);
  KUNIT_EXPECT_EQ(test, param_set_uint("7", kp as never) + cell.value, 7);
  KUNIT_EXPECT_EQ(test, param_get_uint(text, kp as never), 2);
  KUNIT_EXPECT_EQ(test, param_set_bool("1", kp as never), 0);
  KUNIT_EXPECT_EQ(test, param_get_bool(text, kp as never), 2);
  KUNIT_EXPECT_STREQ(test, text, "Y\n");
  KUNIT_EXPECT_EQ(test, param_set_charp("edu", kp as never), 0);
  KUNIT_EXPECT_EQ(test, param_get_charp(text, kp as never), 4);
  KUNIT_EXPECT_STREQ(test, text, "edu\n");
}

function warnings(test: Ref<kunit>): void {
  might_sleep();
  for (let round = 0; round < 2; round++) {
    KUNIT_EXPECT_TRUE(test, WARN_ON_ONCE(round >= 0));
    KUNIT_EXPECT_TRUE(test, WARN_ONCE(round >= 0, "once in %d rounds\n", 2));
  }
  KUNIT_EXPECT_TRUE(test, WARN_ON(howmany.value === 3));
  KUNIT_EXPECT_FALSE(test, WARN_ON(howmany.value !== 3));
  KUNIT_EXPECT_TRUE(test, WARN(1, "%d things", 3));
  dump_stack();
  pr_emerg("emerg\n");
  pr_alert("alert\n");
  pr_crit("crit\n");
  pr_err("err\n");
  pr_warn("warn\n");
  pr_notice("notice\n");
  pr_info("info\n");
  pr_cont("cont\n");
  pr_debug("debug\n");
  printk(KERN_INFO + "printk\n");
  KUNIT_ASSERT_NOT_ERR_OR_NULL(test, test);
}

function exported(): int {
  return 1;
}

function exported_gpl(): int {
  return 2;
}

EXPORT_SYMBOL(exported);
EXPORT_SYMBOL_GPL(exported_gpl);
kunit_test_suite(
  kunit_suite({
    name: "core",
    test_cases: [
      KUNIT_CASE(parameters),
      KUNIT_CASE(numbers),
      KUNIT_CASE(strings),
      KUNIT_CASE(characters),
      KUNIT_CASE(commands),
      KUNIT_CASE(symbols),
      KUNIT_CASE(parameter_functions),
      KUNIT_CASE(warnings),
    ],
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Tests of what every driver stands on");
MODULE_VERSION("1");
MODULE_ALIAS("core-tests");
MODULE_FIRMWARE("none.bin");
MODULE_SOFTDEP("pre: none");
