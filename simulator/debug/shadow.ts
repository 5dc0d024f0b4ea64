// KASAN's shadow around an object, with what its bytes mean.
import type { LinearMemory } from "../engine/memory.ts";
import type { ShadowRun } from "../protocol.ts";
import { referenceTo } from "./references.ts";

/** Bytes of memory that one byte of shadow speaks for, and how many of those are shown on either side. */
const GRANULE_BYTES = 8;
const AROUND = 2;

/** mm/kasan/kasan.h */
const meanings: ReadonlyMap<number, string> = new Map([
  [0x00, "may be touched"],
  [0xf1, "left red zone on a stack"],
  [0xf2, "red zone on a stack, or a variable that is gone"],
  [0xf8, "no vmalloc() area"],
  [0xf9, "red zone of a variable"],
  [0xfa, "freed object"],
  [0xfb, "freed object"],
  [0xfc, "red zone of the slab"],
  [0xff, "nobody's yet, or a freed page"],
]);

export function shadowAround(memory: LinearMemory, address: number, bytes: number): readonly ShadowRun[] {
  const runs: { address: string; code: string; count: number; meaning: string }[] = [];
  const first = address - AROUND * GRANULE_BYTES;
  const end = address + Math.ceil(bytes / GRANULE_BYTES) * GRANULE_BYTES + AROUND * GRANULE_BYTES;
  for (let at = first; at < end; at += GRANULE_BYTES) {
    const byte = memory.shadowAt(at);
    const code = byte.toString(16).padStart(2, "0");
    const last = runs.at(-1);
    if (last?.code === code) last.count++;
    else runs.push({ address: referenceTo(at), code, count: 1, meaning: meaningOf(byte) });
  }
  return runs;
}

function meaningOf(code: number): string {
  if (code > 0 && code < GRANULE_BYTES) return `only the first ${code} of ${GRANULE_BYTES} bytes may be touched`;
  return meanings.get(code) ?? "may not be touched";
}
