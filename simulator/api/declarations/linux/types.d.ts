// Memory as a driver sees it: integers, structs, references, and the pointers that are no references.

declare const pointee: unique symbol;
declare const tag: unique symbol;
declare const face: unique symbol;
declare const initialiser: unique symbol;
declare const element: unique symbol;
declare const user_space: unique symbol;
declare const device_space: unique symbol;
declare const error_value: unique symbol;

/** An address in kernel memory of a `T`; see `Ref`. */
export interface Pointer<out T> {
  readonly [pointee]: T;
}

/**
 * A pointer to kernel memory: `struct edu_dev *` is `Ref<typeof edu_dev>`, `void *` is `Ref<unknown>`.
 *
 * References to the same address are `===`. A member that is a struct or an array gives its address, so `d.lock` is
 * `&d->lock`; every other member is read and written by value. A pointer to a scalar, such as `loff_t *`, has the one
 * member `value`: `ppos.value += n` is `*ppos += n`. After `kfree` a reference dangles, as in C.
 */
export type Ref<T> = Pointer<Pointee<T>> & Face<T>;

/** An address in user space, `void __user *`: only `linux/uaccess` follows it. */
export interface UserPtr {
  readonly [user_space]: true;
  /** The address `bytes` further on. */
  add(bytes: number): UserPtr;
}

/** An address of device registers, `void __iomem *`: only `linux/io` follows it. */
export interface IoMem {
  readonly [device_space]: true;
  /** The address `bytes` further on. */
  add(bytes: number): IoMem;
}

/** A negative errno in the clothes of a pointer: test with `IS_ERR`, read with `PTR_ERR` (linux/err). */
export interface ErrPtr {
  readonly [error_value]: true;
}

/** `const char *`: a string literal, or memory that holds characters up to a NUL. */
export type CString = string | Pointer<unknown>;

/** An integer type: the type of a member, and called, the C cast to it: `u8(x)` is `(u8)x`. */
export interface Scalar<out Name extends string, out V> {
  readonly [tag]: Name;
  readonly [face]: V;
  (value: number | bigint | boolean): V;
}

/**
 * A struct type, made by `struct`. Called at file scope it makes a static struct with these members and zeroes for the
 * others, as a C initialiser does: `const edu_fops = file_operations({ open: edu_open })`.
 */
export interface Struct<out Name extends string, in out Members> {
  readonly [tag]: Name;
  readonly [face]: Members;
  (members: Initialiser<Members>): Pointer<this> & Members;
}

/** Says of a kernel struct's members that a static one is made from an `I`, such as a table of operations. */
export interface InitialisedBy<out I> {
  readonly [initialiser]: I;
}

type Initialiser<Members> = Members extends InitialisedBy<infer I> ? I : Partial<Members>;

/** An array type, made by `array`. A reference to it is indexed: `d.buffer[i]`; bounds are KASAN's business, as in C. */
export interface ArrayOf<out T> {
  readonly [tag]: "array";
  readonly [element]: T;
}

/** The type of a member that points to a `T`, made by `ptr`. */
export interface PointerTo<out T> {
  readonly [tag]: "pointer";
  readonly [element]: T;
}

interface Special<out Name extends string, out V> {
  readonly [tag]: Name;
  readonly [face]: V;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for every struct.
export type AnyStruct = Struct<string, any>;

/** Whatever has a size: what can be allocated, put on the stack, or pointed to. */
export type Layout = AnyStruct | ArrayOf<unknown> | Scalar<string, unknown>;

export type MemberType = Layout | PointerTo<unknown> | Special<string, unknown>;

// biome-ignore lint/suspicious/noExplicitAny: `Ref<number>` points to an integer of any width.
type Pointee<T> = T extends number ? Scalar<any, number> : T extends bigint ? Scalar<any, bigint> : T;

type Face<T> =
  T extends Struct<string, infer M>
    ? M
    : T extends Scalar<string, infer V>
      ? { value: V }
      : T extends ArrayOf<infer E>
        ? Elements<E>
        : T extends number | bigint
          ? { value: T }
          : unknown;

type Elements<E> = {
  /** `a + count`: a pointer to a later element. */
  add(count: number): Ref<ArrayOf<E>>;
} & (E extends AnyStruct | ArrayOf<unknown> ? { readonly [index: number]: Ref<E> } : { [index: number]: Value<E> });

/** What a member of this type reads as. */
type Value<T> = T extends AnyStruct | ArrayOf<unknown>
  ? Ref<T>
  : T extends Scalar<string, infer V>
    ? V
    : T extends PointerTo<infer P>
      ? Ref<P> | null
      : T extends Special<string, infer V>
        ? V
        : never;

type AggregateNames<M> = { [K in keyof M]: M[K] extends AnyStruct | ArrayOf<unknown> ? K : never }[keyof M];

/** The members of a struct: aggregates cannot be assigned to, since they are addresses. */
export type Members<M> = { readonly [K in AggregateNames<M>]: Value<M[K]> } & {
  -readonly [K in Exclude<keyof M, AggregateNames<M>>]: Value<M[K]>;
};

/** A pointer to the member `K`. */
export type MemberPointer<M, K extends keyof M> = [M[K]] extends [Pointer<unknown>]
  ? M[K]
  : [M[K]] extends [number]
    ? Ref<number>
    : [M[K]] extends [bigint]
      ? Ref<bigint>
      : Ref<unknown>;

/**
 * Declares a struct: `const edu_dev = struct("edu_dev", { regs: iomem, lock: spinlock_t, result: u32 })`. Members lie
 * in this order with natural alignment, as a C compiler for a 32-bit kernel lays them out.
 */
export function struct<const Name extends string, const M extends { readonly [member: string]: MemberType }>(
  name: Name,
  members: M,
): Struct<Name, Members<M>>;

/** The member type `T *`; without `T`, `void *`. The member may be NULL, so it reads as `Ref<T> | null`. */
export function ptr<T extends Layout>(to: T): PointerTo<T>;
export function ptr(): PointerTo<unknown>;

/** The type `T[length]`. */
export function array<T extends MemberType>(of: T, length: number): ArrayOf<T>;

/** A local variable in memory, `struct foo x;`: not cleared, and gone when the function returns. */
export function on_stack<T extends Layout>(layout: T): Ref<T>;

/** The size of a type in bytes. */
export function sizeof(layout: MemberType): number;

/** Bytes from the start of a struct to a member. Source: include/linux/stddef.h */
export function offsetof<M>(layout: Struct<string, M>, member: keyof M): number;

/** The pointer to nothing: `null`. */
export const NULL: null;

/** `&d->member`; of an array, `&a[index]`. Struct and array members are addresses already. */
export function addr<M, K extends keyof M>(d: Pointer<Struct<string, M>>, member: K): MemberPointer<M, K>;
export function addr<E extends Layout>(a: Pointer<ArrayOf<E>>, index: number): Ref<E>;

/** `(struct foo *)p`: the same address, read as another type. */
export function cast<T extends Layout>(layout: T, p: Pointer<unknown>): Ref<T>;
export function cast<T extends Layout>(layout: T, p: Pointer<unknown> | null): Ref<T> | null;

/**
 * The struct of type `layout` whose member `member` is at `p`.
 *
 * Context: any. Source: include/linux/container_of.h
 */
export function container_of<Name extends string, M, K extends keyof M>(
  p: MemberPointer<M, K>,
  layout: Struct<Name, M>,
  member: K,
): Ref<Struct<Name, M>>;

export type u8 = number;
export const u8: Scalar<"u8", number>;
export type s8 = number;
export const s8: Scalar<"s8", number>;
export type u16 = number;
export const u16: Scalar<"u16", number>;
export type s16 = number;
export const s16: Scalar<"s16", number>;
export type u32 = number;
export const u32: Scalar<"u32", number>;
export type s32 = number;
export const s32: Scalar<"s32", number>;
export type u64 = bigint;
export const u64: Scalar<"u64", bigint>;
export type s64 = bigint;
export const s64: Scalar<"s64", bigint>;

/** Unsigned, as on ARM. */
export type char = number;
export const char: Scalar<"u8", number>;
export type int = number;
export const int: Scalar<"s32", number>;
/** `unsigned int`. */
export type uint = number;
export const uint: Scalar<"u32", number>;
/** 32 bits, as on every 32-bit machine. */
export type long = number;
export const long: Scalar<"s32", number>;
/** `unsigned long`, 32 bits. */
export type ulong = number;
export const ulong: Scalar<"u32", number>;
export type bool = boolean;
export const bool: Scalar<"bool", boolean>;

export type size_t = number;
export const size_t: Scalar<"u32", number>;
export type ssize_t = number;
export const ssize_t: Scalar<"s32", number>;
/** 64 bits in memory, a safe integer in code. */
export type loff_t = number;
export const loff_t: Scalar<"loff_t", number>;
/** A number of sectors of 512 bytes: 64 bits in memory, a safe integer in code. */
export type sector_t = number;
export const sector_t: Scalar<"sector_t", number>;
/** Major number in the upper 12 bits, minor number in the lower 20. */
export type dev_t = number;
export const dev_t: Scalar<"u32", number>;

/** The member type `void __iomem *`. Set it before the struct is shared: it reads as never NULL. */
export const iomem: Special<"iomem", IoMem>;

/** The member type `void __user *`; called, the cast of an ioctl's argument: `user(arg)` is `(void __user *)arg`. */
export const user: Special<"user", UserPtr> & ((address: number) => UserPtr);

/** The member type `const char *`; a string literal can be stored in it. */
export const charp: Special<"charp", CString>;
