// Error numbers, include/uapi/asm-generic/errno-base.h and errno.h, and the kernel's own of include/linux/errno.h.

export const errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  ENOTBLK: 15,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EMLINK: 31,
  EPIPE: 32,
  EDOM: 33,
  ERANGE: 34,
  EDEADLK: 35,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ENODATA: 61,
  ETIME: 62,
  EPROTO: 71,
  EBADMSG: 74,
  EOVERFLOW: 75,
  EILSEQ: 84,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENOBUFS: 105,
  ESHUTDOWN: 108,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EALREADY: 114,
  EINPROGRESS: 115,
  EREMOTEIO: 121,
  ECANCELED: 125,
  ERESTARTSYS: 512,
  ENOIOCTLCMD: 515,
  EPROBE_DEFER: 517,
  ENOTSUPP: 524,
} as const;

/** Addresses of the last page are error numbers, include/linux/err.h. */
const MAX_ERRNO = 4095;

export function isErrPtr(address: number): boolean {
  return address >>> 0 >= -MAX_ERRNO >>> 0;
}

export function errPtr(error: number): number {
  return error >>> 0;
}

/** The symbol of a negative error number (`-ENOMEM`), or the number. */
export function errorName(result: number): string {
  const name = Object.entries(errno).find(([, number]) => number === -result)?.[0];
  return name === undefined ? String(result) : `-${name}`;
}
