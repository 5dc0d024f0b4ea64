// What the model of a device may call. A model is a file that exports its name, its registers, and mmio or pci.
import type { bool, int, u32, u64 } from "../linux/types.d.ts";

type Access = "read-only" | "write-only" | "read-write" | "writeOnce" | "read-writeOnce";
type WriteEffect =
  | "oneToClear"
  | "oneToSet"
  | "oneToToggle"
  | "zeroToClear"
  | "zeroToSet"
  | "zeroToToggle"
  | "clear"
  | "set"
  | "modify";
type ReadAction = "clear" | "set" | "modify" | "modifyExternal";

/** Bits of a register. What it does not say of accesses, it has from its register. The words are those of CMSIS-SVD. */
export interface Field {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  readonly access?: Access;
  readonly modifiedWriteValues?: WriteEffect;
  readonly readAction?: ReadAction;
  /** Names of values. */
  readonly values?: { readonly [value: number]: string };
  readonly description?: string;
}

/** A register. In one with fields, bits that belong to none are reserved. */
export interface Register {
  readonly name: string;
  readonly offset: number;
  /** 32 without it. */
  readonly bits?: 8 | 16 | 32 | 64;
  /** read-write without it. */
  readonly access?: Access;
  readonly reset?: number | bigint;
  readonly modifiedWriteValues?: WriteEffect;
  readonly readAction?: ReadAction;
  readonly fields?: readonly Field[];
  /** It is there only while a field has a value: `LCR.DLAB=1`. */
  readonly when?: string;
  readonly description?: string;
}

/** `export const mmio`: the device hangs on the platform bus. */
export interface Mmio {
  /** The most special first. */
  readonly compatible?: readonly string[];
  /** Bytes of addresses; as many as the registers need without it. */
  readonly bytes?: number;
  /** Names of its interrupt outputs; one, `irq`, without it. */
  readonly irqs?: readonly string[];
}

/** `export const pci`: the device hangs on the PCI bus, with BAR 0 for its registers. */
export interface Pci {
  readonly vendor: number;
  readonly device: number;
  readonly revision?: number;
  readonly class?: number;
  /** 1 for INTA, which is the default; 0: it has no pin. */
  readonly pin?: number;
  readonly msiVectors?: number;
}

/** What a register of up to 32 bits holds. */
export function get(register: string): u32;
/** Changes what a register holds, whatever its access words say. */
export function set(register: string, value: u32): void;
/** What a register holds. */
export function get64(register: string): u64;
/** Changes what a register holds, whatever its access words say. */
export function set64(register: string, value: u64): void;

/** What reading does by the access words alone. */
export function plain_read(offset: u32, bytes: u32): u64;
/** What writing does by the access words alone. */
export function plain_write(offset: u32, bytes: u32, value: u64 | number): void;

/** Asserts an interrupt output, or releases it. Without a name: the only one. */
export function irq(level: bool, output?: string): void;
/** Sends the message of a vector, where the driver has turned MSI on. */
export function send_msi(vector: u32): void;

/** Calls back once, after so many nanoseconds of virtual time, but never in the middle of an access. Result: its number. */
export function after(nanos: u32, callback: () => void): int;
/** Forgets a callback that has not come yet. */
export function cancel(alarm: int): void;
/** Virtual time in nanoseconds. */
export function now(): u64;

/** Reads a word of memory as a bus master. The callback `(value: u32, error: int) => …` is given it, and 0 or a negative errno. */
export function dma_read(address: u32, callback: (value: u32, error: int) => void): void;
/** Writes a word of memory as a bus master. The callback `(error: int) => …` is given 0 or a negative errno. */
export function dma_write(address: u32, value: u32, callback: (error: int) => void): void;

/** A line of the device's own log, which is no kernel log. */
export function device_log(text: string): void;
