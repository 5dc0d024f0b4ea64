// Functions of which only the contract is known here.
import type { Pointer, Ref } from "./types.d.ts";

// Contract stubs, written by test/simulator/write-contracts.ts.
/** Puts a name with its inode, or with none, into the cache of names. Context: any. Source: fs/dcache.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function d_add(entry: Pointer<unknown> | null, inode: Pointer<unknown> | null): void;
/** Gives a name its inode. Context: any. Source: fs/dcache.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function d_instantiate(entry: Pointer<unknown> | null, inode: Pointer<unknown> | null): void;
/** Makes the root of a file system of an inode; NULL, and the inode is put, when there is no memory. Context: process, may sleep. Result: a cleared object. Source: fs/dcache.c. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function d_make_root(root_inode: Pointer<unknown> | null): Ref<unknown> | null;
/** Takes a reference to a name. Context: any. Result: a cleared object. Source: include/linux/dcache.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function dget(dentry: Pointer<unknown> | null): Ref<unknown>;
