// A debug adapter that does not answer is noticed, once, and only while it is silent.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Unanswered } from "../../client/debug/unanswered.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const request = (seq: number, command = "pause") => ({ type: "request", seq, command });
const response = (seq: number) => ({ type: "response", request_seq: seq });

function made() {
  const silence = vi.fn();
  return { silence, unanswered: new Unanswered(1000, silence) };
}

test("a request that is answered is nothing", () => {
  const { silence, unanswered } = made();
  unanswered.asked(request(1));
  vi.advanceTimersByTime(999);
  unanswered.answered(response(1));
  vi.advanceTimersByTime(10_000);
  expect(silence).not.toHaveBeenCalled();
});

test("several that are not answered are told once, until there is an answer", () => {
  const { silence, unanswered } = made();
  unanswered.asked(request(1));
  unanswered.asked(request(2));
  vi.advanceTimersByTime(1000);
  expect(silence).toHaveBeenCalledTimes(1);
  expect(unanswered.isSilent).toBe(true);
  unanswered.answered(response(1));
  unanswered.answered(response(2));
  expect(unanswered.isSilent).toBe(false);
  unanswered.asked(request(3));
  vi.advanceTimersByTime(1000);
  expect(silence).toHaveBeenCalledTimes(2);
});

test("a launch takes its time, and whoever has left waits no more", () => {
  const { silence, unanswered } = made();
  unanswered.asked(request(1, "launch"));
  unanswered.asked(request(2));
  unanswered.forget();
  vi.advanceTimersByTime(10_000);
  expect(silence).not.toHaveBeenCalled();
});
