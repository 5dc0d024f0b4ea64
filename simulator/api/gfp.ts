// linux/gfp, linux/mm, linux/highmem and linux/vmalloc: whole pages, and how an allocation may find them.
import { PAGE_OFFSET, PAGE_SIZE } from "../kernel/addresses.ts";
import * as gfp from "../kernel/gfp.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { PG_RESERVED, page } from "../kernel/pages.ts";
import { Header } from "./header.ts";

const { gfpText: _, ...flags } = gfp;

/** The flags by name; linux/slab exports them too. */
export const gfpFlags = flags;

const mayBeNull = { mayBeNull: true } as const;

export function gfpHeader({ core, pages }: Kernel): Header {
  const header = new Header(core);
  header.constants(gfpFlags);

  /** 2^order pages; their struct page. Contexts as kmalloc. NULL: no memory. */
  const pageOf = function* (mask: number, order: number, callee: string): ReturnType<typeof pages.allocate> {
    const address = yield* pages.allocate(mask, order, callee);
    return address === 0 ? 0 : pages.pageOf(address);
  };
  /** Allocates 2^order pages. Contexts as kmalloc. Their struct page; NULL: no memory. */
  header.steps(
    "alloc_pages",
    ["u32", "u32"],
    page,
    (mask: number, order: number) => pageOf(mask, order, "alloc_pages"),
    mayBeNull,
  );
  /** Allocates a page. Contexts as kmalloc. Its struct page; NULL: no memory. */
  header.steps("alloc_page", ["u32"], page, (mask: number) => pageOf(mask, 0, "alloc_page"), mayBeNull);
  /** Allocates 2^order pages. Contexts as kmalloc. Their address; 0: no memory. */
  header.steps("__get_free_pages", ["u32", "u32"], "u32", (mask: number, order: number) =>
    pages.allocate(mask, order, "__get_free_pages"),
  );
  /** Allocates a page. Contexts as kmalloc. Its address; 0: no memory. */
  header.steps("__get_free_page", ["u32"], "u32", (mask: number) => pages.allocate(mask, 0, "__get_free_page"));
  /** Allocates a cleared page. Contexts as kmalloc. Its address; 0: no memory. */
  header.steps("get_zeroed_page", ["u32"], "u32", (mask: number) =>
    pages.allocate(mask | gfp.__GFP_ZERO, 0, "get_zeroed_page"),
  );
  /** Frees 2^order pages by their address. Any context. */
  header.plain("free_pages", ["u32", "u32"], "void", (address: number, order: number) => pages.release(address, order));
  /** Frees a page by its address. Any context. */
  header.plain("free_page", ["u32"], "void", (address: number) => pages.release(address, 0));
  /** Frees 2^order pages by their struct page. Any context. */
  header.plain("__free_pages", [page, "u32"], "void", (map: number, order: number) =>
    pages.release(pages.addressOf(map), order),
  );
  /** Frees a page by its struct page. Any context. */
  header.plain("__free_page", [page], "void", (map: number) => pages.release(pages.addressOf(map), 0));
  return header;
}

/** linux/mm: struct page and addresses. mmap and its areas stand in a header of their own. */
export function pageFunctions(header: Header, { pages, vmalloc, core }: Kernel): void {
  header.layout("page", page);
  header.constants({ PAGE_SIZE, PAGE_SHIFT: 12, PAGE_MASK: ~(PAGE_SIZE - 1), PAGE_OFFSET });
  /** The address of a page in the linear map. Any context. */
  header.plain("page_address", [page], "ptr", (map: number) => pages.addressOf(map));
  /** The struct page of an address in the linear map. Any context. */
  header.plain("virt_to_page", ["ptr"], page, (address: number) => pages.pageOf(address));
  /** The frame number of a page. Any context. */
  header.plain("page_to_pfn", [page], "u32", (map: number) => pages.pfnOfPage(map));
  /** The page of a frame number. Any context. */
  header.plain("pfn_to_page", ["u32"], page, (pfn: number) => pages.pageOfPfn(pfn));
  /** The physical address of an address in the linear map. Any context. */
  header.plain("virt_to_phys", ["ptr"], "u32", (address: number) => pages.physical(address));
  header.plain("__pa", ["ptr"], "u32", (address: number) => pages.physical(address));
  /** The address of a physical address. Any context. */
  header.plain("phys_to_virt", ["u32"], "ptr", (physical: number) => pages.virtual(physical));
  header.plain("__va", ["u32"], "ptr", (physical: number) => pages.virtual(physical));
  /** Whether an address lies in the linear map. Any context. */
  header.plain("virt_addr_valid", ["ptr"], "bool", (address: number) => pages.virtAddrValid(address));
  /** Whether vmalloc allocated an address. Any context. */
  header.plain("is_vmalloc_addr", ["ptr"], "bool", (address: number) => vmalloc.isVmalloc(address));
  /** Rounded up to a page boundary. Any context. */
  header.plain("PAGE_ALIGN", ["u32"], "u32", (value: number) => (value + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1));
  /** The place within a page. Any context. */
  header.plain("offset_in_page", ["ptr"], "u32", (address: number) => address & (PAGE_SIZE - 1));
  /** Takes a reference to a page. Any context. */
  header.plain("get_page", [page], "void", (map: number) => pages.hold(map));
  /** Gives a reference back; the last one frees the page. Any context. */
  header.plain("put_page", [page], "void", (map: number) => pages.put(map));
  /** References to a page. Any context. */
  header.plain("page_count", [page], "int", (map: number) => pages.count(map));
  /** Says that a page is nobody's to move or swap. Any context. */
  header.plain("SetPageReserved", [page], "void", (map: number) => pages.setFlag(map, PG_RESERVED, true));
  header.plain("ClearPageReserved", [page], "void", (map: number) => pages.setFlag(map, PG_RESERVED, false));
  /** Makes a page reachable; all pages always are here, but code must not rely on it. Task context, may sleep. */
  header.plain("kmap", [page], "ptr", (map: number) => {
    core.mightSleep("kmap", "include/linux/highmem-internal.h:44");
    return pages.addressOf(map);
  });
  header.plain("kunmap", [page], "void", () => core.mightSleep("kunmap", "include/linux/highmem-internal.h:55"));
}

export function highmem({ core, pages }: Kernel): Header {
  const header = new Header(core);
  /** Makes a page reachable for this task; unmapped in reverse order. Any context. */
  header.plain("kmap_local_page", [page], "ptr", (map: number) => pages.addressOf(map));
  /** Ends kmap_local_page, by the address it gave. Any context. */
  header.plain("kunmap_local", ["ptr"], "void", (address: number) => core.memory.touch(address, 1, false));
  /** The same with preemption and page faults off in between. Any context. */
  header.plain("kmap_atomic", [page], "ptr", (map: number) => {
    core.preemptDisable();
    return pages.addressOf(map);
  });
  /** Ends kmap_atomic. Any context. */
  header.plain("kunmap_atomic", ["ptr"], "void", () => core.preemptEnable());
  /** Clears a page. Any context. */
  header.plain("clear_highpage", [page], "void", (map: number) =>
    core.memory.bytesAt(pages.addressOf(map), PAGE_SIZE).fill(0),
  );
  return header;
}

export function vmallocHeader({ core, vmalloc }: Kernel): Header {
  const header = new Header(core);
  /** Allocates memory that is contiguous only in virtual addresses. Task context, may sleep. NULL: no memory. */
  header.steps("vmalloc", ["size"], "arg0", (size: number) => vmalloc.vmalloc(size, gfp.GFP_KERNEL), mayBeNull);
  /** The same, cleared. Task context, may sleep. NULL: no memory. */
  header.steps(
    "vzalloc",
    ["size"],
    "arg0",
    (size: number) => vmalloc.vmalloc(size, gfp.GFP_KERNEL | gfp.__GFP_ZERO, "vzalloc"),
    mayBeNull,
  );
  /** The same, for mapping into user space. Task context, may sleep. NULL: no memory. */
  header.steps(
    "vmalloc_user",
    ["size"],
    "arg0",
    (size: number) => vmalloc.vmalloc(size, gfp.GFP_KERNEL | gfp.__GFP_ZERO, "vmalloc_user"),
    mayBeNull,
  );
  /** Frees what vmalloc allocated; NULL is ignored. Task context, may sleep; an interrupt may call it too. */
  header.plain("vfree", ["ptr"], "void", (address: number) => vmalloc.vfree(address));
  return header;
}
