// Netlink messages: their headers and attributes in socket buffers, and the check of attributes against a policy.
// Source: lib/nlattr.c, include/net/netlink.h
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import { nla_policy, nlattr } from "./netlink-layouts.ts";
import type { Log } from "./printk.ts";
import type { SkBuffs } from "./skbuff.ts";
import { CheckedStruct } from "./struct.ts";

export const NLMSG_HDRLEN = 16;
export const NLA_HDRLEN = 4;
export const NLA_F_NESTED = 0x8000;
const NLA_TYPE_MASK = 0x3fff;

/** `type` of a policy, include/net/netlink.h. */
export const NLA_TYPES = [
  ...["UNSPEC", "U8", "U16", "U32", "U64", "STRING", "FLAG", "MSECS", "NESTED", "NESTED_ARRAY", "NUL_STRING"],
  ...["BINARY", "S8", "S16", "S32", "S64", "BITFIELD32", "REJECT", "BE16", "BE32", "SINT", "UINT"],
] as const;
type Kind = (typeof NLA_TYPES)[number];
const UNSIGNED: Partial<Record<Kind, number>> = { U8: 1, U16: 2, U32: 4, U64: 8, MSECS: 8, BE16: 2, BE32: 4 };
/** Types of a fixed length. */
const BYTES: Partial<Record<Kind, number>> = { ...UNSIGNED, S8: 1, S16: 2, S32: 4, S64: 8 };

/** `validation_type` of a policy. */
export const NLA_VALIDATIONS = { NONE: 0, RANGE: 1, RANGE_WARN_TOO_LONG: 2, MIN: 3, MAX: 4, MASK: 5 } as const;
const MAX_DEPTH = 10;

export function align(bytes: number): number {
  return (bytes + 3) & ~3;
}

export class Netlink {
  private readonly core: Core;
  private readonly log: Log;
  private readonly skbs: SkBuffs;
  private readonly literal: (text: string) => number;
  private readonly attribute: CheckedStruct;
  private readonly policy: CheckedStruct;
  /** Where what is wrong is told while attributes are parsed: a `struct netlink_ext_ack`, or 0. */
  private ack = 0;
  private isTold = false;

  constructor(core: Core, log: Log, skbs: SkBuffs, literal: (text: string) => number) {
    this.literal = literal;
    this.core = core;
    this.log = log;
    this.skbs = skbs;
    this.attribute = new CheckedStruct(core.memory, nlattr);
    this.policy = new CheckedStruct(core.memory, nla_policy);
  }

  /** nla_reserve(): room for an attribute; 0 when the buffer has no room. */
  *reserve(skb: number, type: number, bytes: number): Steps<number> {
    const whole = align(NLA_HDRLEN + bytes);
    if (this.skbs.tailroom(skb) < whole) return 0;
    const at = yield* this.skbs.put(skb, whole);
    this.attribute.set(at, "nla_len", NLA_HDRLEN + bytes);
    this.attribute.set(at, "nla_type", type);
    for (let pad = at + NLA_HDRLEN + bytes; pad < at + whole; pad++) this.core.memory.store(pad, 1, 0);
    return at;
  }

  /** nla_put(): 0, or -EMSGSIZE. */
  *put(skb: number, type: number, bytes: number, from: number): Steps<number> {
    const at = yield* this.reserve(skb, type, bytes);
    if (at === 0) return -errno.EMSGSIZE;
    const { memory } = this.core;
    if (bytes === 0) return 0;
    memory.touch(from, bytes, false);
    memory.touch(at + NLA_HDRLEN, bytes, true);
    memory.copy(at + NLA_HDRLEN, from, bytes);
    return 0;
  }

  *putNumber(skb: number, type: number, bytes: 1 | 2 | 4 | 8, value: number | bigint): Steps<number> {
    const at = yield* this.reserve(skb, type, bytes);
    if (at === 0) return -errno.EMSGSIZE;
    if (bytes === 8) this.core.memory.store64(at + NLA_HDRLEN, BigInt(value));
    else this.core.memory.store(at + NLA_HDRLEN, bytes, Number(value));
    return 0;
  }

  /** nla_nest_end(): the length of what was nested since. */
  endNest(skb: number, start: number): number {
    this.attribute.set(start, "nla_len", this.skbs.get(skb, "tail") - start);
    return this.skbs.get(skb, "len");
  }

  /** nla_len() and nla_type() */
  lengthOf(nla: number): number {
    return this.attribute.get(nla, "nla_len") - NLA_HDRLEN;
  }

  typeOf(nla: number): number {
    return this.attribute.get(nla, "nla_type") & NLA_TYPE_MASK;
  }

  isNested(nla: number): boolean {
    return (this.attribute.get(nla, "nla_type") & NLA_F_NESTED) !== 0;
  }

  /** The attributes of a stretch of memory, as far as their lengths make sense. */
  *attributesOf(head: number, bytes: number): Generator<number, number> {
    let [at, rest] = [head, bytes];
    while (rest >= NLA_HDRLEN) {
      const length = this.attribute.get(at, "nla_len");
      if (length < NLA_HDRLEN || length > rest) break;
      yield at;
      at += align(length);
      rest -= align(length);
    }
    return Math.max(0, rest);
  }

  /** __nla_parse(): addresses of attributes into `tb` by their types, once they fit the policy. 0, or a negative errno. */
  parse(tb: number, most: number, head: number, bytes: number, policy: number, isStrict: boolean, extack = 0): number {
    this.ack = extack;
    this.isTold = false;
    return this.parseAll(tb, most, head, bytes, policy, isStrict, 0);
  }

  /** NL_SET_ERR_MSG_ATTR(): a text, and the attribute that it is about, 0 for none. */
  tell(extack: number, text: number, attribute: number): void {
    if (extack === 0) return;
    this.core.memory.store(extack, 4, text);
    if (attribute !== 0) this.core.memory.store(extack + 4, 4, attribute);
  }

  private refuse(error: number, text: string, attribute: number): number {
    if (!this.isTold && this.ack !== 0) this.tell(this.ack, this.literal(text), attribute);
    this.isTold = true;
    return error;
  }

  private parseAll(
    tb: number,
    most: number,
    head: number,
    bytes: number,
    policy: number,
    isStrict: boolean,
    depth: number,
  ): number {
    if (depth >= MAX_DEPTH) return this.refuse(-errno.EINVAL, "allowed policy recursion depth exceeded", 0);
    const { memory } = this.core;
    for (let type = 0; tb !== 0 && type <= most; type++) memory.store(tb + 4 * type, 4, 0);
    const all = this.attributesOf(head, bytes);
    for (let next = all.next(); ; next = all.next()) {
      if (next.done === true) {
        if (next.value === 0) return 0;
        const { name } = this.core.task;
        this.log.write(`netlink: ${next.value} bytes leftover after parsing attributes in process \`${name}'.`, 4);
        return isStrict ? this.refuse(-errno.EINVAL, "bytes leftover after parsing attributes", 0) : 0;
      }
      const type = this.typeOf(next.value);
      if (type === 0 || type > most) {
        if (isStrict) return this.refuse(-errno.EINVAL, "Unknown attribute type", next.value);
        continue;
      }
      const error = policy === 0 ? 0 : this.check(next.value, policy, type, isStrict, depth);
      if (error < 0) return this.refuse(error, "Attribute failed policy validation", next.value);
      if (tb !== 0) memory.store(tb + 4 * type, 4, next.value);
    }
  }

  /** validate_nla() */
  private check(nla: number, policy: number, type: number, strict: boolean, depth: number): number {
    const start = this.policy.get(policy, "strict_start_type");
    const isStrict = strict || (start !== 0 && type >= start);
    const own = policy + type * nla_policy.size;
    const kind: Kind = NLA_TYPES[this.policy.get(own, "type")] ?? "REJECT";
    const length = this.lengthOf(nla);
    const exact = kind === "MSECS" ? undefined : BYTES[kind];
    if (exact !== undefined && length !== exact) {
      this.log.write(`netlink: '${this.core.task.name}': attribute type ${type} has an invalid length.`, 4);
      if (isStrict) return this.refuse(-errno.EINVAL, "invalid attribute length", nla);
    }
    const isNest = kind === "NESTED" || kind === "NESTED_ARRAY";
    const isMarked = this.isNested(nla);
    if (isStrict && isNest && !isMarked) return this.refuse(-errno.EINVAL, "NLA_F_NESTED is missing", nla);
    if (isStrict && !isNest && kind !== "UNSPEC" && isMarked)
      return this.refuse(-errno.EINVAL, "NLA_F_NESTED not expected", nla);
    const error = this.checkContent(nla, own, kind, length, isStrict, depth);
    return error < 0 ? error : this.checkRange(nla, own, kind);
  }

  private checkContent(
    nla: number,
    policy: number,
    kind: Kind,
    length: number,
    isStrict: boolean,
    depth: number,
  ): number {
    const most = this.policy.get(policy, "len");
    switch (kind) {
      case "REJECT":
        return -errno.EINVAL;
      case "FLAG":
        return length > 0 ? -errno.ERANGE : 0;
      case "SINT":
      case "UINT":
        return length === 4 || length === 8 ? 0 : -errno.EINVAL;
      case "NUL_STRING":
      case "STRING":
        return this.checkString(nla, kind, length, most);
      case "BINARY":
        return most > 0 && length > most ? -errno.ERANGE : 0;
      case "NESTED": {
        if (length === 0) return 0;
        if (length < NLA_HDRLEN) return -errno.ERANGE;
        const nested = this.policy.get(policy, "nested_policy");
        return nested === 0 ? 0 : this.parseAll(0, most, nla + NLA_HDRLEN, length, nested, isStrict, depth + 1);
      }
      case "UNSPEC":
        if (isStrict) return this.refuse(-errno.EINVAL, "Unsupported attribute", nla);
        return length < most ? -errno.ERANGE : 0;
      default:
        return length < (most > 0 ? most : (BYTES[kind] ?? 0)) ? -errno.ERANGE : 0;
    }
  }

  private checkString(nla: number, kind: Kind, length: number, most: number): number {
    const bytes = Array.from({ length }, (_, i) => this.core.memory.load(nla + NLA_HDRLEN + i, 1, false));
    if (kind === "NUL_STRING") {
      const within = most > 0 ? Math.min(length, most + 1) : length;
      if (!bytes.slice(0, within).includes(0)) return -errno.EINVAL;
    }
    if (length < 1) return -errno.ERANGE;
    const own = bytes.at(-1) === 0 ? length - 1 : length;
    return most > 0 && own > most ? -errno.ERANGE : 0;
  }

  /** nla_validate_int_range() and nla_validate_mask() */
  private checkRange(nla: number, policy: number, kind: Kind): number {
    const validation = this.policy.get(policy, "validation_type");
    if (validation === NLA_VALIDATIONS.NONE) return 0;
    const value = this.valueOf(nla, kind);
    if (validation === NLA_VALIDATIONS.MASK) {
      const isOdd = (value & ~BigInt(this.policy.get(policy, "mask"))) !== 0n;
      return isOdd ? this.refuse(-errno.EINVAL, "reserved bit set", nla) : 0;
    }
    const wantsMin = validation !== NLA_VALIDATIONS.MAX;
    const wantsMax = validation !== NLA_VALIDATIONS.MIN;
    const isLow = wantsMin && value < BigInt(this.policy.get(policy, "min"));
    const isHigh = wantsMax && value > BigInt(this.policy.get(policy, "max"));
    const text = kind === "BINARY" ? "binary attribute size out of range" : "integer out of range";
    return isLow || isHigh ? this.refuse(-errno.ERANGE, text, nla) : 0;
  }

  private valueOf(nla: number, kind: Kind): bigint {
    const { memory } = this.core;
    const at = nla + NLA_HDRLEN;
    const bytes = kind === "SINT" || kind === "UINT" ? this.lengthOf(nla) : (BYTES[kind] ?? 0);
    if (kind === "BINARY") return BigInt(this.lengthOf(nla));
    if (bytes === 8) return memory.load64(at, kind.startsWith("S"));
    const value = memory.load(at, bytes as 1 | 2 | 4, kind.startsWith("S"));
    if (kind === "BE16") return BigInt(((value & 0xff) << 8) | (value >>> 8));
    if (kind !== "BE32") return BigInt(value);
    const swapped = [24, 16, 8, 0].reduce((sum, shift, i) => sum + ((value >>> (8 * i)) & 0xff) * 2 ** shift, 0);
    return BigInt(swapped);
  }
}
