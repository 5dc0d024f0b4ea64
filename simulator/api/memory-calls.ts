// driverlab/scenario: what processes do to memory, their own and that of mapped files; reading and writing in pieces.
import type { AccessBytes } from "../devices/device.ts";
import type { Steps } from "../engine/interfaces.ts";
import type { Segment } from "../kernel/iov-iter.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { MAP, PROT } from "../kernel/mm-layouts.ts";
import { SIGNALS } from "../kernel/signals.ts";
import { decode, encode } from "../kernel/text.ts";
import type { Header } from "./header.ts";

export function userMemory(header: Header, kernel: Kernel): void {
  const { user } = kernel;
  /** Cleared memory of the calling process. User space. Its address. */
  header.plain("user_buffer", ["size"], "user", (bytes: number) => user.allocate(bytes));
  /** The same, on a disk until it is touched. User space. Its address. */
  header.plain("swapped_buffer", ["size"], "user", (bytes: number) => user.allocate(bytes, true));
  /** Memory of the calling process with a text and its NUL. User space. Its address. */
  header.plain("user_string", ["string"], "user", (text: number) => user.text(kernel.textAt(text)));
  /** The text at an address, up to a NUL or so many bytes. User space; SIGSEGV or SIGBUS where there is none. */
  header.steps("user_text", ["user", "u32"], "string", (address: number, bytes: number) =>
    textAt(kernel, address, bytes),
  );
  /** Writes a text and its NUL at an address. User space; as user_text. */
  header.steps("set_user_text", ["user", "string"], "void", (address: number, text: number) =>
    setText(kernel, address, text),
  );
  /** The 32 bits at an address, unsigned. User space; SIGSEGV or SIGBUS where there is nothing. */
  header.steps("user_u32", ["user"], "u32", (address: number) => access(kernel, address, 4));
  /** Writes 32 bits at an address. User space; as user_u32. */
  header.steps("set_user_u32", ["user", "u32"], "void", (address: number, value: number) =>
    access(kernel, address, 4, BigInt(value)),
  );
}

export function mappedFiles(header: Header, kernel: Kernel): void {
  const { mappings, processes, files, credentials } = kernel;
  header.constants({ ...PROT, ...MAP, SIGSEGV: SIGNALS.SIGSEGV, SIGBUS: SIGNALS.SIGBUS });
  /** Maps a file. User space. Its address, or an error pointer. */
  header.steps(
    "mmap",
    ["int", "u32", "u32", "u32", "u32"],
    "user",
    (fd: number, length: number, prot: number, flags: number, offset: number) =>
      processes.syscall("mmap2", mappings.map(fd, length, prot, flags, offset)),
    { mayBeErrPtr: true },
  );
  /** Unmaps what is mapped there. User space. 0, or -EINVAL. */
  header.steps("munmap", ["user", "u32"], "int", (address: number, length: number) =>
    processes.syscall("munmap", mappings.unmap(address, length)),
  );
  const two = (base: number, bytes: number, more: number, rest: number): readonly Segment[] =>
    more === 0 && rest === 0
      ? [[base, bytes]]
      : [
          [base, bytes],
          [more, rest],
        ];
  /** Reads into two buffers, one after the other. User space. Bytes read. */
  header.steps(
    "readv",
    ["int", "user", "u32", "user", "u32"],
    "int",
    (fd: number, base: number, bytes: number, more: number, rest: number) =>
      processes.syscall("readv", files.readv(fd, two(base, bytes, more, rest))),
  );
  /** Writes from two buffers, one after the other. User space. Bytes written. */
  header.steps(
    "writev",
    ["int", "user", "u32", "user", "u32"],
    "int",
    (fd: number, base: number, bytes: number, more: number, rest: number) =>
      processes.syscall("writev", files.writev(fd, two(base, bytes, more, rest))),
  );
  /** Makes the calling process somebody else, without the capabilities of root. User space. 0. */
  header.plain("setuid", ["u32"], "int", (uid: number) => {
    credentials.set({ uid, euid: uid });
    return 0;
  });
  /** The same for whom it acts only. User space. 0. */
  header.plain("seteuid", ["u32"], "int", (euid: number) => {
    credentials.set({ euid });
    return 0;
  });
  /** The group of the calling process. User space. 0. */
  header.plain("setgid", ["u32"], "int", (gid: number) => {
    credentials.set({ gid, egid: gid });
    return 0;
  });
}

function* textAt(kernel: Kernel, address: number, bytes: number): Steps<number> {
  const taken: number[] = [];
  while (taken.length < bytes) {
    const byte = Number(yield* access(kernel, address + taken.length, 1));
    if (byte === 0) break;
    taken.push(byte);
  }
  return kernel.statics.literal(decode(taken));
}

function* setText(kernel: Kernel, address: number, text: number): Steps<void> {
  const bytes = [...encode(kernel.textAt(text)), 0];
  for (const [at, byte] of bytes.entries()) yield* access(kernel, address + at, 1, BigInt(byte));
}

/** An access by the process itself: it waits for the page, and where there is none a signal ends it. */
function* access(kernel: Kernel, address: number, bytes: AccessBytes, value?: bigint): Steps<bigint> {
  const { mappings, user, processes } = kernel;
  if (mappings.owns(address)) {
    const signal = yield* mappings.reach(address, value !== undefined);
    if (signal !== 0) yield* processes.kill(signal);
    if (mappings.kernelAddress(address) === 0) {
      const answer = yield* mappings.bus(address, bytes, value);
      if (answer === undefined) yield* processes.kill(SIGNALS.SIGBUS);
      return answer ?? 0n;
    }
  } else {
    if (!user.isOwn(address, bytes)) yield* processes.kill(SIGNALS.SIGSEGV);
    user.touch(address, bytes);
  }
  if (value !== undefined) {
    user.put(
      address,
      Uint8Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn)),
    );
    return value;
  }
  return user.take(address, bytes).reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n);
}
