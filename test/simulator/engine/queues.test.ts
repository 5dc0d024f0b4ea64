// The engine's queues: alarms in order of time and asking, tasks in order of urgency and arrival.
import { expect, test } from "vitest";
import { Clock } from "../../../simulator/engine/clock.ts";
import { Heap } from "../../../simulator/engine/heap.ts";
import { SeededPolicy } from "../../../simulator/engine/policy.ts";
import { RunQueue } from "../../../simulator/engine/run-queue.ts";
import type { Task } from "../../../simulator/engine/task.ts";

test("a heap gives its entries in order, whatever is taken out of its middle", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const policy = new SeededPolicy(seed);
    const heap = new Heap<{ place: number; key: number }>((a, b) => a.key < b.key);
    const entries = Array.from({ length: 200 }, (_, n) => ({ place: -1, key: (policy.next() % 1000) * 1000 + n }));
    for (const entry of entries) heap.push(entry);
    const gone = new Set(entries.filter(() => policy.pick(3) === 0));
    for (const entry of gone) heap.remove(entry);
    heap.remove([...gone][0]!);
    const left = entries.filter((entry) => !gone.has(entry)).map(({ key }) => key);
    expect(heap.size).toBe(left.length);
    const given: number[] = [];
    for (let entry = heap.shift(); entry !== undefined; entry = heap.shift()) given.push(entry.key);
    expect(given).toEqual(left.sort((a, b) => a - b));
  }
});

test("alarms at one time fire in the order in which they were asked for", () => {
  const clock = new Clock(() => 0);
  const fired: string[] = [];
  clock.after(20, () => fired.push("late"));
  for (const name of ["a", "b", "c", "d"]) clock.after(10, () => fired.push(name));
  const taken = clock.after(10, () => fired.push("never"));
  taken.cancel();
  clock.after(5, () => clock.after(5, () => fired.push("e")));
  clock.advance(15);
  expect(fired).toEqual(["a", "b", "c", "d", "e"]);
  expect(clock.nextAlarm).toBe(20);
});

test("urgent tasks come first, others in turn", () => {
  const queue = new RunQueue();
  const task = (id: number, priority: number): Task => ({ id, priority }) as Task;
  const tasks = [task(1, 0), task(2, 5), task(3, 0), task(4, 50), task(5, 5), task(6, 0)];
  for (const one of tasks) queue.push(one);
  queue.remove(tasks[2]!);
  queue.remove(tasks[4]!);
  expect(queue.first?.id).toBe(4);
  const order: number[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) order.push(next.id);
  expect(order).toEqual([4, 2, 1, 6]);
  expect(queue.length).toBe(0);
  for (let round = 0; round < 500; round++) {
    queue.push(task(round, 0));
    queue.push(task(round + 1000, 0));
    expect(queue.shift()?.id).toBe(round % 2 === 0 ? round / 2 : (round - 1) / 2 + 1000);
  }
});
