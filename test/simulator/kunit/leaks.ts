// What a module obtains and does not give back: all of it is told when it goes, and when its init fails; with `tidy=1` nothing.
import { cdev, cdev_add, cdev_del, cdev_init } from "linux/cdev";
import { type class_, class_create, class_destroy, device_create, device_destroy } from "linux/device";
import { IS_ERR } from "linux/err";
import { ENODEV, ENOMEM } from "linux/errno";
import { file_operations, MKDEV, register_chrdev_region, unregister_chrdev_region } from "linux/fs";
import { __free_page, alloc_page } from "linux/gfp";
import {
  CLOCK_MONOTONIC,
  HRTIMER_MODE_REL,
  HRTIMER_NORESTART,
  hrtimer,
  hrtimer_cancel,
  hrtimer_init,
  type hrtimer_restart_t,
  hrtimer_start,
} from "linux/hrtimer";
import { free_irq, IRQ_NONE, IRQF_SHARED, type irqreturn_t, request_irq } from "linux/interrupt";
import { release_mem_region, request_mem_region } from "linux/ioport";
import { jiffies } from "linux/jiffies";

import { ms_to_ktime } from "linux/ktime";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, module_param, THIS_MODULE } from "linux/module";
import { alloc_percpu, free_percpu } from "linux/percpu";
import { proc_create, proc_ops, proc_remove } from "linux/proc_fs";
import {
  GFP_KERNEL,
  kfree,
  kmalloc,
  type kmem_cache,
  kmem_cache_alloc,
  kmem_cache_create,
  kmem_cache_destroy,
  kmem_cache_free,
} from "linux/slab";
import { cleanup_srcu_struct, init_srcu_struct, srcu_struct } from "linux/srcu";
import { mod_timer, timer_delete_sync, timer_list, timer_setup } from "linux/timer";
import { bool, type int, type Ref, struct, u32 } from "linux/types";
import { vfree, vmalloc } from "linux/vmalloc";
import {
  alloc_workqueue,
  cancel_work_sync,
  destroy_workqueue,
  INIT_WORK,
  queue_work,
  work_struct as work_layout,
  type work_struct,
  type workqueue_struct,
} from "linux/workqueue";

const tidy = module_param("tidy", bool, false, 0o444);
const fail = module_param("fail", bool, false, 0o444);

const thing = struct("thing", { value: u32 });
const leaks_dev = struct("leaks_dev", {
  misc: miscdevice,
  cdev: cdev,
  timer: timer_list,
  pulse: hrtimer,
  work: work_layout,
  srcu: srcu_struct,
  ran: u32,
});
const d = leaks_dev({});
const DEVICE = MKDEV(240, 0);

const fops = file_operations({ owner: THIS_MODULE });
const entry_ops = proc_ops({});

let memory: Ref<typeof thing> | null = null;
let area: Ref<typeof thing> | null = null;
let one: ReturnType<typeof alloc_page> = null;
let counters: ReturnType<typeof alloc_percpu<typeof thing>> = null;
let cache: Ref<kmem_cache> | null = null;
let object: Ref<typeof thing> | null = null;
let queue: Ref<workqueue_struct> | null = null;
let group: Ref<class_> | null = null;
let entry: ReturnType<typeof proc_create> = null;

function irq(): irqreturn_t {
  return IRQ_NONE;
}

function tick(): void {
  d.ran += 1;
}

function pulse(): hrtimer_restart_t {
  d.ran += 1;
  return HRTIMER_NORESTART;
}

function run(work: Ref<work_struct>): void {
  d.ran += work ? 1 : 0;
}

function obtain(): int {
  memory = kmalloc(thing, GFP_KERNEL); // reports: missing-release
  area = vmalloc(thing); // reports: missing-release
  one = alloc_page(GFP_KERNEL); // reports: missing-release
  counters = alloc_percpu(thing); // reports: missing-release
  queue = alloc_workqueue("leaks", 0, 0); // reports: missing-release
  if (request_irq(9, irq, IRQF_SHARED, "leaks", d)) return -ENODEV; // reports: missing-release
  if (!request_mem_region(0x0b000000, 0x100, "leaks")) return -ENODEV; // reports: missing-release
  return memory && area && one && counters && queue ? 0 : -ENOMEM;
}

function register(): int {
  if (register_chrdev_region(DEVICE, 1, "leaks")) return -ENODEV; // reports: missing-release
  cdev_init(d.cdev, fops);
  if (cdev_add(d.cdev, DEVICE, 1)) return -ENODEV; // reports: missing-release
  const made = class_create("leaks"); // reports: missing-release
  if (IS_ERR(made)) return -ENOMEM;
  group = made;
  const dev = device_create(made, null, DEVICE, null, "leaks0"); // reports: missing-release
  if (IS_ERR(dev)) return -ENOMEM;
  entry = proc_create("leaks", 0o444, null, entry_ops); // reports: missing-release
  d.misc.minor = MISC_DYNAMIC_MINOR;
  d.misc.name = "leaks";
  d.misc.fops = fops;
  if (misc_register(d.misc)) return -ENODEV; // reports: missing-release
  return init_srcu_struct(d.srcu); // reports: missing-release
}

function start(): void {
  cache = kmem_cache_create("leaks_thing", thing, 0, 0, null);
  if (cache) object = kmem_cache_alloc(cache, GFP_KERNEL, thing); // reports: missing-release
  timer_setup(d.timer, tick, 0);
  mod_timer(d.timer, jiffies() + 60_000); // reports: missing-cancel-on-remove
  hrtimer_init(d.pulse, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
  d.pulse.function = pulse;
  hrtimer_start(d.pulse, ms_to_ktime(60_000n), HRTIMER_MODE_REL); // reports: missing-cancel-on-remove
  INIT_WORK(d.work, run);
  if (queue) queue_work(queue, d.work);
}

/** In the opposite order. */
function give_back(): void {
  cancel_work_sync(d.work);
  hrtimer_cancel(d.pulse);
  timer_delete_sync(d.timer);
  if (cache && object) kmem_cache_free(cache, object);
  cleanup_srcu_struct(d.srcu);
  misc_deregister(d.misc);
  proc_remove(entry);
  if (group) {
    device_destroy(group, DEVICE);
    class_destroy(group);
  }
  cdev_del(d.cdev);
  unregister_chrdev_region(DEVICE, 1);
  release_mem_region(0x0b000000, 0x100);
  free_irq(9, d);
  if (queue) destroy_workqueue(queue);
  free_percpu(counters);
  if (one) __free_page(one);
  vfree(area);
  kfree(memory);
}

function leaks_init(): int {
  if (fail.value) {
    // Nobody undoes what was done before.
    const half = kmalloc(thing, GFP_KERNEL); // reports: missing-release
    if (half) half.value = 1;
    request_irq(8, irq, IRQF_SHARED, "half", d); // reports: missing-release
    return -ENODEV;
  }
  const err = obtain() || register();
  if (!err) start();
  return err;
}

function leaks_exit(): void {
  if (tidy.value) give_back();
  if (cache) kmem_cache_destroy(cache);
}

module_init(leaks_init);
module_exit(leaks_exit);
MODULE_LICENSE("GPL");
