// The loops of linux/blk-mq and linux/bio, as something to iterate over: bios of a request, and segments of their pages.

import { type Layout, sizeOf } from "../engine/layout.ts";
import { DriverFault } from "./fault.ts";
import { ADDRESS, isPointer, memberOf, type Pointer, type References, TARGET } from "./references.ts";

const PAGE_SIZE = 4096;

export function segments(references: References): Readonly<Record<string, unknown>> {
  const read = (at: number, layout: Layout, member: string): number => {
    const { type, offset } = memberOf(layout, member);
    const value = references.load(type, (at + offset) >>> 0);
    return typeof value === "number" ? value : references.address(value, member);
  };
  const bios = function* (layout: Layout, first: number): Generator<Pointer, void> {
    for (let bio = first; bio !== 0; bio = read(bio, layout, "bi_next")) yield references.struct(layout, bio);
  };
  /** As in C each segment is a struct of the loop's own, and lies within a page. */
  const within = function* (bio: Layout, at: number, own: number): Generator<Pointer, void> {
    const vec = pointee(bio, "bi_io_vec");
    const page = pointee(vec, "bv_page");
    const { type, offset } = memberOf(bio, "bi_iter");
    if (type.kind !== "struct") throw new DriverFault("bio_for_each_segment: a bio is expected");
    const iter = (at + offset) >>> 0;
    let left = read(iter, type.layout, "bi_size");
    let done = read(iter, type.layout, "bi_bvec_done");
    let index = read(iter, type.layout, "bi_idx");
    const table = read(at, bio, "bi_io_vec");
    const store = (member: string, value: number): void => {
      const place = memberOf(vec, member);
      references.store(place.type, own + place.offset, value, `bio_vec.${member}`);
    };
    while (left > 0) {
      const from = table + index * vec.size;
      const start = read(from, vec, "bv_offset") + done;
      const length = read(from, vec, "bv_len");
      const bytes = Math.min(left, length - done, PAGE_SIZE - (start % PAGE_SIZE));
      store("bv_page", read(from, vec, "bv_page") + Math.floor(start / PAGE_SIZE) * page.size);
      store("bv_offset", start % PAGE_SIZE);
      store("bv_len", bytes);
      yield references.struct(vec, own);
      left -= bytes;
      done += bytes;
      if (done < length) continue;
      done = 0;
      index++;
    }
  };
  const room = (bio: Layout): number => {
    const vec = pointee(bio, "bi_io_vec");
    return references.around.stack.push(sizeOf({ kind: "struct", layout: vec }), vec.align);
  };
  return {
    __rq_for_each_bio: (rq: unknown) => {
      const { layout, address } = structOf(rq, "__rq_for_each_bio", "bio");
      return loop(() => bios(pointee(layout, "bio"), read(address, layout, "bio")));
    },
    rq_for_each_segment: (rq: unknown) => {
      const { layout, address } = structOf(rq, "rq_for_each_segment", "bio");
      const bio = pointee(layout, "bio");
      const own = room(bio);
      return loop(function* () {
        for (const one of bios(bio, read(address, layout, "bio"))) yield* within(bio, one[ADDRESS], own);
      });
    },
    bio_for_each_segment: (bio: unknown) => {
      const { layout, address } = structOf(bio, "bio_for_each_segment", "bi_iter");
      const own = room(layout);
      return loop(() => within(layout, address, own));
    },
  };
}

/** Something to iterate over; a generator itself would be taken for a call that may suspend. */
function loop(begin: () => Generator<Pointer, void>): Iterable<Pointer> {
  return { [Symbol.iterator]: begin };
}

function structOf(pointer: unknown, user: string, member: string): { layout: Layout; address: number } {
  const layout = isPointer(pointer) ? pointer[TARGET] : undefined;
  const fits =
    typeof layout === "object" && layout.kind === "layout" && layout.members.some(({ name }) => name === member);
  if (!isPointer(pointer) || !fits)
    throw new DriverFault(`${user}: a pointer to a ${user.includes("rq") ? "request" : "bio"} is expected`);
  return { layout, address: pointer[ADDRESS] };
}

function pointee(layout: Layout, member: string): Layout {
  const { type } = memberOf(layout, member);
  if (type.kind !== "pointer" || typeof type.to !== "object" || type.to.kind !== "layout")
    throw new DriverFault(`'${member}' is no pointer to a struct`);
  return type.to;
}
