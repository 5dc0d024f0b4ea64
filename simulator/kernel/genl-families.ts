// What a generic netlink family says of itself: its commands and its multicast groups.
// Source: net/netlink/genetlink.c
import type { LinearMemory } from "../engine/memory.ts";
import { genl_family, genl_multicast_group, genl_ops, genl_small_ops } from "./netlink-layouts.ts";
import { CheckedStruct } from "./struct.ts";
import { textAt } from "./text.ts";

export const GENL_NAMSIZ = 16;

/** A command; functions that it does not have are 0. */
export interface Operation {
  readonly cmd: number;
  readonly doit: number;
  /** Of a dump, undone by `done`. */
  readonly start: number;
  readonly dumpit: number;
  readonly done: number;
  readonly policy: number;
  readonly maxattr: number;
  readonly validate: number;
}

export function operationsOf(memory: LinearMemory, address: number): readonly Operation[] {
  const family = new CheckedStruct(memory, genl_family);
  return [
    { layout: genl_ops, table: "ops", count: "n_ops" },
    { layout: genl_small_ops, table: "small_ops", count: "n_small_ops" },
  ].flatMap(({ layout, table, count }) => {
    const fields = new CheckedStruct(memory, layout);
    const start = family.get(address, table);
    const number = start === 0 ? 0 : family.get(address, count);
    return Array.from({ length: number }, (_, index) => {
      const at = start + index * layout.size;
      // A small operation has only what is common to all of the family.
      const own = (member: string): number => (layout === genl_ops ? fields.get(at, member) : 0);
      return {
        cmd: fields.get(at, "cmd"),
        doit: fields.get(at, "doit"),
        start: own("start"),
        dumpit: fields.get(at, "dumpit"),
        done: own("done"),
        validate: fields.get(at, "validate"),
        policy: own("policy") || family.get(address, "policy"),
        maxattr: own("maxattr") || family.get(address, "maxattr"),
      };
    });
  });
}

/** The names of its groups. */
export function groupsOf(memory: LinearMemory, address: number): readonly string[] {
  const family = new CheckedStruct(memory, genl_family);
  const start = family.get(address, "mcgrps");
  const count = start === 0 ? 0 : family.get(address, "n_mcgrps");
  return Array.from({ length: count }, (_, index) =>
    textAt(memory, start + index * genl_multicast_group.size, GENL_NAMSIZ),
  );
}
