// linux/mm: pages and their addresses, areas of processes and what drivers put into them.
import type { Steps } from "../engine/interfaces.ts";
import { PAGE_SIZE } from "../kernel/addresses.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import {
  FAULT_FLAG_USER,
  FAULT_FLAG_WRITE,
  mm_struct,
  protectionOf,
  VM_FAULTS,
  VM_FLAGS,
  vm_area_struct,
  vm_fault,
  vm_operations_struct,
  withMemoryType,
} from "../kernel/mm-layouts.ts";
import { page } from "../kernel/pages.ts";
import { task_struct } from "../kernel/task-layouts.ts";
import { pageFunctions } from "./gfp.ts";
import { Header } from "./header.ts";

const mayBeNull = { mayBeNull: true } as const;

export function mm(kernel: Kernel): Header {
  const { core, pages, mappings, vmalloc } = kernel;
  const header = new Header(core);
  pageFunctions(header, kernel);
  for (const layout of [mm_struct, vm_operations_struct, vm_area_struct, vm_fault]) header.layout(layout.name, layout);
  header.constants({ ...VM_FLAGS, ...VM_FAULTS, FAULT_FLAG_WRITE, FAULT_FLAG_USER });
  /** Whether a frame number is that of memory with a struct page. Any context. */
  header.plain("pfn_valid", ["u32"], "bool", (pfn: number) => pages.pfnValid(pfn));
  /** The page behind an address of vmalloc. Any context. NULL: nothing is mapped there. */
  header.plain(
    "vmalloc_to_page",
    ["ptr"],
    page,
    (address: number) => (vmalloc.isVmalloc(address) ? pages.pageOfVmalloc(address) : 0),
    mayBeNull,
  );
  /** The frame number of it. Any context. */
  header.plain("vmalloc_to_pfn", ["ptr"], "u32", (address: number) => pages.pfnOfPage(pages.pageOfVmalloc(address)));
  insertions(header, kernel);
  areas(header, kernel);
  /** The first area that ends behind an address. Task context, with mmap_lock. NULL: none. */
  header.plain(
    "find_vma",
    [mm_struct, "u32"],
    vm_area_struct,
    (it: number, address: number) => mappings.findVma(it, address),
    mayBeNull,
  );
  /** The area of an address. Task context, with mmap_lock. NULL: none. */
  header.plain(
    "vma_lookup",
    [mm_struct, "u32"],
    vm_area_struct,
    (it: number, address: number) => {
      const found = mappings.findVma(it, address);
      return found !== 0 && core.memory.load(found, 4, false) <= address ? found : 0;
    },
    mayBeNull,
  );
  return header;
}

/** What puts pages into an area. */
function insertions(header: Header, { core, mappings, vmalloc, pages }: Kernel): void {
  for (const name of ["remap_pfn_range", "io_remap_pfn_range"]) {
    /** Maps frames, those of memory or of a device, into an area. In mmap, may sleep. 0, or a negative errno. */
    header.steps(
      name,
      [vm_area_struct, "u32", "u32", "u32", "u32"],
      "int",
      (vma: number, address: number, pfn: number, bytes: number) => mappings.remap(vma, address, pfn, bytes, name),
    );
  }
  /** Maps a device's memory into a whole area, as vm_pgoff wants. In mmap, may sleep. 0, or -EINVAL. */
  header.steps(
    "vm_iomap_memory",
    [vm_area_struct, "u32", "u32"],
    "int",
    function* (vma: number, start: number, length: number): Steps<number> {
      const member = (name: string): number => core.memory.load(vma + offsetOf(vm_area_struct, name), 4, false);
      const offset = member("vm_pgoff") * PAGE_SIZE;
      const bytes = Math.ceil(((start % PAGE_SIZE) + length) / PAGE_SIZE) * PAGE_SIZE;
      const wanted = member("vm_end") - member("vm_start");
      if (offset >= bytes || wanted > bytes - offset) return -errno.EINVAL;
      const pfn = Math.floor(start / PAGE_SIZE) + member("vm_pgoff");
      return yield* mappings.remap(vma, member("vm_start"), pfn, wanted, "vm_iomap_memory");
    },
  );
  /** Maps a page, which it holds until it is unmapped. In mmap or in a fault handler, may sleep. 0, or a negative errno. */
  header.plain("vm_insert_page", [vm_area_struct, "u32", page], "int", (vma: number, address: number, map: number) =>
    mappings.insertPage(vma, address, map),
  );
  /** Maps a frame in a fault handler, which gives this result. May sleep. VM_FAULT_NOPAGE, or VM_FAULT_SIGBUS. */
  header.plain("vmf_insert_pfn", [vm_area_struct, "u32", "u32"], "u32", (vma: number, address: number, pfn: number) =>
    mappings.insertPfn(vma, address, pfn),
  );
  /** Maps what vmalloc_user allocated, from a page of it on, into a whole area. In mmap, may sleep. 0, or a negative errno. */
  header.plain(
    "remap_vmalloc_range",
    [vm_area_struct, "ptr", "u32"],
    "int",
    (vma: number, address: number, pgoff: number) => {
      const [start, end] = [core.memory.load(vma, 4, false), core.memory.load(vma + 4, 4, false)];
      const offset = pgoff * PAGE_SIZE;
      if (address % PAGE_SIZE !== 0 || end - start + offset > vmalloc.userBytes(address)) return -errno.EINVAL;
      for (let at = 0; at < end - start; at += PAGE_SIZE) {
        const map = pages.pageOfVmalloc(address + offset + at);
        const result = mappings.insertPage(vma, start + at, map, "remap_vmalloc_range");
        if (result !== 0) return result;
      }
      return 0;
    },
  );
}

/** Flags and protection of areas; pgprot_t is its number. */
function areas(header: Header, { core }: Kernel): void {
  const { memory } = core;
  const change = (callee: string, vma: number, set: number, clear: number): void => {
    // It takes the lock of the area, vma_start_write().
    core.mightSleep(callee, "kernel/locking/rwsem.c:1576");
    const at = vma + offsetOf(vm_area_struct, "vm_flags");
    memory.store(at, 4, (memory.load(at, 4, false) | set) & ~clear);
  };
  /** Sets, clears, or sets and clears flags of an area. In mmap, which has mmap_lock for writing; may sleep. */
  header.plain("vm_flags_set", [vm_area_struct, "u32"], "void", (vma: number, set: number) =>
    change("vm_flags_set", vma, set, 0),
  );
  header.plain("vm_flags_clear", [vm_area_struct, "u32"], "void", (vma: number, clear: number) =>
    change("vm_flags_clear", vma, 0, clear),
  );
  header.plain("vm_flags_mod", [vm_area_struct, "u32", "u32"], "void", (vma: number, set: number, clear: number) =>
    change("vm_flags_mod", vma, set, clear),
  );
  /** What flags mean for the page tables. Any context. */
  header.plain("vm_get_page_prot", ["u32"], "u32", protectionOf);
  /** The same without caches, or with writes gathered. Any context. */
  header.plain("pgprot_noncached", ["u32"], "u32", (prot: number) => withMemoryType(prot, "noncached"));
  header.plain("pgprot_writecombine", ["u32"], "u32", (prot: number) => withMemoryType(prot, "writecombine"));
  header.plain("pgprot_val", ["u32"], "u32", (prot: number) => prot);
}

/** linux/sched/mm: the memory of another process, held. */
export function schedMm({ core, mappings, tasks }: Kernel): Header {
  const header = new Header(core);
  /** The memory of a process, held; a thread of the kernel has none. Any context. NULL: none. */
  header.plain(
    "get_task_mm",
    [task_struct],
    mm_struct,
    (struct: number) => {
      const task = tasks.at(struct);
      return task === undefined ? 0 : mappings.getMm(task);
    },
    mayBeNull,
  );
  /** Gives it back. Task context, may sleep. */
  header.plain("mmput", [mm_struct], "void", (it: number) => mappings.putMm(it));
  return header;
}
