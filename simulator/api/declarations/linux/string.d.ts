// Bytes and C strings.
import type { gfp_t } from "./gfp.d.ts";
import type { CString, int, Pointer, Ref, size_t, ssize_t, u8 } from "./types.d.ts";

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
