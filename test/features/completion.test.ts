// Which of the kernel's names are offered behind some letters, and where none are.
import { describe, expect, test } from "vitest";
import { kernelNames } from "../../server/features/completion.ts";
import { createChecker } from "../checker.ts";

const { knowledge } = await createChecker();

/** What is offered at the mark. */
function at(marked: string, release = "6.12") {
  const offset = marked.indexOf("¦");
  return kernelNames(knowledge.at(release), marked.replace("¦", ""), offset);
}
const names = (marked: string, release?: string) => at(marked, release).names.map(({ name }) => name);

describe("completion", () => {
  test("offers what begins so, the most used first, with what has to be known of it", () => {
    const { names: offered } = at("static void f(void)\n{\n\tkmall¦");
    expect(offered[0]).toEqual({ name: "kmalloc", sleeps: "may sleep, by its flags", from: "linux/slab.h" });
    expect(offered.every(({ name }) => name.startsWith("kmall"))).toBe(true);
    expect(at("\tmutex_loc¦").names[0]).toMatchObject({ name: "mutex_lock", sleeps: "may sleep" });
    expect(at("\tspin_unlo¦").names).toContainEqual(
      expect.objectContaining({ name: "spin_unlock", sleeps: "does not sleep" }),
    );
  });

  test("is of the kernel release", () => {
    expect(names("\tkmemdup_a¦", "6.12")).toContain("kmemdup_array");
    expect(names("\tkmemdup_a¦", "6.1")).not.toContain("kmemdup_array");
  });

  test("leaves out what is not exported", () => {
    expect(knowledge.at("6.12").fact("acpi_evaluate_ej0")).toBeDefined();
    expect(names("\tacpi_evaluate_ej¦")).toEqual([]);
  });

  test("says when there are more than a list should hold", () => {
    expect(at("\tdev¦")).toMatchObject({ isCut: true });
    expect(names("\tdev¦")).toHaveLength(100);
    expect(at("\tkmalloc_arr¦").isCut).toBe(false);
  });

  test.each([
    ["less than three letters", "\tkm¦"],
    ["a member", "\tdev->kmallo¦"],
    ["a member of a struct", "\tdev . kmallo¦"],
    ["the name of a struct", "\tstruct kmallo¦"],
    ["a comment", "\t/* see\n\t * kmallo¦"],
    ["a comment to the end of the line", "\t// kmallo¦"],
    ["a string", '\tpr_info("kmallo¦'],
    ["a string with quotes", '\tpr_info("\\"kmallo¦ \\"");'],
    ["a header", "#include <linux/kmallo¦"],
    ["a keyword", "\treturn¦"],
    ["a number", "\tx = 0xkmallo¦"],
  ])("is silent in %s", (_, marked) => {
    expect(names(marked)).toEqual([]);
  });

  test.each([
    ["a comment", "\t/* it's one */ kmallo¦"],
    ["a string", '\tpr_info("a\\\\"); kmallo¦'],
    ["a quote", "\tx = '\"'; kmallo¦"],
  ])("is there behind %s", (_, marked) => {
    expect(names(marked)).toContain("kmalloc");
  });
});
