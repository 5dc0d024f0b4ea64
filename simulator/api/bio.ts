// linux/bio and linux/bvec: pieces of I/O, and the pages that they are about.
import { PAGE_SIZE } from "../kernel/addresses.ts";
import {
  BIO_MAX_VECS,
  bio as bio_layout,
  bio_vec,
  block_device,
  bvec_iter,
  REQ_FLAGS,
  REQ_OP_MASK,
  REQ_OPS,
  SECTOR_SHIFT,
} from "../kernel/block-layouts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function bio(kernel: Kernel): Header {
  const { core, block, resources } = kernel;
  const { bios, submission } = block;
  const header = new Header(core);
  header.layout("bio", bio_layout);
  header.layout("bio_vec", bio_vec);
  header.layout("bvec_iter", bvec_iter);
  header.constants({ BIO_MAX_VECS, ...REQ_OPS, ...REQ_FLAGS });
  const opf = (it: number): number => {
    bios.bio.use(it);
    return bios.bio.get(it, "bi_opf");
  };

  /** A bio with room for so many segments. Contexts as kmalloc. NULL: no memory, where it must not wait. */
  header.steps(
    "bio_alloc",
    [block_device, "u16", "u32", "u32"],
    bio_layout,
    function* (bdev: number, vecs: number, op: number, gfp: number) {
      const made = yield* bios.alloc(bdev, vecs, op, gfp);
      if (made !== 0) resources.obtain(`bio ${made}`, "bio");
      return made;
    },
    { mayBeNull: true },
  );
  /** Takes a reference. Any context. */
  header.plain("bio_get", [bio_layout], "void", (it: number) => bios.hold(it));
  /** Gives one up; the last one frees it. Any context. */
  header.plain("bio_put", [bio_layout], "void", (it: number) => {
    if (bios.put(it)) resources.giveBack(`bio ${it}`);
  });
  /** Adds a part of a page. Any context. The bytes added, 0 when there is no room. */
  header.plain(
    "bio_add_page",
    [bio_layout, "ptr", "u32", "u32"],
    "int",
    (it: number, map: number, len: number, at: number) => bios.addPage(it, map, len, at),
  );
  /** Sends a bio to its device; its bi_end_io is called when it is done. Task context, may sleep. */
  header.steps("submit_bio", [bio_layout], "void", (it: number) => submission.submit([it]));
  /** The same, and waits. Task context, may sleep. 0, or a negative errno; the bio stays the caller's. */
  header.steps("submit_bio_wait", [bio_layout], "int", (it: number) => submission.submitAndWait(it));
  /** Says that a bio is done. Any context. */
  header.steps("bio_endio", [bio_layout], "void", (it: number) => bios.end(it));
  /** The same for one that failed. Any context. */
  header.steps("bio_io_error", [bio_layout], "void", (it: number) => bios.fail(it));
  /** READ or WRITE, and what is to be done: REQ_OP_…. Any context. */
  header.plain("bio_data_dir", [bio_layout], "int", (it: number) => opf(it) & 1);
  header.plain("bio_op", [bio_layout], "u32", (it: number) => opf(it) & REQ_OP_MASK);
  header.plain("op_is_write", ["u32"], "bool", (op: number) => (op & 1) !== 0);
  /** What is left of it, in sectors. Any context. */
  header.plain("bio_sectors", [bio_layout], "u32", (it: number) => bios.sizeOf(it) >>> SECTOR_SHIFT);
  return header;
}

export function bvec(kernel: Kernel): Header {
  const { core, pages } = kernel;
  const header = new Header(core);
  header.layout("bio_vec", bio_vec);
  const dataOf = (vec: number): number => {
    const map = core.memory.load(vec, 4, false);
    return pages.addressOf(map) + core.memory.load(vec + 8, 4, false);
  };
  const copy = (to: number, from: number, bytes: number): void => {
    core.memory.touch(from, bytes, false);
    core.memory.touch(to, bytes, true);
    core.memory.copy(to, from, bytes);
  };
  const lengthOf = (vec: number): number => core.memory.load(vec + 4, 4, false);
  /** The address of a segment, which must not sleep until it is unmapped with kunmap_local. Any context. */
  header.plain("bvec_kmap_local", [bio_vec], "ptr", dataOf);
  /** Copies a segment from or to memory. Any context. */
  header.plain("memcpy_from_bvec", ["ptr", bio_vec], "void", (to: number, vec: number) =>
    copy(to, dataOf(vec), Math.min(lengthOf(vec), PAGE_SIZE)),
  );
  header.plain("memcpy_to_bvec", [bio_vec, "ptr"], "void", (vec: number, from: number) =>
    copy(dataOf(vec), from, Math.min(lengthOf(vec), PAGE_SIZE)),
  );
  return header;
}
