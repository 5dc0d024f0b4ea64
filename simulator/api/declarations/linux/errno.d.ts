// Error numbers: functions return them negated.

/** Cannot assign requested address. */
export const EADDRNOTAVAIL: 99;
/** Connection refused. */
export const ECONNREFUSED: 111;
/** Network is down. */
export const ENETDOWN: 100;
/** Network is unreachable. */
export const ENETUNREACH: 101;
/** Operation not permitted. Source of all: include/uapi/asm-generic/errno-base.h, errno.h */
export const EPERM: 1;
/** No such file or directory. */
export const ENOENT: 2;
/** Interrupted system call. */
export const EINTR: 4;
/** I/O error. */
export const EIO: 5;
/** No such device or address. */
export const ENXIO: 6;
/** Argument list too long; also: a string was cut. */
export const E2BIG: 7;
/** Bad file number. */
export const EBADF: 9;
/** Try again; also EWOULDBLOCK. */
export const EAGAIN: 11;
/** Out of memory. */
export const ENOMEM: 12;
/** Permission denied. */
export const EACCES: 13;
/** Bad address: a user pointer that leads nowhere. */
export const EFAULT: 14;
/** Device or resource busy. */
export const EBUSY: 16;
/** File exists. */
export const EEXIST: 17;
/** No such device. */
export const ENODEV: 19;
/** Invalid argument. */
export const EINVAL: 22;
/** Not a typewriter: the device has no such ioctl. */
export const ENOTTY: 25;
/** File too large. */
export const EFBIG: 27;
/** No space left on device. */
export const ENOSPC: 28;
/** Illegal seek. */
export const ESPIPE: 29;
/** Broken pipe. */
export const EPIPE: 32;
/** Math result not representable. */
export const ERANGE: 34;
/** Resource deadlock would occur. */
export const EDEADLK: 35;
/** Invalid system call number. */
export const ENOSYS: 38;
/** Would block; the same number as EAGAIN. */
export const EWOULDBLOCK: 11;
/** No data available. */
export const ENODATA: 61;
/** Value too large for defined data type. */
export const EOVERFLOW: 75;
/** Operation not supported. */
export const EOPNOTSUPP: 95;
/** Connection timed out. */
export const ESHUTDOWN: 108;
export const ETIMEDOUT: 110;
/** A signal came: the system call is to be restarted. Never reaches user space. Source: include/linux/errno.h */
export const ERESTARTSYS: 512;
/** Driver requests probe retry. Source: include/linux/errno.h */
export const EPROBE_DEFER: 517;
/** Operation is not supported; never reaches user space. Source: include/linux/errno.h */
export const ENOTSUPP: 524;
/** Operation already in progress. */
export const EALREADY: 114;
/** Not a data message. */
export const EBADMSG: 74;
/** Operation cancelled. */
export const ECANCELED: 125;
/** No child processes. */
export const ECHILD: 10;
/** Argument out of the domain of the function. */
export const EDOM: 33;
/** Illegal byte sequence. */
export const EILSEQ: 84;
/** Operation now in progress. */
export const EINPROGRESS: 115;
export const EREMOTEIO: 121;
/** Is a directory. */
export const EISDIR: 21;
/** Too many open files. */
export const EMFILE: 24;
/** Too many links. */
export const EMLINK: 31;
/** Message too long. */
export const EMSGSIZE: 90;
/** File name too long. */
export const ENAMETOOLONG: 36;
/** File table overflow. */
export const ENFILE: 23;
/** No buffer space available. */
export const ENOBUFS: 105;
/** Exec format error. */
export const ENOEXEC: 8;
/** No ioctl command; never shown to user space, which gets -ENOTTY. */
export const ENOIOCTLCMD: 515;
/** Block device required. */
export const ENOTBLK: 15;
/** Not a directory. */
export const ENOTDIR: 20;
/** Directory not empty. */
export const ENOTEMPTY: 39;
/** Protocol error. */
export const EPROTO: 71;
/** Read-only file system. */
export const EROFS: 30;
/** No such process. */
export const ESRCH: 3;
/** Timer expired. */
export const ETIME: 62;
/** Text file busy. */
export const ETXTBSY: 26;
/** Link across devices. */
export const EXDEV: 18;
