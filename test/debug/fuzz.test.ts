// Random requests neither break nor hang the adapter; `npm run bench -- dap-fuzz` goes on for longer.
import { expect, test } from "vitest";
import { randomSession } from "./random-session.ts";

test.each([1, 2, 15])("random requests are answered, seed %d", async (seed) => {
  expect(await randomSession(seed, 60)).toEqual([]);
});
