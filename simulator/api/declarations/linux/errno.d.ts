// Error numbers: functions return them negated.

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
/** Function not implemented. */
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
export const ETIMEDOUT: 110;
/** A signal came: the system call is to be restarted. Never reaches user space. Source: include/linux/errno.h */
export const ERESTARTSYS: 512;
/** Driver requests probe retry. Source: include/linux/errno.h */
export const EPROBE_DEFER: 517;
/** Operation is not supported; never reaches user space. Source: include/linux/errno.h */
export const ENOTSUPP: 524;
