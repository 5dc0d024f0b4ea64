// Reports a count of references that goes below zero or comes back from it, in the words of refcount_t.
import type { Check } from "./check.ts";
import { refcountReport } from "./refcount.ts";

export const refcountUnderflow: Check = {
  id: "refcount-underflow",
  summary: "A reference is dropped that nobody had, or taken on what is gone",
  start: (bench) => refcountReport(bench, (text) => text.includes("use-after-free")),
};
