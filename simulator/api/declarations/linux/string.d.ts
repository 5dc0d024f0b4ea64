// Bytes and C strings.
import type { gfp_t } from "./gfp.d.ts";
import type { CString, char, ErrPtr, int, Pointer, Ref, size_t, ssize_t, UserPtr, u8 } from "./types.d.ts";

/** Sets `count` bytes. Context: any. Source: lib/string.c */
export function memset(s: Pointer<unknown>, c: u8, count: size_t): Ref<unknown>;
/** Copies `count` bytes; the regions must not overlap. Context: any. Source: lib/string.c */
export function memcpy(dest: Pointer<unknown>, src: Pointer<unknown>, count: size_t): Ref<unknown>;
/** Compares `count` bytes. Context: any. Result: 0 when equal, else the sign of the first difference. Source: lib/string.c */
export function memcmp(a: Pointer<unknown>, b: Pointer<unknown>, count: size_t): int;
/** The length of a string without its NUL. Context: any. Source: lib/string.c */
export function strlen(s: CString): size_t;
/** Compares strings. Context: any. Result: 0 when equal, else the sign of the first difference. Source: lib/string.c */
export function strcmp(a: CString, b: CString): int;
/** Copies a string, always with a NUL. Context: any. Result: characters copied, or -E2BIG when cut. Source: lib/string.c */
export function strscpy(dest: Pointer<unknown>, src: CString, size: size_t): ssize_t;
/** Copies `count` bytes between regions that may overlap. Context: any. Source: lib/string.c */
export function memmove(dest: Pointer<unknown>, src: Pointer<unknown>, count: size_t): Ref<unknown>;
/** Compares at most `count` bytes of strings. Context: any. Result: as strcmp. Source: lib/string.c */
export function strncmp(a: CString, b: CString, count: size_t): int;
/** A copy of a string in memory of its own. Context: as kmalloc. Result: NULL when there is no memory. Source: mm/util.c */
export function kstrdup(s: CString, gfp: gfp_t): Ref<unknown> | null;
/** A copy of bytes in memory of its own. Context: as kmalloc. Result: NULL when there is no memory. Source: mm/util.c */
export function kmemdup(src: Pointer<unknown>, len: size_t, gfp: gfp_t): Ref<unknown> | null;
/** The length of a string, at most `count`. Context: any. Source: lib/string.c, lib/string_helpers.c */
export function strnlen(s: CString, count: size_t): size_t;
/** Copies at most `count` bytes and fills up with zeroes; a longer string gets no NUL, so new code uses strscpy. Context: any. Source: lib/string.c, lib/string_helpers.c */
export function strncpy(dest: Pointer<unknown>, src: CString, count: size_t): Ref<unknown>;
/** Copies a string into a buffer that must be large enough; new code uses strscpy. Context: any. Source: lib/string.c, lib/string_helpers.c */
export function strcpy(dest: Pointer<unknown>, src: CString): Ref<unknown>;
/** Appends a string. Context: any. Source: lib/string.c, lib/string_helpers.c */
export function strcat(dest: Pointer<unknown>, src: CString): Ref<unknown>;
/** The first place of a character. Context: any. Result: NULL when it is nowhere. Source: lib/string.c, lib/string_helpers.c */
export function strchr(s: CString, c: char): Ref<unknown> | null;
/** The last place of a character. Context: any. Result: NULL when it is nowhere. Source: lib/string.c, lib/string_helpers.c */
export function strrchr(s: CString, c: char): Ref<unknown> | null;
/** The first place of a string within another. Context: any. Result: NULL when it is nowhere. Source: lib/string.c, lib/string_helpers.c */
export function strstr(s: CString, part: CString): Ref<unknown> | null;
/** Compares strings without regard to case. Context: any. Result: as strcmp. Source: lib/string.c, lib/string_helpers.c */
export function strcasecmp(a: CString, b: CString): int;
/** Cuts white space at both ends. Context: any. Result: where the string begins now. Source: lib/string.c, lib/string_helpers.c */
export function strim(s: Pointer<unknown>): Ref<unknown>;
/** Cuts the next part off at a character of `ct`, and moves `*s` behind it. Context: any. Result: NULL when there is no more. Source: lib/string.c, lib/string_helpers.c */
export function strsep(s: Pointer<unknown>, ct: CString): Ref<unknown> | null;
/** Whether strings are equal but for a newline at the end. Context: any. Source: lib/string.c, lib/string_helpers.c */
export function sysfs_streq(a: CString, b: CString): boolean;
/** The first place of a byte. Context: any. Result: NULL when it is nowhere. Source: lib/string.c, lib/string_helpers.c */
export function memchr(s: Pointer<unknown>, c: u8, n: size_t): Ref<unknown> | null;
/** A copy of at most `max` characters of a string. Context: as kmalloc. Result: NULL when there is no memory. Source: mm/util.c */
export function kstrndup(s: CString, max: size_t, gfp: gfp_t): Ref<unknown> | null;
/** A copy of user memory; kfree gives it back. Context: process, may sleep. Result: an ERR_PTR: -ENOMEM or -EFAULT. Source: mm/util.c */
export function memdup_user(src: UserPtr, len: size_t): Ref<unknown> | ErrPtr;
/** The same with a NUL behind it. Context: process, may sleep. Result: an ERR_PTR: -ENOMEM or -EFAULT. Source: mm/util.c */
export function memdup_user_nul(src: UserPtr, len: size_t): Ref<unknown> | ErrPtr;
