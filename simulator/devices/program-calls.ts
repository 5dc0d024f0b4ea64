// driverlab/device: what a device model that is a program may call.
import type { KernelExport, KernelFunction, Raw, SymbolTable, Type } from "../engine/interfaces.ts";
import type { AccessBytes } from "./device.ts";

/** What the functions do to the device that calls them. */
export interface ModelCalls {
  get(register: string): bigint;
  set(register: string, value: bigint): void;
  plainRead(offset: number, bytes: AccessBytes): bigint;
  plainWrite(offset: number, bytes: AccessBytes, value: bigint): void;
  irq(level: boolean, output: string | undefined): void;
  msi(vector: number): void;
  /** Gives a number by which it can be cancelled. */
  after(nanos: number, callback: number): number;
  cancel(alarm: number): void;
  nanos(): bigint;
  /** The callback is given the word, and 0 or a negative errno. */
  dmaRead(address: number, callback: number): void;
  /** The callback is given 0 or a negative errno. */
  dmaWrite(address: number, value: number, callback: number): void;
  log(text: string): void;
}

export const HEADER = "driverlab/device";

/** The symbols that a model is linked with: nothing of the kernel is among them. */
export function modelSymbols(callsNow: () => ModelCalls, textAt: (address: number) => string): SymbolTable {
  const found = new Map<string, KernelExport>();
  const add = (
    name: string,
    params: readonly Type[],
    returns: KernelFunction["returns"],
    call: (...args: Raw[]) => Raw,
    optional = 0,
  ): void => {
    const run = (args: readonly Raw[]): Raw => call(...args);
    found.set(name, { kind: "function", name, params, returns, call: run, steps: false, optional });
  };
  const text = (address: Raw): string => textAt(Number(address) >>> 0);
  const long = (value: Raw): bigint => BigInt(value ?? 0);
  const bytesOf = (value: Raw): AccessBytes => Number(value) as AccessBytes;

  add("get", ["string"], "u32", (name) => Number(BigInt.asUintN(32, callsNow().get(text(name)))));
  add(
    "set",
    ["string", "u32"],
    "void",
    (name, value) => void callsNow().set(text(name), BigInt.asUintN(32, long(value))),
  );
  add("get64", ["string"], "u64", (name) => callsNow().get(text(name)));
  add(
    "set64",
    ["string", "u64"],
    "void",
    (name, value) => void callsNow().set(text(name), BigInt.asUintN(64, long(value))),
  );
  add("plain_read", ["u32", "u32"], "u64", (offset, bytes) => callsNow().plainRead(Number(offset), bytesOf(bytes)));
  add(
    "plain_write",
    ["u32", "u32", "u64"],
    "void",
    (offset, bytes, value) =>
      void callsNow().plainWrite(Number(offset), bytesOf(bytes), BigInt.asUintN(64, long(value))),
  );
  add(
    "irq",
    ["bool", "string"],
    "void",
    (level, output) => void callsNow().irq(Number(level) !== 0, Number(output ?? 0) === 0 ? undefined : text(output)),
    1,
  );
  add("send_msi", ["u32"], "void", (vector) => void callsNow().msi(Number(vector)));
  add("after", ["u32", "callback"], "int", (nanos, callback) =>
    callsNow().after(Number(nanos) >>> 0, Number(callback)),
  );
  add("cancel", ["int"], "void", (alarm) => void callsNow().cancel(Number(alarm)));
  add("now", [], "u64", () => callsNow().nanos());
  add(
    "dma_read",
    ["u32", "callback"],
    "void",
    (address, callback) => void callsNow().dmaRead(Number(address) >>> 0, Number(callback)),
  );
  add(
    "dma_write",
    ["u32", "u32", "callback"],
    "void",
    (address, value, callback) =>
      void callsNow().dmaWrite(Number(address) >>> 0, Number(value) >>> 0, Number(callback)),
  );
  add("device_log", ["string"], "void", (line) => void callsNow().log(text(line)));
  return {
    find: (header, name) => (header === HEADER ? found.get(name) : undefined),
    names: (header) => (header === HEADER ? [...found.keys()].sort() : undefined),
  };
}
