// A struct in memory as the kernel's own code reads and writes it: by the names of its members.
import { alignOf, type Layout, type MemberType, sizeOf } from "../engine/layout.ts";
import type { LinearMemory } from "../engine/memory.ts";

interface Place {
  readonly offset: number;
  readonly bytes: number;
  readonly isSigned: boolean;
}

export class Struct {
  readonly layout: Layout;
  private readonly memory: LinearMemory;
  private readonly places = new Map<string, Place>();

  constructor(memory: LinearMemory, layout: Layout) {
    this.memory = memory;
    this.layout = layout;
    for (const { name, type, offset } of layout.members) {
      this.places.set(name, { offset, bytes: sizeOf(type), isSigned: isSigned(type) });
    }
  }

  get size(): number {
    return this.layout.size;
  }

  get align(): number {
    return alignOf({ kind: "struct", layout: this.layout });
  }

  /** The address of a member. */
  at(address: number, member: string): number {
    return address + this.place(member).offset;
  }

  /** The bytes of a member. */
  bytesOf(member: string): number {
    return this.place(member).bytes;
  }

  /** A member's value; 64 bits as a number that is safe. */
  get(address: number, member: string): number {
    const { offset, bytes, isSigned: signed } = this.place(member);
    if (bytes === 8) return this.memory.peek(address + offset, 4) + this.memory.peek(address + offset + 4, 4) * 2 ** 32;
    const value = this.memory.peek(address + offset, bytes as 1 | 2 | 4);
    if (!signed) return value;
    const unused = 32 - 8 * bytes;
    return (value << unused) >> unused;
  }

  set(address: number, member: string, value: number): void {
    const { offset, bytes } = this.place(member);
    if (bytes === 8) {
      this.memory.poke(address + offset, 4, value >>> 0);
      this.memory.poke(address + offset + 4, 4, Math.floor(value / 2 ** 32) >>> 0);
    } else this.memory.poke(address + offset, bytes as 1 | 2 | 4, value);
  }

  /** Says that the kernel uses the struct, so that one which is gone is found out. */
  use(address: number): void {
    this.memory.touch(address, Math.min(this.size, 4), false);
  }

  private place(member: string): Place {
    const found = this.places.get(member);
    if (found === undefined) throw new Error(`struct ${this.layout.name} has no ${member}`);
    return found;
  }
}

function isSigned(type: MemberType): boolean {
  return type.kind === "scalar" && type.scalar.startsWith("s");
}
