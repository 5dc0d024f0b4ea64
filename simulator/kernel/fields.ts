// Members of a struct in memory by their names, read and written as a driver's own code would.

import { type Layout, type Member, sizeOf } from "../engine/layout.ts";
import type { LinearMemory } from "../engine/memory.ts";

export class Fields {
  private readonly memory: LinearMemory;
  private readonly layout: Layout;
  private readonly members = new Map<string, Member>();

  constructor(memory: LinearMemory, layout: Layout) {
    this.memory = memory;
    this.layout = layout;
    for (const member of layout.members) this.members.set(member.name, member);
  }

  get size(): number {
    return this.layout.size;
  }

  /** Bytes from the start of the struct. */
  offset(name: string): number {
    return this.member(name).offset;
  }

  get(address: number, name: string): number {
    const { offset, type } = this.member(name);
    const signed = type.kind === "scalar" && (type.scalar === "s32" || type.scalar === "s16");
    return this.memory.load(address + offset, sizeOf(type) as 1 | 2 | 4, signed);
  }

  set(address: number, name: string, value: number): void {
    const { offset, type } = this.member(name);
    this.memory.store(address + offset, sizeOf(type) as 1 | 2 | 4, value);
  }

  private member(name: string): Member {
    const found = this.members.get(name);
    if (found === undefined) throw new Error(`struct ${this.layout.name} has no ${name}`);
    return found;
  }
}
