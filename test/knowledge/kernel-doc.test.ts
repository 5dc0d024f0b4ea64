// What kernel-doc comments yield: contexts, sleeping, locks held and how failure shows; nothing where they are not clear.
import { describe, expect, test } from "vitest";
import { docFacts } from "../../server/knowledge/extract/kernel-doc.ts";

const about = (...lines: string[]): string =>
  ["/**", " * pump_start() - set the pump going", " * @p: the pump", ...lines.map((line) => ` * ${line}`), " */"].join(
    "\n",
  );

const context = (text: string) => docFacts(about("", `Context: ${text}`));
const returns = (text: string) => docFacts(about("", `Return: ${text}`))?.returns;

describe("a Context: section", () => {
  test.each([
    ["Any context.", { sleeps: "never" }],
    ["any (IRQs may be off, etc)", { sleeps: "never" }],
    ["Any context. Takes and releases the pump_lock. May sleep if @gfp flags permit.", { sleeps: "flags" }],
    ["Process context. May sleep if the @gfp flags permit.", { sleeps: "flags", contexts: ["process"] }],
    ["Process context.", { contexts: ["process"] }],
    ["task context, might sleep", { sleeps: "always", contexts: ["process"] }],
    ["can sleep", { sleeps: "always", contexts: ["process"] }],
    [
      "User context only. This function may sleep if pagefaults are enabled.",
      { sleeps: "conditional", contexts: ["process"] },
    ],
    ["Should be called from process context", { contexts: ["process"] }],
    ["Softirq", { sleeps: "never", contexts: ["softirq"] }],
    ["Interrupt context. Takes and releases the pump spinlock.", { sleeps: "never", contexts: ["hardirq"] }],
    ["irqs blocked, p->lock held", { sleeps: "never", contexts: ["hardirq", "atomic"], holds: ["p->lock"] }],
    ["The caller must hold p->lock.", { holds: ["p->lock"] }],
    ["Any context. Expects pump_lock to be held on entry.", { sleeps: "never", holds: ["pump_lock"] }],
    ["Process context, caller must hold @p->mutex", { contexts: ["process"], holds: ["p->mutex"] }],
    ["!in_interrupt ()", { contexts: ["process", "atomic"] }],
    ["Does GFP_KERNEL allocation.", { sleeps: "always", contexts: ["process"] }],
  ])("%s", (text, expected) => expect(context(text)).toEqual(expected));

  test.each([
    "Takes and releases pump_lock.",
    "Any context that the pump was started in.",
    "May be called from atomic context only if the caller holds a reference.",
    "Any context. May sleep.",
    "Any context. Takes and releases the pump mutex.",
    "Could in some cases be interrupt!",
    "Process context or, with the pump off, interrupt.",
  ])("says nothing: %s", (text) => {
    expect(context(text)?.sleeps).toBeUndefined();
    expect(context(text)?.contexts).toBeUndefined();
  });

  test("goes on over lines and ends at the next heading", () => {
    expect(docFacts(about("Context: Process context. May", "sleep.", "Return: nothing"))).toEqual({
      sleeps: "always",
      contexts: ["process"],
      returns: "void",
    });
  });
});

describe("prose", () => {
  test("counts where a whole sentence is about the function", () => {
    expect(docFacts(about("", "Fills the pump. This function may sleep."))).toEqual({ sleeps: "always" });
    expect(docFacts(about("", "pump_start() can sleep, so it must not be called from interrupt context."))).toEqual({
      sleeps: "always",
    });
    expect(docFacts(about("", "Must not be called from interrupt context."))).toEqual({
      contexts: ["process", "softirq", "atomic"],
    });
  });
  test("does not count where it is about something else", () => {
    expect(docFacts(about("", "%PUMP_SLOW", "   Wait for the water. May sleep."))).toBeUndefined();
    expect(docFacts(about("", "The callback may sleep."))).toBeUndefined();
    expect(docFacts(about("", "This function may sleep or not."))).toBeUndefined();
    expect(
      docFacts(["/**", " * pump() - go", " * @fn: called later. This function may sleep.", " */"].join("\n")),
    ).toBeUndefined();
  });
  test("says what is deprecated", () => {
    expect(docFacts(about("", "This function is deprecated, use pump_run()."))).toEqual({ deprecated: true });
    expect(docFacts(about("", "Pumps with the deprecated flag are left out."))).toBeUndefined();
  });
});

describe("a Return: section", () => {
  test.each([
    ["0 on success, negative errno otherwise.", "negative-errno"],
    ["%0 on success or -ENOMEM when there is no water", "negative-errno"],
    ["the number of litres, or a negative error code", "negative-errno"],
    ["* 0 - started * -EBUSY - runs already", "negative-errno"],
    ["0 on success, error code otherwise", "nonzero-on-failure"],
    ["the pump, or %NULL if there is none", "null-on-failure"],
    ["a pump on success, an ERR_PTR() on failure", "errptr-on-failure"],
    ["the pump, NULL if it is not there or an ERR_PTR()", "null-or-errptr"],
    ["A valid pump or an ERR_PTR. Never NULL.", "errptr-on-failure"],
    ["true if it runs, false otherwise", "boolean"],
    ["the level, 0 on failure", "zero-on-failure"],
    ["number of bytes that could not be copied", "bytes-not-copied"],
    ["Nothing.", "void"],
  ])("%s", (text, expected) => expect(returns(text)).toBe(expected));

  test.each([
    "the level of the water",
    "non-negative level",
    "a negative value if the first is smaller, zero if they are equal",
    "-1 if the first one is smaller, 0 on success",
    "the string that may hold NULL bytes",
  ])("says nothing: %s", (text) => expect(returns(text)).toBeUndefined());

  test("stands in a list, or in a sentence of the prose", () => {
    expect(docFacts(about("Returns:", "  0 on success", "  -EINVAL if @p is no pump"))?.returns).toBe("negative-errno");
    expect(docFacts(about("", "Starts it. Returns 0 on success or a negative errno."))?.returns).toBe("negative-errno");
    expect(docFacts(about("", "Call it when foo() returns 0 on success or a negative errno."))).toBeUndefined();
  });
});
