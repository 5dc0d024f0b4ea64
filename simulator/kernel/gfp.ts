// How an allocation may find its memory, include/linux/gfp_types.h of Linux 6.12.

export const __GFP_DMA = 0x01;
export const __GFP_HIGHMEM = 0x02;
export const __GFP_DMA32 = 0x04;
export const __GFP_HIGH = 0x20;
export const __GFP_IO = 0x40;
export const __GFP_FS = 0x80;
export const __GFP_ZERO = 0x100;
export const __GFP_DIRECT_RECLAIM = 0x400;
export const __GFP_KSWAPD_RECLAIM = 0x800;
export const __GFP_NOWARN = 0x2000;
export const __GFP_RETRY_MAYFAIL = 0x4000;
export const __GFP_NOFAIL = 0x8000;
export const __GFP_NORETRY = 0x10000;
export const __GFP_COMP = 0x40000;
export const __GFP_NOMEMALLOC = 0x80000;
export const __GFP_HARDWALL = 0x100000;
export const __GFP_ACCOUNT = 0x400000;

const RECLAIM = __GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM;

export const GFP_ATOMIC = __GFP_HIGH | __GFP_KSWAPD_RECLAIM;
export const GFP_KERNEL = RECLAIM | __GFP_IO | __GFP_FS;
export const GFP_NOWAIT = __GFP_KSWAPD_RECLAIM | __GFP_NOWARN;
export const GFP_NOIO = RECLAIM;
export const GFP_NOFS = RECLAIM | __GFP_IO;
export const GFP_USER = GFP_KERNEL | __GFP_HARDWALL;
export const GFP_DMA = __GFP_DMA;
export const GFP_DMA32 = __GFP_DMA32;
export const GFP_HIGHUSER = GFP_USER | __GFP_HIGHMEM;
export const GFP_KERNEL_ACCOUNT = GFP_KERNEL | __GFP_ACCOUNT;

/** Largest first, as include/trace/events/mmflags.h has them for `%pGg`. */
const NAMES: readonly (readonly [string, number])[] = Object.entries({
  GFP_HIGHUSER,
  GFP_USER,
  GFP_KERNEL_ACCOUNT,
  GFP_KERNEL,
  GFP_NOFS,
  GFP_ATOMIC,
  GFP_NOIO,
  GFP_NOWAIT,
  GFP_DMA,
  __GFP_HIGHMEM,
  GFP_DMA32,
  __GFP_HIGH,
  __GFP_IO,
  __GFP_FS,
  __GFP_NOWARN,
  __GFP_RETRY_MAYFAIL,
  __GFP_NOFAIL,
  __GFP_NORETRY,
  __GFP_COMP,
  __GFP_ZERO,
  __GFP_NOMEMALLOC,
  __GFP_HARDWALL,
  __GFP_ACCOUNT,
  __GFP_DIRECT_RECLAIM,
  __GFP_KSWAPD_RECLAIM,
});

/** `0xcc0(GFP_KERNEL)`. */
export function gfpText(gfp: number): string {
  const found: string[] = [];
  let left = gfp;
  for (const [name, mask] of NAMES) {
    if ((left & mask) !== mask) continue;
    found.push(name);
    left &= ~mask;
  }
  if (left !== 0) found.push(`0x${(left >>> 0).toString(16)}`);
  return `0x${(gfp >>> 0).toString(16)}(${found.join("|")})`;
}
