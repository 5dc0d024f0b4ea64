// A struct in memory by the names of its members: as the kernel's own code reads and writes it, and as a driver's would.
import { alignOf, type Layout, type MemberType, sizeOf } from "../engine/layout.ts";
import type { LinearMemory } from "../engine/memory.ts";

interface Place {
  readonly offset: number;
  readonly bytes: number;
  readonly isSigned: boolean;
}

const known = new WeakMap<Layout, ReadonlyMap<string, Place>>();

/** Its members are read and written whatever the shadow memory says of them. */
export class Struct {
  readonly layout: Layout;
  protected readonly memory: LinearMemory;
  private readonly places: ReadonlyMap<string, Place>;

  constructor(memory: LinearMemory, layout: Layout) {
    this.layout = layout;
    this.memory = memory;
    this.places = placesOf(layout);
  }

  get size(): number {
    return this.layout.size;
  }

  get align(): number {
    return alignOf({ kind: "struct", layout: this.layout });
  }

  /** Bytes from the start of the struct. */
  offset(member: string): number {
    return this.place(member).offset;
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

  protected place(member: string): Place {
    const found = this.places.get(member);
    if (found === undefined) throw new Error(`struct ${this.layout.name} has no ${member}`);
    return found;
  }
}

/** Its members are read and written as a driver's own code would: an access that is wrong is found out. */
export class CheckedStruct extends Struct {
  override get(address: number, member: string): number {
    const { offset, bytes, isSigned: signed } = this.place(member);
    return this.memory.load(address + offset, bytes as 1 | 2 | 4, signed);
  }

  override set(address: number, member: string, value: number): void {
    const { offset, bytes } = this.place(member);
    this.memory.store(address + offset, bytes as 1 | 2 | 4, value);
  }
}

function placesOf(layout: Layout): ReadonlyMap<string, Place> {
  let places = known.get(layout);
  if (places === undefined) {
    places = new Map(
      layout.members.map(({ name, type, offset }) => [name, { offset, bytes: sizeOf(type), isSigned: isSigned(type) }]),
    );
    known.set(layout, places);
  }
  return places;
}

function isSigned(type: MemberType): boolean {
  return type.kind === "scalar" && type.scalar.startsWith("s");
}
