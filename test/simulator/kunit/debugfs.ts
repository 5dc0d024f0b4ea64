// linux/debugfs: variables of every width, a blob, and a file of the driver's own.
import {
  debugfs_blob_wrapper,
  debugfs_create_blob,
  debugfs_create_bool,
  debugfs_create_dir,
  debugfs_create_file,
  debugfs_create_u8,
  debugfs_create_u16,
  debugfs_create_u32,
  debugfs_create_u64,
  debugfs_create_x8,
  debugfs_create_x16,
  debugfs_create_x32,
  debugfs_create_x64,
  debugfs_lookup,
  debugfs_remove,
  debugfs_remove_recursive,
  type dentry,
} from "linux/debugfs";
import { EINVAL } from "linux/errno";
import { type file, file_operations, simple_open, simple_read_from_buffer } from "linux/fs";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import {
  addr,
  array,
  bool,
  cast,
  type int,
  type loff_t,
  type Ref,
  type ssize_t,
  struct,
  type UserPtr,
  u8,
  u16,
  u32,
  u64,
} from "linux/types";

const counters = struct("counters", { long: u64, word: u32, half: u16, byte: u8, on: bool, text: array(u8, 4) });
const the = counters({ long: 0x123456789n, word: 70000, half: 600, byte: 200, on: true });
const blob = debugfs_blob_wrapper({ data: the.text, size: 3 });
let dir: Ref<dentry> | null = null;

function own_read(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  const it = cast(counters, file.private_data);
  return simple_read_from_buffer(buf, count, ppos, it.text, 2);
}

const own_fops = file_operations({ owner: THIS_MODULE, open: simple_open, read: own_read });

function debugfs_init(): int {
  for (let i = 0; i < 3; i++) the.text[i] = 0x61 + i;
  dir = debugfs_create_dir("kunit", null);
  debugfs_create_u8("u8", 0o644, dir, addr(the, "byte"));
  debugfs_create_u16("u16", 0o644, dir, addr(the, "half"));
  debugfs_create_u32("u32", 0o644, dir, addr(the, "word"));
  debugfs_create_u64("u64", 0o644, dir, addr(the, "long"));
  debugfs_create_x8("x8", 0o644, dir, addr(the, "byte"));
  debugfs_create_x16("x16", 0o644, dir, addr(the, "half"));
  debugfs_create_x32("x32", 0o644, dir, addr(the, "word"));
  debugfs_create_x64("x64", 0o644, dir, addr(the, "long"));
  debugfs_create_bool("bool", 0o644, dir, addr(the, "on"));
  debugfs_create_blob("blob", 0o444, dir, blob);
  debugfs_create_file("own", 0o444, dir, the, own_fops);
  const gone = debugfs_create_dir("gone", dir);
  debugfs_create_u8("below", 0o644, gone, addr(the, "byte"));
  // There is one already, and what is made below an error is missing.
  debugfs_create_u8("missing", 0o644, debugfs_create_dir("gone", dir), addr(the, "byte"));
  debugfs_remove(debugfs_lookup("gone", dir));
  return debugfs_lookup("gone", dir) === null && debugfs_lookup("u8", dir) !== null ? 0 : -EINVAL;
}

function debugfs_exit(): void {
  debugfs_remove_recursive(dir);
}

module_init(debugfs_init);
module_exit(debugfs_exit);
MODULE_LICENSE("GPL");
