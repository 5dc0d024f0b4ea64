// linux/poll, fasync and the llseek family: a pipe of bytes in a character device.
import { EAGAIN, EFAULT, EINVAL, ENOTTY, ERESTARTSYS } from "linux/errno";
import {
  FASYNC,
  fasync_helper,
  fasync_struct,
  type file,
  file_operations,
  fixed_size_llseek,
  format_dev_t,
  generic_file_llseek,
  type inode,
  kill_fasync,
  MKDEV,
  no_seek_end_llseek,
  nonseekable_open,
  O_NONBLOCK,
  POLL_IN,
  print_dev_t,
  simple_open,
  stream_open,
} from "linux/fs";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_LICENSE, module_exit, module_init, THIS_MODULE } from "linux/module";
import {
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDNORM,
  EPOLLWRNORM,
  poll_does_not_wait,
  poll_requested_events,
  type poll_table,
  poll_wait,
} from "linux/poll";
import { pr_info } from "linux/printk";
import { SIGIO } from "linux/sched/signal";
import { strcmp } from "linux/string";
import {
  addr,
  array,
  type int,
  type loff_t,
  type long,
  on_stack,
  ptr,
  type Ref,
  type ssize_t,
  struct,
  type UserPtr,
  u8,
  u32,
  type uint,
  type ulong,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";
import { init_waitqueue_head, wait_event_interruptible, wait_queue_head_t, wake_up_interruptible } from "linux/wait";

const state = struct("state", {
  readers: wait_queue_head_t,
  writers: wait_queue_head_t,
  fill: u32,
  looks: u32,
  waits: u32,
  bytes: array(u8, 4),
  async_queue: ptr(fasync_struct),
});
const the = state({});

function files_open(inode: Ref<inode>, file: Ref<file>): int {
  return nonseekable_open(inode, file);
}

function files_read(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  if (the.fill === 0 && file.f_flags & O_NONBLOCK) return -EAGAIN;
  if (wait_event_interruptible(the.readers, () => the.fill > 0)) return -ERESTARTSYS;
  const bytes = Math.min(count, the.fill);
  if (copy_to_user(buf, the.bytes, bytes)) return -EFAULT;
  the.fill = 0;
  wake_up_interruptible(the.writers);
  return bytes;
}

function files_write(file: Ref<file>, buf: UserPtr, count: number, ppos: Ref<typeof loff_t>): ssize_t {
  if (count > 4) return -EINVAL;
  if (copy_from_user(the.bytes, buf, count)) return -EFAULT;
  the.fill = count;
  wake_up_interruptible(the.readers);
  if (the.async_queue) kill_fasync(addr(the, "async_queue"), SIGIO, POLL_IN);
  return count;
}

function files_poll(file: Ref<file>, wait: Ref<poll_table>): u32 {
  the.looks += 1;
  if (!poll_does_not_wait(wait)) the.waits += 1;
  poll_wait(file, the.readers, wait);
  poll_wait(file, the.writers, wait);
  if ((poll_requested_events(wait) & EPOLLIN) === 0) return EPOLLOUT | EPOLLWRNORM;
  return the.fill > 0 ? EPOLLIN | EPOLLRDNORM : EPOLLOUT | EPOLLWRNORM;
}

function files_fasync(fd: int, file: Ref<file>, on: int): int {
  return fasync_helper(fd, file, on, addr(the, "async_queue"));
}

function files_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  const text = on_stack(array(u8, 16));
  switch (cmd) {
    case 1:
      return the.looks;
    case 2:
      return the.waits;
    case 3:
      return file.f_flags & FASYNC ? 1 : 0;
    case 4:
      if (print_dev_t(text, MKDEV(234, 5)) !== 6 || strcmp(text, "234:5\n") !== 0) return -EINVAL;
      format_dev_t(text, MKDEV(1, 2));
      return strcmp(text, "1:2");
    default:
      return -ENOTTY;
  }
}

function files_release(inode: Ref<inode>, file: Ref<file>): int {
  pr_info("files: released, %s\n", the.async_queue ? "somebody is told" : "nobody is told");
  return 0;
}

const files_fops = file_operations({
  owner: THIS_MODULE,
  open: files_open,
  read: files_read,
  write: files_write,
  poll: files_poll,
  fasync: files_fasync,
  unlocked_ioctl: files_ioctl,
  release: files_release,
  llseek: no_seek_end_llseek,
});

/** Which llseek it has says the first byte that was written. */
let kind = 0;
function seek_llseek(file: Ref<file>, offset: number, whence: int): loff_t {
  if (kind === 1) return fixed_size_llseek(file, offset, whence, 100);
  if (kind === 2) return no_seek_end_llseek(file, offset, whence);
  return generic_file_llseek(file, offset, whence);
}

function seek_ioctl(file: Ref<file>, cmd: uint, arg: ulong): long {
  kind = cmd;
  return 0;
}

const seek_fops = file_operations({
  owner: THIS_MODULE,
  open: simple_open,
  llseek: seek_llseek,
  unlocked_ioctl: seek_ioctl,
});
const stream_fops = file_operations({ owner: THIS_MODULE, open: stream_open, llseek: no_seek_end_llseek });

const files_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "files", fops: files_fops });
const seek_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "seek", fops: seek_fops });
const stream_misc = miscdevice({ minor: MISC_DYNAMIC_MINOR, name: "stream", fops: stream_fops });

function files_init(): int {
  init_waitqueue_head(the.readers);
  init_waitqueue_head(the.writers);
  misc_register(seek_misc);
  misc_register(stream_misc);
  return misc_register(files_misc);
}

function files_exit(): void {
  misc_deregister(files_misc);
  misc_deregister(stream_misc);
  misc_deregister(seek_misc);
}

module_init(files_init);
module_exit(files_exit);
MODULE_LICENSE("GPL");
