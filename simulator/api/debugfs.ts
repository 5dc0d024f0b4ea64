// linux/debugfs: files for whoever debugs a driver.
import { debugfs_blob_wrapper, dentry, type Shown } from "../kernel/debugfs.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { file_operations } from "../kernel/layouts.ts";
import { Header } from "./header.ts";

const S_IRUGO = 0o444;

export function debugfs(kernel: Kernel): Header {
  const { core, debugfs: fs } = kernel;
  const header = new Header(core);
  header.layout("dentry", dentry);
  header.layout("debugfs_blob_wrapper", debugfs_blob_wrapper);
  const text = (address: number): string => kernel.textAt(address);

  /** Makes a directory, or a file. Task context, may sleep. Its dentry, or an error, which needs no test. */
  header.plain("debugfs_create_dir", ["string", dentry], dentry, (name: number, parent: number) =>
    fs.create(text(name), parent, 0, 0),
  );
  header.plain(
    "debugfs_create_file",
    ["string", "u16", dentry, "ptr", file_operations],
    dentry,
    (name: number, mode: number, parent: number, data: number, fops: number) =>
      fs.create(text(name), parent, mode || S_IRUGO, data, fops),
  );
  /** Makes a file of a variable. Task context, may sleep. */
  const variable = (name: string, shown: Shown): void => {
    header.plain(
      name,
      ["string", "u16", dentry, "ptr"],
      "void",
      (file: number, mode: number, parent: number, data: number) => {
        fs.create(text(file), parent, mode, data, undefined, shown);
      },
    );
  };
  for (const bytes of [1, 2, 4, 8] as const) {
    variable(`debugfs_create_u${8 * bytes}`, { kind: "number", bytes, hex: false });
    variable(`debugfs_create_x${8 * bytes}`, { kind: "number", bytes, hex: true });
  }
  variable("debugfs_create_bool", { kind: "bool" });
  /** Makes a file of bytes that a driver keeps. Task context, may sleep. Its dentry, or an error. */
  header.plain(
    "debugfs_create_blob",
    ["string", "u16", dentry, debugfs_blob_wrapper],
    dentry,
    (name: number, mode: number, parent: number, blob: number) =>
      fs.create(text(name), parent, mode & S_IRUGO, blob, undefined, { kind: "blob" }),
  );
  /** Removes a file, or a directory and all below it, when calls of operations are over. Task context, may sleep. */
  header.steps("debugfs_remove", [dentry], "void", (it: number) => fs.remove(it));
  header.steps("debugfs_remove_recursive", [dentry], "void", (it: number) => fs.remove(it));
  /** Finds an entry. Task context, may sleep. NULL: there is none. */
  header.plain(
    "debugfs_lookup",
    ["string", dentry],
    dentry,
    (name: number, parent: number) => fs.find(text(name), parent),
    { mayBeNull: true },
  );
  return header;
}
