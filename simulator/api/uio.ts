// linux/uio: what read_iter and write_iter copy to and from.
import { ITER_IOVEC, ITER_KVEC, ITER_UBUF, iov_iter, iovec, kiocb, kvec, READ, WRITE } from "../kernel/iov-iter.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { offsetOf } from "../kernel/layouts.ts";
import { page } from "../kernel/pages.ts";
import { Header } from "./header.ts";

export function uio({ core, iters, pages }: Kernel): Header {
  const header = new Header(core);
  for (const layout of [iovec, kvec, iov_iter]) header.layout(layout.name, layout);
  header.constants({ ITER_DEST: READ, ITER_SOURCE: WRITE });
  /** Copies from the kernel to where the iterator stands, and moves it on. Task context, may sleep where it is user memory. Bytes copied. */
  header.steps("copy_to_iter", ["ptr", "u32", iov_iter], "u32", (from: number, bytes: number, iter: number) =>
    iters.copyTo(iter, from, bytes),
  );
  /** Copies to the kernel from where the iterator stands, and moves it on. Contexts as copy_to_iter. Bytes copied. */
  header.steps("copy_from_iter", ["ptr", "u32", iov_iter], "u32", (to: number, bytes: number, iter: number) =>
    iters.copyFrom(iter, to, bytes),
  );
  /** The same, all or nothing: what was copied in part is taken back. Contexts as copy_to_iter. Whether all was copied. */
  header.steps(
    "copy_from_iter_full",
    ["ptr", "u32", iov_iter],
    "bool",
    function* (to: number, bytes: number, iter: number) {
      const copied = yield* iters.copyFrom(iter, to, bytes);
      if (copied < bytes) iters.revert(iter, copied);
      return copied === bytes;
    },
  );
  /** copy_to_iter from a page. Contexts as copy_to_iter. Bytes copied. */
  header.steps(
    "copy_page_to_iter",
    [page, "u32", "u32", iov_iter],
    "u32",
    (map: number, offset: number, bytes: number, iter: number) =>
      iters.copyTo(iter, pages.addressOf(map) + offset, bytes),
  );
  /** copy_from_iter to a page. Contexts as copy_to_iter. Bytes copied. */
  header.steps(
    "copy_page_from_iter",
    [page, "u32", "u32", iov_iter],
    "u32",
    (map: number, offset: number, bytes: number, iter: number) =>
      iters.copyFrom(iter, pages.addressOf(map) + offset, bytes),
  );
  /** Clears where the iterator stands, and moves it on. Contexts as copy_to_iter. Bytes cleared. */
  header.steps("iov_iter_zero", ["u32", iov_iter], "u32", (bytes: number, iter: number) => iters.zero(iter, bytes));
  /** Bytes that are left. Any context. */
  header.plain("iov_iter_count", [iov_iter], "u32", (iter: number) => iters.count(iter));
  /** READ when the iterator is filled, WRITE when it is read from. Any context. */
  header.plain("iov_iter_rw", [iov_iter], "u32", (iter: number) => iters.direction(iter));
  /** Moves on without copying. Any context. */
  header.plain("iov_iter_advance", [iov_iter, "u32"], "void", (iter: number, bytes: number) =>
    iters.advance(iter, bytes),
  );
  /** Moves back by bytes that were copied. Any context. */
  header.plain("iov_iter_revert", [iov_iter, "u32"], "void", (iter: number, bytes: number) =>
    iters.revert(iter, bytes),
  );
  /** Leaves at most so many bytes. Any context. */
  header.plain("iov_iter_truncate", [iov_iter, "u32"], "void", (iter: number, bytes: number) =>
    iters.truncate(iter, bytes),
  );
  /** An iterator over one buffer of user space. Any context. */
  header.plain(
    "iov_iter_ubuf",
    [iov_iter, "u32", "user", "u32"],
    "void",
    (iter: number, direction: number, base: number, bytes: number) =>
      iters.init(iter, ITER_UBUF, direction, base, 1, bytes),
  );
  /** An iterator over several buffers of user space. Any context. */
  header.plain(
    "iov_iter_init",
    [iov_iter, "u32", iovec, "u32", "u32"],
    "void",
    (iter: number, direction: number, base: number, segments: number, bytes: number) =>
      iters.init(iter, ITER_IOVEC, direction, base, segments, bytes),
  );
  /** An iterator over several buffers of the kernel. Any context. */
  header.plain(
    "iov_iter_kvec",
    [iov_iter, "u32", kvec, "u32", "u32"],
    "void",
    (iter: number, direction: number, base: number, segments: number, bytes: number) =>
      iters.init(iter, ITER_KVEC, direction, base, segments, bytes),
  );
  return header;
}

/** What linux/fs has of it. */
export function asynchronousIo(header: Header, { core }: Kernel): void {
  header.layout("kiocb", kiocb);
  header.constants({ READ, WRITE, IOCB_NOWAIT: 0x8, IOCB_APPEND: 0x10, IOCB_DIRECT: 0x20000 });
  /** Whether the caller waits for the end of the operation: nobody is told of it. Any context. */
  header.plain(
    "is_sync_kiocb",
    [kiocb],
    "bool",
    (io: number) => core.memory.load(io + offsetOf(kiocb, "ki_complete"), 4, false) === 0,
  );
}
