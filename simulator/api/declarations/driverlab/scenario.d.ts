// What the world around a driver does: modules, processes with their system calls, and time.
import type { ErrPtr, UserPtr } from "../linux/types.d.ts";

/**
 * Loads the driver, as insmod does, with parameters as on its command line: `howmany=3 whom="all of you"`. Blocks until
 * its init has returned. Result: 0, or what init returned.
 */
export function insmod(parameters?: string): number;

/** Unloads the driver, as rmmod does. Result: 0, -EWOULDBLOCK while a file of it is open, -ENOENT when it is not loaded. */
export function rmmod(): number;

/** What the driver says of itself, as `modinfo -F FIELD`: author, description, license, parm, alias… Result: its lines, empty before it was loaded once. */
export function modinfo(field: string): string;

/** Starts a process that runs beside the caller and the others. Result: its pid. */
export function process(comm: string, body: () => void): number;

/** Waits until a process has ended. Result: 0, the signal that ended it, or -EFAULT when an oops did. */
export function waitpid(pid: number): number;

/** Does something at a time, in milliseconds since the scenario began, in a process of its own. */
export function at(ms: number, body: () => void): void;

/** Sleeps in virtual time. */
export function sleep(ms: number): void;

/** Writes a line to the log, with the conversions of printk. */
export function log(format: string, ...args: (number | bigint | boolean | string)[]): void;

/** Opens a file. Result: a file descriptor, or a negative errno, as all system calls give. */
export function open(path: string, flags: number): number;
/** Reads at most `count` bytes. Result: bytes read, 0 at the end. */
export function read(fd: number, buf: UserPtr, count: number): number;
/** Writes at most `count` bytes. Result: bytes written. */
export function write(fd: number, buf: UserPtr, count: number): number;
/** Does what the driver says the command does; the argument is a number or a pointer. */
export function ioctl(fd: number, cmd: number, arg?: number | UserPtr): number;
/** Moves the position. Result: the new one. */
export function lseek(fd: number, offset: number, whence: number): number;
/** Reads at a position; that of the file stays. Result: bytes read, 0 at the end. */
export function pread(fd: number, buf: UserPtr, count: number, offset: number): number;
/** Writes at a position; that of the file stays. Result: bytes written. */
export function pwrite(fd: number, buf: UserPtr, count: number, offset: number): number;
/** Waits until what was written has arrived at the device. Result: 0 or a negative errno. */
export function fsync(fd: number): number;
/**
 * Reads from an event node, /dev/input/event0, and names what came: `KEY_ENTER 1, SYN_REPORT 0`. It waits as read does.
 * Result: at most 64 events; for an error its name, such as `-EAGAIN`.
 */
export function read_events(fd: number): string;
/** Closes a file. A process that ends closes all of its files. */
export function close(fd: number): number;

/** Cleared memory of the calling process. */
export function user_buffer(bytes: number): UserPtr;
/** Memory of the calling process with a text and its NUL. */
export function user_string(text: string): UserPtr;
/** The text at an address, up to a NUL or so many bytes. */
export function user_text(p: UserPtr, bytes: number): string;
/** The 32 bits at an address, unsigned. */
export function user_u32(p: UserPtr): number;
/** Writes 32 bits at an address. */
export function set_user_u32(p: UserPtr, value: number): void;
/** Writes a text and its NUL at an address. */
export function set_user_text(p: UserPtr, text: string): void;

/**
 * Maps `length` bytes of a file from `offset` on; `prot` is PROT_READ and PROT_WRITE, `flags` MAP_SHARED or MAP_PRIVATE. The
 * first touch of each page faults, and the process waits for it; outside of what is mapped SIGSEGV ends it, where the driver
 * has no page SIGBUS. Who writes to a page of a MAP_PRIVATE mapping gets a copy of it. Result: the address, or an error
 * pointer.
 */
export function mmap(fd: number, length: number, prot: number, flags: number, offset: number): UserPtr | ErrPtr;
/** Unmaps what is mapped there, or a part of it. Result: 0, or -EINVAL. */
export function munmap(p: UserPtr, length: number): number;
export const PROT_NONE: number;
export const PROT_READ: number;
export const PROT_WRITE: number;
export const PROT_EXEC: number;
export const MAP_SHARED: number;
export const MAP_PRIVATE: number;
/** What waitpid says of a process that touched what it has not. */
export const SIGSEGV: number;
/** What waitpid says of a process that touched a page which the driver does not have. */
export const SIGBUS: number;
/** Reads into two buffers, one after the other. Result: bytes read. */
export function readv(fd: number, buf: UserPtr, count: number, more: UserPtr, rest: number): number;
/** Writes from two buffers, one after the other. Result: bytes written. */
export function writev(fd: number, buf: UserPtr, count: number, more: UserPtr, rest: number): number;
/** Makes the calling process somebody else's, who is not root unless `uid` is 0. */
export function setuid(uid: number): number;
/** Makes the calling process act for somebody else. */
export function seteuid(euid: number): number;
/** Makes the calling process one of another group. */
export function setgid(gid: number): number;

export const O_RDONLY: number;
export const O_WRONLY: number;
export const O_RDWR: number;
export const O_TRUNC: number;
export const O_NONBLOCK: number;
export const O_EXCL: number;
/** Each write waits until it has arrived. */
export const O_SYNC: number;
export const O_DSYNC: number;
/** Disks: past what the kernel caches, in whole blocks. */
export const O_DIRECT: number;
/** Commands that every disk knows, for ioctl. */
export const BLKROSET: number;
export const BLKROGET: number;
export const BLKGETSIZE: number;
export const BLKGETSIZE64: number;
export const BLKFLSBUF: number;
export const BLKSSZGET: number;
export const BLKPBSZGET: number;
export const HDIO_GETGEO: number;
export const SEEK_SET: number;
export const SEEK_CUR: number;
export const SEEK_END: number;

/**
 * Runs a test in a process of its own and waits until it has ended. The result goes to the log in KTAP, as kselftest
 * writes it; a test fails when an expectation does, when an oops ends it, or after 30 seconds.
 */
export function test(name: string, body: () => void): void;

type Compared = number | bigint | boolean;
/** Expects that both are equal; if not, it says so, and the test goes on. */
export function EXPECT_EQ(left: Compared, right: Compared): void;
/** Expects that both differ; if not, it says so, and the test goes on. */
export function EXPECT_NE(left: Compared, right: Compared): void;
/** Expects that the left is less; if not, it says so, and the test goes on. */
export function EXPECT_LT(left: Compared, right: Compared): void;
/** Expects that the left is not greater; if not, it says so, and the test goes on. */
export function EXPECT_LE(left: Compared, right: Compared): void;
/** Expects that the left is greater; if not, it says so, and the test goes on. */
export function EXPECT_GT(left: Compared, right: Compared): void;
/** Expects that the left is not less; if not, it says so, and the test goes on. */
export function EXPECT_GE(left: Compared, right: Compared): void;
/** Expects that the condition is true; if not, it says so, and the test goes on. */
export function EXPECT_TRUE(condition: Compared): void;
/** Expects that the condition is false; if not, it says so, and the test goes on. */
export function EXPECT_FALSE(condition: Compared): void;
/** Expects that the strings are equal; if not, it says so, and the test goes on. */
export function EXPECT_STREQ(left: string, right: string): void;
/** Expects that the strings differ; if not, it says so, and the test goes on. */
export function EXPECT_STRNEQ(left: string, right: string): void;
/** Expects that both are equal; if not, it says so, and the test ends. */
export function ASSERT_EQ(left: Compared, right: Compared): void;
/** Expects that both differ; if not, it says so, and the test ends. */
export function ASSERT_NE(left: Compared, right: Compared): void;
/** Expects that the left is less; if not, it says so, and the test ends. */
export function ASSERT_LT(left: Compared, right: Compared): void;
/** Expects that the left is not greater; if not, it says so, and the test ends. */
export function ASSERT_LE(left: Compared, right: Compared): void;
/** Expects that the left is greater; if not, it says so, and the test ends. */
export function ASSERT_GT(left: Compared, right: Compared): void;
/** Expects that the left is not less; if not, it says so, and the test ends. */
export function ASSERT_GE(left: Compared, right: Compared): void;
/** Expects that the condition is true; if not, it says so, and the test ends. */
export function ASSERT_TRUE(condition: Compared): void;
/** Expects that the condition is false; if not, it says so, and the test ends. */
export function ASSERT_FALSE(condition: Compared): void;
/** Expects that the strings are equal; if not, it says so, and the test ends. */
export function ASSERT_STREQ(left: string, right: string): void;
/** Expects that the strings differ; if not, it says so, and the test ends. */
export function ASSERT_STRNEQ(left: string, right: string): void;

/** Cleared memory of the calling process that lies on a disk until it is touched. */
export function swapped_buffer(bytes: number): UserPtr;

/**
 * The n-th allocation or copy of the calling process from now fails, as with /proc/self/fail-nth; 0 ends it.
 * Result: 0, or -EINVAL when there is no such kind.
 */
export function fail_nth(n: number, only?: "failslab" | "fail_page_alloc" | "fail_usercopy"): number;

/** Leaves the kernel so many KB of free memory, and so many more that it gets back by reclaim. */
export function squeeze_memory(free: number, reclaimable: number): void;

/** Sends a signal to a process: what it waits for interruptibly ends. Result: 0, or -ESRCH. */
export function kill(pid: number): number;

/** Binds a driver to a device, as `echo device > /sys/bus/…/drivers/driver/bind` does. Result: 0, -EBUSY when it has one, -ENODEV when they do not fit or probe failed. */
export function bind(driver: string, device: string): number;
/** Takes a driver away from a device, as writing to `unbind` does. Result: 0, or -ENODEV when it is not bound. */
export function unbind(driver: string, device: string): number;

/** Waits until a file can be read or written, at most so many milliseconds, -1 for ever. Result: the events that hold, 0 when the time is over. */
export function poll(fd: number, events: number, timeout: number): number;
export const POLLIN: number;
export const POLLPRI: number;
export const POLLOUT: number;
export const POLLERR: number;
export const POLLHUP: number;
/** The file is not open. */
export const POLLNVAL: number;
export const POLLRDNORM: number;
export const POLLWRNORM: number;
/** Asks to be told of a file by SIGIO, as with F_SETOWN and O_ASYNC. Result: 0, or a negative errno. */
export function set_async(fd: number, on: boolean): number;
/** How often the calling process was told by SIGIO. */
export function sigio_count(): number;

/** Puts the system to sleep, as writing `mem` to /sys/power/state does, up to where the machine sleeps. Result: 0, or what a driver's suspend function returned. */
export function suspend(): number;
/** Wakes the system up; the devices of the machine have lost what their registers held. Result: 0, or -EINVAL when it does not sleep. */
export function resume(): number;
/** Shuts the system down: the shutdown functions of drivers run, the youngest device first. Differs from Linux: the caller goes on. Result: 0. */
export function reboot(): number;

/** Listens, as `udevadm monitor` does, to what the kernel tells of devices from now on. Result: a number for the following. */
export function udev_monitor(): number;
/** Waits for the next message, at most so many milliseconds. Result: `add@/devices/virtual/misc/poke`, or an empty text. */
export function udev_receive(monitor: number, ms: number): string;
/** A variable of the message that was received last: ACTION, DEVPATH, SUBSYSTEM, DEVNAME, SEQNUM… Result: its value, or an empty text. */
export function udev_property(monitor: number, name: string): string;

/** Takes a network interface up, as `ip link set dev NAME up` does. Result: 0, -ENODEV, or what the driver said. */
export function ifup(name: string): number;
/** Takes a network interface down. Result: 0 or -ENODEV. */
export function ifdown(name: string): number;
/** Changes how many bytes a frame may carry. Result: 0, -EINVAL, or what the driver said. */
export function set_mtu(name: string, mtu: number): number;
/** Changes the address of an interface, to one such as `02:00:00:00:00:01`. Result: 0, -EOPNOTSUPP, or what the driver said. */
export function set_mac(name: string, address: string): number;
/** The flags of an interface, such as IFF_UP (linux/netdevice). Result: they, or -ENODEV. */
export function link_flags(name: string): number;
/** The address of an interface, such as `02:00:00:00:00:01`; NULL when there is none of this name. */
export function link_address(name: string): string | null;
/** Sends a frame with its Ethernet header, as a packet socket does. Result: its bytes, -ENETDOWN, -EMSGSIZE, -ENOBUFS. */
export function send_frame(name: string, frame: UserPtr, bytes: number): number;
/** Sends an IP packet, to everybody on the link, as a raw socket does. Result: its bytes, or -EPERM when a netfilter hook dropped it. */
export function send_ip(name: string, packet: UserPtr, bytes: number): number;
/**
 * Takes the next frame that an interface delivered, with its Ethernet header, and waits for it at most so many
 * milliseconds. Result: its bytes, or -EAGAIN.
 */
export function receive_frame(name: string, buf: UserPtr, size: number, ms: number): number;
/** A figure of an interface, such as `rx_packets`, as /sys/class/net/NAME/statistics has it. Result: it, -ENODEV, -ENOENT. */
export function net_stat(name: string, which: string): number;
/** Memory of the calling process with these bytes, written as hexadecimal numbers: `"ff ff 08 00"`. */
export function user_bytes(digits: string): UserPtr;
/** Bytes of the calling process, written as hexadecimal numbers: `ff ff 08 00`. */
export function user_hex(p: UserPtr, bytes: number): string;

/** Opens a generic netlink socket. Result: its port, by which it goes. */
export function genl_socket(): number;
/** Begins a request: a command of a family, in a version, 1 without it. Result: 0 or -EBADF. */
export function genl_request(socket: number, family: string, cmd: number, version?: number): number;
/** Adds an attribute with 8 bits to the request. Result: 0 or -EBADF. */
export function genl_add_u8(socket: number, type: number, value: number): number;
/** Adds an attribute with 16 bits to the request. Result: 0 or -EBADF. */
export function genl_add_u16(socket: number, type: number, value: number): number;
/** Adds an attribute with 32 bits to the request. Result: 0 or -EBADF. */
export function genl_add_u32(socket: number, type: number, value: number): number;
/** Adds an attribute with a text and its NUL to the request. Result: 0 or -EBADF. */
export function genl_add_string(socket: number, type: number, text: string): number;
/** Sends the request, and waits until it is acknowledged. Result: 0, -ENOENT without such a family, or what the command said. */
export function genl_send(socket: number): number;
/** Sends the request as one for all that there is (NLM_F_DUMP), and waits for the end. Result: 0, -EOPNOTSUPP where there are no dumps, or what the driver said. */
export function genl_dump(socket: number): number;
/** What the kernel or the driver said of the latest request in words (`netlink_ext_ack`), empty when they said nothing. */
export function genl_error(socket: number): string;
/** The type of the attribute that is wrong, 0 when none was named. */
export function genl_bad_attribute(socket: number): number;
/** Takes part in a multicast group of a family. Result: 0 or -ENOENT. */
export function genl_join(socket: number, family: string, group: string): number;
/** Takes the next message, and waits for it at most so many milliseconds. Result: its command, or -EAGAIN. */
export function genl_receive(socket: number, ms: number): number;
/** Whether the message that was received last has an attribute. */
export function genl_has(socket: number, type: number): boolean;
/** The number in an attribute of that message, 0 when it has none. */
export function genl_u32(socket: number, type: number): number;
/** The text in an attribute of that message, empty when it has none. */
export function genl_string(socket: number, type: number): string;
