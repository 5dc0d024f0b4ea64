// Configuration space of PCI functions, what of it is saved while the system sleeps, and whether anybody answers.
// Source: drivers/pci/{access,pci}.c
import type { PciDevice } from "../devices/device.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { Log } from "./printk.ts";

/** A device in its slot. */
export interface PciFunction {
  readonly device: PciDevice;
  /** `0000:00:04.0` */
  readonly name: string;
  /** Of its `struct pci_dev`. */
  readonly address: number;
  /** The line of its INTx pin. */
  readonly irq: number;
  /** Where BAR 0 lies on the bus. */
  readonly start: number;
  /** The regions of its BARs, in order. */
  readonly bars: readonly PciRegion[];
  enabled: number;
  master: boolean;
  /** Who claimed the region of a BAR. */
  readonly regions: Map<number, string>;
  /** Numbers of its MSI interrupts, while a driver has turned them on. */
  msi: readonly number[];
}

export interface PciRegion {
  readonly start: number;
  readonly bytes: number;
}

/** PCIBIOS_BAD_REGISTER_NUMBER, include/linux/pci.h */
const BAD_REGISTER = 0x87;
const SIZE = 256;
const COMMAND = 4;
const COMMAND_MEMORY = 2;
const COMMAND_MASTER = 4;
export const PCI_D0 = 0;

export class PciConfig {
  private readonly core: Core;
  private readonly log: Log;
  /** What drivers wrote where nothing else is kept. */
  private readonly written = new Map<PciFunction, Map<number, number>>();
  /** pci_save_state(): the command register. */
  private readonly saved = new Map<PciFunction, number>();
  private readonly disconnected = new Set<PciFunction>();

  constructor(core: Core, log: Log) {
    this.core = core;
    this.log = log;
  }

  /** Header type 0, to `*to`: 0, or a PCIBIOS error. */
  read(it: PciFunction, where: number, bytes: 1 | 2 | 4, to: number): number {
    if (where < 0 || where % bytes !== 0 || where + bytes > SIZE) return BAD_REGISTER;
    const value = (this.word(it, where & ~3) >>> ((where & 3) * 8)) & (bytes === 4 ? -1 : (1 << (bytes * 8)) - 1);
    this.core.memory.store(to, bytes, value);
    return 0;
  }

  /** The command register has effects; the rest is kept, and identity and BARs stay as they are. */
  write(it: PciFunction, where: number, bytes: 1 | 2 | 4, value: number): number {
    if (where < 0 || where % bytes !== 0 || where + bytes > SIZE) return BAD_REGISTER;
    if (!this.isPresent(it)) return 0;
    const shift = (where & 3) * 8;
    const mask = (bytes === 4 ? -1 : (1 << (bytes * 8)) - 1) << shift;
    const word = (this.word(it, where & ~3) & ~mask) | ((value << shift) & mask);
    if ((where & ~3) === COMMAND) it.master = (word & COMMAND_MASTER) !== 0;
    else if (where === 12 || where >= 0x3c) {
      const own = this.written.get(it) ?? new Map<number, number>();
      own.set(where & ~3, word);
      this.written.set(it, own);
    }
    return 0;
  }

  /** pci_device_is_present(): whether the vendor's number can be read. */
  isPresent(it: PciFunction): boolean {
    return it.device.faults?.isRemoved !== true;
  }

  /** pci_channel_offline(): the bus was told that the device is gone. */
  isOffline(it: PciFunction): boolean {
    return this.disconnected.has(it);
  }

  disconnect(it: PciFunction): void {
    this.disconnected.add(it);
  }

  isSaved(it: PciFunction): boolean {
    return this.saved.has(it);
  }

  forget(it: PciFunction): void {
    this.saved.delete(it);
  }

  save(it: PciFunction): number {
    this.saved.set(it, this.word(it, COMMAND));
    return 0;
  }

  restore(it: PciFunction): void {
    const command = this.saved.get(it);
    if (command === undefined) return;
    this.saved.delete(it);
    it.master = (command & COMMAND_MASTER) !== 0;
  }

  /** pci_set_power_state(): the devices here have no power management capability, so that they are always in D0. */
  setPower(it: PciFunction, state: number): number {
    this.core.mightSleep("pci_set_power_state", "kernel/locking/rwsem.c:1523");
    if (state !== PCI_D0) return -errno.EIO;
    if (this.isPresent(it)) return 0;
    this.log.write(`pci ${it.name}: Unable to change power state from D0 to D0, device inaccessible`, 3);
    return -errno.EIO;
  }

  private word(it: PciFunction, where: number): number {
    const { device, irq, bars, enabled, master } = it;
    // A bridge answers for a device that is gone.
    if (!this.isPresent(it)) return -1;
    const own = this.written.get(it)?.get(where);
    if (own !== undefined) return own;
    if (where >= 16 && where < 40) return bars[(where - 16) / 4]?.start ?? 0;
    if (where === 0) return device.pci.vendor | (device.pci.device << 16);
    if (where === COMMAND) return (enabled > 0 ? COMMAND_MEMORY : 0) | (master ? COMMAND_MASTER : 0);
    if (where === 8) return device.pci.revision | (device.pci.class << 8);
    return where === 60 ? irq | (device.pci.pin << 8) : 0;
  }
}
