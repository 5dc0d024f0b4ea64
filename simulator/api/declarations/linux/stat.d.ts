// What kind of file a mode says, and who may do what with it.
import type { uint } from "./types.d.ts";

/** The bits of a mode that say the kind of file. Source: include/uapi/linux/stat.h */
export const S_IFMT: uint;
/** The kind of a socket. Source: include/uapi/linux/stat.h */
export const S_IFSOCK: uint;
/** The kind of a symbolic link. Source: include/uapi/linux/stat.h */
export const S_IFLNK: uint;
/** The kind of a regular file. Source: include/uapi/linux/stat.h */
export const S_IFREG: uint;
/** The kind of a block device. Source: include/uapi/linux/stat.h */
export const S_IFBLK: uint;
/** The kind of a directory. Source: include/uapi/linux/stat.h */
export const S_IFDIR: uint;
/** The kind of a character device. Source: include/uapi/linux/stat.h */
export const S_IFCHR: uint;
/** The kind of a pipe. Source: include/uapi/linux/stat.h */
export const S_IFIFO: uint;
/** Whether a mode is that of a socket. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISSOCK(mode: uint): boolean;
/** Whether a mode is that of a symbolic link. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISLNK(mode: uint): boolean;
/** Whether a mode is that of a regular file. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISREG(mode: uint): boolean;
/** Whether a mode is that of a block device. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISBLK(mode: uint): boolean;
/** Whether a mode is that of a directory. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISDIR(mode: uint): boolean;
/** Whether a mode is that of a character device. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISCHR(mode: uint): boolean;
/** Whether a mode is that of a pipe. Context: any. Source: include/uapi/linux/stat.h */
export function S_ISFIFO(mode: uint): boolean;
/** A program runs as the file's owner. Source: include/uapi/linux/stat.h */
export const S_ISUID: uint;
/** A program runs as the file's group. Source: include/uapi/linux/stat.h */
export const S_ISGID: uint;
/** Only owners remove files from the directory. Source: include/uapi/linux/stat.h */
export const S_ISVTX: uint;
/** Its owner may read, write and execute. Source: include/uapi/linux/stat.h */
export const S_IRWXU: uint;
/** Its owner may read. Source: include/uapi/linux/stat.h */
export const S_IRUSR: uint;
/** Its owner may write. Source: include/uapi/linux/stat.h */
export const S_IWUSR: uint;
/** Its owner may execute. Source: include/uapi/linux/stat.h */
export const S_IXUSR: uint;
/** Its group may read, write and execute. Source: include/uapi/linux/stat.h */
export const S_IRWXG: uint;
/** Its group may read. Source: include/uapi/linux/stat.h */
export const S_IRGRP: uint;
/** Its group may write. Source: include/uapi/linux/stat.h */
export const S_IWGRP: uint;
/** Its group may execute. Source: include/uapi/linux/stat.h */
export const S_IXGRP: uint;
/** Others may read, write and execute. Source: include/uapi/linux/stat.h */
export const S_IRWXO: uint;
/** Others may read. Source: include/uapi/linux/stat.h */
export const S_IROTH: uint;
/** Others may write. Source: include/uapi/linux/stat.h */
export const S_IWOTH: uint;
/** Others may execute. Source: include/uapi/linux/stat.h */
export const S_IXOTH: uint;
/** All may read, write and execute. Source: include/linux/stat.h */
export const S_IRWXUGO: uint;
/** All bits of a mode but the kind. Source: include/linux/stat.h */
export const S_IALLUGO: uint;
/** All may read. Source: include/linux/stat.h */
export const S_IRUGO: uint;
/** All may write. Source: include/linux/stat.h */
export const S_IWUGO: uint;
/** All may execute. Source: include/linux/stat.h */
export const S_IXUGO: uint;
