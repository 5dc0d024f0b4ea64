// Every function that drivers may import, called with raw values as C will: each does what it says.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isContract } from "../../../simulator/api/contracts.ts";
import { headerNames } from "../../../simulator/api/index.ts";
import { withFaults } from "../../../simulator/devices/faults.ts";
import { devices } from "../../../simulator/devices/index.ts";
import { GFP_ATOMIC, GFP_KERNEL } from "../../../simulator/kernel/gfp.ts";
import * as layouts from "../../../simulator/kernel/layouts.ts";
import { counting, driversIn, load, run } from "../drivers.ts";
import { Doubler, doubled } from "./doubler.ts";
import { Bench, type Body, type Calls, called } from "./fake-driver.ts";

function raw(body: (k: Calls, bench: Bench) => Body, prepare?: (bench: Bench) => void): Bench {
  const bench = new Bench();
  prepare?.(bench);
  expect(bench.do((k) => body(k, bench))).toBe(0);
  expect(bench.of("oops")).toEqual([]);
  expect(bench.of("bad-access")).toEqual([]);
  return bench;
}

test("linux/slab and linux/string", () => {
  raw(function* (k) {
    const a = yield* k.call("kmalloc", 10, GFP_ATOMIC);
    expect(yield* k.call("ksize", a)).toBe(10);
    yield* k.call("memset", a, 0x41, 9);
    yield* k.call("memset", a + 9, 0, 1);
    expect(yield* k.call("strlen", a)).toBe(9);
    const b = yield* k.call("krealloc", a, 20, GFP_KERNEL);
    expect(yield* k.call("strcmp", b, k.text("AAAAAAAAA"))).toBe(0);
    expect(yield* k.call("strncmp", b, k.text("AAAB"), 3)).toBe(0);
    expect(yield* k.call("strncmp", b, k.text("AAAB"), 4)).toBe(-1);
    const c = yield* k.call("kcalloc", 4, 4, GFP_KERNEL);
    expect(k.memory.load(c + 12, 4, false)).toBe(0);
    const d = yield* k.call("kmalloc_array", 4, 4, GFP_KERNEL);
    yield* k.call("memcpy", d, b, 4);
    yield* k.call("memmove", d + 1, d, 4);
    expect(yield* k.call("memcmp", d, b, 5)).toBe(0);
    expect(yield* k.call("memcmp", c, b, 4)).toBe(-1);
    expect(yield* k.call("strscpy", c, b, 4)).toBe(-7);
    expect(yield* k.call("strscpy", c, k.text("abc"), 4)).toBe(3);
    const e = yield* k.call("kstrdup", c, GFP_KERNEL);
    const f = yield* k.call("kmemdup", e, 4, GFP_KERNEL);
    expect(yield* k.call("strcmp", f, k.text("abc"))).toBe(0);
    const g = yield* k.call("kzalloc", 1, GFP_KERNEL);
    for (const object of [b, c, d, e, f, g]) yield* k.call("kfree", object);
    return 0;
  });
});

test("linux/kernel, linux/ioctl, linux/err, linux/list and linux/atomic", () => {
  raw(function* (k) {
    const value = k.global(16);
    for (const [text, base, signed, wanted, stored] of [
      ["42\n", 0, false, 0, 42],
      ["0x1F", 0, false, 0, 31],
      ["010", 0, false, 0, 8],
      ["-3", 10, true, 0, 0xfffffffd],
      ["-3", 10, false, -22, undefined],
      ["4294967296", 10, false, -34, undefined],
      ["", 0, true, -22, undefined],
      ["12a", 10, true, -22, undefined],
    ] as const) {
      const got = yield* k.call(signed ? "kstrtoint" : "kstrtouint", k.text(text), base, value);
      expect(got, text).toBe(wanted);
      if (stored !== undefined) expect(k.memory.load(value, 4, false), text).toBe(stored);
    }
    const user = yield* k.call("user_string", k.text("-7"));
    expect(yield* k.call("kstrtoint_from_user", user, 2, 10, value)).toBe(0);
    expect(yield* k.call("kstrtouint_from_user", user, 2, 10, value)).toBe(-22);
    expect(yield* k.call("snprintf", value, 4, k.text("%s"), k.text("abcdef"))).toBe(6);
    expect(yield* k.call("scnprintf", value, 4, k.text("%s"), k.text("abcdef"))).toBe(3);
    expect(yield* k.call("strlen", value)).toBe(3);
    expect([yield* k.call("min", 1, 2), yield* k.call("max", 1, 2)]).toEqual([1, 2]);
    // The numbers of include/uapi/linux/fs.h and watchdog.h.
    expect(yield* k.call("_IO", 0x12, 96)).toBe(0x1260);
    expect(yield* k.call("_IOR", 0x57, 1, 4)).toBe(0x80045701);
    expect(yield* k.call("_IOW", 0x57, 1, 4)).toBe(0x40045701);
    expect(yield* k.call("_IOWR", 0x57, 6, 4)).toBe(0xc0045706);
    const error = yield* k.call("ERR_PTR", -12);
    expect(error).toBe(0xfffffff4);
    expect(yield* k.call("IS_ERR", error)).toBe(1);
    expect(yield* k.call("IS_ERR", 0)).toBe(0);
    expect(yield* k.call("IS_ERR_OR_NULL", 0)).toBe(1);
    expect(yield* k.call("PTR_ERR", error)).toBe(-12);
    expect(yield* k.call("PTR_ERR_OR_ZERO", value)).toBe(0);

    const head = yield* k.call("LIST_HEAD", k.text("items"));
    const [a, b] = [k.global(8), k.global(8)];
    yield* k.call("INIT_LIST_HEAD", a);
    yield* k.call("list_add", a, head);
    yield* k.call("list_add_tail", b, head);
    expect(k.memory.load(head, 4, false)).toBe(a);
    expect(k.memory.load(a, 4, false)).toBe(b);
    yield* k.call("list_del", a);
    expect(k.memory.load(a, 4, false)).toBe(0x100);
    expect(yield* k.call("list_empty", head)).toBe(0);
    yield* k.call("list_del_init", b);
    expect(yield* k.call("list_empty", head)).toBe(1);

    yield* k.call("atomic_set", value, 5);
    yield* k.call("atomic_add", 3, value);
    yield* k.call("atomic_sub", 1, value);
    yield* k.call("atomic_inc", value);
    yield* k.call("atomic_dec", value);
    expect(yield* k.call("atomic_read", value)).toBe(7);
    expect(yield* k.call("atomic_add_return", 1, value)).toBe(8);
    expect(yield* k.call("atomic_sub_return", 2, value)).toBe(6);
    expect(yield* k.call("atomic_inc_return", value)).toBe(7);
    expect(yield* k.call("atomic_dec_return", value)).toBe(6);
    expect(yield* k.call("atomic_xchg", value, 1)).toBe(6);
    expect(yield* k.call("atomic_cmpxchg", value, 9, 5)).toBe(1);
    expect(yield* k.call("atomic_dec_and_test", value)).toBe(1);
    return 0;
  });
});

test("linux/spinlock, linux/mutex, linux/preempt, linux/irqflags and linux/bottom_half", () => {
  const bench = raw(function* (k) {
    const spin = yield* k.call("DEFINE_SPINLOCK", k.text("spin"));
    yield* k.call("spin_lock_init", spin, k.text("d.lock"));
    for (const [variant, preempt, off] of [
      ["", 1, 0],
      ["_irq", 1, 1],
      ["_bh", 0x200, 0],
    ] as const) {
      yield* k.call(`spin_lock${variant}`, spin);
      expect(yield* k.call("preempt_count")).toBe(preempt);
      expect(yield* k.call("irqs_disabled")).toBe(off);
      expect(yield* k.call("in_atomic")).toBe(1);
      expect(yield* k.call("spin_is_locked", spin)).toBe(1);
      expect(yield* k.call("spin_trylock", spin)).toBe(0);
      yield* k.call("lockdep_assert_held", spin);
      yield* k.call(`spin_unlock${variant}`, spin);
    }
    yield* k.call("local_irq_disable");
    const flags = yield* k.call("spin_lock_irqsave", spin);
    yield* k.call("spin_unlock_irqrestore", spin, flags);
    expect(yield* k.call("irqs_disabled")).toBe(1);
    yield* k.call("local_irq_enable");
    const saved = yield* k.call("local_irq_save");
    expect(yield* k.call("irqs_disabled")).toBe(1);
    yield* k.call("local_irq_restore", saved);
    expect(yield* k.call("irqs_disabled")).toBe(0);
    yield* k.call("preempt_disable");
    expect(yield* k.call("in_task")).toBe(1);
    yield* k.call("preempt_enable");
    yield* k.call("local_bh_disable");
    expect([yield* k.call("in_softirq"), yield* k.call("in_interrupt"), yield* k.call("in_hardirq")]).toEqual([
      1, 1, 0,
    ]);
    yield* k.call("local_bh_enable");
    expect(yield* k.call("preempt_count")).toBe(0);

    const mutex = yield* k.call("DEFINE_MUTEX", k.text("mutex"));
    yield* k.call("mutex_init", mutex, k.text("d.mutex"));
    yield* k.call("mutex_lock", mutex);
    expect(yield* k.call("mutex_trylock", mutex)).toBe(0);
    expect(yield* k.call("mutex_is_locked", mutex)).toBe(1);
    yield* k.call("mutex_unlock", mutex);
    expect(yield* k.call("mutex_lock_interruptible", mutex)).toBe(0);
    yield* k.call("mutex_unlock", mutex);
    yield* k.call("mutex_destroy", mutex);
    yield* k.call("lockdep_assert_held", spin);
    return 0;
  });
  expect(bench.of("lock-unbalance")).toEqual([]);
  expect(bench.of("lock-recursion")).toEqual([]);
  expect(bench.of("warn").map(({ text }) => text)).toEqual(["lockdep_assert_held(&d->lock)"]);
  expect(bench.kernel.locks.all().map(({ name }) => name)).toEqual(["&d->lock", "&d->mutex"]);
});

test("linux/wait, linux/completion, linux/interrupt and driverlab/scenario's signals", () => {
  raw(function* (k, bench) {
    const wait = yield* k.call("DECLARE_WAIT_QUEUE_HEAD", k.text("wait"));
    yield* k.call("init_waitqueue_head", wait, k.text("d.wait"));
    const program = bench.program("conditions.ts", {
      *yes(c) {
        yield* c.statement();
        return 1;
      },
    });
    const yes = bench.engine.addFunction(program.link(bench.kernel.world(bench.symbols)), "yes", "yes");
    yield* k.call("wait_event", wait, yes);
    expect(yield* k.call("wait_event_interruptible", wait, yes)).toBe(0);
    expect(yield* k.call("wait_event_timeout", wait, yes, 7)).toBe(7);
    expect(yield* k.call("wait_event_interruptible_timeout", wait, yes, 7)).toBe(7);
    for (const wake of ["wake_up", "wake_up_all", "wake_up_interruptible"]) yield* k.call(wake, wait);
    expect(yield* k.call("waitqueue_active", wait)).toBe(0);

    const done = k.global(layouts.completion.size);
    yield* k.call("init_completion", done, k.text("d.done"));
    expect(yield* k.call("completion_done", done)).toBe(0);
    yield* k.call("complete", done);
    yield* k.call("wait_for_completion", done);
    yield* k.call("complete_all", done);
    expect(yield* k.call("wait_for_completion_interruptible", done)).toBe(0);
    expect(yield* k.call("wait_for_completion_timeout", done, 5)).toBe(5);
    yield* k.call("reinit_completion", done);
    expect(yield* k.call("wait_for_completion_timeout", done, 5)).toBe(0);

    expect(yield* k.call("IRQ_RETVAL", 5)).toBe(1);
    expect(yield* k.call("request_irq", 9, yes, 0, k.text("nine"), 0)).toBe(0);
    yield* k.call("disable_irq", 9);
    yield* k.call("enable_irq", 9);
    yield* k.call("disable_irq_nosync", 9);
    yield* k.call("enable_irq", 9);
    yield* k.call("synchronize_irq", 9);
    yield* k.call("free_irq", 9, 0);
    expect(yield* k.call("kill", 4711)).toBe(-3);
    return 0;
  });
});

test("linux/delay, linux/jiffies and linux/ktime", () => {
  raw(function* (k) {
    const start = yield* k.call("ktime_get");
    yield* k.call("ndelay", 500);
    yield* k.call("udelay", 10);
    yield* k.call("mdelay", 2);
    yield* k.call("msleep", 10);
    expect(yield* k.call("msleep_interruptible", 10)).toBe(0);
    yield* k.call("usleep_range", 100, 200);
    yield* k.call("fsleep", 5);
    yield* k.call("fsleep", 500);
    yield* k.call("ssleep", 1);
    const end = yield* k.call("ktime_get_ns");
    expect(yield* k.call("ktime_us_delta", end, start)).toBeGreaterThanOrEqual(1_022_615n);
    expect(yield* k.call("ktime_to_ns", 5_000_000n)).toBe(5_000_000n);
    expect(yield* k.call("ktime_to_us", 5_000_000n)).toBe(5000n);
    expect(yield* k.call("ktime_to_ms", 5_000_000n)).toBe(5n);
    const now = yield* k.call("jiffies");
    expect(now).toBe((-300_000 + 1022) >>> 0);
    expect(yield* k.call("get_jiffies_64")).toBe(0x1_0000_0000n - 300_000n + 1022n);
    expect(yield* k.call("time_after", now + 400_000, now)).toBe(1);
    expect(yield* k.call("time_before", now, now + 400_000)).toBe(1);
    expect(yield* k.call("msecs_to_jiffies", 25)).toBe(25);
    expect(yield* k.call("jiffies_to_msecs", 25)).toBe(25);
    return 0;
  });
});

test("linux/printk and linux/device", () => {
  const bench = raw(function* (k) {
    expect(yield* k.call("printk", k.text("\u00013plain %d\n"), 1)).toBe(7);
    for (const level of ["emerg", "alert", "crit", "err", "warn", "notice", "info", "cont", "debug"]) {
      yield* k.call(`pr_${level}`, k.text("%s\n"), k.text(level));
    }
    const cls = yield* k.call("class_create", k.text("things"));
    const dev = yield* k.call("device_create", cls, 0, 0x100001, 42, k.text("thing%d"), 1);
    expect(yield* k.call("device_create", cls, 0, 0x100001, 0, k.text("thing1"))).toBe(-17 >>> 0);
    expect(yield* k.call("strcmp", yield* k.call("dev_name", dev), k.text("thing1"))).toBe(0);
    for (const level of ["err", "warn", "notice", "info", "dbg"]) yield* k.call(`dev_${level}`, dev, k.text("x\n"));
    expect(yield* k.call("dev_err_probe", dev, -5, k.text("no %s\n"), k.text("answer"))).toBe(-5);
    for (const quiet of [-12, -517]) {
      expect(yield* k.call("dev_err_probe", dev, quiet, k.text("no %s\n"), k.text("answer"))).toBe(quiet);
    }
    expect(yield* k.call("dev_get_drvdata", dev)).toBe(42);
    yield* k.call("dev_set_drvdata", dev, 43);
    expect(yield* k.call("dev_get_drvdata", dev)).toBe(43);
    yield* k.call("devm_kzalloc", dev, 8, GFP_KERNEL);
    yield* k.call("device_destroy", cls, 0x100001);
    yield* k.call("class_destroy", cls);
    return 0;
  });
  const printed = bench.of("printk").map(({ level, text }) => `${level} ${text}`);
  expect(printed).toEqual([
    "3 plain 1",
    "0 emerg",
    "1 alert",
    "2 crit",
    "3 err",
    "4 warn",
    "5 notice",
    "6 info",
    "4 cont",
    "4 sysfs: cannot create duplicate filename '/devices/virtual/things/thing1'",
    "3 things thing1: x",
    "4 things thing1: x",
    "5 things thing1: x",
    "6 things thing1: x",
    "3 things thing1: error -EIO: no answer",
  ]);
});

test("linux/fs, linux/cdev and linux/uaccess", () => {
  raw(function* (k) {
    const devt = k.global(4);
    expect(yield* k.call("alloc_chrdev_region", devt, 0, 2, k.text("a"))).toBe(0);
    const first = k.memory.load(devt, 4, false);
    expect([yield* k.call("MAJOR", first), yield* k.call("MINOR", first + 1)]).toEqual([234, 1]);
    expect(yield* k.call("register_chrdev_region", first, 1, k.text("b"))).toBe(-16);
    const own = yield* k.call("MKDEV", 200, 0);
    expect(yield* k.call("register_chrdev_region", own, 1, k.text("b"))).toBe(0);
    const fops = k.global(layouts.file_operations.size);
    const cdev = k.global(layouts.cdev.size);
    yield* k.call("cdev_init", cdev, fops);
    expect(yield* k.call("cdev_add", cdev, own, 1)).toBe(0);
    const cls = yield* k.call("class_create", k.text("b"));
    yield* k.call("device_create", cls, 0, own, 0, k.text("b0"));
    const fd = yield* k.call("open", k.text("/dev/b0"), 2);
    expect(fd).toBe(3);
    const buffer = yield* k.call("user_buffer", 8);
    expect(yield* k.call("read", fd, buffer, 8)).toBe(-22);
    expect(yield* k.call("ioctl", fd, 1, 0)).toBe(-25);
    expect(yield* k.call("lseek", fd, 0, 0)).toBe(-29);
    expect(yield* k.call("close", fd)).toBe(0);
    yield* k.call("device_destroy", cls, own);
    yield* k.call("class_destroy", cls);
    yield* k.call("cdev_del", cdev);
    yield* k.call("unregister_chrdev_region", own, 1);
    yield* k.call("unregister_chrdev_region", first, 2);
    const major = yield* k.call("register_chrdev", 0, k.text("c"), fops);
    expect(major).toBe(234);
    yield* k.call("unregister_chrdev", major, k.text("c"));
    const file = k.global(layouts.file.size);
    expect(yield* k.call("nonseekable_open", 0, file)).toBe(0);
    expect(yield* k.call("default_llseek", file, 5n, 0)).toBe(5n);
    expect(yield* k.call("default_llseek", file, 2n, 1)).toBe(7n);
    expect(yield* k.call("noop_llseek", file, 0n, 0)).toBe(7n);

    const text = k.global(8);
    const ppos = k.global(8);
    yield* k.call("strscpy", text, k.text("kernel"), 8);
    expect(yield* k.call("copy_to_user", buffer, text, 7)).toBe(0);
    expect(yield* k.call("copy_to_user", buffer + 6, text, 7)).toBe(5);
    expect(yield* k.call("copy_to_user", 0, text, 7)).toBe(7);
    expect(yield* k.call("copy_from_user", text, buffer, 7)).toBe(0);
    expect(yield* k.call("copy_from_user", text, buffer + 6, 4)).toBe(2);
    expect(k.memory.load(text + 3, 1, false)).toBe(0);
    expect(yield* k.call("clear_user", buffer, 8)).toBe(0);
    expect(yield* k.call("access_ok", buffer, 8)).toBe(1);
    expect(yield* k.call("access_ok", 0xc0000000, 8)).toBe(0);
    const string = yield* k.call("user_string", k.text("user"));
    expect(yield* k.call("strncpy_from_user", text, string, 8)).toBe(4);
    expect(yield* k.call("strncpy_from_user", text, 16, 8)).toBe(-14);
    expect(yield* k.call("simple_write_to_buffer", text, 8, ppos, string, 4)).toBe(4);
    expect(yield* k.call("simple_read_from_buffer", buffer, 8, ppos, text, 8)).toBe(4);
    expect(yield* k.call("simple_read_from_buffer", buffer, 8, ppos, text, 8)).toBe(0);
    return 0;
  });
});

test("linux/pci, linux/io, linux/miscdevice, linux/module and driverlab/scenario", () => {
  doubled(1);
  raw(
    function* (k, bench) {
      const { address, start } = bench.kernel.pci.all[0]!;
      const driver = k.global(layouts.pci_driver.size);
      k.memory.store(driver, 4, k.text("nothing"));
      expect(yield* k.call("pci_register_driver", driver)).toBe(0);
      yield* k.call("pci_unregister_driver", driver);
      expect(yield* k.call("pci_resource_start", address, 1)).toBe(0);
      expect(yield* k.call("pci_irq_vector", address, 0)).toBe(11);
      expect(yield* k.call("pci_alloc_irq_vectors", address, 2, 4, 7)).toBe(-28);
      expect(yield* k.call("pci_alloc_irq_vectors", address, 1, 1, 1)).toBe(1);
      expect(yield* k.call("pci_irq_vector", address, 0)).toBe(11);
      expect(yield* k.call("pci_alloc_irq_vectors", address, 1, 4, 7)).toBe(1);
      expect(yield* k.call("pci_irq_vector", address, 0)).toBe(24);
      expect(yield* k.call("pci_irq_vector", address, 1)).toBe(-22);
      expect(k.memory.load(address + layouts.offsetOf(layouts.pci_dev, "irq"), 4, false)).toBe(24);
      yield* k.call("pci_free_irq_vectors", address);
      expect(yield* k.call("pci_irq_vector", address, 0)).toBe(11);
      yield* k.call("pci_stop_and_remove_bus_device", address);
      expect(bench.kernel.pci.all).toEqual([]);
      for (const text of ["AUTHOR", "DESCRIPTION", "VERSION"]) yield* k.call(`MODULE_${text}`, k.text("x"));
      yield* k.call("module_init", 0);
      yield* k.call("module_exit", 0);
      const regs = yield* k.call("ioremap", start, 0x1000);
      for (const suffix of ["", "_relaxed"]) {
        for (const [letter, ones] of [
          ["b", 0xff],
          ["w", 0xffff],
          ["l", 0],
          ["q", 0xffffffffffffffffn],
        ] as const) {
          expect(yield* k.call(`read${letter}${suffix}`, regs + 4)).toBe(ones);
          yield* k.call(`write${letter}${suffix}`, letter === "q" ? 1n : 1, regs + 4);
        }
      }
      for (const bits of [8, 16, 32]) {
        expect(yield* k.call(`ioread${bits}`, regs + 4)).toBe(bits === 32 ? 0 : 2 ** bits - 1);
        yield* k.call(`iowrite${bits}`, 1, regs + 4);
      }
      return 0;
    },
    (bench) => bench.kernel.pci.add((ports) => new Doubler(ports)),
  );
});

test("driverlab/hardware", () => {
  raw(
    function* (k) {
      const doubler = k.text("doubler");
      const nobody = k.text("nobody");
      const uart = k.text("ns16550a");
      const gpio = k.text("pl061");
      for (const name of ["unplug", "mend", "disturb", "power_cycle"]) {
        expect(yield* k.call(name, nobody)).toBe(-19);
        expect(yield* k.call(name, doubler)).toBe(name === "power_cycle" ? 0 : -19);
        expect(yield* k.call(name, gpio)).toBe(0);
      }
      for (const name of ["lose_interrupts", "fail_accesses", "slow_dma", "post_writes"]) {
        expect(yield* k.call(name, nobody, 1)).toBe(-19);
        expect(yield* k.call(name, uart, 1)).toBe(0);
      }
      expect(yield* k.call("stick_bit", uart, k.text("SCR"), 3, 1)).toBe(0);
      expect(yield* k.call("stick_bit", uart, k.text("SCR"), 8, 1)).toBe(-22);
      expect(yield* k.call("register_value", uart, k.text("SCR"))).toBe(8n);
      expect(yield* k.call("serial_send", uart, k.text("hi"))).toBe(0);
      expect(yield* k.call("serial_send", gpio, k.text("hi"))).toBe(-19);
      expect(yield* k.call("serial_send_bad", uart, k.text("parity"), 1)).toBe(0);
      expect(yield* k.call("serial_send_bad", uart, k.text("rust"), 1)).toBe(-22);
      expect(yield* k.call("serial_signal", uart, k.text("cts"), 0)).toBe(0);
      expect(yield* k.call("serial_signal", uart, k.text("dtr"), 0)).toBe(-22);
      expect(yield* k.call("strlen", yield* k.call("serial_received", uart))).toBe(0);
      expect(yield* k.call("drive_pin", gpio, 7, 1)).toBe(0);
      expect(yield* k.call("drive_pin", gpio, 8, 1)).toBe(-22);
      expect(yield* k.call("pin_level", gpio, 7)).toBe(1);
      return 0;
    },
    ({ kernel }) => {
      kernel.pci.add((ports) => new Doubler(ports));
      for (const name of ["ns16550a", "pl061"]) {
        const model = devices.find((one) => one.name === name)!;
        if (model.bus === "mmio") {
          kernel.hardware.addPlatform((ports) => withFaults((own) => model.create(own), ports), model.at);
        }
      }
    },
  );
});

describe("all of them, here or by the tests that run in the kernel", () => {
  const { symbols } = new Bench();
  const drivers = ["kunit", "failing"].flatMap((name) => driversIn(join(import.meta.dirname, "..", name)));
  for (const path of drivers) {
    run(load(path), { symbols: (table) => counting(table, called) });
  }
  for (const header of headerNames) {
    test(`${header} is called in full`, () => {
      const functions = symbols
        .names(header)!
        .filter((name) => symbols.find(header, name)!.kind === "function" && !isContract(header, name));
      expect(functions.filter((name) => !called.has(name))).toEqual([]);
    });
  }
});
