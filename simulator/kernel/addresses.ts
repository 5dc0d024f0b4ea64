// Where things lie in the 32-bit address space of the simulated machine.

/** User processes: 16 MB apart, below TASK_SIZE. The first 64 KB of each are never mapped, as with mmap_min_addr. */
export const USER_START = 0x40000000;
export const USER_STRIDE = 0x1000000;
export const USER_SLOTS = 0x38;
export const TASK_SIZE = 0x78000000;
/** Functions of drivers: the engine numbers them from here. */
export const TEXT_START = 0x7f000000;
/**
 * The linear map: physical address 0 is here. The first 16 MB are ZONE_DMA, of which the kernel gives out the second MB;
 * slab objects and pages follow.
 */
export const PAGE_OFFSET = 0x0f000000;
export const DMA_ZONE_START = 0x0f100000;
export const DMA_ZONE_END = 0x0f200000;
/** Slab objects. */
export const HEAP_START = 0x10000000;
export const HEAP_BYTES = 0x1000000;
/** Whole pages. */
export const PAGES_START = 0x11000000;
export const PAGES_BYTES = 0x800000;
/** A `struct page` for each page of the linear map: mem_map. */
export const MEM_MAP_START = 0x18000000;
export const PAGE_SIZE = 4096;
/** vmalloc(): pages that lie together only here. */
export const VMALLOC_START = 0xe0000000;
export const VMALLOC_BYTES = 0x800000;
/** Variables and string constants of modules and of the kernel. */
export const DATA_START = 0x20000000;
export const DATA_BYTES = 0x400000;
/** Kernel stacks, one of THREAD_SIZE a task. */
export const STACKS_START = 0x30000000;
export const STACKS_BYTES = 0x400000;
export const THREAD_SIZE = 0x2000;
/** Per-CPU variables: pointers to them lie where no memory is, and each CPU's own copy in a unit further on. */
export const PERCPU_START = 0x28000000;
export const PERCPU_UNITS_START = 0x29000000;
export const PERCPU_UNIT_BYTES = 0x10000;
/** Device memory as ioremap() gives it: nothing is mapped there, so that a direct access faults. */
export const IOMEM_START = 0xf0000000;

/** Bytes of the shadow, mm/kasan/kasan.h. */
export const KASAN_SLAB_REDZONE = 0xfc;
export const KASAN_SLAB_FREE = 0xfb;
export const KASAN_PAGE_FREE = 0xff;
export const KASAN_GLOBAL_REDZONE = 0xf9;
export const KASAN_VMALLOC_INVALID = 0xf8;
export const KASAN_STACK_LEFT = 0xf1;
export const KASAN_STACK_MID = 0xf2;
