// The heap: regions that are there when something reaches them, and accesses told to who listens, while somebody does.
import { expect, test } from "vitest";
import { LinearMemory } from "../../../simulator/engine/memory.ts";

const START = 0x10000000;

test("tells of accesses before they are made", () => {
  const memory = new LinearMemory();
  memory.map(START, 64);
  memory.allow(START, 64);
  const told: string[] = [];
  const stop = memory.onAccess((address, bytes, kind) => {
    told.push(`${kind} ${address - START}+${bytes} over ${memory.peek(START, 4)}`);
  });
  memory.store(START, 4, 7);
  expect(memory.load(START, 4, false)).toBe(7);
  memory.store64(START + 8, 1n);
  expect(memory.load64(START + 8, true)).toBe(1n);
  memory.poke(START, 4, 9);
  memory.touch(START, 16, true);
  memory.touch(START, 8, false);
  memory.bytesAt(START, 4)[0] = 11;
  expect(told).toEqual([
    ...["store 0+4 over 0", "load 0+4 over 7", "store 8+8 over 7", "load 8+8 over 7", "poke 0+4 over 7"],
    ...["write 0+16 over 9", "read 0+8 over 9", "bytes 0+4 over 9"],
  ]);
  stop();
  memory.store(START, 4, 1);
  expect(told).toHaveLength(8);
  expect(Object.hasOwn(memory, "store")).toBe(false);
});

test("tells several listeners, each until it leaves", () => {
  const memory = new LinearMemory();
  memory.map(START, 8);
  const told: string[] = [];
  const leave = ["a", "b"].map((name) => memory.onAccess((_, __, kind) => void told.push(`${name} ${kind}`)));
  memory.poke(START, 1, 1);
  leave[0]!();
  memory.poke(START, 1, 1);
  leave[0]!();
  memory.poke(START, 1, 1);
  expect(told).toEqual(["a poke", "b poke", "b poke", "b poke"]);
});

test("is there when something reaches it, with what was said of all of it", () => {
  const memory = new LinearMemory();
  const bytes = 0x2000000;
  memory.map(START, bytes);
  memory.forbid(START, bytes, 0xfa);
  const bad: number[] = [];
  memory.onBadAccess(({ code }) => void bad.push(code));
  memory.neverWritten(START, 64);
  memory.poke(START + 8, 4, 0x01020304);
  const far = START + bytes - 16;
  expect(memory.shadowAt(far)).toBe(0xfa);
  memory.store(far, 4, 5);
  memory.allow(far, 8);
  memory.store(far, 4, 6);
  expect(memory.load(far, 4, false)).toBe(6);
  expect(bad).toEqual([0xfa]);
  expect(memory.peek(START + 8, 4)).toBe(0x01020304);
  expect(memory.unwrittenIn(START, 64)).toEqual({ first: 0, last: 7 });
  expect(memory.unwrittenIn(START + 8, 4)).toBeUndefined();
  expect(memory.shadowAt(far - 8)).toBe(0xfa);
  expect(() => memory.load(START + bytes - 2, 4, false)).toThrow("page fault");
});

test("is there from where something reaches it first, upwards and downwards", () => {
  const memory = new LinearMemory();
  const bytes = 0x200000;
  memory.map(START, bytes);
  memory.forbid(START, bytes, 0xfa);
  const middle = START + 0x100000;
  memory.allow(middle, 24);
  memory.store(middle, 4, 1);
  memory.neverWritten(middle + 8, 8);
  for (const at of [START, middle - 0x1000, middle + 0x9000, START + bytes - 8]) {
    memory.poke(at, 4, at);
    expect([memory.peek(at, 4), memory.shadowAt(at)]).toEqual([at, 0xfa]);
    expect([memory.peek(middle, 4), memory.shadowAt(middle), memory.shadowAt(middle + 24)]).toEqual([1, 0, 0xfa]);
    expect(memory.unwrittenIn(middle, 24)).toEqual({ first: 8, last: 15 });
  }
  expect(memory.shadowAt(START + bytes)).toBe(0xff);
  expect(() => memory.peek(START + bytes - 2, 4)).toThrow("page fault");
});

test("copies to what is there from what is not yet, and over itself", () => {
  const memory = new LinearMemory();
  memory.map(START, 0x100000);
  memory.poke(START, 4, 0x04030201);
  memory.copy(START, START + 0x80000, 2);
  expect(memory.peek(START, 4)).toBe(0x04030000);
  memory.copy(START + 3, START + 2, 2);
  expect([...memory.bytesAt(START, 5)]).toEqual([0, 0, 3, 3, 4]);
});
