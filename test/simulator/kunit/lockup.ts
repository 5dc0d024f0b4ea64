// Who keeps a CPU, or keeps others waiting for RCU: the watchdog tells of it, and of those that let others in it does not.
import { mdelay } from "linux/delay";
import { EINVAL } from "linux/errno";
import { type file, file_operations } from "linux/fs";
import { local_irq_restore, local_irq_save } from "linux/irqflags";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import { rcu_read_lock, rcu_read_unlock, synchronize_rcu } from "linux/rcupdate";
import { cond_resched } from "linux/sched";
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from "linux/spinlock";
import { type int, type long, type Ref, struct, type uint } from "linux/types";

const HELD = 1;
const RELEASED = 2;
const IRQS_OFF = 3;
const IRQS_ON = 4;
const READER = 5;
const GRACE = 6;
const POLITE = 7;

const SECONDS = 24;
const d = struct("lockup_dev", { misc: miscdevice, lock: spinlock_t })({});

/** For as long as the watchdog's patience, and a little more. */
function spin(): void {
  for (let i = 0; i < SECONDS; i++) mdelay(1000); // reports: hung-task
}

function lockup_ioctl(file: Ref<file>, cmd: uint): long {
  switch (cmd) {
    case HELD:
      spin_lock(d.lock);
      spin();
      spin_unlock(d.lock);
      return 0;
    case RELEASED:
      for (let i = 0; i < SECONDS; i++) {
        spin_lock(d.lock);
        mdelay(1000);
        spin_unlock(d.lock);
      }
      return 0;
    case IRQS_OFF: {
      const flags = local_irq_save();
      for (let i = 0; i < 12; i++) mdelay(1000); // reports: hung-task
      local_irq_restore(flags);
      return 0;
    }
    case IRQS_ON:
      for (let i = 0; i < 24; i++) {
        const flags = local_irq_save();
        mdelay(500);
        local_irq_restore(flags);
      }
      return 0;
    case READER:
      rcu_read_lock();
      for (let i = 0; i < SECONDS; i++) mdelay(1000); // reports: hung-task
      rcu_read_unlock();
      return 0;
    case GRACE:
      synchronize_rcu();
      return 0;
    case POLITE:
      for (let i = 0; i < SECONDS; i++) {
        mdelay(1000);
        cond_resched();
      }
      return 0;
    default:
      return -EINVAL;
  }
}

const lockup_fops = file_operations({ owner: THIS_MODULE, unlocked_ioctl: lockup_ioctl });

function lockup_init(): int {
  spin_lock_init(d.lock);
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "lockup";
  d.misc.fops = lockup_fops;
  return misc_register(d.misc);
}

function lockup_exit(): void {
  misc_deregister(d.misc);
}

module_init(lockup_init);
module_exit(lockup_exit);
MODULE_LICENSE("GPL");
