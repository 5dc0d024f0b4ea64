// Kinds of characters.
import type { char, int } from "./types.d.ts";

/** Whether a character is a letter or a digit. Context: any. Source: include/linux/ctype.h */
export function isalnum(c: char): int;
/** Whether a character is a letter. Context: any. Source: include/linux/ctype.h */
export function isalpha(c: char): int;
/** Whether a character is a decimal digit. Context: any. Source: include/linux/ctype.h */
export function isdigit(c: char): int;
/** Whether a character is a small letter. Context: any. Source: include/linux/ctype.h */
export function islower(c: char): int;
/** Whether a character is printable, a space too. Context: any. Source: include/linux/ctype.h */
export function isprint(c: char): int;
/** Whether a character is punctuation. Context: any. Source: include/linux/ctype.h */
export function ispunct(c: char): int;
/** Whether a character is white space. Context: any. Source: include/linux/ctype.h */
export function isspace(c: char): int;
/** Whether a character is a capital letter. Context: any. Source: include/linux/ctype.h */
export function isupper(c: char): int;
/** Whether a character is a hexadecimal digit. Context: any. Source: include/linux/ctype.h */
export function isxdigit(c: char): int;
/** The small letter of a capital one. Context: any. Source: include/linux/ctype.h */
export function tolower(c: char): char;
/** The capital letter of a small one. Context: any. Source: include/linux/ctype.h */
export function toupper(c: char): char;
