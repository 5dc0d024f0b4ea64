// linux/ioctl: how commands are numbered, include/uapi/asm-generic/ioctl.h.
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function ioctl({ core }: Kernel): Header {
  const header = new Header(core);
  const command =
    (direction: number) =>
    (type: number, nr: number, size = 0): number =>
      ((direction << 30) | ((size & 0x3fff) << 16) | ((type & 0xff) << 8) | (nr & 0xff)) >>> 0;
  /** _IO … _IOWR number a command by its direction, as user space sees it. Any context. */
  header.plain("_IO", ["u32", "u32"], "u32", command(0));
  header.plain("_IOW", ["u32", "u32", "size"], "u32", command(1));
  header.plain("_IOR", ["u32", "u32", "size"], "u32", command(2));
  header.plain("_IOWR", ["u32", "u32", "size"], "u32", command(3));
  /** A command from its parts. Any context. */
  header.plain("_IOC", ["u32", "u32", "u32", "u32"], "u32", (dir: number, type: number, nr: number, size: number) =>
    command(dir)(type, nr, size),
  );
  header.constants({ _IOC_NONE: 0, _IOC_WRITE: 1, _IOC_READ: 2 });
  /** The parts of a command. Any context. */
  header.plain("_IOC_DIR", ["u32"], "u32", (cmd: number) => cmd >>> 30);
  header.plain("_IOC_TYPE", ["u32"], "u32", (cmd: number) => (cmd >>> 8) & 0xff);
  header.plain("_IOC_NR", ["u32"], "u32", (cmd: number) => cmd & 0xff);
  header.plain("_IOC_SIZE", ["u32"], "u32", (cmd: number) => (cmd >>> 16) & 0x3fff);
  return header;
}
