// linux/stat: what kind of file a mode says, and who may do what with it.
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

const S_IFMT = 0o170000;
const KINDS = {
  S_IFSOCK: 0o140000,
  S_IFLNK: 0o120000,
  S_IFREG: 0o100000,
  S_IFBLK: 0o060000,
  S_IFDIR: 0o040000,
  S_IFCHR: 0o020000,
  S_IFIFO: 0o010000,
};
const PERMISSIONS = {
  ...{ S_ISUID: 0o4000, S_ISGID: 0o2000, S_ISVTX: 0o1000 },
  ...{ S_IRWXU: 0o700, S_IRUSR: 0o400, S_IWUSR: 0o200, S_IXUSR: 0o100 },
  ...{ S_IRWXG: 0o070, S_IRGRP: 0o040, S_IWGRP: 0o020, S_IXGRP: 0o010 },
  ...{ S_IRWXO: 0o007, S_IROTH: 0o004, S_IWOTH: 0o002, S_IXOTH: 0o001 },
  ...{ S_IRWXUGO: 0o777, S_IALLUGO: 0o7777, S_IRUGO: 0o444, S_IWUGO: 0o222, S_IXUGO: 0o111 },
};

export function stat({ core }: Kernel): Header {
  const header = new Header(core);
  header.constants({ S_IFMT, ...KINDS, ...PERMISSIONS });
  for (const [kind, value] of Object.entries(KINDS)) {
    /** S_ISREG, S_ISDIR and their kin: whether a mode is that of such a file. Any context. */
    header.plain(
      kind === "S_IFIFO" ? "S_ISFIFO" : kind.replace("S_IF", "S_IS"),
      ["u32"],
      "bool",
      (mode: number) => (mode & S_IFMT) === value,
    );
  }
  return header;
}
