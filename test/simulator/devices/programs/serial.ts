// A driver for the 16550A that echoes what it receives in capital letters, and counts edges on a pin of the PL061.
// devices: ns16550a, pl061
import { ENOMEM } from "linux/errno";
import { free_irq, IRQ_HANDLED, IRQ_NONE, type irqreturn_t, request_irq } from "linux/interrupt";
import { ioremap, iounmap, readb, writeb } from "linux/io";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { pr_info } from "linux/printk";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { type int, iomem, type Ref, struct, u32 } from "linux/types";

const UART = 0x09000000;
const UART_IRQ = 33;
const GPIO = 0x09030000;
const GPIO_IRQ = 35;

const serial = struct("serial", { uart: iomem, gpio: iomem, edges: u32 });
let d: Ref<typeof serial> | null = null;

function uart_irq(irq: int, dev: Ref<typeof serial>): irqreturn_t {
  if (readb(dev.uart.add(2)) & 1) return IRQ_NONE;
  while (readb(dev.uart.add(5)) & 1) {
    const c = readb(dev.uart);
    writeb(c >= 97 && c <= 122 ? c - 32 : c, dev.uart);
  }
  return IRQ_HANDLED;
}

function gpio_irq(irq: int, dev: Ref<typeof serial>): irqreturn_t {
  const pending = readb(dev.gpio.add(0x418));
  if (!pending) return IRQ_NONE;
  writeb(pending, dev.gpio.add(0x41c));
  dev.edges += 1;
  return IRQ_HANDLED;
}

function serial_init(): int {
  const dev = kzalloc(serial, GFP_KERNEL);
  if (!dev) return -ENOMEM;
  const uart = ioremap(UART, 8);
  const gpio = ioremap(GPIO, 0x1000);
  if (!uart || !gpio) return -ENOMEM;
  dev.uart = uart;
  dev.gpio = gpio;
  let err = request_irq(UART_IRQ, uart_irq, 0, "uart", dev);
  if (err) return err;
  err = request_irq(GPIO_IRQ, gpio_irq, 0, "gpio", dev);
  if (err) return err;
  // 115200 baud, eight bits.
  writeb(0x83, dev.uart.add(3));
  writeb(1, dev.uart);
  writeb(0x03, dev.uart.add(3));
  writeb(0x01, dev.uart.add(2));
  writeb(0x01, dev.uart.add(1));
  writeb(0x01, dev.gpio.add(0x408));
  writeb(0x01, dev.gpio.add(0x410));
  d = dev;
  return 0;
}

function serial_exit(): void {
  if (!d) return;
  pr_info("%u edges\n", d.edges);
  writeb(0, d.uart.add(1));
  writeb(0, d.gpio.add(0x410));
  free_irq(GPIO_IRQ, d);
  free_irq(UART_IRQ, d);
  iounmap(d.gpio);
  iounmap(d.uart);
  kfree(d);
}

module_init(serial_init);
module_exit(serial_exit);
MODULE_LICENSE("GPL");
