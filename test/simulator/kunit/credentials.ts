// linux/cred, linux/capability, linux/ratelimit and others: who the caller is, and what has no place of its own.
// devices: edu
import { barrier } from "asm/barrier";
import { cpu_relax } from "asm/processor";
import { read_cr0, X86_CR0_PG, X86_CR0_WP } from "asm/special_insns";
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_FALSE,
  KUNIT_EXPECT_GE,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_STREQ,
  KUNIT_EXPECT_TRUE,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { CAP_SYS_ADMIN, capable } from "linux/capability";
import { current_egid, current_euid, current_fsgid, current_fsuid, current_gid, current_uid } from "linux/cred";
import { msleep } from "linux/delay";
import { dmam_alloc_coherent, dmam_free_coherent } from "linux/dma-mapping";
import { ERR_CAST, ERR_PTR, IS_ERR, PTR_ERR } from "linux/err";
import { ENOMEM, ENOTTY, EPERM } from "linux/errno";
import { current_time, type file, file_inode, file_operations, get_next_ino } from "linux/fs";
import { do_exit } from "linux/kernel";
import { add_uevent_var, kobj_uevent_env } from "linux/kobject";
import { kthread_run } from "linux/kthread";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { type pci_dev, pci_driver, pci_register_driver, pci_set_master, pci_unregister_driver } from "linux/pci";
import {
  pr_alert_ratelimited,
  pr_crit_ratelimited,
  pr_emerg_ratelimited,
  pr_err_ratelimited,
  pr_info_ratelimited,
  pr_notice_ratelimited,
  pr_warn_ratelimited,
  printk_ratelimit,
  printk_ratelimited,
} from "linux/printk";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFREG,
  S_IFSOCK,
  S_IRUGO,
  S_ISBLK,
  S_ISCHR,
  S_ISDIR,
  S_ISFIFO,
  S_ISLNK,
  S_ISREG,
  S_ISSOCK,
} from "linux/stat";
import { timespec64, timespec64_to_ns } from "linux/time64";
import { ktime_get_coarse_real_ts64, ktime_get_ns } from "linux/timekeeping";
import { type int, type long, on_stack, type Ref, struct, u32, type uint, type ulong } from "linux/types";
import { __kgid_val, __kuid_val, GLOBAL_ROOT_UID, gid_eq, KGIDT_INIT, KUIDT_INIT, uid_eq } from "linux/uidgid";

const state = struct("state", { seen: u32, handle: u32 })({});

function credentials_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  switch (cmd) {
    case 1:
      return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
    case 2:
      return __kuid_val(current_uid());
    case 3:
      return __kuid_val(current_euid());
    case 4:
      return __kuid_val(current_fsuid());
    case 5:
      return __kgid_val(current_gid()) * 10000 + __kgid_val(current_egid());
    case 6:
      return __kgid_val(current_fsgid());
    case 7:
      return uid_eq(current_euid(), KUIDT_INIT(1000)) && gid_eq(current_gid(), KGIDT_INIT(100)) ? 1 : 0;
    case 8:
      return uid_eq(current_uid(), GLOBAL_ROOT_UID) ? 1 : 0;
    case 9: {
      const now = on_stack(timespec64);
      const then = current_time(file_inode(file));
      ktime_get_coarse_real_ts64(now);
      return timespec64_to_ns(then) === timespec64_to_ns(now) ? 1 : 0;
    }
    case 10:
      do_exit(0);
      break;
  }
  return -ENOTTY;
}

function credentials_test_ratelimit(test: Ref<kunit>): void {
  let printed = 0;
  for (let n = 0; n < 13; n++) if (printk_ratelimit()) printed += 1;
  KUNIT_EXPECT_EQ(test, printed, 10);
  msleep(5100);
  KUNIT_EXPECT_NE(test, printk_ratelimit(), 0);
  pr_emerg_ratelimited("credentials: emerg\n");
  pr_alert_ratelimited("credentials: alert\n");
  pr_crit_ratelimited("credentials: crit\n");
  pr_err_ratelimited("credentials: err\n");
  pr_notice_ratelimited("credentials: notice\n");
  for (let n = 0; n < 12; n++) {
    pr_info_ratelimited("credentials: flood %d\n", n);
    pr_warn_ratelimited("credentials: warned %d\n", n);
    printk_ratelimited("credentials: plain %d\n", n);
  }
}

function credentials_test_small(test: Ref<kunit>): void {
  const error = ERR_PTR(-ENOMEM);
  const cast = ERR_CAST(error);
  KUNIT_EXPECT_TRUE(test, IS_ERR(cast));
  KUNIT_EXPECT_EQ(test, PTR_ERR(cast), -ENOMEM);
  const first = get_next_ino();
  KUNIT_EXPECT_NE(test, first, 0);
  KUNIT_EXPECT_NE(test, get_next_ino(), first);
  KUNIT_EXPECT_EQ(test, read_cr0() & X86_CR0_WP, X86_CR0_WP);
  KUNIT_EXPECT_NE(test, read_cr0() & X86_CR0_PG, 0);
  KUNIT_EXPECT_TRUE(test, S_ISDIR(S_IFDIR | 0o755));
  KUNIT_EXPECT_FALSE(test, S_ISDIR(S_IFREG | 0o644));
  KUNIT_EXPECT_TRUE(test, S_ISREG(S_IFREG | S_IRUGO));
  for (const is of [S_ISBLK(S_IFBLK), S_ISCHR(S_IFCHR), S_ISFIFO(S_IFIFO), S_ISLNK(S_IFLNK), S_ISSOCK(S_IFSOCK)]) {
    KUNIT_EXPECT_TRUE(test, is);
  }
  const before = ktime_get_ns();
  for (let n = 0; n < 50; n++) barrier();
  const without = ktime_get_ns();
  for (let n = 0; n < 50; n++) cpu_relax();
  KUNIT_EXPECT_GE(test, ktime_get_ns() - without, without - before + 4_000n);
}

function credentials_test_uevent(test: Ref<kunit>): void {
  const env = kzalloc(kobj_uevent_env, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, add_uevent_var(env, "DEVNAME=edu%d", 0), 0);
  KUNIT_EXPECT_EQ(test, add_uevent_var(env, "SUBSYSTEM=%s", "misc"), 0);
  KUNIT_EXPECT_EQ(test, env.envp_idx, 2);
  KUNIT_EXPECT_EQ(test, env.buflen, 28);
  KUNIT_EXPECT_STREQ(test, env.envp[0], "DEVNAME=edu0");
  KUNIT_EXPECT_STREQ(test, env.envp[1], "SUBSYSTEM=misc");
  kfree(env);
}

function credentials_test_exit(test: Ref<kunit>): void {
  state.seen = 0;
  kthread_run(
    () => {
      state.seen = 1;
      do_exit(0);
      state.seen = 2;
      return 0;
    },
    null,
    "ends",
  );
  msleep(2);
  KUNIT_EXPECT_EQ(test, state.seen, 1);
}

let the_test: Ref<kunit>;
const block = struct("block", { first: u32, second: u32 });
let given: Ref<typeof block> | null;

function credentials_probe(pdev: Ref<pci_dev>): int {
  const handle = on_stack(u32);
  pci_set_master(pdev);
  const early = dmam_alloc_coherent(pdev.dev, 64, handle, GFP_KERNEL)!;
  dmam_free_coherent(pdev.dev, 64, early, handle.value);
  given = dmam_alloc_coherent(pdev.dev, block, handle, GFP_KERNEL);
  KUNIT_EXPECT_TRUE(the_test, given !== null);
  if (given === null) return -ENOMEM;
  KUNIT_EXPECT_EQ(the_test, given.second, 0);
  KUNIT_EXPECT_NE(the_test, handle.value, 0);
  return 0;
}

const credentials_pci = pci_driver({
  name: "credentials",
  id_table: [{ vendor: 0x1234, device: 0x11e8 }],
  probe: credentials_probe,
});

function credentials_test_dma(test: Ref<kunit>): void {
  the_test = test;
  KUNIT_EXPECT_EQ(test, pci_register_driver(credentials_pci), 0);
  pci_unregister_driver(credentials_pci);
}

kunit_test_suite(
  kunit_suite({
    name: "credentials",
    test_cases: [
      KUNIT_CASE(credentials_test_ratelimit),
      KUNIT_CASE(credentials_test_small),
      KUNIT_CASE(credentials_test_uevent),
      KUNIT_CASE(credentials_test_exit),
      KUNIT_CASE(credentials_test_dma),
    ],
  }),
);

const credentials_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: credentials_ioctl });
const credentials_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "credentials", fops: credentials_fops });

function credentials_init(): int {
  return misc_register(credentials_misc);
}

function credentials_exit(): void {
  misc_deregister(credentials_misc);
}

module_init(credentials_init);
module_exit(credentials_exit);
MODULE_LICENSE("GPL");
