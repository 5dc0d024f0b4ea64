// Files mapped into processes: areas, the pages that drivers put into them or bring in on a fault, and what touches them.
// Source: mm/mmap.c, mm/memory.c
import { type AccessBytes, BusError } from "../devices/device.ts";
import { hook } from "../engine/hook.ts";
import type { StackAllocator, Steps } from "../engine/interfaces.ts";
import type { Layout } from "../engine/layout.ts";
import type { Task } from "../engine/task.ts";
import { PAGE_SIZE, TASK_SIZE, USER_STRIDE } from "./addresses.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { type Files, FMODE_READ, FMODE_WRITE, type OpenFile } from "./files.ts";
import { GFP_KERNEL } from "./gfp.ts";
import { file, offsetOf } from "./layouts.ts";
import {
  FAULT_FLAG_USER,
  FAULT_FLAG_WRITE,
  MAP,
  mm_struct,
  PROT,
  protectionOf,
  VM_FAULTS,
  VM_FLAGS,
  vm_area_struct,
  vm_fault,
  vm_operations_struct,
} from "./mm-layouts.ts";
import type { DeviceMemory } from "./mmio.ts";
import type { Pages } from "./pages.ts";
import { SIGNALS } from "./signals.ts";
import type { Slab } from "./slab.ts";
import type { Tasks } from "./tasks.ts";
import type { MappedMemory, UserMemory } from "./user.ts";

/** What a page of an area shows: a frame of memory, of which a reference may be held, or of the bus. */
interface Entry {
  readonly pfn: number;
  readonly isCounted: boolean;
  /** Where the process's own copy of the page lies, once it has written to a private mapping. */
  readonly copy?: number;
}

/** A struct vm_area_struct, and its part of the page tables. */
interface Area {
  readonly address: number;
  readonly task: Task;
  readonly opened: OpenFile;
  readonly entries: Map<number, Entry>;
}

/** mmap_base: areas grow upwards from here, within what a process has. */
const MMAP_OFFSET = 0x800000;
/** A page table entry is made where none was. */
const MINOR = 2_000;
const { VM_READ, VM_WRITE, VM_SHARED, VM_MAYSHARE, VM_MAYREAD, VM_MAYWRITE, VM_MAYEXEC } = VM_FLAGS;

export class Mappings implements MappedMemory {
  private readonly core: Core;
  private readonly slab: Slab;
  private readonly stack: StackAllocator;
  private readonly user: UserMemory;
  private readonly files: Files;
  private readonly pages: Pages;
  private readonly mmio: DeviceMemory;
  /** What areas have whose driver sets no operations, vma_dummy_vm_ops: no fault can be served. */
  private readonly dummy: number;
  private readonly areas: Area[] = [];
  private readonly mms = new Map<Task, number>();

  constructor(
    core: Core,
    slab: Slab,
    statics: { readonly stack: StackAllocator; global(bytes: number, align: number, name: string): number },
    user: UserMemory,
    files: Files,
    pages: Pages,
    mmio: DeviceMemory,
    tasks: Tasks,
  ) {
    this.core = core;
    this.slab = slab;
    this.stack = statics.stack;
    this.user = user;
    this.files = files;
    this.pages = pages;
    this.mmio = mmio;
    this.dummy = statics.global(vm_operations_struct.size, 4, "vma_dummy_vm_ops");
    user.mapped = this;
    hook(files, "whenExiting", (task) => this.exit(task));
    hook(tasks, "mmOf", (task) => this.mmOf(task));
  }

  /** mmap(): the address, or a negative errno. */
  *map(fd: number, length: number, prot: number, flags: number, offset: number): Steps<number> {
    const opened = this.files.opened(fd);
    if (opened === undefined) return -errno.EBADF;
    if (length === 0 || offset % PAGE_SIZE !== 0) return -errno.EINVAL;
    const isShared = (flags & MAP.MAP_SHARED) !== 0;
    if (!isShared && (flags & MAP.MAP_PRIVATE) === 0) return -errno.EINVAL;
    const mode = this.core.memory.peek(opened.address + offsetOf(file, "f_mode"), 4);
    if ((mode & FMODE_READ) === 0) return -errno.EACCES;
    const mayWrite = (mode & FMODE_WRITE) !== 0;
    if (isShared && (prot & PROT.PROT_WRITE) !== 0 && !mayWrite) return -errno.EACCES;
    if (!this.files.has(opened, "mmap")) return -errno.ENODEV;
    const bytes = Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
    const { task } = this.core;
    const start = this.room(task, bytes);
    if (start === 0) return -errno.ENOMEM;
    const may = VM_MAYREAD | VM_MAYEXEC | (mayWrite || !isShared ? VM_MAYWRITE : 0);
    const shared = isShared ? VM_MAYSHARE | (mayWrite ? VM_SHARED : 0) : 0;
    const area = this.create(task, opened, start, bytes, (prot & 7) | may | shared, offset / PAGE_SIZE);
    const result = yield* this.files.operate("mmap_region", opened, "mmap", [opened.address, area.address]);
    if (result !== 0) {
      yield* this.drop(area);
      return result ?? -errno.ENODEV;
    }
    return start;
  }

  /** munmap(): 0, or -EINVAL. What is only partly unmapped is split, and the driver's open told of the new area. */
  *unmap(address: number, length: number): Steps<number> {
    if (address % PAGE_SIZE !== 0 || length === 0) return -errno.EINVAL;
    const end = address + Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
    const { task } = this.core;
    const touched = this.areas.filter(
      (area) => area.task === task && this.start(area) < end && this.end(area) > address,
    );
    for (const area of touched) {
      let gone = area;
      if (this.start(gone) < address) gone = yield* this.split(gone, address);
      if (this.end(gone) > end) yield* this.split(gone, end);
      yield* this.close(gone);
    }
    return 0;
  }

  /** remap_pfn_range() and io_remap_pfn_range(). */
  *remap(vma: number, address: number, pfn: number, bytes: number, callee: string): Steps<number> {
    this.slab.mightAlloc(GFP_KERNEL, callee);
    const area = this.at(vma);
    if (address % PAGE_SIZE !== 0) {
      this.core.warn("mm/memory.c", 2646, "remap_pfn_range_internal");
      return -errno.EINVAL;
    }
    const size = Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
    const flags = this.get(vma, "vm_flags");
    if ((flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE) {
      // A private mapping: all of it or nothing.
      if (address !== this.get(vma, "vm_start") || address + size !== this.get(vma, "vm_end")) return -errno.EINVAL;
    }
    const { VM_IO, VM_PFNMAP, VM_DONTEXPAND, VM_DONTDUMP } = VM_FLAGS;
    this.set(vma, "vm_flags", flags | VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
    for (let at = 0; at < size; at += PAGE_SIZE) {
      if (area?.entries.has(address + at) === true) {
        yield { kind: "fault", fault: { message: "kernel BUG at mm/memory.c:2557!" } };
      }
      area?.entries.set(address + at, { pfn: pfn + at / PAGE_SIZE, isCounted: false });
    }
    return 0;
  }

  /** vm_insert_page(): the page is held until it is unmapped. */
  insertPage(vma: number, address: number, page: number, callee = "vm_insert_page"): number {
    this.slab.mightAlloc(GFP_KERNEL, callee);
    if (address < this.get(vma, "vm_start") || address >= this.get(vma, "vm_end")) return -errno.EFAULT;
    const area = this.at(vma);
    if (this.pages.count(page) === 0) return -errno.EINVAL;
    const at = address - (address % PAGE_SIZE);
    if (area?.entries.has(at) === true) return -errno.EBUSY;
    this.set(vma, "vm_flags", this.get(vma, "vm_flags") | VM_FLAGS.VM_MIXEDMAP);
    this.pages.hold(page);
    area?.entries.set(at, { pfn: this.pages.pfnOfPage(page), isCounted: true });
    return 0;
  }

  /** vmf_insert_pfn(), in a fault handler. */
  insertPfn(vma: number, address: number, pfn: number): number {
    this.slab.mightAlloc(GFP_KERNEL, "vmf_insert_pfn");
    const { VM_FAULT_SIGBUS, VM_FAULT_NOPAGE } = VM_FAULTS;
    if (address < this.get(vma, "vm_start") || address >= this.get(vma, "vm_end")) return VM_FAULT_SIGBUS;
    this.at(vma)?.entries.set(address - (address % PAGE_SIZE), { pfn, isCounted: false });
    return VM_FAULT_NOPAGE;
  }

  /** The mm_struct of a process; 0 for threads of the kernel. */
  mmOf(task: Task): number {
    if (!this.core.contextOf(task).isUser) return 0;
    let address = this.mms.get(task);
    if (address === undefined) {
      address = this.slab.reserve(mm_struct.size, "mm_struct");
      const values = { mm_users: 1, mm_count: 1, task_size: TASK_SIZE, mmap_base: this.base(task) };
      for (const [member, value] of Object.entries(values)) this.poke(address, mm_struct, member, value);
      this.mms.set(task, address);
    }
    return address;
  }

  /** get_task_mm(): holds it. */
  getMm(task: Task): number {
    const address = this.mmOf(task);
    if (address !== 0) this.countMm(address, 1);
    return address;
  }

  /** mmput(). */
  putMm(address: number): void {
    this.core.mightSleep("mmput", "kernel/fork.c:1396");
    if (this.countMm(address, -1) === 0) this.slab.kfree(address);
  }

  /** find_vma(): the first area of a process that ends behind an address; 0: none. */
  findVma(mm: number, address: number): number {
    this.core.memory.touch(mm, 4, false);
    const own = this.areas.filter((area) => this.mms.get(area.task) === mm && this.end(area) > address);
    own.sort((a, b) => this.start(a) - this.start(b));
    return own[0]?.address ?? 0;
  }

  owns(address: number): boolean {
    const offset = address % USER_STRIDE;
    return address < TASK_SIZE && offset >= MMAP_OFFSET;
  }

  /** Brings the page of an address in, by the driver's fault handler where it is not there: 0, or the signal for it. */
  *reach(address: number, isWrite: boolean): Steps<number> {
    const area = this.areaAt(address);
    if (area === undefined) return SIGNALS.SIGSEGV;
    const flags = this.get(area.address, "vm_flags");
    if ((flags & (isWrite ? VM_WRITE : VM_READ)) === 0) return SIGNALS.SIGSEGV;
    const at = address - (address % PAGE_SIZE);
    const isPrivate = (flags & VM_MAYSHARE) === 0;
    const known = area.entries.get(at);
    if (known !== undefined && !(isWrite && isPrivate && known.copy === undefined)) return 0;
    if (this.core.inAtomic || this.core.context.irqsDisabled) return SIGNALS.SIGBUS;
    yield* this.core.sleep(MINOR, "page fault");
    const signal = known === undefined ? yield* this.fault(area, at, isWrite) : 0;
    return signal === 0 && isWrite && isPrivate ? this.copyOnWrite(area, at) : signal;
  }

  /** wp_page_copy(): a process that writes to a private mapping gets a page of its own. 0, or the signal for it. */
  private copyOnWrite({ entries }: Area, at: number): number {
    const shown = entries.get(at)!;
    if (!this.pages.pfnValid(shown.pfn)) return SIGNALS.SIGBUS;
    const copy = this.slab.reserve(PAGE_SIZE, "anon_page");
    const { memory } = this.core;
    memory.bytesAt(copy, PAGE_SIZE).set(memory.bytesAt(this.pages.addressOfPfn(shown.pfn), PAGE_SIZE));
    this.forget(shown);
    entries.set(at, { pfn: shown.pfn, isCounted: false, copy });
    return 0;
  }

  /** Where the kernel finds a mapped byte; 0 where it is not memory, or not there. */
  kernelAddress(address: number): number {
    const entry = this.areaAt(address)?.entries.get(address - (address % PAGE_SIZE));
    if (entry === undefined || !this.pages.pfnValid(entry.pfn)) return 0;
    return (entry.copy ?? this.pages.addressOfPfn(entry.pfn)) + (address % PAGE_SIZE);
  }

  /** A process reads or writes device memory that it has mapped: undefined where nothing answers. */
  *bus(address: number, bytes: AccessBytes, value?: bigint): Steps<bigint | undefined> {
    const entry = this.areaAt(address)?.entries.get(address - (address % PAGE_SIZE));
    if (entry === undefined) return undefined;
    try {
      return yield* this.mmio.fromUser(entry.pfn * PAGE_SIZE + (address % PAGE_SIZE), bytes, value);
    } catch (error) {
      if (error instanceof BusError) return undefined;
      throw error;
    }
  }

  /** A process ends: its areas are closed before its files. */
  private *exit(task: Task): Steps<void> {
    for (const area of this.areas.filter((one) => one.task === task)) yield* this.close(area);
    const mm = this.mms.get(task);
    this.mms.delete(task);
    if (mm !== undefined && this.countMm(mm, -1) === 0) this.slab.kfree(mm);
  }

  /** do_fault(): what the driver's handler gives is put into the page tables. */
  private *fault(area: Area, at: number, isWrite: boolean): Steps<number> {
    const { memory } = this.core;
    const handler = this.operation(area, "fault");
    if (handler === 0) return SIGNALS.SIGBUS;
    const mark = this.stack.mark();
    const vmf = this.stack.push(vm_fault.size, vm_fault.align);
    const values = {
      vma: area.address,
      pgoff: this.get(area.address, "vm_pgoff") + (at - this.start(area)) / PAGE_SIZE,
      address: at,
      flags: FAULT_FLAG_USER | (isWrite ? FAULT_FLAG_WRITE : 0),
      page: 0,
    };
    for (const [member, value] of Object.entries(values)) this.poke(vmf, vm_fault, member, value);
    const result = yield* this.core.steps("__do_fault", this.core.callDriver(handler, [vmf]));
    const page = memory.peek(vmf + offsetOf(vm_fault, "page"), 4);
    this.stack.release(mark);
    if ((result & VM_FAULTS.VM_FAULT_SIGSEGV) !== 0) return SIGNALS.SIGSEGV;
    if ((result & (VM_FAULTS.VM_FAULT_SIGBUS | VM_FAULTS.VM_FAULT_OOM)) !== 0) return SIGNALS.SIGBUS;
    // A handler that says that it gives a page, and gives none, is an oops.
    if ((result & (VM_FAULTS.VM_FAULT_NOPAGE | VM_FAULTS.VM_FAULT_RETRY)) === 0) {
      memory.touch(page, 4, false);
      area.entries.set(at, { pfn: this.pages.pfnOfPage(page), isCounted: true });
    }
    return area.entries.has(at) ? 0 : SIGNALS.SIGBUS;
  }

  /** The part of an area from an address on becomes an area of its own. */
  private *split(area: Area, at: number): Steps<Area> {
    const [start, end] = [this.start(area), this.end(area)];
    const pgoff = this.get(area.address, "vm_pgoff") + (at - start) / PAGE_SIZE;
    const flags = this.get(area.address, "vm_flags");
    const made = this.create(area.task, area.opened, at, end - at, flags, pgoff);
    for (const member of ["vm_ops", "vm_private_data", "vm_page_prot"] as const) {
      this.set(made.address, member, this.get(area.address, member));
    }
    for (const [page, entry] of area.entries) {
      if (page < at) continue;
      area.entries.delete(page);
      made.entries.set(page, entry);
    }
    this.set(area.address, "vm_end", at);
    const open = this.operation(made, "open");
    if (open !== 0) yield* this.core.steps("__split_vma", this.core.callDriver(open, [made.address]));
    return made;
  }

  private *close(area: Area): Steps<void> {
    this.zap(area);
    const close = this.operation(area, "close");
    if (close !== 0) yield* this.core.steps("remove_vma", this.core.callDriver(close, [area.address]));
    yield* this.drop(area);
  }

  private *drop(area: Area): Steps<void> {
    this.zap(area);
    this.areas.splice(this.areas.indexOf(area), 1);
    const mm = this.mms.get(area.task);
    if (mm !== undefined)
      this.poke(mm, mm_struct, "map_count", this.areas.filter((one) => one.task === area.task).length);
    this.slab.kfree(area.address);
    yield* this.files.put(area.opened);
  }

  private zap({ entries }: Area): void {
    for (const entry of entries.values()) this.forget(entry);
    entries.clear();
  }

  private forget({ pfn, isCounted, copy }: Entry): void {
    if (isCounted) this.pages.put(this.pages.pageOfPfn(pfn));
    if (copy !== undefined) this.slab.kfree(copy);
  }

  private create(task: Task, opened: OpenFile, start: number, bytes: number, flags: number, pgoff: number): Area {
    const address = this.slab.reserve(vm_area_struct.size, "vm_area_struct");
    const area: Area = { address, task, opened, entries: new Map() };
    const values = {
      vm_start: start,
      vm_end: start + bytes,
      vm_mm: this.mmOf(task),
      vm_page_prot: protectionOf(flags),
      vm_flags: flags,
      vm_ops: this.dummy,
      vm_pgoff: pgoff,
      vm_file: opened.address,
      vm_private_data: 0,
    };
    for (const [member, value] of Object.entries(values)) this.poke(address, vm_area_struct, member, value);
    this.areas.push(area);
    this.files.get(opened);
    const mm = this.mmOf(task);
    if (mm !== 0) this.poke(mm, mm_struct, "map_count", this.areas.filter((one) => one.task === task).length);
    return area;
  }

  /** Room behind the last area of a process, with a hole of a page before it. */
  private room(task: Task, bytes: number): number {
    const base = this.base(task);
    const start = this.areas
      .filter((area) => area.task === task)
      .reduce((last, area) => Math.max(last, this.end(area) + PAGE_SIZE), base);
    return start + bytes > base - MMAP_OFFSET + USER_STRIDE ? 0 : start;
  }

  private base(task: Task): number {
    return this.user.startOf(task) + MMAP_OFFSET;
  }

  private areaAt(address: number): Area | undefined {
    const { task } = this.core;
    return this.areas.find((area) => area.task === task && address >= this.start(area) && address < this.end(area));
  }

  private at(vma: number): Area | undefined {
    this.core.memory.touch(vma, 4, false);
    return this.areas.find((area) => area.address === vma);
  }

  /** A driver's operation for an area; 0: none. */
  private operation({ address }: Area, name: string): number {
    const ops = this.get(address, "vm_ops");
    return ops === 0 ? 0 : this.core.memory.load(ops + offsetOf(vm_operations_struct, name), 4, false);
  }

  private start({ address }: Area): number {
    return this.core.memory.peek(address, 4);
  }

  private end({ address }: Area): number {
    return this.core.memory.peek(address + 4, 4);
  }

  private countMm(address: number, by: number): number {
    const users = this.core.memory.load(address, 4, true) + by;
    this.core.memory.store(address, 4, users);
    return users;
  }

  private get(vma: number, member: string): number {
    return this.core.memory.load(vma + offsetOf(vm_area_struct, member), 4, false);
  }

  private set(vma: number, member: string, value: number): void {
    this.core.memory.store(vma + offsetOf(vm_area_struct, member), 4, value);
  }

  private poke(address: number, layout: Layout, member: string, value: number): void {
    this.core.memory.poke(address + offsetOf(layout, member), 4, value);
  }
}
