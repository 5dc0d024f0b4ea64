// A PCI device that doubles numbers, its driver, and what users do with it.
import { expect } from "vitest";
import type { AccessBytes, DevicePorts, PciDevice, PciIdentity, Register } from "../../../simulator/devices/device.ts";
import { GFP_KERNEL } from "../../../simulator/kernel/gfp.ts";
import * as layouts from "../../../simulator/kernel/layouts.ts";
import { Bench, type Calls, type Functions } from "./fake-driver.ts";

const { offsetOf } = layouts;

function register(name: string, offset: number): Register {
  return { name, offset, bits: 32, access: "read-write", reset: 0 };
}

/** A device that doubles: a value written to IN is at OUT a millisecond later, which the line tells; ACK lets it go. */
export class Doubler implements PciDevice {
  readonly name = "doubler";
  readonly pci: PciIdentity = {
    vendor: 0x1234,
    device: 0x5678,
    revision: 2,
    class: 0x00ff00,
    bars: [{ bytes: 0x1000 }],
    pin: 1,
    msiVectors: 1,
  };
  readonly registers = [register("IN", 0), register("OUT", 4), register("ACK", 8)];
  private readonly ports: DevicePorts;
  private out = 0;

  constructor(ports: DevicePorts) {
    this.ports = ports;
  }

  read(offset: number, bytes: AccessBytes): bigint {
    return this.peek(offset, bytes);
  }

  peek(offset: number, bytes: AccessBytes): bigint {
    return offset === 4 && bytes === 4 ? BigInt(this.out) : (1n << BigInt(bytes * 8)) - 1n;
  }

  write(offset: number, _bytes: AccessBytes, value: bigint): void {
    if (offset === 8) this.ports.irq(false);
    if (offset !== 0) return;
    this.ports.clock.after(1e6, () => {
      this.out = Number(value) * 2;
      this.ports.irq(true);
    });
  }

  reaches(offset: number, bytes: AccessBytes): Register | undefined {
    return bytes === 4 ? this.registers.find((one) => one.offset === offset) : undefined;
  }

  held({ offset }: Register): bigint {
    return this.peek(offset, 4);
  }

  reset(): void {
    this.out = 0;
  }
}

/** struct doubler { void __iomem *regs; struct miscdevice misc; wait_queue_head_t wait; u32 result; } */
const REGS = 0;
const MISC = 8;
const WAIT = MISC + layouts.miscdevice.size;
const RESULT = WAIT + layouts.wait_queue_head_t.size;
const BYTES = RESULT + 8;

function at(pdev: number): number {
  return pdev + offsetOf(layouts.pci_dev, "dev");
}

const driver: Functions = {
  *file_scope(k) {
    yield* k.call("MODULE_LICENSE", k.text("GPL"));
    const ids = k.global(layouts.pci_device_id.size * 2);
    k.memory.store(ids, 4, 0x1234);
    k.memory.store(ids + 4, 4, k.constant("PCI_ANY_ID"));
    const it = k.global(layouts.pci_driver.size);
    const set = (name: string, value: number): void =>
      k.memory.store(it + offsetOf(layouts.pci_driver, name), 4, value);
    set("name", k.text("doubler"));
    set("id_table", ids);
    set("probe", k.fn("probe"));
    set("remove", k.fn("remove"));
    yield* k.call("module_pci_driver", it);
    const fops = k.global(layouts.file_operations.size);
    const operation = (name: string, value: number): void =>
      k.memory.store(fops + offsetOf(layouts.file_operations, name), 4, value);
    operation("owner", k.module);
    for (const name of ["open", "read", "write", "unlocked_ioctl", "llseek", "release"]) operation(name, k.fn(name));
    k.set("fops", fops);
    return undefined;
  },
  *probe(k, pdev, id) {
    expect(k.memory.load(id, 4, false)).toBe(0x1234);
    expect(yield* k.call("pci_enable_device", pdev)).toBe(0);
    expect(yield* k.call("pci_request_regions", pdev, k.text("doubler"))).toBe(0);
    expect(yield* k.call("pci_request_regions", pdev, k.text("again"))).toBe(-16);
    yield* k.call("pci_set_master", pdev);
    yield* k.call("pci_clear_master", pdev);
    expect(yield* k.call("pci_resource_len", pdev, 0)).toBe(0x1000);
    const start = yield* k.call("pci_resource_start", pdev, 0);
    const remapped = yield* k.call("ioremap", start, 0x1000);
    yield* k.call("iounmap", remapped);
    const regs = yield* k.call("pci_iomap", pdev, 0, 0);
    expect(yield* k.call("readl", regs + 4)).toBe(0);
    const d = yield* k.call("kzalloc", BYTES, GFP_KERNEL);
    k.memory.store(d + REGS, 4, regs);
    yield* k.call("init_waitqueue_head", d + WAIT, k.text("d.wait"));
    yield* k.call("pci_set_drvdata", pdev, d);
    const irq = k.memory.load(pdev + offsetOf(layouts.pci_dev, "irq"), 4, false);
    expect(yield* k.call("request_irq", irq, k.fn("handler"), 0x80, k.text("doubler"), d)).toBe(0);
    const misc = (name: string, value: number): void =>
      k.memory.store(d + MISC + offsetOf(layouts.miscdevice, name), 4, value);
    misc("minor", k.constant("MISC_DYNAMIC_MINOR"));
    misc("name", k.text("doubler0"));
    misc("fops", k.get("fops"));
    misc("parent", at(pdev));
    expect(yield* k.call("misc_register", d + MISC)).toBe(0);
    yield* k.call("dev_info", at(pdev), k.text("ready at %s\n"), yield* k.call("pci_name", pdev));
    const value = k.global(4);
    expect(yield* k.call("pci_read_config_word", pdev, 2, value)).toBe(0);
    expect(k.memory.load(value, 2, false)).toBe(0x5678);
    yield* k.call("pci_read_config_dword", pdev, 16, value);
    expect(k.memory.load(value, 4, false)).toBe(start);
    expect(yield* k.call("pci_read_config_byte", pdev, 300, value)).not.toBe(0);
    return 0;
  },
  *remove(k, pdev) {
    const d = yield* k.call("pci_get_drvdata", pdev);
    yield* k.call("misc_deregister", d + MISC);
    yield* k.call("free_irq", k.memory.load(pdev + offsetOf(layouts.pci_dev, "irq"), 4, false), d);
    yield* k.call("pci_iounmap", pdev, k.memory.load(d, 4, false));
    yield* k.call("pci_release_regions", pdev);
    yield* k.call("pci_disable_device", pdev);
    yield* k.call("kfree", d);
    return undefined;
  },
  *handler(k, _irq, d) {
    const regs = k.memory.load(d, 4, false);
    yield* k.call("writel", 1, regs + 8);
    k.memory.store(d + RESULT, 4, yield* k.call("readl", regs + 4));
    yield* k.call("wake_up", d + WAIT);
    return 1;
  },
  *open(k, inode, file) {
    expect(yield* k.call("imajor", inode)).toBe(10);
    expect(yield* k.call("iminor", inode)).toBe(256);
    expect(yield* k.call("file_inode", file)).toBe(inode);
    const data = file + offsetOf(layouts.file, "private_data");
    k.memory.store(data, 4, k.memory.load(data, 4, false) - MISC);
    return 0;
  },
  *release(k) {
    yield* k.call("pr_notice", k.text("released\n"));
    return 0;
  },
  *write(k, file, buffer, count, ppos) {
    const d = k.memory.load(file + offsetOf(layouts.file, "private_data"), 4, false);
    const value = k.global(4);
    const err = yield* k.call("kstrtouint_from_user", buffer, count, 0, value);
    if (err !== 0) return err;
    k.memory.store(d + RESULT, 4, 0);
    yield* k.call("writel", k.memory.load(value, 4, false), k.memory.load(d, 4, false));
    k.set("waiting", d);
    yield* k.call("wait_event_interruptible", d + WAIT, k.fn("is_ready"));
    k.memory.store64(ppos, 0n);
    return count;
  },
  *is_ready(k) {
    yield* k.statement();
    return k.memory.load(k.get("waiting") + RESULT, 4, false) !== 0 ? 1 : 0;
  },
  *read(k, file, buffer, count, ppos) {
    const d = k.memory.load(file + offsetOf(layouts.file, "private_data"), 4, false);
    const text = k.global(16);
    const length = yield* k.call("scnprintf", text, 16, k.text("%u\n"), k.memory.load(d + RESULT, 4, false));
    return yield* k.call("simple_read_from_buffer", buffer, count, ppos, text, length);
  },
  *unlocked_ioctl(k, _file, cmd, arg) {
    yield* k.statement();
    const value = k.global(4);
    if (cmd === 2) k.memory.load(arg, 4, false);
    if (cmd !== 1) return -25;
    if ((yield* k.call("copy_from_user", value, arg, 4)) !== 0) return -14;
    k.memory.store(value, 4, k.memory.load(value, 4, false) + 1);
    return (yield* k.call("copy_to_user", arg, value, 4)) !== 0 ? -14 : 0;
  },
  *llseek(k, file, offset, whence) {
    return yield* k.call("default_llseek", file, offset, whence);
  },
};

function* user(k: Calls): ReturnType<Functions[string]> {
  const O_RDWR = k.constant("O_RDWR");
  expect(yield* k.call("open", k.text("/dev/nothing"), O_RDWR)).toBe(-2);
  const fd = yield* k.call("open", k.text("/dev/doubler0"), O_RDWR);
  expect(fd).toBe(3);
  expect(yield* k.call("rmmod")).toBe(-11);
  expect(yield* k.call("write", fd, yield* k.call("user_string", k.text("21")), 2)).toBe(2);
  const answer = yield* k.call("user_buffer", 16);
  expect(yield* k.call("read", fd, answer, 16)).toBe(3);
  yield* k.call("log", k.text("twice 21 is %s"), yield* k.call("user_text", answer, 2));
  expect(yield* k.call("read", fd, answer, 16)).toBe(0);
  expect(yield* k.call("lseek", fd, 1, 0)).toBe(1);
  expect(yield* k.call("read", fd, answer, 16)).toBe(2);
  expect(yield* k.call("read", fd, 0, 16)).toBe(0);
  expect(yield* k.call("lseek", fd, 0, 0)).toBe(0);
  expect(yield* k.call("read", fd, 0, 16)).toBe(-14);
  yield* k.call("set_user_u32", answer, 41);
  expect(yield* k.call("ioctl", fd, 1, answer)).toBe(0);
  expect(yield* k.call("user_u32", answer)).toBe(42);
  expect(yield* k.call("ioctl", fd, 1, 0)).toBe(-14);
  expect(yield* k.call("ioctl", fd, 99)).toBe(-25);
  expect(yield* k.call("write", fd, yield* k.call("user_string", k.text("x")), 1)).toBe(-22);
  expect(yield* k.call("close", fd)).toBe(0);
  expect(yield* k.call("close", fd)).toBe(-9);
  return 0;
}

const scenario: Functions = {
  *main(k) {
    expect(yield* k.call("insmod")).toBe(0);
    expect(yield* k.call("insmod")).toBe(-17);
    const pid = yield* k.call("process", k.text("user"), k.fn("user"));
    expect(yield* k.call("waitpid", pid)).toBe(0);
    const clumsy = yield* k.call("process", k.text("clumsy"), k.fn("clumsy"));
    expect(yield* k.call("waitpid", clumsy)).toBe(-14);
    yield* k.call("sleep", 10);
    expect(yield* k.call("rmmod")).toBe(0);
    expect(yield* k.call("rmmod")).toBe(-2);
    yield* k.call("at", 200, k.fn("later"));
    return 0;
  },
  user,
  *clumsy(k) {
    const fd = yield* k.call("open", k.text("/dev/doubler0"), 2);
    yield* k.call("ioctl", fd, 2, yield* k.call("user_buffer", 4));
    return 0;
  },
  *later(k) {
    yield* k.call("log", k.text("later"));
    return 0;
  },
};

/** The driver is loaded, used and unloaded; a run may be made in pieces of so many statements. */
export function doubled(seed: number, piece = 100_000): Bench {
  const bench = new Bench(seed);
  bench.kernel.pci.add((ports) => new Doubler(ports));
  bench.kernel.modules.register("doubler", bench.program("doubler.ts", driver), bench.symbols);
  const image = bench.program("scenario.ts", scenario).link(bench.kernel.world(bench.symbols));
  const main = bench.engine.addFunction(image, "main", "main");
  bench.kernel.processes.startCall("scenario", main);
  let until = piece;
  while (bench.run(until).kind === "clock") until += piece;
  return bench;
}
