// DMA: memory that a device may reach, coherent or mapped for a while, with what CONFIG_DMA_API_DEBUG finds.
// Source: kernel/dma/mapping.c, kernel/dma/direct.c, kernel/dma/debug.c, Documentation/core-api/dma-api.rst
import { hex, type Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import type { Devices } from "./devices.ts";
import { errno } from "./errno.ts";
import type { StackEntry } from "./events.ts";
import { __GFP_DMA, __GFP_ZERO } from "./gfp.ts";
import type { Pages } from "./pages.ts";
import type { Statics } from "./statics.ts";
import type { Vmalloc } from "./vmalloc.ts";

export const DMA_BIDIRECTIONAL = 0;
export const DMA_TO_DEVICE = 1;
export const DMA_FROM_DEVICE = 2;
export const DMA_NONE = 3;
const DIRECTIONS = ["DMA_BIDIRECTIONAL", "DMA_TO_DEVICE", "DMA_FROM_DEVICE", "DMA_NONE"];

/** What a mapping that failed gives: ~(dma_addr_t)0. */
export const DMA_MAPPING_ERROR = 0xffffffff;
const DEFAULT_MASK = 0xffffffffn;
/** ZONE_DMA is the least that can be had. */
const LEAST_MASK = 0xffffffn;

export type DmaKind = "single" | "page" | "coherent";

export interface Mapping {
  readonly kind: DmaKind;
  readonly device: number;
  /** Where the device sees it, and where the CPU does. */
  readonly address: number;
  readonly virtual: number;
  readonly bytes: number;
  readonly direction: number;
  readonly stack: readonly StackEntry[];
  /** dma_mapping_error() was asked. */
  checked: boolean;
}

export class Dma {
  private readonly core: Core;
  private readonly devices: Devices;
  private readonly pages: Pages;
  private readonly statics: Statics;
  private readonly vmalloc: Vmalloc;
  private readonly masks = new Map<number, { streaming: bigint; coherent: bigint }>();
  private readonly mappings: Mapping[] = [];

  constructor(core: Core, devices: Devices, pages: Pages, statics: Statics, vmalloc: Vmalloc) {
    this.core = core;
    this.devices = devices;
    this.pages = pages;
    this.statics = statics;
    this.vmalloc = vmalloc;
  }

  /** What is mapped for devices now. */
  get all(): readonly Mapping[] {
    return this.mappings;
  }

  /** dma_set_mask_and_coherent() and its parts: 0, or -EIO when the platform has no memory that low. */
  setMask(device: number, mask: bigint, which: { readonly streaming: boolean; readonly coherent: boolean }): number {
    this.devices.nameOf(device);
    if (mask < LEAST_MASK) return -errno.EIO;
    const own = this.maskOf(device);
    if (which.streaming) own.streaming = mask;
    if (which.coherent) own.coherent = mask;
    return 0;
  }

  getMask(device: number): bigint {
    return this.maskOf(device).streaming;
  }

  /** dma_alloc_coherent(): the address for the CPU; where the device sees it goes to `*handle`. */
  *allocCoherent(device: number, bytes: number, handle: number, gfp: number): Steps<number> {
    const mask = this.maskOf(device).coherent;
    const zone = mask <= LEAST_MASK ? __GFP_DMA : 0;
    const order = Math.max(0, Math.ceil(Math.log2(bytes / 4096)));
    const made = yield* this.pages.allocate(gfp | zone | __GFP_ZERO, order, "dma_alloc_attrs");
    if (made === 0) return 0;
    const address = this.pages.physical(made);
    if (handle !== 0) this.core.memory.store(handle, 4, address);
    this.note("coherent", device, address, made, bytes, DMA_BIDIRECTIONAL, true);
    return made;
  }

  freeCoherent(device: number, bytes: number, virtual: number, address: number): void {
    if (virtual === 0) return;
    if (this.core.context.irqsDisabled) this.core.emit({ kind: "warn", text: "", stack: this.core.stack() });
    const found = this.take("coherent", device, address, bytes, DMA_BIDIRECTIONAL);
    if (found !== undefined && found.virtual !== virtual) {
      this.complain(
        device,
        `device driver frees DMA memory with different CPU address [device address=${long(address)}] [size=${bytes} bytes] [cpu alloc address=0x${hex(found.virtual)}] [cpu free address=0x${hex(virtual)}]`,
        found,
      );
    }
    this.pages.release(virtual);
  }

  /** dma_map_single(): where the device sees memory of the linear map, or DMA_MAPPING_ERROR. */
  map(kind: "single" | "page", device: number, virtual: number, bytes: number, direction: number): number {
    this.core.memory.touch(virtual, bytes, false);
    if (this.vmalloc.isVmalloc(virtual)) {
      this.complain(device, `device driver maps memory from vmalloc area [addr=${hex(virtual)}] [len=${bytes}]`);
      return DMA_MAPPING_ERROR;
    }
    if (this.statics.isStack(virtual)) {
      this.complain(device, `device driver maps memory from stack [addr=${hex(virtual)}]`);
      return DMA_MAPPING_ERROR;
    }
    if (!this.pages.virtAddrValid(virtual)) {
      this.complain(device, `device driver maps memory from invalid area [addr=${hex(virtual)}] [len=${bytes}]`);
      return DMA_MAPPING_ERROR;
    }
    const address = this.pages.physical(virtual);
    const mask = this.maskOf(device).streaming;
    if (BigInt(address + bytes - 1) > mask) {
      const text = `${this.devices.label(device)}: DMA addr 0x${hex(address)}+${bytes} overflow (mask ${mask.toString(16)}, bus limit 0).`;
      this.core.emit({ kind: "warn", text, stack: this.core.stack() });
      return DMA_MAPPING_ERROR;
    }
    this.note(kind, device, address, virtual, bytes, direction, false);
    return address;
  }

  unmap(kind: "single" | "page", device: number, address: number, bytes: number, direction: number): void {
    this.take(kind, device, address, bytes, direction);
  }

  /** dma_mapping_error(): -ENOMEM for a mapping that failed. */
  mappingError(device: number, address: number): number {
    for (const one of this.mappings) if (one.device === device && one.address === address) one.checked = true;
    return address === DMA_MAPPING_ERROR ? -errno.ENOMEM : 0;
  }

  sync(device: number, address: number, bytes: number, direction: number, forCpu: boolean): void {
    const found = this.mappings.find(
      (one) => one.device === device && address >= one.address && address < one.address + one.bytes,
    );
    const where = `[device address=${long(address)}] [size=${bytes} bytes]`;
    if (found === undefined) {
      this.complain(device, `device driver tries to sync DMA memory it has not allocated ${where}`);
      return;
    }
    const mapped = `[mapped with ${DIRECTIONS[found.direction]}] [synced with ${DIRECTIONS[direction]}]`;
    if (address + bytes > found.address + found.bytes) {
      const text = `device driver syncs DMA memory outside allocated range [device address=${long(address)}] [allocation size=${found.bytes} bytes] [sync offset+size=${address - found.address + bytes}]`;
      this.complain(device, text, found);
    } else if (found.direction === DMA_BIDIRECTIONAL) return;
    else if (direction !== found.direction) {
      this.complain(device, `device driver syncs DMA memory with different direction ${where} ${mapped}`, found);
    } else if (forCpu && direction === DMA_TO_DEVICE) {
      this.complain(device, `device driver syncs device read-only DMA memory for cpu ${where} ${mapped}`, found);
    } else if (!forCpu && direction === DMA_FROM_DEVICE) {
      this.complain(device, `device driver syncs device write-only DMA memory to device ${where} ${mapped}`, found);
    }
  }

  /** The driver leaves the device: what it mapped must be unmapped. */
  released(device: number): void {
    const left = this.mappings.filter((one) => one.device === device);
    this.masks.delete(device);
    if (left.length === 0) return;
    const [first] = left;
    const text = `device driver has pending DMA allocations while released from device [count=${left.length}]\nOne of leaked entries details: [device address=${long(first!.address)}] [size=${first!.bytes} bytes] [mapped with ${DIRECTIONS[first!.direction]}] [mapped as ${first!.kind}]`;
    this.complain(device, text, first);
    for (const one of left) this.mappings.splice(this.mappings.indexOf(one), 1);
  }

  private maskOf(device: number): { streaming: bigint; coherent: bigint } {
    let found = this.masks.get(device);
    if (found === undefined) {
      found = { streaming: DEFAULT_MASK, coherent: DEFAULT_MASK };
      this.masks.set(device, found);
    }
    return found;
  }

  private note(
    kind: DmaKind,
    device: number,
    address: number,
    virtual: number,
    bytes: number,
    direction: number,
    checked: boolean,
  ): void {
    this.mappings.push({ kind, device, address, virtual, bytes, direction, stack: this.core.stack(), checked });
  }

  /** check_unmap(). */
  private take(kind: DmaKind, device: number, address: number, bytes: number, direction: number): Mapping | undefined {
    const at = this.mappings.findIndex((one) => one.device === device && one.address === address);
    const where = `[device address=${long(address)}] [size=${bytes} bytes]`;
    if (at < 0) {
      const text =
        address === DMA_MAPPING_ERROR
          ? "device driver tries to free an invalid DMA memory address"
          : `device driver tries to free DMA memory it has not allocated ${where}`;
      this.complain(device, text);
      return undefined;
    }
    const [found] = this.mappings.splice(at, 1);
    const { bytes: mapped, direction: with_, kind: as } = found!;
    if (bytes !== mapped) {
      const text = `device driver frees DMA memory with different size [device address=${long(address)}] [map size=${mapped} bytes] [unmap size=${bytes} bytes]`;
      this.complain(device, text, found);
    }
    if (kind !== as) {
      this.complain(
        device,
        `device driver frees DMA memory with wrong function ${where} [mapped as ${as}] [unmapped as ${kind}]`,
        found,
      );
    }
    if (direction !== with_) {
      const text = `device driver frees DMA memory with different direction ${where} [mapped with ${DIRECTIONS[with_]}] [unmapped with ${DIRECTIONS[direction]}]`;
      this.complain(device, text, found);
    }
    if (!found!.checked) {
      this.complain(device, `device driver failed to check map error${where} [mapped as ${as}]`, found);
    }
    return found;
  }

  private complain(device: number, text: string, mapping?: Mapping): void {
    this.core.emit({
      kind: "dma-misuse",
      device: this.devices.label(device),
      text,
      mappedAt: mapping?.stack,
      stack: this.core.stack(),
    });
  }
}

function long(address: number): string {
  return `0x${(address >>> 0).toString(16).padStart(16, "0")}`;
}
