// DMA by a driver of edu, port I/O, claims of addresses, polling a register; and what goes wrong with mappings.
// devices: edu, ns16550a
import {
  inb,
  inb_p,
  inl,
  inl_p,
  insb,
  insl,
  insw,
  inw,
  inw_p,
  outb,
  outb_p,
  outl,
  outl_p,
  outsb,
  outsl,
  outsw,
  outw,
  outw_p,
} from "asm/io";
import {
  KUNIT_ASSERT_NOT_NULL,
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_LT,
  KUNIT_EXPECT_NE,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_NULL,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import {
  DMA_BIT_MASK,
  DMA_FROM_DEVICE,
  DMA_MAPPING_ERROR,
  DMA_TO_DEVICE,
  dma_alloc_coherent,
  dma_free_coherent,
  dma_get_mask,
  dma_map_page,
  dma_map_single,
  dma_mapping_error,
  dma_set_coherent_mask,
  dma_set_mask,
  dma_set_mask_and_coherent,
  dma_sync_single_for_cpu,
  dma_sync_single_for_device,
  dma_unmap_page,
  dma_unmap_single,
} from "linux/dma-mapping";
import { EIO, ENOMEM, ETIMEDOUT } from "linux/errno";
import { __free_page, alloc_page } from "linux/gfp";
import {
  ioread8,
  ioread16,
  ioread32,
  ioremap,
  iounmap,
  iowrite8,
  iowrite32,
  memcpy_fromio,
  memcpy_toio,
  memset_io,
  readq,
  writel,
  writeq,
} from "linux/io";
import {
  readb_poll_timeout,
  readb_poll_timeout_atomic,
  readl_poll_timeout,
  readl_poll_timeout_atomic,
  readw_poll_timeout,
  readw_poll_timeout_atomic,
} from "linux/iopoll";
import { release_mem_region, release_region, request_mem_region, request_region, resource_size } from "linux/ioport";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import {
  type pci_dev,
  pci_disable_device,
  pci_driver,
  pci_enable_device,
  pci_iomap,
  pci_iounmap,
  pci_register_driver,
  pci_set_master,
  pci_unregister_driver,
} from "linux/pci";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { memset } from "linux/string";
import { addr, array, cast, type int, iomem, on_stack, type Ref, struct, u8, u32 } from "linux/types";
import { vfree, vmalloc } from "linux/vmalloc";

const DMA_SRC = 0x80;
const DMA_DST = 0x88;
const DMA_COUNT = 0x90;
const DMA_CMD = 0x98;
const DMA_RUN = 1;
const EDU_TO_RAM = 2;
const EDU_BUFFER = 0x40000;
const UART = 0x09000000;
const UART_SCRATCH = 7;

const state = struct("state", { regs: iomem, handle: u32 })({});
let pdev: Ref<pci_dev>;

/** Moves bytes between memory and the device's buffer. */
function transfer(from: number, to: number, bytes: number, command: number): int {
  writeq(BigInt(from), state.regs.add(DMA_SRC));
  writeq(BigInt(to), state.regs.add(DMA_DST));
  writeq(BigInt(bytes), state.regs.add(DMA_COUNT));
  writeq(BigInt(command | DMA_RUN), state.regs.add(DMA_CMD));
  return readl_poll_timeout(state.regs.add(DMA_CMD), (value: u32) => (value & DMA_RUN) === 0, 1000, 1000000);
}

function round_trip(test: Ref<kunit>): void {
  const out = cast(array(u8, 16), kmalloc(16, GFP_KERNEL)!);
  for (let i = 0; i < 16; i++) out[i] = i * 3;
  const there = dma_map_single(pdev.dev, out, 16, DMA_TO_DEVICE);
  KUNIT_EXPECT_EQ(test, dma_mapping_error(pdev.dev, there), 0);
  KUNIT_EXPECT_EQ(test, transfer(there, EDU_BUFFER, 16, 0), 0);
  dma_unmap_single(pdev.dev, there, 16, DMA_TO_DEVICE);

  const back = cast(array(u8, 16), dma_alloc_coherent(pdev.dev, 16, addr(state, "handle"), GFP_KERNEL)!);
  KUNIT_ASSERT_NOT_NULL(test, back);
  KUNIT_EXPECT_EQ(test, back[5], 0);
  KUNIT_EXPECT_EQ(test, transfer(EDU_BUFFER, state.handle, 16, EDU_TO_RAM), 0);
  KUNIT_EXPECT_EQ(test, back[5], 15);
  dma_free_coherent(pdev.dev, 16, back, state.handle);

  const page = alloc_page(GFP_KERNEL)!;
  const half = dma_map_page(pdev.dev, page, 2048, 16, DMA_FROM_DEVICE);
  KUNIT_EXPECT_EQ(test, dma_mapping_error(pdev.dev, half), 0);
  dma_sync_single_for_cpu(pdev.dev, half, 16, DMA_FROM_DEVICE);
  dma_sync_single_for_device(pdev.dev, half, 16, DMA_FROM_DEVICE); // reports: dma-misuse
  dma_unmap_page(pdev.dev, half, 16, DMA_FROM_DEVICE);
  __free_page(page);
  kfree(out);
}

function masks(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, dma_set_mask_and_coherent(pdev.dev, DMA_BIT_MASK(28)), 0);
  KUNIT_EXPECT_EQ(test, dma_get_mask(pdev.dev), DMA_BIT_MASK(28));
  KUNIT_EXPECT_EQ(test, dma_set_mask(pdev.dev, DMA_BIT_MASK(16)), -EIO);
  KUNIT_EXPECT_EQ(test, dma_set_mask(pdev.dev, DMA_BIT_MASK(24)), 0);
  KUNIT_EXPECT_EQ(test, dma_set_coherent_mask(pdev.dev, DMA_BIT_MASK(24)), 0);
  const high = kmalloc(16, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, dma_map_single(pdev.dev, high, 16, DMA_TO_DEVICE), DMA_MAPPING_ERROR);
  KUNIT_EXPECT_EQ(test, dma_mapping_error(pdev.dev, DMA_MAPPING_ERROR), -ENOMEM);
  const low = dma_alloc_coherent(pdev.dev, 16, addr(state, "handle"), GFP_KERNEL);
  KUNIT_EXPECT_LT(test, state.handle, 0x1000000);
  dma_free_coherent(pdev.dev, 16, low, state.handle);
  dma_set_mask_and_coherent(pdev.dev, DMA_BIT_MASK(32));
  kfree(high);
}

function mistakes(test: Ref<kunit>): void {
  const local = on_stack(array(u8, 16));
  const area = vmalloc(16)!;
  const object = kmalloc(16, GFP_KERNEL)!;
  KUNIT_EXPECT_EQ(test, dma_map_single(pdev.dev, local, 16, DMA_TO_DEVICE), DMA_MAPPING_ERROR); // reports: dma-misuse
  KUNIT_EXPECT_EQ(test, dma_map_single(pdev.dev, area, 16, DMA_TO_DEVICE), DMA_MAPPING_ERROR); // reports: dma-misuse
  const there = dma_map_single(pdev.dev, object, 16, DMA_TO_DEVICE);
  dma_unmap_single(pdev.dev, there, 8, DMA_FROM_DEVICE); // reports: dma-misuse
  dma_unmap_single(pdev.dev, there, 16, DMA_TO_DEVICE); // reports: dma-misuse
  KUNIT_EXPECT_NE(test, there, 0);
  vfree(area);
  kfree(object);
}

function ports(test: Ref<kunit>): void {
  KUNIT_EXPECT_NOT_NULL(test, request_region(0x3f8, 8, "uart"));
  KUNIT_EXPECT_NULL(test, request_region(0x3fa, 1, "other"));
  outb(0x5a, 0x3f8 + UART_SCRATCH);
  KUNIT_EXPECT_EQ(test, inb(0x3f8 + UART_SCRATCH), 0x5a);
  outb_p(0xa5, 0x3f8 + UART_SCRATCH);
  KUNIT_EXPECT_EQ(test, inb_p(0x3f8 + UART_SCRATCH), 0xa5);
  const bytes = on_stack(array(u8, 16));
  memset(bytes, 0, 16);
  insb(0x3f8 + UART_SCRATCH, bytes, 2);
  KUNIT_EXPECT_EQ(test, bytes[1], 0xa5);
  bytes[1] = 0x11;
  outsb(0x3f8 + UART_SCRATCH, bytes, 2);
  KUNIT_EXPECT_EQ(test, inb(0x3f8 + UART_SCRATCH), 0x11);
  // Nobody is at the others.
  outw(1, 0x80);
  outw_p(1, 0x80);
  outl(1, 0x80);
  outl_p(1, 0x80);
  outsw(0x80, bytes, 1);
  outsl(0x80, bytes, 1);
  KUNIT_EXPECT_EQ(test, inw(0x80) + inw_p(0x80), 0x1fffe);
  KUNIT_EXPECT_EQ(test, inl(0x80), 0xffffffff);
  KUNIT_EXPECT_EQ(test, inl_p(0x80), 0xffffffff);
  insw(0x80, bytes, 1);
  insl(0x80, bytes.add(4), 1);
  KUNIT_EXPECT_EQ(test, bytes[1] + bytes[7], 0x1fe);
  release_region(0x3f8, 8);
  release_region(0x3f8, 8);
}

function memory(test: Ref<kunit>): void {
  const claim = request_mem_region(UART, 8, "uart");
  KUNIT_EXPECT_EQ(test, resource_size(claim!), 8);
  const regs = ioremap(UART, 8)!;
  const scratch = regs.add(UART_SCRATCH);
  const byte = on_stack(u8);
  memset_io(scratch, 0x42, 1);
  memcpy_fromio(byte, scratch, 1);
  KUNIT_EXPECT_EQ(test, byte.value, 0x42);
  byte.value = 0x43;
  memcpy_toio(scratch, byte, 1);
  KUNIT_EXPECT_EQ(
    test,
    readb_poll_timeout(scratch, (value: u32) => value === 0x43, 10, 100),
    0,
  );
  KUNIT_EXPECT_EQ(
    test,
    readb_poll_timeout_atomic(scratch, (value: u32) => value === 0, 10, 100),
    -ETIMEDOUT,
  );
  iowrite8(0x44, scratch);
  KUNIT_EXPECT_EQ(test, ioread8(scratch), 0x44);
  iounmap(regs);
  release_mem_region(UART, 8);

  writel(0, state.regs.add(0x04));
  KUNIT_EXPECT_EQ(
    test,
    readl_poll_timeout_atomic(state.regs.add(0x04), (value: u32) => value === 0xffffffff, 1, 10),
    0,
  );
  iowrite32(0x12345678, state.regs.add(0x04));
  KUNIT_EXPECT_EQ(test, ioread32(state.regs.add(0x04)), 0xedcba987);
  // The device takes no 16 bits.
  KUNIT_EXPECT_EQ(test, ioread16(state.regs), 0xffff); // reports: mmio-out-of-range
  let err = readw_poll_timeout(state.regs, (value: u32) => value === 0xffff, 1, 10); // reports: mmio-out-of-range
  KUNIT_EXPECT_EQ(test, err, 0);
  err = readw_poll_timeout_atomic(state.regs, (value: u32) => value === 0, 1, 2); // reports: mmio-out-of-range
  KUNIT_EXPECT_EQ(test, err, -ETIMEDOUT);
  KUNIT_EXPECT_EQ(test, readq(state.regs.add(DMA_CMD)) & 1n, 0n);
}

function probe(dev: Ref<pci_dev>): int {
  pdev = dev;
  const err = pci_enable_device(dev);
  if (err) return err;
  pci_set_master(dev);
  const regs = pci_iomap(dev, 0, 0);
  if (!regs) return -ENOMEM;
  state.regs = regs;
  return 0;
}

function remove(dev: Ref<pci_dev>): void {
  pci_iounmap(dev, state.regs);
  pci_disable_device(dev);
}

const edu_driver = pci_driver({ name: "edu", id_table: [{ vendor: 0x1234, device: 0x11e8 }], probe, remove });

module_init(() => pci_register_driver(edu_driver));
module_exit(() => pci_unregister_driver(edu_driver));
kunit_test_suite(
  kunit_suite({
    name: "dma",
    test_cases: [
      KUNIT_CASE(round_trip),
      KUNIT_CASE(masks),
      KUNIT_CASE(mistakes),
      KUNIT_CASE(ports),
      KUNIT_CASE(memory),
    ],
  }),
);

MODULE_LICENSE("GPL");
