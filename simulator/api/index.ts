// What drivers may import: the headers of the simulated kernel, by name.
import type { SymbolTable } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atomic, barrier, kref, refcount } from "./atomic.ts";
import { bio, bvec } from "./bio.ts";
import { bitfield, bitops, bits } from "./bitops.ts";
import { blkMq } from "./blk-mq.ts";
import { blkdev } from "./blkdev.ts";
import { clk, clkProvider } from "./clk.ts";
import { completion } from "./completion.ts";
import { addContracts, contractHeaders } from "./contracts.ts";
import { capability, cred, uidgid } from "./credentials.ts";
import { debugfs } from "./debugfs.ts";
import { delay } from "./delay.ts";
import { device } from "./device.ts";
import { dmaMapping } from "./dma.ts";
import { err, errnoHeader } from "./errno.ts";
import { etherdevice, ifEther } from "./etherdevice.ts";
import { fpu } from "./fpu.ts";
import { cdev, fs } from "./fs.ts";
import { genetlink, netlink } from "./genetlink.ts";
import { gfpHeader, highmem, vmallocHeader } from "./gfp.ts";
import { gpio, gpioConsumer, gpioDriver } from "./gpio.ts";
import { gpioMachine } from "./gpio-names.ts";
import { hardware } from "./hardware.ts";
import { type Exports, Header } from "./header.ts";
import { i2c } from "./i2c.ts";
import { input, inputEventCodes } from "./input.ts";
import { byteorder, checksum, ip, tcp, udp } from "./internet.ts";
import { interrupt } from "./interrupt.ts";
import { io } from "./io.ts";
import { ioctl } from "./ioctl.ts";
import { iopoll, ioport, portIo } from "./ioport.ts";
import { jiffies } from "./jiffies.ts";
import { compiler, jumpLabel } from "./jump-label.ts";
import { bug, kernelHeader } from "./kernel-header.ts";
import { kfifo } from "./kfifo.ts";
import { kobject, sysfs } from "./kobject.ts";
import { kthread } from "./kthread.ts";
import { kunit } from "./kunit.ts";
import { list } from "./list.ts";
import { miscdevice } from "./miscdevice.ts";
import { mm, schedMm } from "./mm.ts";
import { module } from "./module.ts";
import { mutex } from "./mutex.ts";
import { netdevice, rtnetlink } from "./netdevice.ts";
import { netfilter } from "./netfilter.ts";
import { pci } from "./pci.ts";
import { cpumask, percpu, smp } from "./percpu.ts";
import { percpuRwsem } from "./percpu-rwsem.ts";
import { of, platformDevice, property } from "./platform.ts";
import { pm } from "./pm.ts";
import { pmRuntime } from "./pm-runtime.ts";
import { poll } from "./poll.ts";
import { bottomHalf, irqflags, preempt } from "./preempt.ts";
import { printk } from "./printk.ts";
import { procFs } from "./proc-fs.ts";
import { processor, specialInsns } from "./processor.ts";
import { rculist, rcupdate } from "./rcu.ts";
import { regmap } from "./regmap.ts";
import { scenario } from "./scenario.ts";
import { pid, sched, signal } from "./sched.ts";
import { rwsem, semaphore } from "./semaphore.ts";
import { seqFile } from "./seq-file.ts";
import { seqlock, u64Stats } from "./seqlock.ts";
import { skbuff } from "./skbuff.ts";
import { mempool, slab } from "./slab.ts";
import { spinlock } from "./spinlock.ts";
import { srcu } from "./srcu.ts";
import { stat } from "./stat.ts";
import { ctype, string } from "./string.ts";
import { ktime, time64, timekeeping } from "./time.ts";
import { hrtimer, timer } from "./timer.ts";
import { uaccess } from "./uaccess.ts";
import { uio } from "./uio.ts";
import { usb } from "./usb.ts";
import { wait } from "./wait.ts";
import { waitBit } from "./wait-bit.ts";
import { workqueue } from "./workqueue.ts";

const headers: Readonly<Record<string, (kernel: Kernel) => Header>> = {
  "driverlab/hardware": hardware,
  "driverlab/scenario": scenario,
  "kunit/test": kunit,
  "asm/barrier": barrier,
  "asm/byteorder": byteorder,
  "asm/fpu/api": fpu,
  "asm/io": portIo,
  "asm/processor": processor,
  "asm/special_insns": specialInsns,
  "linux/atomic": atomic,
  "linux/bio": bio,
  "linux/bitfield": bitfield,
  "linux/bitops": bitops,
  "linux/bits": bits,
  "linux/blk-mq": blkMq,
  "linux/blkdev": blkdev,
  "linux/bottom_half": bottomHalf,
  "linux/bug": bug,
  "linux/bvec": bvec,
  "linux/capability": capability,
  "linux/cdev": cdev,
  "linux/clk": clk,
  "linux/clk-provider": clkProvider,
  "linux/compiler": compiler,
  "linux/completion": completion,
  "linux/cred": cred,
  "linux/ctype": ctype,
  "linux/cpumask": cpumask,
  "linux/debugfs": debugfs,
  "linux/delay": delay,
  "linux/device": device,
  "linux/dma-mapping": dmaMapping,
  "linux/err": err,
  "linux/errno": errnoHeader,
  "linux/etherdevice": etherdevice,
  "linux/fpu": fpu,
  "linux/fs": fs,
  "linux/gfp": gfpHeader,
  "linux/gpio": gpio,
  "linux/gpio/consumer": gpioConsumer,
  "linux/gpio/driver": gpioDriver,
  "linux/gpio/machine": gpioMachine,
  "linux/highmem": highmem,
  "linux/hrtimer": hrtimer,
  "linux/i2c": i2c,
  "linux/if_ether": ifEther,
  "linux/input": input,
  "linux/input-event-codes": inputEventCodes,
  "linux/interrupt": interrupt,
  "linux/io": io,
  "linux/ioctl": ioctl,
  "linux/iopoll": iopoll,
  "linux/ioport": ioport,
  "linux/ip": ip,
  "linux/irqflags": irqflags,
  "linux/jiffies": jiffies,
  "linux/jump_label": jumpLabel,
  "linux/kernel": kernelHeader,
  "linux/kfifo": kfifo,
  "linux/kobject": kobject,
  "linux/kref": kref,
  "linux/ktime": ktime,
  "linux/kthread": kthread,
  "linux/list": list,
  "linux/mempool": mempool,
  "linux/miscdevice": miscdevice,
  "linux/mm": mm,
  "linux/module": module,
  "linux/mutex": mutex,
  "linux/netdevice": netdevice,
  "linux/netfilter": netfilter,
  "linux/of": of,
  "linux/pci": pci,
  "linux/percpu": percpu,
  "linux/percpu-rwsem": percpuRwsem,
  "linux/pid": pid,
  "linux/platform_device": platformDevice,
  "linux/poll": poll,
  "linux/pm": pm,
  "linux/pm_runtime": pmRuntime,
  "linux/preempt": preempt,
  "linux/printk": printk,
  "linux/rculist": rculist,
  "linux/rcupdate": rcupdate,
  "linux/proc_fs": procFs,
  "linux/property": property,
  "linux/refcount": refcount,
  "linux/rtnetlink": rtnetlink,
  "linux/regmap": regmap,
  "linux/rwsem": rwsem,
  "linux/semaphore": semaphore,
  "linux/seqlock": seqlock,
  "linux/sched": sched,
  "linux/sched/mm": schedMm,
  "linux/sched/signal": signal,
  "linux/seq_file": seqFile,
  "linux/skbuff": skbuff,
  "linux/slab": slab,
  "linux/smp": smp,
  "linux/spinlock": spinlock,
  "linux/string": string,
  "linux/sysfs": sysfs,
  "linux/tcp": tcp,
  "linux/time64": time64,
  "linux/timekeeping": timekeeping,
  "linux/timer": timer,
  "linux/u64_stats_sync": u64Stats,
  "linux/uaccess": uaccess,
  "linux/udp": udp,
  "linux/uidgid": uidgid,
  "linux/uio": uio,
  "linux/usb": usb,
  "linux/vmalloc": vmallocHeader,
  "linux/srcu": srcu,
  "linux/stat": stat,
  "linux/wait": wait,
  "linux/wait_bit": waitBit,
  "linux/workqueue": workqueue,
  "net/checksum": checksum,
  "net/genetlink": genetlink,
  "net/netlink": netlink,
};

/** The names of all headers, sorted. */
export const headerNames: readonly string[] = [...new Set([...Object.keys(headers), ...contractHeaders])].sort();

const known: ReadonlySet<string> = new Set(headerNames);

const EDITION = {};

/** The functions of a kernel, made when a header is first asked for. */
export function symbolTable(kernel: Kernel): SymbolTable {
  const made = new Map<string, Exports>();
  const exportsOf = (name: string): Exports | undefined => {
    let found = made.get(name);
    if (found === undefined && known.has(name)) {
      found = (Object.hasOwn(headers, name) ? headers[name]!(kernel) : new Header(kernel.core)).exports;
      addContracts(found, name, kernel);
      made.set(name, found);
    }
    return found;
  };
  return {
    edition: EDITION,
    find: (header, name) => exportsOf(header)?.get(name),
    names: (header) => {
      const found = exportsOf(header);
      return found === undefined ? undefined : [...found.keys()].sort();
    },
  };
}
