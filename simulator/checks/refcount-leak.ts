// Reports a count of references after which its object is never freed, in the words of refcount_t.
import type { Check } from "./check.ts";
import { refcountReport } from "./refcount.ts";

export const refcountLeak: Check = {
  id: "refcount-leak",
  summary: "The last reference is dropped where nothing frees the object, or the count overflows",
  start: (bench) => refcountReport(bench, (text) => text.includes("leaking memory")),
};
