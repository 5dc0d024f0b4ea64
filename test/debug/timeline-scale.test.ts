// Places on the timeline's page and the moments that they mean, in both measures.
import { describe, expect, test } from "vitest";
import { clockAt, partAround, Scale, timeText } from "../../client/debug/timeline/scale.ts";
import type { Timeline } from "../../simulator/timeline/protocol.ts";

/** Ten statements, a second of idling, and ten more. */
const timeline: Timeline = {
  now: { clock: 20, nanos: 1e9 + 2_000 },
  end: { clock: 20, nanos: 1e9 + 2_000 },
  lanes: [
    {
      id: "task1",
      name: "sleeper 1",
      spans: [
        { kind: "run", name: "CPU 0", from: { clock: 0, nanos: 0 }, to: { clock: 10, nanos: 1_000 } },
        { kind: "run", name: "CPU 0", from: { clock: 10, nanos: 1e9 + 1_000 } },
      ],
      marks: [],
    },
  ],
  leftOut: 0,
  isMerged: false,
};

test("a value of virtual time means the statement that runs then, and idling the one after it", () => {
  const clockOf = (nanos: number) => clockAt(timeline, nanos, "nanos");
  expect([0, 100, 950, 1_000].map(clockOf)).toEqual([0, 1, 9, 10]);
  expect([5e8, 1e9, 1e9 + 1_000].map(clockOf)).toEqual([10, 10, 10]);
  expect([1e9 + 1_100, 1e9 + 2_000, 9e9].map(clockOf)).toEqual([11, 20, 20]);
  expect(clockAt(timeline, 7.4, "statements")).toBe(7);
  expect(clockAt(timeline, -3, "statements")).toBe(0);
});

test("places and values lead to each other", () => {
  const scale = new Scale("statements", 100, 300, 400);
  expect(scale.x({ clock: 150, nanos: 0 })).toBe(100);
  expect(scale.value(scale.place(275))).toBe(275);
});

test("the axis has round values", () => {
  expect(new Scale("statements", 0, 720, 800).ticks(110)).toEqual([0, 100, 200, 300, 400, 500, 600, 700]);
  expect(new Scale("statements", 92, 103, 1000).ticks(110)).toEqual([92, 94, 96, 98, 100, 102]);
});

describe("a part of the run", () => {
  test("stays within it", () => {
    expect(partAround(5, 20, 100)).toEqual({ from: 0, to: 20 });
    expect(partAround(99, 20, 100)).toEqual({ from: 80, to: 100 });
    expect(partAround(50, 20, 100)).toEqual({ from: 40, to: 60 });
  });

  test("is the whole when it is as long", () => {
    expect(partAround(5, 100, 100)).toBeUndefined();
  });
});

test("times are told in the unit that fits", () => {
  expect([0, 100, 12_300, 1_500_000, 5_000_016_800].map(timeText)).toEqual([
    "0 ns",
    "100 ns",
    "12.3 µs",
    "1.5 ms",
    "5.000017 s",
  ]);
});
