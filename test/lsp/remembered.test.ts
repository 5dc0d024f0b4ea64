// What was read of the disk is believed for a while, and not longer; what is known to have changed is read at once.
import { expect, test } from "vitest";
import { remembered } from "../../server/lsp/remembered.ts";

function world() {
  const state = { now: 0, text: "one", reads: 0 };
  const host = remembered(
    {
      read() {
        state.reads++;
        return state.text;
      },
      list: () => [state.text],
    },
    () => state.now,
  );
  return { state, host };
}

test("while someone types no file is read twice", () => {
  const { state, host } = world();
  for (state.now = 0; state.now < 3000; state.now += 100) expect(host.read("/a.h")).toBe("one");
  expect(state.reads).toBe(1);
});

test("after some seconds files are read anew", () => {
  const { state, host } = world();
  expect(host.read("/a.h")).toBe("one");
  expect(host.list("/")).toEqual(["one"]);
  state.text = "two";
  expect(host.read("/a.h")).toBe("one");
  state.now = 5000;
  expect(host.read("/a.h")).toBe("two");
  expect(host.list("/")).toEqual(["two"]);
});

test("what is said to have changed is read at once", () => {
  const { state, host } = world();
  expect(host.read("/a.h")).toBe("one");
  state.text = "two";
  host.forget();
  expect(host.read("/a.h")).toBe("two");
});
