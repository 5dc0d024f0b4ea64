// linux/slab: kernel memory by the byte and by the struct.
import type { Kernel } from "../kernel/kernel.ts";
import { gfpFlags } from "./gfp.ts";
import { Header } from "./header.ts";

export function slab({ core, slab }: Kernel): Header {
  const header = new Header(core);
  const mayBeNull = { mayBeNull: true };
  header.constants(gfpFlags);

  /** Allocates memory of undefined content. Any context without __GFP_DIRECT_RECLAIM, else task. NULL: no memory. */
  header.plain("kmalloc", ["size", "u32"], "arg0", (size: number, gfp: number) => slab.kmalloc(size, gfp), mayBeNull);
  /** Allocates cleared memory. Contexts and result as kmalloc. */
  header.plain("kzalloc", ["size", "u32"], "arg0", (size: number, gfp: number) => slab.kzalloc(size, gfp), mayBeNull);
  /** Allocates a cleared array. Contexts as kmalloc. NULL: no memory, or the product overflows. */
  header.plain(
    "kcalloc",
    ["u32", "size", "u32"],
    "arg0",
    (count: number, size: number, gfp: number) => slab.array(count, size, gfp | gfpFlags.__GFP_ZERO, "kcalloc"),
    mayBeNull,
  );
  /** Allocates an array of undefined content. Contexts and result as kcalloc. */
  header.plain(
    "kmalloc_array",
    ["u32", "size", "u32"],
    "arg0",
    (count: number, size: number, gfp: number) => slab.array(count, size, gfp, "kmalloc_array"),
    mayBeNull,
  );
  /** Makes memory larger or smaller, moving it. Contexts as kmalloc. NULL: no memory, and the old is untouched. */
  header.plain(
    "krealloc",
    ["ptr", "size", "u32"],
    "ptr",
    (object: number, size: number, gfp: number) => slab.krealloc(object, size, gfp),
    mayBeNull,
  );
  /** Gives memory back; NULL is ignored. Any context. */
  header.plain("kfree", ["ptr"], "void", (object: number) => slab.kfree(object));
  /** The bytes that were asked for. Any context. */
  header.plain("ksize", ["ptr"], "size", (object: number) => slab.ksize(object));
  return header;
}
